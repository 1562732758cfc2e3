"""What is to be sent, as calls. Lists and pictures are read when they are shown, inside the caller's transaction."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import audit, digest, figures, lists, noted, pictures, records, store, taken
from bot.batch import Batch
from bot.draft import Outgoing, View
from bot.keys import Vault
from bot.parcel import Call, answer_tap, call_for
from content import digest as mornings
from content import family, looked, overview, render, views
from content.figures import WEEKS
from content.figures import message as drawn
from content.looked import Look
from content.voice import Message, Voice
from flows.deeds import SendData, ShowDigest, ShowLooked, ShowTeam
from flows.effects import ShowAlerts, ShowCircle, ShowData, ShowFigures, ShowLog, ShowPerson, ShowPicture
from flows.kin import ShowFarewell


async def calls(db: AsyncConnection, vault: Vault, batch: Batch, out: Outgoing) -> list[Call]:
    """The calls that show it."""
    if out.tap:
        notice = out.shows if isinstance(out.shows, Message) and out.shows.text else None
        return [answer_tap(out.tap, notice)]
    if isinstance(out.shows, SendData):
        return await taken.calls(db, vault, batch, out)
    if out.shows is None:
        return [
            (
                "setMyCommands",
                {"commands": render.commands(batch.library, out.to.person.language, staff=out.to.person.staff)},
            )
        ]
    found = (call_for(message, out.tapped) for message in await _messages(db, vault, batch, out, out.shows))
    return [call for call in found if call is not None]


FEW = 3  # of who looked, under /mydata


def _saw(batch: Batch, out: Outgoing, what: str, codes: Iterable[str]) -> None:
    """Whose records a coordinator is shown goes into the log, in this transaction."""
    batch.log += noted.read(out.to, what, out.at, codes)


async def _looks(db: AsyncConnection, vault: Vault, out: Outgoing, show: ShowLooked) -> list[Look] | None:
    """Who has looked at the person's record, or for a lead at that of somebody who shows it."""
    skip, who = show.page * looked.A_PAGE, out.to.who
    if show.person:
        known = (await store.known_people(db, vault, {show.person})).get(show.person)
        if known is None or await lists.reviews(db, show.person, ()) is None:
            return None
        who = known.who
    return await audit.looks(db, who, skip, looked.A_PAGE + 1)


async def _messages(
    db: AsyncConnection, vault: Vault, batch: Batch, out: Outgoing, shows: Message | View
) -> list[Message]:
    """What is shown; lists and pictures are read now, from what this transaction has written."""
    library, person = batch.library, out.to.person
    match shows:
        case Message():
            return [shows]
        case ShowAlerts():
            size = views.page_size(shows)
            found = await records.open_alerts(db, vault, shows.page * size, size + 1)
            _saw(batch, out, "alert list", (view.subject for view in found[:size]))
            return [views.alerts(library, person, shows, found)]
        case ShowLog():
            entries = await lists.log(db, vault, shows, views.page_size(shows) + 1)
            _saw(batch, out, "log", (entry.person for entry in entries[: views.page_size(shows)]))
            return [views.log(library, person, shows, entries, await lists.waiting(db, out.at))]
        case ShowPerson():
            someone = await lists.someone(db, vault, shows)
            _saw(batch, out, "page", (shows.person,) if someone else ())
            return [overview.page(library, person, shows, someone)]
        case ShowData():
            kept = await records.kept(db, out.to.who.person)
            last = await audit.looks(db, out.to.who, 0, FEW)
            lines = tuple(looked.line(Voice(library, person), look) for look in last)
            return [views.data(library, person, shows, replace(kept, looked=lines))]
        case ShowPicture():
            _saw(batch, out, "picture", (out.about.who.person,))
            return await pictures.messages(db, batch, out, shows)
        case ShowFigures():
            read = await figures.read(db, library.book.pathway, out.at, WEEKS)
            return [drawn(library, person, read)]
        case ShowCircle():
            return [family.circle(library, person, shows, await records.others(db, person.circle, person.id))]
        case ShowFarewell():
            standing = await records.standing(db, vault, shows.person)
            _saw(batch, out, "page", (shows.person,) if standing else ())
            return [family.farewell(library, person, shows, standing)]
        case ShowTeam():
            return [looked.team(library, person, [batch.drafts[name].person for name in batch.staff])]
        case ShowLooked():
            return [looked.page(library, person, shows, await _looks(db, vault, out, shows))]
        case ShowDigest():
            told = await digest.read(db, vault, shows, library.book.pathway.zone)
            _saw(batch, out, "digest", mornings.named(told))
            return [mornings.page(library, person, shows, told)]
        case SendData():
            raise TypeError(shows)  # files, and no messages: see calls
    assert_never(shows)
