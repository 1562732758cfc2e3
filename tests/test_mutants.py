"""Flows and content made worse on purpose are noticed: each promise has a rule of the flows that breaks it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from content.mutants import made, mutants
from content.replay import Replay, replay
from content.selftest import self_test, unnoticed
from content.walker import walked
from flows import loop
from flows.recognise import listen
from tests.talks import LIBRARY

TOP = Path(__file__).parent.parent
TOGETHER = "on top of another sign calls for emergency, and what to do is not shown first"


@pytest.fixture(scope="module")
def played() -> Replay:
    """What is about warning signs, as the flows are."""
    return replay(walked(LIBRARY, light=True), TOP / "flows")


def broken(played: Replay, what: str) -> Iterator[str]:
    """What is wrong with flows with this change of content/mutants.yaml."""
    change = next(one for one in mutants(TOP / "content") if one.what == what)
    with made(change, TOP / "flows") as worse:
        assert worse
        yield from played.problems(worse)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("step-up window 36 hours -> 1 hour", TOGETHER),
        ("an urgent sign on top of an emergency stays urgent", TOGETHER),
        ("lowering an open answer allowed", "is replaced by a lesser one"),
        ("takes_back never (old red flag lowered silently)", "is taken back, and nobody asks why"),
        ("thoughts of suicide taken back: told to call the line as of any other sign", "that they were these"),
        ("taken back: the question is named, and not the sign that was told", "what was told is not named"),
        ("no alert for urgent", "it is remembered that coordinators were alerted, and they were not"),
        ("alert one urgency lower", "coordinators are told something else than the family"),
        ("alert names no signs", "an alert does not name the sign"),
        ("advise shows no sign names", "is told, and the screen does not name it"),
        ("onset never told", "began today, and the screen does not say so"),
        ("'why' button explains another screen", "a screen does not lead to its own sources"),
        ("card button never offered", "the card is not offered under cord"),
        ("thoughts of suicide come with the patient's card", "the card is offered under suicide_self"),
        ("share button never offered", "telling the team this once is not offered"),
        ("share: no alert", "somebody asks to tell the team, and the team is not told"),
        ("asked after 15 h, not minutes", "it is asked whether help was reached after 15:00:00, not 0:15:00"),
        ("asked once only", "it is not asked whether help was reached, with every answer"),
        ("coordinators told 'here' whatever was said", "coordinators are not told how the emergency goes on"),
        ("no_answer gets told_to_wait screen", '"no_answer" calls for no_answer, and "told_to_wait" is shown'),
        ("the signs of an older emergency are forgotten", "a sign of the emergency that is open is forgotten"),
        ("nothing on the list is said while an emergency is open", "although something was told that cannot wait"),
        ("card button shows the menu", "the card is not shown"),
        ("card: onset never", "the card does not say since when"),
        ("following skips the last item", "was not asked"),
        ("taken: urgency that of the last", "falls"),
        ("record the wrong item's urgency (none)", "is kept with another urgency"),
        ("a temperature is kept as it was typed", "a temperature is not kept in °C"),
    ],
)  # fmt: skip
def test_a_rule_of_triage_that_is_broken_in_the_flows_is_found(played: Replay, what: str, said: str) -> None:
    assert any(problem.endswith(said) for problem in broken(played, what))


def test_every_change_of_the_flows_that_is_to_be_noticed_still_fits_them_and_is_taken_back(
    played: Replay,
) -> None:
    stale = []
    for change in mutants(TOP / "content"):
        with made(change, TOP / "flows") as fits:
            stale += [] if fits else [change.what]

    assert stale == []
    assert loop.MOST_TIMES == 12
    assert any(True for _ in broken(played, "asked once only"))
    assert loop.MOST_TIMES == 12


def test_a_sample_of_changes_for_the_worse_is_noticed() -> None:
    report = self_test(LIBRARY, TOP / "flows", every=607, processes=1)

    assert report.unnoticed == []
    assert report.changes > 5


def test_a_check_that_notices_no_change_proves_no_control() -> None:
    few = listen(LIBRARY.book.phrases["en"].every[:2], ())  # each is changed, and none is about a conflict
    blind = replace(LIBRARY, conflicts={}, book=replace(LIBRARY.book, phrases={"en": few}))

    assert unnoticed(LIBRARY, TOP / "flows", ["check: conflicts_settled"]) == []
    assert unnoticed(blind, TOP / "flows", ["check: conflicts_settled"]) == ["check: conflicts_settled"]


def test_a_change_that_nothing_notices_is_told() -> None:
    careless = {name: tuple(one for one in claims if "/sleep" not in one) for name, claims in LIBRARY.signs.items()}
    change = "daily/sleep: pain not urgent"

    assert unnoticed(LIBRARY, TOP / "flows", [change]) == []
    assert unnoticed(replace(LIBRARY, signs=careless), TOP / "flows", [change]) == [change]
