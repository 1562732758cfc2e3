"""When check-ins come: choosing days and time, a pause, an end."""

from datetime import datetime

from flows import menu
from flows.book import Book
from flows.due import next_due, quiet, read_clock, read_zone
from flows.effects import Button, CancelTimers, Effect, Say, Wake
from flows.events import Tapped
from flows.fills import Moment, Words
from flows.person import Person, Place, Schedule
from flows.questionnaire import begin, leave

WEEK = 7
TIMERS = ("checkin", "nudge", "missed")
SET = Button(words="button.checkins_set", item="checkins", option="set")
CHANGE = Button(words="button.checkins_change", item="checkins", option="set")
PAUSE = Button(words="button.checkins_pause", item="checkins", option="pause")
RESUME = Button(words="button.checkins_resume", item="checkins", option="resume")
END = Button(words="button.checkins_end", item="checkins", option="end")
NOW = Button(words="button.checkins_now", item="checkins", option="now")


def show(book: Book, person: Person, at: datetime) -> list[Effect]:
    """/checkins: what is set, and what can be changed."""
    if not person.permits("keep"):
        return [Say(words="checkins.need_keep", buttons=((menu.CONSENT,), (menu.SYMPTOMS,), (menu.HOME,)))]
    if not person.permits("remind"):
        remind = Button(words="button.remind_on", item="data", option="remind_on")
        return [Say(words="checkins.need_remind", buttons=((remind,), (NOW,), (menu.PICTURE,), (menu.HOME,)))]
    schedule = person.schedule
    if schedule is None:
        return [Say(words="checkins.none", buttons=((SET,), (NOW,), (menu.PICTURE,), (menu.HOME,)))]
    if schedule.paused:
        paused = ((RESUME,), (CHANGE,), (NOW,), (END,), (menu.PICTURE,), (menu.HOME,))
        return [Say(words="checkins.paused", buttons=paused)]
    runs = ((CHANGE,), (PAUSE,), (NOW,), (END,), (menu.PICTURE,), (menu.HOME,))
    return [_set("checkins.menu", schedule, at, runs)]


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button under /checkins."""
    schedule = person.schedule
    if not person.permits("remind"):
        return person, show(book, person, event.at)
    if event.option == "set":
        return begin(book, person, "schedule", event.at)
    if event.option == "pause" and schedule and not schedule.paused:
        paused = schedule.moved(paused=True, version=schedule.version + 1)
        return person.moved(schedule=paused), [CancelTimers(timers=TIMERS), Say(words="checkins.paused_now")]
    if event.option == "resume" and schedule and schedule.paused:
        return _scheduled(person, schedule.moved(paused=False, version=schedule.version + 1), event.at)
    if event.option == "end" and schedule:
        ended = Say(words="checkins.ended", buttons=((SET,), (menu.HOME,)))
        return person.moved(schedule=None), [CancelTimers(timers=TIMERS), ended]
    return person, show(book, person, event.at)


def typed(book: Book, person: Person, place: Place, text: str, at: datetime) -> str | None:
    """What typed words mean as an answer to a question about the schedule; None if nothing."""
    if place.item == "time":
        clock = read_clock(text)
        return f"{clock:%H%M}" if clock else None
    return read_zone(book, person.country, text, at)


def refused(book: Book, place: Place, said: str) -> Effect | None:
    """What to say to a time that cannot be had, None if it can."""
    clock = read_clock(said) if place.item == "time" else None
    if clock is None or not quiet(book.times, clock):
        return None
    hours = (("from", f"{book.times.quiet_from:%H:%M}"), ("until", f"{book.times.quiet_until:%H:%M}"))
    return Say(words="checkins.quiet", with_=hours)


def chosen(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Days, time and zone are known."""
    person, closed = leave(person.moved(place=place), "completed")
    clock, days = read_clock(place.answer("time")), _days(book, place)
    if clock is None or not days or not person.permits("remind"):
        return person, [*closed, *show(book, person, place.at)]
    schedule = Schedule(
        version=person.schedule.version + 1 if person.schedule else 1,
        days=days,
        clock=f"{clock:%H:%M}",
        zone=place.answer("zone_typed") or book.pathway.zone,
    )
    person, effects = _scheduled(person, schedule, place.at)
    return person, [*closed, *effects]


def taken_up(person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """The person can be reached again: the schedule goes on."""
    assert person.schedule is not None
    return _scheduled(person, person.schedule.moved(version=person.schedule.version + 1), at)


def _scheduled(person: Person, schedule: Schedule, at: datetime) -> tuple[Person, list[Effect]]:
    said = _set("checkins.set", schedule, at, ((CHANGE,), (menu.HOME,)))
    return person.moved(schedule=schedule), [wake(schedule, at), said]


def wake(schedule: Schedule, after: datetime) -> Wake:
    """The timer of the next check-in."""
    due = next_due(schedule, after)
    return Wake(at=due, timer="checkin", serves=f"{schedule.version}@{due.isoformat()}")


def _days(book: Book, place: Place) -> str:
    """The weekdays that were chosen; empty if the content has that answer no more."""
    found = book.item("schedule/days")
    option = found[1].option(place.answer("days")) if found else None
    return option.days if option else ""


def _set(words: str, schedule: Schedule, at: datetime, buttons: tuple[tuple[Button, ...], ...]) -> Say:
    days = tuple(Words(f"day.{day}") for day in schedule.days) if len(schedule.days) < WEEK else Words("day.every")
    due = Moment(next_due(schedule, at), schedule.zone)
    fill = (("days", days), ("clock", schedule.clock), ("zone", schedule.zone), ("next", due))
    return Say(words=words, with_=fill, buttons=buttons)
