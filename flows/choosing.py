"""Answers to the questions of when: what typed words mean, what cannot be had, and what is offered besides."""

from dataclasses import replace
from datetime import date, datetime, time

from flows.book import Book
from flows.due import apart, home, in_zone, quiet, today
from flows.effects import Ask, Button, Effect, Say
from flows.fills import Words
from flows.person import Person, Place
from flows.questionnaire import ask
from flows.typed import read_clock, read_date, read_days
from flows.zones import city, nearest, read_zones

OWN = frozenset({"schedule", "travel", "pause"})  # the questionnaires whose answers are read here
TIMES = frozenset({"time", "first", "second"})
WEEK = "0123456"
YEAR = 366  # days; a longer pause is rather a mistake
ROW = 4  # days in a row of buttons
OTHER_DAYS = Button(words="button.other_days", item="plan", option="pick")


def typed(book: Book, person: Person, place: Place, text: str, at: datetime) -> str | None:
    """What typed words mean as an answer to a question of when; None if nothing, or one thing or another."""
    if place.item in TIMES:
        clock = read_clock(text)
        return f"{clock:%H%M}" if clock else None
    if place.item == "zone":
        zones = read_zones(book, person.country, text, at)
        return zones[0] if len(zones) == 1 else None
    if place.item == "until":
        day = read_date(text, today(home(book, person), at), person.country or book.pathway.country)
        return day.isoformat() if day else None
    return read_days(text) or None


def unclear(book: Book, person: Person, place: Place, text: str, at: datetime) -> list[Effect]:
    """Ask again: which of several places is meant, or what could not be read."""
    zones = read_zones(book, person.country, text, at) if place.item == "zone" else ()
    if zones:
        which = Say(words="checkins.zone_which")
        return [which, replace(ask(book, place), buttons=_zones(zones, at))]
    return [Say(words=f"{place.questionnaire}.{place.item}.unclear"), ask(book, place)]


def refused(book: Book, person: Person, place: Place, item: str, said: str, at: datetime) -> Effect | None:
    """What to say to an answer that cannot be had, None if it can."""
    clock = read_clock(said) if item in TIMES else None
    if clock is not None and quiet(book.times, clock):
        hours = (("from", f"{book.times.quiet_from:%H:%M}"), ("until", f"{book.times.quiet_until:%H:%M}"))
        return Say(words="checkins.quiet", with_=hours)
    other = read_clock(place.answer({"first": "second", "second": "first"}.get(item, "")))
    if clock is not None and other is not None:
        return _too_close(book, clock, other)
    return _wrong_day(book, person, said, at) if item == "until" else None


def offered(book: Book, person: Person, effects: list[Effect], at: datetime) -> list[Effect]:
    """The same, with what fits here and now on buttons wherever a question of when is asked."""
    return [_offering(book, person, one, at) if isinstance(one, Ask) else one for one in effects]


def _offering(book: Book, person: Person, asked: Ask, at: datetime) -> Ask:
    if asked.questionnaire not in OWN or asked.buttons:
        return asked
    if asked.item == "zone":
        return replace(asked, buttons=_zones(nearest(book, person.country, home(book, person), at), at))
    return replace(asked, buttons=((OTHER_DAYS,),)) if asked.item == "days" else asked


def picked(about: str) -> Say:
    """Days to be ticked, one by one. What is ticked stands in the buttons."""
    chosen = "".join(day for day in WEEK if day in about)
    days = [_day(day, chosen) for day in WEEK]
    rows = tuple(tuple(days[n : n + ROW]) for n in range(0, len(days), ROW))
    done = ((Button(words="button.days_done", item="plan", option="days", about=chosen),),) if chosen else ()
    return Say(words="checkins.pick", buttons=(*rows, *done), replace=bool(about))


def until(book: Book, person: Person, place: Place) -> str:
    """The day on which a pause ends, as it was chosen; empty: when they say."""
    said = place.answer("until")
    if said.startswith("in_"):
        return date.fromordinal(_today(book, person, place.at).toordinal() + int(said.removeprefix("in_"))).isoformat()
    return said if said[:1].isdigit() else ""


def _day(day: str, chosen: str) -> Button:
    """Ticking a day, or taking the tick back. `-`: nothing is ticked."""
    after = "".join(one for one in WEEK if (one in chosen) != (one == day)) or "-"
    words = "button.day_on" if day in chosen else "button.day_off"
    return Button(words=words, item="plan", option="pick", about=after, with_=(("day", Words(f"day.{day}")),))


def _zones(zones: tuple[str, ...], at: datetime) -> tuple[tuple[Button, ...], ...]:
    return tuple((_zone(zone, f"{in_zone(zone, at):%H:%M}"),) for zone in zones)


def _zone(zone: str, clock: str) -> Button:
    fill = (("clock", clock), ("city", city(zone)))
    return Button(words="button.zone", item="plan", option="zone", about=zone, with_=fill)


def _too_close(book: Book, clock: time, other: time) -> Effect | None:
    if clock == other:
        return Say(words="checkins.same_time")
    if apart(clock, other) >= book.times.apart:
        return None
    hours = str(int(book.times.apart.total_seconds() // 3600))
    return Say(words="checkins.too_close", with_=(("hours", hours),))


def _wrong_day(book: Book, person: Person, said: str, at: datetime) -> Effect | None:
    """A pause ends on a day to come, and not in years."""
    day = date.fromisoformat(said) if said[:1].isdigit() else None
    ahead = (day - _today(book, person, at)).days if day else 1
    if ahead < 1:
        return Say(words="checkins.day_past", with_=(("day", day or said),))
    return Say(words="checkins.day_far", with_=(("day", day or said),)) if ahead > YEAR else None


def _today(book: Book, person: Person, at: datetime) -> date:
    return today(home(book, person), at)
