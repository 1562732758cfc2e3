"""Alerts that are told once more: hidden for a while, or closed while nobody has said that help came."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from flows.alerts import EMERGENCY, REOPENED, SAYS, opened_again, stepped
from flows.effects import Alert
from flows.events import AlertView
from flows.loop import NO_MORE, NOT_HELPED
from flows.person import Person
from flows.triage import TOGETHER, standing

BACK = "back"  # somebody who had blocked the bot
AGAIN = NOT_HELPED | {NO_MORE, BACK}


def stands(effect: Alert, views: Iterable[AlertView]) -> bool:
    """Whether what was told earlier is in alerts that are not closed: they were hidden for a while. `views`: of it."""
    told = {sign for view in views if view.urgency == EMERGENCY for sign in view.signs}
    return effect.earlier is not None and told >= set(effect.signs)


def unheard(views: Iterable[AlertView]) -> list[AlertView]:
    """Emergencies that nobody has: they are told again at once, as their timers may have gone off while hidden."""
    return [view for view in views if view.urgency == EMERGENCY and view.state == "open"]


def in_vain(person: Person, state: str, views: Iterable[AlertView], at: datetime) -> list[AlertView]:
    """The alerts that are to be open again, oldest first: closed, of an emergency of which nobody has said that help
    came. Not those whose signs stand in another that is open, or will be."""
    if state not in AGAIN or (state == BACK and not _stands(person, at)):
        return []
    loop, report, shows = person.loop, person.report, person.permits("show")
    begun = loop.at if loop and state != BACK else (report.at if report else at) - TOGETHER  # a block forgets the first
    theirs = [one for one in views if one.subject == person.id and one.urgency == EMERGENCY and (one.shared or shows)]
    told, found = {sign for one in theirs if not one.closed for sign in one.signs}, list[AlertView]()
    for one in sorted(theirs, key=lambda view: view.at, reverse=True):
        if one.closed and one.told_at >= begun and not told >= set(one.signs):
            found.append(one)
            told |= set(one.signs)
    return found[::-1]


def _stands(person: Person, at: datetime) -> bool:
    """Whether an emergency was told that still counts, and nobody has said that help came."""
    told, report = standing(person, at), person.report
    helped = person.loop is None and report is not None and report.helped
    return told is not None and told.urgency == EMERGENCY and not helped


def reopened(alert: AlertView, state: str, at: datetime, to: tuple[str, ...]) -> AlertView:
    """The closed alert once help is in doubt: nobody has it, as when it was raised."""
    alert = stepped(replace(opened_again(alert), closed=False), f"{SAYS}{state}", at)
    return stepped(alert, REOPENED, at, to=to)
