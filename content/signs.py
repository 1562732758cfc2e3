"""Steps about warning signs that can come at any time: old screens, words, check-ins begun, and after an emergency."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from content.groups import Label
from content.states import State, plan
from content.steps import GONE, NONSENSE, SOON, WORDS, Step, Steps, over, times, told_lately
from flows.book import Urgency
from flows.crisis import CRISES
from flows.events import Commanded, Edited, Said, SentOther
from flows.loop import BOTH, MOST_TIMES, SOON_TIMES
from flows.loop import OPTIONS as REACHED
from flows.questionnaire import sign
from flows.recognise import recognise

AHEAD = 5  # runs more than the person's: they were lost with the memory of a guest


def signs(steps: Steps, state: State) -> Iterator[Step]:
    """What tells of a warning sign, or goes on from one, whatever the open question is."""
    yield from _old(steps, state)
    yield from _after(steps, state)
    yield from _words(steps, state)


def _old(steps: Steps, state: State) -> Iterator[Step]:
    """Buttons of old screens: of a run long over, and of one that nobody remembers; the last report's again."""
    yield from _one_of_each(state, _over(steps, state))
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
        if (option.urgency or 0) < Urgency.URGENT and not option.hidden:
            event = steps.tap(state.now + SOON, path, option.id, str(over(state)))
            label = ("again of another run", path, option.id, told_lately(state, path), over(state) > 0)
            yield Step(label, event)


def _over(steps: Steps, state: State) -> Iterator[tuple[Label, Step]]:
    """Every sign, on a button of an old screen, by what it calls for and how it stands to what was told."""
    for path, option in steps.old:
        acts = option.urgency is not None and option.urgency >= Urgency.URGENT  # whatever became of its run
        for when, run in (("over", over(state)), ("lost", state.person.runs + AHEAD))[: 1 if acts else 2]:
            patient = when == "lost" and state.person.role == "patient"  # consent is asked for anew
            back = not acts and told_lately(state, path)
            kind = (when, path.partition("/")[0], option.urgency, patient, back)
            screen = steps.full.advice.get(option.advice)
            for label, at in times(state, sign(path, option), option.advice, option.urgency, run):
                event = steps.tap(at, path, option.id, str(run))
                yield (*kind, screen and screen.calls, *label), Step(("old", *kind, option.advice, *label), event)


def _one_of_each(state: State, found: Iterable[tuple[Label, Step]]) -> Iterator[Step]:
    """Of steps of one kind one: from another state it is another, so that each is taken from many."""
    kinds = dict[Label, list[Step]]()
    for kind, step in found:
        kinds.setdefault(kind, []).append(step)
    turn = int(state.now.timestamp()) // 60
    yield from (alike[turn % len(alike)] for alike in kinds.values())


def _after(steps: Steps, state: State) -> Iterator[Step]:
    """Whether a sign is lower than was told, buttons that are gone, and those of an emergency."""
    person, at, rests = state.person, state.now + SOON, plan(state.person)
    card = (bool(person.card), bool(person.report), bool(person.loop))
    for option in ("card", "cardmore"):
        yield Step(("menu", option, *card), steps.tap(at, "menu", option))
    daily = person.waiting is not None and person.waiting.questionnaire == "daily"
    yield Step(("checkins", "now", daily, person.permits("remind"), *rests), steps.tap(at, "checkins", "now"))
    week = state.now + timedelta(days=7)
    yield Step(
        ("checkins", "now in a week", *rests, person.permits("remind"), bool(person.waiting)),
        steps.tap(week, "checkins", "now"),
    )
    for about in ("", *CRISES):
        for option in ("better", "mistake", "they_say", "x"):
            yield Step(("lower", option, about), steps.tap(at, "lower", option, about))
    for option in ("red_flags/gone", "gone/gone"):
        yield Step(("gone", option), steps.tap(at, option, "yes", str(over(state))))
    for path, kind in steps.gone:
        told, advice, urgency = (sign(path, kind), kind.advice, kind.urgency) if kind else (path, "", None)
        for label, then in times(state, told, advice, urgency, over(state)):
            yield Step(("gone", path, *label), steps.tap(then, path, GONE, str(over(state))))
    loop, ended, report = person.loop, over(state), person.report
    for run in dict.fromkeys((loop.run if loop else report.run if report else ended, ended)):
        live: Label = (run != ended, loop.asked < SOON_TIMES, loop.asked < MOST_TIMES) if loop else ()
        if report and loop is None and run == report.run:
            screen = steps.full.advice.get(report.advice)
            live = (report.urgency, screen and screen.calls)
        for option in (*REACHED, BOTH, "x"):
            yield Step(("reached", option, *live), steps.tap(at, "reached", option, str(run)))
        share = steps.tap(at, "share", "once", str(run))
        yield Step(("share", run != ended), replace(share, rota=("OTHER001",)))
        yield Step(("share", "nobody there", run != ended), share)


def _words(steps: Steps, state: State) -> Iterator[Step]:
    """Typed words of each kind that means a red flag, changed messages, and the button always in reach."""
    person, at = state.person, state.now + SOON
    yield from _one_of_each(state, _told(steps, state))
    for text, phrase in (*steps.typed.items(),)[:1]:
        label, _ = times(state, f"{WORDS}/{phrase.advice}", phrase.advice, phrase.urgency, 0)[0]
        yield Step(("edits", phrase.urgency, *label), Edited(at=at, text=text))
        yield Step(("forwards", phrase.urgency, *label), SentOther(at=at, kind="forwarded", text=text))
        first, _, rest = text.partition(" ")
        told = recognise(steps.book, person.language, f"{first} {rest}")
        yield Step(("commands words", told and told.advice, *label), Commanded(at=at, name=first, argument=rest))
    yield Step(("edits", None, "nothing"), Edited(at=at, text=NONSENSE))
    for text in steps.full.panic.values():
        yield Step(("panic",), Said(at=at, text=text))


def _told(steps: Steps, state: State) -> Iterator[tuple[Label, Step]]:
    """Every sign in typed words, at any site, and in numbers, at each."""
    for site in (None, *range(len(steps.sites))):
        for text, phrase in steps.said(state.person.place, site).items():
            kind = (site is None, phrase.urgency, steps.full.advice[phrase.advice].calls)
            for label, at in times(state, f"{WORDS}/{phrase.advice}", phrase.advice, phrase.urgency, 0):
                said = Said(at=at, text=text)
                yield (*kind, *label), Step(("says", phrase.advice, phrase.urgency, *label), said, site=site)
