"""Somebody who cannot be reached any more, or can be again."""

from flows import loop, menu, schedule
from flows.book import Book
from flows.effects import CancelTimers, Effect, Forget, LetGo, ShowAlerts
from flows.events import Unblocked
from flows.person import Person
from flows.questionnaire import leave_all


def blocked(person: Person) -> tuple[Person, list[Effect]]:
    """Nothing reaches them: the open question ends, the timers rest. Of somebody not remembered nothing stays."""
    person, effects = loop.lost(person)
    person, left = leave_all(person.moved(blocked=True))
    rest = [CancelTimers()] if person.permits("keep") or person.staff else [Forget()]
    given_back: list[Effect] = [LetGo()] if person.staff else []
    return person, [*effects, *left, *given_back, *rest]


def unblocked(book: Book, person: Person, event: Unblocked) -> tuple[Person, list[Effect]]:
    person = person.moved(blocked=False)
    if person.schedule and person.permits("remind") and (not person.schedule.paused or person.schedule.until):
        return schedule.taken_up(book, person, event.at)
    if person.staff:
        return person, [menu.home(person, "other.unblocked"), ShowAlerts()]
    return person, [menu.home(person, "other.unblocked")] if person.role else []
