"""One person on one page, as coordinators see them: by the code, never a name."""

from dataclasses import dataclass, replace
from datetime import datetime

from content.family import Standing, stands
from content.load import Library
from content.views import Entry, lines, marked, message
from content.voice import Message, Page, Voice
from flows import menu
from flows.book import Urgency
from flows.due import clocks, home
from flows.effects import Button, ShowPerson
from flows.fills import Lines
from flows.person import Person, spoken
from flows.reminders import at_site, upcoming
from flows.review import marking

CHECKINS = ("daily", "weekly")  # questionnaires that are asked on a schedule
DONE = ("completed",)
RISEN = 2  # points of pain that are worth a word
EVERY_DAY = 7
SHORT = 20  # characters of a reminder on this page; the whole stands in their list


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """What coordinators may know of a person. `done` of `asked`: check-ins of 14 days. `pain`: of 7 days, by time."""

    person: Person
    next: datetime | None
    last: datetime | None
    urgency: Urgency | None
    done: int
    asked: int
    alerts: tuple[Urgency, ...]
    pain: tuple[tuple[datetime, str], ...]
    entries: tuple[Entry, ...]
    standing: Standing


def page(library: Library, reader: Person, show: ShowPerson, found: Someone | None) -> Message:
    """The summary, the last answers, and what can be done."""
    voice, text = Voice(library, reader), Page()
    if found is None:
        text.add(voice.words("log.nobody"), voice.fill((("person", spoken(show.person)),)))
        return message(text, voice.rows(((menu.LOG,),)), replace=show.replace)
    reminders = upcoming(library.book, found.person, show.at)
    found = replace(found, person=found.person.moved(reminders=reminders))
    text.add(voice.words("overview.title"), {"person": spoken(show.person)}, all_bold=True)
    for line in (*stands(voice, found.standing), *_summary(voice, found)):
        text.text += f"\n{line}"
    for entry in found.entries:
        text.blank()
        fill = {
            "at": voice.moment(entry.at, library.book.pathway.zone),
            "title": voice.plain(f"{entry.questionnaire}.title"),
            "state": voice.plain(f"state.{entry.state}"),
        }
        text.add(voice.words("log.entry_person"), fill)
        text.text += "".join(f"\n{line}" for line in (*marked(voice, entry), *lines(voice, entry, whole=True)))
    return message(text, voice.rows(_buttons(show.person, found, lead=reader.lead)), replace=show.replace)


def _buttons(code: str, found: Someone, *, lead: bool) -> tuple[tuple[Button, ...], ...]:
    free = tuple(entry.run for entry in found.entries if entry.free)
    mark = Button(words="button.reviewed", item="reviewed", option=marking("", free), about=code)
    write = Button(words="button.write", item="message", option="write", about=code)
    remind = Button(words="button.remind", item="remind", option="list", about=code)
    picture = Button(words="button.picture", item="picture", option="7", about=code)
    answers = Button(words="button.answers", item="log", option="0", about=code)
    died = Button(words="button.farewell_staff", item="died", option="look", about=code)
    looked = ((Button(words="button.looked", item="looked", option="new", about=code),),) if lead else ()
    alerts = ((menu.ALERTS,),) if found.alerts else ()
    rows = ((picture,), (answers, write), (remind,), *alerts, *looked, (died,), (menu.LOG,))
    return ((mark,), *rows) if free else rows


def _summary(voice: Voice, found: Someone) -> list[str]:
    person, zone = found.person, voice.library.book.pathway.zone
    known = person.consents[0].at if person.consents else None
    role = voice.plain(f"overview.role_{person.role or 'none'}")
    illness = Voice(voice.library, Person(id="", language=voice.person.language, illness=person.illness)).illness()
    says = [
        voice.plain("overview.who", (("role", role), ("what", illness))),
        voice.plain("overview.since", (("day", voice.moment(known, zone) if known else "–"),)),
        *([] if person.farewell and not person.blocked else [_schedule(voice, found)]),
    ]
    if found.last:
        urgency = voice.plain(f"urgency.{found.urgency.name.lower()}") if found.urgency else voice.plain("urgency.none")
        says.append(voice.plain("overview.last", (("at", voice.moment(found.last, zone)), ("urgency", urgency))))
    if found.asked:
        says.append(voice.plain("overview.done", (("done", str(found.done)), ("asked", str(found.asked)))))
    if found.alerts:
        worst = voice.plain(f"urgency.{max(found.alerts).name.lower()}")
        says.append(voice.plain("overview.alerts", (("number", str(len(found.alerts))), ("urgency", worst))))
    says += [voice.plain("overview.reminders", (("lines", _reminders(voice, found)),))] if person.reminders else []
    return [*says, *_pain(voice, found)]


def _reminders(voice: Voice, found: Someone) -> Lines:
    """What the team has set."""
    book = voice.library.book
    zone = home(book, found.person)
    short = (one.moved(text=one.text[:SHORT]) for one in found.person.reminders)
    return Lines(tuple(at_site(book, zone, one) for one in short))


def _schedule(voice: Voice, found: Someone) -> str:
    person, plan = found.person, found.person.schedule
    if person.blocked:
        return voice.plain("overview.blocked")
    if person.stopped:
        return voice.plain("overview.stopped")
    if plan is None:
        return voice.plain("overview.no_schedule")
    every = len(plan.days) == EVERY_DAY
    days = voice.plain("day.every") if every else ", ".join(voice.plain(f"day.{day}") for day in plan.days)
    fill = (("days", days), ("clock", ", ".join(clocks(plan))), ("zone", plan.zone))
    if plan.paused or found.next is None:
        return voice.plain("overview.paused", fill)
    return voice.plain("overview.schedule", (*fill, ("next", voice.moment(found.next, plan.zone))))


def _pain(voice: Voice, found: Someone) -> list[str]:
    """The pain of a week in words: from what to what, the last one, and whether it has risen."""
    if not found.pain:
        return []
    numbers = [int(said) for _, said in found.pain]
    at = voice.moment(found.pain[-1][0], voice.library.book.pathway.zone)
    fill = (("least", str(min(numbers))), ("most", str(max(numbers))), ("last", str(numbers[-1])), ("at", at))
    says = [voice.plain("overview.pain" if len(numbers) > 1 else "overview.pain_once", fill)]
    rise = numbers[-1] - numbers[-2] if len(numbers) > 1 else 0
    return [*says, voice.plain("overview.pain_up", (("rise", str(rise)),))] if rise >= RISEN else says
