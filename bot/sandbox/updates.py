"""The queue of updates, and the long poll that empties it (Bot API, getUpdates)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bot.sandbox.wire import ApiError, Json, dumps

MAX_LIMIT = 100  # Bot API, getUpdates: 1-100, 100 unless told
MAX_TIMEOUT = 50  # seconds; Telegram answers a longer poll after 50
FUTURE = 10  # Telegram's server takes an offset further than this beyond its queue for a mistake and confirms nothing
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Waiting:
    """One update in the queue, as its JSON text, so that it may be any text."""

    number: int
    raw: str
    owed: bool = False  # put there by a test: no offset confirms it before it was given once
    given: bool = False


class Updates:
    """Updates waiting for the bot, oldest first."""

    def __init__(self, next_id: int) -> None:
        self.next_id = next_id
        self.allowed: frozenset[str] | None = None  # None: every kind
        self.newest: tuple[int, str] | None = None  # id and JSON of the update queued last, for repeating it
        self._queue: deque[Waiting] = deque()
        self._poll: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def polled(self) -> bool:
        """Whether a bot is waiting in a long poll at this moment."""
        return self._poll is not None and not self._poll.done()

    def push(self, kind: str, body: Json) -> int | None:
        """Queue an update of one kind and wake the poll; its id, or None if allowed_updates leaves this kind out."""
        if self.allowed is not None and kind not in self.allowed:
            return None
        number = self.next_id
        self.next_id = number + 1
        self._put(Waiting(number, dumps({"update_id": number, kind: body})))
        return number

    def inject(self, number: int, raw: str) -> None:
        """Queue any text as an update. It is given at least once, whatever the bot's offset says."""
        self._put(Waiting(number, raw, owed=True))

    async def take(self, offset: int, limit: int, seconds: float, alive: Callable[[], bool]) -> str:
        """The waiting updates as a JSON array, after at most so many seconds.

        An offset confirms, and so forgets, every update below it; a negative one keeps only the
        last -offset; one far beyond the newest id confirms nothing (ids restarted lower).
        A poll that has to wait ends an older one with 409. `alive` tells, once there is an answer,
        whether anybody is left to take it.
        """
        self._forget(max(len(self._queue) + offset, 0) if offset < 0 else self._confirmed(offset))
        if not self._queue and seconds > 0:
            if self._poll is not None and not self._poll.done():
                self._poll.set_exception(ApiError(409, CONFLICT))
            await self._wait(min(seconds, MAX_TIMEOUT))
        batch = list(islice(self._queue, limit if 1 <= limit <= MAX_LIMIT else MAX_LIMIT))
        if alive():
            for waiting in batch:
                waiting.given = True
        return "[" + ",".join(waiting.raw for waiting in batch) + "]"

    def clear(self) -> None:
        """Forget everything waiting."""
        self._queue.clear()

    def end_poll(self) -> None:
        """End the open poll now."""
        self._wake()

    def _put(self, waiting: Waiting) -> None:
        self._queue.append(waiting)
        self.newest = (waiting.number, waiting.raw)
        self._wake()

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        timer = poll.get_loop().call_later(seconds, _finish, poll)
        try:
            await poll
        finally:
            timer.cancel()
            if self._poll is poll:
                self._poll = None

    def _confirmed(self, offset: int) -> int:
        """How many at the front of the queue this offset confirms."""
        if offset == 0:
            return 0
        for place, waiting in enumerate(islice(self._queue, MAX_LIMIT)):
            if waiting.given and waiting.number == offset - 1:
                return place + 1  # the queue need not be sorted: ids may restart lower
        if offset > self.next_id + FUTURE:
            return 0
        count = 0
        for waiting in self._queue:
            if waiting.number >= offset or (waiting.owed and not waiting.given):
                break
            count += 1
        return count

    def _forget(self, count: int) -> None:
        for _ in range(count):
            self._queue.popleft()

    def _wake(self) -> None:
        if self._poll is not None:
            _finish(self._poll)


def _finish(poll: asyncio.Future[None]) -> None:
    if not poll.done():
        poll.set_result(None)
