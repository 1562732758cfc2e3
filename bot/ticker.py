"""APScheduler ticks; who is due is a question to the timers table."""

import asyncio
import logging
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import backlog, backup, store
from bot.clock import Clock
from bot.database import Database
from bot.turn import Inner, Turns
from flows.events import CameDue

LOG = logging.getLogger("backwatch.ticker")

EVERY = 1  # seconds between looks at the timers
AT_ONCE = 100  # timers a transaction, so that answers never wait long behind a crowd falling due
GUEST_IDLE = timedelta(days=1)
KEPT = timedelta(days=365)  # what the consent text promises
UPDATE_KEPT = timedelta(days=2)  # Telegram repeats an update for 24 hours at most (Bot API, getting updates)


class Ticker:
    """Turns due timers into events, and tidies up every hour."""

    def __init__(self, database: Database, turns: Turns, clock: Clock) -> None:
        self._database, self._turns, self._clock = database, turns, clock
        self._ticking = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # the default grace of 1 s silently drops jobs; coalesce so that a stall is followed by one run, not many
        job = {"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1}
        self._scheduler.add_job(self.tick, "interval", seconds=EVERY, **job)
        self._scheduler.add_job(self.tidy, "interval", hours=1, **job)

    def start(self) -> None:
        """Tick from now on."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every second a slow tick takes
        self._scheduler.start()

    async def stop(self) -> None:
        """No more ticks; one under way ends. The scheduler itself would cut it off in the middle of a transaction."""
        self._scheduler.remove_all_jobs()
        async with self._ticking:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Take every timer that is due. Called by the scheduler, and when the clock was moved."""
        async with self._ticking:
            try:
                while rows := await self._due():
                    await self._turns.take(rows)
                    if len(rows) < AT_ONCE:
                        return
            except Exception as error:  # noqa: BLE001 - the scheduler would log it, words and all
                LOG.error("due timers could not be read or saved, trying again: %s", type(error).__name__)

    async def _due(self) -> list[Inner]:
        now = self._clock.now()
        async with self._database.transaction() as db:
            rows = await store.due(db, now, AT_ONCE)
        return [Inner(row["person"], CameDue(at=now, timer=row["name"], serves=row["serves"])) for row in rows]

    async def tidy(self) -> None:
        """Drop idle guests, update ids that cannot come again, what is older than consent covers; copy the rest."""
        now = self._clock.now()
        async with self._ticking:
            try:
                idle, seen = now - GUEST_IDLE, now - UPDATE_KEPT
                await backlog.forget_idle(self._database, idle.isoformat(), seen.isoformat())
                await backlog.forget_old(self._database, (now - KEPT).isoformat())
                await backup.nightly(self._database, now)
            except Exception as error:  # noqa: BLE001 - as above
                LOG.error("tidying up failed, trying again in an hour: %s", type(error).__name__)
