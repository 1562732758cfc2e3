"""A batch in memory: people as they become, and what is to be written. Touches no database."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from bot import errands, noted
from bot.circles import Circles, beside
from bot.database import GUESTS, MAIN
from bot.draft import Draft, Outgoing
from bot.keys import new_code, new_identity
from content.load import Library
from content.render import render
from content.voice import Message
from flows import alerts, deeds, hours
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
    OfAlerts,
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
from flows.events import (
    AlertRaised,
    AlertTaken,
    AlertView,
    Event,
    Followed,
    Handled,
    Said,
    Tapped,
)  # fmt: skip
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
        self._decide(draft, event, self._about(draft, event), tap, tapped)
        while self._told:
            other, told, subject = self._told.pop(0)
            self._decide(other, told, subject, "", 0)

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
        """The alerts about a person that are not done with, oldest first, of those loaded."""
        found = (view for view in self.alerts.values() if view.subject == subject and not view.closed)
        return sorted(found, key=lambda view: view.at)

    def held(self, coordinator: str) -> tuple[AlertView, ...]:
        """What a coordinator has and has not closed, oldest first, as coordinators may see it."""
        found = [view for view in self.alerts.values() if view.state == "taken" and view.taken_by == coordinator]
        found = [view for view in found if view.shared or self.whose(view.subject).person.permits("show")]
        return tuple(sorted(found, key=lambda view: view.at))

    def _decide(self, draft: Draft, event: Event, about: Draft, tap: str, tapped: int) -> None:
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
                self._alert(draft, effect, at)
            case Review() | Write() | Remind() | Dismiss():
                self._told += errands.follows(self.whose, self.staff, self.reviewed, draft, effect, at)
            case Remember() | Join():
                draft.goes = MAIN
                if isinstance(effect, Join):
                    self.staff.append(draft.who.person)
                    self.out.append(Outgoing(to=draft, about=draft, at=at, shows=None))
            case Forget():
                self._forget(draft)
            case Invite() | Uninvite() | Enter() | PassOn():
                told = self.circles.done(self.drafts.values(), draft, effect, at)
                self._told += [(other, event, other) for other, event in told]
            case _:
                assert_never(effect)

    def _alert(self, draft: Draft, effect: OfAlerts, at: datetime) -> None:
        """What is to be done about alerts."""
        match effect:
            case Alert():
                self._raise(draft, effect, at)
            case Follow(state=state):
                self._follow(draft, state, at)
            case Claim(alert=alert):
                self._claim(draft, alert, at)
            case Amend(alert=alert):
                self._amend(alert, at)
            case Tell():
                self._tell(effect, at)
            case Inform(alert=alert, what=what):
                subject = self.whose(alert.subject)
                self._told.append((subject, Handled(at=at, alert=alert, what=what), subject))
            case LetGo():
                self._let_go(draft, at)
            case Settle():
                for view in self.about(draft.who.person):
                    self._amend(alerts.settled(view, at), at)

    def _raise(self, draft: Draft, effect: Alert, at: datetime) -> None:
        book, urgency = self.library.book, effect.urgency
        to = hours.told_at_once(book, urgency, self.rota, self.on_duty, at)
        others = beside(self.drafts.values(), draft)
        view = replace(alerts.raised(new_code(), draft.who.person, at, effect, to), beside=others)
        self.alerts[view.alert] = view
        self.raised.append(view.alert)
        self._set_timer(draft, view, at)
        away = hours.away(book, urgency, at)
        self._tell(Tell(alert=view, to=to, how=alerts.AWAY if away else ""), at)
        if away:  # at once, so that it stands under what to do
            self._decide(draft, Handled(at=at, alert=view, what=alerts.AWAY), draft, "", 0)

    def _tell(self, tell: Tell, at: datetime) -> None:
        told = AlertRaised(at=at, alert=tell.alert, how=tell.how, number=tell.number)
        subject = self.whose(tell.alert.subject)
        self._told += [(self.drafts[name], told, subject) for name in tell.to if name in self.staff]

    def _claim(self, draft: Draft, alert: AlertView, at: datetime) -> None:
        view, subject = alerts.claimed(alert, draft.who.person, at), self.whose(alert.subject)
        self._amend(view, at)
        concerned = {*alerts.told(alert), *self.on_duty, alert.taken_by} - {draft.who.person}
        others = [name for name in self.rota if name in concerned]
        self._told += [(self.drafts[name], AlertTaken(at=at, alert=view), subject) for name in others]

    def _amend(self, view: AlertView, at: datetime) -> None:
        """The alert as it is from now on; its timer, if coordinators were told of it again, or nobody need be."""
        before = self.alerts.get(view.alert)
        self.alerts[view.alert] = view
        if view.alert not in self.raised:
            self.amended.add(view.alert)
        if before is None or (alerts.rounds(before), before.state) != (alerts.rounds(view), view.state):
            self._set_timer(self.whose(view.subject), view, at)

    def _set_timer(self, draft: Draft, view: AlertView, at: datetime) -> None:
        name = f"{alerts.TIMER}{view.alert}"
        when = alerts.due(self.library.book, draft.person, view, at)
        if when is None:
            draft.timers.pop(name, None)
            draft.cancelled.add(name)
        else:
            draft.timers[name] = Wake(at=when, timer=name, serves=str(alerts.rounds(view)))

    def _follow(self, draft: Draft, state: str, at: datetime) -> None:
        """Coordinators are told how it goes on."""
        views = self.about(draft.who.person)
        there = [self.drafts[name].person for name in self.rota]
        to = alerts.told_of(self.library.book, state, views, there, at)
        told = Followed(at=at, person=draft.who.person, state=state, beside=beside(self.drafts.values(), draft))
        self._told += [(self.drafts[name], told, draft) for name in to]
        for view in views if state not in alerts.NEWS else ():
            self._amend(alerts.stepped(view, f"{alerts.SAYS}{state}", at), at)
        if closed := alerts.in_vain(draft.person, state, self.alerts.values()):
            first = alerts.first_told(self.rota, self.on_duty)
            view = alerts.reopened(closed, state, at, first)
            self._amend(view, at)
            self._tell(Tell(alert=view, to=first, how=alerts.REOPENED), at)

    def _let_go(self, draft: Draft, at: datetime) -> None:
        """A coordinator's alerts are open again, and told to the others at the next tick."""
        self.left.append(draft.who.person)
        for view in [view for view in self.alerts.values() if view.taken_by == draft.who.person and not view.closed]:
            self._amend(alerts.opened_again(view), at)  # those not loaded are opened in the database
            name = f"{alerts.TIMER}{view.alert}"
            self.whose(view.subject).timers[name] = Wake(at=at, timer=name, serves=alerts.LEFT)

    def _forget(self, draft: Draft) -> None:
        """What they told is gone with their key; they go on as a guest nobody knows."""
        self.circles.invited.pop(draft.who.person, None)
        self.alerts = {name: view for name, view in self.alerts.items() if view.subject != draft.who.person}
        self.raised = [name for name in self.raised if name in self.alerts]
        self.amended &= self.alerts.keys()
        draft.forget()
        self.renamed[draft.who.person] = draft
