"""Walks every reachable state of the flows breadth first, and shows that the promises hold at every step."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from heapq import heapify, heappop, heapreplace

from content.groups import GROUPS, Label, Mark
from content.load import Library
from content.looks import Advance, Found, Looked, Looks, Offer, Outcome, Problem, differing
from content.outcomes import answered, happened
from content.processes import side_by_side
from content.promises import Promises
from content.states import START, State, States
from content.steps import Step, Steps
from flows.advance import advance as real
from flows.book import Pathway
from flows.consent import PERMISSIONS
from flows.effects import Effect
from flows.person import Consent, Person

LIGHT = ("near", "earlier", "signs")  # groups of steps (see states.py) about warning signs
ENOUGH = 2  # states looked at for each key, besides those that bring something new: a key is a claim, and is tested
MOST_PROBLEMS = 20  # then the walk ends


@dataclass(slots=True)
class Walker:
    """One walk. `problems` are by what is wrong, each with the shortest conversation that shows it.

    `line`: states not looked at yet, all as many steps from the start. They may be looked at in any order and by
    several `processes`; what is found is put together in their order, so that it is the same.
    """

    looks: Looks
    groups: tuple[str, ...] = tuple(GROUPS)
    enough: int = ENOUGH
    most: int = MOST_PROBLEMS
    processes: int = 1
    looked: list[Looked] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    counts: Counter[Label] = field(default_factory=Counter)
    parts: set[Label] = field(default_factory=set)
    ways: dict[Label, set[Label]] = field(default_factory=dict)
    home: set[Label] = field(default_factory=set)
    shown: set[Effect] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)
    transitions: int = 0
    compared: int = 0

    def walk(self, *starts: Person) -> None:
        """Look at everything that can be reached from these."""
        for person in starts:
            state = State(person=person)
            self._offer(self.looks.steps.states.mark(state), -1, None, state)
        while self.line and len(self.problems) < self.most:
            line, self.line = self.line, []
            offers = list[Offer]()
            for found in self._find(line):
                offers += self._put(found)
                if len(self.problems) >= self.most:
                    return
            for offer in self._fullest_first(offers):
                if offer.mark.whole not in self.looks.seen:
                    self._offer(*offer)
        if not self.problems:
            self._no_dead_end()

    def _find(self, line: list[int]) -> Iterator[list[Found]]:
        """Look at these states: at one after the other, or side by side."""
        if self.processes < 2:
            yield from ([self.looks.look([(at, self.looked[at])])] for at in line)
            return
        line = sorted(line, key=lambda at: len(self.looked[at].groups))  # those take longest, and are shared out
        shares = [sorted(line[n :: self.processes]) for n in range(self.processes)]
        yield side_by_side([partial(self.looks.look, [(at, self.looked[at]) for at in share]) for share in shares])

    def _put(self, found: list[Found]) -> list[Offer]:
        """Put together what was found, as it would have been at one state after the other. Returns what was reached."""
        problems = [problem for one in found for problem in one.problems]
        for one in found:
            self.transitions += one.transitions
            self.compared += one.compared
            self.shown |= one.shown
            self.home |= one.home
            for key, ways in one.ways.items():
                self.ways.setdefault(key, set()).update(ways)
            problems += self._known(one.outcomes)
        for problem in sorted(problems, key=lambda problem: problem.at):
            self._fail(problem)
        return [offer for one in found for offer in one.offers.values()]

    def _fullest_first(self, offers: list[Offer]) -> Iterator[Offer]:
        """Those first that bring most that is new, so that few states are enough to look at all of it."""
        tried = [{part for group in self.groups for part in offer.mark.tried(group)} for offer in offers]
        heap = [(-len(parts - self.parts), offers[n].at, n) for n, parts in enumerate(tried)]
        heapify(heap)
        while heap:
            least, at, n = heap[0]
            brings = -len(tried[n] - self.parts)
            if brings == least:
                heappop(heap)
                yield offers[n]
            else:  # others brought some of it since
                heapreplace(heap, (brings, at, n))

    def _known(self, outcomes: dict[Label, dict[Label, Outcome]]) -> Iterator[Problem]:
        """Remember what came of steps. Two of a label that were found side by side are compared now."""
        for where, by_label in outcomes.items():
            known = self.looks.known.setdefault(where, {})
            for label, here in by_label.items():
                before = known.setdefault(label, here)
                self.compared += before is not here
                if before[:2] != here[:2]:
                    steps = self.looks.steps_from(self.looked[here[2]])
                    yield differing(
                        next(step for at, step in steps if (at, step.label) == (where, label)), here, before
                    )

    def _offer(self, mark: Mark, at: int, step: Step | None, state: State | None = None) -> None:
        """Put a state in line if it brings something new: that which the step leads to, if none is given."""
        self.looks.seen.add(mark.whole)
        groups = tuple(self._bring(mark))
        if groups:
            for group in groups:
                self.counts[group, *mark.key.of(group)] += 1
                self.parts.update(mark.tried(group))
            self.line.append(len(self.looked))
            if step:
                _, state, _ = self.looks.taken(self.looked[at].state, step)
            assert state is not None
            self.looked.append(Looked(state, mark.key, at, step, groups))

    def _bring(self, mark: Mark) -> Iterator[str]:
        """The groups of steps to which a state brings something new, or is one of few of its key."""
        for group in self.groups:
            few = self.counts[group, *mark.key.of(group)] < self.enough
            if few or not self.parts.issuperset(mark.tried(group)):
                yield group

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
            if place and looked.key.near not in reach:
                self._fail(Problem(f"from {place.questionnaire}/{place.item} no tap leads on to an end", at))

    def _fail(self, problem: Problem) -> None:
        if problem.text not in self.problems:
            told = self._conversation(problem.at, problem.step)
            if problem.other is not None:
                told += f"\nand from another:\n{self._conversation(problem.other, problem.step)}"
            self.problems[problem.text] = told

    def _conversation(self, at: int, last: Step | None) -> str:
        """The shortest way there, and the step, as it is read."""
        steps = [last] if last else []
        while (step := self.looked[at].step) is not None:
            steps.append(step)
            at = self.looked[at].parent
        state, lines = self.looked[at].state, list[str]()
        for step in reversed(steps):
            lines.append(f"  person: {happened(step.event)}")
            try:
                _, state, effects = self.looks.taken(state, step)
            except Exception as error:  # noqa: BLE001 - whatever it is; it is told
                return "\n".join([*lines, f"  bot: {type(error).__name__}"])
            lines.append(f"  bot: {', '.join(answered(effect) for effect in effects) or '(nothing)'}")
        return "\n".join(lines)


def walked(
    library: Library,
    advance: Advance = real,
    *,
    sites: tuple[Pathway, ...] = (),
    without: str = "",
    light: bool = False,
    most: int = MOST_PROBLEMS,
    processes: int = 1,
) -> Walker:
    """Walk once, from a stranger on. `sites`: others whose thresholds hold, besides the library's own. `light`: only
    what is about warning signs, from a guest and from somebody who has agreed to everything, each state once.
    `without`: see States. `most`: problems after which the walk ends. `processes`: see Walker."""
    states = States(library.book, without)
    steps = Steps(library.book, states, (library.book.pathway, *sites))
    looks = Looks(advance, steps, Promises(library, steps))
    walker = Walker(looks, LIGHT, 1, most, processes) if light else Walker(looks, most=most, processes=processes)
    stranger = Person(id="PERSON01", language=library.book.pathway.language)
    given = tuple(Consent(permission=name, given=True, version="", at=START) for name in PERMISSIONS)
    guest = stranger.moved(role="caregiver", near="with_them")
    walker.walk(*((guest, guest.moved(consents=given)) if light else (stranger,)))
    return walker
