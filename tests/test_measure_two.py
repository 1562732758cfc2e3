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


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("37 and three quarters", 37.75),
        ("37 three-quarters", 37.75),
        ("37 and a quarter", 37.25),
        ("37 and 3/4", 37.75),
        ("37¾", 37.75),
        ("37 ¼", 37.25),
        ("37 half", 37.5),
        ("38 and a half", 38.5),
        ("38 degrees and a half", 38.5),
        ("37 point eight", 37.8),
        ("37 point eight of a fever", 37.8),
        ("37 eight", 37.8),
        ("37 degrees eight", 37.8),
        ("37 and eight tenths", 37.8),
        ("37 pt 8", 37.8),
        ("100 point four", 38.0),
        ("38 and three quarters of an hour ago he shivered", 38.0),
        ("38 half an hour ago", 38.0),
        ("38 and three tablets", 38.0),
        ("38 two hours ago", 38.0),
    ],
)
def test_tenths_in_words_are_read_and_what_else_is_counted_is_not(text: str, degrees: float) -> None:
    assert celsius(text) == pytest.approx(degrees, abs=0.03)


@pytest.mark.parametrize("text", ["37 and a bit", "37 and a wee bit", "37 point something", "37 point thirty"])
def test_tenths_that_nobody_can_tell_are_asked_for_again(text: str) -> None:
    item = BOOKS["demo"].questionnaires["red_flags"]
    asked = next(one for one in item.items if one.measure)

    assert celsius(text) is None
    assert worst(BOOKS["demo"].pathway, asked, readings(text)) is None
    assert worst(BOOKS["demo"].pathway, asked, readings(text.replace("37", "38"))) is not None


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("37,8\u00baC", 37.8),
        ("37.8\u00ba", 37.8),
        ("38\u00baC", 38.0),
        ("100.4\u00baF", 38.0),
        ("37,8\u02daC", 37.8),
        ("\uff13\uff18\uff0e\uff15", 38.5),
        ("\uff13\uff18\uff0c\uff15", 38.5),
        ("\uff13\uff18.\uff15\u2103", 38.5),
    ],
)
def test_the_marks_of_other_keyboards_are_read(text: str, degrees: float) -> None:
    assert celsius(text) == pytest.approx(degrees, abs=0.03)
