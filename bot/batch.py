"""A batch in memory: people as they become, and what is to be written. Touches no database."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never

from bot.database import GUESTS, MAIN
from bot.keys import Identity, new_code, new_identity
from content.load import Library
from content.render import render
from content.voice import Message
from flows.advance import advance
from flows.effects import (
    Advise,
    Alert,
    Ask,
    Begin,
    CancelTimers,
    Cite,
    Claim,
    Close,
    Effect,
    Explain,
    Follow,
    Forget,
    Join,
    Record,
    Remember,
    Say,
    ShowAlerts,
    ShowData,
    ShowLog,
    Tick,
    Toast,
    Wake,
)
from flows.events import AlertRaised, AlertTaken, AlertView, Event, Followed, Tapped
from flows.person import Person

View = ShowAlerts | ShowLog | ShowData


@dataclass(slots=True)
class Draft:
    """One person's working copy. `where`: the database they stand in now; `goes`: after this batch; `old`: erased."""

    who: Identity
    person: Person
    where: str
    goes: str
    fresh: bool = False
    changed: bool = False
    old: list[Identity] = field(default_factory=list)
    timers: dict[str, Wake] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    cancelled_all: bool = False
    fired: list[tuple[str, str]] = field(default_factory=list)  # (name, serves) of timers that have come due
    begun: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[dict[str, Any], dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Something to be shown: a message, a list still to be read, the answer to a tap, or the commands menu (None)."""

    to: Draft
    about: Draft  # under whose key it is sealed
    at: datetime
    shows: Message | View | None
    tap: str = ""
    tapped: int = 0
    urgency: int = 1


@dataclass(slots=True)
class Batch:
    """Everything one transaction will write."""

    library: Library
    drafts: dict[str, Draft] = field(default_factory=dict)  # by the code they had at loading
    chats: dict[int, Draft] = field(default_factory=dict)
    staff: list[str] = field(default_factory=list)
    out: list[Outgoing] = field(default_factory=list)
    alerts: dict[str, AlertView] = field(default_factory=dict)
    raised: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    codes: set[bytes] = field(default_factory=set)
    updates: list[tuple[int, Draft | None]] = field(default_factory=list)
    _told: list[tuple[Draft, Event, Draft]] = field(default_factory=list)

    def meet(self, chat: int, language: str) -> Draft:
        """Somebody new: a guest."""
        known = language.partition("-")[0].lower()
        spoken = known if known in self.library.words else self.library.book.pathway.language
        who = new_identity(chat)
        draft = Draft(who, Person(id=who.person, language=spoken), GUESTS, GUESTS, fresh=True, changed=True)
        self.drafts[who.person] = draft
        return draft

    def take(self, draft: Draft, event: Event, tap: str = "", tapped: int = 0) -> None:
        """Decide one event, and what follows from it for others."""
        alert = event.alert if isinstance(event, Tapped) else None
        self._decide(draft, event, self.drafts[alert.subject] if alert else draft, tap, tapped)
        while self._told:
            other, told, subject = self._told.pop(0)
            self._decide(other, told, subject, "", 0)

    def _decide(self, draft: Draft, event: Event, about: Draft, tap: str, tapped: int) -> None:
        person, effects = advance(self.library.book, draft.person, event)
        draft.changed = draft.changed or person != draft.person
        draft.person = person
        notice: Message | None = None
        for effect in effects:
            if isinstance(effect, Toast):
                notice = render(self.library, draft.person, effect)
            else:
                self._apply(draft, effect, event.at, about, tapped)
        if tap:
            shown = notice or Message(kind="toast")
            self.out.append(Outgoing(to=draft, about=draft, at=event.at, shows=shown, tap=tap, urgency=2))

    def show(self, draft: Draft, say: Say, at: datetime) -> None:
        """Say something that no flow decided."""
        self._apply(draft, say, at, draft, 0)

    def _apply(self, draft: Draft, effect: Effect, at: datetime, about: Draft, tapped: int) -> None:
        match effect:
            case Say() | Ask() | Tick() | Advise() | Explain() | Cite() | Toast():
                message = render(self.library, draft.person, effect)
                urgency = int(message.urgency)
                sent = Outgoing(to=draft, about=about, at=at, shows=message, tapped=tapped, urgency=urgency)
                self.out.append(sent)
            case ShowAlerts() | ShowLog() | ShowData():
                self.out.append(Outgoing(to=draft, about=draft, at=at, shows=effect, tapped=tapped))
            case Wake(timer=name):
                draft.timers[name] = effect
            case CancelTimers(timers=names):
                draft.cancelled_all = draft.cancelled_all or not names
                draft.cancelled.update(names)
                for name in names or tuple(draft.timers):
                    draft.timers.pop(name, None)
            case Begin() | Record() | Close():
                self._respond(draft, effect, at)
            case Alert():
                self._raise(draft, effect, at)
            case Follow(state=state):
                told = Followed(at=at, person=draft.who.person, state=state)
                self._told += [(self.drafts[name], told, draft) for name in self.staff]
            case Claim(alert=alert):
                self._claim(draft, alert, at)
            case Remember() | Join():
                draft.goes = MAIN
                if isinstance(effect, Join):
                    self.staff.append(draft.who.person)
                    self.out.append(Outgoing(to=draft, about=draft, at=at, shows=None))
            case Forget():
                self._forget(draft)
            case _:
                assert_never(effect)

    def _respond(self, draft: Draft, effect: Begin | Record | Close, at: datetime) -> None:
        response = f"{draft.who.person}.{effect.run}"
        when = at.isoformat()
        match effect:
            case Begin(questionnaire=name):
                row = {"id": response, "person": draft.who.person, "questionnaire": name, "at": when}
                kept = {"version": self.library.book.version, "state": "in-progress", "closed": None, "urgency": None}
                draft.begun.append({**row, **kept})
            case Record(questionnaire=name, item=item, version=version, urgency=urgency, option=option, value=value):
                row = {"person": draft.who.person, "response": response, "questionnaire": name, "item": item}
                level = urgency.name.lower() if urgency is not None else None
                told = {"option": option} if option else {"value": value}
                draft.answers.append(({**row, "version": version, "at": when, "urgency": level}, told))
            case Close(state=state, urgency=urgency):
                level = urgency.name.lower() if urgency is not None else None
                draft.closed.append({"b_id": response, "b_state": state, "b_closed": when, "b_urgency": level})

    def _raise(self, draft: Draft, effect: Alert, at: datetime) -> None:
        view = AlertView(
            alert=new_code(),
            subject=draft.who.person,
            at=at,
            urgency=effect.urgency,
            signs=effect.signs,
            advice=effect.advice,
            shared=effect.shared,
        )
        self.alerts[view.alert] = view
        self.raised.append(view.alert)
        self._told += [(self.drafts[name], AlertRaised(at=at, alert=view), draft) for name in self.staff]

    def _claim(self, draft: Draft, alert: AlertView, at: datetime) -> None:
        view = replace(alert, taken_by=draft.who.person, taken_at=at)
        self.alerts[view.alert] = view
        self.taken.append(view.alert)
        subject = self.drafts.get(view.subject, draft)
        others = [name for name in self.staff if name != draft.who.person]
        self._told += [(self.drafts[name], AlertTaken(at=at, alert=view), subject) for name in others]

    def _forget(self, draft: Draft) -> None:
        """What they told is gone with their key; they go on as a guest nobody knows."""
        draft.old.append(draft.who)
        self.raised = [name for name in self.raised if self.alerts[name].subject != draft.who.person]
        if draft.who.person in self.staff:
            self.staff.remove(draft.who.person)
        draft.who = new_identity(draft.who.chat)
        draft.person = draft.person.moved(id=draft.who.person)
        draft.goes, draft.changed = GUESTS, True
        draft.begun, draft.closed, draft.answers = [], [], []
        draft.timers, draft.cancelled, draft.cancelled_all = {}, set(), False
