"""The demo: sandbox and bot in one process, no token, and a scripted talk that proves the real wire."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Running, invite, running
from bot.clock import Clock
from bot.delivery import Pace
from bot.sandbox.phone import Phone
from bot.sandbox.server import DEFAULT_TOKEN, Sandbox
from bot.sandbox.world import Message
from bot.settings import CONTENT, Settings, read_settings
from content.load import load
from content.render import TICKED

CAREGIVER, COORDINATOR = 1001, 1002
QUICK = Pace(everybody=1000.0, chat=100.0, burst=100.0)  # the sandbox has no limit to keep to
PATIENCE = 60.0  # seconds the script waits for an answer


@dataclass(slots=True)
class Demo:
    """The sandbox and the bot on it."""

    sandbox: Sandbox
    running: Running


@asynccontextmanager
async def demo(port: int, given: Settings) -> AsyncIterator[Demo]:
    """Start both on loopback. Data is thrown away afterwards unless BACKWATCH_DATA was set."""
    clock = Clock()
    sandbox = Sandbox(now=clock.now)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backwatch-demo-")))
        root = await sandbox.start(port=port)
        stack.push_async_callback(sandbox.stop)
        kept = "data" in given.model_fields_set
        settings = read_settings(
            token=DEFAULT_TOKEN,
            api_url=root,
            data=given.data if kept else folder / "data",
            key_file=given.key_file if kept else folder / "key" / "master.key",
            pathway=given.pathway or "demo",
        )
        content = load(CONTENT, settings.pathway)
        started = await stack.enter_async_context(running(settings, content, clock, QUICK))
        sandbox.advance, sandbox.next_due = started.advance, started.next_checkin
        code, _ = await invite(started.database, clock.now())
        sandbox.phone(COORDINATOR).command(f"/start {code}")
        yield Demo(sandbox, started)


async def play_demo(port: int, given: Settings) -> None:
    """Play until stopped."""
    async with demo(port, given) as it:
        print(f"Backwatch demo: open {it.sandbox.root}/ in a browser. Stop with Ctrl+C.", flush=True)  # noqa: T201
        await asyncio.Event().wait()


@dataclass(slots=True)
class Script:
    """Acts on a phone, and prints what it shows as soon as it shows it."""

    name: str
    phone: Phone
    shown: int = 0

    async def see(self, words: str) -> Message:
        """Wait until the bot says this."""
        message = await self.phone.wait_for(words, PATIENCE, since=self.shown)
        self._print(message.id)
        return message

    async def tap(self, label: str) -> int:
        """Wait for a button and tap it, on the newest message that has it. Returns the newest message's id by then."""

        def found() -> Message | None:
            with_it = (m for m in reversed(self.phone.received) if _button(m, label))
            return next(with_it, None)

        message = await self.phone.wait_until(found, PATIENCE)
        self._print(message.id)
        print(f"  {self.name:>11} taps  [{label}]")  # noqa: T201
        before = self.phone.last.id
        await self.phone.answered(self.phone.tap(message, label), PATIENCE)
        return before

    async def answer(self, *labels: str) -> None:
        """Tap through questions, waiting for each to be asked."""
        for label in labels:
            before = await self.tap(label)
            await self.phone.wait_for(lambda message: True, PATIENCE, since=before)

    def say(self, text: str) -> None:
        print(f"  {self.name:>11} types {text}")  # noqa: T201
        self.phone.say(text)

    def _print(self, until: int) -> None:
        for message in self.phone.received:
            if self.shown < message.id <= until:
                lines = message.text.splitlines() or [""]
                print(f"  {'bot':>11} to {self.name}: {lines[0]}")  # noqa: T201
                for line in lines[1:]:
                    print(f"{'':>14}{line}")  # noqa: T201
        self.shown = max(self.shown, until)


def _button(message: Message, label: str) -> bool:
    return any(button.text.removeprefix(TICKED) == label for row in message.buttons for button in row)


async def check_demo(port: int, given: Settings) -> None:
    """Play consent, an emergency with its alert acknowledged, a check-in answered and one missed. Raises TimeoutError.

    The whole way is real: python-telegram-bot over HTTP, SQLite on disk, the clock moved as on the page.
    """
    async with demo(port, given) as it:
        caregiver = Script("caregiver", it.sandbox.phone(CAREGIVER))
        coordinator = Script("coordinator", it.sandbox.phone(COORDINATOR))
        await coordinator.see("coordinator now")
        await _consent(caregiver)
        await _emergency(it, caregiver, coordinator)
        await _checkins(it, caregiver)
        coordinator.say("/log")
        await coordinator.see("missed")
        print("The talk went as it should.")  # noqa: T201


async def _consent(caregiver: Script) -> None:
    _title("Welcome and consent")
    caregiver.say("/start")
    await caregiver.answer("I care for someone", "Yes, I am with them")
    await caregiver.answer("Set up check-ins", "Yes", "Myeloma", "Next", "Next", "Next", "Next", "Next")
    await caregiver.answer("Yes", "Yes, they agree", "Yes", "Yes", "Yes")
    await caregiver.see("I may remind you")


async def _emergency(it: Demo, caregiver: Script, coordinator: Script) -> None:
    _title("An emergency, and its alert")
    caregiver.say("Dad's legs have gone funny")
    await caregiver.see("Look out for this next")
    await coordinator.see("EMERGENCY")
    await coordinator.tap("I have this")
    await coordinator.see("You have this")
    _title("A quarter of an hour later")
    await it.running.advance(it.running.clock.now() + timedelta(minutes=15))
    await caregiver.see("Have you reached help?")
    await caregiver.tap("They told us to wait")
    await caregiver.see("Look out for this next")
    await coordinator.see("wait")
    await caregiver.tap("Yes, help is here")
    await caregiver.see("Show them the card")


async def _checkins(it: Demo, caregiver: Script) -> None:
    _title("A check-in answered")
    caregiver.say("/checkins")
    await caregiver.answer("Choose days and time", "Every day")
    await caregiver.answer("09:00")
    await caregiver.tap("Europe/London")
    due = await _next(it)
    _title(f"The clock is moved to {due:%a %H:%M} UTC")
    await it.running.advance(due)
    await caregiver.see("Time for your check-in")
    await _all_quiet(caregiver)
    await caregiver.see("still counts")  # the emergency was told less than a day ago, and help is there
    due = await _next(it)
    _title(f"The clock is moved to {due:%a %H:%M} UTC, and on: nobody answers")
    await it.running.advance(due)
    await caregiver.see("Time for your check-in")
    await it.running.advance(due + timedelta(hours=12))
    await caregiver.see("note this check-in as missed")


async def _all_quiet(caregiver: Script) -> None:
    medicines = ("Yes, they do", "As usual", "Slept well")
    for label in ("3", "Lower back", "As before", *["No"] * 5, *medicines, "Nothing more"):
        await caregiver.answer(label)


async def _next(it: Demo) -> datetime:
    for _ in range(100):
        due = await it.running.next_checkin()
        if due is not None:
            return due
        await asyncio.sleep(0.05)
    raise TimeoutError("no check-in was set")


def _title(words: str) -> None:
    print(f"\n{words}")  # noqa: T201
