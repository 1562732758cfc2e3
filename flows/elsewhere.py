"""What comes from elsewhere: timers, coordinators, relatives."""

from typing import assert_never

from flows import alerts, checkin, circle, coordinator, digest, farewell, handling, letters, loop, reminders, team
from flows.book import Book
from flows.due import awake
from flows.effects import Effect, Wake
from flows.events import (
    AlertRaised,
    AlertTaken,
    Called,
    CameDue,
    Dismissed,
    Entered,
    Followed,
    Handled,
    LinkMade,
    Reminded,
    Told,
    Written,
)
from flows.person import Person


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """A timer went off. What it was set for decides who knows about it."""
    match event.timer:
        case loop.TIMER:
            return loop.came_due(person, event)
        case digest.TIMER:
            return digest.came_due(book, person, event)
        case reminders.TIMER:
            return reminders.came_due(book, person, event)
        case name if name == farewell.TIMER or name.startswith(circle.TIMER):
            return _in_the_morning(book, person, event)
        case name if name.startswith(alerts.TIMER):
            return alerts.came_due(book, person, event)
        case name if name.startswith(alerts.WORD):
            return alerts.word(book, person, event)
        case _:
            return checkin.came_due(book, person, event)


def _in_the_morning(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """What others did at night is said now; if somebody has travelled and it is night again, later."""
    if person.stopped:
        return person, []
    morning = awake(book, person, event.at)
    if morning > event.at:
        return person, [Wake(at=morning, timer=event.timer, serves=event.serves)]
    if event.timer == farewell.TIMER:
        return farewell.came_due(person, event)
    return circle.came_due(book, person, event)


def at_the_desk(
    book: Book, person: Person, event: AlertRaised | AlertTaken | Handled | Followed | Written | Reminded | Dismissed
) -> tuple[Person, list[Effect]]:
    """What follows from an alert, to a coordinator or to the family; and what a coordinator writes or sets."""
    match event:
        case AlertRaised():
            return person, handling.raised(book, event)
        case AlertTaken():
            return person, handling.taken(person, event)
        case Handled():
            return alerts.handled(book, person, event)
        case Followed():
            return person, coordinator.followed(event)
        case Written():
            return letters.written(book, person, event)
        case Reminded():
            return reminders.told(book, person, event)
        case Dismissed():
            return team.dismissed(person)
    assert_never(event)


def among_relatives(
    book: Book, person: Person, event: Called | LinkMade | Entered | Told
) -> tuple[Person, list[Effect]]:
    """What follows from those who care for the same patient."""
    match event:
        case Called():
            return circle.called(book, person, event)
        case LinkMade():
            return circle.made(person, event)
        case Entered():
            return circle.entered(person, event)
        case Told(did="died" | "mistake"):
            return farewell.told(book, person, event)
        case Told():
            return circle.told(book, person, event)
    assert_never(event)
