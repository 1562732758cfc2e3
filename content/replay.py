"""A change of the flows tried where it counts: at the steps of a walk that run what was changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from content.groups import Label
from content.looks import Found
from content.mutants import noting
from content.processes import side_by_side
from content.steps import Step
from content.walker import Walker

Noted = list[list[frozenset[str]]]  # of some states, for each of their steps: what ran


@dataclass(frozen=True, slots=True)
class Replay:
    """A walk in which nothing was wrong. `steps`: those taken from each state it looked at, each with the key of what
    it is compared with; `runs`: which of `sets`, of names of functions, ran at each of them."""

    walker: Walker
    steps: list[list[tuple[Label, Step]]]
    sets: list[frozenset[str]]
    runs: list[list[int]]

    def problems(self, worse: frozenset[str]) -> Iterator[str]:
        """What is wrong at the steps that run one of these functions, now that they are worse.

        It counts if the same conversation still leads there.
        """
        looks, found = replace(self.walker.looks, known={}), Found()  # compared with each other, not with what was well
        for at, n in self._places(worse):
            where, step = self.steps[at][n]
            looks.take(at, self.walker.looked[at], step, where, found)
            for problem in found.problems:
                if all(self._leads_there(one) for one in (problem.at, problem.other) if one is not None):
                    yield problem.text
            found.problems.clear()

    def _places(self, worse: frozenset[str]) -> Iterator[tuple[int, int]]:
        """(state, step) where one of the functions ran: one for each set of functions, then another, and so on."""
        wanted = {n for n, names in enumerate(self.sets) if not worse.isdisjoint(names)}
        found = dict[int, list[tuple[int, int]]]()
        for at, runs in enumerate(self.runs):
            for n, ran in enumerate(runs):
                if ran in wanted:
                    found.setdefault(ran, []).append((at, n))
        for turn in range(max(map(len, found.values()), default=0)):
            yield from (places[turn] for places in found.values() if turn < len(places))

    def _leads_there(self, at: int) -> bool:
        looked, looks = self.walker.looked, self.walker.looks
        while (step := looked[at].step) is not None:
            parent = looked[at].parent
            if looks.tried(looked[parent].state, step).then != looked[at].state:
                return False
            at = parent
        return True


def replay(walker: Walker, flows_folder: Path, processes: int = 1) -> Replay:
    """Take every step of a walk once more, and note what runs."""
    steps = [list(walker.looks.steps_from(looked)) for looked in walker.looked]
    with noting(flows_folder) as ran:
        jobs = [partial(_noted, walker, steps, range(n, len(steps), processes), ran) for n in range(processes)]
        found = side_by_side(jobs)
    numbers, runs = dict[frozenset[str], int](), list[list[int]]([] for _ in steps)
    for n, noted in enumerate(found):
        for at, sets in zip(range(n, len(steps), processes), noted, strict=True):
            runs[at] = [numbers.setdefault(one, len(numbers)) for one in sets]
    return Replay(walker, steps, list(numbers), runs)


def _noted(walker: Walker, steps: list[list[tuple[Label, Step]]], share: range, ran: set[str]) -> Noted:
    known, found = dict[frozenset[str], frozenset[str]](), Noted()
    for at in share:
        found.append([])
        for _, step in steps[at]:
            ran.clear()
            walker.looks.taken(walker.looked[at].state, step)
            names = frozenset(ran)
            found[-1].append(known.setdefault(names, names))
    return found
