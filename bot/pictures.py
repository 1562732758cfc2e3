"""Pictures: read for them, drawn off the event loop, and sent only to whom they may still be shown to."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from resvg_py import svg_to_bytes
from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.batch import Batch
from bot.database import MAIN, Database
from bot.draft import Outgoing
from bot.keys import Identity, unseal
from bot.parcel import Parcel
from bot.schema import answers, people
from bot.settings import CONTENT
from bot.store import IN, run
from content.pictures import nobody, picture, reach
from content.series import DAILY, PAIN, WALKING, Told
from content.voice import Message
from flows.effects import ShowPicture

LOG = logging.getLogger("backwatch.pictures")

FONTS = [str(CONTENT / "fonts" / "Roboto-Medium.ttf")]  # the machine's own are never looked at
FILE_NAME = "picture.png"
A_DAY = timedelta(days=1)  # read more, as days begin earlier in some zones
AT_ONCE = asyncio.Semaphore(2)  # pictures drawn at the same time: each takes a few megabytes for a moment

OF_DAYS = (
    select(answers)
    .where(answers.c.person == bindparam("person"), answers.c.at >= bindparam("since"))
    .where(answers.c.questionnaire == DAILY, answers.c.item.in_((PAIN, WALKING)))
    .order_by(answers.c.id)
)
SEEN_BY = select(people.c.id, people.c.kind, people.c.shown).where(people.c.id.in_(IN))


async def messages(db: AsyncConnection, batch: Batch, out: Outgoing, show: ShowPicture) -> list[Message]:
    """The picture and its words, of what the caller's transaction knows; of who lets coordinators see, for those."""
    viewer, subject = out.to.person, out.about
    if show.person and (subject.who.person != show.person or not subject.person.permits("show")):
        return [nobody(batch.library, viewer, show.person)]
    plan = subject.person.schedule
    zone = plan.zone if plan else batch.library.book.pathway.zone
    told = await _told(db, subject.who, out.at - timedelta(days=reach(show)) - A_DAY)
    return picture(batch.library, viewer, show, told, zone, out.at)


async def _told(db: AsyncConnection, who: Identity, since: datetime) -> list[Told]:
    rows = (await run(db, MAIN, OF_DAYS, {"person": who.person, "since": since.isoformat()})).mappings().all()
    found = []
    for row in rows:
        said = json.loads(unseal(who.key, "answers", row["id"], who.person, row["sealed"]))
        at = datetime.fromisoformat(row["at"])
        found.append(Told(response=row["response"], item=row["item"], option=said.get("option", ""), at=at))
    return found


async def developed(database: Database, parcel: Parcel) -> Parcel | None:
    """The parcel as it is sent now: a document is a file; a picture is drawn, or its words stand alone.

    What somebody told is looked at once more: if by now it may not be shown, the words kept for that are sent, or
    nothing (None). All other parcels are returned as they are.
    """
    if "instead" not in parcel.params:
        return parcel
    async with database.transaction() as db:
        seen = {row["id"]: row for row in (await run(db, MAIN, SEEN_BY, {"wanted": _both(parcel)})).mappings()}
    if not _allowed(parcel, seen):
        words = parcel.params["instead"]
        told = replace(parcel, method="sendMessage", params={"text": words})
        return told if words and parcel.person in seen else None
    if parcel.method == "sendDocument":
        text = parcel.params["document"].encode()
        return replace(parcel, params={**_without(parcel.params, "instead", "name"), "document": text})
    if parcel.method != "sendPhoto":
        return replace(parcel, params=_without(parcel.params, "instead"))
    async with AT_ONCE:
        png = await asyncio.to_thread(drawn, parcel.params["svg"])
    if png is None:
        words_only = parcel.in_words()
        return replace(words_only, params=_without(words_only.params, "instead"))
    return replace(parcel, params={**_without(parcel.params, "instead", "svg"), "photo": png})


def file_name(parcel: Parcel) -> str:
    """What the file that goes with it is called."""
    return str(parcel.params.get("name", FILE_NAME))


def _both(parcel: Parcel) -> list[str]:
    return [parcel.person, parcel.owner]


def _allowed(parcel: Parcel, seen: Mapping[str, RowMapping]) -> bool:
    """Whether both are still remembered; and of somebody else: a coordinator looks at who lets coordinators see."""
    if any(one not in seen for one in _both(parcel)):
        return False
    own = parcel.person == parcel.owner
    return own or (seen[parcel.person]["kind"] == "coordinator" and bool(seen[parcel.owner]["shown"]))


def _without(params: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in names}


def drawn(svg: str) -> bytes | None:
    """A PNG, None if it cannot be drawn. Takes a tenth of a second; called in a thread."""
    try:
        return svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=FONTS)
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is no Exception, and the words must go out
        LOG.error("a picture could not be drawn: %s", type(error).__name__)
        return None
