"""What stands on disk, in clear and sealed; keys and places; guests; writers side by side."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, text

from bot import lists, records, schema, store
from bot.database import GUESTS, MAIN, Database, open_database
from bot.keys import new_identity, seal, unseal
from flows.effects import ShowLog
from flows.person import Person
from tests.house import House, house, report, schedule, tap, wording

CARER, NURSE = 1001, 1002

CLEAR = {
    "alerts": {"id", "subject", "urgency", "at", "state", "taken_by", "taken_at"},
    "answers": {"id", "person", "response", "questionnaire", "item", "version", "at", "urgency"},
    "audit": {"number", "at", "who", "what", "whose", "hash"},
    "codes": {"hash", "expires", "circle", "person", "lead"},
    "facts": {"name", "value"},
    "outbox": {"id", "person", "owner", "kind", "urgency", "version", "at", "expires", "state", "not_before", "tries"},
    "people": {"id", "kind", "shown", "circle", "at"},
    "responses": {"id", "person", "questionnaire", "version", "at", "state", "closed", "urgency"}
    | {"reviewed_by", "reviewed_at"},
    "timers": {"person", "name", "due", "serves"},
    "updates": {"id", "at"},
}
SEALED = {"alerts", "answers", "outbox", "people"}


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as it:
        yield it


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    found = await open_database(tmp_path / "data", tmp_path / "key" / "master.key", alone=True)
    yield found
    await found.close()


async def test_the_columns_in_clear_are_these_and_all_others_are_sealed(home: House) -> None:
    tables = {name for (name,) in home.rows("SELECT name FROM sqlite_master WHERE type = 'table'")} - {
        "alembic_version"
    }
    columns = {table: {row[1] for row in home.rows(f"PRAGMA table_info({table})")} for table in tables}

    assert {table: found - {"sealed"} for table, found in columns.items()} == CLEAR
    assert {table for table, found in columns.items() if "sealed" in found} == SEALED


async def test_clear_columns_hold_nothing_that_was_told(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await schedule(carer)
    carer.say("Quillfeather says her legs are numb")
    await nurse.wait_for(wording("alert.emergency"))

    for table, columns in CLEAR.items():
        for row in home.rows(f"SELECT {', '.join(sorted(columns))} FROM {table}"):
            assert not any(word in str(row) for word in ("Quillfeather", "numb", "Europe", "legs"))


async def test_the_zone_of_ended_check_ins_is_sealed_and_goes_with_everything(home: House) -> None:
    carer = await home.member(CARER)
    await schedule(carer)
    await tap(carer, "menu:checkins")
    await tap(carer, "checkins:end")
    await carer.wait_for(wording("checkins.ended"))
    for (table,) in home.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        assert not any(b"Europe" in bytes(str(row), "utf-8") for row in home.rows(f"SELECT * FROM {table}"))
    async with home.running.database.transaction() as db:
        codes = {code for (code,) in home.rows("SELECT id FROM people")}
        known = await store.known_people(db, home.running.database.vault, codes)
        [(_, kept)] = await store.load(db, known.values())
    assert (kept.schedule, kept.ended and kept.ended.zone) == (None, "Europe/London")

    carer.press(1, "data:deletesure::x")

    await carer.wait_for(wording("mydata.deleted"))
    assert home.count("people") == 0


async def test_every_sealed_row_opens_with_its_own_key_in_its_own_place_and_nowhere_else(home: House) -> None:
    await home.staff(NURSE)
    carer = await home.member(CARER)
    await carer.answered(report(carer))
    await carer.answered(report(carer))
    owner = {"people": "id", "answers": "person", "alerts": "subject", "outbox": "owner"}
    async with home.running.database.transaction() as db:
        codes = {code for (code,) in home.rows("SELECT id FROM people")}
        known = await store.known_people(db, home.running.database.vault, codes)

    for table, column in owner.items():
        rows = home.rows(f"SELECT id, {column}, sealed FROM {table}")
        assert len(rows) >= 2
        for row, code, sealed in rows:
            key = known[code].who.key
            assert json.loads(unseal(key, table, row, code, sealed))
            elsewhere = next(other for other, _, _ in rows if other != row)
            stranger = next(one.who.key for other, one in known.items() if other != code)
            for wrong in ((key, table, elsewhere, code), (stranger, table, row, code), (key, "other", row, code)):
                with pytest.raises(InvalidTag):
                    unseal(*wrong, sealed)


async def test_files_are_for_their_owner_only(home: House) -> None:
    carer = await home.member(CARER)
    await carer.answered(report(carer))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in found(home.folder / "data")}
    assert set(modes.values()) == {0o600}, modes
    assert {"backwatch.db", "backwatch.db-wal", "keys.db", "keys.db-wal", "lock"} <= set(modes)
    assert stat.S_IMODE((home.folder / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((home.folder / "key").stat().st_mode) == 0o700
    assert stat.S_IMODE((home.folder / "key" / "master.key").stat().st_mode) == 0o600


def found(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_guests_are_in_memory_and_agreeing_moves_all_of_them_at_once(database: Database) -> None:
    who = new_identity(CARER)
    row = store.person_row(who, Person(id=who.person, language="en"), moment())
    timer = {"person": who.person, "name": "nudge", "due": row["at"], "serves": "1"}
    async with database.transaction() as db:
        await store.put_key(db, GUESTS, database.vault, who)
        await store.put_rows(db, GUESTS, schema.people, [row])
        await store.put_rows(db, GUESTS, schema.timers, [timer])
    assert await counts(database, MAIN) == [0, 0]

    with pytest.raises(LookupError):
        await moved_but_cut_short(database, who.person)
    assert (await counts(database, MAIN), await counts(database, GUESTS)) == ([0, 0], [1, 1])

    async with database.transaction() as db:
        await store.move_to_disk(db, who.person)
    assert (await counts(database, MAIN), await counts(database, GUESTS)) == ([1, 1], [0, 0])


def moment() -> datetime:
    return store.moment("2026-11-22T12:00:00+00:00")


async def moved_but_cut_short(database: Database, person: str) -> None:
    async with database.transaction() as db:
        await store.move_to_disk(db, person)
        raise LookupError


async def counts(database: Database, where: str) -> list[int]:
    async with database.transaction() as db:
        both = [await db.scalar(text(f"SELECT count(*) FROM {where}.{table}")) for table in ("people", "timers")]
    return [int(number or 0) for number in both]


async def test_two_processes_that_read_then_write_lose_no_update(tmp_path: Path, database: Database) -> None:
    other = await open_database(tmp_path / "data", tmp_path / "key" / "master.key", alone=False)
    async with database.transaction() as db:
        await store.put_rows(db, MAIN, schema.facts, [{"name": "count", "value": "0"}])

    async def count(where: Database) -> None:
        for _ in range(50):
            async with where.transaction() as db:
                value = int(await store.fact(db, "count") or 0)
                await asyncio.sleep(0)
                await store.put_rows(db, MAIN, schema.facts, [{"name": "count", "value": str(value + 1)}])

    await asyncio.gather(*(count(where) for where in (database, other) for _ in range(2)))
    async with other.transaction() as db:
        assert await store.fact(db, "count") == "200"
    await other.close()


async def test_the_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), schema.data))

    async with database.transaction() as db:
        assert await db.run_sync(differences) == []


async def test_a_connection_opened_anew_has_room_for_guests(database: Database) -> None:
    async with database.engine.connect() as db:
        await db.invalidate()

    assert await counts(database, GUESTS) == [0, 0]


async def test_a_damaged_record_is_passed_over_and_the_others_are_read(home: House) -> None:
    nurse, carer = await home.staff(NURSE), await home.member(CARER)
    await home.change("UPDATE people SET sealed = zeroblob(60) WHERE kind = 'coordinator'")

    await carer.answered(report(carer))
    await carer.wait_for(wording("advice.watch"))
    before = nurse.last.id
    nurse.command("/help")
    await nurse.wait_for(lambda one: True, since=before)


async def test_an_alert_of_somebody_whose_key_is_already_erased_hides_no_other(home: House) -> None:
    first, second = await home.member(CARER), await home.member(CARER + 50)
    for phone in (first, second):
        await phone.answered(report(phone))
    ((code,),) = home.rows("SELECT subject FROM alerts ORDER BY at LIMIT 1")
    async with home.running.database.transaction() as db:
        await store.drop_key(db, MAIN, code)
        views = await records.open_alerts(db, home.running.database.vault, 0, 10)
        entries = await lists.log(db, home.running.database.vault, ShowLog(), 10)

    assert {view.subject for view in views} == {entry.person for entry in entries}
    assert len(views) == 1


def test_the_same_words_sealed_twice_look_different() -> None:
    who = new_identity(CARER)
    assert seal(who.key, "answers", 1, who.person, b"yes") != seal(who.key, "answers", 1, who.person, b"yes")
