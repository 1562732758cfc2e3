"""One connection to three databases: `main` and `keys` on disk, `guests` in memory.

SQLite's and SQLAlchemy's defaults lose updates under concurrent writers and would leave traces; each setting below
says what it prevents.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, event, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from bot import chain, schema
from bot.keys import WRONG_KEY, KeyFileError, Vault, complete, read_masters

MIGRATIONS = Path(__file__).parent / "migrations"
MAIN, KEYS, GUESTS = "main", "keys", "guests"
BUSY_SECONDS = 10  # how long to wait for another process (export, erase, backup)


class DataError(Exception):
    """The data directory cannot be used. The text says what to do."""


class DataInUseError(DataError):
    """Another `serve` holds the data directory."""


class Database:
    """The three databases and the lock that every writer in this process passes."""

    def __init__(self, folder: Path, engine: AsyncEngine, vault: Vault, held: int | None) -> None:
        self.folder = folder
        self.engine = engine
        self.vault = vault
        self._held = held
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """The right to begin transactions, one holder at a time."""
        async with self._writing:
            yield

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction between those of the writers."""
        async with self._writing, self.engine.begin() as db:
            yield db

    async def close(self) -> None:
        """Let go of the files, after a transaction under way."""
        async with self._writing:
            await self.engine.dispose()
        if self._held is not None:
            os.close(self._held)


def translated(db: AsyncConnection, where: str) -> dict[str, Any]:
    """Execution options that point the tables at one of the databases."""
    return {"schema_translate_map": {None: where}}


async def open_database(folder: Path, key_file: Path, *, alone: bool, make: bool = True) -> Database:
    """Open or make the data; bring its tables up to date.

    `alone`: hold the directory against a second `serve`. `make` False: there must be data already.
    Raises DataError, KeyFileError.
    """
    try:
        held, vaults = _prepare(folder, key_file, alone=alone, make=make)
    except OSError as error:
        raise DataError(
            f"{error.filename} cannot be used ({error.strerror}). Check BACKWATCH_DATA and BACKWATCH_KEY_FILE."
        ) from None
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{folder / 'backwatch.db'}",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_recycle=-1,  # a new connection would begin with no guests
        hide_parameters=True,  # an error's text must not quote what was to be written
    )
    database = Database(folder, engine, vaults[0], held)
    _configure(engine, folder / "keys.db")
    try:
        async with engine.begin() as db:
            database.vault = await _know_key(db, vaults)
            if alone:
                await _look_over(db)
        async with engine.begin() as db:
            await db.run_sync(_migrate)
        if alone:
            complete(key_file, database.vault)
    except (KeyFileError, DataError, OSError):
        await database.close()
        raise
    except DBAPIError as error:
        await database.close()
        raise DataError(
            f"The database in {folder} cannot be opened ({error.orig}). If another program writes to it, try again; "
            f"if it is damaged, {RESTORE}"
        ) from None
    return database


CUT_SHORT = "restoring"  # a file that stands in the folder until all of a copy is in place
RESTORE = "move the folder aside and bring it back from your copy: python run.py restore FILE. Nothing was changed."


def _prepare(folder: Path, key_file: Path, *, alone: bool, make: bool) -> tuple[int | None, list[Vault]]:
    if not make and not (folder / "keys.db").exists():
        raise DataError(f"There is no Backwatch data in {folder}. Check BACKWATCH_DATA; `serve` makes it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise DataError(f"Others may read the data directory {folder}. Run: chmod 700 {folder}, or set BACKWATCH_DATA.")
    held = hold(folder) if alone else None
    try:
        _refuse_half(folder)
        fresh = not (folder / "keys.db").exists() and not (folder / "backwatch.db").exists()
        vaults = [Vault(master) for master in read_masters(key_file, may_create=fresh)]
        for name in ("backwatch.db", "keys.db"):
            os.close(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600))
    except (OSError, KeyFileError, DataError):
        if held is not None:
            os.close(held)
        raise
    return held, vaults


def _refuse_half(folder: Path) -> None:
    """One of the two files without the other, or not all of a copy: sweeping would delete what the lost one alone can
    make sense of."""
    if (folder / CUT_SHORT).exists():
        raise DataError(f"Bringing a copy back into {folder} was cut short. Do it again: python run.py restore FILE.")
    files = folder / "backwatch.db", folder / "keys.db"
    if all(file.exists() and file.stat().st_size for file in files):
        return
    data, keys = map(_tables, files)
    if "people" in data and "keys" not in keys:
        raise DataError(f"{folder / 'keys.db'} is missing: without it nothing in {folder} can be read. {HALF}")
    if "keys" in keys and "people" not in data and keys["keys"]:
        raise DataError(f"{folder / 'backwatch.db'} is missing, and there are keys of people in it. {HALF}")


HALF = f"Bring it back; or {RESTORE}"


def _tables(file: Path) -> dict[str, int]:
    """The tables in a file that may not be there, and whether each holds anything. Damage is told later."""
    if not file.exists() or not file.stat().st_size:
        return {}
    log = file.with_name(f"{file.name}-wal")
    unlogged = not log.exists() or not log.stat().st_size  # else reading needs files of its own beside it
    how = "immutable=1" if unlogged else "mode=ro"
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True)) as db:
        try:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: len(db.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchall()) for name in names}  # noqa: S608
        except sqlite3.DatabaseError:
            return {"people": 1, "keys": 1}


def _configure(engine: AsyncEngine, keys: Path) -> None:
    guest_tables = _guest_tables()

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late: reads before it see old rows
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA temp_store=MEMORY")  # sorting guests opened a temporary file
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("ATTACH ? AS keys", (str(keys),))
        cursor.execute("ATTACH ':memory:' AS guests")
        for name in (MAIN, KEYS):
            cursor.execute(f"PRAGMA {name}.journal_mode=WAL")
            cursor.execute(f"PRAGMA {name}.synchronous=FULL")  # a commit is on disk when it returns
        cursor.execute("PRAGMA secure_delete=ON")  # erased means overwritten
        for statement in guest_tables:
            cursor.execute(statement)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # two that read, then write, would lose an update


async def _know_key(db: AsyncConnection, vaults: list[Vault]) -> Vault:
    """Which master key the data is sealed with. Refuse a wrong one before anything is written."""
    at_keys = translated(db, KEYS)
    await db.run_sync(lambda sync: schema.identity.create_all(sync.execution_options(**at_keys)))
    mark = await db.scalar(
        select(schema.marks.c.value).where(schema.marks.c.name == "master"), execution_options=at_keys
    )
    if mark is None:
        await db.execute(schema.marks.insert().values(name="master", value=vaults[0].mark()), execution_options=at_keys)
        mark = vaults[0].mark()
    right = next((vault for vault in vaults if vault.mark() == mark), None)
    if right is None:
        raise KeyFileError(WRONG_KEY)
    await _know_log(db, right)
    return right


async def _know_log(db: AsyncConnection, vault: Vault) -> None:
    """The key of the log of who looked, and its head. They are made once: lines signed before have no other."""
    at_keys, marks = translated(db, KEYS), schema.marks
    if await db.scalar(select(marks.c.name).where(marks.c.name == chain.KEY), execution_options=at_keys) is None:
        key = chain.new_key()
        made = {chain.KEY: vault.hide(chain.KEY, key), chain.HEAD: chain.Head().packed(key)}
        rows = [{"name": name, "value": value} for name, value in made.items()]
        await db.execute(marks.insert().prefix_with("OR REPLACE"), rows, execution_options=at_keys)


async def _look_over(db: AsyncConnection) -> None:
    """Refuse data with a damaged page before anything is written: SQLite itself notices only when it comes there."""
    for name in (MAIN, KEYS):
        found = str(await db.scalar(text(f"PRAGMA {name}.quick_check(1)")))
        if found != "ok":
            raise DataError(f"The database {name} is damaged ({found}). If it stays so, {RESTORE}")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _guest_tables() -> list[str]:
    """The statements that make the guests' tables. A connection that had to be opened anew begins with them empty."""
    made, dialect, found = MetaData(), sqlite.dialect(), []
    for table in (*schema.data.sorted_tables, *schema.identity.sorted_tables):
        copy = table.to_metadata(made, schema=GUESTS)
        found.append(str(CreateTable(copy).compile(dialect=dialect)))
        found += [str(CreateIndex(index).compile(dialect=dialect)) for index in copy.indexes]
    return found


def hold(folder: Path) -> int:
    """Keep everybody else who would hold the directory out, until the handle is closed. Raises DataInUseError."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise DataInUseError(
            f"Another Backwatch is running on the data in {folder}. Stop it first, or set BACKWATCH_DATA."
        ) from None
    return handle
