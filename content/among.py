"""Steps among those who care for the same patient: links, what others did, and a death."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from content.farewells import DIED
from content.groups import Label
from content.states import State, plan
from content.steps import SOON, Step, Steps, over
from flows.circle import COUNTED
from flows.due import awake
from flows.events import Called, Commanded, Entered, LinkMade, Said, Told
from flows.farewell import UNDO
from flows.triage import TOGETHER

OTHER = "OTHER003"
CIRCLE = ("show", "invite", "join", "yes", "no", "leave", "leavesure", "remove", "removesure", "x")
DEATH = ("ask", "yes", "no", "keep", "mistake", "show", "set", "unset", "look", "x")


def among(steps: Steps, state: State) -> Iterator[Step]:
    """What concerns relatives, whatever the open question is."""
    yield from _circle(steps, state)
    yield from _told(steps, state)
    yield from _death(steps, state)


def _circle(steps: Steps, state: State) -> Iterator[Step]:
    person, at = state.person, state.now + SOON
    for option in CIRCLE:
        yield Step(("circle", option, person.opener), steps.tap(at, "circle", option, OTHER))
    places = [place for place in (person.place, person.waiting) if place and place.questionnaire in COUNTED]
    for run in (*(place.run for place in places), over(state)):
        live: Label = tuple(place is person.place and place.run == run for place in places)
        yield Step(
            ("circle", "skip", any(place.run == run for place in places), *live),
            steps.tap(at, "circle", "skip", str(run)),
        )
    for circle in ("RING0001", "RING0002"):
        label = ("called", bool(person.role), person.circle == circle)
        yield Step(label, Called(at=at, code="CODE000001", circle=circle))
    if not person.permits("keep") or person.farewell:
        return
    asked = any(consent.permission == "circle" for consent in person.consents)
    yield Step(("link", asked), LinkMade(at=at, circle=person.circle or "RING0001", link="https://t.me/x?start=y"))
    if not person.circle:
        yield from (Step(("enters", bool(one)), Entered(at=at, circle=one)) for one in ("", "RING0001"))


def _told(steps: Steps, state: State) -> Iterator[Step]:
    """What others of the circle did, and coordinators of anybody they may know."""
    person, at = state.person, state.now + SOON
    night = awake(steps.full, person, at) != at
    if person.circle:
        for did in ("joined", "answered", "sign", "emergency", "removed"):
            for by in ("relative", "patient"):
                yield Step(("told", did, by, night, person.stopped), Told(at=at, did=did, by=by))
    for by, known in (("relative", False), ("relative", True), ("staff", False), ("staff", True)):
        if person.circle or (by == "staff" and not known and person.coded):
            patient = person.role == "patient"
            yield Step(
                ("told", "died", by, known, night, patient, person.stopped), Told(at=at, did="died", by=by, known=known)
            )
            mistake = Told(at=at, did="mistake", by=by, known=known)
            more: Label = (_recent(state), *plan(person), *_ended(state, at), person.stopped)
            yield Step(("told", "mistake", by, known, night, *more), mistake)


def _death(steps: Steps, state: State) -> Iterator[Step]:
    person, at = state.person, state.now + SOON
    patient, rests = person.role == "patient", plan(person)
    for option in DEATH:
        more: Label = (*rests, _recent(state), *_ended(state, at)) if option == "mistake" else ()
        yield Step(("died", option, patient, *more), steps.tap(at, "died", option, OTHER))
    for wait in (TOGETHER + SOON, UNDO + timedelta(days=1)) if person.farewell else ():
        late = person.farewell.at + wait if person.farewell else at
        if late > at:
            more = (*rests, wait <= UNDO, *_ended(state, late))
            yield Step(("died", "mistake", patient, *more), steps.tap(late, "died", "mistake"))
    asked = person.place.item if patient and person.place else ""  # to a patient they are words like any others
    yield Step(("says", DIED, patient, asked), Said(at=at, text=DIED))
    yield Step(("commands", "died", patient), Commanded(at=at, name="died"))
    yield Step(("commands", "died", OTHER, patient), Commanded(at=at, name="died", argument=OTHER))


def _ended(state: State, at: datetime) -> Label:
    """What a death has ended and what was told before it, as far as it still counts; and what was told since."""
    person = state.person
    report, told, now = person.report, person.farewell, person.loop
    loop = told.loop if told and at - told.at < TOGETHER else None
    stands = report if report and at - report.at < TOGETHER else None
    calls = [one and (one.calls, one.also, one.shared) for one in (loop, now)]
    return (*calls, stands and (stands.urgency, stands.helped, stands.advice))


def _recent(state: State) -> bool:
    """Whether it can still be taken back."""
    told = state.person.farewell
    return told is not None and state.now + SOON - told.at <= UNDO
