"""The demo in a real browser: its page, the phones on it, and hands that tap and type."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from playwright.async_api import Locator, Page, ViewportSize, async_playwright, expect

from bot.demo import Demo, demo
from bot.settings import CONTENT, Settings
from content.load import Library, load

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
FLAGS += "--disable-component-update --disable-sync"
PATIENCE = 15_000  # milliseconds; a busy machine is slow
MOST_TABS = 10  # presses of the Tab key from one button to the next; more would be no way to get there

expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Where it is. Without it a test is skipped; in CI, which installs it, a test fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("CI has no chromium; .ci/run installs it")
    pytest.skip("needs chromium; on Debian: apt-get install chromium")


@cache
def library() -> Library:
    """The demo's content."""
    return load(CONTENT, "demo")


def says(key: str, **places: str) -> str:
    """The first line of some words as a person sees it, up to the first place that is not filled in."""
    words = library().words["en"]
    line = words.get(key, words.get(f"option.{key.rpartition('.')[2]}", "")).partition("\n")[0]
    assert line, key
    for place, filled in places.items():
        line = line.replace(f"{{{place}}}", filled)
    return line.replace("**", "").partition("{")[0].strip()


@dataclass(frozen=True, slots=True)
class Screen:
    """One phone on the page."""

    shown: Locator

    @property
    def messages(self) -> Locator:
        return self.shown.get_by_role("article")

    async def tap(self, label: str) -> None:
        """Tap the newest button with these words, and wait until what comes of it is in sight."""
        before = await self.messages.count()
        await self.shown.get_by_role("button", name=label, exact=True).last.click()
        await expect(self.messages).not_to_have_count(before)
        await expect(self.messages.last).to_be_in_viewport()

    async def type(self, text: str) -> None:
        """Type a message and send it, and wait for the answer."""
        before = await self.messages.count()
        await self.shown.get_by_label("Message", exact=True).fill(text)
        await self.shown.get_by_role("button", name="Send").click()
        await expect(self.messages.nth(before + 1)).to_be_visible()

    async def sees(self, words: str) -> None:
        await expect(self.messages.filter(has_text=words).last).to_be_visible()

    async def agree(self, *, patient: bool = False) -> None:
        """The whole way through consent, saying yes. A patient is not asked whether the patient agrees."""
        await self.tap(says("button.consent"))
        for item in library().book.questionnaires["consent"].items:
            if patient and item.id == "patient_agrees":
                continue
            ask = f"consent.{item.id}.ask"
            own = f"{ask}_patient"
            await self.sees(says(own if patient and own in library().words["en"] else ask))
            await self.tap(says(f"consent.{item.id}.{item.options[0].id}"))
        await self.sees(says("consent.given_remind"))

    async def sees_whom_to_call(self) -> None:
        """The call is the first line of the newest message, in bold, in sight without scrolling, and its last line."""
        bold = self.messages.last.locator("strong")
        await expect(bold.first).to_contain_text("Call now: ")
        await expect(bold.first).to_be_in_viewport()
        await expect(bold.last).to_have_text(await bold.first.inner_text())


@dataclass(frozen=True, slots=True)
class Desk:
    """The demo, and its page."""

    demo: Demo
    page: Page

    def phone(self, name: str) -> Screen:
        return Screen(self.page.get_by_role("region", name=f"{name} phone"))

    async def press_tab_to(self, label: str) -> None:
        """Go on with the Tab key until the button with these words has the focus, then press Enter."""
        passed = []
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            passed.append(await self.page.evaluate("document.activeElement.textContent.trim()"))
            if passed[-1] == label:
                await self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"no way to {label!r} with the Tab key; it passed {passed}")


@asynccontextmanager
async def desk(width: int, height: int) -> AsyncIterator[Desk]:
    """The demo on a screen so many pixels large. Fails if the page logged an error."""
    path, errors = chromium(), list[str]()
    thrown_away = Settings.model_construct(pathway="demo")  # whatever the environment says
    async with demo(0, thrown_away) as it, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        try:
            page = await browser.new_page(viewport=ViewportSize(width=width, height=height))
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: errors.append(str(error)))
            await page.goto(it.sandbox.root)
            yield Desk(it, page)
        finally:
            await browser.close()
    assert errors == []
