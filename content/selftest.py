"""Whether the proof can fail: every rule, source, word and line of the flows made worse in memory, one at a time."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from content import rules, safety, wording
from content.check import CHECKS, facts_of
from content.facts import Facts
from content.groups import FAR, NEAR
from content.load import Library
from content.mutants import Mutant, made, mutants
from content.mutations import mutations
from content.processes import side_by_side, uncollected
from content.replay import Replay, replay
from content.several import told_together
from content.walker import walked

QUICK: tuple[
    Callable[[Facts], Iterator[str]], ...
] = (  # quick checks, the quickest first; what they notice, all notice
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
    wording.screens_say,
    wording.texts_say,
    wording.labels_fixed,
    wording.signs_named,
    rules.deaths_heard,
    rules.phrases_heard,
    told_together,
    rules.thresholds_agreed,
)
WHOLE = frozenset(  # flows of which a light walk takes no step
    (
        "alerts",
        "consent",
        "coordinator",
        "digest",
        "handing",
        "handling",
        "letters",
        "menu",
        "privacy",
        "reminders",
        "review",
    )
)
FEW = 3  # changes of the flows for which a walk of each takes less time than one to try them on
KEY = "the key of states is without: "
FLOWS = "the flows: "
TEXTS = "text "
PROOF = "check: "  # as hazards.yaml names one
ELSEWHERE = frozenset(
    {"walk", "pathways_usable"}
)  # the first by the flows' changes, the other by tests: it reads files


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """How many changes for the worse were made; those that nothing noticed."""

    changes: int
    unnoticed: list[str]


def self_test(library: Library, flows_folder: Path, every: int = 1, processes: int = 2) -> SelfTest:
    """Make every `every`-th change, and look whether a check or a walk notices it.

    A change of the content that no check notices is walked, `light`: what is left out there is what no change of the
    content's rules touches (consent, times, coordinators). A change of the flows is walked light, and then whole. A
    part of the walk's own key is left out of the whole walk. Of each check that a hazard rests on it is looked whether
    it, alone, notices any of the changes.
    """
    changes = _changes(library, flows_folder)[::every]
    many = sum(what.startswith(FLOWS) for what in changes) > FEW
    played = replayed(library, flows_folder, processes) if many else None
    gc.freeze()  # what was played is kept to the end, and is not to be looked through again and again
    jobs = [partial(unnoticed, library, flows_folder, changes[n::processes], played) for n in range(processes)]
    left = [what for found in side_by_side(jobs) for what in found]
    gc.unfreeze()
    return SelfTest(changes=len(changes), unnoticed=left)


def _changes(library: Library, flows_folder: Path) -> list[str]:
    """What is changed, in words; those that take longest last, so that a sample has its share of them."""
    slow = [f"{KEY}{part}" for part in dict.fromkeys((*NEAR, *FAR))]
    slow += [f"{FLOWS}{one.what}" for one in mutants(flows_folder.resolve().parent / "content")]
    slow += sorted({proof for one in library.hazards.values() for control in one.controls for proof in control.proof})
    slow = [what for what in slow if not what.startswith("tests/") and what.removeprefix(PROOF) not in ELSEWHERE]
    return [*(one.what for one in mutations(library)), *slow]


def replayed(library: Library, flows_folder: Path, processes: int = 1) -> Replay:
    """The whole walk, with what runs at each of its steps."""
    with uncollected():
        return replay(walked(library, processes=processes), flows_folder, processes)


def unnoticed(library: Library, flows_folder: Path, changes: list[str], played: Replay | None = None) -> list[str]:
    """Which of these changes (see Mutation.what) nothing notices. `played`: where those of flows are tried first."""
    facts, wanted = facts_of(library, flows_folder), frozenset(changes)
    before = set(_quick(facts))
    left = []
    for one in mutations(library):
        if one.what not in wanted:
            continue
        worse = replace(facts, library=one.library)
        noticed = any(problem not in before for problem in _quick(worse)) or _noticed(worse, one.what)
        if not noticed and not walked(worse.library, light=True, most=1).problems:
            left.append(one.what)
    left += [what for what in changes if what.startswith(PROOF) and not _alone(facts, what)]
    parts = [what.removeprefix(KEY) for what in changes if what.startswith(KEY)]
    left += [f"{KEY}{part}" for part in parts if not walked(library, without=part, most=1).problems]
    for mutant in mutants(facts.root / "content"):
        if f"{FLOWS}{mutant.what}" in wanted and not _broken(facts, flows_folder, mutant, played):
            left.append(f"{FLOWS}{mutant.what}")
    return left


def _broken(facts: Facts, flows_folder: Path, mutant: Mutant, played: Replay | None) -> bool:
    """Whether something notices that the flows are worse by this."""
    with made(mutant, flows_folder) as worse:
        if not worse:
            return False
        rules.forget_heard()
        heard = [*rules.phrases_heard(facts), *told_together(facts)]
        rules.forget_heard()
        if heard or (played is not None and any(True for _ in played.problems(worse))):
            return True
        walks = (False,) if mutant.module in WHOLE else (True, False)
        return any(walked(facts.library, light=light, most=1).problems for light in walks)


def _alone(facts: Facts, proof: str) -> bool:
    """Whether the check that a hazard rests on notices one of the changes by itself."""
    check = next(one for one in CHECKS if f"{PROOF}{one.__name__}" == proof)
    before = set(check(facts))
    changes = list(mutations(facts.library))  # texts are changed last, and what looks at texts notices those
    changes = changes if check in QUICK else changes[::-1]
    worse = (replace(facts, library=one.library) for one in changes)
    return any(problem not in before for changed in worse for problem in check(changed))


def _noticed(facts: Facts, what: str) -> bool:
    """Whether a slower check, of texts, notices it. None is looked at where no text was changed."""
    return what.startswith(TEXTS) and any(True for one in CHECKS if one not in QUICK for _ in one(facts))


def _quick(facts: Facts) -> Iterator[str]:
    for one in QUICK:
        yield from one(facts)
