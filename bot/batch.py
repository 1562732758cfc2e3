"""A batch in memory: people as they become, and what is to be written. Touches no database."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from bot import desk, errands, noted
from bot.circles import Circles
from bot.database import GUESTS, MAIN
from bot.draft import Draft, Outgoing
from bot.keys import new_identity
from content.load import Library
from content.render import render
from content.voice import Message
from flows import alerts, deeds
from flows.advance import advance
from flows.deeds import Dismiss, Remind, Review, Write
from flows.effects import (
    Advise,
    Alert,
    Amend,
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
    Inform,
    Join,
    LetGo,
    Record,
    Remember,
    Say,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowFigures,
    ShowLog,
    ShowPerson,
    ShowPicture,
    Tell,
    Tick,
    Toast,
    Wake,
)
from flows.events import AlertView, Event, Said, Tapped
from flows.kin import Enter, Invite, PassOn, Settle, ShowFarewell, Uninvite
from flows.person import Person


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
    amended: set[str] = field(default_factory=set)  # alerts that stood before and are changed
    left: list[str] = field(default_factory=list)  # coordinators whose alerts are open again
    reviewed: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # by response: by whom, when
    codes: set[bytes] = field(default_factory=set)
    circles: Circles = field(default_factory=Circles)
    updates: list[tuple[int, Draft | None]] = field(default_factory=list)
    log: list[noted.Noted] = field(default_factory=list)
    renamed: dict[str, Draft] = field(default_factory=dict)  # by the code they have since they deleted everything
    told: list[tuple[Draft, Event, Draft]] = field(default_factory=list)  # who hears of what, and whom it is about

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
        self.decide(draft, event, self._about(draft, event), tap, tapped)
        while self.told:
            other, told, subject = self.told.pop(0)
            self.decide(other, told, subject, "", 0)

    def _about(self, draft: Draft, event: Event) -> Draft:
        """Whom a coordinator deals with, so that what is shown then is sealed with their key; else the person."""
        alert, to = (event.alert, event.to) if isinstance(event, Tapped | Said) else (None, None)
        code = alert.subject if alert else to.person if to else ""
        return self.whose(code) if code else draft

    def whose(self, code: str) -> Draft:
        """The draft of somebody who has been loaded."""
        return self.renamed.get(code) or self.drafts[code]

    @property
    def on_duty(self) -> tuple[str, ...]:
        """The coordinators on duty who can be reached."""
        return tuple(name for name in self.rota if not self.drafts[name].person.off_duty)

    @property
    def rota(self) -> tuple[str, ...]:
        """All coordinators who can be reached, those on duty first."""
        there = sorted(self.staff, key=lambda name: (self.drafts[name].person.off_duty, name))
        return tuple(name for name in there if not self.drafts[name].person.blocked)

    def about(self, subject: str) -> list[AlertView]:
        """The alerts about a person that are not done with and may be seen, oldest first, of those loaded."""
        found = (view for view in self.alerts.values() if view.subject == subject and not view.closed)
        return sorted((view for view in found if self._may_see(view)), key=lambda view: view.at)

    def held(self, coordinator: str) -> tuple[AlertView, ...]:
        """What a coordinator has and has not closed, oldest first, as coordinators may see it."""
        found = [view for view in self.alerts.values() if view.state == "taken" and view.taken_by == coordinator]
        return tuple(sorted(filter(self._may_see, found), key=lambda view: view.at))

    def seen(self, alert: str) -> AlertView | None:
        """This alert, if it is loaded and coordinators may see it."""
        view = self.alerts.get(alert)
        return view if view is not None and self._may_see(view) else None

    def _may_see(self, view: AlertView) -> bool:
        return view.shared or self.whose(view.subject).person.permits("show")

    def decide(self, draft: Draft, event: Event, about: Draft, tap: str, tapped: int) -> None:
        person, effects = advance(self.library.book, draft.person, event)
        before, draft.changed, draft.person = draft.person, draft.changed or person != draft.person, person
        self.log += noted.of(draft, before, effects, event, about, self.alerts)
        if before.staff and not person.staff:
            self.staff.remove(draft.who.person)
            self.out.append(Outgoing(to=draft, about=draft, at=event.at, shows=None))
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
                level = int(message.urgency)
                self.out.append(Outgoing(to=draft, about=about, at=at, shows=message, tapped=tapped, urgency=level))
            case ShowAlerts() | ShowLog() | ShowPerson() | ShowData() | ShowFigures() | ShowCircle() | ShowFarewell():
                self.out.append(Outgoing(to=draft, about=draft, at=at, shows=effect, tapped=tapped))
            case deeds.ShowDigest() | deeds.ShowTeam() | deeds.ShowLooked() | deeds.SendData():
                self.out.append(Outgoing(to=draft, about=draft, at=at, shows=effect, tapped=tapped))
            case ShowPicture(person=code):
                subject = self.drafts.get(code)
                seen = subject if subject is not None and subject.person.permits("show") else draft
                self.out.append(Outgoing(to=draft, about=seen, at=at, shows=effect))
            case Wake(timer=name):
                draft.timers[name] = effect
            case CancelTimers(timers=names):
                draft.cancelled_all = draft.cancelled_all or not names
                draft.cancelled.update(names)
                for name in names or [name for name in draft.timers if not name.startswith(alerts.TIMER)]:
                    draft.timers.pop(name, None)
            case Begin() | Record() | Close():
                draft.respond(effect, self.library.book.version, at)
            case Alert() | Follow() | Claim() | Amend() | Tell() | Inform() | LetGo() | Settle():
                desk.done(self, draft, effect, at)
            case Review() | Write() | Remind() | Dismiss():
                self.told += errands.follows(self.whose, self.staff, self.reviewed, draft, effect, at)
            case Remember() | Join():
                draft.goes = MAIN
                if isinstance(effect, Join):
                    self.staff.append(draft.who.person)
                    self.out.append(Outgoing(to=draft, about=draft, at=at, shows=None))
            case Forget():
                self._forget(draft)
            case Invite() | Uninvite() | Enter() | PassOn():
                told = self.circles.done(self.drafts.values(), draft, effect, at)
                self.told += [(other, event, other) for other, event in told]
            case _:
                assert_never(effect)

    def _forget(self, draft: Draft) -> None:
        """What they told is gone with their key; they go on as a guest nobody knows."""
        self.circles.invited.pop(draft.who.person, None)
        self.alerts = {name: view for name, view in self.alerts.items() if view.subject != draft.who.person}
        self.raised = [name for name in self.raised if name in self.alerts]
        self.amended &= self.alerts.keys()
        draft.forget()
        self.renamed[draft.who.person] = draft
