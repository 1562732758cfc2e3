"""The ways through a questionnaire besides its answers: back, past a question with a reason, and as last time."""

from collections.abc import Mapping

from flows.book import Item, Questionnaire, Urgency
from flows.effects import Button
from flows.person import Place

ITEM = "checkin"  # what the buttons report
SKIPPED = ("skip_unknown", "skip_cannot", "skip_unsaid")  # answers of their own: why there is none
UNSURE = "not_sure"  # where a question has this answer, not knowing is that, and counts as it does

Rows = tuple[tuple[Button, ...], ...]


def enabled(item: Item, answers: Mapping[str, str]) -> bool:
    """Whether earlier answers call for the item (FHIR: enableWhen)."""
    conditions = ((when, answers.get(when.item)) for when in item.when)
    return all(said is not None and (said in when.options) != when.other for when, said in conditions)


def before(questionnaire: Questionnaire, place: Place) -> Item | None:
    """The question asked before the open one, None if that is the first."""
    answers, found = dict(place.answers), None
    for item in questionnaire.items:
        if item.id == place.item:
            return found
        found = item if item.id in answers and item.options and enabled(item, answers) else found
    return None


def offered(questionnaire: Questionnaire, place: Place) -> tuple[tuple[str, str], ...]:
    """(item, option) that one tap answers as last time: of the open question, and of those right behind it.

    Never with urgency, and not once something was told that cannot wait.
    """
    ids, answers, last = [item.id for item in questionnaire.items], dict(place.answers), dict(place.last)
    if place.item not in ids or (place.urgency or 0) >= Urgency.URGENT:
        return ()
    found: list[tuple[str, str]] = []
    for item in questionnaire.items[ids.index(place.item) :]:
        if item.id not in answers and not enabled(item, answers):
            continue
        option = item.option(last.get(item.id, "")) if item.same and item.id not in answers else None
        if option is None or option.urgency is not None or option.id in SKIPPED:
            break
        answers[item.id] = option.id
        found.append((item.id, option.id))
    return tuple(found)


def ways(questionnaire: Questionnaire, place: Place) -> Rows:
    """As last time, back, skip, on, and not now: what makes sense at the open question."""
    about, item = str(place.run), questionnaire.item(place.item)
    first = before(questionnaire, place) is None
    same = Button(words="button.same", item=ITEM, option="same", about=about)
    back = Button(words="button.back", item=ITEM, option="back", about=about)
    skip = Button(words="button.skip", item=ITEM, option="skip", about=about)
    on = Button(words="button.on", item=ITEM, option="on", about=about)
    later = Button(words="button.later", item=ITEM, option="later", about=about)
    answered = bool(place.answer(place.item))
    skips = (skip,) if item is not None and skippable(item) and not answered else ()
    row = (*(() if first else (back,)), *skips, *((on,) if answered else ()))
    rows: Rows = ((same,),) if offered(questionnaire, place) else ()
    rows = (*rows, row) if row else rows
    return (*rows, (later,)) if first and place.later and not answered else rows


def skippable(item: Item) -> bool:
    """Whether it takes a reason for no answer."""
    return any(option.id in SKIPPED for option in item.options)


def reasons(item: Item, place: Place) -> Rows:
    """Why a question is skipped, as answers to it; and a way to answer it after all."""
    path, about = f"{place.questionnaire}/{item.id}", str(place.run)
    names = [UNSURE if item.option(UNSURE) else SKIPPED[0], *SKIPPED[1:]]
    rows = tuple(
        (Button(words=f"skip.why.{words}", item=path, option=name, about=about),)
        for words, name in zip(("unknown", "cannot", "unsaid"), names, strict=True)
    )
    return (*rows, (Button(words="skip.why.answer", item=ITEM, option="on", about=about),))


def skipped_signs(questionnaire: Questionnaire, place: Place) -> bool:
    """Whether a question about a warning sign was skipped."""
    answers = dict(place.answers)
    asked = (item for item in questionnaire.items if answers.get(item.id) in SKIPPED and enabled(item, answers))
    return any((option.urgency or 0) >= Urgency.URGENT for item in asked for option in item.options)
