"""Fetches updates as raw JSON and has them saved before it asks for the next: only that confirms them."""

import asyncio
import logging
from collections import Counter
from datetime import timedelta

import telegram as library
from sqlalchemy.exc import DBAPIError
from telegram.error import TelegramError

from bot import telegram
from bot.clock import Clock
from bot.delivery import Delivery
from bot.turn import Taken, Turns, Unread

LOG = logging.getLogger("backwatch.poller")

WAIT = 30  # seconds a poll is held open
GUESTS_WAIT = 2.0  # seconds the next poll waits for guests' urgent replies
DATABASE_AGAIN = 1.0  # seconds before a batch the database refused is taken again
NO_ID_AGAIN = 1.0  # seconds before asking again after updates that cannot even be told apart
SLOWEST = timedelta(minutes=1)
ALONE_AFTER = 2  # polls that failed in a row before updates are fetched one by one
PASS_AFTER = 5  # polls that failed in a row before an update that spoils the answer is passed over


class Poller:
    """Never deaf: whatever Telegram or the database answer, it says so once and asks again."""

    def __init__(self, bot: library.Bot, turns: Turns, delivery: Delivery, clock: Clock) -> None:
        self._bot, self._turns, self._delivery, self._clock = bot, turns, delivery, clock
        self.unread: Counter[str] = Counter()
        self._said = ""

    async def run(self) -> None:
        """Poll until cancelled. A batch being saved is saved."""
        offset: int | None = None
        failures = 0
        while True:
            limit = 100 if failures < ALONE_AFTER else 1
            try:
                found = await telegram.get_updates(self._bot, offset, WAIT, limit)
            except TelegramError as error:
                failures += 1
                self._say(telegram.say_why(error))
                if (
                    type(error) is TelegramError
                    and failures >= PASS_AFTER
                    and offset is not None
                    and await self._well()
                ):
                    offset += 1  # this update alone makes the whole answer unreadable
                    failures = ALONE_AFTER  # the next one has to be found just as bad
                    self.unread["unreadable answer"] += 1
                await asyncio.sleep(self._wait(error, failures).total_seconds())
                continue
            failures = 0
            self._say("")
            if found:
                offset = await self._took(found, offset)

    async def _took(self, found: list[object], offset: int | None) -> int | None:
        now = self._clock.now()
        taken: list[Taken] = []
        for raw in found:
            number = telegram.update_id(raw)
            arrival = telegram.read(raw, now)
            if arrival is not None:
                taken.append(arrival)
            elif number is not None:
                taken.append(Unread(number))
                self.unread["passed over"] += 1
            else:
                self.unread["without id"] += 1
        await self._save(taken)
        await self._delivery.guests_told(GUESTS_WAIT)
        numbers = [number for raw in found if (number := telegram.update_id(raw)) is not None]
        if not numbers:
            await asyncio.sleep(NO_ID_AGAIN)
            return offset
        return numbers[-1] + 1  # the last one's, also downwards: ids may start again lower

    async def _save(self, taken: list[Taken]) -> None:
        while True:
            try:
                return await self._turns.take(taken)
            except DBAPIError as error:
                self._say(f"The database cannot be written ({type(error).__name__}); trying again, nothing is lost.")
                await asyncio.sleep(DATABASE_AGAIN)

    async def _well(self) -> bool:
        """Whether the Bot API answers as it should but for the updates: a proxy's page must cost no update."""
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True

    def _wait(self, error: TelegramError, failures: int) -> timedelta:
        verdict = telegram.verdict(error)
        wait = verdict.wait if isinstance(verdict, telegram.Later) else timedelta(seconds=2)
        return wait if isinstance(verdict, telegram.Later) and verdict.flood else min(wait * min(failures, 8), SLOWEST)

    def _say(self, line: str) -> None:
        """Once, until something else is to be said."""
        if line and line != self._said:
            LOG.error("%s", line)
        elif not line and self._said:
            LOG.warning("Telegram answers again.")
        self._said = line
