"""What an earlier run left behind: rows not sent, and the two halves of a move or an erasure that was cut."""

import asyncio

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import save, store
from bot.database import GUESTS, MAIN, Database
from bot.keys import unseal
from bot.parcel import Parcel, lane, unpack
from bot.schema import OF_A_PERSON, alerts, answers, codes, keys, outbox, people, responses, updates

A_PAGE = 500

WAITING = (
    select(outbox)
    .where(outbox.c.state.in_(("sending", "queued")), outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(A_PAGE)
)


async def unsent(database: Database) -> list[Parcel]:
    """Rows of the outbox that nobody has sent for certain, in order."""
    found: list[Parcel] = []
    after = 0
    while True:
        async with database.transaction() as db:
            page = await _page(db, database, after)
        if page is None:
            return found
        found += page[0]
        after = page[1]
        await asyncio.sleep(0)


async def _page(db: AsyncConnection, database: Database, after: int) -> tuple[list[Parcel], int] | None:
    rows = (await store.run(db, MAIN, WAITING, {"after": after})).mappings().all()
    if not rows:
        return None
    codes = {row["person"] for row in rows} | {row["owner"] for row in rows}
    known = await store.known_people(db, database.vault, codes)
    parcels = []
    for row in rows:
        if row["person"] not in known or row["owner"] not in known:
            continue  # erased since
        who, owner = known[row["person"]].who, known[row["owner"]].who
        method, params = unpack(unseal(owner.key, "outbox", row["id"], owner.person, row["sealed"]))
        parcels.append(
            Parcel(
                id=row["id"],
                where=MAIN,
                person=who.person,
                chat=who.chat,
                lane=lane(who.chat, method, row["id"]),
                method=method,
                params=params,
                urgency=row["urgency"],
                expires=row["expires"] and store.moment(row["expires"]),
                kept=row["kind"] == "sendMessage",
                tries=row["tries"],
                not_before=row["not_before"] and store.moment(row["not_before"]),
                owner=owner.person,
            )
        )
    return parcels, rows[-1]["id"]


async def sweep(database: Database) -> None:
    """Complete what a crash cut between the two files: rows without a key, keys without a person."""
    async with database.transaction() as db:
        with_key = set((await store.run(db, MAIN, select(keys.c.person))).scalars())
        with_row = set((await store.run(db, MAIN, select(people.c.id))).scalars())
        columns = [*OF_A_PERSON.values(), outbox.c.person, outbox.c.owner, codes.c.person, alerts.c.taken_by]
        told = {code for column in columns for code in (await store.run(db, MAIN, select(column).distinct())).scalars()}
        unreadable = told - with_key - {"", None}
        for code in unreadable:
            await store.drop(db, MAIN, code)
    async with database.transaction() as db:
        for code in with_key - with_row:
            await store.drop_key(db, MAIN, code)
    if unreadable or with_key - with_row:
        async with database.writing(), database.engine.connect() as db:
            await save.shred(db)


async def forget_idle(database: Database, before: str, seen_before: str) -> None:
    """Drop guests not heard of since `before`, and update ids noted before `seen_before` (ISO times)."""
    async with database.transaction() as db:
        idle = (await store.run(db, GUESTS, select(people.c.id).where(people.c.at < before))).scalars().all()
        for code in idle:
            await store.drop(db, GUESTS, code)
            await store.drop_key(db, GUESTS, code)
        for where in (MAIN, GUESTS):
            await store.run(db, where, delete(updates).where(updates.c.at < seen_before))


async def forget_old(database: Database, before: str) -> None:
    """Delete what was told, and what was said, before this ISO time: consent covers no longer."""
    async with database.transaction() as db:
        for table in (answers, responses, alerts, outbox):
            await store.run(db, MAIN, delete(table).where(table.c.at < before))
