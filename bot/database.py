"""One connection to three databases: `main` and `keys` on disk, `guests` in memory.

SQLite's and SQLAlchemy's defaults lose updates under concurrent writers and would leave traces; each setting below
says what it prevents.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, event, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.schema import CreateIndex, CreateTable

from bot import schema
from bot.keys import WRONG_KEY, KeyFileError, Vault, read_master

MAIN, KEYS, GUESTS = "main", "keys", "guests"
BUSY_SECONDS = 10  # how long to wait for another process (export, erase, backup)


class DataError(Exception):
    """The data directory cannot be used. The text says what to do."""


class DataInUseError(DataError):
    """Another `serve` holds the data directory."""


class Database:
    """The three databases and the lock that every writer in this process passes."""

    def __init__(self, engine: AsyncEngine, vault: Vault, held: int | None) -> None:
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
        held, vault = _prepare(folder, key_file, alone=alone, make=make)
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
    database = Database(engine, vault, held)
    _configure(engine, folder / "keys.db")
    try:
        async with engine.begin() as db:
            await _know_key(db, vault)
        async with engine.begin() as db:
            await db.run_sync(_migrate)
    except KeyFileError:
        await database.close()
        raise
    except DBAPIError as error:
        await database.close()
        raise DataError(
            f"The database in {folder} cannot be opened ({error.orig}). If another program writes to it, try again; "
            "if it is damaged, bring it back from your copy."
        ) from None
    return database


def _prepare(folder: Path, key_file: Path, *, alone: bool, make: bool) -> tuple[int | None, Vault]:
    if not make and not (folder / "keys.db").exists():
        raise DataError(f"There is no Backwatch data in {folder}. Check BACKWATCH_DATA; `serve` makes it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        raise DataError(f"Others may read the data directory {folder}. Run: chmod 700 {folder}, or set BACKWATCH_DATA.")
    held = _hold(folder) if alone else None
    try:
        fresh = not (folder / "keys.db").exists() and not (folder / "backwatch.db").exists()
        vault = Vault(read_master(key_file, may_create=fresh))
        for name in ("backwatch.db", "keys.db"):
            os.close(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600))
    except (OSError, KeyFileError):
        if held is not None:
            os.close(held)
        raise
    return held, vault


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


async def _know_key(db: AsyncConnection, vault: Vault) -> None:
    """Refuse a wrong master key before anything is written."""
    at_keys = translated(db, KEYS)
    await db.run_sync(lambda sync: schema.identity.create_all(sync.execution_options(**at_keys)))
    mark = await db.scalar(
        select(schema.marks.c.value).where(schema.marks.c.name == "master"), execution_options=at_keys
    )
    if mark is None:
        await db.execute(schema.marks.insert().values(name="master", value=vault.mark()), execution_options=at_keys)
    elif mark != vault.mark():
        raise KeyFileError(WRONG_KEY)


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
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


def _hold(folder: Path) -> int:
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise DataInUseError(
            f"Another Backwatch is running on the data in {folder}. Stop it first, or set BACKWATCH_DATA."
        ) from None
    return handle
