"""Reading everything that is kept of one person, and the files they are sent."""

import json
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import audit, records, store
from bot.batch import Batch
from bot.database import MAIN
from bot.draft import Outgoing
from bot.keys import Identity, Vault, unseal
from bot.parcel import Call, unpack
from bot.schema import outbox, responses
from content.fhir import bundle
from content.taken import Response, Taken, captions, document
from flows.person import Person

ALL = 10**9  # of who looked
RESPONSES = select(responses).where(responses.c.person == bindparam("person")).order_by(responses.c.at, responses.c.id)
MESSAGES = (
    select(outbox.c.id, outbox.c.at, outbox.c.sealed)
    .where(outbox.c.person == bindparam("person"), outbox.c.owner == bindparam("person"))
    .where(outbox.c.kind == "sendMessage", outbox.c.state == "sent")
    .order_by(outbox.c.id)
)


async def read(db: AsyncConnection, vault: Vault, who: Identity, person: Person, at: datetime) -> Taken:
    """As the caller's transaction leaves it."""
    code = {"person": who.person}
    rows = (await store.run(db, MAIN, RESPONSES, code)).mappings().all()
    told = await records.answers_of(db, [row["id"] for row in rows], {who.person: who})
    sent = (await store.run(db, MAIN, MESSAGES, code)).mappings().all()
    return Taken(
        person=person,
        at=at,
        responses=tuple(
            Response(
                id=row["id"],
                questionnaire=row["questionnaire"],
                version=row["version"],
                at=store.moment(row["at"]),
                state=row["state"],
                closed=store.moment(row["closed"]) if row["closed"] else None,
                urgency=row["urgency"] or "",
                answers=tuple(answer for response, answer in told if response == row["id"]),
            )
            for row in rows
        ),
        alerts=tuple(await records.alerts_of(db, vault, who.person)),
        messages=tuple((store.moment(row["at"]), _text(who, row["id"], row["sealed"])) for row in sent),
        looked=tuple(await audit.looks(db, who, 0, ALL)),
    )


def _text(who: Identity, row: int, sealed: bytes) -> str:
    _, params = unpack(unseal(who.key, "outbox", row, who.person, sealed))
    return str(params.get("text", ""))


async def calls(db: AsyncConnection, vault: Vault, batch: Batch, out: Outgoing) -> list[Call]:
    """The files, sealed with their messages until they are sent (bot/pictures.py makes them files)."""
    taken, day = await read(db, vault, out.to.who, out.to.person, out.at), out.at.date().isoformat()
    fhir = json.dumps(bundle(batch.library, taken), ensure_ascii=False)
    texts = (document(batch.library, taken), fhir)
    names = (f"backwatch-{day}.json", f"backwatch-{day}-fhir.json")
    return [
        ("sendDocument", {"document": text, "name": name, "caption": words, "instead": ""})
        for words, name, text in zip(captions(batch.library, out.to.person), names, texts, strict=True)
    ]
