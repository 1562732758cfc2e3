"""What a what-to-do screen and a "Why?" always say: the call twice, who has checked, and who disagrees."""

from dataclasses import replace

import pytest

from content.render import render
from content.voice import Voice
from flows.book import Sentence, Urgency
from flows.effects import Advise, Cite, Toast
from flows.person import Person, Report
from tests.talks import LIBRARY, START

READERS = [
    Person(id="", language="en", role="caregiver", near="with_them"),
    Person(id="", language="en", role="caregiver", near="apart"),
    Person(id="", language="en", role="patient"),
]
UNCHECKED = "No clinician has checked these words yet."
CHECKED = "A clinician has checked these words."
CANNOT_WAIT = [name for name, one in LIBRARY.book.advice.items() if one.urgency >= Urgency.URGENT]


def shown(effect: Advise | Cite, reader: Person = READERS[0]) -> str:
    return render(LIBRARY, reader, effect).text


@pytest.mark.parametrize("name", CANNOT_WAIT)
def test_the_call_stands_at_both_ends_of_a_screen_that_cannot_wait(name: str) -> None:
    for reader in READERS:
        lines = shown(Advise(advice=name, signs=(), urgency=LIBRARY.book.advice[name].urgency), reader).split("\n")

        assert lines[0] == lines[-1] != ""


@pytest.mark.parametrize("name", LIBRARY.book.advice)
def test_every_screen_and_every_why_says_that_no_clinician_has_checked_it(name: str) -> None:
    assert UNCHECKED in shown(Advise(advice=name, signs=(), urgency=LIBRARY.book.advice[name].urgency))
    assert UNCHECKED in shown(Cite(about=f"advice/{name}"))


def test_a_screen_counts_as_checked_once_all_that_it_rests_on_is() -> None:
    cord = LIBRARY.book.advice["cord"]
    names = {ref.partition("#")[0] for part in (cord.do, cord.say, cord.watch) for one in part for ref in one.sources}
    known = dict(LIBRARY.book.sources)
    signed = {name: replace(known[name], reviewed_by="A. Nurse, spine nurse") for name in sorted(names)}
    cite = Cite(about="advice/cord")

    some = replace(LIBRARY, book=replace(LIBRARY.book, sources=known | dict([*signed.items()][1:])))
    every = replace(LIBRARY, book=replace(LIBRARY.book, sources=known | signed))

    assert len(signed) > 1
    assert UNCHECKED in render(some, READERS[0], cite).text
    assert CHECKED in render(every, READERS[0], cite).text


@pytest.mark.parametrize("name", LIBRARY.conflicts)
def test_whoever_asks_why_is_told_where_sources_disagree_and_who_is_followed(name: str) -> None:
    conflict, words = LIBRARY.conflicts[name], LIBRARY.words["en"]
    winners = {LIBRARY.book.sources[one.partition("#")[0]].publisher for one in conflict.won}

    for place in (place for place in conflict.where if not place.startswith("treatments/")):
        text = shown(Cite(about=place.partition("#")[0]))

        assert words[f"conflict.{name}.about"] in text
        assert all(words[f"conflict.{name}.{position.words}"] in text for position in conflict.positions)
        after = text.partition(words[f"conflict.{name}.about"])[2]
        assert ("We follow" in after) == bool(winners)
        assert all(winner in after.partition("We follow")[2] for winner in winners)


def test_who_is_the_patient_is_told_what_is_for_those_with_them_and_those_apart() -> None:
    for only in ("apart", "together"):
        told = [Voice(LIBRARY, reader).meant(Sentence(id="x", sources=(), only=only)) for reader in READERS]

        assert told == [only == "together", only == "apart", True]
        patient = READERS[2].moved(near="apart" if only == "together" else "with_them")
        assert Voice(LIBRARY, patient).meant(Sentence(id="x", sources=(), only=only))


def test_a_notice_names_the_number_where_the_patient_is_or_where_the_reader_is_who_is_in_danger() -> None:
    far = READERS[1].moved(country="US")
    danger = Report(run=1, signs=("red_flags/mood#me",), urgency=Urgency.EMERGENCY, advice="suicide_self", at=START)
    notice = Toast(words="toast.noted_emergency", alert=True)

    assert render(LIBRARY, far, notice).text == "I have noted that. Call now: 911"
    assert render(LIBRARY, far.moved(report=danger), notice).text == "I have noted that. Call now: 112"
    assert render(LIBRARY, far.moved(report=danger, role="patient"), notice).text == "I have noted that. Call now: 911"
