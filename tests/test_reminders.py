"""Reminders the team sets: when they come in every zone, what is understood of a line, and what stays on disk."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Phone
from flows.advance import advance
from flows.due import happens, next_due, quiet, reminded
from flows.effects import Say, Wake
from flows.events import CameDue, Reminded, Tapped
from flows.person import Consent, Person, Place, Reminder, Schedule
from flows.reminders import BUSY, STALE, came_due, wake
from flows.reminding import read
from tests.house import House, house, offers, wording
from tests.talks import LIBRARY, START
from tests.test_due import ANY_CLOCK, ANY_DATE, ANY_DAYS, ANY_MOMENT, ZONES

BOOK = LIBRARY.book
SITE = ZoneInfo(BOOK.pathway.zone)
NURSE, CARER = 8, 11
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as started:
        yield started


def appointment(day: date, clock: time) -> Reminder:
    return Reminder(kind="appointment", by="N", day=day.isoformat(), clock=f"{clock:%H:%M}")


def all_of(zone: str, one: Reminder, after: datetime) -> list[datetime]:
    """Every time somebody is reminded of it, each found from the one before; at most ten."""
    found = list[datetime]()
    while len(found) < 10 and (due := reminded(BOOK, zone, one, after)) is not None:
        found.append(due)
        after = due
    return found


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), ANY_DATE, ANY_CLOCK)
def test_of_an_appointment_somebody_is_reminded_the_evening_before_and_in_the_morning_before_it_begins(
    zone: str, day: date, clock: time
) -> None:
    one = appointment(day, clock)
    begins = happens(BOOK, zone, one)

    found = all_of(zone, one, begins - 10 * DAY)

    here = begins.astimezone(ZoneInfo(zone))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in found]
    assert begins.astimezone(SITE).date() == day or clock.hour < 4  # an hour that spring skips
    assert days == [here.date() - DAY, here.date()][: len(found)]
    assert len(found) == 2 or here.time() <= BOOK.times.quiet_until
    assert all(moment < begins for moment in found)
    assert not any(quiet(BOOK.times, moment.astimezone(ZoneInfo(zone)).time()) for moment in found)
    assert reminded(BOOK, zone, one, begins) is None


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), ANY_DATE)
def test_of_a_dental_check_somebody_is_reminded_twice_and_not_when_its_day_is_over(zone: str, day: date) -> None:
    one = Reminder(kind="dental", by="N", day=day.isoformat())
    found = all_of(zone, one, happens(BOOK, zone, one) - 10 * DAY)

    assert [moment.astimezone(ZoneInfo(zone)).date() for moment in found] == [day - DAY, day]
    assert happens(BOOK, zone, one).astimezone(ZoneInfo(zone)).date() == day + DAY


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), ANY_CLOCK, ANY_DAYS, ANY_MOMENT)
def test_medicine_days_come_as_check_ins_do_once_on_each_chosen_day(
    zone: str, clock: time, days: str, start: datetime
) -> None:
    one = Reminder(kind="medicine", by="N", days=days, clock=f"{clock:%H:%M}")
    plan = Schedule(version=1, days=days, clock=one.clock, zone=zone)

    found = all_of(zone, one, start)

    assert found == [due for due, _ in zip(dues(plan, start), range(10), strict=False)]
    assert all(earlier < later for earlier, later in pairwise(found))


def dues(plan: Schedule, after: datetime) -> list[datetime]:
    found = [next_due(plan, after)]
    while len(found) < 10:
        found.append(next_due(plan, found[-1]))
    return found


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(ZONES), st.integers(7, 21), ANY_DAYS, st.lists(st.integers(0, 90), min_size=1, max_size=20))
def test_however_late_its_timer_goes_off_nobody_is_woken_or_reminded_twice_for_one_day(
    zone: str, hour: int, days: str, late: list[int]
) -> None:
    given_ = tuple(Consent(permission=name, given=True, version="x", at=START) for name in ("keep", "show", "remind"))
    plan = Schedule(version=1, days="0", clock="09:00", zone=zone)
    pills = Reminder(kind="medicine", by="N", number=1, days=days, clock=f"{hour:02}:00", told=START)
    scan = appointment(START.date() + 3 * DAY, time(14, 30)).moved(number=2, told=START)
    carer = Person(id="P", language="en", role="caregiver", consents=given_, schedule=plan, reminders=(pills, scan))
    at, timer, said = START, wake(BOOK, carer, START), list[tuple[str, datetime]]()

    for hours in late:
        assert timer is not None
        at = max(at, timer.at) + timedelta(minutes=10 * hours)
        carer, effects = came_due(BOOK, carer, CameDue(at=at, timer="remind", serves=timer.serves))
        said += [(one.words, at) for one in effects if isinstance(one, Say)]
        [timer] = [one for one in effects if isinstance(one, Wake)]
        assert timer.at > at

    medicine = [moment for words, moment in said if words == "reminder.medicine"]
    assert all(later - earlier > DAY - STALE - HOUR for earlier, later in pairwise(medicine))
    assert len([words for words, _ in said if words.startswith("reminder.appointment")]) <= 2
    assert not any(quiet(BOOK.times, moment.astimezone(ZoneInfo(zone)).time()) for _, moment in said)


@pytest.mark.parametrize("change", ["set", "taken back", "switched off"])
def test_what_waits_for_somebody_who_is_busy_still_comes_when_another_is_set_or_switched_meanwhile(change: str) -> None:
    given_ = tuple(Consent(permission=name, given=True, version="x", at=START) for name in ("keep", "show", "remind"))
    pills = Reminder(kind="medicine", by="N", number=1, days="0123456", clock="12:00", told=START)
    scan = appointment(START.date() + 3 * DAY, time(14, 30)).moved(number=2, told=START)
    carer = Person(id="P", language="en", role="caregiver", consents=given_, reminders=(pills, scan), runs=2)
    due = wake(BOOK, carer, START)
    assert due is not None
    at = due.at + timedelta(minutes=1)
    busy = Place(run=3, questionnaire="daily", item="pain", at=due.at)
    carer, effects = advance(BOOK, carer.moved(place=busy), CameDue(at=due.at, timer="remind", serves=due.serves))
    assert [one.at for one in effects if isinstance(one, Wake)] == [due.at + BUSY]
    off = Tapped(at=at, item="reminders", option="off", about="2", version=BOOK.version)
    events: dict[str, Tapped | Reminded] = {
        "set": Reminded(at=at, by="N", reminder=Reminder(kind="dental", by="N", day=str(START.date() + 5 * DAY))),
        "taken back": Reminded(at=at, by="N", number=2),
        "switched off": off,
    }

    carer, effects = advance(BOOK, carer, events[change])

    [timer] = [one for one in effects if isinstance(one, Wake) and one.timer == "remind"]
    assert timer.serves == due.serves
    carer, effects = advance(
        BOOK, carer.moved(place=None), CameDue(at=due.at + BUSY, timer="remind", serves=timer.serves)
    )
    assert [one.words for one in effects if isinstance(one, Say)] == ["reminder.medicine"]
    carer, effects = advance(BOOK, carer, replace(off, at=due.at + BUSY, about="1"))
    assert not [one for one in effects if isinstance(one, Wake) and one.at <= due.at + BUSY]


@pytest.mark.parametrize(
    ("kind", "text", "day", "clock", "days", "what"),
    [
        ("appointment", "3 Dec 14:30", "2026-12-03", "14:30", "", ""),
        ("appointment", "3 Dec, 14:30, scan, floor 2", "2026-12-03", "14:30", "", "scan, floor 2"),
        ("appointment", "tomorrow at 9 am", "2026-11-03", "09:00", "", ""),
        ("appointment", "2026-12-03 8.15\nbring the letters", "2026-12-03", "08:15", "", "bring the letters"),
        ("appointment", "3/12 14h30", "2026-12-03", "14:30", "", ""),
        ("medicine", "Mon Thu 09:00, two white tablets", "", "09:00", "03", "two white tablets"),
        ("medicine", "every day at 8 pm", "", "20:00", "0123456", ""),
        ("medicine", "mon, thu, 9:00", "", "09:00", "03", ""),
        ("medicine", "every day 9, 2 tablets, 2.50 mg", "", "09:00", "0123456", "2 tablets, 2.50 mg"),
        ("medicine", "Mon-Fri 8 30, two of the 10 mg ones", "", "08:30", "01234", "two of the 10 mg ones"),
        ("appointment", "3 Dec 14:30, scan, be there at 14:00", "2026-12-03", "14:30", "", "scan, be there at 14:00"),
        ("dental", "3 Dec", "2026-12-03", "", "", ""),
        ("dental", "next Friday, at the clinic", "2026-11-06", "", "", "at the clinic"),
    ],
)
def test_a_line_that_a_coordinator_types_is_understood(
    kind: str, text: str, day: str, clock: str, days: str, what: str
) -> None:
    found = read(BOOK, kind, text, "Europe/London", START)

    assert found == Reminder(kind=kind, by="", day=day, clock=clock, days=days, text=what)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("appointment", "3 Dec"), ("appointment", "3 Dec 2026"), ("appointment", "14:30"), ("appointment", "scan"),
        ("appointment", "30 Feb 14:30"), ("medicine", "Mon Thu"), ("medicine", "09:00"), ("medicine", "soon 09:00"),
        ("dental", "a dentist"), ("dental", ""), ("appointment", ",,,"), ("medicine", "\n"),
    ],
)  # fmt: skip
def test_a_line_without_a_day_or_a_time_is_asked_for_again(kind: str, text: str) -> None:
    assert read(BOOK, kind, text, "Europe/London", START) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("medicine", text) for text in (
            "every other day 09:00", "every second day 09:00", "every 3rd day 09:00", "every day except Sunday 09:00",
            "every day 9 and 21", "every day 9 21", "every day 9, 21", "every day 08:00, 20:00, two tablets",
            "every day 08:00, 20:00 two tablets", "every day 08:00, 8 pm", "every day 08:00 20:00", "Mon 9, Thu 10",
            "Mon 9, and Thu at 10:00", "Mon 9 and Thu 10", "Mon 9\nThu 10", "every day 09:00, not on Sundays",
            "every day 9, two tablets, again at 20:00", "every day 8.00, 20.00 tablets", "Mon 9, every other week",
            "every other day, 09:00", "every day, except sun, 09:00", "every day 9, two tablets twice a day",
        )),
        ("appointment", "3 Dec 14:30, 4 Dec 10:00"), ("appointment", "3 Dec 14:30, 15:00"),
        ("appointment", "every 3 Dec 14:30"), ("dental", "3 Dec, 4 Dec"), ("dental", "3 Dec, and 4 Dec"),
    ],
)  # fmt: skip
def test_no_second_day_or_time_is_lost_and_not_every_day_is_never_every_day(kind: str, text: str) -> None:
    assert read(BOOK, kind, text, "Europe/London", START) is None


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(("appointment", "medicine", "dental")), st.text(max_size=60), st.sampled_from(ZONES), ANY_MOMENT)
def test_whatever_is_typed_is_read_or_refused(kind: str, text: str, zone: str, at: datetime) -> None:
    found = read(BOOK, kind, text, zone, at)

    assert found is None or bool(found.days) != bool(found.day)


# -- the whole house


async def tapped(phone: Phone, data: str, words: str) -> None:
    """A button, wherever it stands, and what comes of it."""
    before = phone.last.id
    phone.press(1, data)
    await phone.wait_for(wording(words), since=before)


async def typed(phone: Phone, text: str, words: str) -> None:
    before = phone.last.id
    phone.say(text)
    await phone.wait_for(wording(words), since=before)


async def by_day(home: House) -> None:
    """At noon: nobody sleeps."""
    now = home.clock.now()
    noon = now.replace(hour=12, minute=0)
    await home.running.advance(noon if noon > now else noon + DAY)


async def test_a_reminder_set_by_a_coordinator_is_sealed_told_after_a_restart_and_gone_with_the_person(
    home: House,
) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    [(code,)] = home.rows("SELECT id FROM people WHERE kind = 'person'")
    await by_day(home)
    await tapped(nurse, f"remind:medicine:{code}:x", "remind.ask_medicine")
    await typed(nurse, "every day 13:00, Quillfeather tablets", "remind.set")
    shown = await carer.wait_for(wording("reminder.set"))
    assert "Quillfeather tablets" in shown.text
    [(due, name)] = home.rows("SELECT due, name FROM timers WHERE person = ?", code)
    assert name == "remind"
    for (table,) in home.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        assert not any(b"Quillfeather" in bytes(str(row), "utf-8") for row in home.rows(f"SELECT * FROM {table}"))
    await home.restart()
    await home.running.advance(datetime.fromisoformat(due).astimezone(UTC))
    told = await carer.wait_for(wording("reminder.medicine"))
    await home.running.ticker.tick()
    assert len([one for one in carer.received if wording("reminder.medicine") in one.text]) == 1
    carer.press(told.id, offers(told, "reminders:off"))
    await carer.wait_for(wording("reminder.off"))
    assert home.rows("SELECT name FROM timers WHERE person = ?", code) == []
    await tapped(carer, "data:deletesure::x", "mydata.deleted")
    assert home.rows("SELECT name FROM timers WHERE name = 'remind'") == []
    await tapped(nurse, f"remind:list:{code}:x", "log.nobody")


async def test_two_coordinators_set_reminders_at_once_and_both_are_kept_and_taken_back(home: House) -> None:
    nurse, doctor = await home.staff(NURSE), await home.staff(NURSE + 1)
    carer = await home.member(CARER)
    [(code,)] = home.rows("SELECT id FROM people WHERE kind = 'person'")
    await by_day(home)
    for phone in (nurse, doctor):
        await tapped(phone, f"remind:dental:{code}:x", "remind.ask_dental")
    nurse.say("in 5 days, first")
    doctor.say("in 6 days, second")
    for phone in (nurse, doctor):
        await phone.wait_for(wording("remind.set"))
    await carer.wait_until(lambda: sum(wording("reminder.set") in one.text for one in carer.received) == 2 or None)
    shown = await listed(nurse, code)
    assert {"first", "second"} <= set(shown.replace(":", " ").split())
    data = offers(nurse.last, "remind:gone.")
    for phone in (nurse, doctor):  # the same one twice: the second is shown what is left
        phone.press(1, data)
    await carer.wait_for(wording("reminder.taken_back"))
    assert len((await listed(doctor, code)).splitlines()) == 2


async def listed(phone: Phone, code: str) -> str:
    await tapped(phone, f"remind:list:{code}:x", "remind.list")
    return phone.last.text
