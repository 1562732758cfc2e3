"""A batch of events: what one that cannot be decided, or a database that cannot be written, does to the others."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import save
from bot.batch import Batch
from bot.keys import Vault
from bot.turn import TRY_AGAIN
from content.load import Library
from tests.house import House, house, library, report, schedule, through, wording

CARER, OTHER, NURSE = 1001, 1003, 1002


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


def without(*keys: str) -> Library:
    """The content with some words missing: whoever must be told them cannot be."""
    words = {key: text for key, text in library().words["en"].items() if key not in keys}
    return replace(library(), words={"en": words})


async def test_an_event_that_cannot_be_decided_is_set_aside_and_the_others_are_taken(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, carer = await home.member(CARER), await home.member(OTHER)
    await home.stop()
    home.content = without("treatments.list")

    before = poisoned.last.id
    poisoned.command("/treatments quillfeather")
    tapped = [report(carer), report(poisoned)]
    await home.start()

    await poisoned.wait_for(wording("other.trouble"), since=before)
    for phone, tap in zip((carer, poisoned), tapped, strict=True):
        await phone.answered(tap)
    assert home.count("answers") == 2
    assert "KeyError" in caplog.text
    assert "quillfeather" not in caplog.text


async def test_an_event_that_cannot_even_be_set_aside_does_not_make_the_bot_deaf(home: House) -> None:
    poisoned, carer = await home.member(CARER), await home.member(OTHER)
    await home.stop()
    home.content = without("treatments.list", "other.trouble")

    poisoned.command("/treatments")
    tapped = report(carer)
    await home.start()

    await carer.answered(tapped)
    before = poisoned.last.id
    poisoned.command("/help")
    await poisoned.wait_for(wording("help.all"), since=before)


@pytest.mark.parametrize("missing", [("checkin.hello",), ("checkin.hello", "other.trouble")], ids=["told", "untold"])
async def test_a_timer_that_fails_comes_again(home: House, missing: tuple[str, ...]) -> None:
    carer = await home.member(CARER)
    await schedule(carer)
    due = await home.running.next_checkin()
    assert due is not None
    home.content = without(*missing)
    await home.restart()
    await home.running.advance(due)

    again = await home.running.next_checkin()
    assert again is not None
    assert timedelta() <= again - due - TRY_AGAIN < timedelta(minutes=1)
    home.content = library()
    await home.restart()
    await home.running.advance(again)
    await carer.wait_for(wording("checkin.hello"))


@asynccontextmanager
async def locked(home: House) -> AsyncIterator[None]:
    """Another program holds the database, and does not let go while this lasts."""
    db = sqlite3.connect(home.folder / "data" / "backwatch.db", isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(db.execute, "BEGIN IMMEDIATE")  # the bot may be within a transaction, and ends it meanwhile
    yield
    db.execute("ROLLBACK")
    db.close()


async def impatient(home: House) -> None:
    """Let the bot notice a locked database at once, rather than after ten seconds."""
    async with home.running.database.engine.connect() as db:
        driver = (await db.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("PRAGMA busy_timeout=0")


async def test_what_comes_while_the_database_is_locked_is_taken_when_it_is_free(
    home: House, caplog: pytest.LogCaptureFixture
) -> None:
    carer = await home.member(CARER)
    await impatient(home)
    polls = home.sandbox.calls.counts["getUpdates"]
    async with locked(home):
        tapped = report(carer)
        await home.sandbox.calls.wait_for("getUpdates", polls)
        with pytest.raises(TimeoutError):
            await carer.answered(tapped, 0.3)
    await carer.answered(tapped)

    assert home.count("answers") == 1
    assert caplog.text.count("The database cannot be written") <= 1


async def test_agreeing_when_the_disk_refuses_the_rows_after_the_key_loses_nothing(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = save._move
    refused: list[bool] = []

    async def move(db: AsyncConnection, vault: Vault, batch: Batch) -> None:
        await real(db, vault, batch)
        joins = any(draft.goes != draft.where for draft in batch.drafts.values())
        if joins and not refused:
            refused.append(True)
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(save, "_move", move)
    joiner = await home.member(CARER)
    await joiner.answered(report(joiner))

    assert refused
    assert home.count("people") == 1
    assert home.count("answers") == 1


async def test_events_of_one_person_in_one_batch_are_taken_in_order(home: House) -> None:
    carer = home.sandbox.phone(CARER)
    carer.command("/start")
    await carer.wait_for(wording("welcome.role.ask"))
    version, last = library().book.version, carer.last.id
    carer.press(last, f"welcome/role:caregiver:1:{version}")
    carer.press(last, f"welcome/near:apart:1:{version}")
    carer.press(last, f"welcome/country:US:1:{version}")
    await carer.wait_for(wording("welcome.offer"))
    carer.command("/symptoms")
    await through(carer, "red_flags", lambda item: item.options[0].id)

    assert "911" in carer.texts[-1]


async def test_agreeing_and_deleting_in_one_batch_leaves_nothing(home: House) -> None:
    carer = await home.member(CARER)
    await home.stop()
    for data in ("data:delete", "data:deletesure"):
        tapped = carer.press(carer.last.id, f"{data}::{library().book.version}")
    report(carer)
    await home.start()

    await carer.answered(tapped)
    assert home.count("people") == home.count("answers") == home.count("alerts") == 0
