"""Nobody is woken: the quiet hours of those whose time zone nobody knows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.alerts import MISSED, told_of
from flows.due import awake, happens, home, homes, quiet
from flows.effects import Say, Wake
from flows.events import CameDue
from flows.person import Consent, Person, Reminder
from flows.reminders import TICK, came_due, kept, wake
from tests.talks import LIBRARY, START
from tests.test_due import ANY_MOMENT, DAY, schedule

WIDE = tuple(name for name, land in LIBRARY.book.countries.items() if len(land.zones) > 1)
LEAVE = ("keep", "show", "remind")
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


def test_what_waits_for_day_everywhere_is_told_at_once_when_a_zone_is_named_where_it_is_day() -> None:
    book, given_ = LIBRARY.book, (Consent(permission=name, given=True, version="x", at=START) for name in LEAVE)
    pills = Reminder(kind="medicine", by="N", number=1, days="0123456", clock="08:00", told=START)
    apart = Person(id="P", language="en", role="caregiver", country="US", near="apart", consents=tuple(given_))
    apart = apart.moved(reminders=(pills,))
    due = wake(book, apart, START)
    assert due is not None
    at = due.at + timedelta(hours=1)

    named, effects = kept(book, apart, apart.moved(schedule=schedule("America/New_York", time(9))), [], at)

    [timer] = effects
    assert timer == replace(due, at=at + TICK)
    _, effects = came_due(book, named, CameDue(at=at + TICK, timer="remind", serves=due.serves))
    assert [one.words for one in effects if isinstance(one, Say)] == ["reminder.medicine"]


def test_whoever_has_named_a_zone_or_is_treated_in_their_country_lives_by_one_clock() -> None:
    far = Person(id="P", language="en", role="caregiver", country="US", near="apart")
    book = LIBRARY.book
    there = replace(book, pathway=replace(book.pathway, country="US", zone="America/Chicago"))

    assert homes(book, far.moved(schedule=schedule("America/Denver", time(9)))) == ("America/Denver",)
    assert homes(book, far.moved(ended=schedule("America/Denver", time(9)))) == ("America/Denver",)
    ended = far.moved(
        schedule=schedule("America/Denver", time(9)), ended=schedule("America/Boise", time(9))
    ).unscheduled()
    assert (ended.schedule, homes(book, ended), home(book, ended)) == (None, ("America/Denver",), "America/Denver")
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


def told(person: Person, days: int) -> list[tuple[str, datetime]]:
    """What of the reminders is told, and when, if every timer goes off in time."""
    book, said = LIBRARY.book, list[tuple[str, datetime]]()
    timer = wake(book, person, START)
    while timer is not None and timer.at < START + days * DAY:
        person, effects = came_due(book, person, CameDue(at=timer.at, timer=timer.timer, serves=timer.serves))
        said += [(one.words, timer.at) for one in effects if isinstance(one, Say)]
        timer = next((one for one in effects if isinstance(one, Wake)), None)
    return said


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(WIDE), st.integers(7, 21), st.integers(0, 23))
def test_what_the_team_set_is_told_each_day_where_it_is_night_in_some_zone_when_it_is_due(
    country: str, hour: int, begins: int
) -> None:
    book, given_ = LIBRARY.book, (Consent(permission=name, given=True, version="x", at=START) for name in LEAVE)
    apart = Person(id="P", language="en", role="caregiver", country=country, near="apart", consents=tuple(given_))
    pills = Reminder(kind="medicine", by="N", number=1, days="0123456", clock=f"{hour:02}:00", told=START)
    scan = Reminder(kind="appointment", by="N", number=2, day="2026-11-05", clock=f"{begins:02}:00", told=START)

    said = told(apart.moved(reminders=(pills, scan)), 8)

    medicine = [at for words, at in said if words == "reminder.medicine"]
    assert len(medicine) >= 7
    assert all(later - earlier < 2 * DAY for earlier, later in pairwise(medicine))
    assert not any(
        quiet(book.times, at.astimezone(ZoneInfo(zone)).time()) for _, at in said for zone in homes(book, apart)
    )
    coming = [at for words, at in said if words.startswith("reminder.appointment")]
    assert coming
    assert max(coming) < happens(book, home(book, apart), scan)


def test_a_medicine_missed_before_the_night_is_told_once_in_the_morning_and_one_late_by_day_is_not() -> None:
    book, given_ = LIBRARY.book, tuple(Consent(permission=name, given=True, version="x", at=START) for name in LEAVE)
    person = Person(id="P", language="en", role="caregiver", consents=given_)
    said = list[list[str]]()
    for clock, late in (("20:30", timedelta(hours=11)), ("09:00", timedelta(hours=5))):
        pills = Reminder(kind="medicine", by="N", number=1, days="0123456", clock=clock, told=START)
        due = wake(book, person.moved(reminders=(pills,)), START)
        assert due is not None
        event = CameDue(at=due.at + late, timer="remind", serves=due.serves)

        told, first = came_due(book, person.moved(reminders=(pills,)), event)
        _, again = came_due(book, told, event)

        said += [[one.words for one in effects if isinstance(one, Say)] for effects in (first, again)]

    assert said == [["reminder.missed"], [], [], []]
