"""Whether the proof can fail: every rule, source and requirement made worse in memory, one at a time, and looked at."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content import rules, safety
from content.check import PROOFS
from content.facts import Facts
from content.load import Library
from content.mentions import Mentions, mentions
from content.mutations import mutations
from content.processes import side_by_side
from content.states import FAR, NEAR
from content.walker import walked

QUICK: tuple[Callable[[Facts], Iterator[str]], ...] = (  # checks that take milliseconds; what they notice, all notice
    safety.requirements_met,
    rules.requirements_exact,
    rules.answers_claimed,
    rules.acted_on,
    rules.led_on,
    safety.together_urgent,
    rules.sourced,
    safety.conflicts_settled,
    safety.hazards_controlled,
    safety.population_told,
    rules.exclusions_listed,
    rules.thresholds_agreed,
)
GAPS = {  # changes of which nothing here can tell that they are for the worse, by how they begin, with why
    "phrase ": "nobody has written down here what people type: tests/test_recognise.py does, for some of the phrases",
    "conflict ablation_kind ": "neither side is stricter, and the page cites both",
    "conflict cement_pain_score ": "neither side is stricter, and the page cites both",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """How many changes for the worse were made; those that nothing noticed; those that nothing can notice, by why."""

    changes: int
    unnoticed: list[str]
    gaps: Mapping[str, int]


def self_test(library: Library, flows_folder: Path, every: int = 1, processes: int = 2) -> SelfTest:
    """Make every `every`-th change, and look whether a check or a walk notices it.

    A change that no check notices is walked, `light`: what is left out there is what no change of the content's rules
    touches (consent, times, coordinators). A part of the walk's own key is left out of the whole walk.
    """
    changes = _changes(library, flows_folder)[::every]
    jobs = [partial(unnoticed, library, flows_folder, changes[n::processes]) for n in range(processes)]
    left = [what for found in side_by_side(jobs, processes) for what in found]
    gaps = Counter(why for what in left if (why := _gap(what)))
    return SelfTest(changes=len(changes), unnoticed=[what for what in left if not _gap(what)], gaps=gaps)


def _changes(library: Library, flows_folder: Path) -> list[str]:
    """What is changed, in words; the parts of the key are spread among the rest, as they take longest."""
    parts = [f"{KEY}{part}" for part in dict.fromkeys((*NEAR, *FAR))]
    changes = [one.what for one in mutations(library)]
    apart = len(changes) // len(parts)
    for n, part in enumerate(parts):
        changes.insert(n * (apart + 1), part)
    return changes


KEY = "the key of states is without: "


def unnoticed(library: Library, flows_folder: Path, changes: list[str]) -> list[str]:
    """Which of these changes (see Mutation.what) nothing notices."""
    said, root, wanted = mentions(flows_folder), flows_folder.resolve().parent, frozenset(changes)
    before = set(_quick(library, said, root))
    left = []
    for one in mutations(library):
        if one.what not in wanted or any(problem not in before for problem in _quick(one.library, said, root)):
            continue
        if _gap(one.what) or not walked(one.library, light=True, most=1).problems:
            left.append(one.what)
    parts = [what.removeprefix(KEY) for what in changes if what.startswith(KEY)]
    return left + [f"{KEY}{part}" for part in parts if not walked(library, without=part, most=1).problems]


def _quick(library: Library, said: Mentions, root: Path) -> Iterator[str]:
    facts = Facts(library, said, root, PROOFS)
    for one in QUICK:
        yield from one(facts)


def _gap(what: str) -> str:
    return next((why for start, why in GAPS.items() if what.startswith(start)), "")
