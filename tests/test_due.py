"""When check-ins are due, in every zone, and what people mean by what they type."""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.book import Times
from flows.due import next_due, quiet, resumes, slot
from flows.person import Schedule
from flows.zones import read_zones
from tests.talks import LIBRARY

ZONES = sorted(available_timezones())
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2035, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NIGHT = Times(clocks=(), quiet_from=time(22), quiet_until=time(7))
ANY_CLOCK = st.builds(time, st.integers(0, 23), st.integers(0, 59))
ANY_DAYS = st.sets(st.sampled_from("0123456"), min_size=1).map(lambda days: "".join(sorted(days)))
ANY_DATE = st.dates(FIRST.date(), LAST.date())
ANY_MOMENT = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))


def schedule(zone: str, clock: time, days: str = "0123456") -> Schedule:
    return Schedule(version=1, days=days, clock=f"{clock:%H:%M}", zone=zone)


def dues(of: Schedule, start: datetime, end: datetime) -> list[datetime]:
    """Every time a check-in is due, each found from the one before."""
    found = [next_due(of, start)]
    while found[-1] <= end:
        found.append(next_due(of, found[-1]))
    return found[:-1]


def wanted(of: Schedule, start: datetime, end: datetime) -> list[datetime]:
    """The same, from the calendar: each chosen day's time, the first of two, and a skipped one as late as the jump."""
    zone, clock = ZoneInfo(of.zone), time.fromisoformat(of.clock)
    day, found = start.astimezone(zone).date() - 2 * DAY, []
    while day <= end.astimezone(zone).date() + DAY:
        if str(day.weekday()) in of.days:
            found.append(datetime.combine(day, clock, zone).astimezone(UTC))
        day += DAY
    return [moment for moment in found if start < moment <= end]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), ANY_CLOCK, ANY_DAYS, ANY_MOMENT)
def test_a_check_in_is_due_once_on_each_chosen_day_and_never_twice(
    zone: str, clock: time, days: str, start: datetime
) -> None:
    chosen = schedule(zone, clock, days)
    end = start + 60 * DAY

    found = dues(chosen, start, end)

    assert found == wanted(chosen, start, end)
    assert all(earlier < later for earlier, later in pairwise(found))


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), ANY_CLOCK, ANY_DAYS, ANY_MOMENT)
def test_the_next_time_is_later_and_shows_the_chosen_clock_or_comes_as_late_as_the_clocks_jumped(
    zone: str, clock: time, days: str, start: datetime
) -> None:
    due = next_due(schedule(zone, clock, days), start)

    local = due.astimezone(ZoneInfo(zone))
    assert start < due <= start + 9 * DAY
    if local.time() != clock:
        before = (due - timedelta(hours=3)).astimezone(ZoneInfo(zone))
        jumped = (local.utcoffset() or DAY) - (before.utcoffset() or DAY)
        asked_for = local.replace(tzinfo=None) - jumped
        assert jumped > timedelta(0)
        assert asked_for.time() == clock
        local = asked_for.replace(tzinfo=ZoneInfo(zone))
    assert str(local.weekday()) in days
    assert local.fold == 0


@pytest.mark.parametrize(
    ("zone", "clock", "after", "due"),
    [
        ("Europe/London", time(9), "2026-11-02T08:00", "2026-11-02T09:00"),
        ("Europe/London", time(9), "2026-11-02T09:00", "2026-11-03T09:00"),  # later, not at once again
        ("Europe/London", time(1, 30), "2027-03-28T00:00", "2027-03-28T01:30"),  # skipped: 02:30 on the wall
        ("Europe/London", time(1, 30), "2027-03-28T01:30", "2027-03-29T00:30"),
        ("Europe/London", time(1, 30), "2026-10-25T00:00", "2026-10-25T00:30"),  # shown twice: the first
        ("Europe/London", time(1, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
        ("Africa/Cairo", time(0, 30), "2027-04-29T12:00", "2027-04-29T22:30"),  # midnight itself is skipped
        ("Asia/Kathmandu", time(8), "2026-11-02T00:00", "2026-11-02T02:15"),
        ("Pacific/Kiritimati", time(8), "2026-11-02T00:00", "2026-11-02T18:00"),
        ("Australia/Lord_Howe", time(2, 15), "2026-10-03T12:00", "2026-10-03T15:45"),  # jumps by half an hour
    ],
)
def test_clock_changes_neither_lose_nor_double_a_check_in(zone: str, clock: time, after: str, due: str) -> None:
    found = next_due(schedule(zone, clock), datetime.fromisoformat(after).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_schedule_without_days_or_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 2)  # noqa: DTZ001

    with pytest.raises(ValueError, match="aware"):
        next_due(schedule("UTC", time(9)), naive)
    with pytest.raises(ValueError, match="day"):
        next_due(schedule("UTC", time(9), days=""), FIRST)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Madrid", "Europe/Madrid"), ("europe/madrid", "Europe/Madrid"), ("Madrid", "Europe/Madrid"),
        (" new york ", "America/New_York"), ("Los Angeles", "America/Los_Angeles"), ("UTC", "UTC"),
        ("Madrid.", "Europe/Madrid"), ("japan", "Japan"),
    ],
)  # fmt: skip
def test_a_typed_place_is_a_zone(text: str, zone: str) -> None:
    assert read_zones(LIBRARY.book, "", text, FIRST) == (zone,)


@pytest.mark.parametrize(
    "text",
    ["", "the house by the sea", "Factory", "localtime", "posixrules", "../etc/passwd", "😀", "GMT+5", "EST", "etc"],
)
def test_a_place_nobody_knows_is_asked_again(text: str) -> None:
    assert read_zones(LIBRARY.book, "", text, FIRST) == ()


def test_the_time_a_clock_shows_names_a_zone_of_the_patients_country_first() -> None:
    noon = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    assert read_zones(LIBRARY.book, "", "12:05", noon) == ("Europe/London",)
    assert read_zones(LIBRARY.book, "IE", "12:05", noon) == ("Europe/Dublin",)
    assert read_zones(LIBRARY.book, "US", "7:03 am", noon) == ("America/New_York",)
    assert read_zones(LIBRARY.book, "IN", "17:25", noon) == ("Asia/Kolkata",)
    assert "Europe/Madrid" in read_zones(LIBRARY.book, "GB", "13:00", noon) or "Europe/Paris" in read_zones(
        LIBRARY.book, "GB", "13:00", noon
    )


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(sorted({zone for land in LIBRARY.book.countries.values() for zone in land.zones})), ANY_MOMENT)
def test_the_zone_a_clock_names_shows_that_time(zone: str, at: datetime) -> None:
    local = at.astimezone(ZoneInfo(zone))

    found = read_zones(LIBRARY.book, "", f"{local:%H:%M}", at)

    assert found
    assert all(at.astimezone(ZoneInfo(one)).time() == local.time() for one in found)


@pytest.mark.parametrize(
    ("clock", "hushed"),
    [
        (time(21, 59), False), (time(22), True), (time(23, 59), True), (time(0), True), (time(6, 59), True),
        (time(7), False), (time(12), False),
    ],
)  # fmt: skip
def test_quiet_hours_span_midnight_and_end_on_the_hour(clock: time, hushed: bool) -> None:
    assert quiet(NIGHT, clock) is hushed


@pytest.mark.parametrize(
    ("clock", "hushed"), [(time(12, 59), False), (time(13), True), (time(14), True), (time(15), False)]
)
def test_quiet_hours_may_be_within_a_day(clock: time, hushed: bool) -> None:
    siesta = Times(clocks=(), quiet_from=time(13), quiet_until=time(15))

    assert quiet(siesta, clock) is hushed


def test_the_days_of_the_calendar_are_the_days_of_the_schedule() -> None:
    monday = date(2026, 11, 2)

    due = next_due(schedule("UTC", time(9), days="0"), FIRST)

    assert due.date().weekday() == monday.weekday() == 0


def once(zone: str, clock: time, days: str, start: datetime, end: datetime, second: str = "") -> None:
    """What the clocks of the zone show when a check-in is due, for every due time from one day to another."""
    chosen = schedule(zone, clock, days).moved(second=second)
    at, seen = next_due(chosen, start), list[str]()
    while at <= end:
        asked = slot(chosen, at)
        here = at.astimezone(ZoneInfo(zone))
        late = here.replace(tzinfo=None) - datetime.fromisoformat(asked)
        assert timedelta(0) <= late <= DAY, f"{zone}: {asked} comes at {here}"
        if late:  # the clocks jumped over it, as far as it is late
            before = (datetime.fromisoformat(asked).replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
            assert before == at
        assert here.fold == 0, f"{zone}: {asked} comes the second time"
        seen.append(asked)
        chosen = chosen.moved(slot=asked)
        at = next_due(chosen, at)
    clocks = sorted({f"{clock:%H:%M}", *([second] if second else [])})
    first, last = date.fromisoformat(seen[0][:10]), date.fromisoformat(seen[-1][:10])
    calendar = [first + n * DAY for n in range((last - first).days + 1)]
    wanted_ = [f"{day}T{one}" for day in calendar if str(day.weekday()) in days for one in clocks]
    started = wanted_.index(seen[0])
    assert seen == wanted_[started : started + len(seen)], f"{zone}: a day is missing or doubled"


@cache
def alike(zones: tuple[str, ...]) -> list[str]:
    """One zone of each way through the ten years, told from how far from UTC it is every fourth day."""
    found: dict[object, str] = {}
    days = [FIRST + n * DAY for n in range(0, (LAST - FIRST).days, 4)]
    for zone in zones:
        found.setdefault(tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in days), zone)
    return list(found.values())


LONG = bool(os.environ.get("BACKWATCH_EVERY_ZONE"))


def test_in_every_zone_through_ten_years_each_chosen_day_is_asked_once_and_no_other() -> None:
    zones = ZONES if LONG else alike(tuple(ZONES))
    for n, zone in enumerate(zones):  # the short form: a time for each; the long one: every zone, every half hour
        clocks = [time(hour, minute) for hour in range(24) for minute in (0, 30)] if LONG else [time(n % 24, 30)]
        for clock in clocks:
            once(zone, clock, "0123456", FIRST, LAST)


def test_twice_a_day_is_never_less_than_an_hour_apart() -> None:
    for n, zone in enumerate(alike(tuple(ZONES))):
        chosen = schedule(zone, time(n % 20, 15)).moved(second=f"{n % 20 + 4:02}:15")
        found = dues(chosen, FIRST, FIRST + 366 * DAY)
        assert all(later - earlier >= timedelta(hours=1) for earlier, later in pairwise(found)), zone
        assert len(found) in (731, 732, 733), zone


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [("Pacific/Apia", "2011-12-30"), ("Pacific/Fakaofo", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")],
)
def test_a_day_that_a_zone_skipped_is_asked_a_day_later_and_once(zone: str, skipped: str) -> None:
    gone = date.fromisoformat(skipped)
    start = datetime.combine(gone, time(0), UTC) - 3 * DAY

    daily = dues(schedule(zone, time(9)), start, start + 7 * DAY)
    days = [due.astimezone(ZoneInfo(zone)).date() for due in daily]
    alone = dues(schedule(zone, time(9), str(gone.weekday())), start, start + 7 * DAY)

    assert gone not in days
    assert len(days) == len(set(days))
    assert [later - earlier for earlier, later in pairwise(days)].count(2 * DAY) == 1
    assert [due.astimezone(ZoneInfo(zone)).date() for due in alone] == [gone + DAY]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.sampled_from(ZONES), ANY_CLOCK, ANY_DAYS, st.integers(0, 70)), min_size=1), ANY_MOMENT)
def test_whoever_travels_or_changes_times_is_never_asked_twice_for_one_day_and_time(
    moves: list[tuple[str, time, str, int]], start: datetime
) -> None:
    at, asked, chosen = start, list[str](), schedule("UTC", time(9))
    for zone, clock, days, hours in moves:
        chosen = chosen.moved(zone=zone, clock=f"{clock:%H:%M}", days=days)
        until = at + timedelta(hours=hours)
        while (due := next_due(chosen, at)) <= until:
            asked.append(slot(chosen, due))
            chosen, at = chosen.moved(slot=asked[-1], asked=due.isoformat()), due
        at = until

    assert len(asked) == len(set(asked))
    assert asked == sorted(asked)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), ANY_DATE, ANY_CLOCK)
def test_a_pause_ends_on_its_day_in_every_zone_and_not_in_the_quiet_hours(zone: str, day: date, clock: time) -> None:
    chosen = schedule(zone, clock)

    ends = resumes(NIGHT, zone, day)

    here = ends.astimezone(ZoneInfo(zone))
    assert here.date() == day
    assert not quiet(NIGHT, here.time())
    if not quiet(NIGHT, clock):
        assert next_due(chosen, ends - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() == day
