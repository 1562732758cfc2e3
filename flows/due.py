"""When something is due: local days and hours, quiet hours, clock changes. All times are aware UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from flows.book import Book, Times
from flows.person import Person, Reminder, Schedule

DAY = timedelta(days=1)
NEVER_ASKED = ""
EVERY_DAY = "0123456"
EVENING, MORNING = time(18), time(8)  # ours: when somebody is reminded of tomorrow, and of today
EARLY = timedelta(hours=1)  # what begins so soon after that is reminded of as soon as the quiet hours end


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """The first moment later than `after` on a chosen day when clocks in the schedule's zone show a time of it.

    A time that spring skips comes as late as the clocks jumped, not never; one that autumn repeats comes once, the
    first time (PEP 495, fold=0). A day that the zone itself skipped (Samoa, 30 December 2011) comes in the same way a
    day later, and where that day is chosen too, once. What was asked for is not asked for again, nor is anything
    before it, though the local day comes back because somebody travelled west.
    Raises ValueError if `after` is naive or the schedule has no day.
    """
    if after.tzinfo is None:
        raise ValueError("after must be aware")
    if not schedule.days:
        raise ValueError("a schedule needs a day")
    day = in_zone(schedule.zone, after).date() - DAY
    while True:
        found = [moment for slot, moment in _slots(schedule, day) if moment > after and slot > schedule.slot]
        if found:
            return min(found)
        day += DAY


def slot(schedule: Schedule, due: datetime) -> str:
    """The local day and time that is asked for at `due`, as the schedule names it; the later one if there are two."""
    day = in_zone(schedule.zone, due).date()
    days = (day - DAY, day, day + DAY)
    return max((name for one in days for name, moment in _slots(schedule, one) if moment == due), default=NEVER_ASKED)


def carried(before: Schedule, after: Schedule) -> str:
    """What has been asked of a day, as a changed schedule names it: as many of its times as had come."""
    day, _, clock = before.slot.partition("T")
    came = sum(1 for one in clocks(before) if one <= clock)
    return f"{day}T{max(clock, *clocks(after)[:came], '')}" if day else NEVER_ASKED


def overdue(before: Schedule, after: Schedule, at: datetime, since: datetime) -> datetime | None:
    """What came due later than `since`, was not asked, and has no time any more on that day in a changed schedule."""
    if before.paused or not before.asked:
        return None
    due = next_due(before, max(datetime.fromisoformat(before.asked), since))
    lost = due <= at and slot(after, next_due(after, at)).partition("T")[0] > slot(before, due).partition("T")[0]
    return due if lost else None


def clocks(schedule: Schedule) -> tuple[str, ...]:
    """The times of a day, the earlier first."""
    return tuple(sorted(filter(None, (schedule.clock, schedule.second))))


def _slots(schedule: Schedule, day: date) -> Iterator[tuple[str, datetime]]:
    """The times of a chosen day, each as the schedule names it, and when it comes."""
    if str(day.weekday()) in schedule.days:
        for clock in clocks(schedule):
            yield f"{day}T{clock}", local(schedule.zone, day, time.fromisoformat(clock))


def local(zone: str, day: date, clock: time) -> datetime:
    """When the clocks of a zone show this, that day; see `next_due` for those they never show, or show twice."""
    return datetime.combine(day, clock, _zone(zone)).astimezone(UTC)


def in_zone(zone: str, at: datetime) -> datetime:
    """What calendar and clock show there."""
    return at.astimezone(_zone(zone))


@cache
def _zone(name: str) -> ZoneInfo:
    """ZoneInfo itself remembers the last eight, and to look through all of them would read each from disk."""
    return ZoneInfo(name)


def today(zone: str, at: datetime) -> date:
    """The day in the calendar there."""
    return in_zone(zone, at).date()


def apart(one: time, other: time) -> timedelta:
    """How far two times are from each other, the short way round the clock."""
    minutes = abs((one.hour - other.hour) * 60 + one.minute - other.minute)
    return timedelta(minutes=min(minutes, 24 * 60 - minutes))


def quiet(times: Times, clock: time) -> bool:
    """Whether the clock stands in the quiet hours, which may span midnight. Their end is no longer quiet."""
    if times.quiet_from <= times.quiet_until:
        return times.quiet_from <= clock < times.quiet_until
    return clock >= times.quiet_from or clock < times.quiet_until


def awake(book: Book, person: Person, at: datetime) -> datetime:
    """`at`, if that is outside the quiet hours wherever the person may be; else their end. Takes and returns aware UTC.

    A country may be so wide that it is always night somewhere in it: then the zone that is the likeliest counts.
    """
    zones, moment = homes(book, person), at
    while (later := max(_hushed(book.times, zone, moment) for zone in zones)) > moment:
        moment = later
        if moment - at > DAY:
            return _hushed(book.times, home(book, person), at)
    return moment


def _hushed(times: Times, zone: str, at: datetime) -> datetime:
    """The end of the quiet hours there, or `at` if it is not in them."""
    here = in_zone(zone, at)
    if not quiet(times, here.time()):
        return at
    day = here.date()
    while (end := local(zone, day, times.quiet_until)) <= at:
        day += DAY
    return end


def resumes(times: Times, zone: str, day: date) -> datetime:
    """When a pause until that day ends: as soon as the quiet hours do."""
    return local(zone, day, times.quiet_until)


def morning(book: Book, after: datetime) -> datetime:
    """The first moment later than `after` when coordinators are told what is new. Once a day at the site."""
    daily = Schedule(version=0, days=EVERY_DAY, clock=f"{book.pathway.digest:%H:%M}", zone=book.pathway.zone)
    return next_due(daily, after)


def reminded(book: Book, zone: str, what: Reminder, after: datetime) -> datetime | None:
    """The first moment later than `after` at which somebody in the zone is reminded; None: there is none any more.

    Of medicine days at its time, see `next_due`. Of an appointment and a dental check on the evening before and in the
    morning, before it begins and not in the quiet hours; on no evening twice, though it comes back further west.
    """
    if what.days:
        return next_due(as_schedule(what, zone), after)
    found = (moment for name, moment in _beforehand(book, zone, what) if moment > after and name > what.slot)
    return min(found, default=None)


def reminded_of(book: Book, zone: str, what: Reminder, due: datetime) -> str:
    """Which of its times it is told at then: see `slot`; the evening before, or the morning."""
    if what.days:
        return slot(as_schedule(what, zone), due)
    return max((name for name, moment in _beforehand(book, zone, what) if moment == due), default=what.slot)


def happens(book: Book, zone: str, what: Reminder) -> datetime:
    """When an appointment is, by the clock of the site; of a dental check, when its day is over in the zone."""
    day = date.fromisoformat(what.day)
    if what.clock:
        return local(book.pathway.zone, day, time.fromisoformat(what.clock))
    return local(zone, day + DAY, time(0))


def as_schedule(what: Reminder, zone: str) -> Schedule:
    """The days of a medicine."""
    return Schedule(version=0, days=what.days, clock=what.clock, zone=zone, slot=what.slot)


def _beforehand(book: Book, zone: str, what: Reminder) -> Iterator[tuple[str, datetime]]:
    begins, times = happens(book, zone, what), book.times
    day = today(zone, begins) if what.clock else date.fromisoformat(what.day)
    early = begins - local(zone, day, MORNING) < EARLY
    parts = (("evening", day - DAY, EVENING), ("morning", day, times.quiet_until if early else MORNING))
    for name, one, clock in parts:
        moment = local(zone, one, clock)
        if moment < begins and not quiet(times, clock):
            yield name, moment


def named(person: Person) -> str:
    """The zone that somebody has named for their check-ins, also if these have ended; empty: none."""
    last = person.schedule or person.ended
    return last.zone if last is not None else ""


def home(book: Book, person: Person) -> str:
    """The zone somebody lives in, as far as it is known: that of their check-ins, of their country, of the site."""
    if zone := named(person):
        return zone
    country = book.countries.get(person.country)
    elsewhere = country is not None and country.zones and book.pathway.zone not in country.zones
    return country.zones[0] if country is not None and elsewhere else book.pathway.zone


def homes(book: Book, person: Person) -> tuple[str, ...]:
    """The zones somebody may live in. Until they have named one, any of their country may be theirs.

    A patient in the country of the site, and who lives with one, lives by the clock of the site that treats them.
    """
    country = book.countries.get(person.country or book.pathway.country)
    there = country is not None and book.pathway.zone in country.zones and not (person.cares and person.near == "apart")
    if named(person) or country is None or there or not country.zones:
        return (home(book, person),)
    return country.zones


@cache
def steps(zone: str, year: int) -> tuple[timedelta | None, ...]:
    """How far clocks there stand from UTC through a year, twice a month: two zones that share this are one to us."""
    moments = (datetime(year, month, day, tzinfo=UTC) for month in range(1, 13) for day in (1, 15))
    return tuple(in_zone(zone, moment).utcoffset() for moment in moments)


# When several timers are due, as after the bot was away, those whose names begin so come first: what coordinators must
# hear of an emergency and whether help came; then a check-in, before the reminder of the one before it, which then says
# nothing.
TURNS: tuple[tuple[str, ...], ...] = (("alert ", "loop"), ("checkin",))
