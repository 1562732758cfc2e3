"""What the sandbox does wrong on purpose, and the updates a test can make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.sandbox import Flood, Phone, Sandbox
from tests.sandbox_bot import CARER, COORDINATOR, listening, talking


@pytest.fixture(autouse=True)
def durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # otherwise the library warns of RetryAfter


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


async def test_a_call_can_be_made_to_fail_so_many_times(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.fail("sendMessage", times=2, status=500)

    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(CARER, "hello")
    await bot.send_message(CARER, "hello")

    assert carer.texts == ["hello"]
    assert [call.status for call in sandbox.calls.of("sendMessage", CARER)] == [500, 500, 200]


async def test_a_failure_after_the_effect_leaves_the_message_there(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.fail("sendMessage", status=502, when="after")

    with pytest.raises(NetworkError):
        await bot.send_message(CARER, "hello")

    assert carer.texts == ["hello"]


@pytest.mark.parametrize(("when", "texts"), [("before", []), ("after", ["hello"])])
async def test_a_connection_can_be_reset_before_or_after_the_effect(
    sandbox: Sandbox, bot: Bot, carer: Phone, when: Any, texts: list[str]
) -> None:
    sandbox.fail("sendMessage", reset=True, when=when)

    with pytest.raises(NetworkError):
        await bot.send_message(CARER, "hello")

    assert carer.texts == texts


async def test_a_slow_call_times_out_and_has_its_effect_all_the_same(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.fail("sendMessage", delay=0.2)

    with pytest.raises(TimedOut):
        await bot.send_message(CARER, "hello", read_timeout=0.05)

    assert (await carer.wait_for("hello")).text == "hello"


async def test_a_reply_can_be_malformed(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.fail("sendMessage", body='{"ok":tr', when="after")

    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(CARER, "hello")


async def test_a_fault_for_one_chat_spares_the_others(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.phone(COORDINATOR).command("/start")
    sandbox.fail("sendMessage", chat=CARER, retry_after=7)

    await bot.send_message(COORDINATOR, "hello")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(CARER, "hello")

    assert refused.value.retry_after == timedelta(seconds=7)


async def test_a_revoked_token_is_refused_also_in_the_open_poll(sandbox: Sandbox, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await sandbox.calls.wait_for("getUpdates")

    sandbox.revoke()

    for refused in (poll, bot.get_me()):
        with pytest.raises(InvalidToken):
            await refused
    sandbox.restore()
    await bot.get_me()


@pytest.mark.parametrize("how", ["503", "refuse"])
async def test_the_api_goes_down_and_comes_back_at_the_same_address(sandbox: Sandbox, bot: Bot, how: Any) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await sandbox.calls.wait_for("getUpdates")

    await sandbox.down(how)

    for failing in (poll, bot.get_me()):
        with pytest.raises(NetworkError):
            await failing
    await sandbox.up()
    assert (await bot.get_me()).id == 100000


async def test_telegrams_pace_is_kept_when_asked(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    seconds = 0.0
    sandbox.flood = Flood(clock=lambda: seconds)

    for _ in range(3):
        await bot.send_message(CARER, "hello")
    with pytest.raises(RetryAfter):
        await bot.send_message(CARER, "too fast")
    seconds = 1.0
    await bot.send_message(CARER, "in time")

    assert carer.texts == ["hello", "hello", "hello", "in time"]


async def test_thirty_messages_a_second_go_out_and_no_more(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.flood = Flood(clock=lambda: 0.0)
    people = [sandbox.phone(number) for number in range(5000, 5032)]
    for person in people:
        person.say("hello")

    outcomes = await asyncio.gather(*(bot.send_message(p.id, "hi") for p in people), return_exceptions=True)

    assert sum(isinstance(outcome, RetryAfter) for outcome in outcomes) == 2


async def test_ids_may_restart_lower_and_updates_repeat(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    [first] = await bot.get_updates()
    sandbox.next_update_id(3)

    carer.say("after a week")
    [low] = await bot.get_updates(offset=first.update_id + 1)
    sandbox.repeat()
    repeated = await bot.get_updates(offset=low.update_id + 1)
    sandbox.repeat()
    again = await bot.get_updates(offset=low.update_id + 1)

    assert (low.update_id, [update.update_id for update in repeated], len(again)) == (3, [3], 1)


async def test_an_update_may_be_anything_at_all(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.inject({"message": {"from": 7}}, update_id=50)
    raw: Any = await bot.do_api_request("getUpdates")
    sandbox.inject("{not json")

    assert raw == [{"update_id": 50, "message": {"from": 7}}]
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.do_api_request("getUpdates", {"offset": 51})


async def test_allowed_updates_leaves_the_others_out(bot: Bot, carer: Phone) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])

    carer.say("unheard")
    carer.press(1, "heard")

    assert [update.callback_query is not None for update in await bot.get_updates(offset=-1)] == [True]


async def test_everything_a_person_can_send_reaches_the_bot(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    own = carer.say("I can walk")
    carer.edit(own, "I can not walk")
    carer.sticker()
    carer.voice(4)
    carer.location(1.5, 2.5)
    carer.forward("news", "Aunt")
    carer.document(b"x", "letter.pdf", "application/pdf", "from the ward")
    sandbox.chat(-100200, "supergroup", "Family")
    carer.say("hello all", chat=-100200)
    sandbox.channel_post(-100300, "notice")

    got = (await bot.get_updates())[2:]

    assert got[0].edited_message is not None
    assert got[0].edited_message.text == "I can not walk"
    messages = [update.effective_message for update in got[1:]]
    assert [bool(m and m.effective_attachment) for m in messages] == [True, True, True, False, True, False, False]
    assert messages[3] is not None
    assert messages[3].forward_origin is not None
    assert [message.chat.type for message in messages[5:] if message] == ["supergroup", "channel"]


async def test_stopping_does_not_wait_for_open_polls_or_delays(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.fail("sendMessage", delay=60)
    calls = [asyncio.create_task(bot.get_updates(timeout=50)), asyncio.create_task(bot.send_message(CARER, "x"))]
    await sandbox.calls.wait_for("sendMessage")

    async with asyncio.timeout(1):
        await sandbox.stop()

    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(outcomes[1], NetworkError)
