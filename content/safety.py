"""The promises about triage: every sign is asked about, the stricter source wins, every hazard is under control."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from content.facts import Facts
from content.links import MEDICAL
from content.load import Library, load
from content.longest import messages, unfit
from content.registers import Conflict, Requirement
from content.strict import ContentError, meant
from content.wording import holds
from flows.book import Item, Option, Questionnaire, Sentence, Urgency
from flows.ways import SKIPPED

UNSURE = "not_sure"
DENIED = frozenset({"no", "known", "none", "between", "same", *SKIPPED})  # answers that admit no sign


def requirements_met(facts: Facts) -> Iterator[str]:
    """Every sign is asked about in its own words, and whoever admits it gets the screen and urgency it needs."""
    library = facts.library
    for name in library.signs.keys() - library.requirements.keys():
        told = meant(name, library.requirements)
        yield f'{library.signs[name][0]}: claims "{name}", which requirements.yaml does not know.{told}'
    for name, one in library.requirements.items():
        claims = library.signs.get(name, ())
        asking, items = {claim.partition("/")[0] for claim in claims}, {claim.partition("#")[0] for claim in claims}
        for asked in one.asked_in:
            if asked not in asking | items:
                yield f'content/requirements.yaml: nothing in {asked} asks about "{name}" ({one.says}).'
        for more in sorted(asking.difference(asked.partition("/")[0] for asked in one.asked_in)):
            yield f'content/requirements.yaml: "{name}" does not list {more} under asked_in, which claims it.'
        for claim in claims:
            yield from _claim(facts, one, claim)
        if one.screen not in library.book.advice:
            told = meant(one.screen, library.book.advice)
            yield f'content/requirements.yaml: "{name}" leads to "{one.screen}", which is no screen.{told}'
        elif library.book.advice[one.screen].urgency < one.least:
            told = f'"{name}" leads to "{one.screen}", which is less than {_named(one.least)}.'
            yield f"content/requirements.yaml: {told}"
    for (path, option), screens in screens_required(library).items():
        found = library.book.item(path)
        given = found[1].option(option) if found else None
        if len(screens) > 1:
            several = " and ".join(sorted(screens))
            yield f'{path}: the signs claimed for "{option}" ask for {several}: claim one by name.'
        elif given and given.advice not in screens:
            yield f'{path}: "{option}" leads to "{given.advice}", and requirements.yaml asks for "{min(screens)}".'


def screens_required(library: Library) -> dict[tuple[str, str], frozenset[str]]:
    """By (path, option): the screens that the signs claimed there ask for: those claimed by name, if any are."""
    general: dict[tuple[str, str], set[str]] = {}
    named: dict[tuple[str, str], set[str]] = {}
    for name, claims in library.signs.items():
        one = library.requirements.get(name)
        for claim in claims if one else ():
            path, _, option = claim.partition("#")
            found = library.book.item(path)
            for other in found[1].options if found and one else ():
                if one and (other.id == option if option else other.id not in DENIED):
                    (named if option else general).setdefault((path, other.id), set()).add(one.screen)
    return {place: frozenset(screens) for place, screens in (general | named).items()}


def together_urgent(facts: Facts) -> Iterator[str]:
    """Several urgent signs together are an emergency, wherever signs are asked about."""
    most = facts.library.register.together.urgent
    for one in facts.library.book.questionnaires.values():
        if one.id in MEDICAL and not 0 < one.step_up <= most:
            told = f"step_up must count {most} urgent answers as an emergency, as requirements.yaml says"
            yield f"content/questionnaires/{one.id}.yaml: {told}."


def conflicts_settled(facts: Facts) -> Iterator[str]:
    """The stricter source wins, the questions are as urgent as it says, and what they rest on names it."""
    for one in facts.library.conflicts.values():
        yield from (f'content/conflicts.yaml: "{one.conflict}": {told}' for told in _conflict(facts, one))


def hazards_controlled(facts: Facts) -> Iterator[str]:
    """What proves a control exists: a test, a played talk, or one of these checks. No hazard is left out."""
    for number, name in enumerate(facts.library.hazards, 1):
        if name != f"H{number}":
            yield f'content/hazards.yaml: "{name}" stands where H{number} should: none is left out.'
            break
    for hazard in facts.library.hazards.values():
        for proof in (proof for control in hazard.controls for proof in control.proof):
            if told := _unproven(facts, proof):
                yield f"content/hazards.yaml: {hazard.hazard}: {told}"


def population_told(facts: Facts) -> Iterator[str]:
    """What rests on a study that left an illness out says so in the same words."""
    for key, sentence in _sentences(facts):
        for name in (name for source in sentence.sources for name in _excluded(facts, source)):
            for language, words in facts.library.words.items():
                said = facts.library.illnesses[name].get(language, "")
                for form in (key, f"{key}_patient"):
                    if form in words and not (said and holds(said, words[form])):
                        where = facts.library.where[language][form]
                        yield f'{where}: "{form}" rests on a study without {name} and does not say "{said or name}".'


def pathways_usable(facts: Facts) -> Iterator[str]:
    """Every pathway can be loaded, and every screen can be shown with its numbers."""
    for path in sorted((facts.root / "content" / "pathways").glob("*.yaml")):
        try:
            library = load(facts.root / "content", path.stem)
        except ContentError as error:
            yield from error.problems
            continue
        site = library.book.pathway
        if site.id != path.stem:
            yield f'content/pathways/{path.name}:1: pathway "{site.id}" must have the name of its file, "{path.stem}".'
        shown = replace(library, book=replace(library.book, pathway=replace(site, zone="UTC")))  # it may be open
        for language in library.words:
            yield from (f"pathway {site.id}: {told}" for one in messages(shown, language) for told in unfit(one))


def _claim(facts: Facts, one: Requirement, claim: str) -> Iterator[str]:
    """Whether an item that claims to ask about a sign does."""
    found = _admitting(facts, claim)
    if found is None:
        yield f'{claim}: claims "{one.requirement}" for an option that it does not have.'
        return
    questionnaire, item, options = found
    if not options:
        yield f'{claim}: claims "{one.requirement}" and no answer admits it.'
    for when in item.when:
        missing = [name for name in one.after.get(when.item, ()) if (name in when.options) == when.other]
        if missing:
            yield f'{claim}: is not asked after "{", ".join(missing)}" to "{when.item}", as "{one.requirement}" needs.'
    for option in options:
        screen = facts.library.book.advice.get(option.advice)
        if (option.urgency or 0) < one.least or screen is None or screen.urgency < one.least:
            yield f'{claim}: "{option.id}" is less than {_named(one.least)}, which "{one.requirement}" needs at least.'
    for language, words in facts.library.words.items():
        asked = one.asked.get(language)
        if not asked:
            yield f'content/requirements.yaml: "{one.requirement}" has nothing under asked in "{language}".'
            continue
        path = f"{questionnaire.id}.{item.id}"
        chosen = options if options[:1] != (item.option(UNSURE),) else item.options  # unsure: of any of the answers
        button = " ".join(words.get(f"{path}.{option.id}", "") for option in chosen) if "#" in claim else ""
        for form in ("ask", "ask_patient"):
            text = words.get(f"{path}.{form}")
            for word in asked if text is not None else ():
                if not holds(word, f"{text} {button}"):
                    where = facts.library.where[language][f"{path}.{form}"]
                    yield f'{where}: "{path}.{form}" claims "{one.requirement}" and does not say "{word}".'


def _conflict(facts: Facts, one: Conflict) -> Iterator[str]:
    known = [position.source for position in one.positions]
    if len(known) < 2:
        yield "one position is no conflict."
        return
    yield from (f'"{name}" has won and takes no part.{meant(name, known)}' for name in one.won if name not in known)
    urgencies = [position.urgency for position in one.positions]
    limits = [position.limit for position in one.positions]
    if None in urgencies and any(urgencies):
        yield "some positions have an urgency and some have none."
    if (None in limits) == bool(one.limit) or (None in limits and any(limit is not None for limit in limits)):
        yield "all positions have a limit and limit says what it counts, or none has."
    strictest = max(position.strictness for position in one.positions)
    stricter = [position.source for position in one.positions if position.strictness == strictest]
    if any(urgencies) and set(one.won) != set(stricter):
        yield f"{', '.join(stricter)} is the stricter and has to win."
    for place in one.where:
        yield from _settled(facts, one, place, Urgency(strictest[0]) if strictest[0] else None)


def _settled(facts: Facts, one: Conflict, place: str, least: Urgency | None) -> Iterator[str]:
    """Whether a question or page follows what won, and cites it; or cites all, where nothing won."""
    sources = _cited(facts, place)
    if sources is None:
        yield f'"{place}" is no question, and no page of a treatment.'
        return
    cited = {source.partition("#")[0] for source in sources}
    wanted = {source.partition("#")[0] for source in one.won or (position.source for position in one.positions)}
    if not (wanted & cited if one.won else wanted <= cited):
        yield f"{place} cites {'none of' if one.won else 'not all of'} {', '.join(sorted(wanted))}."
    found = _admitting(facts, place)
    for option in found[2] if found and least else ():
        if least and (option.urgency or 0) < least:
            yield f'"{option.id}" of {place} is less than {_named(least)}.'


def _cited(facts: Facts, place: str) -> tuple[str, ...] | None:
    if found := _admitting(facts, place):
        return found[1].sources
    match place.split("/"):
        case ["treatments", name, section] if name in facts.library.book.treatments:
            pages = facts.library.book.treatments[name].sections
            said = [sentence for page in pages if page.id == section for sentence in page.sentences]
            return tuple(source for sentence in said for source in sentence.sources) or None
        case _:
            return None


def _admitting(facts: Facts, path: str) -> tuple[Questionnaire, Item, tuple[Option, ...]] | None:
    """The item at `questionnaire/item` and its options that admit a sign; with `#option` that one alone."""
    place, _, name = path.partition("#")
    found = facts.library.book.item(place)
    if found is None or (name and not found[1].option(name)):
        return None
    return *found, tuple(one for one in found[1].options if (one.id == name if name else one.id not in DENIED))


def _sentences(facts: Facts) -> Iterator[tuple[str, Sentence]]:
    """Every medical sentence with the key of its words."""
    for advice in facts.library.book.advice.values():
        for part in ("do", "say", "watch"):
            yield from ((f"advice.{advice.id}.{part}.{one.id}", one) for one in getattr(advice, part))
    for treatment in facts.library.book.treatments.values():
        for section in treatment.sections:
            yield from ((f"treatments.{treatment.id}.{section.id}.{one.id}", one) for one in section.sentences)


def _excluded(facts: Facts, reference: str) -> tuple[str, ...]:
    source = facts.library.book.sources.get(reference.partition("#")[0])
    return source.excludes if source else ()


def _unproven(facts: Facts, proof: str) -> str:
    """Why a proof proves nothing; empty if it does."""
    kind, _, name = proof.partition(": ")
    if kind == "check":
        return "" if name in facts.checks else f'there is no check "{name}".{meant(name, facts.checks)}'
    file, mark, test = proof.partition("::")
    path = facts.root / file
    if not file.startswith("tests/") or (not mark and path.suffix != ".yaml"):
        return f'"{proof}" is no proof; name tests/test_x.py::test_y, tests/dialogs/x.yaml or check: name.'
    if not path.is_file():
        return f'there is no file "{file}".'
    known = _tests(path) if mark else frozenset({test})
    return "" if test in known else f'there is no test "{test}" in {file}.{meant(test, known)}'


@cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_bytes())
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def _named(urgency: Urgency) -> str:
    return urgency.name.lower()
