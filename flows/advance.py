"""The way in: what interrupts, then the open flow. Every event is legal in every state; nobody is met with silence."""

from typing import assert_never

from flows import (
    answer,
    bereaved,
    checkin,
    choosing,
    circle,
    consent,
    coordinator,
    digest,
    duty,
    elsewhere,
    farewell,
    handing,
    handling,
    handover,
    heard,
    letters,
    loop,
    lowering,
    menu,
    pictures,
    privacy,
    reach,
    reminders,
    reminding,
    review,
    schedule,
    sharing,
    steer,
    team,
    treatments,
    triage,
)
from flows.book import Book, Phrase
from flows.effects import Cite, Effect, Follow, Say, Wake
from flows.events import (
    AlertRaised,
    AlertTaken,
    Blocked,
    Called,
    CalledFromGroup,
    CameDue,
    Commanded,
    Dismissed,
    Edited,
    Entered,
    Event,
    Followed,
    Handled,
    Invited,
    LinkMade,
    Reminded,
    Said,
    SentOther,
    Tapped,
    Told,
    Unblocked,
    Written,
)
from flows.person import Person
from flows.questionnaire import leave_all, outdated, resume

BY_THEM = (Said, Tapped, Commanded, SentOther, Edited)  # who does one of these has not blocked the bot


def advance(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """Decide what one event changes: the person afterwards, and what must be done, most urgent first."""
    before = person
    person, effects = _decide(book, letters.turned(privacy.returned(person, event), event), event)
    if person.farewell:
        person, effects = bereaved.quiet(person, effects)
    else:
        effects = circle.told_before(book, person, event, circle.passed_on(book, before, person, event, effects))
    person, effects = reminders.kept(book, before, person, effects, event.at)
    effects = digest.kept_on(book, before, person, effects, event.at)
    effects = choosing.offered(book, person, effects, event.at)
    return coordinator.bare(person, effects) if person.staff and not person.permits("keep") else (person, effects)


def _decide(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    ready, before = _ready(book, person, event)
    if ready is not person:
        person, effects = _decide(book, ready, event)
        return person, [*before, *effects]
    if person.farewell and (after := bereaved.instead(book, person, event)) is not None:
        return after
    match event:
        case Said():
            return _said(book, person, event)
        case Tapped():
            return _tapped(book, person, event)
        case Commanded():
            return _commanded(book, person, event)
        case CameDue():
            return elsewhere.came_due(book, person, event)
        case Edited(at=at, text=text):
            told = _acted_on(book, person, Said(at=at, text=text), heard.alarming(book, person.language, text))
            return told or answer.asked_again(book, person, "other.edited")
        case SentOther(at=at, text=text) if (phrase := heard.alarming(book, person.language, text)) is not None:
            return heard.heard(book, person, Said(at=at, text=text), phrase)
        case SentOther(kind=kind):
            return answer.asked_again(
                book, person, f"other.{kind}" if kind in ("forwarded", "button") else "other.media"
            )
        case CalledFromGroup():
            return person, [Say(words="other.group")]
        case Invited():
            return coordinator.joined(person, event)
        case AlertRaised() | AlertTaken() | Handled() | Followed() | Written() | Reminded() | Dismissed():
            return elsewhere.at_the_desk(book, person, event)
        case Called() | LinkMade() | Entered() | Told():
            return elsewhere.among_relatives(book, person, event)
        case Blocked():
            return reach.blocked(person)
        case Unblocked():
            return reach.unblocked(book, person, event)
    assert_never(event)


def _ready(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """The person as the event should find them: new content, or a block that is over, may have overtaken them."""
    if outdated(book, person):
        return leave_all(person)
    if person.blocked and isinstance(event, BY_THEM):
        person, back = reach.reached(book, person, Unblocked(at=event.at))
        return person, [effect for effect in back if isinstance(effect, Wake | Follow)]
    return person, []


def _said(book: Book, person: Person, event: Said) -> tuple[Person, list[Effect]]:
    place = person.place
    found = book.item(f"{place.questionnaire}/{place.item}") if place else None
    asked = found is not None and found[1].words
    told = _acted_on(book, person, event, heard.alarming(book, person.language, event.text, asked=asked))
    if told is not None and person.staff and person.noting:
        person, noted = _noted(book, told[0], event)
        return person, [*told[1], *noted]
    if told is not None:
        return told
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
    if noting is not None and noting.kind:
        return reminding.typed(book, person, noting, event)
    if noting is not None and noting.person:
        return letters.typed(book, person, noting, event)
    return handling.typed(book, person, event)


def _acted_on(book: Book, person: Person, event: Said, phrase: Phrase | None) -> tuple[Person, list[Effect]] | None:
    """What is acted on in typed words, whatever is open: a red flag first; then, that somebody has died."""
    asked = farewell.asked(person) if farewell.heard(book, person, event.text) else []
    if phrase is None:
        return (person, asked) if asked else None
    person, effects = heard.heard(book, person, event, phrase)
    return person, [*effects, *asked]


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
        case "reminders":
            return reminders.tapped(book, person, event)
        case "circle":
            return circle.tapped(book, person, event)
        case "died":
            return farewell.tapped(book, person, event)
        case "reached":
            return loop.tapped(book, person, event)
        case "share":
            return sharing.once(book, person, event)
        case "lower":
            return person, lowering.lowered_why(person, event)
        case "why":
            return person, [Cite(about=event.option)]
        case "looked" | "alert" | "alerts" | "log" | "person" | "reviewed" | "message" | "remind" | "duty" | "team":
            return _at_the_desk(book, person, event)
        case "picture":
            return person, pictures.tapped(person, event)
        case _:  # the path of a question; any other is refused there
            return answer.pressed(book, person, event)


def _at_the_desk(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button of coordinators."""
    match event.item:
        case "alert" if person.staff and handing.of_all(event.option):
            return person, handing.tapped(person, event)
        case "alert" if person.staff:
            return handling.tapped(book, person, event)
        case "alert" | "alerts":
            return person, coordinator.tapped(person, event)
        case "message":
            return letters.tapped(book, person, event)
        case "remind":
            return reminding.tapped(book, person, event)
        case "duty":
            return duty.tapped(person, event)
        case "team" | "looked":
            return person, team.tapped(person, event)
        case _:  # of the log, or of a person's page
            return person, review.tapped(book, person, event)


def _menu(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    match event.option:
        case "symptoms":
            return triage.start(book, person, event.at)
        case "treatments":
            return person, treatments.start(book)
        case "checkins":
            shown = reminders.offered(person, schedule.show(book, person, event.at))
            return person, farewell.offered(person, shown)
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
    phrase = heard.alarming(book, person.language, words)
    if phrase is not None:
        return heard.heard(book, person, Said(at=event.at, text=words), phrase)
    match event.name:
        case "start" if event.argument:
            person, hello = consent.welcome(book, person, event.at)
            return person, [Say(words="staff.too_many" if event.refused else "staff.bad_code"), *hello]
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
        case "team":
            return person, team.show(person)
        case "figures":
            return person, pictures.figures(person)
        case "stop":
            return privacy.stop(book, person, event.at)
        case "help":
            return person, farewell.offered(person, [menu.home(person, "help.staff" if person.staff else "help.all")])
        case "died":
            return person, farewell.commanded(person, event)
        case _:  # a command nobody knows
            return answer.asked_again(book, person, "other.command")
