"""What people mean when they type a time, days or a date."""

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.typed import read_clock, read_date, read_days

ANY_CLOCK = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8", time(8)), ("08:30", time(8, 30)), ("8.30", time(8, 30)), ("0830", time(8, 30)), ("8h30", time(8, 30)),
        ("8 30", time(8, 30)), ("830", time(8, 30)), ("1230", time(12, 30)), (" 7:05 ", time(7, 5)), ("8h", time(8)),
        ("8 pm", time(20)), ("8pm", time(20)), ("8 P.M.", time(20)), ("8.30 am", time(8, 30)), ("12 am", time(0)),
        ("12 pm", time(12)), ("12:30 am", time(0, 30)), ("0:00", time(0)), ("23:59", time(23, 59)),
        ("٠٨:٣٠", time(8, 30)),
        ("8:30h", time(8, 30)),
    ],
)  # fmt: skip
def test_a_typed_time_is_understood(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    "text",
    ["", "24:00", "25", "8:60", "13 pm", "0 pm", "half past eight", "8:5", "12345", "-8", "²", "8:30:15",
     "every day", "08:30 or 9", "tomorrow", "noon"],
)  # fmt: skip
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    assert read_clock(text) is None


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(ANY_CLOCK)
def test_a_time_the_bot_would_write_is_read_back(clock: time) -> None:
    assert read_clock(f"{clock:%H:%M}") == read_clock(f"{clock:%H%M}") == clock


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon thu", "03"), ("Mon, Thu", "03"), ("Mondays and Thursdays", "03"), ("mon-fri", "01234"),
        ("daily", "0123456"),
        ("every day", "0123456"), ("weekends", "56"), ("fri to mon", "0456"), ("tues/weds", "12"), ("no", ""),
        ("", ""), ("soon", ""), ("mon 9", ""), ("money", ""),
        ("each day", "0123456"), ("all days", "0123456"), ("on every day", "0123456"), ("every Monday", "0"),
        ("every other day", ""), ("every second day", ""), ("every 3rd day", ""), ("every day except Sunday", ""),
        ("every day but sun", ""), ("every day 9", ""), ("every Monday of the month", ""), ("all mondays", ""),
        ("every other monday", ""), ("daily not mon", ""), ("every day sunday", ""), ("every day of two", ""),
    ],
)  # fmt: skip
def test_typed_days_are_understood_and_not_guessed(text: str, days: str) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 Dec", "2026-12-12"), ("Dec 12", "2026-12-12"), ("12.12.", "2026-12-12"), ("12.12.26", "2026-12-12"),
        ("in 5 days", "2026-12-03"), ("2 weeks", "2026-12-12"), ("tomorrow", "2026-11-29"), ("Friday", "2026-12-04"),
        ("2026-12-12", "2026-12-12"), ("12th of December 2027", "2027-12-12"), ("5 Jan", "2027-01-05"),
        ("1 Nov", "2026-11-01"), ("until 3 Dec", "2026-12-03"), ("Saturday", "2026-12-05"),
        ("31 Feb", None), ("30.2.", None), ("someday", None), ("12", None), ("", None), ("12 Foo", None),
    ],
)  # fmt: skip
def test_typed_dates_are_understood_and_not_guessed(text: str, day: str | None) -> None:
    found = read_date(text, date(2026, 11, 28))

    assert found == (date.fromisoformat(day) if day else None)


def test_a_date_in_numbers_is_read_as_it_is_where_somebody_lives() -> None:
    assert read_date("12/1", date(2026, 11, 28)) == date(2027, 1, 12)
    assert read_date("12/1", date(2026, 11, 28), month_first=True) == date(2026, 12, 1)
