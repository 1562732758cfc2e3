"""Steps that can come at any time: all other buttons, commands, what is no text, what relatives do."""

from collections.abc import Iterator

from content import recall
from content.among import among
from content.groups import Label
from content.states import TOGETHER, State, plan
from content.steps import GONE, SOON, Step, Steps, over
from flows.choosing import OWN
from flows.due import awake
from flows.events import (
    Blocked,
    CalledFromGroup,
    CameDue,
    Commanded,
    SentOther,
    Unblocked,
)

OLD = "0@2020-01-01T00:00:00+00:00"
MENU = ("symptoms", "treatments", "checkins", "mydata", "consent", "resume", "alerts", "log", "x")
DATA = (
    "show_on",
    "show_off",
    "remind_on",
    "remind_off",
    "circle_on",
    "circle_off",
    "delete",
    "deletesure",
    "file",
    "x",
)
CHECKINS = ("set", "travel", "pause", "repause", "resume", "end", "x")
PLANS = (("pick", ""), ("pick", "02"), ("days", "02"), ("days", "-"), ("zone", "Europe/Madrid"), ("zone", GONE))
COMMANDS = ("start", "symptoms", "treatments", "checkins", "mydata", "help", "stop", "dance")


def far(steps: Steps, state: State) -> Iterator[Step]:
    """What can happen whatever the open question is, and is neither about warning signs nor a coordinator's."""
    yield from _buttons(steps, state)
    yield from _others(steps, state)
    yield from among(steps, state)


def _buttons(steps: Steps, state: State) -> Iterator[Step]:
    """All other buttons, on whatever screen they stand."""
    person, at = state.person, state.now + SOON
    rests = plan(person)
    for option in MENU:
        more: Label = (*rests, person.role == "patient") if option == "checkins" else ()
        more = (steps.states.whole(person.waiting),) if option == "resume" else more
        more = (person.role == "patient",) if option == "consent" else more
        yield Step(("menu", option, *more), steps.tap(at, "menu", option))
    for option in DATA:
        loop = person.loop and person.loop.shared if option == "show_on" else None
        yield Step(("data", option, *rests, loop), steps.tap(at, "data", option))
    for option in CHECKINS:
        yield Step(("checkins", option, *rests), steps.tap(at, "checkins", option))
    if person.place is None or person.place.questionnaire not in OWN:
        for option, about in PLANS:
            yield Step(("plan", option, about), steps.tap(at, "plan", option, about))
    first = next(iter(steps.full.treatments.values()))
    for option, about in ((first.id, ""), (first.id, first.sections[0].id), ("list", ""), (GONE, "")):
        yield Step(("treat", option, about), steps.tap(at, "treat", option, about))
    for option in (f"advice/{next(iter(steps.full.advice))}", "advice/gone"):
        yield Step(("why", option), steps.tap(at, "why", option))
    for option in ("new", "2"):
        yield Step(("looked mine", option), steps.tap(at, "looked", option))
    for option, about in (("7", ""), ("90", ""), (GONE, ""), ("30", "OTHER002")):
        yield Step(("picture", option, about), steps.tap(at, "picture", option, about))
    yield from recall.recall(steps, state)
    yield from recall.old(steps, state)


def _others(steps: Steps, state: State) -> Iterator[Step]:
    """Commands, things that are no words, timers too late, blocking, and what coordinators are told."""
    person, at = state.person, state.now + SOON
    rests = plan(person)
    for name in COMMANDS:
        more: Label = (*rests, person.role == "patient") if name in ("checkins", "stop", "help") else ()
        yield Step(("commands", name, *more), Commanded(at=at, name=name))
    yield Step(("commands", "bad code"), Commanded(at=at, name="start", argument="bad-code"))
    yield Step(("commands", "too many codes"), Commanded(at=at, name="start", argument="bad-code", refused=True))
    for kind in ("sticker", "forwarded", "button"):
        yield Step(("sends", kind), SentOther(at=at, kind=kind))
    yield Step(("group",), CalledFromGroup(at=at))
    asleep = awake(steps.book, person, at) != at
    for name in ("loop", "checkin", "nudge", "missed", "resume", "circle joined", "farewell"):
        served = {"checkin": OLD, "circle joined": f"joined{OLD[1:]}", "farewell": f"staff{OLD[1:]}"}
        serves = served.get(name, str(over(state)))
        yield Step(("rings too late", name, asleep, person.stopped), CameDue(at=at, timer=name, serves=serves))
    yield Step(("blocks", *rests), Blocked(at=at))
    report = person.report if person.blocked else None
    stands = report and (report.urgency, report.advice, report.helped, report.alerted, at - report.at < TOGETHER)
    yield Step(("unblocks", *rests, bool(person.role), stands), Unblocked(at=at))
