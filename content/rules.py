"""Promises about single rules, as they stand in memory: led to, acted on, sourced, and no weaker than agreed."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from content.facts import Facts
from content.links import MEDICAL
from content.load import load
from content.safety import DENIED, UNSURE
from content.steps import sample
from content.strict import ContentError
from flows.book import Item, Option, Pathway, Questionnaire, Source, Urgency
from flows.recognise import recognise

SURE = "yes"
OTHER = "other"
MEASURED = {"fever": 1, "low_temperature": -1}  # 1: counts from there up, -1: below there


def sourced(facts: Facts) -> Iterator[str]:
    """Every question and medical sentence has a source, and of every source it is told what it is."""
    book = facts.library.book
    for name, references in _resting(facts):
        if not references:
            yield f"{name}: has no source."
        for reference in references:
            if reference.partition("#")[0] not in book.sources:
                yield f'{name}: source "{reference}" is unknown.'
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
    """Words that hold a phrase are heard, at least as urgent as it is."""
    for language, phrases in facts.library.book.phrases.items():
        for one in phrases:
            heard = recognise(facts.library.book, language, sample(one))
            if heard is None or heard.urgency < one.urgency:
                yield f'content/phrases.yaml: "{sample(one)}" is not heard as {one.urgency.name.lower()}.'


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
            elif not when.options:
                yield f'{path}: no answer to "{when.item}" leads to it.'


def acted_on(facts: Facts) -> Iterator[str]:
    """An urgent answer leads to a screen as urgent, and not being sure of an emergency counts as yes."""
    for questionnaire, item in _asked(facts):
        path = f"{questionnaire.id}/{item.id}"
        for option in item.options:
            screen = facts.library.book.advice.get(option.advice)
            if (option.urgency or 0) >= Urgency.URGENT and (screen is None or screen.urgency < (option.urgency or 0)):
                yield f'{path}: "{option.id}" leads to nothing as urgent as it is.'
        worst = max((option.urgency or 0 for option in item.options), default=0)
        sure, unsure = item.option(SURE), item.option(UNSURE)
        if worst < Urgency.EMERGENCY or item.measure:
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
    sites, measured = list(_sites(facts)), any(item.measure for _, item in _asked(facts))
    for name, sign in MEASURED.items() if measured else ():
        one = facts.library.requirements.get(name)
        if one is None or OTHER not in one.limits:
            yield f'content/requirements.yaml: "{name}" has no limit for other countries.'
            continue
        least: dict[str, float] = {}
        for site in sites:
            given, group = (site.fever if sign > 0 else site.low), site.country if site.country in one.limits else OTHER
            least[group] = max(given * sign, least.get(group, given * sign))
            if given * sign > one.limits[group] * sign:
                told = f"requirements.yaml lets {group} say {one.limits[group]}"
                yield f"pathway {site.id}: {name} counts from {given} °C; {told}."
        for group, limit in one.limits.items():
            if group in least and least[group] < limit * sign:
                told = f"lets {group} say {limit}, and every pathway there is stricter"
                yield f'content/requirements.yaml: "{name}" {told}.'


def _sites(facts: Facts) -> Iterator[Pathway]:
    """The pathway that is loaded, and all others that can be."""
    here = facts.library.book.pathway
    yield here
    for path in sorted((facts.root / "content" / "pathways").glob("*.yaml")):
        if path.stem != here.id:
            with suppress(ContentError):  # pathways_usable tells of it
                yield load(facts.root / "content", path.stem).book.pathway


def _asked(facts: Facts) -> Iterator[tuple[Questionnaire, Item]]:
    for one in facts.library.book.questionnaires.values():
        if one.id in MEDICAL:
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
