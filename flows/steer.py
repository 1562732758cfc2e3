"""The ways through a check-in besides its answers: back, skip, on, as last time, and not now."""

from flows import checkin, menu, trend
from flows.answer import goes_on
from flows.book import Book, Questionnaire
from flows.effects import Effect, Tick, Toast
from flows.events import Tapped
from flows.person import Person, Place
from flows.questionnaire import ask, keeps, record, taken
from flows.ways import before, offered


def tapped(book: Book, person: Person, event: Tapped) -> tuple[Person, list[Effect]]:
    """A button under a question of a check-in. On an old screen it changes nothing."""
    place = person.place
    if place is None:
        return person, [Toast(words="toast.old"), menu.home(person, "other.old_question")]
    questionnaire = book.questionnaires[place.questionnaire]
    if not questionnaire.steered or str(place.run) != event.about:
        return person, [Toast(words="toast.old"), ask(book, place)]
    place = place.moved(at=event.at)
    person = person.moved(place=place)
    match event.option:
        case "back":
            return _back(book, person, place, questionnaire)
        case "skip":
            return person, [ask(book, place, skips=True)]
        case "on" if place.answer(place.item):
            return goes_on(book, person, place)
        case "same" if offered(questionnaire, place):
            return _same(book, person, place, questionnaire, event)
        case "later" if place.later and not place.answers:
            return checkin.put_off(book, person, place, event.at)
        case "on" | "same" | "later":
            return person, [ask(book, place)]
        case _:  # a button nobody knows any more
            return person, [Toast(words="toast.old"), ask(book, place)]


def _back(book: Book, person: Person, place: Place, questionnaire: Questionnaire) -> tuple[Person, list[Effect]]:
    """The question before, with its answer. Nothing is taken away, and no urgency."""
    item = before(questionnaire, place)
    if item is None:
        return person, [Toast(words="toast.first"), ask(book, place)]
    place = place.moved(item=item.id)
    return person.moved(place=place), [ask(book, place)]


def _same(
    book: Book, person: Person, place: Place, questionnaire: Questionnaire, event: Tapped
) -> tuple[Person, list[Effect]]:
    """As last time: those very answers are given again."""
    path, (shown, chosen) = questionnaire.id, offered(questionnaire, place)[0]
    effects: list[Effect] = [Tick(questionnaire=path, item=shown, run=place.run, chosen=chosen)]
    for name, said in offered(questionnaire, place):
        found = book.item(f"{path}/{name}")
        option = found[1].option(said) if found else None
        if found is None or option is None:
            continue
        place = taken(place, found[1], option, "", event.at)
        if keeps(person, path):
            effects.append(record(place, found[1], option, "", event.version))
            person = trend.noted(person, path, name, said, place.run, event.at)
    person, asked = goes_on(book, person, place)
    return person, [*effects, *asked]
