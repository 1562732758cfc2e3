"""How it has been: days from answers, and what is drawn of them."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures import drawn
from bot.sandbox.pictures import picture_size
from content.charts import Chart, pain_and_walking, y
from content.pictures import MAX_CAPTION
from content.series import Day, Told, days
from content.voice import Voice, units
from flows.pictures import SPANS
from tests.drawings import CARER, LONDON, NOW, said, told, week, words
from tests.talks import LIBRARY

SVG = "{http://www.w3.org/2000/svg}"
BLUE, WHITE = (11, 61, 145), (255, 255, 255)


def svg(found: tuple[Day, ...]) -> ElementTree.Element:
    return ElementTree.fromstring(pain_and_walking(Voice(LIBRARY, CARER), found))


def lines(found: tuple[Day, ...]) -> list[list[tuple[float, float]]]:
    """The lines of pain as (x, y)."""
    return [
        [(float(x), float(y)) for x, _, y in (point.partition(",") for point in one.attrib["points"].split())]
        for one in svg(found).iter(f"{SVG}polyline")
    ]


def test_a_day_without_an_answer_is_a_gap_and_no_line_goes_across_it() -> None:
    found = week({6: "2", 5: "4", 3: "6", 1: "1", 0: "0"})
    chart = Chart(found)

    assert lines(found) == [[(chart.x(0), y(2)), (chart.x(1), y(4))], [(chart.x(5), y(1)), (chart.x(6), y(0))]]
    dots = [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in svg(found).iter(f"{SVG}circle")]
    assert dots == [(chart.x(number), y(pain)) for number, pain in ((0, 2), (1, 4), (3, 6), (5, 1), (6, 0))]


def test_a_single_day_is_a_dot_with_its_number() -> None:
    found = week({0: "7"})

    assert lines(found) == []
    assert len(list(svg(found).iter(f"{SVG}circle"))) == 1
    assert [one.text for one in svg(found).iter(f"{SVG}text")].count("7") == 1


def test_without_an_answer_words_say_so_and_nothing_is_drawn() -> None:
    (message,) = said({8: "3"})

    assert message.svg == ""
    assert message.text.startswith("Nothing to show yet")
    assert said({8: "3"}, span=30)[0].svg


def test_the_worst_of_a_day_counts_and_in_one_check_in_the_last_answer() -> None:
    twice = [
        Told(response="1", item="pain", option="8", at=NOW),
        Told(response="1", item="pain", option="3", at=NOW),
        Told(response="2", item="pain", option="5", at=NOW),
        Told(response="1", item="walking", option="changed", at=NOW),
        Told(response="2", item="walking", option="same", at=NOW),
    ]

    today = days(twice, LONDON, NOW, 7)[-1]

    assert (today.pain, today.walking) == (5, "changed")


def test_not_knowing_is_an_answer_and_no_number() -> None:
    today = week({0: "not_sure"}, {0: "not_sure"})[-1]

    assert (today.pain, today.unsure, today.walking, today.answered) == (None, True, "not_sure", True)
    assert "no number told. Answered 1 of 7 days." in words({0: "not_sure"})
    assert "?" in [one.text for one in svg(week({0: "not_sure"})).iter(f"{SVG}text")]


def test_a_question_that_was_skipped_was_not_answered() -> None:
    today = week({0: "skip_cannot"}, {0: "skip_unsaid"})[-1]

    assert not today.answered


def test_days_are_those_of_the_person_s_own_calendar() -> None:
    late = [Told(response="1", item="pain", option="5", at=datetime(2026, 11, 27, 23, 30, tzinfo=UTC))]

    def where(zone: str) -> list[str]:
        return [str(day.date) for day in days(late, zone, NOW, 7) if day.answered]

    assert where(LONDON) == ["2026-11-27"]
    assert where("Asia/Tokyo") == ["2026-11-28"]
    assert days(late, "Asia/Tokyo", NOW, 7)[-1].date.isoformat() == "2026-11-29"


@pytest.mark.parametrize("zone", [LONDON, "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("end", [datetime(2026, 11, 28, 20, tzinfo=UTC), datetime(2026, 4, 26, 22, 30, tzinfo=UTC)])
def test_ninety_days_across_a_clock_change_are_ninety_dates_each_with_its_answer(zone: str, end: datetime) -> None:
    each = [
        Told(response=str(back), item="pain", option=str(back % 11), at=end - timedelta(days=back))
        for back in range(90)
    ]

    found = days(each, zone, end, 90)

    dates = [day.date for day in found]
    assert len(set(dates)) == 90
    assert all(after - before == timedelta(days=1) for before, after in pairwise(dates))
    assert sum(1 for day in found if day.pain is not None) >= 89  # one may move over midnight as the clocks change
    assert found[-1].pain == 0


@given(
    st.dictionaries(st.integers(0, 120), st.sampled_from([*map(str, range(11)), "not_sure"])), st.sampled_from(SPANS)
)
def test_whatever_was_told_fits_the_picture_and_every_number_stands_on_its_day(
    pains: dict[int, str], span: int
) -> None:
    found = days(told(pains, dict.fromkeys(pains, "same")), LONDON, NOW, span)

    assert [day.pain for day in found][::-1] == [
        int(pains[back]) if pains.get(back, "x").isdigit() else None for back in range(span)
    ]
    drawn_dots = [float(one.attrib["cy"]) for one in svg(found).iter(f"{SVG}circle")]
    assert drawn_dots == [y(day.pain) for day in found if day.pain is not None]
    for one in said(pains, span=span):
        assert units(one.text) <= (MAX_CAPTION if one.svg else 4096)


def test_the_picture_names_nobody_and_tells_walking_by_shape_as_well() -> None:
    root = svg(week({0: "3"}, {0: "cannot", 1: "changed", 2: "same", 3: "not_sure"}))
    bars = [one for one in root.iter(f"{SVG}rect") if one.attrib.get("stroke")]

    assert len({(one.attrib["height"], one.attrib["fill"]) for one in bars[:4]}) == 4
    assert bars[2].attrib["fill"] == "url(#lines)"
    assert not any("CODE" in (one.text or "") for one in root.iter())
    shown = [one.text for one in root.iter(f"{SVG}text")]
    assert {"The last 7 days", "As before", "Harder, or changed", "Cannot walk now", "No answer that day"} <= set(shown)
    assert min(int(one.attrib["font-size"]) for one in root.iter(f"{SVG}text")) * 390 / 1080 >= 15


# -- the picture itself


def pixels(png: bytes) -> list[bytes]:
    """The rows of a PNG of 8-bit RGB or RGBA, their filters undone (PNG, 9.2)."""
    width, _, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) in ((8, 2), (8, 6))
    size, at, data = 3 if colour == 2 else 4, 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    raw, found, before = zlib.decompress(data), list[bytes](), bytearray(width * size)
    for start in range(0, len(raw), width * size + 1):
        row, kind = bytearray(raw[start + 1 : start + 1 + width * size]), raw[start]
        for n in range(len(row)):
            left, corner = (row[n - size], before[n - size]) if n >= size else (0, 0)
            row[n] = (row[n] + _predicted(kind, left, before[n], corner)) % 256
        found.append(bytes(row))
        before = row
    return [bytes(byte for n, byte in enumerate(row) if n % size < 3) for row in found]


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    paeth = min((left, up, corner), key=lambda one: abs(guess - one))
    return (0, left, up, (left + up) // 2, paeth)[kind]


def test_the_png_is_as_wide_as_it_must_be_and_shows_the_line_the_gap_and_the_words() -> None:
    found = week({6: "4", 5: "4", 3: "4", 2: "4"})
    png = drawn(pain_and_walking(Voice(LIBRARY, CARER), found))
    assert png is not None
    rows, chart = pixels(png), Chart(found)

    def colour(x: float, y: float) -> tuple[int, ...]:
        return tuple(rows[int(y)][int(x) * 3 : int(x) * 3 + 3])

    assert picture_size(png) == (1080, 1316)
    assert len(png) < 200_000
    assert [colour(chart.x(number), y(4)) for number in (0, 1, 3, 4)] == [BLUE] * 4
    assert colour((chart.x(0) + chart.x(1)) / 2, y(4)) == BLUE
    assert colour(chart.x(2), y(4)) != BLUE
    assert colour(chart.x(5), y(3)) == WHITE
    title = {colour(x, y) for x in range(30, 420) for y in range(30, 90)}
    assert (17, 17, 17) in title, "no letters: the font is not there"


def test_what_cannot_be_drawn_is_none_and_no_failure() -> None:
    assert drawn("<svg") is None
