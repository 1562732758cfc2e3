"""Asking: which item comes next, and the steps every questionnaire shares."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flows.book import Book, Item, Option, Questionnaire, Urgency
from flows.effects import Ask, Begin, Close, Effect, Record
from flows.fills import Words
from flows.person import Person, Place
from flows.ways import enabled, offered, reasons, ways

KEPT = frozenset(
    {"red_flags", "daily", "weekly", "handover", "words"}
)  # whose answers are responses; the others change the person


def keeps(person: Person, questionnaire: str) -> bool:
    """Whether an answer to this questionnaire may be kept."""
    return questionnaire in KEPT and person.permits("keep")


def following(questionnaire: Questionnaire, answers: Mapping[str, str]) -> Item | None:
    """The first item called for and not answered, or None."""
    return next((item for item in questionnaire.items if item.id not in answers and enabled(item, answers)), None)


def begin(
    book: Book,
    person: Person,
    name: str,
    at: datetime,
    *,
    known: tuple[tuple[str, str], ...] = (),
    last: tuple[tuple[str, str], ...] = (),
    later: bool = False,
) -> tuple[Person, list[Effect]]:
    """Open a questionnaire and ask its first item. `known`: (item, answer) that need not be asked and are not recorded.

    `last`, `later`: see Place. A place already open is closed, with the answers it has; so is one of the same
    questionnaire that waits.
    """
    person, effects = leave(person)
    if person.waiting and person.waiting.questionnaire == name:
        effects += closing(person, person.waiting, "stopped")
        person = person.moved(waiting=None)
    run = person.runs + 1
    first = following(book.questionnaires[name], dict(known))
    if first is None:
        return person, effects
    place = Place(questionnaire=name, run=run, item=first.id, at=at, answers=known, last=last, later=later)
    if keeps(person, name):
        effects.append(Begin(run=run, questionnaire=name))
    return person.moved(place=place, runs=run), [*effects, ask(book, place)]


def leave(person: Person, state: str = "stopped") -> tuple[Person, list[Effect]]:
    """Close the open place, if there is one."""
    if person.place is None:
        return person, []
    return person.moved(place=None), closing(person, person.place, state)


def leave_all(person: Person) -> tuple[Person, list[Effect]]:
    """Close the open place, and the one that waits."""
    person, effects = leave(person)
    waited = closing(person, person.waiting, "stopped") if person.waiting else []
    return person.moved(waiting=None), [*effects, *waited]


def outdated(book: Book, person: Person) -> bool:
    """Whether the content has changed since, and no longer has a question the person was at."""
    places = [place for place in (person.place, person.waiting) if place is not None]
    return any(book.item(f"{place.questionnaire}/{place.item}") is None for place in places)


def closing(person: Person, place: Place, state: str) -> list[Effect]:
    """The end of a response, if one was kept."""
    return [Close(run=place.run, state=state, urgency=place.urgency)] if keeps(person, place.questionnaire) else []


def set_aside(person: Person) -> tuple[Person, list[Effect]]:
    """Keep the open place for later, to make room for something more urgent. What waited already is closed."""
    if person.place is None or person.place.questionnaire == "red_flags":
        return leave(person)
    effects = closing(person, person.waiting, "stopped") if person.waiting else []
    return person.moved(place=None, waiting=person.place), effects


def put_by(person: Person) -> tuple[Person, list[Effect]]:
    """Keep a check-in that is open for later, while its own days, times or place are asked."""
    checkin = person.place is not None and person.place.questionnaire in ("daily", "weekly")
    return set_aside(person) if checkin else (person, [])


def resume(book: Book, person: Person) -> tuple[Person, list[Effect]]:
    """Go on with what was set aside, or ask the open question again."""
    if person.waiting is not None:
        person, effects = leave(person)
        place = person.waiting
        assert place is not None
        return person.moved(place=place, waiting=None), [*effects, ask(book, place)]
    return person, [ask(book, person.place)] if person.place else []


def ask(book: Book, place: Place, *, skips: bool = False) -> Ask:
    """Ask what the place is waiting for. `skips`: ask why it is skipped."""
    answers, questionnaire = dict(place.answers), book.questionnaires[place.questionnaire]
    items = [item.id for item in questionnaire.items if enabled(item, answers)]
    number = items.index(place.item) + 1 if place.item in items else len(items)
    found = book.item(f"{place.questionnaire}/{place.item}")
    asked = Ask(questionnaire=place.questionnaire, item=place.item, run=place.run, step=(number, len(items)))
    if not questionnaire.steered or found is None:
        return asked
    if skips:
        return replace(asked, buttons=reasons(found[1], place), skips=True)
    chosen = found[1].option(place.answer(place.item))
    return replace(
        asked,
        chosen=chosen.id if chosen else "",
        last=offered(questionnaire, place),
        buttons=ways(questionnaire, place),
    )


def taken(place: Place, item: Item, option: Option | None, value: str, at: datetime) -> Place:
    """The place after an answer. Urgency only rises, whatever the answer replaces."""
    said = option.id if option else value
    answers = {**dict(place.answers), item.id: said}
    urgency = max((u for u in (place.urgency, option.urgency if option else None) if u is not None), default=None)
    return place.moved(at=at, answers=tuple(answers.items()), urgency=urgency)


def record(place: Place, item: Item, option: Option | None, value: str, version: str) -> Record:
    """The row an answer becomes."""
    return Record(
        run=place.run,
        questionnaire=place.questionnaire,
        item=item.id,
        version=version,
        urgency=option.urgency if option else None,
        option=option.id if option and not value else "",
        value=value,
    )


def sign(path: str, option: Option) -> str:
    """What an answer tells: the path of its item, with `#option` where that has words of its own.

    What is recognised in typed words is `words/` and the screen it calls for.
    """
    return f"{path}#{option.id}" if option.named else path


def named(told: tuple[str, ...], typed: str = "words.sign") -> tuple[Words, ...]:
    """The names of signs, and that some of them (`typed`) were told in the person's own words."""
    names = []
    for one in told:
        path, mark, option = one.replace("/", ".").partition("#")
        names.append(Words(f"{path}.sign_{option}" if mark else f"{path}.sign"))
    return (*names, Words(typed)) if any(map(in_own_words, told)) else tuple(names)


def in_own_words(told: str) -> bool:
    """Whether a sign was recognised in typed words."""
    return told.startswith("words/")


def signs(questionnaire: Questionnaire, place: Place) -> tuple[str, ...]:
    """What the answers tell for which somebody must act, in the order they were given."""
    found = []
    for name, said in place.answers:
        item = questionnaire.item(name)
        option = item.option(said) if item else None
        if option and option.urgency is not None and option.urgency >= Urgency.URGENT:
            found.append(sign(f"{questionnaire.id}/{name}", option))
    return tuple(found)
