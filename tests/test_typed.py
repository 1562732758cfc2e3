"""What people mean when they type a time, days or a date."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.typed import read_clock, read_date, read_days, seen
from tests.talks import LIBRARY

TODAY = date(2026, 11, 28)
COUNTRIES = sorted(LIBRARY.book.countries)
TWO_WAYS = ("CA", "HU", "LT", "SE", "other")  # written by themselves, both orders are in use there
DAY_FIRST = ("{d}/{m}", "{d}.{m}.", "{d:02}.{m:02}.", "{d}-{m}", "{d}.{m}.{y}", "{d}/{m}/{s:02}", "{d:02}-{m:02}-{y}")
MONTH_FIRST = ("{m}/{d}", "{m:02}/{d:02}", "{m}-{d}-{y}", "{m}.{d}", "{m}/{d}/{s:02}", "{m}/{d}/{y}")
YEAR_FIRST = ("{s:02}-{m:02}-{d:02}", "{m:02}-{d:02}", "{m:02}.{d:02}.")
SURE = (
    "{y}-{m:02}-{d:02}",
    "{d} {name}",
    "{d} {name} {y}",
    "{name} {d}",
    "{d}. {name}",
    "{name} {d}, {y}",
    "{d}{name}",
)
AS_WRITTEN = [(one, how) for one in COUNTRIES if one != "US" for how in DAY_FIRST]
AS_WRITTEN += [(one, how) for one in ("US", *TWO_WAYS) for how in MONTH_FIRST]
AS_WRITTEN += [(one, how) for one in TWO_WAYS for how in YEAR_FIRST]
UNSEEN = "\u200b\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u061c\u00ad\ufeff\u0000\U000e0041"
NEAR_DAYS = st.integers(-170, 170).map(lambda days: TODAY + timedelta(days=days))
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
        ("3rd of Dec", "2026-12-03"), ("Dec 3", "2026-12-03"), ("03.12.", "2026-12-03"), ("3.12.2026", "2026-12-03"),
        ("2026/12/03", "2026-12-03"), ("2026.12.03.", "2026-12-03"), ("29 Feb 2028", "2028-02-29"),
        ("\u200e12/12/2026", "2026-12-12"), ("3 D\u00adec", "2026-12-03"),
        ("0 Dec", None),
        ("3 13", None), ("3.13.", None), ("0.12.", None), ("2026-12-03T10:00", None), ("3/12.26", None),
        ("26-12-03", None), ("29 Feb 2027", None), ("00-00-00", None), ("3 Dec Jan", None), ("32 Dec", None),
        ("31 Feb", None), ("30.2.", None), ("someday", None), ("12", None), ("", None), ("12 Foo", None),
    ],
)  # fmt: skip
def test_typed_dates_are_understood_and_not_guessed(text: str, day: str | None) -> None:
    found = read_date(text, date(2026, 11, 28))

    assert found == (date.fromisoformat(day) if day else None)


def test_a_date_in_numbers_is_read_as_it_is_where_somebody_lives() -> None:
    assert read_date("12/1", date(2026, 11, 28)) == date(2027, 1, 12)
    assert read_date("12/1", date(2026, 11, 28), "US") == date(2026, 12, 1)


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(AS_WRITTEN), NEAR_DAYS)
def test_a_date_written_as_people_do_in_a_country_is_read_right_or_asked_again(way: tuple[str, str], day: date) -> None:
    country, how = way

    assert read_date(written(day, how), TODAY, country) in (day, None)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(COUNTRIES), st.sampled_from(SURE), NEAR_DAYS)
def test_a_date_that_can_be_but_one_day_is_read_in_every_country(country: str, how: str, day: date) -> None:
    assert read_date(written(day, how), TODAY, country) == day


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(COUNTRIES), st.integers(0, 99), st.sampled_from("./-"), st.integers(0, 99))
def test_two_numbers_are_a_day_only_where_the_calendar_has_it(country: str, one: int, mark: str, other: int) -> None:
    found = read_date(f"{one}{mark}{other}", TODAY, country)

    assert found is None or {found.day, found.month} == {one, other}


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(COUNTRIES), st.sampled_from(SURE), NEAR_DAYS, st.sampled_from(UNSEEN), st.integers(0, 20))
def test_what_nobody_sees_changes_no_date(country: str, how: str, day: date, sign: str, at: int) -> None:
    text = written(day, how)

    assert read_date(f"{text[:at]}{sign}{text[at:]}", TODAY, country) == day


@given(st.text(), st.sampled_from(UNSEEN))
def test_what_nobody_sees_is_dropped_and_all_else_stays(text: str, sign: str) -> None:
    kept = seen(f"{sign}{text}{sign}")

    assert sign not in kept
    assert kept == seen(text)
    assert seen("Größe 2 µg\n‘zwei’ 👍🏽 ٣") == "Größe 2 µg\n‘zwei’ 👍🏽 ٣"


def written(day: date, how: str) -> str:
    """A day in numbers, or with the name of its month."""
    return how.format(d=day.day, m=day.month, y=day.year, s=day.year % 100, name=f"{day:%b}")
