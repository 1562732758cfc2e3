"""One person's working copy within a batch, and what is to be shown to them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.database import GUESTS
from bot.keys import Identity, new_identity
from content.voice import Message
from flows.deeds import Views
from flows.effects import (
    Begin,
    Close,
    Record,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
    Wake,
)
from flows.kin import ShowFarewell
from flows.person import Person

View = ShowAlerts | ShowLog | ShowPerson | ShowData | ShowPicture | ShowFigures | ShowCircle | ShowFarewell | Views


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

    def forget(self) -> None:
        """What they told is gone with their key; they go on as a guest nobody knows."""
        self.old.append(self.who)
        self.who = new_identity(self.who.chat)
        self.person = self.person.moved(id=self.who.person)
        self.goes, self.changed = GUESTS, True
        self.begun, self.closed, self.answers = [], [], []
        self.timers, self.cancelled, self.cancelled_all = {}, set(), False

    def respond(self, effect: Begin | Record | Close, version: str, at: datetime) -> None:
        """Keep what was asked and answered. `version`: of the content."""
        response = f"{self.who.person}.{effect.run}"
        when = at.isoformat()
        match effect:
            case Begin(questionnaire=name):
                row = {"id": response, "person": self.who.person, "questionnaire": name, "at": when}
                kept = {"version": version, "state": "in-progress", "closed": None, "urgency": None}
                self.begun.append({**row, **kept})
            case Record(questionnaire=name, item=item, version=asked, urgency=urgency, option=option, value=value):
                row = {"person": self.who.person, "response": response, "questionnaire": name, "item": item}
                level = urgency.name.lower() if urgency is not None else None
                told = {"option": option} if option else {"value": value}
                self.answers.append(({**row, "version": asked, "at": when, "urgency": level}, told))
            case Close(state=state, urgency=urgency):
                level = urgency.name.lower() if urgency is not None else None
                self.closed.append({"b_id": response, "b_state": state, "b_closed": when, "b_urgency": level})


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
