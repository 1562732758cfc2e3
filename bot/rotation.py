"""A new master key: people's keys are wrapped anew under it, what they told stays as it is.

The new key is on disk beside the old one (`.new`) before anything is wrapped under it; wrapping is one transaction of
one file, which also changes the mark that tells the right key; then the files are moved. So at any moment one of the
two files is the right one, and whoever opens the data takes that. A start completes what was cut short.
"""

import asyncio
from pathlib import Path

from sqlalchemy import bindparam, select, update

from bot import chain, save, store
from bot.backup import copy_again
from bot.database import KEYS, Database
from bot.keys import Vault, complete, read_master, successor
from bot.schema import keys, marks

ALL = select(keys.c.person, keys.c.wrapped)
REWRAP = (
    update(keys)
    .where(keys.c.person == bindparam("b_person"))
    .values(fingerprint=bindparam("b_fingerprint"), wrapped=bindparam("b_wrapped"))
)
REMARK = update(marks).where(marks.c.name == "master")
LOG_KEY = select(marks.c.value).where(marks.c.name == chain.KEY)
REKEY = update(marks).where(marks.c.name == chain.KEY)


async def rotate(database: Database, key_file: Path) -> tuple[int, Path | None]:
    """Wrap everybody's key under a new master key. Returns how many, and where the old master key is now.

    The new key of a rotation cut short is used: it has sealed nothing yet. Nobody else may have the data open.
    """
    new = Vault(read_master(successor(key_file), may_create=True))
    async with database.transaction() as db:
        rows = (await store.run(db, KEYS, ALL)).mappings().all()
        found = [database.vault.unwrap(row["person"], row["wrapped"]) for row in rows]
        wrapped_anew = [
            {"b_person": who.person, "b_fingerprint": new.fingerprint(who.chat), "b_wrapped": new.wrap(who)}
            for who in found
        ]
        if wrapped_anew:
            await store.run(db, KEYS, REWRAP, wrapped_anew)
        await store.run(db, KEYS, REMARK.values(value=new.mark()))
        key = database.vault.reveal(chain.KEY, (await store.run(db, KEYS, LOG_KEY)).scalar_one())
        await store.run(db, KEYS, REKEY.values(value=new.hide(chain.KEY, key)))
    database.vault = new
    async with database.writing(), database.engine.connect() as db:
        await save.shred(db)
    await asyncio.to_thread(copy_again, database.folder)  # the copy is wrapped under the old key
    return len(found), complete(key_file, new)
