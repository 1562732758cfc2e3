"""Welcome, and consent in three steps: screening, informed consent, permissions (the order of the CoRDS registry)."""

from datetime import datetime

from flows import menu, sharing
from flows.book import Book
from flows.effects import CancelTimers, Effect, Remember, Say
from flows.kin import Enter
from flows.person import Consent, Person, Place
from flows.questionnaire import begin, leave

PERMISSIONS = ("keep", "show", "remind")
CAREGIVERS_ONLY = "patient_agrees"  # the question that patients are not asked


def welcome(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """/start: what this is and is not, the button that is always in reach, and who is writing."""
    hello = Say(words="welcome.hello", panic_button=True)
    if person.staff:
        return person, [hello, menu.home(person, "menu.home_staff")]
    if person.role:
        return person, [hello, menu.home(person)]
    person, asked = begin(book, person, "welcome", at)
    return person, [hello, *asked]


def welcomed(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Who they are is known; offer to be remembered."""
    country = place.answer("country") if place.answer("country") in book.countries else ""
    person = person.moved(place=None, role=place.answer("role"), near=place.answer("near"), country=country)
    known = person.permits("keep") or person.staff
    return person, [menu.home(person) if known else menu.home(person, "welcome.offer")]


def start(book: Book, person: Person, at: datetime) -> tuple[Person, list[Effect]]:
    """Ask for consent. Who has given it already sees what they agreed to."""
    if not person.role:
        return welcome(book, person, at)
    skip = ((CAREGIVERS_ONLY, "self"),) if person.role == "patient" else ()
    return begin(book, person, "consent", at, known=skip)


def finished(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """The last answer was given, or one that ends it: a no is taken like a yes, and kept only in memory.

    An answer changed to a no counts, however much was agreed to after it.
    """
    person, closed = leave(person.moved(place=place))
    version = f"consent-{book.questionnaires['consent'].version}.{book.version}"
    said = [item.option(place.answer(item.id)) for item in book.questionnaires["consent"].items]
    if place.answer("keep") != "yes" or any(option is not None and option.ends for option in said):
        refused = "consent.not_adult" if place.answer("adult") == "no" else "consent.refused"
        return person.moved(invited=""), [*closed, menu.home(person, refused)]
    given = tuple(
        Consent(permission=name, given=place.answer(name) == "yes", version=version, at=place.at)
        for name in PERMISSIONS
    )
    before = person
    person = person.moved(consents=(*person.consents, *given), illness=place.answer("illness"))
    person = person.moved(waiting=None)  # what was begun before is not part of what is kept; the last report stands
    offer = menu.home(person, "consent.given_remind" if person.permits("remind") else "consent.given")
    came = [Enter(code=person.invited)] if person.invited else []
    person, told = sharing.allowed(book, before, person, place.at)
    return person, [*told, *closed, Remember(), offer, *came]


def changed(book: Book, person: Person, permission: str, given: bool, at: datetime) -> tuple[Person, list[Effect]]:
    """One permission given or taken back; it holds from this moment."""
    version = f"mydata-{book.version}"
    consent = Consent(permission=permission, given=given, version=version, at=at)
    before, person = person, person.moved(consents=(*person.consents, consent))
    if permission == "remind" and not given:
        person = person.unscheduled().moved(reminders=(), withdrawn=())
        return person, [CancelTimers(timers=("checkin", "nudge", "missed", "resume"))]
    return sharing.allowed(book, before, person, at)
