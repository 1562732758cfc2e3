"""What is promised of the ways through a check-in: back, past a question, as last time, and not now."""

from collections.abc import Iterator
from datetime import timedelta

from content.transition import Transition, hushed
from flows.book import Book, Option, Urgency
from flows.effects import Ask, Close, Record, Wake
from flows.events import Tapped
from flows.person import Place

HOUR, STILL, WEEK = timedelta(hours=1), timedelta(days=3), timedelta(days=6)


def steering(book: Book, t: Transition) -> Iterator[str]:
    """Every promise about these that this breaks."""
    for ask in (one for one in t.effects if isinstance(one, Ask)):
        yield from _offered(book, t, ask)
    yield from _kept(book, t)
    event, place = t.event, t.before.place
    weekly = t.before.weekly
    if weekly is not None and t.after.weekly not in (None, weekly) and event.at - weekly < WEEK:
        yield "the questions of a week are asked twice in it"
    if not isinstance(event, Tapped) or event.item != "checkin" or t.bare:
        return
    if place is None or event.run != place.run or not book.questionnaires[place.questionnaire].steered:
        if (t.before.place is None) != (t.after.place is None) or t.does(Record):
            yield "an old button changes what is open"
    elif event.option == "later":
        yield from _put_off(book, t, place)
    elif event.option in ("back", "skip", "on") and (now := t.after.place) and now.run == place.run:
        if now.answers != place.answers or t.does(Record):
            yield f"{event.option} changes an answer"
        if event.option == "back" and not _is_before(book, place, now):
            yield "back does not lead back"
    elif event.option == "same":
        yield from _repeated(book, t, place)


def _offered(book: Book, t: Transition, ask: Ask) -> Iterator[str]:
    """What one tap repeats was answered in the last check-in, not long ago, and has no urgency."""
    last, place = t.before.last, t.after.place
    for name, said in ask.last:
        option = _option(book, ask.questionnaire, name, said)
        known = dict(last.answers).get(name) == said if last else False
        if option is None or option.urgency is not None or not known:
            yield f"one tap answers {name} with what was not said last time, or cannot wait"
        found = book.item(f"{ask.questionnaire}/{name}")
        if found and any(one.urgency == Urgency.EMERGENCY for one in found[1].options):
            yield f"one tap answers {name}, which can be an emergency"
    if ask.last and place is not None and (place.urgency or 0) >= Urgency.URGENT:
        yield "as last time is offered although something was told that cannot wait"


def _kept(book: Book, t: Transition) -> Iterator[str]:
    """What a check-in leaves for one tap to repeat has no urgency."""
    last = t.after.last
    if last is None or last is t.before.last:
        return
    options = (_option(book, "daily", name, said) for name, said in last.answers)
    if any(option is None or option.urgency is not None for option in options):
        yield "what cannot wait is kept to be repeated by one tap"


def _repeated(book: Book, t: Transition, place: Place) -> Iterator[str]:
    """As last time records what was said last time, and nothing else."""
    last = dict(place.last)
    for one in (one for one in t.effects if isinstance(one, Record)):
        option = _option(book, one.questionnaire, one.item, one.option)
        if last.get(one.item) != one.option or option is None or option.urgency is not None:
            yield "as last time records something else than last time"


def _put_off(book: Book, t: Transition, place: Place) -> Iterator[str]:
    """Asked again in an hour, once, and not in quiet hours; or else the check-in ends and that is said."""
    wakes = [one for one in t.effects if isinstance(one, Wake)]
    if not place.later or place.answers:
        if t.after.place is None or wakes:
            yield "a check-in that was begun, or put off before, is put off"
        return
    then = t.event.at + HOUR
    quiet = hushed(book, t.before, then)
    if quiet and (wakes or not t.does(Close)):
        yield "a check-in is put off into the quiet hours"
    waits = t.after.waiting
    if not quiet and ([one.at for one in wakes] != [then] or waits is None or waits.later):
        yield "a check-in that is put off does not come in an hour, this once"


def _is_before(book: Book, was: Place, now: Place) -> bool:
    ids = [item.id for item in book.questionnaires[was.questionnaire].items]
    first = not any(name in dict(was.answers) for name in ids[: ids.index(was.item)])
    return (now.item == was.item) if first else ids.index(now.item) < ids.index(was.item)


def _option(book: Book, questionnaire: str, item: str, said: str) -> Option | None:
    found = book.item(f"{questionnaire}/{item}")
    return found[1].option(said) if found else None
