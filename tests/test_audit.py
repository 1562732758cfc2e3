"""The log of who looked: whatever somebody does to it without the master key is found, and the line is named."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import audit, store
from bot.audit import Changed, Line
from bot.database import Database, open_database
from bot.keys import CODE_LENGTH, Identity, new_code, tag
from tests.talks import START

WHO = Identity("ABCD2345", b"k" * 32, 7)
LINES = 6

TAMPERED = {
    "the time of a line": ("UPDATE audit SET at = '2026-01-01' WHERE number = 3", ["Line 3 "]),
    "who it was": ("UPDATE audit SET who = 'site' WHERE number = 3", ["Line 3 "]),
    "what was done": ("UPDATE audit SET what = 'page' WHERE number = 3", ["Line 3 "]),
    "whose it was": ("UPDATE audit SET whose = '' WHERE number = 3", ["Line 3 "]),
    "a number for words": ("UPDATE audit SET whose = x'00' WHERE number = 3", ["Line 3 "]),
    "a hash": ("UPDATE audit SET hash = x'00' WHERE number = 3", ["Line 3 ", "Line 4 "]),
    "words for a hash": ("UPDATE audit SET hash = 'lorem' WHERE number = 3", ["Line 3 ", "Line 4 "]),
    "the last line": ("UPDATE audit SET what = 'page' WHERE number = 6", ["Line 6 "]),
    "the last line and its hash": (
        "UPDATE audit SET what = 'page', hash = x'00' WHERE number = 6",
        ["Line 6 ", "The head in keys.db is line 6,"],
    ),
    "the first line gone": ("DELETE FROM audit WHERE number = 1", ["Lines 1 to 1 are missing before line 2."]),
    "a line in the middle gone": ("DELETE FROM audit WHERE number = 3", ["Lines 3 to 3 are missing before line 4."]),
    "the last lines gone": ("DELETE FROM audit WHERE number > 4", ["The head in keys.db is line 6: lines 5 to 6 "]),
    "all of it gone": ("DELETE FROM audit", ["The head in keys.db is line 6: lines 1 to 6 are missing."]),
    "the first gone and the others moved up": (
        "DELETE FROM audit WHERE number = 1; UPDATE audit SET number = number - 1",
        ["Line 1 ", "Line 2 ", "Line 3 ", "Line 4 ", "Line 5 ", "The head in keys.db is line 6: lines 6 to 6 "],
    ),
    "two lines changed over": (
        "UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;"
        "UPDATE audit SET number = 3 WHERE number = 99",
        ["Line 2 ", "Line 3 ", "Line 4 "],
    ),
    "a line put behind the last": (
        "INSERT INTO audit SELECT 7, at, who, what, whose, hash FROM audit WHERE number = 6",
        ["Line 7 "],
    ),
    "a line put before the first": (
        "INSERT INTO audit SELECT 0, at, who, what, whose, hash FROM audit WHERE number = 1",
        ["Line 0 was added."],
    ),
    "a line put in between": (
        "UPDATE audit SET number = -number - 1 WHERE number > 3; UPDATE audit SET number = -number WHERE number < 0;"
        "INSERT INTO audit SELECT 4, at, who, what, whose, hash FROM audit WHERE number = 3",
        ["Line 4 ", "Line 5 ", "Line 6 ", "Line 7 ", "The head in keys.db is line 6,"],
    ),
}


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Database]:
    """A log of some lines."""
    database = await open_database(tmp_path / "data", tmp_path / "key" / "master.key", alone=True)
    for number in range(LINES):
        await audit.note(database, line(number))
    yield database
    await database.close()


def line(number: int) -> Line:
    return Line(at=START + timedelta(minutes=number), who=new_code(), what="log", whose=tag(WHO))


def tamper(log: Database, statements: str, file: str = "backwatch.db") -> None:
    with closing(sqlite3.connect(log.folder / file)) as db:
        db.executescript(statements)


async def found(log: Database, *tokens: str) -> list[str]:
    """What is found, a line each; nothing if all is as it was written."""
    try:
        await audit.verify(log, tokens)
    except Changed as problems:
        return str(problems).splitlines()
    return []


async def test_a_log_that_nobody_has_changed_is_whole_and_grows(log: Database) -> None:
    assert await audit.verify(log) == LINES

    await audit.note(log, line(7), line(8))

    assert await audit.verify(log) == LINES + 2


@pytest.mark.parametrize(("statements", "problems"), TAMPERED.values(), ids=TAMPERED.keys())
async def test_whatever_is_done_to_the_log_is_found_and_the_line_named(
    log: Database, statements: str, problems: list[str]
) -> None:
    tamper(log, statements)

    told = await found(log)

    assert len(told) == len(problems), told
    assert all(said.startswith(start) for said, start in zip(told, problems, strict=True)), told


@pytest.mark.parametrize("statements", ["DELETE FROM audit WHERE number > 4", "DELETE FROM audit"])
async def test_what_was_cut_off_stays_found_after_more_was_written(log: Database, statements: str) -> None:
    tamper(log, statements)

    await audit.note(log, line(9))

    [said] = await found(log)
    assert said.endswith("to 6 are missing before line 7.")


@pytest.mark.parametrize(
    "statements",
    [
        "DELETE FROM marks WHERE name = 'audit head'",
        "UPDATE marks SET value = x'00' WHERE name = 'audit head'",
        "UPDATE marks SET value = zeroblob(72) WHERE name = 'audit head'",
    ],
)
async def test_a_head_taken_away_to_hide_what_was_cut_off_is_missed_from_then_on(
    log: Database, statements: str
) -> None:
    tamper(log, "DELETE FROM audit WHERE number > 4")
    tamper(log, statements, "keys.db")
    await audit.note(log, line(9))

    assert await found(log) == ["The head in keys.db is missing, or is not the one that was written."]


async def test_a_new_key_of_the_log_does_not_make_what_others_wrote_right(log: Database, tmp_path: Path) -> None:
    tamper(log, "DELETE FROM marks WHERE name LIKE 'audit%'", "keys.db")
    again = await open_database(tmp_path / "data", tmp_path / "key" / "master.key", alone=False)

    assert len(await found(again)) == LINES
    await again.close()


async def test_a_head_kept_elsewhere_finds_what_was_brought_back_from_before(log: Database) -> None:
    heads = [await audit.head(log)]
    with closing(sqlite3.connect(log.folder / "keys.db")) as db:
        ((before,),) = db.execute("SELECT value FROM marks WHERE name = 'audit head'").fetchall()
    await audit.note(log, line(7), line(8))
    heads.append(await audit.head(log))
    assert await found(log, *heads) == []

    tamper(log, "DELETE FROM audit WHERE number > 6")
    tamper(log, f"UPDATE marks SET value = x'{before.hex()}' WHERE name = 'audit head'", "keys.db")

    assert await found(log) == []  # both files are as they were together
    [said] = await found(log, *heads)
    assert said.endswith("lines 7 to 8 are missing.")


@pytest.mark.parametrize("token", ["", "lorem", "6.00", "7.{head}", "6.{head}00", "6.{forged}"])
async def test_a_head_that_this_log_never_signed_is_told(log: Database, token: str) -> None:
    head = (await audit.head(log)).partition(".")[2]
    forged = head[:-2] + ("00" if head[-2:] != "00" else "11")

    assert len(await found(log, token.format(head=head, forged=forged))) == 1


async def test_lines_written_but_not_anchored_are_no_fault(log: Database) -> None:
    async with log.transaction() as db:
        await audit.write(db, log.vault, [line(7)])  # and killed before the head is moved

    assert await audit.verify(log) == LINES + 1
    await audit.note(log, line(8))
    assert await audit.verify(log) == LINES + 2


async def test_lines_ride_with_their_transaction_or_are_not_there(log: Database) -> None:
    with pytest.raises(LookupError):
        await _cut_short(log)

    assert await audit.verify(log) == LINES


async def _cut_short(log: Database) -> None:
    async with log.transaction() as db:
        await audit.write(db, log.vault, [line(7)])
        raise LookupError


async def test_two_processes_write_one_log(log: Database, tmp_path: Path) -> None:
    other = await open_database(tmp_path / "data", tmp_path / "key" / "master.key", alone=False)
    for number in range(10):
        await audit.note(other if number % 2 else log, line(number))

    assert await audit.verify(other) == LINES + 10
    await other.close()


async def test_of_a_person_whose_key_is_gone_the_lines_say_so_and_nothing_more(log: Database) -> None:
    async with log.transaction() as db:
        await store.put_key(db, "main", log.vault, WHO)
    lines = [said async for said in audit.told(log, WHO.person)]
    assert len(lines) == LINES + 1
    assert all(said.endswith("ABCD-2345") for said in lines[1:])

    async with log.transaction() as db:
        await store.drop_key(db, "main", WHO.person)

    assert [said async for said in audit.told(log, WHO.person)] == lines[:1]
    assert all(said.endswith("erased") for said in [one async for one in audit.told(log, "")][1:])
    async with log.transaction() as db:
        rows = (await db.execute(text("SELECT * FROM audit"))).all()
    assert not any(WHO.person in str(row) for row in rows)


def test_a_tag_tells_people_apart_and_is_no_code() -> None:
    other = Identity(WHO.person, b"l" * 32, 7)

    assert len({tag(WHO), tag(other)}) == 2
    assert len(tag(WHO)) != CODE_LENGTH
