"""What becomes of alerts in a talk, as bot/desk.py and bot/turn.py do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from flows import alerts, digest, handing, hours, letters, reminding, reopening
from flows.book import Book
from flows.effects import Alert, Amend, Claim, Follow, Inform, LetGo, Tell, Wake
from flows.events import Addressee, AlertRaised, AlertTaken, AlertView, CameDue, Event, Followed, Handled, Said, Tapped
from flows.kin import Settle
from flows.person import Person
from flows.review import as_code

Reach = Callable[[Book, Person, datetime], Addressee | None]

if TYPE_CHECKING:
    from tests.talks import Phone, World


@dataclass(frozen=True, slots=True)
class Desk:
    """The coordinators of a world, and the alerts."""

    world: World

    def done(
        self, phone: Phone, person: Person, effect: Alert | Follow | Claim | Amend | Tell | Inform | LetGo | Settle
    ) -> list[tuple[str, Event]]:
        """What bot/desk.py makes of it."""
        match effect:
            case Alert():
                return self._raise(phone, person, effect)
            case Follow(state=state):
                return self._follow(person, state)
            case Claim(alert=alert):
                taken = alerts.claimed(alert, person.id, self.world.now)
                self._amend(taken)
                concerned = {*alerts.told(alert), *self.on_duty(), alert.taken_by} - {person.id}
                told = AlertTaken(at=self.world.now, alert=taken)
                return [(self.name_of(code), told) for code in self.rota() if code in concerned]
            case Amend(alert=alert):
                self._amend(alert)
                return []
            case Tell(alert=alert, to=to, how=how, number=number):
                staff = {self.world.phones[name].person.id for name in self.world.staff()}
                raised = AlertRaised(at=self.world.now, alert=alert, how=how, number=number)
                return [(self.name_of(code), raised) for code in to if code in staff]
            case Inform(alert=alert, what=what):
                return [(self.name_of(alert.subject), Handled(at=self.world.now, alert=alert, what=what))]
            case LetGo():
                self._let_go(person.id if person.staff else "", phone)
                return []
            case Settle():
                for view in [one for one in self.world.alerts.values() if one.subject == person.id and not one.closed]:
                    self._amend(alerts.settled(view, self.world.now))
                return []
        assert_never(effect)

    def _raise(self, phone: Phone, person: Person, effect: Alert) -> list[tuple[str, Event]]:
        known = [view for view in self.world.alerts.values() if view.subject == person.id and not view.closed]
        if reopening.stands(effect, known):
            for one in reopening.unheard(known):
                name = f"{alerts.TIMER}{one.alert}"
                phone.timers[name] = Wake(at=self.world.now, timer=name, serves=str(alerts.rounds(one)))
            return []
        code = f"A{len(self.world.alerts)}"
        book, urgency, now = self.world.library.book, effect.urgency, self.world.now
        to = hours.told_at_once(book, urgency, self.rota(), self.on_duty(), now)
        view = alerts.raised(code, person.id, now, effect, to)
        self.world.alerts[code] = view
        self._set_timer(view)
        away = hours.away(book, urgency, now)
        if away:
            self.world.happens(self.name_of(person.id), Handled(at=now, alert=view, what=alerts.AWAY))
        how = alerts.AWAY if away else alerts.EARLIER if effect.earlier else ""
        return [(self.name_of(one), AlertRaised(at=now, alert=view, how=how)) for one in to]

    def _follow(self, person: Person, state: str) -> list[tuple[str, Event]]:
        views = [view for view in self.world.alerts.values() if view.subject == person.id and not view.closed]
        there = [self.world.phones[self.name_of(code)].person for code in self.rota()]
        to = alerts.told_of(self.world.library.book, state, views, there, self.world.now)
        for view in views if state not in alerts.NEWS else ():
            self._amend(alerts.stepped(view, f"{alerts.SAYS}{state}", self.world.now))
        told = Followed(at=self.world.now, person=person.id, state=state)
        return [*((self.name_of(code), told) for code in to), *self._reopen(person, state)]

    def _reopen(self, person: Person, state: str) -> list[tuple[str, Event]]:
        found, to = list[tuple[str, Event]](), alerts.first_told(self.rota(), self.on_duty())
        for closed in reopening.in_vain(person, state, self.world.alerts.values(), self.world.now):
            view = reopening.reopened(closed, state, self.world.now, to)
            self._amend(view)
            told = AlertRaised(at=self.world.now, alert=view, how=alerts.REOPENED)
            found += [(self.name_of(code), told) for code in to]
        return found

    def _amend(self, view: AlertView) -> None:
        before = self.world.alerts[view.alert]
        self.world.alerts[view.alert] = view
        if alerts.rounds(before) != alerts.rounds(view) or before.state != view.state:
            self._set_timer(view)

    def _set_timer(self, view: AlertView) -> None:
        phone = self.world.phones[self.name_of(view.subject)]
        name = f"{alerts.TIMER}{view.alert}"
        when = alerts.due(self.world.library.book, phone.person, view, self.world.now)
        phone.timers.pop(name, None)
        if when:
            phone.timers[name] = Wake(at=when, timer=name, serves=str(alerts.rounds(view)))

    def _let_go(self, code: str, phone: Phone) -> None:
        """The alerts of a coordinator who leaves are told again at once: at the next tick."""
        for view in list(self.world.alerts.values()):
            if view.state == "taken" and view.taken_by in (code, self.left_by(phone)):
                self.world.alerts[view.alert] = alerts.opened_again(view)
                name = f"{alerts.TIMER}{view.alert}"
                owner = self.world.phones[self.name_of(view.subject)]
                owner.timers[name] = Wake(at=self.world.now, timer=name, serves=alerts.LEFT)

    def left_by(self, phone: Phone) -> str:
        """The code of somebody who deletes everything: that of before."""
        return self.world.happened[-1].before.id if self.world.phones[self.world.happened[-1].name] is phone else ""

    def filled(self, person: Person, event: Event) -> Event:
        """With what the event refers to, as bot/turn.py fills it in."""
        match event:
            case Tapped(item="alert") if person.staff:
                alert = next((one for one in self.seen() if one.alert == event.about), None)
                held = handing.asked_for(person, event) if handing.of_all(event.option) else ""
                mine = tuple(one for one in self.seen() if held and one.state == "taken" and one.taken_by == held)
                return replace(event, alert=alert, held=mine, rota=self.rota(), on_duty=self.on_duty())
            case Tapped(item="share"):
                return replace(event, rota=self.rota(), on_duty=self.on_duty())
            case Tapped(item="message") if person.staff:
                return replace(event, to=self._reach(as_code(event.about)))
            case Tapped(item="remind") if person.staff:
                return replace(event, to=self._reach(as_code(event.about), reminding.reach))
            case Said() if person.staff and person.noting:
                noting = person.noting.alert
                reach = reminding.reach if person.noting.kind else letters.reach
                alert = next((one for one in self.seen() if one.alert == noting), None)
                return replace(event, alert=alert, to=self._reach(person.noting.person, reach))
            case CameDue(timer=digest.TIMER):
                return replace(event, rota=self.rota(), on_duty=self.on_duty())
            case CameDue(timer=name) if name.startswith((alerts.TIMER, alerts.WORD)):
                alert = next((one for one in self.seen() if one.alert == name.partition(" ")[2]), None)
                about = [one for one in self.seen() if one.subject == person.id and not one.closed]
                latest = not about or about[-1] == alert
                return replace(event, alert=alert, latest=latest, rota=self.rota(), on_duty=self.on_duty())
            case _:
                return event

    def _reach(self, code: str, reach: Reach = letters.reach) -> Addressee | None:
        people = (phone.person for phone in self.world.phones.values())
        found = next((person for person in people if person.id == code), None)
        return reach(self.world.library.book, found, self.world.now) if found else None

    def seen(self) -> list[AlertView]:
        """The alerts that coordinators may see."""
        shown = {phone.person.id for phone in self.world.phones.values() if phone.person.permits("show")}
        return [view for view in self.world.alerts.values() if view.shared or view.subject in shown]

    def rota(self) -> tuple[str, ...]:
        """The coordinators who can be reached, those on duty first."""
        there = [self.world.phones[name].person for name in self.world.staff()]
        order = sorted((one.off_duty, one.id) for one in there if not one.blocked)
        return tuple(code for _, code in order)

    def on_duty(self) -> tuple[str, ...]:
        off = {phone.person.id for phone in self.world.phones.values() if phone.person.off_duty}
        return tuple(code for code in self.rota() if code not in off)

    def name_of(self, code: str) -> str:
        """Whose code it is."""
        return next(name for name, phone in self.world.phones.items() if phone.person.id == code)
