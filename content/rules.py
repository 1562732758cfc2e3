"""Promises about single rules, as they stand in memory: led to, acted on, sourced, and no weaker than agreed."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from content.facts import Facts
from content.links import ACUTE, MEDICAL
from content.safety import DENIED, UNSURE
from content.sites import MEASURED, OTHER, counted, lenient, limited
from flows.book import Item, Option, Phrase, Phrases, Questionnaire, Source, Urgency
from flows.recognise import Words, found

SURE = "yes"
PAINLESS = frozenset({"0"})  # answers after which a question about warning signs may be left out
DAY = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")
REVIEWER = re.compile(r"\S+ [^,]*\w{2,}[^,]*, *\w{3,}")  # a name of two words, and a role


def sourced(facts: Facts) -> Iterator[str]:
    """Every question and medical sentence has a source, and of every source it is told what it is."""
    book = facts.library.book
    for name, references in _resting(facts):
        if not references:
            yield f"{name}: has no source."
        for reference in references:
            source, _, place = reference.partition("#")
            if source not in book.sources:
                yield f'{name}: source "{reference}" is unknown.'
            elif place and place not in book.sources[source].places:
                yield f'{name}: source "{source}" has no place "{place}".'
    for one in book.sources.values():
        yield from (f'content/sources.yaml: "{one.id}" has no {field}.' for field in _untold(one))
    for questionnaire in book.questionnaires.values():
        for reference in (reference for item in questionnaire.items for reference in item.sources):
            if reference.partition("#")[0] not in book.sources:
                yield f'{questionnaire.id}: source "{reference}" is unknown.'


def exclusions_listed(facts: Facts) -> Iterator[str]:
    """A source whose population says that an illness was left out lists it under `excludes`."""
    for one in facts.library.book.sources.values():
        for name, words in facts.library.illnesses.items():
            said = any(_left_out(word, one.population) for word in words.values())
            if said and name not in one.excludes:
                yield f'content/sources.yaml: "{one.id}" does not list {name} under excludes, as its population says.'


def phrases_heard(facts: Facts) -> Iterator[str]:
    """What people type is heard by the screen it calls for, as urgent as that; what is no sign is not heard."""
    book = facts.library.book
    for language in facts.library.words:
        typed = facts.library.typed.get(language, {})
        if not any(typed.values()):
            yield f'content/typed.yaml: nobody has typed a sign in "{language}".'
        for screens in dict.fromkeys(typed.values()):
            yield from (f'content/typed.yaml: advice "{one}" is unknown.' for one in screens if one not in book.advice)
        for text, heard in zip(typed, _heard(book.phrases.get(language), tuple(typed)), strict=True):
            least = min((book.advice[one].urgency for one in typed[text] if one in book.advice), default=0)
            if heard and not typed[text]:
                yield f'content/typed.yaml: "{text}" is no sign, and is heard as {heard.advice}.'
            elif typed[text] and (not heard or heard.advice not in typed[text] or heard.urgency < least):
                told = f"{heard.advice}, {heard.urgency.name.lower()}" if heard else "nothing"
                yield f'content/typed.yaml: "{text}" is heard as {told}, not as {" or ".join(typed[text])}.'


def deaths_heard(facts: Facts) -> Iterator[str]:
    """What says that somebody has died is heard as that, and what does not is not."""
    for language, typed in facts.library.deaths.items():
        heard = facts.library.book.farewells.get(language)
        for text, died in typed.items():
            said = heard is not None and bool(found(heard.said, text)) and not found(heard.unless, text)
            if said != died:
                told = "says that somebody has died, and is not heard" if died else "is heard as a death"
                yield f'content/typed.yaml: "{text}" {told}.'


def forget_heard() -> None:
    """Look at the same phrases anew: how they are heard has changed."""
    _heard.cache_clear()


@lru_cache(maxsize=4)
def _heard(phrases: Phrases | None, texts: Words) -> tuple[Phrase | None, ...]:
    """What is heard in each text: looked at anew only where the phrases differ."""
    return tuple(found(phrases, text) if phrases else None for text in texts)


def led_on(facts: Facts) -> Iterator[str]:
    """A question that waits for a yes also comes after `not_sure`, and what it waits for is asked before."""
    for questionnaire, item in _asked(facts):
        before = {one.id: one for one in questionnaire.items[: questionnaire.items.index(item)]}
        for when in item.when:
            path, first = f"{questionnaire.id}/{item.id}", before.get(when.item)
            if first is None:
                yield f'{path}: waits for "{when.item}", which is not asked before.'
            elif first.option(SURE) and first.option(UNSURE) and (SURE in when.options) != (UNSURE in when.options):
                missing = SURE if UNSURE in when.options else UNSURE
                yield f'{path}: is asked after some answers to "{when.item}" and not after "{missing}".'
            elif when.other and not PAINLESS.issuperset(when.options) and _acute(item):
                yield f'{path}: is left out after "{", ".join(when.options)}" to "{when.item}", which may hide it.'
            elif not when.options:
                yield f'{path}: no answer to "{when.item}" leads to it.'


def _acute(item: Item) -> bool:
    return any((option.urgency or 0) >= Urgency.URGENT for option in item.options)


def acted_on(facts: Facts) -> Iterator[str]:
    """An urgent answer leads to a screen as urgent, and not being sure of an emergency counts as yes.

    What can be an emergency is always asked, and never answered as last time.
    """
    for questionnaire, item in _asked(facts):
        path = f"{questionnaire.id}/{item.id}"
        for option in item.options:
            screen = facts.library.book.advice.get(option.advice)
            if (option.urgency or 0) >= Urgency.URGENT and (screen is None or screen.urgency < (option.urgency or 0)):
                yield f'{path}: "{option.id}" leads to nothing as urgent as it is.'
        worst = max((option.urgency or 0 for option in item.options), default=0)
        if item.same and worst == Urgency.EMERGENCY:
            yield f"{path}: can be an emergency, and one tap answers it as last time."
        sure, unsure = item.option(SURE), item.option(UNSURE)
        if worst < Urgency.EMERGENCY or item.measure or questionnaire.id not in MEDICAL:
            continue
        if unsure is None or (unsure.urgency or 0) < ((sure.urgency or 0) if sure else worst):
            yield f'{path}: "{UNSURE}" must be as urgent as {SURE if sure else "the worst answer"}.'


def requirements_exact(facts: Facts) -> Iterator[str]:
    """A requirement asks for no less than its questions give: else one of the two is wrong."""
    for name, claims in facts.library.signs.items():
        one = facts.library.requirements.get(name)
        given = [option.urgency or 0 for claim in claims for option in _admitting(facts, claim)]
        if one is not None and given and one.least < min(given):
            asked, least = one.least.name.lower(), Urgency(min(given)).name.lower()
            yield f'content/requirements.yaml: "{name}" asks for {asked}, and its questions for {least}.'


def answers_claimed(facts: Facts) -> Iterator[str]:
    """What an urgent answer calls for is also written in requirements.yaml, so that it cannot be weakened unseen."""
    library, held = facts.library, set[tuple[str, str]]()
    for name, claims in library.signs.items():
        least = library.requirements[name].least if name in library.requirements else 0
        for claim in claims:
            place = claim.partition("#")[0]
            held |= {(place, one.id) for one in _admitting(facts, claim) if least >= (one.urgency or 0)}
    for questionnaire, item in _asked(facts):
        path = f"{questionnaire.id}/{item.id}"
        for option in item.options:
            if (option.urgency or 0) >= Urgency.URGENT and (path, option.id) not in held:
                yield f'{path}: no requirement asks for as much as "{option.id}" calls for.'


def thresholds_agreed(facts: Facts) -> Iterator[str]:
    """No pathway takes a temperature less seriously than requirements.yaml lets its country, which lets no more than
    some pathway needs."""
    here = facts.library.book.pathway
    sites = [here, *(site for site in facts.sites if site.id != here.id)]
    measured = any(item.measure for _, item in _asked(facts))
    for name, sign in MEASURED.items() if measured else ():
        one = facts.library.requirements.get(name)
        if one is None or OTHER not in one.limits:
            yield f'content/requirements.yaml: "{name}" has no limit for other countries.'
            continue
        least: dict[str, float] = {}
        for site in sites:
            given, group = counted(name, site) * sign, limited(one, site)
            least[group] = max(given, least.get(group, given))
            if told := lenient(one, site):
                yield f"pathway {site.id}: {told}"
        for group, limit in one.limits.items():
            if group in least and least[group] < limit * sign:
                told = f"lets {group} say {limit}, and every pathway there is stricter"
                yield f'content/requirements.yaml: "{name}" {told}.'


def _asked(facts: Facts) -> Iterator[tuple[Questionnaire, Item]]:
    for one in facts.library.book.questionnaires.values():
        if one.id in ACUTE:
            yield from ((one, item) for item in one.items)


def _admitting(facts: Facts, claim: str) -> list[Option]:
    path, _, name = claim.partition("#")
    found = facts.library.book.item(path)
    options = found[1].options if found else ()
    return [one for one in options if (one.id == name if name else one.id not in DENIED)]


def _resting(facts: Facts) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What rests on sources, by name."""
    for questionnaire, item in _asked(facts):
        yield f"{questionnaire.id}/{item.id}", item.sources
    for screen in facts.library.book.advice.values():
        for one in (*screen.do, *screen.say, *screen.watch):
            yield f"advice {screen.id}, {one.id}", one.sources
    for treatment in facts.library.book.treatments.values():
        for section in treatment.sections:
            yield from ((f"{treatment.id}/{section.id}, {one.id}", one.sources) for one in section.sentences)
    for requirement in facts.library.requirements.values():
        yield f"requirement {requirement.requirement}", requirement.source
    for conflict in facts.library.conflicts.values():
        yield f"conflict {conflict.conflict}", tuple(position.source for position in conflict.positions)


def _left_out(word: str, population: str) -> bool:
    """Whether it says `not cancer`, `not <word>`, or `<word> …, left out`."""
    name = re.escape(word)
    return re.search(rf"\bnot (cancer|{name})\b|\b{name}\b[^;.]*\bleft out\b", population, re.IGNORECASE) is not None


def _untold(source: Source) -> Iterator[str]:
    for field in ("title", "publisher", "year", "population", "url"):
        if not getattr(source, field):
            yield field
    if date.min in (source.read, source.review_on) or source.review_on < source.read:
        yield "day by which to look at it again"
    today = datetime.now(UTC).date() + timedelta(days=1)  # it may be tomorrow already where it was read
    if source.read > today or any(date.fromisoformat(day) > today for day in DAY.findall(source.reviewed_by)):
        yield "day that has come: it is read or reviewed in the future"
    if source.reviewed_by and not REVIEWER.match(source.reviewed_by):
        yield 'reviewer: write a name and what they are, such as "A. Nurse, spine nurse, 2026-11-22"'
