"""Check-ins: asked when due, one nudge, then missed. When is chosen in flows/schedule.py."""

from datetime import datetime, timedelta

from flows import menu, triage
from flows.book import Book
from flows.effects import CancelTimers, Effect, Say, Wake
from flows.events import CameDue
from flows.person import Person, Place
from flows.questionnaire import begin, closing, leave, resume
from flows.schedule import NOW, wake

BUSY = timedelta(minutes=30)  # a check-in and its nudge wait this long for somebody in the middle of answering
STALE = timedelta(hours=4)  # one that comes later than this is not asked any more


def came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    """The time of a check-in, its nudge, or its end. Obeyed only while what it serves is still open."""
    match event.timer:
        case "checkin":
            return _checkin_due(book, person, event)
        case "nudge" | "missed" if waiting_for(person, event.serves) is not None and _busy(person, event.at):
            return person, [Wake(at=event.at + BUSY, timer=event.timer, serves=event.serves)]
        case "nudge" if waiting_for(person, event.serves) is not None:
            missed = Wake(at=event.at + book.pathway.missed_after, timer="missed", serves=event.serves)
            person, asked = resume(book, person)
            return person, [missed, Say(words="checkin.nudge"), *asked]
        case "missed" if (place := waiting_for(person, event.serves)) is not None:
            gone = person.moved(place=None) if place is person.place else person.moved(waiting=None)
            return gone, [*closing(person, place, "missed"), Say(words="checkin.missed", buttons=((menu.SYMPTOMS,),))]
        case "nudge" | "missed":
            return person, []  # it was answered while the timer was on its way
        case _:
            return person, []  # a timer that this version does not set; a later one knows what it is for


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The last question of a check-in was answered, without an emergency. What was told before still stands."""
    person, closed = leave(person.moved(place=place), "completed")
    closed = [*closed, CancelTimers(timers=("nudge", "missed"))]
    person, repeated = triage.called_again(book, person, place)
    if repeated:
        return person, [*repeated, *closed]
    words = "checkin.done" if place.urgency is None else "checkin.done_urgent"
    return person, [*closed, Say(words=words, buttons=((menu.SYMPTOMS,),))]


def waiting_for(person: Person, serves: str) -> Place | None:
    """The check-in that is still open, whether asked or set aside."""
    for place in (person.place, person.waiting):
        if place is not None and place.questionnaire == "daily" and str(place.run) == serves:
            return place
    return None


def _checkin_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    schedule = person.schedule
    version, _, due = event.serves.partition("@")
    if schedule is None or schedule.paused or str(schedule.version) != version or not person.permits("remind"):
        return person, []
    if due <= schedule.asked:
        return person, []  # a timer that went off twice
    if person.place is not None and person.place.questionnaire != "daily" and _busy(person, event.at):
        return person, [Wake(at=event.at + BUSY, timer="checkin", serves=event.serves)]
    again = wake(schedule, event.at)
    person = person.moved(schedule=schedule.moved(asked=due))
    if event.at - datetime.fromisoformat(due) > STALE:
        return person, [again, Say(words="checkin.late", buttons=((NOW,), (menu.SYMPTOMS,)))]
    return opened(book, person, event.at, (again,))


def opened(book: Book, person: Person, at: datetime, first: tuple[Effect, ...]) -> tuple[Person, list[Effect]]:
    """Ask the first question of a check-in. One still open is missed by now."""
    effects: list[Effect] = list(first)
    for place in (person.place, person.waiting):
        if place is not None:
            effects += closing(person, place, "missed" if place.questionnaire == "daily" else "stopped")
    person, asked = begin(book, person.moved(place=None, waiting=None), "daily", at)
    nudge = Wake(at=at + book.pathway.nudge_after, timer="nudge", serves=str(person.runs))
    reminds = [nudge] if person.permits("remind") else []
    old = CancelTimers(timers=("nudge", "missed"))
    return person, [*effects, old, *reminds, Say(words="checkin.hello"), *asked]


def _busy(person: Person, at: datetime) -> bool:
    """Whether the person answered something a short while ago."""
    return person.place is not None and at - person.place.at < BUSY
