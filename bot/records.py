"""What was told: alerts, the log, answers. Unsealed for those who may see it, inside the caller's transaction."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import MAIN
from bot.keys import Identity, Vault, seal, unseal
from bot.schema import OF_A_PERSON, alerts, answers, people, responses
from bot.store import IN, both, in_circle, known_people, load, run
from content.family import Standing
from content.views import Answered, Kept
from flows.book import Urgency
from flows.events import AlertStep, AlertView
from flows.letters import LETTER

STEPS = TypeAdapter(tuple[AlertStep, ...])
ALERTS = select(alerts).where(alerts.c.id.in_(IN))
UNCLOSED = select(alerts).where(alerts.c.state != "closed")
CLOSED_OF = select(alerts).where(alerts.c.state == "closed", alerts.c.subject.in_(IN))
HELD_BY = UNCLOSED.where(alerts.c.taken_by.in_(IN))
UNCLOSED_OF = UNCLOSED.where(alerts.c.subject.in_(IN))
EVERY_OF = select(alerts).where(alerts.c.subject == bindparam("person")).order_by(alerts.c.at, alerts.c.id)
SHOWN_PEOPLE = select(people.c.id).where(people.c.shown == 1)


async def alert_views(db: AsyncConnection, vault: Vault, ids: Collection[str]) -> dict[str, AlertView]:
    """These alerts as they stand, of those that coordinators may see."""
    return await _views(db, vault, ALERTS, ids)


async def unclosed_of(db: AsyncConnection, vault: Vault, people_: Collection[str]) -> dict[str, AlertView]:
    """The alerts about these people that are not done with, also those that coordinators may not see now."""
    return await _views(db, vault, UNCLOSED_OF, people_, hidden=True)


async def closed_of(db: AsyncConnection, vault: Vault, people_: Collection[str]) -> dict[str, AlertView]:
    """The alerts about these people that are done with, also those that coordinators may not see now."""
    return await _views(db, vault, CLOSED_OF, people_, hidden=True)


async def held_by(db: AsyncConnection, vault: Vault, coordinators: Collection[str]) -> dict[str, AlertView]:
    """The alerts that these coordinators have and have not closed."""
    return await _views(db, vault, HELD_BY, coordinators)


async def alerts_of(db: AsyncConnection, vault: Vault, person: str) -> list[AlertView]:
    """Every alert about this person, for themself, oldest first; without who else cares for the patient."""
    rows = (await run(db, MAIN, EVERY_OF, {"person": person})).mappings().all()
    return [replace(view, beside=()) for view in await _opened(db, vault, rows)]


async def open_alerts(db: AsyncConnection, vault: Vault, skip: int, most: int) -> list[AlertView]:
    """Alerts nobody has taken, then those not closed; each most urgent first, then newest."""
    rows = [row for _, row in await both(db, UNCLOSED)]
    views = await _seen(db, await _opened(db, vault, rows))
    order = sorted(views, key=lambda view: (view.state == "open", view.urgency, view.at), reverse=True)
    return order[skip : skip + most]


async def _views(
    db: AsyncConnection, vault: Vault, query: Select[Any], ids: Collection[str], *, hidden: bool = False
) -> dict[str, AlertView]:
    rows = [row for _, row in await both(db, query, {"wanted": list(ids)})] if ids else []
    views = await _opened(db, vault, rows)
    return {view.alert: view for view in (views if hidden else await _seen(db, views))}


async def _seen(db: AsyncConnection, views: Sequence[AlertView]) -> list[AlertView]:
    """Those of people who let coordinators see their answers, or who told them this once."""
    if all(view.shared for view in views):
        return list(views)
    shown = set((await run(db, MAIN, SHOWN_PEOPLE)).scalars())
    return [view for view in views if view.shared or view.subject in shown]


async def _opened(db: AsyncConnection, vault: Vault, rows: Sequence[RowMapping]) -> list[AlertView]:
    known = await known_people(db, vault, {row["subject"] for row in rows})
    beside = await relatives(db, {row["subject"] for row in rows})
    views = []
    for row in rows:
        if row["subject"] not in known:
            continue  # erased: the key goes first, the row is on its way
        told = json.loads(unseal(known[row["subject"]].who.key, "alerts", row["id"], row["subject"], row["sealed"]))
        views.append(
            AlertView(
                alert=row["id"],
                subject=row["subject"],
                at=datetime.fromisoformat(row["at"]),
                urgency=Urgency(row["urgency"]),
                signs=tuple(told["signs"]),
                advice=told["advice"],
                first=told.get("first", ""),
                trend=tuple((item, said) for item, said in told.get("trend", [])),
                shared=told.get("shared", False),
                earlier=datetime.fromisoformat(told["earlier"]) if told.get("earlier") else None,
                beside=beside.get(row["subject"], ()),
                taken_by=row["taken_by"] or "",
                taken_at=datetime.fromisoformat(row["taken_at"]) if row["taken_at"] else None,
                closed=row["state"] == "closed",
                steps=STEPS.validate_python(told.get("steps", [])),
            )
        )
    return views


CIRCLES = select(people.c.circle).where(people.c.id.in_(IN), people.c.circle != "")
OF_CIRCLES = select(people.c.id, people.c.circle, people.c.shown).where(people.c.circle.in_(IN)).order_by(people.c.id)


async def relatives(db: AsyncConnection, persons: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each of these, the codes of those who care for the same patient and let coordinators know."""
    circles = set((await run(db, MAIN, CIRCLES, {"wanted": list(persons)})).scalars()) if persons else set()
    rows = (await run(db, MAIN, OF_CIRCLES, {"wanted": list(circles)})).mappings().all() if circles else []
    return {
        row["id"]: tuple(
            one["id"] for one in rows if one["circle"] == row["circle"] and one["shown"] and one is not row
        )
        for row in rows
    }


async def standing(db: AsyncConnection, vault: Vault, person: str) -> Standing | None:
    """What coordinators know of a person besides answers; None if there is nobody whom they may know."""
    known = await known_people(db, vault, {person})
    found = [one for _, one in await load(db, known.values()) if one.coded and (one.role or one.permits("keep"))]
    if not found:
        return None
    blocked = found[0].blocked and found[0].permits("show")
    beside = (await relatives(db, {person})).get(person, ())
    return Standing(beside=beside, farewell=found[0].farewell, blocked=blocked)


async def others(db: AsyncConnection, circle: str, person: str) -> tuple[str, ...]:
    """Everybody else in a circle."""
    return tuple(code for code in await in_circle(db, circle) if code != person)


def alert_row(key: bytes, view: AlertView) -> dict[str, Any]:
    """The row an alert is kept in, sealed under its subject's key."""
    steps = STEPS.dump_python(view.steps, mode="json", exclude_defaults=True)
    said = {
        "signs": view.signs,
        "advice": view.advice,
        "first": view.first,
        "trend": view.trend,
        "shared": view.shared,
        "earlier": view.earlier and view.earlier.isoformat(),
        "steps": steps,
    }
    told = json.dumps(said, ensure_ascii=False).encode()
    return {
        "id": view.alert,
        "subject": view.subject,
        "urgency": int(view.urgency),
        "at": view.at.isoformat(),
        "state": view.state,
        "taken_by": view.taken_by or None,
        "taken_at": view.taken_at.isoformat() if view.taken_at else None,
        "sealed": seal(key, "alerts", view.alert, view.subject, told),
    }


ANSWERS = select(answers).where(answers.c.response.in_(IN)).order_by(answers.c.id)


async def answers_of(
    db: AsyncConnection, ids: Collection[str], who: Mapping[str, Identity]
) -> list[tuple[str, Answered]]:
    """(response, answer) of these responses, in the order they were given."""
    rows = (await run(db, MAIN, ANSWERS, {"wanted": list(ids)})).mappings().all() if ids else []
    return [(row["response"], opened(row, who[row["person"]])) for row in rows]


def opened(row: RowMapping, who: Identity) -> Answered:
    """An answer, unsealed."""
    said = json.loads(unseal(who.key, "answers", row["id"], who.person, row["sealed"]))
    return Answered(
        item=row["item"],
        option=said.get("option", ""),
        value=said.get("value", ""),
        at=datetime.fromisoformat(row["at"]),
        version=row["version"],
        urgency=Urgency[row["urgency"].upper()] if row["urgency"] else None,
    )


TOLD = select(answers).where(answers.c.questionnaire != LETTER)  # what coordinators wrote is not theirs
ALL_ANSWERS = TOLD.where(answers.c.id > bindparam("after")).order_by(answers.c.id).limit(bindparam("most"))


async def answers_after(db: AsyncConnection, vault: Vault, after: int, most: int) -> list[tuple[RowMapping, Answered]]:
    """Answers kept, in order, from one row on: for export, a page a transaction."""
    rows = (await run(db, MAIN, ALL_ANSWERS, {"after": after, "most": most})).mappings().all()
    known = await known_people(db, vault, {row["person"] for row in rows})
    return [(row, opened(row, known[row["person"]].who)) for row in rows if row["person"] in known]


async def kept(db: AsyncConnection, person: str) -> Kept:
    """How many rows of each kind are kept of a person."""
    found = dict[str, int]()
    for table in (responses, answers, alerts):
        one = select(func.count()).select_from(table).where(OF_A_PERSON[table] == person)
        found[table.name] = int((await run(db, MAIN, one)).scalar_one())
    return Kept(responses=found["responses"], answers=found["answers"], alerts=found["alerts"])
