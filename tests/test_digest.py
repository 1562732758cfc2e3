"""The morning digest: whom it names, and when it comes, through restarts, absences and an upgrade."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Message, Phone
from content.digest import Checked, gathered, page
from content.series import Told
from content.voice import units
from flows.book import Book, Urgency
from flows.deeds import ShowDigest
from flows.digest import SOON, came_due, wake
from flows.due import morning
from flows.effects import Wake
from flows.events import AlertView, CameDue
from flows.person import Consent, Farewell, Person
from tests.fitting import MAX_TEXT
from tests.house import House, house, schedule, wording
from tests.talks import LIBRARY, START
from tests.test_due import ANY_MOMENT, ZONES

BOOK = LIBRARY.book
NURSE, SHOWN, HIDDEN = 8, 11, 12
DAY = timedelta(days=1)
SHOW = ShowDigest(since=START - DAY, at=START)
STATES = ("completed", "missed", "in-progress", "stopped")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as started:
        yield started


def person(code: str, *, show: bool = True, farewell: bool = False) -> Person:
    given = tuple(Consent(permission=name, given=show, version="x", at=START) for name in ("keep", "show"))
    gone = Farewell(at=START, by="self") if farewell else None
    return Person(id=code, language="en", role="caregiver", consents=given, farewell=gone)


def alert(code: str) -> AlertView:
    return AlertView(alert=f"A{code}", subject=code, at=START, urgency=Urgency.URGENT, signs=(), advice="", shared=True)


def pain(before: int, now: int) -> list[Told]:
    """One answer ten days ago, and one yesterday."""
    days = ((10, before), (1, now))
    return [Told(response=str(ago), item="pain", option=str(said), at=START - ago * DAY) for ago, said in days]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(STATES), st.integers(0, 10)), max_size=60))
def test_nobody_is_named_who_does_not_show_and_it_fits_a_message(
    told: list[tuple[bool, bool, str, int]],
) -> None:
    everybody = (person(f"CODE{n:04}", show=show, farewell=gone) for n, (show, gone, _, _) in enumerate(told))
    people = {one.id: one for one in everybody}
    checks = [Checked(person=code, state=one[2]) for code, one in zip(people, told, strict=True)]
    answers = {code: pain(0, one[3]) for code, one in zip(people, told, strict=True)}

    found = gathered(people, checks, [alert(code) for code in people], answers, SHOW, "UTC")
    shown = page(LIBRARY, Person(id="N", language="en", staff=True), SHOW, found)

    text = f"{shown.text}{shown.buttons}".replace("-", "")
    assert not [code for code, one in people.items() if not one.permits("show") and code in text]
    assert not [code for code, one in people.items() if one.farewell and code in (*found.missed, *dict(found.risen))]
    assert found.number == len(people)
    assert units(shown.text) <= MAX_TEXT


@pytest.mark.parametrize(("now", "told"), [(6, True), (5, True), (4, False), (2, False)])
def test_pain_is_told_from_two_points_up(now: int, told: bool) -> None:
    found = gathered({"CODE0001": person("CODE0001")}, [], [], {"CODE0001": pain(3, now)}, SHOW, "UTC")

    shown = page(LIBRARY, Person(id="N", language="en", staff=True), SHOW, found)

    assert (f"CODE-0001: at worst {now}, before 3" in shown.text) is told


def test_one_answer_of_two_is_an_answer_and_so_is_one_broken_off_by_a_red_flag() -> None:
    people = {code: person(code) for code in ("CODE0001", "CODE0002", "CODE0003")}
    checks = [
        Checked(person="CODE0001", state="missed"),
        Checked(person="CODE0001", state="completed"),
        Checked(person="CODE0002", state="stopped", urgency=Urgency.EMERGENCY),
        Checked(person="CODE0003", state="stopped"),
    ]

    found = gathered(people, checks, [], {}, SHOW, "UTC")

    assert (found.answered, found.missed, found.waiting) == (("CODE0001", "CODE0002"), (), ())


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), st.integers(7, 21), st.integers(0, 59), ANY_MOMENT)
def test_it_comes_once_on_every_day_of_the_site_s_calendar_also_where_clocks_change(
    zone: str, hour: int, minute: int, start: datetime
) -> None:
    book = book_of(zone, time(hour, minute))
    found = [morning(book, start)]
    while len(found) < 400:
        found.append(morning(book, found[-1]))

    days = [due.astimezone(ZoneInfo(zone)).date() for due in found]
    clocks = {due.astimezone(ZoneInfo(zone)).time() for due in found}
    assert days == [days[0] + n * DAY for n in range(400)]
    assert clocks == {time(hour, minute)}


def book_of(zone: str, clock: time) -> Book:
    return replace(BOOK, pathway=replace(BOOK.pathway, zone=zone, digest=clock))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=30), st.booleans())
def test_however_long_the_bot_is_off_it_is_told_at_most_once_in_six_hours_and_nothing_falls_between(
    hours: list[int], off_duty: bool
) -> None:
    nurse, at = Person(id="N", language="en", staff=True, off_duty=off_duty), START
    timer, told = wake(BOOK, at), list[ShowDigest]()
    for late in hours:
        at = max(at, timer.at) + timedelta(hours=late % 50, minutes=late)
        nurse, effects = came_due(BOOK, nurse, CameDue(at=at, timer="digest", serves=timer.serves))
        [timer] = [one for one in effects if isinstance(one, Wake)]
        told += [one for one in effects if isinstance(one, ShowDigest)]
        assert timer.at > at

    for one, other in pairwise(told):
        assert other.at - one.at >= SOON
        assert other.since == max(one.at, other.at - 7 * DAY)


def digests(phone: Phone) -> list[Message]:
    return [one for one in phone.received if one.text.startswith("Since ")]


async def morning_comes(home: House) -> datetime:
    """The clock is moved on to the next hour of the digest."""
    due = morning(BOOK, home.clock.now())
    await home.running.advance(due)
    return due


async def test_in_the_morning_coordinators_are_told_once_of_who_shows_it_and_of_nobody_else(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(SHOWN)
    hidden = await home.member(HIDDEN, show="no")
    for phone in (carer, hidden):
        await schedule(phone)
    await home.running.advance(home.clock.now() + 2 * DAY)  # a check-in of each is missed
    codes = dict(home.rows("SELECT shown, id FROM people WHERE kind = 'person'"))
    seen = len(digests(nurse))

    await home.restart()
    await morning_comes(home)

    await nurse.wait_until(lambda: len(digests(nurse)) > seen or None)
    assert len(digests(nurse)) == seen + 1
    told = " ".join(one.text for one in digests(nurse)).replace("-", "")
    assert codes[1] in told
    assert codes[0] not in told
    assert not digests(carer)
    assert home.rows("SELECT count(*) FROM outbox WHERE kind = 'sendMessage' AND person = owner AND person IN "
                     "(SELECT id FROM people WHERE kind = 'coordinator')") == [(0,)]  # fmt: skip


async def test_after_days_off_it_is_told_once_and_then_again_each_morning(home: House) -> None:
    nurse = await home.staff(NURSE)
    await home.stop()
    due = morning(BOOK, home.clock.now() + 5 * DAY)
    home.clock.advance(due + timedelta(hours=4))  # noon: nobody sleeps
    await home.start()

    await home.running.ticker.tick()
    await nurse.wait_until(lambda: digests(nurse) or None)
    await home.running.ticker.tick()
    assert len(digests(nurse)) == 1

    await morning_comes(home)
    await nurse.wait_until(lambda: len(digests(nurse)) == 2 or None)


async def test_who_was_a_coordinator_before_there_was_a_digest_is_told_from_the_next_morning_on(home: House) -> None:
    nurse = await home.staff(NURSE)
    await home.stop()
    later = ("DROP TABLE audit", "ALTER TABLE codes DROP COLUMN lead")  # what later migrations made
    await home.change(*later, "DELETE FROM timers", "UPDATE alembic_version SET version_num = '0004'")

    await home.start()
    await home.running.ticker.tick()
    [(due,)] = home.rows("SELECT due FROM timers WHERE name = 'digest'")
    assert not digests(nurse)
    assert datetime.fromisoformat(due) == morning(BOOK, home.clock.now())

    await morning_comes(home)
    await nurse.wait_until(lambda: digests(nurse) or None)


async def test_who_leaves_is_told_nothing_more(home: House) -> None:
    nurse = await home.staff(NURSE)

    nurse.press(1, "data:deletesure::x")
    await nurse.wait_for(wording("mydata.deleted"))

    assert home.rows("SELECT name FROM timers") == []
