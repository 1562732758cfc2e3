"""What a coordinator has somebody reminded of: set by a typed line, seen on their page, taken back by a tap."""

import re
from datetime import datetime, time, timedelta

from flows import menu
from flows.book import Book
from flows.deeds import Remind
from flows.due import awake, happens, home, quiet, reminded, today
from flows.effects import Button, Effect, Say
from flows.events import Addressee, Said, Tapped
from flows.fills import Lines, Moment, With
from flows.person import Noting, Person, Reminder, spoken
from flows.reminders import MOST, active, at_site, upcoming, what, when
from flows.review import as_code
from flows.typed import mentions_when, read_clock, read_date, read_days, says_when, seen

KINDS = ("appointment", "medicine", "dental")
WITHIN = timedelta(minutes=10)  # ours: words typed later set nothing
LONGEST = 200  # ours, characters of what it is
FAR = timedelta(days=366)  # a day later than this is rather a mistake
GONE = "gone."
YEAR = re.compile(r"20\d\d")  # no time of day
NEW_LINE = re.compile(r"[\s,]*\n[\s,]*")  # it parts words as a comma does
TWO_HOURS = re.compile(r"\d{1,2} (?:[01]\d|2[0-3])")  # `9 21`: twice a day, or 21 minutes past nine


def reach(book: Book, person: Person, at: datetime) -> Addressee | None:
    """Whether reminders can be set for this person now; None: coordinators may not know of them."""
    if not person.permits("show"):
        return None
    until = awake(book, person, at)
    return Addressee(
        person=person.id,
        blocked=person.blocked,
        asleep=until if until > at else None,
        stopped=person.stopped,
        emergency=person.loop is not None,
        paused=person.schedule is not None and person.schedule.paused,
        reminds=active(person.moved(blocked=False)),
        zone=home(book, person),
        reminders=upcoming(book, person, at),
    )


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button about somebody's reminders."""
    to = event.to
    if not person.staff:
        return person, [menu.home(person, "staff.only")]
    if to is None:
        return person.moved(noting=None), _nobody(as_code(event.about))
    if event.option.startswith(GONE):
        return person, _taken_back(book, to, event.option.removeprefix(GONE))
    if event.option not in KINDS:
        return person, [listed(book, to)]
    refused = _refused(book, to)
    if refused:
        return person.moved(noting=None), refused
    fill = (("person", spoken(to.person)), ("most", str(LONGEST)))
    more = ("what", what(book, Reminder(kind=event.option, by="")))
    asks = Say(words=f"remind.ask_{event.option}", with_=(*fill, more))
    return person.moved(noting=Noting(person=to.person, kind=event.option, at=event.at)), [asks]


def typed(book: Book, person: Person, noting: Noting, event: Said) -> tuple[Person, list[Effect]]:
    """The line itself. What cannot be had is said, and may be typed again."""
    to, fill = event.to, (("person", spoken(noting.person)),)
    if event.at - noting.at >= WITHIN:
        return person.moved(noting=None), [Say(words="remind.late", with_=fill, buttons=((_back(noting.person),),))]
    refused = _refused(book, to) if to else _nobody(noting.person)
    if to is None or refused:
        return person.moved(noting=None), refused
    one = read(book, noting.kind, event.text, to.zone, event.at)
    wrong = _wrong(book, one, noting, to.zone, event.at)
    if one is None or wrong is not None:
        return person.moved(noting=noting.moved(at=event.at)), [wrong] if wrong else []
    one = one.moved(by=person.id)
    due = reminded(book, to.zone, one, event.at)
    line = ("told", at_site(book, to.zone, one))
    rows = ((_back(to.person),), (_page(to.person),))
    words = "emergency" if to.emergency else "paused" if to.paused and one.days else "set" if due else "set_now"
    first = (("next", Moment(due, to.zone)),) if due and words == "set" else ()
    said = Say(words=f"remind.{words}", with_=(*fill, line, *first), buttons=rows)
    return person.moved(noting=None), [Remind(to=to.person, reminder=one), said]


def read(book: Book, kind: str, text: str, zone: str, at: datetime) -> Reminder | None:
    """What was typed: `3 Dec 14:30, scan`, `Mon Thu 09:00, two tablets`, `3 Dec`. None: it cannot be understood.

    What it is stands after the first comma, or on a new line, that leaves a day and a time before it. Another day or
    time there is not lost in it: then nothing is understood.
    """
    parts = NEW_LINE.sub(", ", seen(text).strip()).split(",")
    for n in range(1, len(parts) + 1):
        head, rest = " ".join(" ".join(parts[:n]).split()), ",".join(parts[n:]).strip()
        if found := _read(book, kind, head, zone, at):
            more = any(says_when(part, today(zone, at)) for part in parts[n:])
            if more or (kind == "medicine" and mentions_when(rest)):
                return None
            return found.moved(text=" ".join(rest.split()))
    return None


def _read(book: Book, kind: str, head: str, zone: str, at: datetime) -> Reminder | None:
    words = head.split(" ")
    if kind == "dental":
        day = read_date(head, today(zone, at), book.pathway.country)
        return Reminder(kind=kind, by="", day=day.isoformat()) if day else None
    for n in range(len(words) - 1, 0, -1):
        before, clock = " ".join(words[:n]).removesuffix(" at"), read_clock(" ".join(words[n:]))
        if clock is None or YEAR.fullmatch(words[-1]) or TWO_HOURS.fullmatch(" ".join(words[n:])):
            continue
        if kind == "medicine" and (days := read_days(before)):
            return Reminder(kind=kind, by="", days=days, clock=f"{clock:%H:%M}")
        day = read_date(before, today(book.pathway.zone, at), book.pathway.country)
        if kind == "appointment" and day:
            return Reminder(kind=kind, by="", day=day.isoformat(), clock=f"{clock:%H:%M}")
    return None


def _wrong(book: Book, one: Reminder | None, noting: Noting, zone: str, at: datetime) -> Say | None:
    """Why it cannot be had; None if it can."""
    if one is None:
        return Say(words=f"remind.unclear_{noting.kind}")
    if len(one.text) > LONGEST:
        return Say(words="remind.long", with_=(("most", str(LONGEST)), ("length", str(len(one.text)))))
    if one.days and quiet(book.times, time.fromisoformat(one.clock)):
        hours = (("from", f"{book.times.quiet_from:%H:%M}"), ("until", f"{book.times.quiet_until:%H:%M}"))
        return Say(words="remind.quiet", with_=hours)
    begins = at if one.days else happens(book, zone, one)
    told = (("when", when(book, book.pathway.zone, one)),)
    if begins < at or (begins == at and not one.days):
        return Say(words="remind.past", with_=told)
    return Say(words="remind.far", with_=told) if begins - at > FAR else None


def listed(book: Book, to: Addressee) -> Say:
    """What is set for them, each with the way to take it back, and what can be set."""
    back = tuple(
        (_button(to.person, f"{GONE}{one.number}", "remind_gone", (("number", str(n)),)),)
        for n, one in enumerate(to.reminders, 1)
    )
    kinds = tuple((_button(to.person, kind, f"remind_{kind}"),) for kind in KINDS)
    rows = (*back, *(kinds if not _refused(book, to) else ()), (_page(to.person),))
    lines = ("lines", Lines(tuple(at_site(book, to.zone, one) for one in to.reminders)))
    words = "remind.list" if to.reminders else "remind.none"
    return Say(words=words, with_=(("person", spoken(to.person)), *((lines,) if to.reminders else ())), buttons=rows)


def _taken_back(book: Book, to: Addressee, number: str) -> list[Effect]:
    """Taking one back; it may be gone already. The person may not be told of it at once."""
    found = next((one for one in to.reminders if str(one.number) == number), None)
    if found is None:
        return [listed(book, to)]
    fill = (("person", spoken(to.person)), ("told", at_site(book, to.zone, found)))
    rows = ((_back(to.person),), (_page(to.person),))
    unheard = to.blocked or to.stopped or to.emergency or to.asleep is not None
    words = "remind.gone_unheard" if unheard and not found.new else "remind.gone"
    return [Remind(to=to.person, number=found.number), Say(words=words, with_=fill, buttons=rows)]


def _refused(book: Book, to: Addressee) -> list[Effect]:
    """Why nothing can be set for them; empty if it can."""
    fill, page = (("person", spoken(to.person)),), ((_page(to.person),),)
    if to.blocked:
        return [Say(words="letter.blocked", with_=fill, buttons=page)]
    if to.stopped:
        return [Say(words="letter.stopped", with_=fill, buttons=page)]
    if not to.reminds:
        return [Say(words="remind.no_leave", with_=fill, buttons=page)]
    if len(to.reminders) >= MOST:
        return [Say(words="remind.full", with_=(*fill, ("most", str(MOST))), buttons=((_back(to.person),),))]
    if to.asleep:
        until = ("until", Moment(to.asleep, book.pathway.zone))
        return [Say(words="remind.asleep", with_=(*fill, until), buttons=page)]
    return []


def _nobody(code: str) -> list[Effect]:
    return [Say(words="log.nobody", with_=(("person", spoken(code)),), buttons=((menu.LOG,),))]


def _button(code: str, option: str, words: str, with_: With = ()) -> Button:
    return Button(words=f"button.{words}", item="remind", option=option, about=code, with_=with_)


def _back(code: str) -> Button:
    return _button(code, "list", "remind")


def _page(code: str) -> Button:
    return Button(words="button.person", item="person", option="open", about=code)
