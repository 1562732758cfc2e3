"""A new master key: everybody is known as before, what they told is not rewritten, and no crash costs the data."""

import asyncio
import signal
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.keys import Vault, read_master, successor
from tests.house import TOP, House, house, report, wording

CARER, NURSE = 1001, 1002

POINTS = {
    "the new key is on disk": "bot.keys:_make_master:after",
    "half of the keys are wrapped": "bot.keys:Vault.wrap:after",
    "all are wrapped, not committed": "bot.store:run:after:3",
    "committed": "bot.save:shred:before",
    "before the files are moved": "bot.rotation:complete:before",
    "between moving one file and the other": "pathlib:Path.replace:before",
    "all is done": "bot.rotation:complete:after",
}


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Somebody has told something, a coordinator is there; the bot is stopped."""
    async with house(tmp_path) as it:
        await it.staff(NURSE)
        carer = await it.member(CARER)
        await carer.answered(report(carer))
        await it.stop()
        yield it


async def killed(home: House, point: str, *words: str) -> int | None:
    """Run a command that kills itself at a point."""
    command = [sys.executable, "-m", "tests.cut", point, *words]
    process = await asyncio.create_subprocess_exec(*command, cwd=TOP, env=home.environment())
    return await process.wait()


def master(home: House) -> bytes:
    return read_master(home.settings.key_file, may_create=False)


async def works(home: House) -> None:
    """Both are known, what was told can be read, and more can be told."""
    carer, nurse = home.sandbox.phone(CARER), home.sandbox.phone(NURSE)
    told = home.count("answers")
    await home.start()
    await carer.answered(report(carer))
    before = nurse.last.id
    nurse.command("/alerts")
    await nurse.wait_for(lambda one: True, since=before)
    assert home.count("answers") == told + 1
    assert home.count("people") == 2
    assert len(await home.exported()) == told + 1
    await home.stop()


async def test_after_rotating_everybody_is_known_and_no_row_of_the_data_is_rewritten(home: House) -> None:
    before, data = master(home), home.settings.data
    tables = ("people", "answers", "alerts", "outbox", "codes", "timers")
    rows = {table: home.rows(f"SELECT * FROM {table}") for table in tables}
    wrapped = keys(home)

    ran = await home.command("rotate-key")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "The keys of 2 people are now under a new master key" in ran.stdout
    assert {table: home.rows(f"SELECT * FROM {table}") for table in tables} == rows
    assert master(home) != before
    assert not set(keys(home)) & set(wrapped)
    old = home.settings.key_file.with_name(f"master.key.old-{Vault(before).mark().hex()[:8]}")
    assert read_master(old, may_create=False) == before
    assert {stat.S_IMODE(file.stat().st_mode) for file in old.parent.iterdir()} == {0o600}
    left = [one for one in data.iterdir() if any(raw in one.read_bytes() for _, raw in wrapped)]
    assert left == []  # what was wrapped under the old key stands nowhere any more
    await works(home)


def keys(home: House) -> list[tuple[bytes, bytes]]:
    with closing(sqlite3.connect(home.settings.data / "keys.db")) as db:
        return db.execute("SELECT fingerprint, wrapped FROM keys ORDER BY person").fetchall()


async def test_data_with_a_rotated_key_does_not_open_with_the_old_one(home: House) -> None:
    before = home.settings.key_file.read_bytes()
    assert (await home.command("rotate-key")).returncode == 0
    home.settings.key_file.write_bytes(before)

    ran = await home.command("serve")

    assert ran.returncode == 1
    assert "is not the one this data was sealed with" in ran.stderr


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())
async def test_a_rotation_killed_anywhere_is_undone_or_completed_by_the_next_start(home: House, point: str) -> None:
    assert await killed(home, point, "rotate-key") == -signal.SIGKILL

    await works(home)

    assert (await home.command("rotate-key")).returncode == 0
    assert not successor(home.settings.key_file).exists()
    await works(home)


async def test_beside_a_running_bot_nothing_is_rotated(home: House) -> None:
    await home.start()
    before = master(home)

    ran = await home.command("rotate-key")

    assert ran.returncode == 1
    assert "Another Backwatch is running" in ran.stderr
    assert master(home) == before
    assert not successor(home.settings.key_file).exists()


async def test_codes_given_out_under_the_old_key_are_good_no_more(home: House) -> None:
    code = (await home.command("invite")).stdout.splitlines()[0]
    assert (await home.command("rotate-key")).returncode == 0
    await home.start()

    stranger = home.sandbox.phone(NURSE + 1)
    stranger.command(f"/start {code}")

    await stranger.wait_for(wording("staff.bad_code"))
