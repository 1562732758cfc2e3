"""How it has been, in words: they tell what the picture shows, and a rise in a sentence."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.pictures import MAX_CAPTION
from content.series import Day, rise
from content.voice import units
from tests.drawings import NOW, said, words
from tests.talks import LIBRARY


def test_the_words_tell_what_the_picture_shows() -> None:
    text = words({6: "2", 5: "6", 3: "3", 1: "5", 0: "not_sure"}, {6: "same", 5: "same", 3: "changed"})

    assert text.splitlines()[:3] == [
        "Pain, last 7 days: between 2 and 6, last 5 (Fri 27 Nov). Answered 5 of 7 days.",
        "Walking: As before: 2 days, Harder, or changed: one day (Wed 25 Nov).",
        "The week before: no number told.",
    ]
    assert text.splitlines()[-7:] == [
        "Sun 22 Nov: pain 2, walking: As before",
        "Mon 23 Nov: pain 6, walking: As before",
        "Tue 24 Nov: no answer",
        "Wed 25 Nov: pain 3, walking: Harder, or changed",
        "Thu 26 Nov: no answer",
        "Fri 27 Nov: pain 5",
        "Sat 28 Nov: pain: not sure",
    ]


@pytest.mark.parametrize(
    ("before", "now", "line"),
    [
        ({8: "4"}, {0: "6"}, "Higher than the week before by 2: the worst pain was 4, now it is 6."),
        ({8: "4"}, {0: "5"}, "Higher than the week before by 1: the worst pain was 4, now it is 5."),
        (
            {8: "6", 9: "1", 10: "1"},
            {0: "6", 1: "5", 2: "6"},
            "Higher than the week before by 3: on average the pain was 2.7, now it is 5.7.",
        ),
        ({8: "7", 9: "5"}, {0: "3"}, "The week before: between 5 and 7."),
        ({8: "3", 9: "3"}, {0: "3"}, "The week before: always 3."),
        ({8: "3"}, {0: "3"}, "The week before: 3, once."),
    ],
)
def test_a_rise_is_said_in_a_sentence_and_a_fall_by_its_numbers_alone(
    before: dict[int, str], now: dict[int, str], line: str
) -> None:
    text = words({**before, **now})

    assert line in text.splitlines()
    assert "lower" not in text
    assert "better" not in text


@pytest.mark.parametrize(("now", "named"), [("5", False), ("6", True), ("9", True)])
def test_from_a_rise_of_two_on_the_big_button_is_named(now: str, named: bool) -> None:
    panic = LIBRARY.book.panic["en"]
    rises = words({8: "4", 0: now}).partition("\n\n")[0]

    assert rises.endswith(panic) == named
    assert panic not in said({8: "4", 0: now}, code="CODE0002")[0].text


@given(st.lists(st.none() | st.integers(0, 10), min_size=14, max_size=14))
def test_a_rise_is_never_passed_over_and_never_made_up(pains: list[int | None]) -> None:
    found = tuple(Day(date=NOW.date() + timedelta(days=n), pain=pain) for n, pain in enumerate(pains))
    before, now = [p for p in pains[:7] if p is not None], [p for p in pains[7:] if p is not None]

    higher = rise(found)

    rises = bool(before and now) and (
        max(now) > max(before) or round(sum(now) / len(now), 1) > round(sum(before) / len(before), 1)
    )
    assert (higher is not None) == rises
    if higher:
        assert 0 < higher.by <= 10


def test_more_than_a_caption_holds_comes_as_a_message_after_it() -> None:
    every = {back: str(back % 11) for back in range(90)}

    photo, rest = said(every, dict.fromkeys(every, "changed"), span=90)

    assert photo.svg
    assert not rest.svg
    assert units(photo.text) <= MAX_CAPTION
    assert rest.text.splitlines()[0] == "Week by week"
    assert len(rest.text.splitlines()) == 14
    assert rest.text.splitlines()[1] == "31 Aug to 5 Sep: pain 0 to 10, 6 days answered, Harder, or changed"
    assert rest.instead == ""
