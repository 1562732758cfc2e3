"""The way in: what interrupts, then the open flow. Every event is legal in every state; nobody is met with silence."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from flows import checkin, consent, coordinator, handover, loop, menu, privacy, reach, treatments, triage
from flows.book import Book, Item, Option, Questionnaire, Urgency
from flows.effects import Advise, CancelTimers, Cite, Effect, Say, Tick, Toast, Wake
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
    Invited,
    Said,
    SentOther,
    Tapped,
    Unblocked,
)
from flows.measure import measured, read_back, sorted_out
from flows.person import Person, Place
from flows.questionnaire import ask, closing, following, keeps, leave_all, outdated, record, resume, taken

BY_THEM = (Said, Tapped, Commanded, SentOther, Edited)  # who does one of these has not blocked the bot
Finish = Callable[[Book, Person, Place], tuple[Person, list[Effect]]]
FINISH: dict[str, Finish] = {
    "welcome": consent.welcomed,
    "consent": consent.finished,
    "red_flags": triage.finished,
    "daily": checkin.finished,
    "schedule": checkin.chosen,
    "handover": handover.finished,
}

LOST: dict[str, Callable[[Book, Person, datetime], tuple[Person, list[Effect]]]] = {
    "welcome": consent.welcome,
    "consent": consent.start,
    "red_flags": triage.start,
}


def advance(book: Book, person: Person, event: Event) -> tuple[Person, list[Effect]]:
    """Decide what one event changes: the person afterwards, and what must be done, most urgent first."""
    person, effects = _decide(book, person, event)
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
        case CameDue(timer=timer):
            return loop.came_due(person, event) if timer == loop.TIMER else checkin.came_due(book, person, event)
        case Edited(at=at, text=text):
            phrase = triage.alarming(book, person.language, text)
            if phrase is not None:
                return triage.heard(book, person, Said(at=at, text=text), phrase)
            return _asked_again(book, person, "other.edited")
        case SentOther(at=at, text=text) if (phrase := triage.alarming(book, person.language, text)) is not None:
            return triage.heard(book, person, Said(at=at, text=text), phrase)
        case SentOther(kind=kind):
            return _asked_again(book, person, f"other.{kind}" if kind in ("forwarded", "button") else "other.media")
        case CalledFromGroup():
            return person, [Say(words="other.group")]
        case Invited():
            return coordinator.joined(person)
        case AlertRaised():
            return person, coordinator.raised(book, event)
        case AlertTaken():
            return person, coordinator.taken(person, event)
        case Followed():
            return person, coordinator.followed(event)
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
        person, back = reach.unblocked(book, person, Unblocked(at=event.at))
        return person, [effect for effect in back if isinstance(effect, Wake)]
    return person, []


def _said(book: Book, person: Person, event: Said) -> tuple[Person, list[Effect]]:
    place = person.place
    found = book.item(f"{place.questionnaire}/{place.item}") if place else None
    asked = found is not None and found[1].words
    phrase = triage.alarming(book, person.language, event.text, asked=asked)
    if phrase is not None:
        return triage.heard(book, person, event, phrase)
    if event.text in book.panic.values():
        return triage.start(book, person, event.at)
    if not person.role and place is None and not person.staff:
        return consent.welcome(book, person, event.at)
    if place is None or found is None or not asked:
        return _asked_again(book, person, "other.words")
    questionnaire, item = found
    value: str | None = event.text
    option, reading = None, None
    if questionnaire.id == "schedule":
        value = checkin.typed(book, person, place, event.text, event.at)
    if item.measure:
        reading = measured(event.text)
        option = sorted_out(book.pathway, item, reading) if reading else None
        value = f"{reading.celsius:.1f}" if reading and option else None
    if value is None:
        return person, [Say(words=f"{questionnaire.id}.{item.id}.unclear"), ask(book, place)]
    person, effects = _answered(book, person, place, (questionnaire, item, option), value, event)
    return person, read_back(f"{questionnaire.id}.{item.id}", reading, effects) if reading else effects


def _tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    match event.item:
        case "menu":
            return _menu(book, person, event)
        case "treat":
            return treatments.tapped(book, person, event)
        case "data":
            return privacy.tapped(book, person, event)
        case "checkins":
            return checkin.tapped(book, person, event)
        case "reached":
            return loop.tapped(book, person, event)
        case "share":
            return loop.shared(person, event)
        case "lower":
            return person, triage.lowered_why(person, event)
        case "why":
            return person, [Cite(about=event.option)]
        case "alert" | "alerts" | "log":
            return person, coordinator.tapped(book, person, event)
        case _:  # the path of a question; any other is refused there
            return _pressed(book, person, event)


def _pressed(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """An option of a questionnaire, or a button nobody knows any more."""
    found = book.item(event.item)
    option = found[1].option(event.option) if found else None
    if found and option is None:  # an option that is gone: if any answer to this question is urgent, so was this one
        option = max(found[1].options, key=lambda one: one.urgency or 0, default=None)
        option = option if option and (option.urgency or 0) >= Urgency.URGENT else None
    if found and option:
        return _option(book, person, event, *found, option)
    if event.item.startswith(("red_flags/", "daily/")):
        person, asked = triage.start(book, person, event.at)
        return person, [Say(words="other.button"), *asked]
    return _asked_again(book, person, "other.button")


def _option(
    book: Book, person: Person, event: Tapped, questionnaire: Questionnaire, item: Item, option: Option
) -> tuple[Person, list[Effect]]:
    """An answer by button: to the open question, to an earlier one of the same run, or on an old screen."""
    place = person.place
    current = place is not None and place.questionnaire == questionnaire.id and str(place.run) == event.about
    if place is not None and current and place.answer(item.id) == option.id:
        if option.urgency is not None and option.urgency >= Urgency.URGENT:
            return triage.reported(book, person, event, questionnaire, item, option)
        return person, [Toast(words="toast.already")]
    before = item.option(place.answer(item.id)) if place and current else None
    if before and (before.urgency or 0) > max(option.urgency or 0, Urgency.ROUTINE):
        return person, triage.lowered(event.item)
    if place is not None and current and (item.id == place.item or place.answer(item.id)):
        return _answered(book, person, place, (questionnaire, item, option), "", event)
    if option.urgency is not None and option.urgency >= Urgency.URGENT:
        return triage.reported(book, person, event, questionnaire, item, option)
    if triage.takes_back(person, event):
        return person, triage.lowered(event.item)
    lost = person.runs < event.run and not person.permits("keep")
    if place is None and lost and questionnaire.id in LOST:
        person, asked = LOST[questionnaire.id](book, person, event.at)  # a guest's memory is gone, not the button
        return person, [Say(words="other.lost_place"), *asked]
    if place is None:
        return person, [Toast(words="toast.old"), menu.home(person, "other.old_question")]
    return person, [Toast(words="toast.old"), ask(book, place)]


def _answered(
    book: Book,
    person: Person,
    place: Place,
    found: tuple[Questionnaire, Item, Option | None],
    value: str,
    event: Said | Tapped,
) -> tuple[Person, list[Effect]]:
    """Take an answer and go on: to what to do, to the next question, or to the end."""
    questionnaire, item, option = found
    no = checkin.refused(book, place, option.id if option else value) if questionnaire.id == "schedule" else None
    if no is not None:
        return person, [no, ask(book, place)]
    open_item = place.item
    place = taken(place, item, option, value, event.at)
    effects: list[Effect] = []
    if option is not None:
        effects.append(Tick(questionnaire=questionnaire.id, item=item.id, run=place.run, chosen=option.id))
    if keeps(person, questionnaire.id):
        version = event.version if isinstance(event, Tapped) else book.version
        effects.append(record(place, item, option, value, version))
    if option is not None and option.urgency is not None and option.urgency >= Urgency.URGENT:
        person, told = triage.acted_on(book, person, place, questionnaire, item, option, event.at)
        effects = [*told, *effects]
        if person.place is None:
            effects += closing(person, place.moved(urgency=Urgency.EMERGENCY), "completed")
            timers = [CancelTimers(timers=("nudge", "missed"))] if questionnaire.id == "daily" else []
            return person, [*effects, *timers]
    after = None if option is not None and option.ends else following(questionnaire, dict(place.answers))
    if after is None:
        person, ended = FINISH[questionnaire.id](book, person, place)
        return person, [*effects, *ended]
    place = place.moved(item=after.id)
    stands = after.id == open_item and not any(isinstance(effect, Advise) for effect in effects)
    return person.moved(place=place), effects if stands else [*effects, ask(book, place)]


def _menu(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    match event.option:
        case "symptoms":
            return triage.start(book, person, event.at)
        case "treatments":
            return person, treatments.start(book)
        case "checkins":
            return person, checkin.show(book, person, event.at)
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
        case "alerts" | "log":
            return person, coordinator.commanded(person, Commanded(at=event.at, name=event.option))
        case "home":
            return person, [menu.home(person)]
        case _:  # a button nobody knows any more
            return _asked_again(book, person, "other.button")


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
        case "alerts" | "log":
            return person, coordinator.commanded(person, event)
        case "stop":
            return privacy.stop(person)
        case "help":
            return person, [menu.home(person, "help.staff" if person.staff else "help.all")]
        case _:  # a command nobody knows
            return _asked_again(book, person, "other.command")


def _asked_again(book: Book, person: Person, words: str) -> tuple[Person, list[Effect]]:
    """Say why nothing was taken, and ask the open question again; without one, show what can be done."""
    if person.place is None:
        return person, [menu.home(person, words)]
    return person, [Say(words=words), ask(book, person.place)]
