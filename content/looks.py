"""A state looked at: every step from it is taken, and the promises are held against what comes of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pydantic import TypeAdapter

from content.desk import desk
from content.far import far
from content.groups import GROUPS, HERE, NEAR, Key, Label, Mark
from content.near import earlier, near
from content.outcomes import happened, outcome
from content.promises import Promises
from content.signs import signs
from content.states import State, after, beside
from content.steps import GONE, Step, Steps
from content.transition import SHOWN, Need
from flows.book import Book
from flows.effects import Effect, Say
from flows.events import CameDue, Event
from flows.person import Person, Place

LOST = "content changed"  # the label of a step before which the content loses the open question
TAKEN = {"near": near, "earlier": earlier, "signs": signs, "desk": desk, "far": far}  # by group: see states.py
Advance = Callable[[Book, Person, Event], tuple[Person, list[Effect]]]
Outcome = tuple[Label, Label, int]
Outcomes = dict[Label, dict[Label, Outcome]]  # by key and what it leaves out, then by the label of the step
PERSON = TypeAdapter(Person)
WITHIN = frozenset(range(HERE.start, HERE.stop))


@dataclass(frozen=True, slots=True)
class Looked:
    """A state that is looked at, and the step that first led to it. `groups`: which steps are taken from it."""

    state: State
    key: Key
    parent: int
    step: Step | None
    groups: tuple[str, ...]


class Offer(NamedTuple):
    """A state that was reached: from which of those looked at, by which step."""

    mark: Mark
    at: int
    step: Step


class Problem(NamedTuple):
    """What is wrong with a step, or with a state. `other`: a state of the same key from which it goes otherwise."""

    text: str
    at: int
    step: Step | None = None
    other: int | None = None


class Tried(NamedTuple):
    """A step: the state it begins in, that it leads to, what is done, what it calls for, and what is wrong with it."""

    state: State
    then: State
    effects: list[Effect]
    need: Need | None
    wrong: list[str]


@dataclass(slots=True)
class Found:
    """What was found at some states, and was not known before. `ways`: by taps on what the open question offers.
    `home`: keys from which one such tap leads to the menu, or to the end."""

    offers: dict[Label, Offer] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=dict)
    ways: dict[Label, set[Label]] = field(default_factory=dict)
    home: set[Label] = field(default_factory=set)
    shown: set[Effect] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    transitions: int = 0
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Looks:
    """How states of one content are looked at. `seen`, `known`: what was reached, and what came of steps, before."""

    advance: Advance
    steps: Steps
    promises: Promises
    seen: set[Label] = field(default_factory=set)
    known: Outcomes = field(default_factory=dict)

    def look(self, states: Iterable[tuple[int, Looked]]) -> Found:
        """Take every step from these states."""
        found = Found()
        for at, looked in states:
            self._look(at, looked, found)
        return found

    def _look(self, at: int, looked: Looked, found: Found) -> None:
        person = looked.state.person
        if PERSON.validate_json(PERSON.dump_json(person, warnings=False)) != person:
            found.problems.append(Problem("what is read back after a restart is not what was saved", at))
            return
        for where, step in self.steps_from(looked):
            self.take(at, looked, step, where, found)

    def steps_from(self, looked: Looked) -> Iterator[tuple[Label, Step]]:
        """The steps that are taken from a state, each with the key of the outcomes it is compared with."""
        by_near, by_far = beside(looked.state)
        for group in looked.groups:
            where = (group, *looked.key.of(group), *(by_near if GROUPS[group].key is NEAR else by_far))
            for step in TAKEN[group](self.steps, looked.state):
                yield where, step

    def take(self, at: int, looked: Looked, step: Step, where: Label, found: Found) -> None:
        """One step: the promises, where it leads, and whether it goes as from other states of the same key."""
        found.transitions += 1
        state, then, effects, need, wrong = self.tried(looked.state, step)
        if wrong:
            found.problems += [Problem(text, at, step) for text in wrong]
            return
        found.shown.update([effect for effect in effects if isinstance(effect, SHOWN)])
        led = looked.key if then is state else self._reach(then, at, step, found)
        if step.shown:
            _way(looked.key, led, then, effects, found)
        told = outcome(state, step.event, effects, need.advices if need else frozenset())
        self._compare(where, step, (told, reached(state, then, looked.key, led), at), found)

    def tried(self, state: State, step: Step) -> Tried:
        """One step, and every promise that it breaks."""
        try:
            before, then, effects = self.taken(state, step)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is left without an answer
            return Tried(state, state, [], None, [f"{type(error).__name__}: {error}"])
        need = self.promises.need(before, step.event, step.site)
        return Tried(before, then, effects, need, list(self.promises.broken(before, step.event, then, effects, need)))

    def taken(self, state: State, step: Step) -> tuple[State, State, list[Effect]]:
        """The state as a step begins, that it leads to, and what is done: the same state, if that is only shown."""
        book, state = self.steps.at(step.site), begun(state, step)
        person, effects = self.advance(book, state.person, step.event)
        same = person is state.person and not isinstance(step.event, CameDue)
        same = same and all(isinstance(effect, SHOWN) for effect in effects)
        return state, state if same else after(state, step.event, person, effects), effects

    def _reach(self, then: State, at: int, step: Step, found: Found) -> Key:
        """Offer a state that was not reached before. Returns its key."""
        mark = self.steps.states.mark(then)
        if mark.whole not in self.seen and mark.whole not in found.offers:
            found.offers[mark.whole] = Offer(mark, at, step)
        return mark.key

    def _compare(self, where: Label, step: Step, here: Outcome, found: Found) -> None:
        known, own = self.known.get(where, {}), found.outcomes.setdefault(where, {})
        before = known.get(step.label) or own.get(step.label)
        if before is None:
            own[step.label] = here
            return
        found.compared += 1
        if before[:2] != here[:2]:
            found.problems.append(differing(step, here, before))


def differing(step: Step, here: Outcome, before: Outcome) -> Problem:
    """A step goes otherwise than from another state of the same key."""
    text = f"two states that count as one differ when somebody {happened(step.event)}"
    return Problem(text, here[2], step, before[2])


def begun(state: State, step: Step) -> State:
    """The state a step starts from: that it was at, or the same after the content has lost the open question."""
    place = state.person.place
    if step.label[0] != LOST or place is None:
        return state
    return replace(state, person=state.person.moved(place=place.moved(item=GONE)))


def _way(key: Key, led: Key, then: State, effects: list[Effect], found: Found) -> None:
    menu = any(b.item == "menu" for one in effects if isinstance(one, Say) for row in one.buttons for b in row)
    found.ways.setdefault(key.near, set()).add(led.near)
    if menu or then.person.place is None:
        found.home.add(key.near)


def reached(before: State, now: State, was: Key, led: Key) -> Label:
    """What of the key a step changed; to stay at a question is the same, whichever it is."""
    here = () if _stays(before.person.place, now.person.place) else led.near[HERE]
    pairs = zip((*was.near, *was.far), (*led.near, *led.far), strict=True)
    return (*here, *(None if one == other else other for n, (one, other) in enumerate(pairs) if n not in WITHIN))


def _stays(was: Place | None, place: Place | None) -> bool:
    if was is None or place is None:
        return was is place
    return (was.run, was.answers, was.item) == (place.run, place.answers, place.item)
