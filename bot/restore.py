"""Bringing the data back from copies, into an empty directory, after a look at all that is in them."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from cryptography.exceptions import InvalidTag

from bot import chain
from bot.backup import BACKED_UP, DATA, KEYS, write_part
from bot.database import CUT_SHORT, MIGRATIONS, DataError, hold
from bot.keys import WRONG_KEY, KeyFileError, Vault, read_masters, sync_folder, unseal

OWNERS = {"people": "id", "answers": "person", "alerts": "subject", "outbox": "owner"}  # tables with `sealed`


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back. `unread`: whose key is not there; `strangers`: keys of people who are not in the data."""

    at: str  # when the copy of the data was made; empty if it does not say
    people: int
    unread: int
    strangers: int
    damaged: int  # rows that do not open
    unsent: int
    due: str  # the first timer


def restore(file: Path, keys: Path, folder: Path, key_file: Path, now: datetime) -> Restored:
    """Put both copies in place, or nothing. Raises DataError, KeyFileError, OSError.

    Killed in the middle, it leaves files that `serve` refuses, and that it takes the place of when run again.
    """
    for copy in (file, keys):
        if not copy.is_file():
            raise DataError(f"There is no copy {copy}. The copy of the keys is named with --keys.")
    cut_short = folder / CUT_SHORT
    if folder.exists() and not cut_short.exists() and {one.name for one in folder.iterdir()} - {"lock"}:
        raise DataError(f"{folder} is not empty. Move what is there aside, or set BACKWATCH_DATA. Nothing was changed.")
    vaults = [Vault(master) for master in read_masters(key_file, may_create=False)]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = hold(folder)
    data_part, keys_part = folder / f"{DATA}.part", folder / f"{KEYS}.part"
    try:
        cut_short.touch(mode=0o600)
        write_part(file, data_part)
        write_part(keys, keys_part)
        found = _prepared(data_part, keys_part, vaults, now)
        data_part.replace(folder / DATA)
        keys_part.replace(folder / KEYS)
        sync_folder(folder)  # before this is said to be over
        cut_short.unlink()
    except sqlite3.Error as error:
        raise DataError(
            f"{file} or {keys} cannot be read ({error}). Take an older copy. Nothing was changed."
        ) from None
    finally:
        for left in (data_part, keys_part, *(() if (folder / DATA).exists() else (cut_short,))):
            left.unlink(missing_ok=True)
        os.close(held)
    return found


def _prepared(data: Path, keys: Path, vaults: list[Vault], now: datetime) -> Restored:
    """Look at all rows of both. What waited to be sent then is not sent now: who must hear of it hears by a timer."""
    with closing(sqlite3.connect(data)) as db, closing(sqlite3.connect(keys)) as safe:
        (version,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
        if version not in {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
            raise DataError("The copy was made by a newer Backwatch. Install that one. Nothing was changed.")
        vault = _right(safe, vaults)
        who = _opened(safe, vault)
        told = {code for (code,) in db.execute("SELECT id FROM people")}
        opens = Counter(_opens(db, who))
        (at,) = db.execute("SELECT max(value) FROM facts WHERE name = ?", (BACKED_UP,)).fetchone()
        (due,) = db.execute("SELECT min(due) FROM timers").fetchone()
        unsent = db.execute("UPDATE outbox SET state = 'dead' WHERE state IN ('sending', 'queued')").rowcount
        _log(db, safe, vault, now)
        db.commit()
        safe.commit()
    if told and not told & who.keys():
        raise DataError("None of the people in the data has a key in the copy of the keys. Nothing was changed.")
    return Restored(
        at=at or "",
        people=len(told & who.keys()),
        unread=len(told - who.keys()),
        strangers=len(who.keys() - told),
        damaged=opens[False],
        unsent=unsent,
        due=due or "",
    )


def _right(safe: sqlite3.Connection, vaults: list[Vault]) -> Vault:
    """The master key that the copy of the keys is under."""
    marked = safe.execute("SELECT value FROM marks WHERE name = 'master'").fetchone()
    vault = next((vault for vault in vaults if marked and vault.mark() == marked[0]), None)
    if vault is None:
        raise KeyFileError(WRONG_KEY)
    return vault


def _opened(safe: sqlite3.Connection, vault: Vault) -> dict[str, bytes]:
    """Everybody's key."""
    found = safe.execute("SELECT person, wrapped FROM keys")
    return {person: vault.unwrap(person, wrapped).key for person, wrapped in found}


def _log(db: sqlite3.Connection, safe: sqlite3.Connection, vault: Vault, now: datetime) -> None:
    """A line that says so in the log of who looked; its head is that line, as the copies need not be of one time."""
    hidden = safe.execute("SELECT value FROM marks WHERE name = ?", (chain.KEY,)).fetchone()
    if not hidden or not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit'").fetchone():
        return  # made before there was a log
    key = vault.reveal(chain.KEY, hidden[0])
    last = db.execute("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1").fetchone() or (0, b"")
    row = {"number": last[0] + 1, "at": now.isoformat(), "who": "site", "what": "restored", "whose": ""}
    head = chain.Head(last[0] + 1, chain.signed(key, last[1], row))
    db.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (*row.values(), head.hash))
    safe.execute("UPDATE marks SET value = ? WHERE name = ?", (head.packed(key), chain.HEAD))


def _opens(db: sqlite3.Connection, who: dict[str, bytes]) -> Iterator[bool]:
    """For each sealed row of people who have a key, whether it opens."""
    for table, column in OWNERS.items():
        for row, owner, sealed in db.execute(f"SELECT id, {column}, sealed FROM {table}"):  # noqa: S608 - ours
            if owner in who:
                try:
                    unseal(who[owner], table, row, owner, sealed)
                except InvalidTag:
                    yield False
                else:
                    yield True


def told(found: Restored) -> Iterator[str]:
    """What an operator must know."""
    yield f"Restored: {found.people} people, as of {found.at or 'a time the copy does not name'}."
    yield "What was told since then is not in it, and whoever agreed since then is asked again."
    if found.unread:
        yield f"{found.unread} have no key: erased since, or newer than the copy of the keys. serve deletes them."
    if found.strangers:
        yield f"{found.strangers} keys are of people who are not in this copy of the data. serve destroys them."
    if found.damaged:
        yield f"{found.damaged} rows do not open: they are damaged, and passed over."
    if found.unsent:
        yield f"{found.unsent} messages were waiting to be sent then. They are not sent now."
    if found.due:
        yield f"Timers are due since {found.due}. serve tells what is urgent first, and one late check-in a person."
