"""The bot is killed (SIGKILL) between any two hops of a turn, and started again.

The points are named in tests/child.py. Each is cut once; BACKWATCH_KILL_ROUNDS=5 cuts each five times, with one more
tap on its way every time.
"""

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

from bot.sandbox import Phone
from tests.child import POINTS
from tests.house import House, agree, child, house, report, through, wording

ROUNDS = int(os.environ.get("BACKWATCH_KILL_ROUNDS", "1"))
NURSE, CARER, GUEST, JOINER = 1002, 1001, 1005, 1006
DIES_WITHIN = 30  # seconds, on a busy machine


def advised(phone: Phone) -> int:
    """How often the phone was told what to do."""
    return len([text for text in phone.texts if wording("advice.watch") in text])


def alerted(phone: Phone) -> int:
    return len([text for text in phone.texts if wording("alert.emergency") in text])


async def crash(home: House, point: str) -> None:
    """Let a child take over, until it kills itself at the point."""
    async with child(home, point) as process, asyncio.timeout(DIES_WITHIN):
        assert await process.wait() == -signal.SIGKILL, (home.folder / "err.log").read_text()


async def test_what_was_told_is_recorded_once_and_passed_on_wherever_the_bot_is_killed(tmp_path: Path) -> None:
    cuts = [(point, taps) for taps in range(1, ROUNDS + 1) for point in POINTS if point != "while agreeing"]
    async with house(tmp_path) as home:
        nurse, carer, guest = await home.staff(NURSE), await home.member(CARER), await home.guest(GUEST)
        told = 0
        for point, taps in cuts:
            await home.stop()
            told += taps
            tapped = [(phone, report(phone)) for _ in range(taps) for phone in (carer, guest)]

            await crash(home, point)
            await home.start()

            for phone, tap in tapped:
                await phone.answered(tap)
            assert (home.count("answers"), home.count("alerts")) == (told, told), point
            await carer.wait_until(lambda: advised(carer) >= told)  # noqa: B023
            await guest.wait_until(lambda: advised(guest) >= told)  # noqa: B023
            await nurse.wait_until(lambda: alerted(nurse) >= told)  # noqa: B023
        assert max(advised(carer), alerted(nurse)) <= told + len(cuts)
        assert len(await home.exported()) == told


async def test_who_agrees_in_the_moment_of_the_crash_loses_no_more_than_their_place(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.stop()
        async with child(home, "while agreeing") as process, asyncio.timeout(DIES_WITHIN):
            joining = asyncio.create_task(home.member(JOINER))  # the child answers by now, however busy the machine
            assert await process.wait() == -signal.SIGKILL, (home.folder / "err.log").read_text()
        joining.cancel()
        assert keys(home) == 1
        assert home.count("people") == 0

        joiner = home.sandbox.phone(JOINER)
        before = joiner.last.id
        await home.start()
        assert keys(home) == 0
        await through(joiner, "welcome", since=before)
        await agree(joiner)
        await joiner.answered(report(joiner))

        assert (keys(home), home.count("people"), home.count("answers")) == (1, 1, 1)


def keys(home: House) -> int:
    """How many people's keys stand on disk."""
    db = sqlite3.connect(home.folder / "data" / "keys.db")
    (number,) = db.execute("SELECT count(*) FROM keys").fetchone()
    db.close()
    return int(number)
