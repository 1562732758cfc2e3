"""Two temperatures in one text, or one beside a pulse, a dose or a date."""

import pytest

from flows.measure import celsius, readings, unasked, worst
from tests.test_measure import BOOKS

TWO = [
    "38.6 not 36.6",
    "36.6 no sorry 38.6",
    "36.6 this morning, 38.6 now",
    "36.6 no 38.6",
    "36.6, sorry, 38.6",
    "not 36.6, 38.6",
    "no, it was 38.6",
    "38.6 now, it was 36.6",
    "36.6/38.6",
    "36,6 38,6",
    "36.6 then 38.6 at 22:15",
    "38.6 or 38.4",
    "97.9 this morning, 101.5 now",
    "it went from 37 to 38.6",
    "38.6 isn't 36.6",
    "38.6C (101.5F)",
]
BESIDE = [
    "38.6 pulse 110",
    "pulse is 110, 38.6",
    "38.6, hr 99",
    "38.6 and 100 bpm",
    "38.6 bp 110/80",
    "bp 110 over 80, 38.6",
    "38.6 after 40 mg dex",
    "38.6, took 40 of dex",
    "dex 40, 38.6",
    "38.6 on 26/11",
    "38.6 on 31.12",
    "38.6 on 28 November",
    "38.6 on the 28th",
    "November 28: 38.6",
    "38.6, sats 95",
    "38.6 and he is 41 years old",
    "38.6 after 2 paracetamol 500 mg",
]


@pytest.mark.parametrize("text", [*TWO, *BESIDE])
def test_the_hotter_counts_asked_or_not_and_nothing_else_that_is_measured_does(text: str) -> None:
    phrase = unasked(BOOKS["demo"], text)

    assert celsius(text) == pytest.approx(38.6, abs=0.03)
    assert phrase is not None
    assert phrase.advice == "sepsis"


@pytest.mark.parametrize("text", [text.replace("38.6", "36.8") for text in BESIDE])
def test_no_date_dose_pulse_or_pressure_beside_a_temperature_is_a_fever(text: str) -> None:
    assert celsius(text) == 36.8
    assert unasked(BOOKS["demo"], text) is None


@pytest.mark.parametrize("text", ["pulse 99", "bp 110/80", "blood pressure 110 over 80", "bp is 100 over 70", "26/11"])
def test_what_else_is_measured_is_no_temperature_of_its_own(text: str) -> None:
    assert celsius(text) is None
    assert unasked(BOOKS["demo"], text) is None


def test_of_one_too_hot_and_one_too_cold_nothing_is_lost() -> None:
    item = BOOKS["demo"].questionnaires["red_flags"]
    asked = next(one for one in item.items if one.measure)
    told = [worst(BOOKS["demo"].pathway, asked, readings(text)) for text in ("36.6, 35.2 now", "38.6, 35.2 now")]

    assert [(one[0].celsius, one[1].id) for one in told if one] == [(35.2, "low"), (38.6, "high")]


def test_the_hottest_that_it_is_not_is_asked_for_again() -> None:
    assert celsius("36.6 not 38.6") is None
    assert unasked(BOOKS["demo"], "36.6 not 38.6") is None
