"""Things that go wrong on purpose, the pace Telegram allows, and the log of calls."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.sandbox.wire import ApiError, Params

Moment = Literal["before", "after"]

WORDS = {
    400: "Bad Request: fault",
    401: "Unauthorized",
    403: "Forbidden: fault",
    404: "Not Found",
    409: "Conflict: fault",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(kw_only=True)
class Fault:
    """What to do to the next `times` calls. With nothing else set it only delays.

    `when` is before or after the call has its effect: a failure "after" is one the bot cannot
    tell from a failure "before", except that the message is there.
    """

    method: str = "*"  # a Bot API method in any case; "*" is every one
    chat: int | None = None  # only calls about this chat
    times: int = 1
    when: Moment = "before"
    delay: float = 0.0  # real seconds
    status: int | None = None  # HTTP status, with Telegram's JSON unless there is a body
    description: str | None = None
    retry_after: int | None = None  # whole seconds; makes it a 429
    body: str | None = None  # sent as it is, with `status` or 200: malformed JSON, a proxy's page
    reset: bool = False  # cut the connection

    @property
    def error(self) -> ApiError | None:
        """The refusal this fault asks for."""
        if self.retry_after is not None:
            words = f"Too Many Requests: retry after {self.retry_after}"
            return ApiError(429, self.description or words, self.retry_after)
        if self.status is None or self.body is not None:
            return None
        return ApiError(self.status, self.description or WORDS.get(self.status, "Fault"))

    @property
    def fails(self) -> bool:
        """Whether the bot sees anything but a delay."""
        return self.reset or self.body is not None or self.error is not None


class Faults:
    """The faults waiting for their calls, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def __len__(self) -> int:
        return sum(fault.times for fault in self._waiting)

    def add(self, fault: Fault) -> Fault:
        """Arm a fault; its `times` counts down as calls meet it."""
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Disarm everything."""
        self._waiting.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault this call meets, if any. `method` in lower case."""
        for fault in self._waiting:
            if fault.method.lower() in ("*", method) and fault.chat in (None, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None


@dataclass(kw_only=True)
class Flood:
    """Telegram's pace for new messages (Bots FAQ, "My bot is hitting limits").

    About 30 a second overall and one a second in a chat; bursts pass, here of one second's worth and of 3.
    Telegram publishes no exact rule, nor how long it makes a bot wait.
    """

    per_second: float = 30.0
    per_chat: float = 1.0  # a second
    burst: int = 3  # messages in one chat
    clock: Callable[[], float] = time.monotonic
    _overall: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)

    def check(self, chat: str) -> None:
        """Count one message, or refuse it with 429 and whole seconds to wait."""
        now = self.clock()
        overall, mine = max(self._overall, now), max(self._chats.get(chat, 0.0), now)
        wait = max(overall - now - 1.0 + 1.0 / self.per_second, mine - now - (self.burst - 1) / self.per_chat)
        if wait > 1e-6:
            seconds = math.ceil(wait)
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)
        self._overall = overall + 1.0 / self.per_second
        self._chats[chat] = mine + 1.0 / self.per_chat


@dataclass(slots=True)
class Call:
    """One call the bot made."""

    method: str  # as the bot spelled it
    chat: int | None
    params: Params
    at: datetime  # by the sandbox's clock
    clock: float  # time.monotonic() seconds, when it arrived
    status: int = 0  # HTTP status of the reply; 0 while it runs or when the connection was cut


class CallLog:
    """The calls received, newest last; only the last `keep` are held, all are counted."""

    def __init__(self, keep: int) -> None:
        self.counts: Counter[str] = Counter()  # by method
        self._calls: deque[Call] = deque(maxlen=keep)
        self._waiters: list[asyncio.Future[None]] = []

    def add(self, call: Call) -> None:
        """Note a call as it arrives."""
        self.counts[call.method] += 1
        self._calls.append(call)
        if self._waiters:
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(None)
            self._waiters.clear()

    def of(self, method: str | None = None, chat: int | None = None) -> list[Call]:
        """The calls held, of one method or chat if told, oldest first."""
        return [c for c in self._calls if method in (None, c.method) and (chat is None or c.chat == chat)]

    def clear(self) -> None:
        """Start counting again."""
        self.counts.clear()
        self._calls.clear()

    def wait_for(self, method: str, count: int = 1, timeout: float = 5.0) -> Coroutine[None, None, None]:
        """Until `count` calls of a method have arrived since the start; TimeoutError after real seconds."""
        return self._wait(method, count, timeout)

    async def _wait(self, method: str, count: int, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while self.counts[method] < count:
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.append(waiter)
                await waiter
