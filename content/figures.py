"""Figures for coordinators: how many check-ins were answered, and how soon alerts were taken. Counts, nobody's answers.

As percentages of what was asked, not of who answered: a week in which nobody was asked has none.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from content.charts import FAINT, INK, LARGE, LEFT, RIGHT, SMALL, TEXT, bar, line, svg, text
from content.load import Library
from content.voice import Message, Page, Voice
from flows import hours, menu
from flows.book import Pathway, Urgency
from flows.fills import With
from flows.person import Person

CHECKINS = ("daily", "weekly")  # the questionnaires that are asked when due
WEEKS = 8  # that are shown
MOST_WEEKS = 104
SEVEN = timedelta(days=7)
TOP, FLOOR = 260, 700  # of the bars: everybody, and nobody
LATE = 95  # the percentile that stands for the slow ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Check-ins begun in a week that starts on `monday`. What is neither answered, missed nor open was broken off."""

    monday: date
    asked: int = 0
    answered: int = 0
    missed: int = 0
    open: int = 0

    @property
    def percent(self) -> int | None:
        """Of those that have ended: answered to the last question."""
        ended = self.asked - self.open
        return round(100 * self.answered / ended) if ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Alerts of one urgency: how many, how many wait for somebody or for their end, and minutes until one took them."""

    urgency: Urgency
    raised: int
    open: int
    taken: int
    closed: int
    waits: tuple[float, ...]

    @property
    def middle(self) -> float | None:
        return median(self.waits) if self.waits else None

    @property
    def late(self) -> float | None:
        """So many minutes or fewer in 95 of 100 (nearest rank: a value that was measured)."""
        return sorted(self.waits)[ceil(len(self.waits) * LATE / 100) - 1] if self.waits else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Weeks, oldest first, and alerts raised in them, most urgent first."""

    weeks: tuple[Week, ...]
    alerts: tuple[Raised, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTimes:
    """What is counted of one alert. `state`: open, taken, closed."""

    urgency: Urgency
    at: datetime
    state: str
    taken_at: datetime | None


def begin(now: datetime, zone: str, weeks: int) -> datetime:
    """When the first of so many weeks began, the running one included (ISO 8601: on a Monday)."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    monday = today - timedelta(days=today.weekday()) - (weeks - 1) * SEVEN
    return datetime(monday.year, monday.month, monday.day, tzinfo=place)


def count(
    checkins: Iterable[tuple[datetime, str, int]],
    alerts: Iterable[AlertTimes],
    site: Pathway,
    now: datetime,
    weeks: int,
) -> Figures:
    """`checkins`: (begun, state, how many). Weeks are those of the site's calendar."""
    place, first = ZoneInfo(site.zone), begin(now, site.zone, weeks).date()
    states: dict[date, Counter[str]] = {first + n * SEVEN: Counter() for n in range(weeks)}
    for at, state, number in checkins:
        day = at.astimezone(place).date()
        if (week := states.get(day - timedelta(days=day.weekday()))) is not None:
            week[state] += number
    found = [one for one in alerts if one.at.astimezone(place).date() >= first]
    urgencies = sorted({one.urgency for one in found}, reverse=True)
    return Figures(
        tuple(_week(monday, states[monday]) for monday in states),
        tuple(_raised(site, one, [alert for alert in found if alert.urgency == one]) for one in urgencies),
    )


def _week(monday: date, states: Counter[str]) -> Week:
    return Week(
        monday=monday,
        asked=states.total(),
        answered=states["completed"],
        missed=states["missed"],
        open=states["in-progress"],
    )


def _raised(site: Pathway, urgency: Urgency, alerts: list[AlertTimes]) -> Raised:
    states = Counter(alert.state for alert in alerts)
    waits = tuple(_waited(site, one, one.taken_at).total_seconds() / 60 for one in alerts if one.taken_at)
    return Raised(
        urgency=urgency,
        raised=len(alerts),
        open=states["open"],
        taken=states["taken"],
        closed=states["closed"],
        waits=waits,
    )


def _waited(site: Pathway, one: AlertTimes, taken: datetime) -> timedelta:
    """How long until somebody took it. What is no emergency waits for working hours: they alone count."""
    return taken - one.at if one.urgency == Urgency.EMERGENCY else hours.spent(site, one.at, taken)


def message(library: Library, viewer: Person, figures: Figures) -> Message:
    """The picture, and the same in words."""
    voice, page = Voice(library, viewer), Page()
    page.add(voice.words("figures.title"), voice.fill(), all_bold=True)
    for week in figures.weeks:
        page.text += "\n"
        page.add(
            voice.words("figures.week_none" if week.percent is None else "figures.week"), voice.fill(_of_week(week))
        )
    page.blank()
    page.add(voice.words("figures.alerts" if figures.alerts else "figures.no_alerts"), voice.fill())
    for one in figures.alerts:
        page.text += "\n"
        page.add(
            voice.words("figures.alert" if one.waits else "figures.alert_none"), voice.fill(_of_alerts(voice, one))
        )
    return Message(
        kind="send",
        text=page.text,
        bold=tuple(page.bold),
        buttons=voice.rows(((menu.ALERTS, menu.LOG),)),
        svg=_drawn(voice, figures),
        instead="",
    )


def name(week: Week) -> str:
    """The ISO week: `47`."""
    return str(week.monday.isocalendar().week)


def _of_week(week: Week) -> With:
    numbers = {"asked": week.asked, "answered": week.answered, "missed": week.missed, "open": week.open}
    counted = tuple((place, str(number)) for place, number in numbers.items())
    return (("week", name(week)), *counted, ("percent", str(week.percent)))


def _of_alerts(voice: Voice, one: Raised) -> With:
    numbers = {"raised": one.raised, "open": one.open, "taken": one.taken, "closed": one.closed}
    counted = tuple((place, str(number)) for place, number in numbers.items())
    waits = (("middle", minutes(one.middle)), ("late", minutes(one.late)), ("percent", str(LATE)))
    return (("urgency", voice.plain(f"urgency.{one.urgency.name.lower()}")), *counted, *waits)


def minutes(value: float | None) -> str:
    """`4`, or `0.5`; `-` for nothing. Whole from ten on."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def _drawn(voice: Voice, figures: Figures) -> str:
    """A bar a week, with its percentage and its counts; then a line of times for each urgency."""
    weeks = figures.weeks
    left = LEFT - 80
    step = (RIGHT - left) / len(weeks)
    ends = f"{voice.day(weeks[0].monday)} – {voice.day(weeks[-1].monday + SEVEN - timedelta(days=1))}"
    parts = [text(left, 76, voice.plain("figures.title"), LARGE), text(left, 138, ends, SMALL, fill=FAINT)]
    parts.append(line(left, FLOOR, RIGHT, FLOOR, INK, 4))
    for number, week in enumerate(weeks):
        middle, room = round(left + (number + 0.5) * step, 1), step - 8
        height = (FLOOR - TOP) * (week.percent or 0) / 100
        parts.append(bar(middle - step * 0.36, FLOOR, step * 0.72, FLOOR - TOP, "#ffffff"))
        parts.append(bar(middle - step * 0.36, FLOOR, step * 0.72, height, "#0b3d91"))
        told = "–" if week.percent is None else voice.plain("figures.percent", (("percent", str(week.percent)),))
        parts.append(text(middle, TOP - 18, told, TEXT, anchor="middle", room=room))
        label = voice.plain("figures.week_name", (("week", name(week)),))
        parts.append(text(middle, FLOOR + 56, label, SMALL, anchor="middle", room=room))
        of = f"{week.answered}/{week.asked - week.open}"
        parts.append(text(middle, FLOOR + 106, of, SMALL, anchor="middle", room=room))
    at = FLOOR + 196
    title = voice.plain("figures.alerts_title" if figures.alerts else "figures.no_alerts")
    parts.append(text(left, at, title, TEXT))
    for one in figures.alerts:
        fill = _of_alerts(voice, one)
        for key in ("figures.times" if one.waits else "figures.times_none", "figures.states"):
            at += 62
            parts.append(text(left, at, voice.plain(key, fill), SMALL))
        at += 12
    return svg(at + 50, parts)
