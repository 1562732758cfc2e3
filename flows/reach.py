"""Somebody who cannot be reached any more, or can be again."""

from flows import loop, menu, schedule, triage
from flows.book import Book
from flows.effects import Alert, CancelTimers, Effect, Follow, Forget, LetGo, ShowAlerts
from flows.events import Unblocked
from flows.person import Person
from flows.questionnaire import leave_all


def blocked(person: Person) -> tuple[Person, list[Effect]]:
    """Nothing reaches them: the open question ends, the timers rest. Of somebody not remembered nothing stays."""
    known = [] if person.blocked or person.loop else _told(person, "blocked")
    person, effects = loop.lost(person)
    person, left = leave_all(person.moved(blocked=True))
    rest = [CancelTimers()] if person.permits("keep") or person.staff else [Forget()]
    given_back: list[Effect] = [LetGo()] if person.staff else []
    return person, [*effects, *known, *left, *given_back, *rest]


def unblocked(book: Book, person: Person, event: Unblocked) -> tuple[Person, list[Effect]]:
    """They have unblocked the bot. What they told before and still counts comes first: the block had ended the
    questions whether help was reached. Coordinators who were alerted have that alert, and hear who is back."""
    stands, knew = list[Effect](), person.report is not None and person.report.alerted
    if person.blocked and person.permits("keep"):
        person, stands = triage.reopened(book, person, None, event.at)
        stands = [one for one in stands if not (knew and isinstance(one, Alert))]
    person, effects = reached(book, person, event)
    alerted = any(isinstance(one, Alert) for one in stands)
    return person, [*stands, *(one for one in effects if not (alerted and isinstance(one, Follow)))]


def reached(book: Book, person: Person, event: Unblocked) -> tuple[Person, list[Effect]]:
    """They can be reached again: check-ins go on with a word, and the coordinators learn of it, if they may."""
    known = _told(person, "back") if person.blocked else []
    person, effects = _back(book, person.moved(blocked=False), event)
    return person, [*effects, *known]


def _told(person: Person, state: str) -> list[Effect]:
    """What coordinators are told, of somebody whose answers they may see."""
    return [Follow(run=person.runs, state=state)] if person.permits("show") and not person.farewell else []


def _back(book: Book, person: Person, event: Unblocked) -> tuple[Person, list[Effect]]:
    if person.schedule and person.permits("remind") and (not person.schedule.paused or person.schedule.until):
        return schedule.taken_up(book, person, event.at)
    if person.staff:
        return person, [menu.home(person, "other.unblocked"), ShowAlerts()]
    return person, [menu.home(person, "other.unblocked")] if person.role else []
