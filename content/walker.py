"""Walks every reachable state of the flows breadth first, and shows that the promises hold at every step."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from content.far import far
from content.load import Library
from content.near import near
from content.outcomes import answered, happened, outcome
from content.promises import Promises
from content.states import START, Key, Label, State, States, after, beside, reached
from content.steps import GONE, Step, Steps
from content.transition import SHOWN
from flows.advance import advance as real
from flows.book import Book, Pathway
from flows.consent import PERMISSIONS
from flows.effects import Effect, Say
from flows.events import CameDue, Event
from flows.person import Consent, Person

Advance = Callable[[Book, Person, Event], tuple[Person, list[Effect]]]
Outcome = tuple[Label, Key, int]
PERSON = TypeAdapter(Person)
ENOUGH = 2  # states looked at for each key, besides those that bring something new: a key is a claim, and is tested
MOST_PROBLEMS = 20  # then the walk ends


@dataclass(frozen=True, slots=True)
class Looked:
    """A state that is looked at, and the step that first led to it. `near`, `far`: which steps are taken from it."""

    state: State
    parent: int
    step: Step | None
    near: bool = True
    far: bool = True


@dataclass(slots=True)
class Walker:
    """One walk. `problems` are by what is wrong, each with the shortest conversation that shows it."""

    library: Library
    advance: Advance
    steps: Steps
    promises: Promises
    light: bool = False
    enough: int = ENOUGH
    most: int = MOST_PROBLEMS
    looked: list[Looked] = field(default_factory=list)
    queue: deque[int] = field(default_factory=deque)
    near: Counter[Label] = field(default_factory=Counter)
    far: Counter[Label] = field(default_factory=Counter)
    seen: set[Label] = field(default_factory=set)
    outcomes: dict[Label, dict[Label, Outcome]] = field(default_factory=dict)
    ways: dict[Label, set[Label]] = field(default_factory=dict)  # by taps on what the open question offers
    home: set[Label] = field(default_factory=set)  # one such tap from the menu, or from the end
    shown: set[Effect] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)
    transitions: int = 0
    compared: int = 0

    def walk(self, *starts: Person) -> None:
        """Look at everything that can be reached from these."""
        for start in starts:
            self._offer(State(person=start), -1, None)
        while self.queue and len(self.problems) < self.most:
            self._look(self.queue.popleft())
        if not self.problems:
            self._no_dead_end()

    def _offer(self, state: State, parent: int, step: Step | None) -> Key:
        """Put a state in line if it brings something new. Returns its key."""
        key = self.steps.states.key(state)
        by_item, by_questionnaire = self.steps.states.rest(state)
        whole = self.steps.states.whole(state)
        if whole in self.seen:
            return key
        self.seen.add(whole)
        new = not self.seen.issuperset(by_questionnaire)
        near = new or self.near[key.near] < self.enough or not self.seen.issuperset(by_item)
        far = new or self.far[key.far] < self.enough
        if near or far:
            self.near[key.near] += near
            self.far[key.far] += far
            self.seen.update((*by_item, *by_questionnaire))
            self.looked.append(Looked(state, parent, step, near, far))
            self.queue.append(len(self.looked) - 1)
        return key

    def _look(self, at: int) -> None:
        """Take every step from a state."""
        looked = self.looked[at]
        key = self.steps.states.key(looked.state)
        if PERSON.validate_json(PERSON.dump_json(looked.state.person, warnings=False)) != looked.state.person:
            self._fail("what is read back after a restart is not what was saved", at, None)
            return
        if looked.near:
            known = self.outcomes.setdefault(key.near, {})
            for step in near(self.steps, looked.state):
                self._take(at, key, step, known, beside(looked.state)[0])
        if looked.far:
            known = self.outcomes.setdefault(key.far, {})
            for step in far(self.steps, looked.state, light=self.light):
                self._take(at, key, step, known, beside(looked.state)[1])

    def _take(self, at: int, key: Key, step: Step, known: dict[Label, Outcome], more: Label) -> None:
        """One step: the promises, where it leads, and whether it goes as from other states of the same key."""
        self.transitions += 1
        state, event = begun(self.looked[at].state, step), step.event
        try:
            person, effects = self.advance(self._book(step), state.person, event)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is left without an answer
            self._fail(f"{type(error).__name__}: {error}", at, step)
            return
        same = person is state.person and not effects_change(effects) and not isinstance(event, CameDue)
        then = state if same else after(state, event, person, effects)
        need = self.promises.need(state, event, step.site)
        broken = list(self.promises.broken(state, event, then, effects, need))
        for problem in broken:
            self._fail(problem, at, step)
        if broken:
            return
        self.shown.update(effect for effect in effects if isinstance(effect, SHOWN))
        led = key if same else self._offer(then, at, step)
        if step.shown:
            self._way(key, led, then, effects)
        told = outcome(state, event, effects, need.advices if need else frozenset())
        here = (told, reached(state, then, led), at)
        before = known.setdefault((*step.label, *more), here)
        self.compared += before is not here
        if before[:2] != here[:2]:
            problem = f"two states that count as one differ when somebody {happened(event)}"
            self._fail(problem, at, step, f"and from another:\n{self._conversation(before[2], step)}")

    def _book(self, step: Step) -> Book:
        return self.steps.book if step.site is None else self.steps.books[step.site]

    def _way(self, key: Key, led: Key, then: State, effects: list[Effect]) -> None:
        menu = any(b.item == "menu" for one in effects if isinstance(one, Say) for row in one.buttons for b in row)
        self.ways.setdefault(key.near, set()).add(led.near)
        if menu or then.person.place is None:
            self.home.add(key.near)

    def _no_dead_end(self) -> None:
        """From every open question taps alone lead to the menu or to its end."""
        back: dict[Label, set[Label]] = {}
        for key, ways in self.ways.items():
            for way in ways:
                back.setdefault(way, set()).add(key)
        reach, line = set(self.home), list(self.home)
        while line:
            found = back.get(line.pop(), set()) - reach
            reach |= found
            line += found
        for at, looked in enumerate(self.looked):
            place = looked.state.person.place
            if place and self.steps.states.key(looked.state).near not in reach:
                self._fail(f"from {place.questionnaire}/{place.item} no tap leads on to an end", at, None)

    def _fail(self, problem: str, at: int, step: Step | None, more: str = "") -> None:
        if problem not in self.problems:
            self.problems[problem] = f"{self._conversation(at, step)}\n{more}".rstrip()

    def _conversation(self, at: int, last: Step | None) -> str:
        """The shortest way there, and the step, as it is read."""
        steps = [last] if last else []
        while (step := self.looked[at].step) is not None:
            steps.append(step)
            at = self.looked[at].parent
        state, lines = self.looked[at].state, list[str]()
        for step in reversed(steps):
            lines.append(f"  person: {happened(step.event)}")
            state = begun(state, step)
            try:
                person, effects = self.advance(self._book(step), state.person, step.event)
            except Exception as error:  # noqa: BLE001 - as above; it is told
                return "\n".join([*lines, f"  bot: {type(error).__name__}"])
            lines.append(f"  bot: {', '.join(answered(effect) for effect in effects) or '(nothing)'}")
            state = after(state, step.event, person, effects)
        return "\n".join(lines)


def begun(state: State, step: Step) -> State:
    """The state a step starts from: that it was at, or the same after the content has lost the open question."""
    place = state.person.place
    if step.label != ("content changed",) or place is None:
        return state
    return replace(state, person=state.person.moved(place=place.moved(item=GONE)))


def effects_change(effects: list[Effect]) -> bool:
    """Whether they change more than what is shown."""
    return not all(isinstance(effect, SHOWN) for effect in effects)


def walked(
    library: Library,
    advance: Advance = real,
    *,
    sites: tuple[Pathway, ...] = (),
    without: str = "",
    light: bool = False,
    most: int = MOST_PROBLEMS,
) -> Walker:
    """Walk once, from a stranger on. `sites`: others whose thresholds hold, besides the library's own. `light`: only
    what is about warning signs, from a guest and from somebody who has agreed to everything, each state once.
    `without`: see States. `most`: problems after which the walk ends."""
    states = States(library.book, without)
    steps = Steps(library.book, states, (library.book.pathway, *sites))
    walker = Walker(library, advance, steps, Promises(library, steps), light, 1 if light else ENOUGH, most)
    stranger = Person(id="PERSON01", language=library.book.pathway.language)
    given = tuple(Consent(permission=name, given=True, version="", at=START) for name in PERMISSIONS)
    guest = stranger.moved(role="caregiver", near="with_them")
    walker.walk(*((guest, guest.moved(consents=given)) if light else (stranger,)))
    return walker
