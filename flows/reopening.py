"""Alerts that are told once more: hidden for a while, or closed while nobody has said that help came."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flows.alerts import EMERGENCY, REOPENED, SAYS, opened_again, stepped
from flows.effects import Alert
from flows.events import AlertView
from flows.loop import NOT_HELPED
from flows.person import Person


def stands(effect: Alert, views: Iterable[AlertView]) -> bool:
    """Whether what was told earlier is in alerts that are not closed: they were hidden for a while. `views`: of it."""
    told = {sign for view in views if view.urgency == EMERGENCY for sign in view.signs}
    return effect.earlier is not None and told >= set(effect.signs)


def unheard(views: Iterable[AlertView]) -> list[AlertView]:
    """Emergencies that nobody has: they are told again at once, as their timers may have gone off while hidden."""
    return [view for view in views if view.urgency == EMERGENCY and view.state == "open"]


def in_vain(person: Person, state: str, views: Iterable[AlertView]) -> AlertView | None:
    """The alert that is to be open again: no help has come, and the last emergency told of this person is closed."""
    shows = person.permits("show")
    seen = [one for one in views if one.subject == person.id and one.urgency == EMERGENCY and (one.shared or shows)]
    last = max(seen, key=lambda view: view.at, default=None)
    return last if last is not None and last.closed and state in NOT_HELPED else None


def reopened(alert: AlertView, state: str, at: datetime, to: tuple[str, ...]) -> AlertView:
    """The closed alert once the family has said that no help has come: nobody has it, as when it was raised."""
    alert = stepped(replace(opened_again(alert), closed=False), f"{SAYS}{state}", at)
    return stepped(alert, REOPENED, at, to=to)
