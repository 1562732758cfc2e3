"""Temperatures as people type them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.load import load
from flows.book import Book, Urgency
from flows.measure import COLDEST, HOTTEST, Reading, celsius, measured, sorted_out, unasked

CONTENT = Path(__file__).parent.parent / "content"
BOOKS = {name: load(CONTENT, name).book for name in ("demo", "us", "fr")}
RANKS = {"low": 0, "between": 1, "high": 2}


def read(book: Book, reading: Reading | None) -> str:
    """The option a temperature falls under, empty if it has to be asked for again."""
    found = book.item("red_flags/temperature")
    option = sorted_out(book.pathway, found[1], reading) if found and reading else None
    return option.id if option else ""


def sorted_as(book: Book, degrees: float) -> str:
    """The same, of degrees."""
    return read(book, Reading(degrees))


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("38.2", 38.2),
        ("38,2", 38.2),
        ("38·2", 38.2),
        ("38 2", 38.2),
        ("38", 38.0),
        ("38.25", 38.25),
        ("38.2 or 38.4", 38.4),
        ("37,8,38,5", 38.5),
        ("37 or 37 and a half", 37.5),
        ("38.2.", 38.2),
        ("38.2 C", 38.2),
        ("38.2°C", 38.2),
        ("38.2 degrees celsius", 38.2),
        ("It is 38.2 c, what now?", 38.2),
        ("it was 38.4 at 7", 38.4),
        ("100.8F", 38.2),
        ("100.8 °f", 38.2),
        ("100,8", 38.2),
        ("99.5", 37.5),
        ("98.6 Fahrenheit", 37.0),
        ("77", 25.0),
        ("113", 45.0),
        ("25", 25.0),
        ("45", 45.0),
        ("٣٨.٢", 38.2),
        ("37'9", 37.9),
        ("37’9", 37.9),
        ("37:9", 37.9),
        ("37;9", 37.9),
        ("37-9", 37.9),
        ("38'5 C", 38.5),
        ("37 1/2", 37.5),
        ("37½", 37.5),
        ("37 and a half", 37.5),
        ("99 and a half", 37.5),
    ],
)
def test_a_temperature_is_read_however_it_is_typed(text: str, degrees: float) -> None:
    assert celsius(text) == pytest.approx(degrees, abs=0.03)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hot",
        "thirty-eight",
        "7",
        "38-39",
        "38/39",
        "37, 39",
        "37,39",
        "36. 39",
        "37 39",
        "37 - 9",
        "37'95",
        "37 1/4",
        "382",
        "1038.2",
        "38.222",
        "3.82",
        "24.9",
        "45.1",
        "76.9",
        "113.1",
        "200",
        "38 F",
        "100 C",
        "9" * 4096,
        "38.2 " * 800,
    ],
)
def test_what_is_no_one_temperature_of_a_body_is_not_guessed(text: str) -> None:
    assert celsius(text) is None


@pytest.mark.parametrize(
    "text", ["38.2 for two hours", "100.8 for two hours", "38.2 checked twice", "38.2 from the ear"]
)
def test_a_word_after_the_number_is_no_unit(text: str) -> None:
    assert celsius(text) == pytest.approx(38.2, abs=0.03)


@pytest.mark.parametrize(
    ("name", "text", "option"),
    [
        ("demo", "37.5", "high"),
        ("demo", "37.49", "between"),
        ("demo", "37.4", "between"),
        ("demo", "99.5F", "high"),
        ("demo", "99.4F", "between"),
        ("demo", "36.0", "between"),
        ("demo", "36", "between"),
        ("demo", "35.99", "low"),
        ("demo", "35.9", "low"),
        ("demo", "96.8F", "between"),
        ("demo", "96.7F", "low"),
        ("us", "100.4", "high"),
        ("us", "100.3", "between"),
        ("us", "38.0", "high"),
        ("us", "37.9", "between"),
        ("fr", "38", "high"),
        ("fr", "37,9", "between"),
    ],
)
def test_a_temperature_falls_on_the_pathway_s_side_of_its_threshold(name: str, text: str, option: str) -> None:
    degrees = celsius(text)

    assert degrees is not None
    assert sorted_as(BOOKS[name], degrees) == option


tenths = st.integers(min_value=round(COLDEST * 10), max_value=round(HOTTEST * 10)).map(lambda n: n / 10)
books = st.sampled_from(sorted(BOOKS)).map(BOOKS.__getitem__)


@given(books, tenths)
def test_a_number_and_its_twin_in_fahrenheit_never_differ_in_what_follows_by_more_than_their_rounding(
    book: Book, degrees: float
) -> None:
    twin = celsius(f"{degrees * 9 / 5 + 32:.2f} F")

    assert celsius(f"{degrees:.1f}") == degrees
    assert twin is not None
    assert sorted_as(book, twin) == sorted_as(book, degrees)


@given(books, st.floats(COLDEST, HOTTEST), st.floats(COLDEST, HOTTEST))
def test_the_hotter_of_two_is_never_sorted_below_the_other(book: Book, one: float, other: float) -> None:
    cooler, hotter = sorted((one, other))

    assert RANKS[sorted_as(book, cooler)] <= RANKS[sorted_as(book, hotter)]


@pytest.mark.parametrize(
    ("name", "text", "option"),
    [
        ("demo", "below 36", "low"),
        ("demo", "under 36", "low"),
        ("demo", "it was less than 35.5 C", "low"),
        ("demo", "<36", "low"),
        ("demo", "36 or below", "low"),
        ("us", "under 96.8F", "low"),
        ("demo", "over 38", "high"),
        ("demo", "more than 37.5", "high"),
        ("demo", "38 or more", "high"),
        ("us", "above 100.4", "high"),
        # These tell neither, and are asked for again.
        ("demo", "below 38", ""),
        ("demo", "under 37", ""),
        ("demo", "over 37", ""),
        ("us", "over 37.9", ""),
        ("demo", "37 or more", ""),
        ("demo", "not over 38", ""),
        ("demo", "never below 36", ""),
        ("demo", "wasn't under 36", ""),
        # The place is no limit.
        ("demo", "under arm 38.4", "high"),
        ("demo", "37.2 under the arm", "between"),
    ],
)
def test_more_or_less_than_a_number_is_taken_only_where_it_is_clear(name: str, text: str, option: str) -> None:
    assert read(BOOKS[name], measured(text)) == option


@given(st.text(alphabet=st.sampled_from("0123456789.,·- °CcFf\nadegr")) | st.text())
def test_whatever_is_typed_gives_a_body_s_temperature_or_nothing(text: str) -> None:
    degrees = celsius(text)

    assert degrees is None or COLDEST <= degrees <= HOTTEST


@given(
    st.integers(35, 41),
    st.integers(350, 410).map(lambda n: f"{n / 10:.1f}") | st.integers(35, 41).map(str),
    st.sampled_from([" ", ", ", ",", "; ", "-", "/", " or ", " then ", " to ", "\n", "C, ", " C and "]),
)
def test_of_two_temperatures_the_hotter_is_taken_or_none(one: int, other: str, between: str) -> None:
    spoken = between.strip(" ,;-/\n") != ""
    hotter = {max(float(one), float(other)), *([] if spoken else [None])}

    assert celsius(f"{one}{between}{other}") in hotter
    assert celsius(f"{other}{between}{one}") in hotter


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("demo", "38.4"),
        ("demo", "101.2F"),
        ("demo", "he is 39"),
        ("demo", "She’s 39.5 now!"),
        ("demo", "temp 38,2"),
        ("demo", "37.5"),
        ("demo", "35.9"),
        ("demo", "under 36"),
        ("demo", "36.6 this morning, 39 now"),
        ("demo", "36.6 earlier, 35.2 now"),
        ("demo", "38.6 pm"),
        ("demo", "38'5"),
        ("demo", "35"),
        ("demo", "33.4"),
        ("demo", "temperature of 33"),
        ("demo", "92 F"),
        ("us", "38.0"),
        ("us", "100.4"),
        ("fr", "38"),
    ],
)
def test_a_fever_that_nobody_asked_for_means_what_it_does_when_it_is_asked_for(name: str, text: str) -> None:
    phrase = unasked(BOOKS[name], text)

    assert phrase is not None
    assert (phrase.advice, phrase.urgency) == ("sepsis", Urgency.EMERGENCY)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("demo", "37.4"),
        ("demo", "98.6"),
        ("us", "37.9"),
        ("demo", "07:30"),
        ("demo", "room 39"),
        ("demo", "38 tablets"),
        ("demo", "he is 39 years old"),
        ("demo", "not 38.4"),
        ("demo", "she is 80"),
        ("demo", "below 38"),
        ("demo", "30"),
        ("demo", "31.12"),
        ("demo", "999"),
        ("demo", ""),
    ],
)
def test_a_number_that_is_no_fever_or_says_something_else_calls_for_nothing(name: str, text: str) -> None:
    assert unasked(BOOKS[name], text) is None
