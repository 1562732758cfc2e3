"""Builds everything, starts in order, stops in reverse."""

import asyncio
import contextlib
import itertools
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import telegram as library
from sqlalchemy import insert
from telegram.error import InvalidToken, TelegramError

from bot import audit, backlog, store, telegram
from bot.circles import CODE_LETTERS
from bot.clock import Clock
from bot.database import MAIN, Database, open_database
from bot.delivery import TELEGRAM, Delivery, Pace
from bot.keys import new_code
from bot.poller import Poller
from bot.save import CODE_LASTS, Marks
from bot.schema import codes, facts
from bot.settings import Settings, SettingsError
from bot.ticker import Ticker
from bot.transport import AiohttpRequest
from bot.turn import Inner, Turns
from content.load import Library
from content.render import commands, description
from flows.events import Blocked

LOG = logging.getLogger("backwatch")

STOP_WITHIN = 5.0  # seconds for calls under way when stopping; the whole stop takes less than 10
CONNECTIONS = 100


class StoppedError(Exception):
    """A part of the bot has ended by itself: a fault of ours. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that has started."""

    clock: Clock
    database: Database
    ticker: Ticker
    bot: library.Bot
    delivery: Delivery
    work: tuple[asyncio.Task[None], ...]  # what must not end while the bot runs

    async def advance(self, to: datetime) -> None:
        """Move the clock on, one due timer after the other, as if the time had passed."""
        while True:
            async with self.database.transaction() as db:
                due = await store.first_timer(db)
            if due is None or due > to:
                break
            self.clock.advance(due)
            await self.ticker.tick()
        self.clock.advance(to)
        await self.ticker.tick()

    async def next_checkin(self) -> datetime | None:
        """When somebody's next check-in is due."""
        async with self.database.transaction() as db:
            return await store.next_timer(db, "checkin")


def connect(settings: Settings) -> library.Bot:
    """The client. Raises SettingsError without a token."""
    token = settings.token.get_secret_value()
    if not token:
        raise SettingsError("BACKWATCH_TOKEN is not set. Ask @BotFather for a token, or try: python run.py demo")
    try:
        return library.Bot(
            token,
            base_url=f"{settings.api_url}/bot",
            base_file_url=f"{settings.api_url}/file/bot",
            request=AiohttpRequest(CONNECTIONS),
            get_updates_request=AiohttpRequest(1),
        )
    except InvalidToken:
        raise SettingsError("BACKWATCH_TOKEN is not of the form 123456:ABC… Copy it again from @BotFather.") from None


@asynccontextmanager
async def running(settings: Settings, content: Library, clock: Clock, pace: Pace = TELEGRAM) -> AsyncIterator[Running]:
    """The bot at work: started on entry, stopped on exit. Raises what open_database and connect raise."""
    async with AsyncExitStack() as stack:
        database = await open_database(settings.data, settings.key_file, alone=True)
        stack.push_async_callback(database.close)
        await backlog.sweep(database)
        bot = connect(settings)
        stack.push_async_callback(_disconnect, bot)
        await _greet(bot, content)
        marks = Marks()
        async with database.transaction() as db:
            rows = itertools.count(await store.last_row(db) + 1)
            await store.put_rows(db, MAIN, facts, [{"name": "username", "value": bot.username}])

        async def gone(person: str, at: datetime) -> None:
            await turns.take([Inner(person, Blocked(at=at))])

        delivery = Delivery(bot, database, marks, clock, gone, pace)
        turns = Turns(database, content, clock, marks, delivery.add, rows)
        delivery.add(await backlog.unsent(database))
        stack.push_async_callback(delivery.write_marks)
        stack.push_async_callback(delivery.finish, STOP_WITHIN)
        ticker = Ticker(database, turns, clock)
        poller = Poller(bot, turns, delivery, clock)
        parts = {"sending": delivery.run(), "noting what was sent": delivery.keep_marks(), "polling": poller.run()}
        work = tuple(asyncio.create_task(part, name=name) for name, part in parts.items())
        for task in work:
            stack.push_async_callback(_end, task)
        ticker.start()
        stack.push_async_callback(ticker.stop)
        yield Running(clock, database, ticker, bot, delivery, work)


async def serve(settings: Settings, content: Library, pace: Pace = TELEGRAM) -> None:
    """Run until SIGTERM or SIGINT. Raises StoppedError rather than staying up half deaf."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_unhandled)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(stack.enter_async_context(running(settings, content, Clock(), pace)))
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting
            return
        started = starting.result()
        LOG.warning("Backwatch runs as @%s. Stop it with SIGTERM.", started.bot.username)
        await asyncio.wait({stopping, *started.work}, return_when=asyncio.FIRST_COMPLETED)
        LOG.warning("Stopping: finishing what is under way.")
        ended = [task.get_name() for task in started.work if task.done()]
    if ended:
        raise StoppedError(
            f"Backwatch had to stop: {', '.join(ended)} ended. Nothing confirmed is lost; start it again."
        )


async def invite(database: Database, now: datetime, *, lead: bool = False) -> tuple[str, str]:
    """A one-time code that makes its user a coordinator or a lead, and the bot's name (empty if it never ran)."""
    code = new_code(CODE_LETTERS)
    row = {"hash": database.vault.code_hash(code), "expires": (now + CODE_LASTS).isoformat(), "lead": int(lead)}
    async with database.transaction() as db:
        await store.run(db, MAIN, insert(codes), row)
        line = audit.Line(at=now, who=audit.SITE, what="invited lead" if lead else "invited")
        await audit.write(db, database.vault, [line])
        username = await store.fact(db, "username")
    await audit.settle(database)
    return code, username or ""


async def _greet(bot: library.Bot, content: Library) -> None:
    """Log in, as often as it takes. Raises SettingsError if the token is refused: no waiting can help that."""
    said = ""
    while True:
        try:
            await bot.initialize()
            await telegram.call(bot, "deleteWebhook", {})
            menu = commands(content, content.book.pathway.language, staff=False)
            await telegram.call(bot, "setMyCommands", {"commands": menu})
            whole, short = description(content, content.book.pathway.language)
            await telegram.call(bot, "setMyDescription", {"description": whole})
            await telegram.call(bot, "setMyShortDescription", {"short_description": short})
            return
        except InvalidToken as error:
            raise SettingsError(telegram.say_why(error)) from None
        except TelegramError as error:
            if said != (said := telegram.say_why(error)):
                LOG.error("%s", said)
            await asyncio.sleep(2.0)


async def _disconnect(bot: library.Bot) -> None:
    await bot.shutdown()


def _unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A task's exception that nobody awaited: its kind, never its text, which may hold people's words."""
    LOG.error("%s (%s)", context.get("message"), type(context.get("exception")).__name__)


async def _end(task: asyncio.Task[None]) -> None:
    """Stop a task; one that had failed says so."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)  # again, should something below have swallowed it
    (result,) = await asyncio.gather(task, return_exceptions=True)
    if isinstance(result, Exception):
        LOG.error("%s had ended: %s", task.get_name(), type(result).__name__)
