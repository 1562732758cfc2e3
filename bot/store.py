"""Queries. The caller owns the transaction; `where` is the database the tables stand in: main, keys or guests."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    BindParameter,
    CursorResult,
    Executable,
    RowMapping,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import GUESTS, KEYS, MAIN
from bot.keys import Identity, Vault, seal, unseal
from bot.schema import OF_A_PERSON, alerts, answers, codes, facts, keys, outbox, people, responses, timers, updates
from flows.alerts import LEFT, TIMER
from flows.due import TURNS
from flows.person import Person

LOG = logging.getLogger("backwatch.store")

PERSON = TypeAdapter(Person)
IN: BindParameter[Any] = bindparam("wanted", expanding=True)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody met before, and in which database their rows stand."""

    who: Identity
    where: str


async def run(db: AsyncConnection, where: str, statement: Executable, rows: Any = None) -> CursorResult[Any]:
    """Execute on the tables of one of the databases."""
    at = KEYS if where == MAIN and statement_is_of_keys(statement) else where
    return await db.execute(statement, rows, execution_options={"schema_translate_map": {None: at}})


def statement_is_of_keys(statement: Executable) -> bool:
    """The table of keys stands in a database of its own, apart from people's data."""
    tables = getattr(statement, "get_final_froms", lambda: [getattr(statement, "table", None)])()
    return keys in tables


async def both(db: AsyncConnection, statement: Executable, rows: Any = None) -> list[tuple[str, RowMapping]]:
    """Rows of both, those on disk first, each with where it stands."""
    found: list[tuple[str, RowMapping]] = []
    for where in (MAIN, GUESTS):
        found += [(where, row) for row in (await run(db, where, statement, rows)).mappings()]
    return found


# -- who

BY_FINGERPRINT = select(keys.c.person, keys.c.wrapped).where(keys.c.fingerprint.in_(IN))
BY_PERSON = select(keys.c.person, keys.c.wrapped).where(keys.c.person.in_(IN))


async def known_chats(db: AsyncConnection, vault: Vault, chats: Iterable[int]) -> list[Known]:
    """Those of these chats that have been met. One may be known twice where agreeing was cut short: see `load`."""
    wanted = [vault.fingerprint(chat) for chat in chats]
    found = await both(db, BY_FINGERPRINT, {"wanted": wanted}) if wanted else []
    return [Known(vault.unwrap(row["person"], row["wrapped"]), where) for where, row in found]


async def known_people(db: AsyncConnection, vault: Vault, persons: Collection[str]) -> dict[str, Known]:
    """Those of these codes that have been met."""
    found = await both(db, BY_PERSON, {"wanted": list(persons)}) if persons else []
    return {row["person"]: Known(vault.unwrap(row["person"], row["wrapped"]), where) for where, row in found}


PEOPLE = select(people.c.id, people.c.sealed).where(people.c.id.in_(IN))


async def load(db: AsyncConnection, known: Iterable[Known]) -> list[tuple[Known, Person]]:
    """The records of people, where they stand; who is on disk goes before who is a guest.

    A key without a record is passed over: it is what agreeing leaves on disk when it is cut short. A record that
    cannot be opened is passed over too, loudly, so that one damaged row does not make the bot deaf to everybody.
    """
    by_place = {(one.where, one.who.person): one for one in known}
    wanted = list({one.who.person for one in by_place.values()})
    found: dict[str, tuple[Known, Person]] = {}
    for where, row in await both(db, PEOPLE, {"wanted": wanted}) if wanted else []:
        one, code = by_place.get((where, row["id"])), row["id"]
        if one is None or code in found:
            continue
        try:
            found[code] = one, PERSON.validate_json(unseal(one.who.key, "people", code, code, row["sealed"]))
        except (InvalidTag, ValidationError) as error:
            LOG.error("the record of %s cannot be opened (%s)", code, type(error).__name__)
    return list(found.values())


def person_row(who: Identity, person: Person, at: datetime) -> dict[str, Any]:
    """The row a person is kept in."""
    return {
        "id": who.person,
        "kind": "coordinator" if person.staff else "person",
        "shown": int(person.permits("show")),
        "circle": person.circle,
        "at": at.isoformat(),
        "sealed": seal(who.key, "people", who.person, who.person, PERSON.dump_json(person)),
    }


COORDINATORS = select(people.c.id).where(people.c.kind == "coordinator").order_by(people.c.id)


async def coordinators(db: AsyncConnection) -> list[str]:
    """Their codes."""
    return list((await run(db, MAIN, COORDINATORS)).scalars())


# -- what was seen, what is due

SEEN = select(updates.c.id).where(updates.c.id.in_(IN))
TURN = case(*((timers.c.name.startswith(name), n) for n, names in enumerate(TURNS) for name in names), else_=len(TURNS))
DUE = select(timers).where(timers.c.due <= bindparam("now")).order_by(TURN, timers.c.due).limit(bindparam("most"))
STILL = select(timers).where(timers.c.person.in_(IN))
FIRST = select(func.min(timers.c.due).label("due"))
NEXT = FIRST.where(timers.c.name == bindparam("name"))


async def seen(db: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Which updates were taken before. Membership: ids may start again lower."""
    return {row["id"] for _, row in await both(db, SEEN, {"wanted": list(ids)})} if ids else set()


async def due(db: AsyncConnection, now: datetime, most: int) -> list[RowMapping]:
    """Timers whose time has come, emergencies first, then oldest first; those on disk before those of guests."""
    return [row for _, row in await both(db, DUE, {"now": now.isoformat(), "most": most})]


async def set_timers(db: AsyncConnection, persons: Collection[str]) -> set[tuple[str, str, str]]:
    """(person, name, serves) of the timers these people have."""
    rows = await both(db, STILL, {"wanted": list(persons)}) if persons else []
    return {(row["person"], row["name"], row["serves"]) for _, row in rows}


async def next_timer(db: AsyncConnection, name: str) -> datetime | None:
    """When the next timer of this name is due, whoever's it is."""
    return _earliest(await both(db, NEXT, {"name": name}))


async def first_timer(db: AsyncConnection) -> datetime | None:
    """When the next timer of any name is due."""
    return _earliest(await both(db, FIRST))


def _earliest(rows: list[tuple[str, RowMapping]]) -> datetime | None:
    return min((moment(row["due"]) for _, row in rows if row["due"]), default=None)


# -- writing

PUT_OFF = (
    update(timers)
    .where(timers.c.person == bindparam("b_person"), timers.c.name == bindparam("b_name"))
    .where(timers.c.serves == bindparam("b_serves"))
    .values(due=bindparam("b_due"))
)


async def put_off(db: AsyncConnection, person: str, name: str, serves: str, due: datetime) -> None:
    """Let a timer come again later."""
    for where in (MAIN, GUESTS):
        await run(
            db, where, PUT_OFF, {"b_person": person, "b_name": name, "b_serves": serves, "b_due": due.isoformat()}
        )


async def insert_rows(db: AsyncConnection, where: str, table: Table, rows: Sequence[Row]) -> None:
    """Write a table once."""
    if rows:
        await run(db, where, insert(table), [dict(row) for row in rows])


async def put_rows(db: AsyncConnection, where: str, table: Table, rows: Sequence[Row]) -> None:
    """Write rows that may stand there already."""
    if rows:
        await run(db, where, insert(table).prefix_with("OR REPLACE", dialect="sqlite"), [dict(row) for row in rows])


async def move_to_disk(db: AsyncConnection, person: str) -> None:
    """Take what memory holds of a guest over to disk: their record, timers and waiting messages."""
    for table, column in {**OF_A_PERSON, outbox: outbox.c.person}.items():
        mine = select(table).where(column == person)
        if table is outbox:  # what a guest was told stays a guest's
            mine = mine.where(outbox.c.state.in_(("sending", "queued")))
        rows = (await run(db, GUESTS, mine)).mappings().all()
        await insert_rows(db, MAIN, table, [dict(row) for row in rows])
    await drop(db, GUESTS, person)


async def drop(db: AsyncConnection, where: str, person: str) -> None:
    """Delete every row of a person in one database; their key is the caller's concern.

    Alerts they had taken as a coordinator are open again; what they had reviewed stays reviewed, by nobody.
    """
    await let_go(db, person)
    if person in await coordinators(db):
        await run(db, where, update(responses).where(responses.c.reviewed_by == person).values(reviewed_by=""))
    for table, column in OF_A_PERSON.items():
        await run(db, where, delete(table).where(column == person))
    await run(db, where, delete(outbox).where((outbox.c.person == person) | (outbox.c.owner == person)))
    await run(db, where, delete(codes).where(codes.c.person == person))


HELD = select(alerts.c.id, alerts.c.subject, alerts.c.at).where(alerts.c.state == "taken")


async def let_go(db: AsyncConnection, coordinator: str) -> None:
    """What a coordinator has taken and not closed is open again, and told to the others at the next tick."""
    for where in (MAIN, GUESTS):
        mine = HELD.where(alerts.c.taken_by == coordinator)
        rows = (await run(db, where, mine)).mappings().all()
        due = [
            {"person": row["subject"], "name": f"{TIMER}{row['id']}", "due": row["at"], "serves": LEFT} for row in rows
        ]
        await put_rows(db, where, timers, due)
        again = update(alerts).where(alerts.c.taken_by == coordinator, alerts.c.state == "taken")
        await run(db, where, again.values(state="open", taken_by=None, taken_at=None))


async def put_key(db: AsyncConnection, where: str, vault: Vault, who: Identity) -> None:
    """Keep a key. On disk this is a transaction of its own, before any row sealed with it.

    It takes the place of one that an attempt cut short has left for the same person or chat.
    """
    row = {"person": who.person, "fingerprint": vault.fingerprint(who.chat), "wrapped": vault.wrap(who)}
    await run(db, where, insert(keys).prefix_with("OR REPLACE", dialect="sqlite"), row)


async def drop_key(db: AsyncConnection, where: str, person: str) -> None:
    """Destroy a key. On disk this is a transaction of its own, before the rows are deleted."""
    await run(db, where, delete(keys).where(keys.c.person == person))


async def last_row(db: AsyncConnection) -> int:
    """The highest id given to a row so far."""
    last = [await run(db, MAIN, select(func.max(table.c.id))) for table in (outbox, answers)]
    return max((result.scalar() or 0 for result in last), default=0)


GOOD_CODES = select(codes).where(codes.c.hash.in_(IN), codes.c.expires > bindparam("now"))


async def good_code(db: AsyncConnection, code: bytes, now: datetime) -> RowMapping | None:
    """The one-time code of this hash, if it may still be used: `circle` and `person` are empty for coordinators'."""
    return (await run(db, MAIN, GOOD_CODES, {"wanted": [code], "now": now.isoformat()})).mappings().first()


IN_CIRCLE = select(people.c.id).where(people.c.circle == bindparam("circle")).order_by(people.c.id)


async def in_circle(db: AsyncConnection, circle: str) -> list[str]:
    """The codes of everybody in a circle."""
    return list((await run(db, MAIN, IN_CIRCLE, {"circle": circle})).scalars()) if circle else []


async def fact(db: AsyncConnection, name: str) -> str | None:
    """Something the site remembers about itself."""
    value: str | None = (await run(db, MAIN, select(facts.c.value).where(facts.c.name == name))).scalar()
    return value


async def close_response(db: AsyncConnection, where: str, rows: Sequence[Row]) -> None:
    """End responses: `b_id`, `b_state`, `b_closed`, `b_urgency`."""
    if rows:
        changed = update(responses).where(responses.c.id == bindparam("b_id"))
        values: Row = {name: bindparam(f"b_{name}") for name in ("state", "closed", "urgency")}
        await run(db, where, changed.values(**values), [dict(row) for row in rows])


def moment(text: str) -> datetime:
    """A stored time: aware UTC."""
    return datetime.fromisoformat(text)
