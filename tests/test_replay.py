"""Changes of the flows are tried where they run: what is wrong there is found, and nothing where all is well."""

from dataclasses import replace
from pathlib import Path

import pytest

from content.mutants import made, mutants
from content.replay import Replay, replay
from flows.book import Book
from flows.effects import Effect
from flows.events import Event
from flows.person import Person
from tests.walks import signs_walked

TOP = Path(__file__).parent.parent
FLOWS = TOP / "flows"


@pytest.fixture(scope="module")
def played() -> Replay:
    """Warning signs told at any time."""
    return replay(signs_walked(), FLOWS)


def said(played: Replay, what: str) -> list[str]:
    change = next(one for one in mutants(TOP / "content") if one.what == what)
    with made(change, FLOWS) as worse:
        assert worse
        return list(played.problems(worse))


def test_flows_that_are_as_they_were_are_well_wherever_they_run(played: Replay) -> None:
    assert list(played.problems(frozenset({"flows.triage.act_on", "flows.loop.asked"}))) == []
    assert any("flows.triage.act_on" in names for names in played.sets)


def test_what_a_worse_function_breaks_is_found_where_it_runs(played: Replay) -> None:
    told = said(played, "no alert for urgent")

    assert any("it is remembered that coordinators were alerted, and they were not" in one for one in told)


def test_what_never_runs_on_the_walk_is_not_found(played: Replay) -> None:
    assert said(played, "the digest wakes somebody") == []


def test_what_is_wrong_counts_only_if_the_same_conversation_still_leads_there(played: Replay) -> None:
    def lost(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
        raise LookupError

    every = frozenset(name for one in played.sets for name in one)
    broken = replace(played.walker, looks=replace(played.walker.looks, advance=lost))

    told = list(replace(played, walker=broken).problems(every))

    first = [len(steps) for looked, steps in zip(played.walker.looked, played.steps, strict=True) if not looked.step]
    assert len(told) == sum(first)  # after the first step nobody comes anywhere
