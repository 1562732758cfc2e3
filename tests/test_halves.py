"""Data of which a part is lost or damaged: refused, told how to bring it back, and left as it is. Orphans are swept."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.house import House, house, report
from tests.test_startup import contents, refused

CARER, OTHER, NURSE = 1001, 1003, 1002
PAGE = 4096  # SQLite's


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Two people have told something, a coordinator has taken an alert; the bot is stopped."""
    async with house(tmp_path) as it:
        nurse = await it.staff(NURSE)
        for number in (CARER, OTHER):
            phone = await it.member(number)
            await phone.answered(report(phone))
        ((alert,), *_) = it.rows("SELECT id FROM alerts ORDER BY at")
        await nurse.answered(nurse.press(1, f"alert:take:{alert}:x"))
        await it.stop()
        yield it


def lose(home: House, *names: str) -> None:
    for name in names:
        for file in (home.settings.data / name, home.settings.data / f"{name}-wal", home.settings.data / f"{name}-shm"):
            file.unlink(missing_ok=True)


async def test_without_the_keys_nothing_is_swept_and_the_way_back_is_told(home: House) -> None:
    lose(home, "keys.db")
    before = contents(home.settings.data)
    said = await refused(home)
    assert "keys.db is missing" in said
    assert "python run.py restore" in said
    assert contents(home.settings.data) == before


async def test_an_empty_file_of_keys_is_as_good_as_none(home: House) -> None:
    lose(home, "keys.db")
    (home.settings.data / "keys.db").touch(mode=0o600)
    assert "keys.db is missing" in await refused(home)


async def test_without_the_data_no_key_is_swept(home: House) -> None:
    lose(home, "backwatch.db")
    before = contents(home.settings.data)
    assert "backwatch.db is missing" in await refused(home)
    assert contents(home.settings.data) == before


@pytest.mark.parametrize("name", ["backwatch.db", "keys.db"])
async def test_a_damaged_page_is_found_at_start_and_nothing_is_changed(home: House, name: str) -> None:
    file = home.settings.data / name
    pages = file.stat().st_size // PAGE
    with file.open("r+b") as raw:
        raw.seek((pages - 1) * PAGE)
        raw.write(b"\xff" * 64)
    before = contents(home.settings.data)
    said = await refused(home)
    assert "damaged" in said
    assert "python run.py restore" in said
    assert contents(home.settings.data) == before


async def test_rows_whose_key_is_destroyed_are_swept_at_start_and_their_alerts_are_free_again(home: House) -> None:
    ((nurse,),) = home.rows("SELECT id FROM people WHERE kind = 'coordinator'")
    ((taken, subject),) = home.rows("SELECT id, subject FROM alerts WHERE taken_by = ?", nurse)
    ((carer,),) = home.rows("SELECT id FROM people WHERE kind = 'person' AND id != ?", subject)
    with closing(sqlite3.connect(home.settings.data / "keys.db", isolation_level=None)) as db:
        db.execute("DELETE FROM keys WHERE person IN (?, ?)", (nurse, carer))

    await home.start()
    await home.stop()

    for table, column in (("people", "id"), ("answers", "person"), ("alerts", "subject"), ("outbox", "owner")):
        left = {code for (code,) in home.rows(f"SELECT {column} FROM {table}")}
        assert left, table
        assert not left & {nurse, carer}, table
    assert home.rows("SELECT state, taken_by FROM alerts WHERE id = ?", taken) == [("open", None)]


async def test_keys_of_nobody_are_swept_at_start(home: House) -> None:
    with closing(sqlite3.connect(home.settings.data / "keys.db", isolation_level=None)) as db:
        db.execute("INSERT INTO keys SELECT 'NOBODY22', x'00', wrapped FROM keys LIMIT 1")

    await home.start()
    await home.stop()

    with closing(sqlite3.connect(home.settings.data / "keys.db")) as db:
        assert "NOBODY22" not in {code for (code,) in db.execute("SELECT person FROM keys")}
