"""Which time zone somebody is in: by its name, by a city, or by what their clock shows."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import available_timezones

from flows.book import Book
from flows.due import apart, home, homes, in_zone, steps
from flows.fills import Fill, Moment, Words
from flows.person import Person
from flows.typed import read_clock

QUARTER = timedelta(minutes=15)  # every zone in use is a whole number of these from UTC
NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})  # in some systems' lists, and nobody lives there
# EST and its like have no summer time; `gmt+5` would find Etc/GMT+5, which is five hours *behind* Greenwich
ZONES = {zone.casefold(): zone for zone in available_timezones() - NO_PLACES if not zone.isupper() or zone == "UTC"}
CITIES = {zone.rpartition("/")[2]: ZONES[zone] for zone in sorted(ZONES) if "/" in zone and not zone.startswith("etc/")}
LONGEST_CITY = 20  # characters; the longest there is has 16
MOST = 6  # ours: more buttons do not fit beside the question on a small phone


def known(zone: str) -> bool:
    """Whether it is the name of a zone."""
    return ZONES.get(zone.casefold()) == zone


def city(zone: str) -> str:
    """What a zone is called on a button: its city, which must fit there beside a time."""
    return zone.rpartition("/")[2].replace("_", " ")[:LONGEST_CITY]


def far_city(book: Book, person: Person, at: datetime) -> str:
    """The city by whose clock somebody is told a time, where that may differ from the site's; else empty."""
    site = in_zone(book.pathway.zone, at).utcoffset()
    same = all(in_zone(zone, at).utcoffset() == site for zone in homes(book, person))
    return "" if same else city(home(book, person))


def theirs(book: Book, person: Person, at: datetime) -> Fill:
    """A time by the clock of where they are, which is named where it may differ from the site's."""
    here, there = Moment(at, home(book, person)), far_city(book, person, at)
    return Words("clock.there", (("at", here), ("city", there))) if there else here


def read_zones(book: Book, country: str, text: str, at: datetime) -> tuple[str, ...]:
    """The zones somebody may have meant: one by its name or its city, or those whose clocks show the time typed.

    Of several that show it, one of the patient's country goes before the others, then the site's; then each that goes
    its own way through the year. Empty if it is neither a place nor a time that clocks anywhere show now.
    """
    name = text.strip(" .!").replace(" ", "_").casefold()
    named = ZONES.get(name) or CITIES.get(name)
    clock = read_clock(text)
    if named or clock is None:
        return (named,) if named else ()
    for near in (_of(book, country), (book.pathway.zone,)):
        shown = _different(_showing(near, clock, at), at)
        if len(shown) == 1:
            return shown
    return _different(_showing(_everywhere(book, country), clock, at), at) or _different(
        _showing(sorted(CITIES.values()), clock, at), at
    )


def nearest(book: Book, country: str, zone: str, at: datetime) -> tuple[str, ...]:
    """Zones to choose from, other than this: of the patient's country, the site's, then the nearest by the clock."""
    here = in_zone(zone, at).time()
    first = (*_of(book, country), book.pathway.zone)
    rest = sorted(_everywhere(book, country), key=lambda one: apart(in_zone(one, at).time(), here))
    return tuple(one for one in _different((zone, *first, *rest), at) if one != zone)[:MOST]


def _of(book: Book, country: str) -> tuple[str, ...]:
    return book.countries[country].zones if country in book.countries else ()


def _everywhere(book: Book, country: str) -> tuple[str, ...]:
    others = (zone for land in book.countries.values() for zone in land.zones)
    return tuple(dict.fromkeys((*_of(book, country), book.pathway.zone, *others)))


def _showing(zones: Iterable[str], clock: time, at: datetime) -> tuple[str, ...]:
    return tuple(zone for zone in zones if apart(in_zone(zone, at).time(), clock) < QUARTER)


def _different(zones: Iterable[str], at: datetime) -> tuple[str, ...]:
    """The first of each that go the same way through the year."""
    found: dict[object, str] = {}
    for zone in zones:
        found.setdefault(steps(zone, at.year), zone)
    return tuple(found.values())[:MOST]
