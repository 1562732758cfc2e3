"""The outbox: what is sent next, how fast, and what becomes of it.

Most urgent first; calls of one lane (a chat) in order; a chat that fails or is slow holds up nobody else. A row left
`sending` by a crash is sent again: a double is better than a loss.
"""

import asyncio
import heapq
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import telegram as library
from sqlalchemy.exc import DBAPIError
from telegram.error import TelegramError

from bot import pictures, telegram
from bot.clock import Clock
from bot.database import GUESTS, Database
from bot.parcel import Parcel
from bot.save import Mark, Marks
from flows.book import Urgency

LOG = logging.getLogger("backwatch.delivery")

SPARE = 2.0  # messages the whole bot may send ahead of its pace
AT_ONCE = 100  # calls under way
LONGEST_WAIT = timedelta(minutes=1)
SOON = 0.01  # seconds that make no difference: the loop's time is a float
COALESCE = 0.02  # seconds in which marks wait for a turn to take them along


@dataclass(frozen=True, slots=True)
class Pace:
    """How many new messages a second, to all chats together and to one, and how many at once to one.

    Telegram's own are 30, 1 and 3 (Bots FAQ, "My bot is hitting limits"). A chat's stays a little under it: what
    counts is when messages arrive, and the way there takes now longer, now shorter.
    """

    everybody: float = 30.0
    chat: float = 0.9
    burst: float = 3.0


TELEGRAM = Pace()


@dataclass(slots=True)
class Allowance:
    """A token bucket: `most` at once, `rate` a second after that. Times are the event loop's."""

    rate: float
    most: float
    at: float = 0.0
    left: float = field(default=0.0)

    def wait(self, now: float) -> float:
        """Seconds until one may be taken, 0 if at once."""
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1.0 - self.left) / self.rate)


@dataclass(slots=True)
class Lane:
    """What waits for one chat, in order. `until`: Telegram, or a failure, said to wait; nothing skips that."""

    pace: Allowance
    queue: deque[Parcel] = field(default_factory=deque)
    busy: bool = False
    until: float = 0.0

    def urgency(self) -> int:
        return max((parcel.urgency for parcel in self.queue), default=0)

    def wait(self, now: float) -> float:
        """Seconds until its next call may be made. An emergency anywhere in the lane skips the chat's own pace."""
        paced = self.queue[0].paced and self.urgency() < Urgency.EMERGENCY
        return max(self.until - now, self.pace.wait(now) if paced else 0.0)

    def memory(self, now: float) -> float:
        """Seconds for which what was sent still counts; 0 when an idle lane may be forgotten."""
        self.pace.wait(now)
        return max(self.until - now, (self.pace.most - self.pace.left) / self.pace.rate)


class Delivery:
    """Sends parcels through the Bot API. `gone` is told of people who cannot be reached any more."""

    def __init__(
        self,
        bot: library.Bot,
        database: Database,
        marks: Marks,
        clock: Clock,
        gone: Callable[[str, datetime], Awaitable[None]],
        pace: Pace = TELEGRAM,
    ) -> None:
        self._bot, self._database, self._marks, self._clock, self._gone = bot, database, marks, clock, gone
        self._lanes: dict[str, Lane] = {}
        self._heap: list[tuple[int, int, str]] = []  # (-urgency, age, lane), of lanes that may send now
        self._asleep: list[tuple[float, int, str]] = []  # (loop time, age, lane)
        self._ages = itertools.count()
        self._limits, self._pace = pace, Allowance(pace.everybody, SPARE, left=SPARE)
        self._more, self._marked, self._guests_told = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._urgent_guests: set[int] = set()
        self._guests_told.set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._sends: set[asyncio.Task[None]] = set()

    def add(self, parcels: Iterable[Parcel]) -> None:
        """Take over what is on disk (or, of guests, in memory) to be sent."""
        for parcel in parcels:
            lane = self._lanes.get(parcel.lane) or self._new_lane(parcel.lane)
            lane.queue.append(parcel)
            if parcel.not_before is not None:
                wait = (parcel.not_before - self._clock.now()).total_seconds()
                lane.until = max(lane.until, asyncio.get_running_loop().time() + wait)
            if parcel.where == GUESTS and parcel.urgency >= Urgency.URGENT:
                self._urgent_guests.add(parcel.id)
                self._guests_told.clear()
            heapq.heappush(self._heap, (-parcel.urgency, next(self._ages), parcel.lane))
        self._more.set()

    def _new_lane(self, name: str) -> Lane:
        limits = self._limits
        lane = self._lanes[name] = Lane(Allowance(limits.chat, limits.burst, left=limits.burst))
        return lane

    def waiting(self) -> int:
        """How many parcels are not done."""
        return sum(len(lane.queue) for lane in self._lanes.values())

    async def guests_told(self, seconds: float) -> None:
        """Wait until urgent replies to guests are out, so long at most: a crash would lose what only memory holds."""
        try:
            async with asyncio.timeout(seconds):  # not wait_for, which can swallow a cancellation before Python 3.12
                await self._guests_told.wait()
        except TimeoutError:
            LOG.warning("an urgent reply could not be sent within %s s", seconds)
            self._urgent_guests.clear()  # waited for once; what comes next must not wait for it again
            self._guests_told.set()

    async def run(self) -> None:
        """Send until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._more.clear()
            name, wait = self._next(loop.time())
            if name is None:
                await self._rest(wait)
                continue
            lane = self._lanes[name]
            lane.busy = True
            if lane.queue[0].paced:
                self._pace.left -= 1.0
                lane.pace.left -= 1.0
            await self._slots.acquire()
            send = asyncio.create_task(self._send(name, lane))
            self._sends.add(send)
            send.add_done_callback(self._sends.discard)

    async def finish(self, seconds: float) -> None:
        """Let the calls under way end, so long at most; what is left stays in the outbox for the next start."""
        if self._sends:
            await asyncio.wait(set(self._sends), timeout=seconds)
        for send in self._sends:
            send.cancel()
        await asyncio.gather(*self._sends, return_exceptions=True)

    def _next(self, now: float) -> tuple[str | None, float | None]:
        """The lane whose turn it is, or how long to rest (None: until something is added)."""
        while self._asleep and self._asleep[0][0] <= now:
            _, age, name = heapq.heappop(self._asleep)
            lane = self._lanes.get(name)
            if lane is not None and lane.queue:
                heapq.heappush(self._heap, (-lane.urgency(), age, name))
            elif lane is not None and not lane.busy and lane.memory(now) < SOON:
                del self._lanes[name]
        while self._heap:
            _, age, name = self._heap[0]
            lane = self._lanes.get(name)
            if lane is None or lane.busy or not lane.queue:
                heapq.heappop(self._heap)
                continue
            wait = lane.wait(now)
            if wait > 0:
                heapq.heappop(self._heap)
                heapq.heappush(self._asleep, (now + wait, age, name))
                continue
            all_wait = self._pace.wait(now) if lane.queue[0].paced else 0.0
            if all_wait > 0:
                return None, all_wait
            heapq.heappop(self._heap)
            return name, None
        return None, self._asleep[0][0] - now if self._asleep else None

    async def _rest(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._more.wait()
        except TimeoutError:
            return

    async def _send(self, name: str, lane: Lane) -> None:
        parcel = lane.queue[0]
        try:
            if parcel.expires is not None and parcel.expires <= self._clock.now():
                self._done(lane, parcel, "")
            else:
                if (one := await pictures.developed(self._database, parcel)) is not None:
                    await telegram.call(self._bot, one.method, one.ready(), file_name=pictures.file_name(parcel))
                self._done(lane, parcel, "sent" if parcel.kept else "")
        except TelegramError as error:
            await self._failed(lane, parcel, telegram.verdict(error))
        except Exception as error:  # noqa: BLE001 - a fault of the library or ours must not lose the row or spin
            LOG.error("%s while sending %s", type(error).__name__, parcel.method)
            self._again(lane, parcel, LONGEST_WAIT)
        finally:
            lane.busy = False
            now = asyncio.get_running_loop().time()
            if lane.queue:
                heapq.heappush(self._heap, (-lane.urgency(), next(self._ages), name))
            else:
                heapq.heappush(self._asleep, (now + lane.memory(now), next(self._ages), name))
            self._slots.release()
            self._more.set()

    async def _failed(self, lane: Lane, parcel: Parcel, verdict: telegram.Verdict) -> None:
        match verdict:
            case telegram.Done():
                self._done(lane, parcel, "")
            case telegram.Later(wait=wait, flood=flood):
                self._again(lane, parcel, wait if flood else min(wait * 2 ** min(parcel.tries, 6), LONGEST_WAIT))
            case telegram.Never(reason=reason) if (other := parcel.otherwise(reason)) is not None:
                lane.queue[0] = other
            case telegram.Never(reason=reason):
                LOG.warning("%s to %s was refused: %s", parcel.method, parcel.person, reason)
                self._done(lane, parcel, "dead" if parcel.kept else "")
            case telegram.Gone():
                for one in tuple(lane.queue):
                    self._done(lane, one, "dead" if one.kept else "")
                await self._told_gone(parcel)

    async def _told_gone(self, parcel: Parcel) -> None:
        try:
            await self._gone(parcel.person, self._clock.now())
        except DBAPIError as error:  # the next message to them finds out again
            LOG.error("%s could not be noted as unreachable: %s", parcel.person, type(error).__name__)

    def _again(self, lane: Lane, parcel: Parcel, wait: timedelta) -> None:
        until = self._clock.now() + wait
        lane.until = asyncio.get_running_loop().time() + wait.total_seconds()
        lane.queue[0] = replace(parcel, tries=parcel.tries + 1, not_before=until)
        self._mark(Mark(parcel.where, parcel.id, "queued", parcel.tries + 1, until))

    def _done(self, lane: Lane, parcel: Parcel, state: str) -> None:
        lane.queue.popleft()
        self._mark(Mark(parcel.where, parcel.id, state, parcel.tries))
        self._urgent_guests.discard(parcel.id)
        if not self._urgent_guests:
            self._guests_told.set()

    def _mark(self, mark: Mark) -> None:
        self._marks.waiting.append(mark)
        self._marked.set()

    async def keep_marks(self) -> None:
        """Write marks that no turn took along, until cancelled."""
        while True:
            await self._marked.wait()
            await asyncio.sleep(COALESCE)
            self._marked.clear()
            try:
                await self.write_marks()
            except DBAPIError as error:
                LOG.error("marks could not be written: %s", type(error).__name__)
                await asyncio.sleep(1.0)
                self._marked.set()

    async def write_marks(self) -> None:
        """Write what became of rows. A cancelled caller does not cut it short: that would cost the connection, and
        with it the guests."""
        await asyncio.shield(self._write_marks())

    async def _write_marks(self) -> None:
        if not self._marks.waiting:
            return
        async with self._database.writing(), self._database.engine.connect() as db:
            number = await self._marks.write(db)
            await db.commit()
            self._marks.written(number)
