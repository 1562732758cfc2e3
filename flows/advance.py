"""The way in: what interrupts, then the open flow. Every event is legal in every state; nobody is met with silence."""

from typing import assert_never

from flows import (
    alerts,
    answer,
    checkin,
    choosing,
    consent,
    coordinator,
    duty,
    handling,
    handover,
    letters,
    loop,
    menu,
    pictures,
    privacy,
    reach,
    review,
    schedule,
    steer,
    treatments,
    triage,
)
from flows.book import Book
from flows.effects import Cite, Effect, Say, Wake
from flows.events import (
    AlertRaised,
    AlertTaken,
    Blocked,
    CalledFromGroup,
    CameDue,
    Commanded,
    Edited,
    Event,
    Followed,
    Handled,
    Invited,
    Said,
    SentOther,
    Tapped,
    Unblocked,
    Written,
)
from flows.person import Person
from flows.questionnaire import leave_all, outdated, resume

BY_THEM = (Said, Tapped, Commanded, SentOther, Edited)  # who does one of these has not blocked the bot


def advance(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """Decide what one event changes: the person afterwards, and what must be done, most urgent first."""
    person, effects = _decide(book, person, event)
    effects = choosing.offered(book, person, effects, event.at)
    return coordinator.bare(person, effects) if person.staff and not person.permits("keep") else (person, effects)


def _decide(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    ready, before = _ready(book, person, event)
    if ready is not person:
        person, effects = _decide(book, ready, event)
        return person, [*before, *effects]
    match event:
        case Said():
            return _said(book, person, event)
        case Tapped():
            return _tapped(book, person, event)
        case Commanded():
            return _commanded(book, person, event)
        case CameDue():
            return _came_due(book, person, event)
        case Edited(at=at, text=text):
            phrase = triage.alarming(book, person.language, text)
            if phrase is not None:
                return triage.heard(book, person, Said(at=at, text=text), phrase)
            return answer.asked_again(book, person, "other.edited")
        case SentOther(at=at, text=text) if (phrase := triage.alarming(book, person.language, text)) is not None:
            return triage.heard(book, person, Said(at=at, text=text), phrase)
        case SentOther(kind=kind):
            return answer.asked_again(
                book, person, f"other.{kind}" if kind in ("forwarded", "button") else "other.media"
            )
        case CalledFromGroup():
            return person, [Say(words="other.group")]
        case Invited():
            return coordinator.joined(person)
        case AlertRaised() | AlertTaken() | Handled() | Followed() | Written():
            return _told(book, person, event)
        case Blocked():
            return reach.blocked(person)
        case Unblocked():
            return reach.unblocked(book, person, event)
    assert_never(event)


def _came_due(book: Book, person: Person, event: CameDue) -> tuple[Person, list[Effect]]:
    if event.timer == loop.TIMER:
        return loop.came_due(person, event)
    if event.timer.startswith(alerts.TIMER):
        return alerts.came_due(book, person, event)
    if event.timer.startswith(alerts.WORD):
        return alerts.word(book, person, event)
    return checkin.came_due(book, person, event)


def _told(
    book: Book, person: Person, event: AlertRaised | AlertTaken | Handled | Followed | Written
) -> tuple[Person, list[Effect]]:
    """What follows from somebody else's turn."""
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
    assert_never(event)


def _ready(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """The person as the event should find them: new content, or a block that is over, may have overtaken them."""
    if outdated(book, person):
        return leave_all(person)
    if person.blocked and isinstance(event, BY_THEM):
        person, back = reach.unblocked(book, person, Unblocked(at=event.at))
        return person, [effect for effect in back if isinstance(effect, Wake)]
    return person, []


def _said(book: Book, person: Person, event: Said) -> tuple[Person, list[Effect]]:
    place = person.place
    found = book.item(f"{place.questionnaire}/{place.item}") if place else None
    asked = found is not None and found[1].words
    phrase = triage.alarming(book, person.language, event.text, asked=asked)
    if phrase is not None:
        person, told = triage.heard(book, person, event, phrase)
        person, noted = _noted(book, person, event) if person.staff and person.noting else (person, [])
        return person, [*told, *noted]
    if event.text in book.panic.values():
        return triage.start(book, person, event.at)
    if person.staff and person.noting:
        return _noted(book, person, event)
    if not person.role and place is None and not person.staff:
        return consent.welcome(book, person, event.at)
    if place is None or found is None or not asked:
        return answer.asked_again(book, person, "other.words")
    return answer.typed(book, person, event, place, found)


def _noted(book: Book, person: Person, event: Said) -> tuple[Person, list[Effect]]:
    """What a coordinator was asked to type."""
    noting = person.noting
    if noting is not None and noting.person:
        return letters.typed(book, person, noting, event)
    return handling.typed(book, person, event)


def _tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    match event.item:
        case "menu":
            return _menu(book, person, event)
        case "treat":
            return treatments.tapped(book, person, event)
        case "data":
            return privacy.tapped(book, person, event)
        case "checkins" if event.option == "now" and person.permits("keep"):
            return checkin.opened(book, person, event.at, ())
        case "checkins":
            return schedule.tapped(book, person, event)
        case "checkin":
            return steer.tapped(book, person, event)
        case "plan":
            return answer.planned(book, person, event)
        case "reached":
            return loop.tapped(book, person, event)
        case "share":
            return loop.shared(person, event)
        case "lower":
            return person, triage.lowered_why(person, event)
        case "why":
            return person, [Cite(about=event.option)]
        case "alert" if person.staff:
            return handling.tapped(book, person, event)
        case "alert" | "alerts":
            return person, coordinator.tapped(person, event)
        case "log" | "person" | "reviewed":
            return person, review.tapped(book, person, event)
        case "message":
            return letters.tapped(book, person, event)
        case "duty":
            return duty.tapped(person, event)
        case "picture":
            return person, pictures.tapped(person, event)
        case _:  # the path of a question; any other is refused there
            return answer.pressed(book, person, event)


def _menu(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    match event.option:
        case "symptoms":
            return triage.start(book, person, event.at)
        case "treatments":
            return person, treatments.start(book)
        case "checkins":
            return person, schedule.show(book, person, event.at)
        case "mydata":
            return person, privacy.show(person)
        case "consent" if person.staff and not person.permits("keep"):
            return person, [menu.home(person, "staff.symptoms")]
        case "consent" if not person.permits("keep"):
            return consent.start(book, person, event.at)
        case "consent":
            return person, privacy.show(person)
        case "resume":
            person, asked = resume(book, person)
            return person, asked or [menu.home(person)]
        case "card":
            return person, handover.show(book, person)
        case "cardmore":
            return handover.more(book, person, event.at)
        case "alerts":
            return person, coordinator.commanded(person)
        case "log":
            return person, review.commanded(book, person, Commanded(at=event.at, name="log"))
        case "home":
            return person, [menu.home(person)]
        case _:  # a button nobody knows any more
            return answer.asked_again(book, person, "other.button")


def _commanded(book: Book, person: Person, event: Commanded) -> tuple[Person, list[Effect]]:
    words = f"{event.name} {event.argument}"
    phrase = triage.alarming(book, person.language, words)
    if phrase is not None:
        return triage.heard(book, person, Said(at=event.at, text=words), phrase)
    match event.name:
        case "start" if event.argument:
            person, hello = consent.welcome(book, person, event.at)
            return person, [Say(words="staff.bad_code"), *hello]
        case "start":
            return consent.welcome(book, person, event.at)
        case "symptoms" | "treatments" | "checkins" | "mydata":
            tap = Tapped(at=event.at, item="menu", option=event.name, about="", version=book.version)
            return _menu(book, person, tap)
        case "alerts":
            return person, coordinator.commanded(person)
        case "log":
            return person, review.commanded(book, person, event)
        case "duty":
            return person, duty.show(person)
        case "figures":
            return person, pictures.figures(person)
        case "stop":
            return privacy.stop(person)
        case "help":
            return person, [menu.home(person, "help.staff" if person.staff else "help.all")]
        case _:  # a command nobody knows
            return answer.asked_again(book, person, "other.command")
