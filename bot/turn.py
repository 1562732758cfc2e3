"""One batch of events, one transaction: load, decide, render, save. Only then is anything sent or confirmed."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import kin, lists, records, save, store
from bot.attempts import Attempts
from bot.batch import Batch
from bot.clock import Clock
from bot.database import GUESTS, Database
from bot.draft import Draft
from bot.parcel import Parcel
from bot.save import Marks
from bot.schema import updates
from bot.telegram import Arrival
from content.load import Library
from flows import digest, letters, reminding
from flows.alerts import TIMER, WORD
from flows.book import Book
from flows.effects import Say, Wake
from flows.events import Addressee, CameDue, Commanded, Event, ReviewView, Said, Tapped
from flows.handing import asked_for, of_all
from flows.person import Person
from flows.review import as_code, marked

LOG = logging.getLogger("backwatch.turn")
EVENTS_OWN = (DataError, IntegrityError, InterfaceError, ProgrammingError)  # the row was refused, not the write
ABOUT = ("message", "picture", "remind")  # buttons about the person whose code they carry
TRY_AGAIN = timedelta(hours=1)  # a timer whose event cannot be decided comes again, so that it is not lost


@dataclass(frozen=True, slots=True)
class Inner:
    """An event from inside: a timer, or Telegram's word that a person cannot be reached."""

    person: str
    event: Event


@dataclass(frozen=True, slots=True)
class Unread:
    """An update that cannot be read, or concerns nobody: only its id is noted."""

    update: int


Taken = Arrival | Inner | Unread
Reach = Callable[[Book, Person, datetime], Addressee | None]


@dataclass(slots=True)
class Turns:
    """Everything a turn needs. `deliver` is handed what was saved, after it was saved."""

    database: Database
    library: Library
    clock: Clock
    marks: Marks
    deliver: Callable[[Sequence[Parcel]], None]
    rows: Iterator[int]
    attempts: Attempts = field(default_factory=Attempts)

    async def take(self, taken: Sequence[Taken]) -> None:
        """Decide and save; returns when it is on disk.

        A cancelled caller does not cut a transaction short. Raises DBAPIError if the database cannot be written
        (nothing was taken then; take them again). An event that cannot be decided is set aside alone, and its
        person told.
        """
        await asyncio.shield(self._take(taken))

    async def _take(self, taken: Sequence[Taken]) -> None:
        async with self.database.writing():
            try:
                self.deliver(await self._transaction(taken))
                return
            except Exception as error:  # noqa: BLE001 - whatever one event does, the others must be taken
                _blame(error, len(taken))
            for one in taken:
                try:
                    self.deliver(await self._transaction([one]))
                except Exception as error:  # noqa: BLE001 - as above; this one is set aside
                    _blame(error, 1)
                    await self._put_aside(one)

    async def _put_aside(self, one: Taken) -> None:
        """Tell its person; if even that fails, note only that it came, so that it does not come for ever."""
        try:
            self.deliver(await self._transaction([one], failed=True))
        except Exception as error:  # noqa: BLE001 - as above
            _blame(error, 1)
            async with self.database.engine.begin() as db:
                if isinstance(one, Inner) and isinstance(one.event, CameDue):
                    later = self.clock.now() + TRY_AGAIN
                    await store.put_off(db, one.person, one.event.timer, one.event.serves, later)
                elif isinstance(one, Arrival):
                    await store.put_rows(db, GUESTS, updates, [{"id": one.update, "at": self.clock.now().isoformat()}])

    async def _transaction(self, taken: Sequence[Taken], *, failed: bool = False) -> list[Parcel]:
        async with self.database.engine.connect() as db:
            batch = await self._load(db, taken)
            for one in await self._new(db, batch, taken):
                draft = _draft(batch, one)
                event = await self._event(db, batch, draft, one)
                if failed:
                    self._set_aside(batch, draft, event)
                elif isinstance(one, Arrival):
                    batch.take(draft, event, one.tap, one.message)
                else:
                    batch.take(draft, event)
                if isinstance(one, Arrival):
                    batch.updates.append((one.update, draft))
            batch.updates += [(one.update, None) for one in taken if isinstance(one, Unread)]
            return await save.save(db, self.database.vault, batch, self.marks, self.clock.now(), self.rows)

    async def _load(self, db: AsyncConnection, taken: Sequence[Taken]) -> Batch:
        """Everybody the events may concern: who writes, whose timer it is, whose alert is tapped, the coordinators."""
        vault = self.database.vault
        batch = Batch(self.library)
        arrivals = [one for one in taken if isinstance(one, Arrival)]
        by_chat = await store.known_chats(db, vault, {one.chat for one in arrivals})
        batch.staff = await store.coordinators(db)
        persons = {one.person for one in taken if isinstance(one, Inner)} | set(batch.staff)
        await kin.meet(db, batch, [*by_chat, *(await store.known_people(db, vault, persons)).values()])
        await self._load_alerts(db, batch, taken)
        await kin.meet(db, batch, (await store.known_people(db, vault, self._named(batch, taken))).values())
        subjects = {view.subject for view in batch.alerts.values()} - batch.drafts.keys()
        await kin.meet(db, batch, (await store.known_people(db, vault, subjects)).values())
        batch.alerts = {name: view for name, view in batch.alerts.items() if view.subject in batch.drafts}
        chats = {one.who.chat: batch.drafts.get(one.who.person) for one in by_chat}
        batch.chats = {chat: draft for chat, draft in chats.items() if draft is not None}
        batch.staff = [name for name in batch.staff if name in batch.drafts]
        return batch

    def _named(self, batch: Batch, taken: Sequence[Taken]) -> set[str]:
        """Whom coordinators write to, or see a picture of."""
        events = [one.event for one in taken if isinstance(one, Arrival)]
        codes = {as_code(one.about) for one in events if isinstance(one, Tapped) and one.item in ABOUT}
        if any(isinstance(one, Said) for one in events):
            people = [draft.person for draft in batch.drafts.values()]
            codes |= {person.noting.person for person in people if person.noting}
        return codes - {""} - batch.drafts.keys()

    async def _load_alerts(self, db: AsyncConnection, batch: Batch, taken: Sequence[Taken]) -> None:
        """The alerts that may be spoken of: tapped, timed, to be noted about, or of somebody who does something."""
        vault, people = self.database.vault, [draft.person for draft in batch.drafts.values()]
        events = [one.event for one in taken if not isinstance(one, Unread)]
        ids = {one.about for one in events if isinstance(one, Tapped) and one.item == "alert"}
        ids |= {alert_of(one) for one in events} - {""}
        if any(isinstance(one, Said) for one in events):
            ids |= {person.noting.alert for person in people if person.noting}
        batch.alerts = await records.alert_views(db, vault, ids)
        if any(isinstance(one, Tapped) and one.item == "alert" and of_all(one.option) for one in events):
            batch.alerts |= await records.held_by(db, vault, batch.staff)
        told = {one.id for one in people if one.loop or one.permits("show")}  # any may be news for who has an alert
        told |= {one.person for one in taken if isinstance(one, Inner) and alert_of(one.event)}
        batch.alerts |= await records.unclosed_of(db, vault, told)
        batch.alerts |= await records.closed_of(db, vault, {one.id for one in people if one.loop or one.blocked})

    async def _new(self, db: AsyncConnection, batch: Batch, taken: Sequence[Taken]) -> list[Arrival | Inner]:
        """Those not taken before: an update by its id, a timer by still being set. Of people erased since, nothing."""
        ids = {one.update for one in taken if isinstance(one, Arrival)}
        seen = await store.seen(db, ids)
        timed = {one.person for one in taken if isinstance(one, Inner) and isinstance(one.event, CameDue)}
        set_ = await store.set_timers(db, timed)
        new: list[Arrival | Inner] = []
        for one in taken:
            if isinstance(one, Arrival) and one.update not in seen:
                seen.add(one.update)
                new.append(one)
            elif isinstance(one, Inner) and one.person in batch.drafts:
                event = one.event
                timer = (one.person, event.timer, event.serves) if isinstance(event, CameDue) else None
                if timer is None or timer in set_:
                    set_.discard(timer or ("", "", ""))
                    new.append(one)
        return new

    async def _event(self, db: AsyncConnection, batch: Batch, draft: Draft, one: Arrival | Inner) -> Event:
        """The event with what it refers to: an alert, who is on duty, whether the code is good."""
        event, person = one.event, draft.person
        await kin.relatives(db, self.database.vault, batch, draft, event, self.clock.now())
        if isinstance(event, Tapped) and event.item == "alert" and person.staff:
            alert = batch.seen(event.about)
            held = batch.held(asked_for(person, event)) if of_all(event.option) else ()
            return replace(event, alert=alert, held=held, rota=batch.rota, on_duty=batch.on_duty)
        if isinstance(event, Tapped) and event.item == "share":
            return replace(event, rota=batch.rota, on_duty=batch.on_duty)
        if isinstance(event, Tapped) and event.item == "reviewed" and person.staff:
            return replace(event, review=await self._review(db, batch, event))
        if isinstance(event, Tapped) and event.item == "message" and person.staff:
            return replace(event, to=self._reach(batch, as_code(event.about), event.at))
        if isinstance(event, Tapped) and event.item == "remind" and person.staff:
            return replace(event, to=self._reach(batch, as_code(event.about), event.at, reminding.reach))
        if isinstance(event, Said) and person.staff and person.noting:
            noting = person.noting
            to = self._reach(batch, noting.person, event.at, reminding.reach if noting.kind else letters.reach)
            return replace(event, alert=batch.seen(noting.alert), to=to)
        if isinstance(event, Commanded) and event.name == "start" and event.argument:
            return await self._coded(db, batch, draft, event)
        if isinstance(event, CameDue):
            draft.fired.append((event.timer, event.serves))
            if event.timer == digest.TIMER:
                return replace(event, rota=batch.rota, on_duty=batch.on_duty)
            if name := alert_of(event):
                alert, about = batch.seen(name), batch.about(draft.who.person)
                latest = not about or about[-1] == alert
                return replace(event, alert=alert, latest=latest, rota=batch.rota, on_duty=batch.on_duty)
        return event

    async def _coded(self, db: AsyncConnection, batch: Batch, draft: Draft, event: Commanded) -> Event:
        """What the one-time code is for, unless too many of this chat were not good."""
        now, chat = self.clock.now(), draft.who.chat
        if self.attempts.spent(chat, now):
            return replace(event, refused=True)
        found = await kin.coded(db, self.database.vault, batch, draft, event, now)
        if found is event:
            self.attempts.failed(chat, now)
        return found

    async def _review(self, db: AsyncConnection, batch: Batch, event: Tapped) -> ReviewView | None:
        """What is to be marked as reviewed, as this batch leaves it."""
        code, (_, runs) = as_code(event.about), marked(event.option)
        view, subject = await lists.reviews(db, code, runs), batch.drafts.get(code)
        if view is None or (subject and not subject.person.permits("show")):
            return None
        now = {run: batch.reviewed[f"{code}.{run}"] for run in runs if f"{code}.{run}" in batch.reviewed}
        by, at = next(iter(now.values()), (view.by, view.at))
        return replace(view, runs=tuple(run for run in view.runs if run not in now), by=by, at=at)

    def _reach(self, batch: Batch, code: str, at: datetime, reach: Reach = letters.reach) -> Addressee | None:
        """How somebody can be written to, as this batch leaves them; those it has erased cannot."""
        reader = batch.drafts.get(code)
        there = reader is not None and reader.who.person == code
        return reach(self.library.book, reader.person, at) if reader is not None and there else None

    def _set_aside(self, batch: Batch, draft: Draft, event: Event) -> None:
        """The event could not be decided: say so with the way to help, and lose no timer."""
        batch.show(draft, Say(words="other.trouble"), event.at)
        if isinstance(event, CameDue):
            draft.timers[event.timer] = Wake(at=event.at + TRY_AGAIN, timer=event.timer, serves=event.serves)


def alert_of(event: Event) -> str:
    """The alert that a timer is about, or empty."""
    kind, _, name = event.timer.partition(" ") if isinstance(event, CameDue) else ("", "", "")
    return name if f"{kind} " in (TIMER, WORD) else ""


def _draft(batch: Batch, one: Arrival | Inner) -> Draft:
    if isinstance(one, Inner):
        return batch.drafts[one.person]
    if one.chat not in batch.chats:
        batch.chats[one.chat] = batch.meet(one.chat, one.language)
    return batch.chats[one.chat]


def _blame(error: Exception, number: int) -> None:
    """Say where it happened, never what was in it: an exception's text may hold people's words.

    Raises it again if it is the database that failed, not the event.
    """
    if isinstance(error, DBAPIError) and not isinstance(error, EVENTS_OWN):
        raise error
    frame = traceback.extract_tb(error.__traceback__)[-1]
    LOG.error("%s at %s:%s in a batch of %s", type(error).__name__, frame.name, frame.lineno, number)
