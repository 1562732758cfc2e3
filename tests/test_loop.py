"""After an emergency: what is carried over to a newer one, and whom each screen says to call."""

from datetime import UTC, datetime, timedelta

import pytest

from content.load import load
from content.render import render
from flows import loop
from flows.advance import advance
from flows.book import Urgency
from flows.effects import Advise, Alert, Follow, Wake
from flows.events import Said, Tapped
from flows.person import Consent, Loop, Person, Report
from tests.talks import LIBRARY
from tests.test_vignettes import TOP

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SHOWS = tuple(Consent(permission=name, given=True, version="x", at=NOON) for name in ("keep", "show"))
FAMILY = Person(id="FAMILY01", language="en", role="caregiver")


def an_emergency(advice: str, calls: str, *signs: str, onset: str = "", run: int = 1) -> Loop:
    return Loop(run=run, signs=signs, advice=advice, calls=calls, onset=onset, at=NOON + run * MINUTE)


@pytest.mark.parametrize("name", ["demo", "us"])
def test_a_screen_calls_whom_its_title_names(name: str) -> None:
    library = load(TOP / "content", name)
    screens = [one for one in library.book.advice.values() if one.urgency > 1]

    titles = {one.id: library.words["en"][f"advice.{one.id}.title"] for one in screens}

    assert {one.id for one in screens if one.calls == "line"} == {n for n, said in titles.items() if "{line}" in said}
    assert {n for n, said in titles.items() if "{line}" not in said and "{emergency}" not in said} == set()


@pytest.mark.parametrize(("name", "said"), [("demo", "In England: within 24 hours."), ("us", "How soon?”")])
def test_england_s_times_are_told_where_they_hold_and_how_soon_is_asked_elsewhere(name: str, said: str) -> None:
    library = load(TOP / "content", name)

    shown = render(library, FAMILY, Advise(advice="cord", signs=(), urgency=Urgency.EMERGENCY)).text

    assert said in shown
    assert ("In England" in shown) == (name == "demo")
    assert shown.count("MRI") == 1


def test_a_newer_emergency_forgets_nothing_of_the_older() -> None:
    older = an_emergency("cord", "line", "red_flags/legs", onset="longer").moved(asked=3, shared=True)
    newer = an_emergency("unstable", "ambulance", "words/unstable", onset="today", run=2)

    person, effects = loop.opened(FAMILY.moved(loop=older), newer, newer.at)

    signs = ("red_flags/legs", "words/unstable")
    assert person.loop == newer.moved(signs=signs, onset="longer", at=older.at, shared=True)
    assert effects == [Wake(at=newer.at + loop.SOON, timer="loop", serves="2")]


@pytest.mark.parametrize(
    ("older", "newer", "stays"),
    [
        ("ambulance", "line", "older"),
        ("line", "ambulance", "newer"),
        ("ambulance", "ambulance", "newer"),
        ("own_crisis", "line", "newer"),
        ("line", "crisis", "newer"),
    ],
)
def test_a_call_for_an_ambulance_is_not_replaced_by_a_slower_one(older: str, newer: str, stays: str) -> None:
    first, then = an_emergency("older", older), an_emergency("newer", newer, run=2)

    person, _ = loop.opened(FAMILY.moved(loop=first), then, then.at)

    assert person.loop is not None
    assert (person.loop.advice, person.loop.calls) == (stays, older if stays == "older" else newer)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("today", "week", "week"), ("", "today", "today"), ("longer", "week", "longer"), ("", "", "")],
)
def test_of_two_beginnings_the_earlier_is_told(one: str, other: str, found: str) -> None:
    assert loop.earliest(one, other) == loop.earliest(other, one) == found


@pytest.mark.parametrize("option", sorted(loop.NOT_HELPED))
@pytest.mark.parametrize("shows", [False, True])
def test_no_help_after_all_is_an_emergency_again(option: str, *, shows: bool) -> None:
    told = Report(run=4, signs=("red_flags/legs",), urgency=Urgency.EMERGENCY, advice="cord", at=NOON)
    person = FAMILY.moved(runs=4, report=told, consents=SHOWS if shows else ())

    tap = Tapped(at=NOON + MINUTE, item="reached", option=option, about="4", version="x")
    person, effects = advance(LIBRARY.book, person, tap)

    assert person.loop is not None
    assert (person.loop.signs, person.loop.advice, person.loop.calls) == (told.signs, "cord", "line")
    assert isinstance(effects[0], Advise)
    assert Wake(at=NOON + MINUTE + loop.SOON, timer="loop", serves="4") in effects
    assert [one.run for one in effects if isinstance(one, Alert)] == ([4] if shows else [])
    assert [one.state for one in effects if isinstance(one, Follow)] == ([option] if shows else [])


def test_what_is_not_an_answer_after_an_emergency_opens_nothing() -> None:
    for option in ("here", "on_the_way", "stop", "x"):
        tap = Tapped(at=NOON, item="reached", option=option, about="4", version="x")

        assert advance(LIBRARY.book, FAMILY, tap)[0] == FAMILY


def test_the_team_told_once_is_told_of_worse_and_not_of_the_same() -> None:
    told = Report(run=1, signs=("red_flags/legs",), urgency=Urgency.EMERGENCY, advice="cord", at=NOON, alerted=True)
    open_ = an_emergency("cord", "line", "red_flags/legs").moved(shared=True)
    person = FAMILY.moved(runs=1, report=told, loop=open_)

    worse, effects = advance(LIBRARY.book, person, Said(at=NOON + MINUTE, text="my back hurts"))
    again, more = advance(LIBRARY.book, worse, Said(at=NOON + 20 * MINUTE, text="my back hurts"))

    alerts = [one for one in effects if isinstance(one, Alert)]
    assert [(one.signs, one.advice, one.shared) for one in alerts] == [
        (("red_flags/legs", "words/back_new"), "cord", True)
    ]
    assert not any(isinstance(one, Alert) for one in more)
    assert again.loop is not None
    assert again.loop.shared
