"""The days of a simulated year, lived one timer after the other: see __main__.py.

The bot's own turns, ticker and database on disk; only the wire is left out (tests/faults and tests/test_path have that)
and the clock is moved in steps of a quarter of an hour, which every zone and every time chosen here is a multiple of.
"""

import itertools
import resource
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import store
from bot.clock import Clock
from bot.database import Database
from bot.parcel import Parcel
from bot.save import Mark, Marks
from bot.telegram import Arrival
from bot.ticker import Ticker
from bot.turn import Turns
from flows.events import Commanded, Event, Said, Tapped
from tests.bench.people import Button, Colleague, Somebody
from tests.house import library

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
STEP = timedelta(minutes=15)


class Still(Clock):
    """A clock that stands where it was put."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, to: datetime) -> None:
        self.at = max(self.at, to)


@dataclass(slots=True)
class Year:
    """The bot, everybody it talks with, and what lies between them."""

    database: Database
    clock: Still
    people: dict[int, Somebody]
    colleagues: dict[int, Colleague]
    marks: Marks = field(default_factory=Marks)
    post: deque[Parcel] = field(default_factory=deque)
    updates: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    turns: Turns = field(init=False)
    ticker: Ticker = field(init=False)
    taken: int = 0
    memory: list[int] = field(default_factory=list)  # kB at each month's end

    def __post_init__(self) -> None:
        content, rows = library(), itertools.count(1)
        self.turns = Turns(self.database, content, self.clock, self.marks, self._sent, rows)
        self.ticker = Ticker(self.database, self.turns, self.clock)

    def _sent(self, parcels: Sequence[Parcel]) -> None:
        self.post.extend(parcels)
        for one in parcels:
            self.marks.waiting.append(Mark(one.where, one.id, "sent" if one.kept else ""))

    async def do(self, chat: int, event: Event) -> list[Parcel]:
        """One person does something; what they are sent for it."""
        await self.turns.take([self._arrival(chat, event)])
        told = [one for one in self.post if one.chat == chat]
        self.post = deque(one for one in self.post if one.chat != chat)
        return told

    def _arrival(self, chat: int, event: Event) -> Arrival:
        number = next(self.updates)
        tap = f"tap{number}" if isinstance(event, Tapped) else ""
        return Arrival(
            update=number, chat=chat, event=event, language="en", tap=tap, message=int(bool(tap)), sent_at=event.at
        )

    def tapped(self, button: Button) -> Tapped:
        item, option, about, version = button
        return Tapped(at=self.clock.now(), item=item, option=option, about=about, version=version)

    async def settle(self) -> None:
        """Everybody reads what they were sent and taps what they will, until nothing more comes."""
        asked_for = set(self.people) if not self.people[next(iter(self.people))].since else set()
        while self.post:
            arrivals = []
            for parcel in tuple(self.post):
                tapped = self._read(parcel, asked_for=parcel.chat in asked_for)
                if tapped:
                    arrivals.append(self._arrival(parcel.chat, self.tapped(tapped)))
            self.post.clear()
            asked_for |= {one.chat for one in arrivals}
            self.taken += len(arrivals)
            if arrivals:
                await self.turns.take(arrivals)

    def _read(self, parcel: Parcel, *, asked_for: bool) -> Button | None:
        if parcel.chat in self.colleagues:
            return self.colleagues[parcel.chat].reads(parcel)
        return self.people[parcel.chat].reads(parcel, self.clock.now(), asked_for=asked_for)

    async def enrol(self) -> None:
        """Everybody at once: welcome, consent to everything, a schedule, as it is tapped and typed on a phone."""
        await self._all(lambda who: Commanded(at=self.clock.now(), name="start"))
        await self._all(lambda who: self.tapped(("menu", "consent", "", "")))
        await self._all(lambda who: self.tapped(("checkins", "set", "", "")))
        await self._all(lambda who: Said(at=self.clock.now(), text=who.clock))
        await self._all(lambda who: Said(at=self.clock.now(), text=who.zone))
        for who in self.people.values():
            who.since = self.clock.now()

    async def _all(self, event: Callable[[Somebody], Event]) -> None:
        await self.turns.take([self._arrival(who.chat, event(who)) for who in self.people.values()])
        await self.settle()

    async def live(self, days: int) -> None:
        """Let the days go by, from one timer to the next, and see what memory it took by then."""
        until = self.clock.now() + timedelta(days=days)
        day = self.clock.now() + timedelta(days=1)
        while self.clock.now() < until:
            async with self.database.transaction() as db:
                first = await store.first_timer(db)
            self.clock.advance(min(until, day, _quarter(first or until)))
            await self.ticker.tick()
            await self.settle()
            if self.clock.now() >= day:
                await self.ticker.tidy()
                day += timedelta(days=1)
        await self.turns.take([])
        self.memory.append(resident())


def _quarter(at: datetime) -> datetime:
    """The quarter of an hour that begins then, or next: what falls due together is taken together."""
    return at + (START - at) % STEP


def resident() -> int:
    """This process's memory now, in kB (Linux, /proc/self/statm)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024
