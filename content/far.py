"""Steps that can come at any time: old screens, all other buttons, words, commands, what coordinators are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from content import desk
from content.among import among
from content.states import Label, State, plan
from content.steps import GONE, NONSENSE, SOON, WORDS, Step, Steps, over, times
from flows.book import Urgency
from flows.choosing import OWN
from flows.events import (
    AlertRaised,
    AlertTaken,
    Blocked,
    CalledFromGroup,
    CameDue,
    Commanded,
    Edited,
    Followed,
    Invited,
    Said,
    SentOther,
    Unblocked,
)
from flows.loop import MOST_TIMES, SOON_TIMES
from flows.loop import OPTIONS as REACHED
from flows.questionnaire import sign
from flows.recognise import recognise

OLD = "0@2020-01-01T00:00:00+00:00"
AHEAD = 5  # runs more than the person's: they were lost with the memory of a guest
MENU = ("symptoms", "treatments", "checkins", "mydata", "consent", "resume", "card", "cardmore", "alerts", "log", "x")
DATA = ("show_on", "show_off", "remind_on", "remind_off", "circle_on", "circle_off", "delete", "deletesure", "x")
CHECKINS = ("set", "now", "travel", "pause", "repause", "resume", "end", "x")
PLANS = (("pick", ""), ("pick", "02"), ("days", "02"), ("days", "-"), ("zone", "Europe/Madrid"), ("zone", GONE))
COMMANDS = (
    *("start", "symptoms", "treatments", "checkins", "mydata", "help", "stop", "dance"),
    *("alerts", "log", "duty", "figures"),
)
LIGHT = ("old", "again", "says", "edits", "panic", "reached", "share", "lower", "gone")
SHOWN_LIGHT = (("checkins", "now"), ("menu", "card"))


def far(steps: Steps, state: State, *, light: bool = False) -> Iterator[Step]:
    """What can happen whatever the open question is. `light`: only what tells of warning signs."""
    if light:
        found = (*_old(steps, state), *_words(steps, state), *_buttons(steps, state))
        yield from (step for step in found if step.label[0] in LIGHT or step.label[:2] in SHOWN_LIGHT)
        return
    yield from _old(steps, state)
    yield from _buttons(steps, state)
    yield from _words(steps, state)
    yield from _others(steps, state)
    yield from among(steps, state)


def _old(steps: Steps, state: State) -> Iterator[Step]:
    """Buttons of old screens: of a run long over, and of one that nobody remembers; the last report's again."""
    seen = set[Label]()
    for path, option in steps.old:
        acts = option.urgency is not None and option.urgency >= Urgency.URGENT  # whatever became of its run
        for when, run in (("over", over(state)), ("lost", state.person.runs + AHEAD))[: 1 if acts else 2]:
            found = times(state, sign(path, option), option.advice, option.urgency, run)
            for label, at in _kinds(steps, option.advice, (when, option.urgency), found, seen):
                event = steps.tap(at, path, option.id, str(run))
                patient = when == "lost" and state.person.role == "patient"  # consent is asked for anew
                kind = (when, path.partition("/")[0], option.urgency, option.advice, patient)
                yield Step(("old", *kind, *label), event)
    report = state.person.report
    path = report.signs[0].partition("#")[0] if report else ""
    asked = steps.full.item(path)
    open_run = state.person.place.run if state.person.place else None
    if report is None or asked is None or report.run == open_run:
        return
    for option in asked[1].options:
        for label, at in times(state, sign(path, option), option.advice, option.urgency, report.run):
            event = steps.tap(at, path, option.id, str(report.run))
            yield Step(("again", path, option.id, *label), event)


def _kinds(
    steps: Steps, advice: str, kind: Label, times: list[tuple[Label, datetime]], seen: set[Label]
) -> Iterator[tuple[Label, datetime]]:
    """When a sign may be told: now, and later where none was told so late that calls the same and stands the same."""
    screen = steps.full.advice.get(advice)
    for n, (label, at) in enumerate(times):
        alike = (*kind, screen and screen.calls, label)
        if n == 0 or alike not in seen:
            yield label, at
        seen.add(alike)


def _buttons(steps: Steps, state: State) -> Iterator[Step]:
    """All other buttons, on whatever screen they stand."""
    person, at = state.person, state.now + SOON
    rests = plan(person)
    for option in MENU:
        more: Label = (*rests, person.role == "patient") if option == "checkins" else ()
        more = (steps.states.whole(person.waiting),) if option == "resume" else more
        more = (bool(person.card), bool(person.report), bool(person.loop)) if option == "card" else more
        more = (person.role == "patient",) if option == "consent" else more
        yield Step(("menu", option, *more), steps.tap(at, "menu", option))
    for option in DATA:
        yield Step(("data", option, *rests), steps.tap(at, "data", option))
    for option in CHECKINS:
        daily = person.waiting is not None and person.waiting.questionnaire == "daily"
        yield Step(("checkins", option, daily, *rests), steps.tap(at, "checkins", option))
    if person.place is None or person.place.questionnaire not in OWN:
        for option, about in PLANS:
            yield Step(("plan", option, about), steps.tap(at, "plan", option, about))
    week = state.now + timedelta(days=7)
    yield Step(("checkins", "now in a week", *rests, bool(person.waiting)), steps.tap(week, "checkins", "now"))
    first = next(iter(steps.full.treatments.values()))
    for option, about in ((first.id, ""), (first.id, first.sections[0].id), ("list", ""), (GONE, "")):
        yield Step(("treat", option, about), steps.tap(at, "treat", option, about))
    for option in ("better", "mistake", "they_say", "x"):
        yield Step(("lower", option), steps.tap(at, "lower", option))
    for option in (f"advice/{next(iter(steps.full.advice))}", "advice/gone"):
        yield Step(("why", option), steps.tap(at, "why", option))
    for option in ("red_flags/gone", "gone/gone"):
        yield Step(("gone", option), steps.tap(at, option, "yes", str(over(state))))
    for path, kind in steps.gone:
        told, advice, urgency = (sign(path, kind), kind.advice, kind.urgency) if kind else (path, "", None)
        for label, then in times(state, told, advice, urgency, over(state)):
            yield Step(("gone", path, *label), steps.tap(then, path, GONE, str(over(state))))
    loop, ended = person.loop, over(state)
    for run in (loop.run, ended) if loop else (ended,):
        live: Label = (run != ended, loop.asked < SOON_TIMES, loop.asked < MOST_TIMES) if loop else ()
        for option in (*REACHED, "x"):
            yield Step(("reached", option, *live), steps.tap(at, "reached", option, str(run)))
        yield Step(("share", run != ended), steps.tap(at, "share", "once", str(run)))
    for option, about in (("7", ""), ("90", ""), (GONE, ""), ("30", "OTHER002")):
        yield Step(("picture", option, about), steps.tap(at, "picture", option, about))
    yield from desk.taps(steps, state)
    yield Step(("staff", "alerts"), steps.tap(at, "alerts", "1"))
    yield from desk.looks(steps, state)
    yield from desk.writes(steps, state)


def _words(steps: Steps, state: State) -> Iterator[Step]:
    """Typed words of each kind that means a red flag, changed messages, and the button always in reach."""
    person, at, seen = state.person, state.now + SOON, set[Label]()
    for site in (None, *range(len(steps.sites))):
        for text, phrase in steps.said(person.place, site).items():
            found = times(state, f"{WORDS}/{phrase.advice}", phrase.advice, phrase.urgency, 0)
            for label, then in _kinds(steps, phrase.advice, (site, phrase.urgency), found, seen):
                yield Step(("says", phrase.advice, phrase.urgency, *label), Said(at=then, text=text), site=site)
    for text, phrase in (*steps.typed.items(),)[:1]:
        label, _ = times(state, f"{WORDS}/{phrase.advice}", phrase.advice, phrase.urgency, 0)[0]
        yield Step(("edits", phrase.urgency, *label), Edited(at=at, text=text))
        yield Step(("forwards", phrase.urgency, *label), SentOther(at=at, kind="forwarded", text=text))
        first, _, rest = text.partition(" ")
        told = recognise(steps.book, person.language, f"{first} {rest}")
        yield Step(("commands words", told and told.advice, *label), Commanded(at=at, name=first, argument=rest))
    yield from desk.notes(state)
    yield Step(("edits", None, "nothing"), Edited(at=at, text=NONSENSE))
    for text in steps.full.panic.values():
        yield Step(("panic",), Said(at=at, text=text))


def _others(steps: Steps, state: State) -> Iterator[Step]:
    """Commands, things that are no words, timers too late, blocking, and what coordinators are told."""
    person, at = state.person, state.now + SOON
    rests = plan(person)
    for name in COMMANDS:
        more: Label = (*rests, person.role == "patient") if name in ("checkins", "stop", "help") else ()
        yield Step(("commands", name, *more), Commanded(at=at, name=name))
    for argument in ("today", "code-0001"):
        yield Step(("commands", "log", argument), Commanded(at=at, name="log", argument=argument))
    yield Step(("commands", "bad code"), Commanded(at=at, name="start", argument="bad-code"))
    for kind in ("sticker", "forwarded", "button"):
        yield Step(("sends", kind), SentOther(at=at, kind=kind))
    yield Step(("group",), CalledFromGroup(at=at))
    for name in ("loop", "checkin", "nudge", "missed", "resume", "circle joined", "farewell"):
        served = {"checkin": OLD, "circle joined": f"joined{OLD[1:]}", "farewell": f"staff{OLD[1:]}"}
        serves = served.get(name, str(over(state)))
        yield Step(("rings too late", name), CameDue(at=at, timer=name, serves=serves))
    yield Step(("blocks", *rests), Blocked(at=at))
    yield Step(("unblocks", *rests, bool(person.role)), Unblocked(at=at))
    yield from desk.about_them(steps, state)
    if not person.staff:
        yield Step(("joins",), Invited(at=at))
        return
    for who in (person.id, "OTHER001"):
        yield Step(("alert taken", who == person.id), AlertTaken(at=at, alert=desk.view(at, who, "taken")))
    for how in ("", "again", "left", "asks"):
        alert = desk.view(at, *(("OTHER001", "taken") if how == "asks" else ()))
        yield Step(("alert", how), AlertRaised(at=at, alert=alert, how=how))
    yield Step(("followed",), Followed(at=at, person="OTHER002", state="silent"))
