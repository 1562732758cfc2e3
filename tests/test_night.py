"""Nobody is woken: the quiet hours of those whose time zone nobody knows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.alerts import MISSED, told_of
from flows.due import awake, homes, quiet
from flows.person import Person
from tests.talks import LIBRARY
from tests.test_due import ANY_MOMENT, DAY, schedule

COUNTRIES = ("", *sorted(LIBRARY.book.countries))


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(COUNTRIES), st.sampled_from(("apart", "with_them", "")), st.booleans(), ANY_MOMENT)
def test_nobody_is_woken_in_any_zone_where_they_may_be_and_nobody_waits_longer_than_that(
    country: str, near: str, treated_there: bool, at: datetime
) -> None:
    land = LIBRARY.book.countries.get(country)
    site = replace(LIBRARY.book.pathway, country=country, zone=land.zones[-1]) if land and land.zones else None
    book = replace(LIBRARY.book, pathway=site) if site and treated_there else LIBRARY.book
    person = Person(id="P", language="en", role="caregiver", country=country, near=near)

    moment = awake(book, person, at)

    zones = [ZoneInfo(zone) for zone in homes(book, person)]
    if land and len(land.zones) > 1 and (near == "apart" or not treated_there):
        assert {str(zone) for zone in zones} == set(land.zones)
    assert not any(quiet(book.times, moment.astimezone(zone).time()) for zone in zones)
    quarters = [at + n * timedelta(minutes=15) for n in range(-(-(moment - at) // timedelta(minutes=15)))]
    assert all(any(quiet(book.times, one.astimezone(zone).time()) for zone in zones) for one in quarters)


def test_whoever_has_named_a_zone_or_is_treated_in_their_country_lives_by_one_clock() -> None:
    far = Person(id="P", language="en", role="caregiver", country="US", near="apart")
    book = LIBRARY.book
    there = replace(book, pathway=replace(book.pathway, country="US", zone="America/Chicago"))

    assert homes(book, far.moved(schedule=schedule("America/Denver", time(9)))) == ("America/Denver",)
    assert homes(there, far.moved(near="with_them")) == homes(there, far.moved(role="patient")) == ("America/Chicago",)
    assert homes(there, far) == book.countries["US"].zones


@given(ANY_MOMENT)
def test_where_it_is_always_night_somewhere_the_likeliest_zone_counts(at: datetime) -> None:
    long = replace(LIBRARY.book, times=replace(LIBRARY.book.times, quiet_from=time(18), quiet_until=time(10)))
    person = Person(id="P", language="en", role="caregiver", country="US", near="apart")

    moment = awake(long, person, at)

    here = ZoneInfo(LIBRARY.book.countries["US"].zones[0])
    assert at <= moment <= at + DAY
    assert not quiet(long.times, moment.astimezone(here).time())


def coordinator(code: str, zone: str, *, off_duty: bool = False) -> Person:
    return Person(id=code, language="en", staff=True, off_duty=off_duty, schedule=schedule(zone, time(9)))


UP, ASLEEP = "Australia/Sydney", "Europe/London"  # at two at night in London


@pytest.mark.parametrize(
    ("rota", "told"),
    [
        ((("A", UP, False), ("B", ASLEEP, False), ("C", UP, True)), ("A",)),
        ((("B", ASLEEP, False), ("C", UP, True), ("D", ASLEEP, True)), ("C",)),
        ((("B", ASLEEP, False), ("D", ASLEEP, True)), ("B",)),
        ((("C", UP, True), ("D", ASLEEP, True)), ("C",)),
        ((("D", ASLEEP, True), ("E", ASLEEP, True)), ("D", "E")),
        ((), ()),
    ],
)
def test_a_word_about_silence_reaches_whoever_is_on_duty_and_awake_and_always_somebody(
    rota: tuple[tuple[str, str, bool], ...], told: tuple[str, ...]
) -> None:
    there = [coordinator(code, zone, off_duty=off_duty) for code, zone, off_duty in rota]

    assert told_of(LIBRARY.book, MISSED, (), there, datetime(2026, 11, 3, 2, tzinfo=UTC)) == told
