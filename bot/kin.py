"""Whom an event concerns besides its person, among those who care for the same patient; and what a code is for."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import records, store
from bot.batch import Batch
from bot.circles import Opened
from bot.draft import Draft
from bot.keys import Vault
from flows.events import Called, Commanded, Event, Invited, Tapped


async def coded(
    db: AsyncConnection, vault: Vault, batch: Batch, draft: Draft, event: Commanded, now: datetime
) -> Event:
    """What a one-time code that came with /start is for, if it is still good."""
    code, circles = vault.code_hash(event.argument), batch.circles
    row = await store.good_code(db, code, now)
    if row is None or code in batch.codes | circles.used or row["person"] in circles.uninvited:
        return event
    if row["circle"]:
        return Called(at=event.at, code=event.argument.strip().upper(), circle=row["circle"])
    lead = bool(row["lead"])
    if draft.person.staff and (draft.person.lead or not lead):
        return event
    batch.codes.add(code)
    return Invited(at=event.at, lead=lead)


async def relatives(db: AsyncConnection, vault: Vault, batch: Batch, draft: Draft, event: Event, now: datetime) -> None:
    """Take in the circle of the person, of one whom a coordinator names, and of a link that may be used."""
    circles, tap = {draft.person.circle}, event if isinstance(event, Tapped) else None
    if tap and (tap.item, tap.option) == ("circle", "invite"):
        batch.circles.bot = batch.circles.bot or await store.fact(db, "username") or ""
    if tap and tap.item == "died" and draft.person.staff:
        await _also(db, vault, batch, {tap.about})
        circles |= {one.person.circle for one in batch.drafts.values() if one.who.person == tap.about}
    name = tap.about if tap and (tap.item, tap.option) == ("circle", "join") else draft.person.invited
    code = vault.code_hash(name)
    row = await store.good_code(db, code, now) if name else None
    if row and row["circle"] and code not in batch.circles.used and row["person"] not in batch.circles.uninvited:
        batch.circles.links[name] = Opened(code, row["circle"], row["person"])
        circles.add(row["circle"])
    for circle in circles - batch.circles.whole - {""}:
        batch.circles.whole.add(circle)
        await _also(db, vault, batch, set(await store.in_circle(db, circle)))
    if tap and tap.item == "died":
        about = {draft.who.person, tap.about}
        about |= {one.who.person for one in batch.drafts.values() if one.person.circle in circles - {""}}
        found = await records.unclosed_of(db, vault, about & batch.drafts.keys())
        batch.alerts = found | batch.alerts


async def _also(db: AsyncConnection, vault: Vault, batch: Batch, persons: set[str]) -> None:
    """Take in people whom nothing has happened to, as something will concern them."""
    known = await store.known_people(db, vault, persons - batch.drafts.keys())
    await meet(db, batch, known.values())


async def meet(db: AsyncConnection, batch: Batch, known: Iterable[store.Known]) -> None:
    """Take in people as they stand."""
    for one, person in await store.load(db, known):
        batch.drafts[one.who.person] = Draft(one.who, person, one.where, one.where)
