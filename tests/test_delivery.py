"""The outbox: most urgent first, each chat in order, at Telegram's pace; what fails is tried again, or given up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.database import MAIN
from bot.delivery import Allowance, Delivery, Lane
from bot.parcel import Parcel
from bot.sandbox import Flood
from bot.save import Marks
from flows.book import Urgency
from tests.house import House, house

FIRST = 2000


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


def parcel(number: int, chat: int = FIRST, text: str = "", **changed: Any) -> Parcel:
    one = Parcel(
        id=number,
        where=MAIN,
        person=f"P{chat}",
        chat=chat,
        lane=str(chat),
        method="sendMessage",
        params={"text": text or f"message {number}"},
        urgency=int(Urgency.ROUTINE),
        expires=None,
        kept=True,
    )
    return replace(one, **changed)


@asynccontextmanager
async def sending(home: House, *parcels: Parcel) -> AsyncIterator[tuple[Delivery, list[str]]]:
    """A delivery of its own beside the house's, with who was found unreachable."""
    gone: list[str] = []

    async def note(person: str, at: datetime) -> None:
        gone.append(person)

    async with AsyncExitStack() as stack:
        one = Delivery(home.running.bot, home.running.database, Marks(), home.clock, note)
        one.add(parcels)
        task = asyncio.create_task(one.run())
        stack.push_async_callback(one.finish, 1.0)
        stack.callback(task.cancel)
        yield one, gone


def known(home: House, count: int, first: int = FIRST) -> None:
    """People who have started the bot."""
    for number in range(first, first + count):
        home.sandbox.world.chats[home.sandbox.phone(number).id].started = True


# -- pace, as plain values


def test_an_allowance_gives_a_burst_and_then_one_at_a_time() -> None:
    allowance = Allowance(rate=1.0, most=3.0, left=3.0)
    waits = []
    for _ in range(5):
        waits.append(allowance.wait(100.0))
        allowance.left -= 1.0
    assert waits == [0, 0, 0, 1, 2]
    assert allowance.wait(110.0) == 0
    assert allowance.left == 3.0


def lane(*parcels: Parcel, left: float = 0.0, until: float = 0.0) -> Lane:
    found = Lane(Allowance(1.0, 3.0, at=50.0, left=left), until=until)
    found.queue.extend(parcels)
    return found


def test_a_chat_waits_for_its_pace_and_an_emergency_does_not() -> None:
    emergency = parcel(2, urgency=int(Urgency.EMERGENCY))
    assert lane(parcel(1)).wait(50.0) == 1.0
    assert lane(emergency).wait(50.0) == 0
    assert lane(parcel(1), emergency).wait(50.0) == 0  # what stands before it must go first, to stay in order


def test_what_telegram_named_is_waited_for_by_everything() -> None:
    assert lane(parcel(1, urgency=int(Urgency.EMERGENCY)), until=57.0).wait(50.0) == 7.0


def test_edits_and_answers_to_taps_are_not_new_messages() -> None:
    assert lane(parcel(1, method="editMessageText")).wait(50.0) == 0
    assert lane(parcel(1, method="answerCallbackQuery")).wait(50.0) == 0


def test_a_chat_is_remembered_until_what_it_was_sent_no_longer_counts() -> None:
    assert lane(left=1.0).memory(50.0) == 2.0
    assert lane(left=1.0).memory(52.0) == 0


# -- over the wire


async def test_the_most_urgent_goes_first_and_a_chat_stays_in_order(home: House) -> None:
    known(home, 3)
    ranked = [
        parcel(1, FIRST),
        parcel(2, FIRST + 1, urgency=int(Urgency.URGENT)),
        parcel(3, FIRST + 2, urgency=int(Urgency.EMERGENCY)),
        parcel(4, FIRST),
    ]
    async with sending(home, *ranked):
        await home.sandbox.phone(FIRST).wait_for("message 4")

    assert [call.chat for call in home.sandbox.calls.of("sendMessage")] == [FIRST + 2, FIRST + 1, FIRST, FIRST]
    assert home.sandbox.phone(FIRST).texts == ["message 1", "message 4"]


async def test_sixty_messages_go_out_without_one_refused_for_its_pace(home: House) -> None:
    known(home, 57)
    home.sandbox.flood = Flood()
    many = [parcel(n, FIRST + n % 57) for n in range(60)]
    async with sending(home, *many):
        await home.sandbox.calls.wait_for("sendMessage", 60, 10)
        await home.sandbox.phone(FIRST + 2).wait_for("message 59")

    assert {call.status for call in home.sandbox.calls.of("sendMessage")} == {200}


async def test_one_message_at_a_time_keeps_the_chat_s_pace_too(home: House) -> None:
    known(home, 1)
    home.sandbox.flood = Flood()
    phone = home.sandbox.phone(FIRST)
    async with sending(home) as (delivery, _):
        for number in range(5):
            delivery.add([parcel(number)])
            await phone.wait_for(f"message {number}")

    assert [call.status for call in home.sandbox.calls.of("sendMessage")] == [200] * 5


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"reset": True}, {"retry_after": 1}, {"body": "{"}], ids=["500", "reset", "429", "junk"]
)
async def test_what_fails_is_tried_again_and_holds_up_only_its_own_chat(home: House, fault: dict[str, Any]) -> None:
    known(home, 2)
    home.sandbox.fail("sendMessage", chat=FIRST, **fault)
    async with sending(home, parcel(1), parcel(2), parcel(3, FIRST + 1)):
        await home.sandbox.phone(FIRST + 1).wait_for("message 3")
        assert home.sandbox.phone(FIRST).texts == []
        await home.sandbox.phone(FIRST).wait_for("message 2")

    assert home.sandbox.phone(FIRST).texts == ["message 1", "message 2"]


async def test_a_refusal_for_good_gives_up_one_message_and_sends_the_next(home: House) -> None:
    known(home, 1)
    async with sending(home, parcel(1, text="x" * 4097), parcel(2)):
        await home.sandbox.phone(FIRST).wait_for("message 2")


async def test_who_has_blocked_the_bot_is_found_out_once_and_nothing_more_is_tried(home: House) -> None:
    known(home, 2)
    home.sandbox.world.chats[FIRST].blocked = True
    async with sending(home, parcel(1), parcel(2), parcel(3, FIRST + 1)) as (delivery, gone):
        await home.sandbox.phone(FIRST + 1).wait_for("message 3")
        await home.sandbox.calls.wait_for("sendMessage", 2)

    assert gone == [f"P{FIRST}"]
    assert delivery.waiting() == 0


async def test_an_answer_to_a_tap_that_comes_too_late_is_dropped(home: House) -> None:
    known(home, 1)
    late = Clock().now() - timedelta(seconds=1)
    stale = parcel(1, method="answerCallbackQuery", params={"callback_query_id": "1"}, expires=late, kept=False)
    async with sending(home, stale, parcel(2)):
        await home.sandbox.phone(FIRST).wait_for("message 2")

    assert home.sandbox.calls.of("answerCallbackQuery") == []


async def test_a_page_that_was_deleted_is_shown_anew(home: House) -> None:
    known(home, 1)
    async with sending(home, parcel(1, method="editMessageText", params={"message_id": 999, "text": "the page"})):
        await home.sandbox.phone(FIRST).wait_for("the page")


async def test_a_fault_of_our_own_loses_no_row(home: House) -> None:
    known(home, 2)
    impossible = parcel(1, params={"text": object()})
    async with sending(home, impossible, parcel(2, FIRST + 1)) as (delivery, _):
        await home.sandbox.phone(FIRST + 1).wait_for("message 2")
        assert delivery.waiting() >= 1
