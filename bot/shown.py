"""What is to be sent, as calls. Lists and pictures are read when they are shown, inside the caller's transaction."""

from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import digest, figures, lists, pictures, records
from bot.batch import Batch
from bot.draft import Outgoing, View
from bot.keys import Vault
from bot.parcel import Call, answer_tap, call_for
from content import digest as mornings
from content import family, overview, render, views
from content.figures import WEEKS
from content.figures import message as drawn
from content.voice import Message
from flows.deeds import ShowDigest
from flows.effects import ShowAlerts, ShowCircle, ShowData, ShowFigures, ShowLog, ShowPerson, ShowPicture
from flows.kin import ShowFarewell


async def calls(db: AsyncConnection, vault: Vault, batch: Batch, out: Outgoing) -> list[Call]:
    """The calls that show it."""
    if out.tap:
        notice = out.shows if isinstance(out.shows, Message) and out.shows.text else None
        return [answer_tap(out.tap, notice)]
    if out.shows is None:
        return [("setMyCommands", {"commands": render.commands(batch.library, out.to.person.language, staff=True)})]
    found = (call_for(message, out.tapped) for message in await _messages(db, vault, batch, out, out.shows))
    return [call for call in found if call is not None]


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
            return [views.alerts(library, person, shows, found)]
        case ShowLog():
            entries = await lists.log(db, vault, shows, views.page_size(shows) + 1)
            return [views.log(library, person, shows, entries, await lists.waiting(db, out.at))]
        case ShowPerson():
            return [overview.page(library, person, shows, await lists.someone(db, vault, shows))]
        case ShowData():
            return [views.data(library, person, shows, await records.kept(db, out.to.who.person))]
        case ShowPicture():
            return await pictures.messages(db, batch, out, shows)
        case ShowFigures():
            read = await figures.read(db, library.book.pathway, out.at, WEEKS)
            return [drawn(library, person, read)]
        case ShowCircle():
            return [family.circle(library, person, shows, await records.others(db, person.circle, person.id))]
        case ShowFarewell():
            return [family.farewell(library, person, shows, await records.standing(db, vault, shows.person))]
        case ShowDigest():
            told = await digest.read(db, vault, shows, library.book.pathway.zone)
            return [mornings.page(library, person, shows, told)]
    assert_never(shows)
