"""Invented people of the simulated year: when they are to be asked, what they answer, and what they are sent."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.parcel import Parcel
from flows.book import Urgency
from flows.press import pressed
from tests.house import calm, library, wording

ZONES = (
    "Europe/London", "Europe/Madrid", "Europe/Athens", "Europe/Moscow", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Santiago",
    "Africa/Cairo", "Africa/Lagos", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Adelaide",
    "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia",
)  # fmt: skip
DAYS = {"every_day": "0123456", "weekdays": "01234", "mon_wed_fri": "024", "tue_thu_sat": "135", "sun": "6"}
SHARES = (1, 1, 2, 2, 4)  # of people with these days
SLOTS = (8, 16, 0)  # hours UTC; few, so that many are asked at once
EARLIEST, LATEST = time(7, 30), time(20)
QUIET = (time(22), time(7))  # content/times.yaml
HELLO, LATE, MISSED = wording("checkin.hello"), wording("checkin.late"), wording("checkin.missed")
UNHEARD = wording("family.unanswered")

Button = tuple[str, str, str, str]  # item, option, about, version


@dataclass(slots=True)
class Somebody:
    """A caregiver. `answers`: how many of their check-ins they answer at once; of the others half after the nudge."""

    chat: int
    zone: str
    days: str
    clock: str
    answers: float
    dice: random.Random
    since: datetime | None = None  # when the schedule was set
    asked: Counter[datetime] = field(default_factory=Counter)
    woken: list[datetime] = field(default_factory=list)  # unasked messages in quiet hours that were no emergency
    awake: bool = True
    flags: int = 0
    silent: int = 0  # check-ins they do not answer
    missed: int = 0
    unheard: int = 0  # they were told that nobody has answered

    def due(self, until: datetime) -> Iterator[datetime]:
        """When check-ins are to be asked, worked out from the calendar alone."""
        assert self.since is not None
        zone, clock, day = ZoneInfo(self.zone), time.fromisoformat(self.clock), self.since.date() - timedelta(days=2)
        chosen = DAYS[self.days]
        while day <= until.date() + timedelta(days=2):
            at = datetime.combine(day, clock, zone).astimezone(until.tzinfo)
            if str(day.weekday()) in chosen and self.since < at <= until:
                yield at
            day += timedelta(days=1)

    def reads(self, parcel: Parcel, now: datetime, *, asked_for: bool) -> Button | None:
        """Look at a message; the button that is tapped in answer, if any."""
        text = str(parcel.params.get("text", ""))
        local = now.astimezone(ZoneInfo(self.zone)).time()
        quiet = local >= QUIET[0] or local < QUIET[1]
        if quiet and not asked_for and parcel.paced and parcel.urgency < Urgency.EMERGENCY:
            self.woken.append(now)
        if HELLO in text or LATE in text:
            self.asked[now] += 1
            self.awake = self.dice.random() < self.answers
            self.silent += not self.awake
        elif not self.awake and wording("checkin.nudge") in text:
            self.awake = self.dice.random() < 0.5
            self.silent -= self.awake
        self.missed += MISSED in text
        self.unheard += UNHEARD in text
        return self._taps(buttons(parcel))

    def _taps(self, offered: list[Button]) -> Button | None:
        item = next((one[0] for one in offered if "/" in one[0]), offered[0][0] if offered else "")
        if item == "reached" and self.dice.random() < 0.7:
            return next(one for one in offered if one[1] == "here")
        if item in ("schedule/time", "schedule/zone"):
            return None  # typed
        if item.startswith(("welcome/", "consent/", "schedule/")):
            answers = [one for one in offered if one[0] == item]
            chosen = {"schedule/days": self.days}
            return next(one for one in answers if one[1] == chosen.get(item, answers[0][1]))
        if not item.startswith(("daily/", "weekly/")) or not self.awake:
            return None
        same = next((one for one in offered if one[:2] == ("checkin", "same")), None)
        if same and self.dice.random() < 0.8:
            return same
        found = library().book.item(item)
        assert found is not None
        wanted = calm(found[1])
        if item == "daily/walking" and self.dice.random() < 0.01:
            wanted, self.flags = "changed", self.flags + 1
        return next((one for one in offered if one[1] == wanted), None)


@dataclass(slots=True)
class Colleague:
    """A coordinator, who takes most alerts and overlooks some, and calls most families."""

    chat: int
    dice: random.Random
    told: int = 0

    def reads(self, parcel: Parcel) -> Button | None:
        offered = buttons(parcel)
        take = next((one for one in offered if one[:2] == ("alert", "take")), None)
        self.told += take is not None
        done = [one for one in offered if one[:2] in (("alert", "close"), ("alert", "reached"))]
        return (take or (self.dice.choice(done) if done else None)) if self.dice.random() < 0.6 else None


def buttons(parcel: Parcel) -> list[Button]:
    """What can be tapped under a message, in order."""
    rows = parcel.params.get("reply_markup", {}).get("inline_keyboard", [])
    found = (pressed(one["callback_data"]) for row in rows for one in row if "callback_data" in one)
    return [one for one in found if one]


def clock_for(zone: str) -> str:
    """A time of the day there that is one of the slots in UTC while no summer time moves it."""
    local = (datetime(2026, 3, 2, hour, tzinfo=UTC).astimezone(ZoneInfo(zone)).time() for hour in SLOTS)
    return next(f"{one:%H%M}" for one in local if EARLIEST <= one <= LATEST)


def crowd(people: int, seed: int) -> list[Somebody]:
    """Invented people, spread over the zones, days and times."""
    dice = random.Random(seed)
    return [
        Somebody(
            chat=1000 + n,
            zone=ZONES[n % len(ZONES)],
            days=dice.choices(list(DAYS), SHARES)[0],
            clock=clock_for(ZONES[n % len(ZONES)]),
            answers=dice.choice((0.95, 0.85, 0.6)),
            dice=random.Random(dice.random()),
        )
        for n in range(people)
    ]
