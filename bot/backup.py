"""Copies of the data and of the keys, apart from each other, beside a running `serve`; and the way back.

A copy of the data holds no identity: without the keys nobody can read it, with them only who is not erased. The keys
have one copy (`backups/keys.db`), replaced every night; erasing a person takes them out of it first.
"""

import asyncio
import os
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from bot.database import Database, DataError
from bot.keys import sync_folder

DATA, KEYS = "backwatch.db", "keys.db"
FOLDER = "backups"  # within the data; an operator copies it elsewhere
NIGHTS = 14  # copies of the data that are kept
BACKED_UP = "backed up"  # the fact that names the time a copy was made


async def back_up(folder: Path, file: Path, at: datetime, *, keys: bool = False) -> None:
    """Copy the data, or the keys, to a file of mode 0600, whole or not at all. One that stands there is replaced.

    Raises DataError.
    """
    source = folder / (KEYS if keys else DATA)
    try:
        await asyncio.to_thread(_copy, source, file, "" if keys else at.isoformat())
    except OSError as error:
        raise DataError(f"{file} cannot be written ({error.strerror}). Nothing was changed.") from None
    except sqlite3.Error as error:
        raise DataError(f"{source} could not be copied to {file} ({error}). Nothing was changed.") from None


def _copy(source: Path, file: Path, noted: str) -> None:
    """One reading transaction: writers go on meanwhile. The copy is looked over before it takes its name."""
    if file.resolve().parent == source.resolve().parent:
        raise DataError(f"{file} would lie among the data itself. Name a file elsewhere.")
    draft = file.with_name(f"{file.name}.part")
    try:
        write_part(source, draft, noted)
        draft.replace(file)
        sync_folder(file.resolve().parent)
    finally:
        draft.unlink(missing_ok=True)


def write_part(source: Path, draft: Path, noted: str = "") -> None:
    """Copy a database page by page into a new file, look it over, and put it on disk."""
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as whence,
        closing(sqlite3.connect(draft, isolation_level=None)) as copy,
    ):
        whence.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with no log beside it
        if noted:
            copy.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (BACKED_UP, noted))
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    with draft.open("rb") as written:
        os.fsync(written.fileno())


async def nightly(database: Database, at: datetime) -> bool:
    """Tonight's copies, if they are not there yet; the oldest go. The keys after the data: all in it have theirs."""
    folder = database.folder / FOLDER
    tonight = folder / f"{at.date().isoformat()}.db"
    if tonight.exists():
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    await back_up(database.folder, tonight, at)
    await back_up(database.folder, folder / KEYS, at, keys=True)
    await asyncio.to_thread(_forget_erased, database.folder)
    for old in sorted((file for file in folder.glob("*.db") if _night(file)), reverse=True)[NIGHTS:]:
        old.unlink()
    return True


def _night(file: Path) -> date | None:
    """The night a copy is of; None if it is another file."""
    try:
        return date.fromisoformat(file.stem)
    except ValueError:
        return None


def forget(folder: Path, persons: Collection[str]) -> None:
    """Take people's keys out of the copy, if there is one. A copy that cannot be changed is deleted. Raises OSError.

    To be called before the keys are destroyed in the data, so that a crash leaves no key in the copy alone, and once
    more after it: a copy may just have been made.
    """
    file = folder / FOLDER / KEYS
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            db.execute("PRAGMA secure_delete=ON")
            db.execute("PRAGMA synchronous=FULL")
            db.executemany("DELETE FROM keys WHERE person = ?", [(person,) for person in persons])
    except sqlite3.Error:
        file.unlink(missing_ok=True)


def copy_again(folder: Path) -> None:
    """Replace the copy of the keys, if there is one."""
    if (folder / FOLDER / KEYS).exists():
        _copy(folder / KEYS, folder / FOLDER / KEYS, "")


def _forget_erased(folder: Path) -> None:
    """Whoever was erased while the copy was made is in it and no more in the data."""
    found = [folder / KEYS, folder / FOLDER / KEYS]
    now, copied = (_people(file) for file in found)
    forget(folder, copied - now)


def _people(file: Path) -> set[str]:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return {person for (person,) in db.execute("SELECT person FROM keys")}
