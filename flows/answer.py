"""Answers: by a button of the open question, of an earlier one or of an old screen, or in typed words."""

from collections.abc import Callable
from datetime import datetime

from flows import checkin, choosing, consent, handover, loop, lowering, menu, pause, schedule, trend, triage
from flows.book import Book, Item, Option, Questionnaire, Urgency
from flows.effects import Advise, CancelTimers, Effect, Say, Tick, Toast
from flows.events import Said, Tapped
from flows.measure import read_back, readings, worst
from flows.person import Person, Place
from flows.questionnaire import ask, closing, following, keeps, record, sign, taken
from flows.zones import known

Finish = Callable[[Book, Person, Place], tuple[Person, list[Effect]]]
FINISH: dict[str, Finish] = {
    "welcome": consent.welcomed,
    "consent": consent.finished,
    "red_flags": triage.finished,
    "daily": checkin.finished,
    "weekly": checkin.weekly_finished,
    "schedule": schedule.chosen,
    "travel": schedule.travelled,
    "pause": pause.finished,
    "handover": handover.finished,
}

LOST: dict[str, Callable[[Book, Person, datetime], tuple[Person, list[Effect]]]] = {
    "welcome": consent.welcome,
    "consent": consent.start,
    "red_flags": triage.start,
}


def asked_again(book: Book, person: Person, words: str) -> tuple[Person, list[Effect]]:
    """Say why nothing was taken, and ask again what is open: a question, or whether help was reached. Else the menu."""
    if person.place is None and person.loop is not None:
        return person, [Say(words=words), loop.question(person.loop.run)]
    if person.place is None:
        return person, [menu.home(person, words)]
    return person, [Say(words=words), ask(book, person.place)]


def typed(
    book: Book, person: Person, event: Said, place: Place, found: tuple[Questionnaire, Item]
) -> tuple[Person, list[Effect]]:
    """Typed words as the answer to the open question, which takes words."""
    questionnaire, item = found
    value: str | None = event.text
    option, reading = None, None
    if questionnaire.id in choosing.OWN:
        value = choosing.typed(book, person, place, event.text, event.at)
        if value is None:
            return person, choosing.unclear(book, person, place, event.text, event.at)
    if item.measure:
        reading, option = worst(book.pathway, item, readings(event.text)) or (None, None)
        value = f"{reading.celsius:.1f}" if reading else None
    if value is None:
        return person, [Say(words=f"{questionnaire.id}.{item.id}.unclear"), ask(book, place)]
    degrees = reading.celsius if reading and not reading.bound else None
    person, effects = _answered(book, person, place, (questionnaire, item, option), value, event, degrees)
    return person, read_back(f"{questionnaire.id}.{item.id}", reading, effects) if reading else effects


def pressed(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """An option of a questionnaire, or a button nobody knows any more."""
    found = book.item(event.item)
    option = found[1].option(event.option) if found else None
    if found and option is None:  # an option that is gone: if any answer to this question is urgent, so was this one
        option = max(found[1].options, key=lambda one: one.urgency or 0, default=None)
        option = option if option and (option.urgency or 0) >= Urgency.URGENT else None
    if found and option:
        return _option(book, person, event, *found, option)
    if event.item.startswith(("red_flags/", "daily/", "weekly/")):
        person, asked = triage.start(book, person, event.at)
        return person, [Say(words="other.button"), *asked]
    return asked_again(book, person, "other.button")


def _option(
    book: Book, person: Person, event: Tapped, questionnaire: Questionnaire, item: Item, option: Option
) -> tuple[Person, list[Effect]]:
    """An answer by button: to the open question, to an earlier one of the same run, or on an old screen."""
    place = person.place
    current = place is not None and place.questionnaire == questionnaire.id and str(place.run) == event.about
    if place is not None and current and place.answer(item.id) == option.id:
        if _acute(person, questionnaire, item, option):
            return triage.reported(book, person, event, questionnaire, item, option)
        if item.id == place.item:  # they went back to it, and keep it
            return goes_on(book, person, place.moved(at=event.at))
        return person, [Toast(words="toast.already")]
    before = item.option(place.answer(item.id)) if place and current else None
    if before and (before.urgency or 0) > max(option.urgency or 0, Urgency.ROUTINE):
        return person, lowering.lowered(book, (sign(event.item, before),))
    if place is not None and current and (item.id == place.item or place.answer(item.id)):
        return _answered(book, person, place, (questionnaire, item, option), "", event)
    if option.urgency is not None and option.urgency >= Urgency.URGENT:
        return triage.reported(book, person, event, questionnaire, item, option)
    if lowering.takes_back(person, event):
        return person, lowering.lowered(book, lowering.told(person, event))
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
    degrees: float | None = None,
) -> tuple[Person, list[Effect]]:
    """Take an answer and go on: to what to do, to the next question, or to the end."""
    questionnaire, item, option = found
    said, own = option.id if option else value, questionnaire.id in choosing.OWN
    no = choosing.refused(book, person, place, item.id, said, event.at) if own else None
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
        person = trend.noted(person, questionnaire.id, item.id, said, place.run, event.at)
    if option is not None and _acute(person, questionnaire, item, option):
        person, told = triage.acted_on(book, person, place, questionnaire, item, option, event.at, degrees)
        effects = [*told, *effects]
        if person.place is None:
            effects += closing(person, place.moved(urgency=Urgency.EMERGENCY), "completed")
            if questionnaire.id != "daily":
                return person, effects
            return person.moved(last=None, missed=0), [*effects, CancelTimers(timers=("nudge", "missed"))]
    after = None if option is not None and option.ends else following(questionnaire, dict(place.answers))
    if after is None:
        person, ended = FINISH[questionnaire.id](book, person, place)
        return person, [*effects, *ended]
    place = place.moved(item=after.id)
    stands = after.id == open_item and not any(isinstance(effect, Advise) for effect in effects)
    return person.moved(place=place), effects if stands else [*effects, ask(book, place)]


def _acute(person: Person, questionnaire: Questionnaire, item: Item, option: Option) -> bool:
    """Whether an answer to an open questionnaire calls for action that is not called for already."""
    urgent = option.urgency is not None and option.urgency >= Urgency.URGENT
    return urgent and not triage.told_already(person, questionnaire, item, option)


def goes_on(book: Book, person: Person, place: Place) -> tuple[Person, list[Effect]]:
    """Ask the first question that has no answer yet; the end, if every one has."""
    after = following(book.questionnaires[place.questionnaire], dict(place.answers))
    if after is None:
        return FINISH[place.questionnaire](book, person, place)
    place = place.moved(item=after.id)
    return person.moved(place=place), [ask(book, place)]


def planned(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button beside the questions of when: days to be ticked, the days that are, a zone."""
    place, name = person.place, {"zone": "zone", "pick": "days", "days": "days"}.get(event.option, "")
    found = book.item(f"{place.questionnaire}/{name}") if place and place.questionnaire in choosing.OWN else None
    if place is None or found is None or not (place.item == name or place.answer(name)):
        toast = Toast(words="toast.old")
        return person, [toast, menu.home(person, "other.old_question") if place is None else ask(book, place)]
    if event.option == "pick":
        return person, [choosing.picked(event.about)]
    value = event.about if event.option == "days" and set(event.about) <= set(choosing.WEEK) else ""
    value = event.about if event.option == "zone" and known(event.about) else value
    if not value:
        return person, [ask(book, place)]
    person, effects = _answered(book, person, place, (*found, None), value, event)
    return person, effects if place.item == name else [Toast(words="toast.already"), *effects]
