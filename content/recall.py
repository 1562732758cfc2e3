"""Steps about reminders: what the team sets and takes back, what the person switches, and when they come."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from content.groups import Label
from content.states import State, plan
from content.steps import NONSENSE, SOON, Step, Steps
from flows import reminders
from flows.due import awake, happens, home, reminded
from flows.effects import Wake
from flows.events import Addressee, CameDue, Reminded, Said
from flows.person import Noting, Person, Reminder
from flows.reminders import BUSY, MOST
from flows.reminding import KINDS, LONGEST, WITHIN

OTHER = "OTHER001"
LONG = "x" * LONGEST
SET = {
    "appointment": Reminder(kind="appointment", by=OTHER, day="2027-08-29", clock="14:30", text=LONG),
    "medicine": Reminder(kind="medicine", by=OTHER, days="03", clock="20:30"),
    "dental": Reminder(kind="dental", by=OTHER, day="2027-08-29", text=LONG),
}
TYPED = {
    "appointment": (f"in 5 days 14:30, {LONG}", "2020-01-01 10:00", "2040-01-01 10:00", NONSENSE, f"mon 9:00, {LONG}x"),
    "medicine": ("mon thu 09:00", "every day at 23:30", NONSENSE, f"mon 9:00, {LONG}x"),
    "dental": (f"in 5 days, {LONG}", "2020-01-01", NONSENSE),
}


def recall(steps: Steps, state: State) -> Iterator[Step]:
    """What happens to somebody who has reminders, or gets one; by day and at night."""
    person, at = state.person, state.now + SOON
    night = at.replace(hour=23, minute=30) + timedelta(days=at.hour >= 23)
    first = person.reminders[0] if person.reminders else None
    for option in ("show", "off", "on", "x"):
        for about in (str(first.number) if first else "", "0"):
            label: Label = (option, about != "0", ended(steps, person, at), *plan(person))
            yield Step(("reminders", *label), steps.tap(at, "reminders", option, about))
    for then in (at, night):
        asleep = awake(steps.book, person, then) != then
        label = (asleep, *plan(person), ended(steps, person, then), person.stopped, person.loop is None)
        for kind in KINDS if first is None else KINDS[:0]:
            yield Step(("reminded", kind, *label), Reminded(at=then, by=OTHER, reminder=SET[kind]))
        for number in (first.number if first else 0, 10**8):
            yield Step(("reminded", number == 10**8, *label), Reminded(at=then, by=OTHER, number=number))


def ended(steps: Steps, person: Person, at: datetime) -> Label:
    """Whether what they are reminded of is over."""
    zone = home(steps.book, person)
    return tuple(not one.days and happens(steps.book, zone, one) <= at for one in person.reminders)


def rung(steps: Steps, state: State, wake: Wake, at: datetime) -> Label:
    """What it rests on whether a reminder is told when its timer goes off."""
    person = state.person
    since = datetime.fromisoformat(wake.serves) - reminders.TICK
    came = tuple(reminders.owed(steps.book, person, one, since, at) is not None for one in person.reminders)
    left = tuple(not one.days and one.day <= at.date().isoformat() for one in person.reminders)
    busy = person.place is not None and at - person.place.at < BUSY
    asleep = awake(steps.book, person, at) != at
    more = reminders.wake(steps.book, person, at) is not None
    loop, over = person.loop is None, ended(steps, person, at)
    unheard = (any(one.new for one in person.reminders), reminders.owes_word(person))
    return ("rings", "remind", busy, asleep, loop, *plan(person), left, came, over, more, unheard)


def buttons(steps: Steps, state: State) -> Iterator[Step]:
    """A coordinator's buttons about somebody's reminders, and what is typed then."""
    person, at = state.person, state.now + SOON
    for name, to in _readers(at) if person.staff else (("hidden", None),):
        for option in ("list", "appointment", "gone.1", "gone.x") if to else ("list",):
            yield Step(("remind", name, option), replace(steps.tap(at, "remind", option, "OTHER002"), to=to))
    to = Addressee(person="OTHER002", reminds=True, zone="Europe/London")
    for option in KINDS[1:] if person.staff else ():
        yield Step(("remind", option), replace(steps.tap(at, "remind", option, "OTHER002"), to=to))


def typed(noting: Noting, at: datetime) -> Iterator[Step]:
    """The line itself, as it may be typed."""
    for name, to in _readers(at):
        for text in TYPED[noting.kind] if name == "reader" else TYPED[noting.kind][:1]:
            yield Step(("remind typed", name, text), Said(at=at, text=text, to=to))
            late = max(noting.at + WITHIN, at)
            yield Step(("remind late", name, text), Said(at=late, text=text, to=to))


def _readers(at: datetime) -> Iterator[tuple[str, Addressee | None]]:
    """For whom a reminder may be set, or not."""
    to = Addressee(person="OTHER002", reminds=True, zone="Europe/London")
    one = SET["medicine"].moved(number=1)
    yield "hidden", None
    yield "reader", to
    yield "no leave", replace(to, reminds=False)
    yield "blocked", replace(to, blocked=True)
    yield "stopped", replace(to, stopped=True)
    yield "emergency", replace(to, emergency=True)
    yield "paused", replace(to, paused=True)
    yield "asleep", replace(to, asleep=at + timedelta(hours=3))
    yield "one", replace(to, reminders=(one,))
    yield "full", replace(to, reminders=(one,) * MOST)


def old(steps: Steps, state: State) -> Iterator[Step]:
    """A timer of reminders that somebody no longer has, or that rest; of medicine also one that was on its way then."""
    at, person = state.now + SOON, state.person
    zone, more = home(steps.book, person), (*plan(person), reminders.owes_word(person))
    for one in (one for one in person.reminders if one.days and reminders.rests(person, one)):
        if (then := reminded(steps.book, zone, one, at)) is not None:
            asleep = awake(steps.book, person, then) != then
            label = (one.kind, one.off, one.new, asleep, ended(steps, person, then), person.loop is None, *more)
            due = CameDue(at=then, timer="remind", serves=then.isoformat())
            yield Step(("rings", "remind", "rests", *label), due)
    if state.timer("remind") is None:
        due = CameDue(at=at, timer="remind", serves=at.isoformat())
        yield Step(
            ("rings", "remind", "old", awake(steps.book, person, at) != at, ended(steps, person, at), *more), due
        )
