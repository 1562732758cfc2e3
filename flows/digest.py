"""The morning digest: what coordinators are told once a day, at the hour of the site."""

from datetime import datetime, timedelta

from flows.book import Book
from flows.deeds import ShowDigest
from flows.due import awake, morning
from flows.effects import CancelTimers, Effect, Wake
from flows.events import CameDue
from flows.person import Person

TIMER = "digest"
FIRST = timedelta(days=1)  # how far the first digest of somebody looks back
FAR = timedelta(days=7)  # no digest looks back further, however long nobody was told
SOON = timedelta(hours=6)  # one that comes so shortly before the next waits for it


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """It is morning at the site. Who is off duty is told as long as nobody is on duty, as with alerts.

    Told once, however long the bot was off. What was not told is in the next one.
    """
    if not person.staff or person.blocked:
        return person, []
    again, told = wake(book, event.at), person.digest
    if event.serves <= (told.isoformat() if told else ""):
        return person, [again]  # it went off twice; or was set by a migration, to begin with
    later = awake(book, person, event.at)
    if later > event.at:
        return person, [Wake(at=later, timer=TIMER, serves=event.serves)]
    if again.at - event.at < SOON or (person.off_duty and event.on_duty):
        return person, [again]
    since = max(told or event.at - FIRST, event.at - FAR)
    return person.moved(digest=event.at), [again, ShowDigest(since=since, at=event.at)]


def wake(book: Book, after: datetime) -> Wake:
    """The timer of the next one."""
    due = morning(book, after)
    return Wake(at=due, timer=TIMER, serves=due.isoformat())


def kept_on(book: Book, before: Person, person: Person, effects: list[Effect], at: datetime) -> list[Effect]:
    """The same, with the timer for whoever is a coordinator now, can be reached again, or stops all other timers."""
    stopped = any(isinstance(one, CancelTimers) and not one.timers for one in effects)
    if not person.staff or person.blocked or not (stopped or before.blocked or not before.staff):
        return effects
    return [*effects, wake(book, at)]
