"""Writing a batch: keys first and alone, then everything else as one transaction, each table once."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import audit, backup, noted, records, store
from bot.batch import Batch
from bot.database import GUESTS, KEYS, MAIN
from bot.draft import Draft
from bot.keys import Vault, seal
from bot.parcel import TAP_EXPIRES, Parcel, lane, pack
from bot.schema import alerts, answers, codes, outbox, people, responses, timers, updates
from bot.shown import calls
from content.voice import Message
from flows.alerts import TIMER

LOG = logging.getLogger("backwatch.save")

CODE_LASTS = timedelta(hours=48)  # a one-time code, of a coordinator or a relative
Rows = dict[tuple[str, Table], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a row of the outbox. `state` empty: it need not be kept."""

    where: str
    row: int
    state: str
    tries: int = 0
    not_before: datetime | None = None


@dataclass(slots=True)
class Marks:
    """What became of rows, waiting to ride with the next write."""

    waiting: list[Mark] = field(default_factory=list)

    async def write(self, db: AsyncConnection) -> int:
        """Write what waits. Returns how many; they are dropped by `written` once the transaction is on disk."""
        number = len(self.waiting)
        changes: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        drops: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for mark in self.waiting[:number]:
            later = mark.not_before.isoformat() if mark.not_before else None
            # the row of a guest who has agreed meanwhile stands on disk; ids are never given twice
            for where in (GUESTS, MAIN) if mark.where == GUESTS else (MAIN,):
                if mark.state:
                    row = {"b_id": mark.row, "b_state": mark.state, "b_tries": mark.tries, "b_not_before": later}
                    changes[where].append(row)
                else:
                    drops[where].append({"b_id": mark.row})
        for where, rows in changes.items():
            await store.run(db, where, MARK, rows)
        for where, rows in drops.items():
            await store.run(db, where, DROP, rows)
        return number

    def written(self, number: int) -> None:
        """The transaction they rode with is on disk."""
        del self.waiting[:number]


MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("b_id"))
    .values(state=bindparam("b_state"), tries=bindparam("b_tries"), not_before=bindparam("b_not_before"))
)
DROP = delete(outbox).where(outbox.c.id == bindparam("b_id"))
FIRED = delete(timers).where(
    timers.c.person == bindparam("b_person"),
    timers.c.name == bindparam("b_name"),
    timers.c.serves == bindparam("b_serves"),
)
UNSET = delete(timers).where(timers.c.person == bindparam("b_person"), timers.c.name == bindparam("b_name"))
UNSET_ALL = delete(timers).where(
    timers.c.person == bindparam("b_person"),
    timers.c.name.not_in(bindparam("b_kept", expanding=True)),
    timers.c.name.not_like(f"{TIMER}%"),
)
AMEND = (
    update(alerts)
    .where(alerts.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in ("urgency", "state", "taken_by", "taken_at", "sealed")})
)
REVIEW = (
    update(responses)
    .where(responses.c.id == bindparam("b_id"), responses.c.reviewed_at.is_(None))
    .values(reviewed_by=bindparam("b_by"), reviewed_at=bindparam("b_at"))
)
UNINVITE = delete(codes).where(codes.c.person == bindparam("b_person"))
USE_CODE = delete(codes).where(codes.c.hash == bindparam("b_hash"))


async def save(
    db: AsyncConnection, vault: Vault, batch: Batch, marks: Marks, now: datetime, numbers: Iterator[int]
) -> list[Parcel]:
    """Write the batch and commit. Returns what is to be sent, most urgent first within each chat's order."""
    await _keys_first(db, vault, batch)
    await _move(db, vault, batch)
    rows: Rows = defaultdict(list)
    for draft in batch.drafts.values():
        _person_rows(rows, draft, numbers, now)
    for name in batch.raised:
        view = batch.alerts[name]
        subject = batch.whose(view.subject)
        rows[subject.goes, alerts].append(records.alert_row(subject.who.key, view))
    for number, whose in batch.updates:
        rows[whose.goes if whose else GUESTS, updates].append({"id": number, "at": now.isoformat()})
    for (where, table), found in rows.items():
        await store.put_rows(db, where, table, found)
    await _changes(db, vault, batch, now)
    written = await marks.write(db)
    parcels = await _outbox(db, vault, batch, numbers)
    lines = await noted.lines(db, vault, batch.log)
    await audit.write(db, vault, lines)
    await db.commit()
    marks.written(written)
    if lines:
        await _anchor(db, vault)
    if any(draft.old for draft in batch.drafts.values()):
        await shred(db)
    return parcels


async def _anchor(db: AsyncConnection, vault: Vault) -> None:
    """The batch is on disk, and must go out: the head of the log is moved with the next one if it cannot be now."""
    try:
        await audit.anchor(db, vault)
        await db.commit()
    except DBAPIError as error:
        LOG.error("the head of the log could not be moved: %s", type(error).__name__)
        await db.rollback()


async def _keys_first(db: AsyncConnection, vault: Vault, batch: Batch) -> None:
    """Make and destroy keys on disk, in a transaction of its own.

    Cut off after it: a key without rows, which the next start sweeps, or rows without a key, which nobody can read.
    """
    joining = [draft for draft in batch.drafts.values() if draft.goes == MAIN and (draft.where == GUESTS or draft.old)]
    leaving = [old for draft in batch.drafts.values() if draft.where == MAIN for old in draft.old]
    if not joining and not leaving:
        return
    await db.rollback()  # nothing was written yet
    gone = [old.person for old in leaving]
    await forget_copies(db, gone)
    for person in gone:
        await store.drop_key(db, MAIN, person)
    for draft in joining:
        await store.put_key(db, MAIN, vault, draft.who)
    await db.commit()
    await forget_copies(db, gone)


async def _move(db: AsyncConnection, vault: Vault, batch: Batch) -> None:
    """Guests who agreed go to disk; who left is erased there and goes on as a guest; the new ones get a key."""
    for draft in batch.drafts.values():
        for old in draft.old:
            await store.drop(db, draft.where, old.person)
            if draft.where == GUESTS:
                await store.drop_key(db, GUESTS, old.person)
        if draft.goes == GUESTS and (draft.fresh or draft.old):
            await store.put_key(db, GUESTS, vault, draft.who)
        if draft.goes == MAIN and draft.where == GUESTS and not draft.fresh:
            await store.move_to_disk(db, draft.who.person)
            await store.drop_key(db, GUESTS, draft.who.person)


def _person_rows(rows: Rows, draft: Draft, numbers: Iterator[int], now: datetime) -> None:
    who, where = draft.who, draft.goes
    if draft.changed or draft.goes != draft.where:
        rows[where, people].append(store.person_row(who, draft.person, now))
    rows[where, responses] += draft.begun
    for row, told in draft.answers:
        number = next(numbers)
        sealed = seal(who.key, "answers", number, who.person, json.dumps(told, ensure_ascii=False).encode())
        rows[where, answers].append({**row, "id": number, "sealed": sealed})
    for name, wake in draft.timers.items():
        timer = {"person": who.person, "name": name, "due": wake.at.isoformat(), "serves": wake.serves}
        rows[where, timers].append(timer)


async def _changes(db: AsyncConnection, vault: Vault, batch: Batch, now: datetime) -> None:
    """What is changed or deleted rather than added."""
    unset: defaultdict[tuple[str, Any], list[dict[str, Any]]] = defaultdict(list)
    for draft in batch.drafts.values():
        code = draft.who.person
        for name, serves in draft.fired:
            if name not in draft.timers:
                unset[draft.goes, FIRED].append({"b_person": code, "b_name": name, "b_serves": serves})
        if draft.cancelled_all:
            await store.run(db, draft.goes, UNSET_ALL, {"b_person": code, "b_kept": list(draft.timers)})
        for name in draft.cancelled - set(draft.timers):
            unset[draft.goes, UNSET].append({"b_person": code, "b_name": name})
        await store.close_response(db, draft.goes, draft.closed)
    for (where, statement), found in unset.items():
        await store.run(db, where, statement, found)
    for view in (batch.alerts[name] for name in sorted(batch.amended)):
        subject = batch.whose(view.subject)
        row = records.alert_row(subject.who.key, view)
        await store.run(db, subject.goes, AMEND, {f"b_{name}": value for name, value in row.items()})
    for code in batch.left:
        await store.let_go(db, code)
    if batch.reviewed:
        reviewed = [{"b_id": name, "b_by": by, "b_at": at.isoformat()} for name, (by, at) in batch.reviewed.items()]
        await store.run(db, MAIN, REVIEW, reviewed)
    await _codes(db, vault, batch, now)


async def _codes(db: AsyncConnection, vault: Vault, batch: Batch, now: datetime) -> None:
    """One-time codes made, taken back and used. Of a person there is never more than one."""
    for person in batch.circles.uninvited | batch.circles.invited.keys():
        await store.run(db, MAIN, UNINVITE, {"b_person": person})
    expires = (now + CODE_LASTS).isoformat()
    for person, (code, circle) in batch.circles.invited.items():
        row = {"hash": vault.code_hash(code), "expires": expires, "circle": circle, "person": person}
        await store.insert_rows(db, MAIN, codes, [row])
    if used := batch.codes | batch.circles.used:
        await store.run(db, MAIN, USE_CODE, [{"b_hash": code} for code in used])


async def _outbox(db: AsyncConnection, vault: Vault, batch: Batch, numbers: Iterator[int]) -> list[Parcel]:
    rows: Rows = defaultdict(list)
    parcels = []
    sent = [(out, call) for out in batch.out for call in await calls(db, vault, batch, out)]
    for out, call in sent:
        number, where = next(numbers), GUESTS if GUESTS in (out.to.goes, out.about.goes) else MAIN
        expires = out.at + TAP_EXPIRES if out.tap else None
        owner = out.about.who
        said = isinstance(out.shows, Message) and call[0] == "sendMessage"
        kept = said and out.about.person.permits("keep")  # what coordinators are told for themselves is not
        rows[where, outbox].append(
            {
                "id": number,
                "person": out.to.who.person,
                "owner": owner.person,
                "kind": call[0] if kept or call[0] != "sendMessage" else "list",
                "urgency": out.urgency,
                "version": batch.library.book.version,
                "at": out.at.isoformat(),
                "expires": expires and expires.isoformat(),
                "state": "sending",
                "not_before": None,
                "tries": 0,
                "sealed": seal(owner.key, "outbox", number, owner.person, pack(call)),
            }
        )
        parcels.append(
            Parcel(
                id=number,
                where=where,
                person=out.to.who.person,
                chat=out.to.who.chat,
                lane=lane(out.to.who.chat, call[0], number),
                method=call[0],
                params=call[1],
                urgency=out.urgency,
                expires=expires,
                kept=kept,
                owner=owner.person,
            )
        )
    for (where, table), found in rows.items():
        await store.insert_rows(db, where, table, found)
    return parcels


async def forget_copies(db: AsyncConnection, persons: Sequence[str]) -> None:
    """Take people's keys out of the nightly copy. To be called before their keys are destroyed, and after it."""
    if persons:
        files = (await db.exec_driver_sql("PRAGMA database_list")).mappings().all()
        folder = next(Path(row["file"]).parent for row in files if row["name"] == MAIN)
        await asyncio.to_thread(backup.forget, folder, persons)


async def shred(db: AsyncConnection) -> None:
    """Empty the write-ahead logs, so that what was erased does not stand there either. Not inside a transaction."""
    driver = (await db.get_raw_connection()).driver_connection
    assert driver is not None
    for name in (KEYS, MAIN):
        await driver.execute(f"PRAGMA {name}.wal_checkpoint(TRUNCATE)")
