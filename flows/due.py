"""Local hours: when a check-in is due, and what people mean when they type a time or a place."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from flows.book import Book, Times
from flows.person import Person, Schedule

TYPED_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d{2}))?h?\s*(?P<half>[ap])?\.?m?\.?", re.IGNORECASE)
QUARTER = timedelta(minutes=15)  # every zone in use is a whole number of these from UTC
DAY = timedelta(days=1)
NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})  # in some systems' lists, and nobody lives there
# EST and its like have no summer time; `gmt+5` would find Etc/GMT+5, which is five hours *behind* Greenwich
ZONES = {zone.casefold(): zone for zone in available_timezones() - NO_PLACES if not zone.isupper() or zone == "UTC"}
CITIES = {zone.rpartition("/")[2]: ZONES[zone] for zone in sorted(ZONES) if "/" in zone and not zone.startswith("etc/")}


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """The first moment later than `after` on a chosen day when clocks in the schedule's zone show its time.

    Takes and returns aware UTC. A time that spring skips comes as late as the clocks
    jumped, not never; one that autumn repeats comes once, the first time (PEP 495, fold=0).
    Raises ValueError if `after` is naive or the schedule has no day.
    """
    if after.tzinfo is None:
        raise ValueError("after must be aware")
    if not schedule.days:
        raise ValueError("a schedule needs a day")
    zone, clock = ZoneInfo(schedule.zone), time.fromisoformat(schedule.clock)
    day = after.astimezone(zone).date() - DAY
    while True:
        moment = datetime.combine(day, clock, zone).astimezone(UTC)
        if moment > after and str(day.weekday()) in schedule.days:
            return moment
        day += DAY


def quiet(times: Times, clock: time) -> bool:
    """Whether the clock stands in the quiet hours, which may span midnight. Their end is no longer quiet."""
    if times.quiet_from <= times.quiet_until:
        return times.quiet_from <= clock < times.quiet_until
    return clock >= times.quiet_from or clock < times.quiet_until


def awake(book: Book, person: Person, at: datetime) -> datetime:
    """`at`, if that is outside the person's quiet hours; else their end. Takes and returns aware UTC."""
    zone = ZoneInfo(person.schedule.zone if person.schedule else book.pathway.zone)
    local = at.astimezone(zone)
    if not quiet(book.times, local.time()):
        return at
    days = (local.date(), local.date() + DAY)
    ends = (datetime.combine(day, book.times.quiet_until, zone).astimezone(UTC) for day in days)
    return min(end for end in ends if end > at)


def read_clock(text: str) -> time | None:
    """The time somebody typed: `8`, `08:30`, `8.30`, `0830`, `8h30`, `8 pm`; None if it is none."""
    match = TYPED_CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_zone(book: Book, country: str, text: str, at: datetime) -> str | None:
    """The IANA zone somebody typed: its name, its city, or the time their clock shows now; None if it is none.

    A clock names a zone of the patient's country first, then of the site's, then of any country in the content.
    """
    name = text.strip(" .!").replace(" ", "_").casefold()
    named = ZONES.get(name) or CITIES.get(name)
    clock = read_clock(text)
    return named or (_zone_showing(book, country, clock, at) if clock else None)


def _zone_showing(book: Book, country: str, clock: time, at: datetime) -> str | None:
    preferred = book.countries[country].zones if country in book.countries else ()
    everywhere = tuple(zone for land in book.countries.values() for zone in land.zones)
    for name in (*preferred, book.pathway.zone, *everywhere):
        local = at.astimezone(ZoneInfo(name))
        apart = abs((datetime.combine(local.date(), clock) - local.replace(tzinfo=None)).total_seconds())
        if min(apart, DAY.total_seconds() - apart) < QUARTER.total_seconds():
            return name
    return None
