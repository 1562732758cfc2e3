"""The sandbox over its own HTTP: what another process can do, and the demo page in a browser."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, async_playwright, expect
from telegram import Bot, MessageEntity
from telegram.error import BadRequest

from bot.sandbox import Phone, Sandbox
from tests.browser import FLAGS, chromium
from tests.sandbox_bot import CARER, COORDINATOR, buttons, listening, talking

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


class Bench:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = NOON

    async def advance(self, to: datetime) -> None:
        self.now = to


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with listening(Sandbox()) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with talking(sandbox) as bot:
        yield bot


@pytest.fixture
def carer(sandbox: Sandbox) -> Phone:
    phone = sandbox.phone(CARER)
    phone.command("/start")
    return phone


@asynccontextmanager
async def looking_at(sandbox: Sandbox, width: int = 1280) -> AsyncIterator[Page]:
    """The page in a browser so many pixels wide; fails if the page logged an error."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS.split())
        page = await browser.new_page(viewport={"width": width, "height": 844})
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(sandbox.root)
        try:
            yield page
        finally:
            await browser.close()
    assert errors == []


async def test_a_test_in_another_process_does_the_same_over_http(sandbox: Sandbox, bot: Bot) -> None:
    async with ClientSession(sandbox.root) as http:

        async def post(path: str, **body: object) -> Any:
            async with http.post(f"/control/{path}", json=body) as answer:
                return await answer.json()

        await post("phones", id=77, name="Aunt")
        await post("phones/77/say", text="hello")
        sent = await bot.send_message(77, "Well?", reply_markup=buttons(("Yes",)))
        tap = await post("phones/77/tap", message_id=sent.message_id, what="Yes")
        await bot.answer_callback_query(tap["query_id"], "Noted")
        async with http.get("/control/phones/77/wait?text=Well&timeout=1") as answer:
            shown = await answer.json()
        await post("faults", method="sendMessage", status=400)
        with pytest.raises(BadRequest):
            await bot.send_message(77, "x")
        async with http.get("/control/calls?method=sendMessage") as answer:
            calls = await answer.json()
        wrong = await post("phones/77/tap", message_id=1, what="Maybe")

    assert (shown["id"], shown["text"]) == (sent.message_id, "Well?")
    assert [call["status"] for call in calls["calls"]] == [200, 400]
    assert "no button 'Maybe'" in wrong["error"]


async def test_the_page_is_told_at_once_and_no_other_site_may_ask(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    async with ClientSession(sandbox.root) as http:
        async with http.ws_connect("/control/live") as live, asyncio.timeout(5):
            everything = await live.receive_json()
            await bot.send_message(CARER, "hello")
            change = await live.receive_json()
        async with http.post("/control/revoke", headers={"Origin": "https://example.org"}) as foreign:
            status = foreign.status

    assert [phone["name"] for phone in everything["phones"]] == ["Caregiver", "Coordinator"]
    assert (change["what"], change["message"]["text"]) == ("message", "hello")
    assert status == 403


async def test_the_clock_moves_only_through_the_bots_own(bot: Bot) -> None:
    bench = Bench()
    due = NOON + timedelta(hours=20)
    async with listening(Sandbox(now=lambda: bench.now, advance=bench.advance, next_due=lambda: due)) as sandbox:
        async with ClientSession(sandbox.root) as http:
            async with http.post("/control/clock", json={"seconds": 3600}) as answer:
                hour = await answer.json()
            async with http.post("/control/clock", json={"due": True}) as answer:
                await answer.read()
        message = sandbox.phone(CARER).say("hello")

    assert datetime.fromisoformat(hour["now"]) == NOON + timedelta(hours=1)
    assert message.at == due


def test_it_runs_as_its_own_process() -> None:
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address, token = process.stdout.readline().strip(), process.stdout.readline().strip()
        process.terminate()
        process.wait(timeout=5)

    assert address.startswith("http://127.0.0.1:")
    assert (token.partition(":")[0], process.returncode) == ("100000", 0)


@pytest.mark.parametrize(
    ("token", "method", "status", "words"),
    [
        ("100000:another", "getMe", 401, "Unauthorized"),
        ("nonsense", "getMe", 404, "Not Found"),
        ("100000:SANDBOX-TOKEN-NOT-SECRET-000000000000", "danceForMe", 404, "Not Found"),
    ],
)
async def test_what_telegram_does_not_know_it_says_in_its_words(
    sandbox: Sandbox, token: str, method: str, status: int, words: str
) -> None:
    async with ClientSession(sandbox.root) as http, http.get(f"/bot{token}/{method}") as answer:
        assert answer.status == status
        assert await answer.json() == {"ok": False, "error_code": status, "description": words}


@pytest.mark.parametrize("how", ["params", "data", "json"])
async def test_a_call_may_come_as_a_query_a_form_or_json(sandbox: Sandbox, carer: Phone, how: str) -> None:
    given: Any = {how: {"chat_id": CARER, "text": "naïve 👍"}}
    address = f"/bot{sandbox.token}/SENDMESSAGE"
    async with ClientSession(sandbox.root) as http, http.post(address, **given) as answer:
        assert (await answer.json())["ok"]

    assert carer.texts == ["naïve 👍"]


async def test_a_person_plays_with_the_keyboard_alone(sandbox: Sandbox, bot: Bot) -> None:
    async with looking_at(sandbox) as page:
        phone, shown = sandbox.phone(CARER), page.get_by_role("region", name="Caregiver phone")
        await shown.get_by_role("button", name="Start", exact=True).press("Enter")
        await phone.wait_until(lambda: phone.messages)
        await bot.send_message(CARER, "Well?", reply_markup=buttons(("Yes", "No")))
        yes = shown.get_by_role("button", name="Yes", exact=True)
        await yes.press("Enter")
        await expect(yes).to_have_attribute("aria-busy", "true")
        await bot.answer_callback_query((await phone.wait_until(lambda: phone.taps))[0].id, "Noted")

        await expect(yes).not_to_have_attribute("aria-busy", "true")
        await expect(shown.get_by_text("Noted")).to_be_visible()
        await shown.get_by_label("Message").press_sequentially("thank you")
        await page.keyboard.press("Enter")
        await expect(shown.get_by_role("article").last).to_contain_text("thank you")

    assert [message.text for message in phone.messages] == ["/start", "Well?", "thank you"]


async def test_nothing_typed_becomes_markup_and_only_https_is_a_link(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    text = "<b onclick=alert(1)>x</b> http://example.org https://example.org/a one"
    one = MessageEntity("text_link", len(text) - 3, 3, url="tg://resolve?domain=x")
    async with looking_at(sandbox) as page:
        await bot.send_message(CARER, text, entities=[one])
        words = page.get_by_role("article").last.locator(".words")

        await expect(words).to_have_text(text)
        assert await words.locator("b").count() == 0
        assert [await link.get_attribute("href") for link in await words.locator("a").all()] == [
            "https://example.org/a"
        ]


async def test_a_narrow_screen_shows_one_phone_and_what_is_new_on_the_other(
    sandbox: Sandbox, bot: Bot, carer: Phone
) -> None:
    sandbox.phone(COORDINATOR).command("/start")
    async with looking_at(sandbox, 390) as page:
        await expect(page.get_by_role("region", name="Caregiver phone")).to_be_visible()
        await bot.send_message(COORDINATOR, "New alert")
        await page.get_by_role("button", name="Coordinator, 1 new").click()

        await expect(page.get_by_role("region", name="Coordinator phone")).to_contain_text("New alert")
        await expect(page.get_by_role("region", name="Caregiver phone")).to_be_hidden()
        assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_page_finds_the_server_again(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    async with looking_at(sandbox) as page:
        await expect(page.get_by_role("article")).to_have_count(1)
        port = int(sandbox.root.rpartition(":")[2])
        await sandbox.stop()
        await expect(page.get_by_text("Connection lost")).to_be_visible()

        await sandbox.start(port=port)
        carer.say("still here")

        await expect(page.get_by_role("article")).to_have_count(2)
        await expect(page.get_by_text("Connection lost")).to_be_hidden()
