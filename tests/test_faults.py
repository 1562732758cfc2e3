"""What Telegram, the network and other programs do wrong: nobody is lost, and the bot is never deaf."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram.error import Conflict

from bot import app, telegram
from tests.house import STARTS_WITHIN, TOP, House, house, report, schedule, wording

CARER, OTHER, NURSE = 1001, 1003, 1002


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


async def test_an_update_nobody_can_read_is_passed_over_and_the_next_one_answered(home: House) -> None:
    carer = await home.member(CARER)
    home.sandbox.inject({"message": {"chat": "nonsense", "from": 7, "text": {}}})
    home.sandbox.inject({"something_new": {"since": "yesterday"}})
    await carer.answered(report(carer))
    assert home.count("answers") == 1


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poller that loses patience with a bad answer sooner, so that the test need not wait for half a minute."""
    monkeypatch.setattr("bot.poller.ALONE_AFTER", 1)
    monkeypatch.setattr("bot.poller.PASS_AFTER", 2)


@pytest.mark.usefixtures("hasty")
async def test_an_update_that_spoils_the_whole_answer_is_passed_over_in_the_end(home: House) -> None:
    carer = await home.member(CARER)
    home.sandbox.inject('{"update_id": half')
    tapped = report(carer)
    await carer.answered(tapped, 60)
    assert home.count("answers") == 1


@pytest.mark.usefixtures("hasty")
async def test_an_answer_that_is_junk_for_a_while_costs_no_update(home: House) -> None:
    """A proxy's page in place of Telegram's answers, for longer than the bot is patient with one bad update."""
    carer = await home.member(CARER)
    polls = home.sandbox.calls.counts["getUpdates"]
    home.sandbox.fail("*", times=5, body="<html>please log in</html>")
    home.sandbox.world.updates.end_poll()
    await home.sandbox.calls.wait_for("getUpdates", polls + 1)
    tapped = report(carer)
    await carer.answered(tapped, 40)
    assert home.count("answers") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": "<html>"},
        {"reset": True},
        {"body": '{"ok":tr'},
        {"retry_after": 1},
        {"status": 409},
    ],
    ids=["500", "502", "reset", "junk", "429", "409"],
)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_poll_that_fails_is_asked_again_and_nothing_is_lost_or_doubled(
    home: House, fault: dict[str, Any], when: Any
) -> None:
    carer = await home.member(CARER)
    home.sandbox.fail("getUpdates", when=when, **fault)
    first, second = report(carer), report(carer)

    await carer.answered(first, 15)
    await carer.answered(second, 15)

    assert home.count("answers") == home.count("alerts") == 2


async def test_a_message_cut_before_its_acknowledgement_comes_at_most_twice(home: House) -> None:
    carer = await home.member(CARER)
    home.sandbox.fail("sendMessage", reset=True, when="after", chat=CARER)
    await carer.answered(report(carer))
    await carer.wait_until(lambda: advised(carer) == 2)
    assert home.count("answers") == 1


def advised(phone: Any) -> int:
    return len([text for text in phone.texts if wording("advice.watch") in text])


async def test_while_one_chat_is_slow_or_told_to_wait_everybody_else_is_answered(home: House) -> None:
    slow, paused, carer = await home.member(CARER), await home.member(NURSE), await home.member(OTHER)
    home.sandbox.fail("sendMessage", chat=slow.id, delay=4.0)
    home.sandbox.fail("sendMessage", chat=paused.id, retry_after=4)
    before = [len(phone.texts) for phone in (slow, paused)]
    for phone in (slow, paused, carer):
        report(phone)

    await carer.wait_until(lambda: advised(carer) == 1, 2.0)

    assert [len(phone.texts) for phone in (slow, paused)] == before
    for phone in (slow, paused):
        await phone.wait_until(lambda: advised(phone) == 1, 10.0)  # noqa: B023


async def test_a_person_s_messages_are_answered_in_the_order_they_were_sent(home: House) -> None:
    carer = await home.guest(CARER)
    before = len(carer.texts)
    for command in ("/help", "/treatments", "/mydata", "/help", "/stop"):
        carer.command(command)
    await carer.wait_for(wording("stop.done"))
    asked = ("help.all", "treatments.list", "mydata.nothing", "help.all", "stop.done")
    assert [wording(key) in text for key, text in zip(asked, carer.texts[before:], strict=True)] == [True] * 5


async def test_the_schedule_of_who_blocks_the_bot_rests_and_goes_on_when_they_are_back(home: House) -> None:
    carer, other = await home.member(CARER), await home.member(OTHER)
    await schedule(carer)
    due = await home.running.next_checkin()
    assert due is not None
    carer.block()
    await other.answered(report(other))
    assert await home.running.next_checkin() is None

    before = carer.last.id
    carer.unblock()
    await carer.wait_for(wording("checkins.set"), since=before)
    assert await home.running.next_checkin() == due


async def test_a_block_that_only_the_refusal_tells_of_rests_the_schedule_too(home: House) -> None:
    carer, nurse = await home.member(CARER), await home.staff(NURSE)
    await schedule(carer)
    due = await home.running.next_checkin()
    assert due is not None
    home.sandbox.world.chats[CARER].blocked = True  # and no update says so
    await home.running.advance(due)
    await home.sandbox.calls.wait_for("sendMessage", home.sandbox.calls.counts["sendMessage"])
    before = nurse.last.id
    nurse.command("/log")
    await nurse.wait_for(lambda one: True, since=before)
    await home.restart()

    assert await home.running.next_checkin() is None


async def test_while_another_program_polls_nothing_is_lost(home: House) -> None:
    carer = await home.member(CARER)
    other = app.connect(home.settings)
    await other.initialize()
    with pytest.raises(Conflict):  # the house's poller takes over again
        await telegram.get_updates(other, None, 30)
    await other.shutdown()
    await carer.answered(report(carer), 15)
    assert home.count("answers") == 1


async def test_a_part_of_the_bot_that_ends_by_itself_ends_serve_with_a_clear_line(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: object) -> None:
        raise LookupError("somebody's words")

    await home.stop()
    monkeypatch.setattr("bot.poller.Poller.run", fails)
    async with asyncio.timeout(STARTS_WITHIN):
        with pytest.raises(app.StoppedError, match="polling ended"):
            await app.serve(home.settings, home.content)


async def test_sigterm_under_load_ends_in_time_and_loses_nothing_confirmed(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        carers = [await home.member(5000 + number) for number in range(4)]
        await home.stop()
        polls = home.sandbox.calls.counts["getUpdates"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(TOP / "run.py"), "serve", cwd=tmp_path, env=home.environment()
        )
        await home.sandbox.calls.wait_for("getUpdates", polls + 1, STARTS_WITHIN)
        home.sandbox.fail("sendMessage", times=20, delay=0.5)
        taps = [(carer, report(carer)) for _ in range(50) for carer in carers]
        home.sandbox.crowd(9000, 200, "/help")
        await carers[0].answered(taps[0][1], 20)

        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await process.wait() == 0

        await home.start()
        for carer, tapped in taps[-4:]:
            await carer.answered(tapped, 20)
        assert home.count("answers") == home.count("alerts") == len(taps)
