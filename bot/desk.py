"""What a batch makes of alerts: raised, told on, amended, with their timers. Touches no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.circles import beside
from bot.draft import Draft
from bot.keys import new_code
from flows import alerts, hours, reopening
from flows.effects import Alert, Amend, Claim, Follow, Inform, LetGo, OfAlerts, Tell, Wake
from flows.events import AlertRaised, AlertTaken, AlertView, Followed, Handled
from flows.kin import Settle

if TYPE_CHECKING:
    from bot.batch import Batch


def done(batch: Batch, draft: Draft, effect: OfAlerts, at: datetime) -> None:
    """What is to be done about alerts."""
    match effect:
        case Alert():
            _raise(batch, draft, effect, at)
        case Follow(state=state):
            _follow(batch, draft, state, at)
        case Claim(alert=alert):
            _claim(batch, draft, alert, at)
        case Amend(alert=alert):
            _amend(batch, alert, at)
        case Tell():
            _tell(batch, effect, at)
        case Inform(alert=alert, what=what):
            subject = batch.whose(alert.subject)
            batch.told.append((subject, Handled(at=at, alert=alert, what=what), subject))
        case LetGo():
            _let_go(batch, draft, at)
        case Settle():
            theirs = [view for view in batch.alerts.values() if view.subject == draft.who.person and not view.closed]
            for view in theirs:
                _amend(batch, alerts.settled(view, at), at)


def _raise(batch: Batch, draft: Draft, effect: Alert, at: datetime) -> None:
    known = batch.about(draft.who.person)
    if reopening.stands(effect, known):
        for view in reopening.unheard(known):
            name = f"{alerts.TIMER}{view.alert}"
            draft.timers[name] = Wake(at=at, timer=name, serves=str(alerts.rounds(view)))
        return
    book, urgency = batch.library.book, effect.urgency
    to = hours.told_at_once(book, urgency, batch.rota, batch.on_duty, at)
    others = beside(batch.drafts.values(), draft)
    view = replace(alerts.raised(new_code(), draft.who.person, at, effect, to), beside=others)
    batch.alerts[view.alert] = view
    batch.raised.append(view.alert)
    _set_timer(batch, draft, view, at)
    away = hours.away(book, urgency, at)
    _tell(batch, Tell(alert=view, to=to, how=alerts.AWAY if away else alerts.EARLIER if effect.earlier else ""), at)
    if away:  # at once, so that it stands under what to do
        batch.decide(draft, Handled(at=at, alert=view, what=alerts.AWAY), draft, "", 0)


def _tell(batch: Batch, tell: Tell, at: datetime) -> None:
    told = AlertRaised(at=at, alert=tell.alert, how=tell.how, number=tell.number)
    subject = batch.whose(tell.alert.subject)
    batch.told += [(batch.drafts[name], told, subject) for name in tell.to if name in batch.staff]


def _claim(batch: Batch, draft: Draft, alert: AlertView, at: datetime) -> None:
    view, subject = alerts.claimed(alert, draft.who.person, at), batch.whose(alert.subject)
    _amend(batch, view, at)
    concerned = {*alerts.told(alert), *batch.on_duty, alert.taken_by} - {draft.who.person}
    others = [name for name in batch.rota if name in concerned]
    batch.told += [(batch.drafts[name], AlertTaken(at=at, alert=view), subject) for name in others]


def _amend(batch: Batch, view: AlertView, at: datetime) -> None:
    """The alert as it is from now on; its timer, if coordinators were told of it again, or nobody need be."""
    before = batch.alerts.get(view.alert)
    batch.alerts[view.alert] = view
    if view.alert not in batch.raised:
        batch.amended.add(view.alert)
    if before is None or (alerts.rounds(before), before.state) != (alerts.rounds(view), view.state):
        _set_timer(batch, batch.whose(view.subject), view, at)


def _set_timer(batch: Batch, draft: Draft, view: AlertView, at: datetime) -> None:
    name = f"{alerts.TIMER}{view.alert}"
    when = alerts.due(batch.library.book, draft.person, view, at)
    if when is None:
        draft.timers.pop(name, None)
        draft.cancelled.add(name)
    else:
        draft.timers[name] = Wake(at=when, timer=name, serves=str(alerts.rounds(view)))


def _follow(batch: Batch, draft: Draft, state: str, at: datetime) -> None:
    """Coordinators are told how it goes on."""
    views = batch.about(draft.who.person)
    there = [batch.drafts[name].person for name in batch.rota]
    to = alerts.told_of(batch.library.book, state, views, there, at)
    told = Followed(at=at, person=draft.who.person, state=state, beside=beside(batch.drafts.values(), draft))
    batch.told += [(batch.drafts[name], told, draft) for name in to]
    for view in views if state not in alerts.NEWS else ():
        _amend(batch, alerts.stepped(view, f"{alerts.SAYS}{state}", at), at)
    for closed in reopening.in_vain(draft.person, state, batch.alerts.values(), at):
        first = alerts.first_told(batch.rota, batch.on_duty)
        view = reopening.reopened(closed, state, at, first)
        _amend(batch, view, at)
        _tell(batch, Tell(alert=view, to=first, how=alerts.REOPENED), at)


def _let_go(batch: Batch, draft: Draft, at: datetime) -> None:
    """A coordinator's alerts are open again, and told to the others at the next tick."""
    batch.left.append(draft.who.person)
    for view in [view for view in batch.alerts.values() if view.taken_by == draft.who.person and not view.closed]:
        _amend(batch, alerts.opened_again(view), at)  # those not loaded are opened in the database
        name = f"{alerts.TIMER}{view.alert}"
        batch.whose(view.subject).timers[name] = Wake(at=at, timer=name, serves=alerts.LEFT)
