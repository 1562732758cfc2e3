"""A running bot on a sandbox, over real sockets, on data of its own: what the tests of the whole house share."""

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot import app
from bot.clock import Clock
from bot.delivery import Pace
from bot.sandbox import Message, Phone, Sandbox
from bot.sandbox.world import Query
from bot.settings import CONTENT, Settings
from content.load import Library, load
from flows.book import Item

TOP = Path(__file__).parent.parent
STARTS_WITHIN = 30  # seconds, on a busy machine
QUICK = Pace(everybody=1000.0, chat=100.0, burst=100.0)  # the sandbox has no limit to keep to
NO_CHATTER = {"BACKWATCH_TOKEN", "BACKWATCH_API_URL", "BACKWATCH_DATA", "BACKWATCH_KEY_FILE", "BACKWATCH_PATHWAY"}


@cache
def library() -> Library:
    """The content as it stands."""
    return load(CONTENT, "demo")


def wording(key: str) -> str:
    """The longest piece of some words that stands in every message made of them."""
    return max(re.split(r"\{\w+\}|\*\*|\n", library().words["en"][key]), key=len).strip()


@dataclass(slots=True)
class House:
    """A sandbox, and a bot that can be stopped and started again on the same data."""

    folder: Path
    sandbox: Sandbox
    clock: Clock
    pace: Pace = QUICK
    content: Library = field(default_factory=library)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _running: app.Running | None = None

    @property
    def running(self) -> app.Running:
        """The bot. It must have been started."""
        assert self._running is not None
        return self._running

    @property
    def settings(self) -> Settings:
        return Settings(
            token=self.sandbox.token,  # type: ignore[arg-type]
            api_url=self.sandbox.root,
            data=self.folder / "data",
            key_file=self.folder / "key" / "master.key",
            pathway="demo",
        )

    async def start(self) -> None:
        self._running = await self._open.enter_async_context(
            app.running(self.settings, self.content, self.clock, self.pace)
        )

    async def stop(self) -> None:
        await self._open.aclose()
        self._running = None

    async def restart(self) -> None:
        """As an operator does: everything in memory is gone."""
        await self.stop()
        await self.start()

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the database on disk, asked from outside the bot."""
        with sqlite3.connect(self.folder / "data" / "backwatch.db") as db:
            found = db.execute(question, values).fetchall()
        db.close()
        return found

    async def change(self, *statements: str) -> None:
        """Change the database on disk from outside the bot, which goes on meanwhile: see `command`."""

        def carry_out() -> None:
            with sqlite3.connect(self.folder / "data" / "backwatch.db") as db:
                for statement in statements:
                    db.execute(statement)
            db.close()

        await asyncio.to_thread(carry_out)

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    async def staff(self, number: int) -> Phone:
        """A coordinator who has just joined."""
        phone = self.sandbox.phone(number)
        code, _ = await app.invite(self.running.database, self.clock.now())
        phone.command(f"/start {code}")
        await phone.wait_for(wording("staff.joined"))
        return phone

    async def member(self, number: int, **chosen: str) -> Phone:
        """A caregiver who has agreed to everything, or to what `chosen` says: keep="no"."""
        phone = await self.guest(number)
        await agree(phone, **chosen)
        return phone

    async def guest(self, number: int) -> Phone:
        """A caregiver who has said who they are, and nothing more."""
        phone = self.sandbox.phone(number)
        phone.command("/start")
        await through(phone, "welcome")
        return phone

    def environment(self, **changed: str) -> dict[str, str]:
        """What a child process is given: our settings, and nothing of the same kind from outside."""
        given = self.settings
        ours = {
            "BACKWATCH_TOKEN": given.token.get_secret_value(),
            "BACKWATCH_API_URL": given.api_url,
            "BACKWATCH_DATA": str(given.data),
            "BACKWATCH_KEY_FILE": str(given.key_file),
            "BACKWATCH_PATHWAY": given.pathway,
        }
        return {name: value for name, value in os.environ.items() if name not in NO_CHATTER} | ours | changed

    async def command(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run one of run.py's commands to its end, on this house's data.

        The bot goes on meanwhile: held up within a transaction, it would keep the command from the database.
        """
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, str(TOP / "run.py"), *words],
            cwd=self.folder,  # no .env there
            env=self.environment(**changed),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    async def exported(self) -> list[dict[str, Any]]:
        """What `export` writes."""
        ran = await self.command("export", "--format", "jsonl")
        assert ran.returncode == 0, ran.stderr
        return [json.loads(line) for line in ran.stdout.splitlines()]


@asynccontextmanager
async def house(folder: Path, *, started: bool = True, pace: Pace = QUICK) -> AsyncIterator[House]:
    """A house on throw-away data, torn down in the end."""
    clock = Clock()
    sandbox = Sandbox(now=clock.now)
    await sandbox.start()
    it = House(folder, sandbox, clock, pace)
    try:
        if started:
            await it.start()
        yield it
    finally:
        await it.stop()
        await sandbox.stop()


# -- what people do


def everything(phone: Phone) -> Iterator[object]:
    """Send one thing after the other, of every kind."""
    first = phone.say("hello")
    yield first
    yield phone.say("w" * 4096)
    yield phone.say("שלום, מה שלומך?")
    yield phone.say("🙂🙃")
    yield phone.sticker()
    yield phone.voice()
    yield phone.location()
    yield phone.photo(caption="a picture")
    yield phone.document()
    yield phone.forward("somebody else's words")
    yield phone.edit(first, "hello again")
    yield phone.command("/nonsense")
    yield phone.press(1, "no:such:button:x")
    yield phone.press(1, "☠ not even a button")


def offers(message: Message, start: str) -> str:
    """The data of the first button that begins so, or empty."""
    data = (button.data or "" for row in message.buttons for button in row)
    return next((one for one in data if one.startswith(start)), "")


async def tap(phone: Phone, start: str) -> Query:
    """Tap the newest button whose data begin so, as soon as there is one, and wait for the tap's answer."""

    def found() -> Message | None:
        return next((message for message in reversed(phone.received) if offers(message, start)), None)

    message = await phone.wait_until(found)
    return await phone.answered(phone.press(message.id, offers(message, start)))


def report(phone: Phone, item: str = "legs", option: str = "today") -> Query:
    """Tap a red flag on a screen from long ago."""
    return phone.press(1, f"red_flags/{item}:{option}:0:{library().book.version}")


def calm(item: Item) -> str:
    """The first answer that calls for nothing."""
    return next(option.id for option in item.options if option.urgency is None)


def agreeing(item: Item) -> str:
    return item.options[0].id


async def through(
    phone: Phone, questionnaire: str, choose: Callable[[Item], str] = agreeing, *, since: int = 0, **chosen: str
) -> Message:
    """Answer a questionnaire by its buttons to the end. Returns the message that came after the last answer."""
    start = f"{questionnaire}/"
    message = await phone.wait_for(lambda one: offers(one, start), since=since)
    while data := offers(message, start):
        found = library().book.item(data.partition(":")[0])
        assert found is not None
        option = chosen.get(found[1].id) or choose(found[1])
        before = phone.last.id
        await tap(phone, f"{start}{found[1].id}:{option}:")
        message = await phone.wait_for(lambda one: True, since=before)
    return message


async def agree(phone: Phone, **chosen: str) -> Message:
    """Give consent; `chosen` overrules the yes to an item."""
    before = phone.last.id
    await tap(phone, "menu:consent")
    return await through(phone, "consent", agreeing, since=before, **chosen)


async def schedule(phone: Phone, time: str = "0900") -> Message:
    """Ask for check-ins every day."""
    await tap(phone, "menu:checkins")
    before = phone.last.id
    await tap(phone, "checkins:set")
    return await through(phone, "schedule", agreeing, since=before, time=time)


@asynccontextmanager
async def child(home: House, *words: str, **changed: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """tests/child.py at work on a house whose own bot is stopped. Killed in the end if it still runs."""
    polls = home.sandbox.calls.counts["getUpdates"]
    with (home.folder / "out.log").open("ab") as out, (home.folder / "err.log").open("ab") as err:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.child",
            *words,
            cwd=TOP,
            env=home.environment(**changed),
            stdout=out,
            stderr=err,
        )
    try:
        await home.sandbox.calls.wait_for("getUpdates", polls + 1, STARTS_WITHIN)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
