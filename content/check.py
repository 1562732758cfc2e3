"""Every promise about texts. What is broken is said for whoever edits them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from content.facts import MEDICAL, Facts, sites
from content.load import PANIC, Library
from content.longest import common, filled, too_long, unfit
from content.mentions import FILLED, matches, mentions
from content.readable import readable
from content.rules import (
    acted_on,
    answers_claimed,
    deaths_heard,
    exclusions_listed,
    led_on,
    phrases_heard,
    requirements_exact,
    sourced,
    thresholds_agreed,
)
from content.safety import (
    conflicts_settled,
    hazards_controlled,
    pathways_usable,
    population_told,
    requirements_met,
    together_urgent,
)
from content.several import told_together
from content.strict import meant
from content.wording import labels_fixed, screens_say, signs_named, texts_say
from flows.book import Questionnaire

PLACE = re.compile(r"\{(\w*)\}")
FIGURE = re.compile(r"(?<![A-Za-z\d])\d|%|\bper ?cent\b|\bin (ten|a hundred|a thousand)\b", re.IGNORECASE)
DESCRIPTIONS = {"bot.description": "description", "bot.short_description": "short description"}
YEAR = re.compile(r"\b(19|20)\d\d\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, by name, and what is wrong."""

    counts: Mapping[str, int]
    problems: list[str]


def facts_of(library: Library, flows_folder: Path) -> Facts:
    """What the checks look at, of this content and source."""
    root = flows_folder.resolve().parent
    return Facts(library, mentions(flows_folder), root, PROOFS, tuple(sites(root / "content")))


def check(library: Library, flows_folder: Path) -> Report:
    """Look at everything. `flows_folder` is that of the source, beside which `content` and `bot` are looked for."""
    facts = facts_of(library, flows_folder)
    book = library.book
    items = [item for questionnaire in book.questionnaires.values() for item in questionnaire.items]
    problems = list(dict.fromkeys(problem for one in CHECKS for problem in one(facts)))
    counts = {
        "languages": len(library.words),
        "keys": len({key for words in library.words.values() for key in words}),
        "questionnaires": len(book.questionnaires),
        "items": len(items),
        "options": sum(len(item.options) for item in items),
        "advice screens": len(book.advice),
        "treatments": len(book.treatments),
        "sentences": sum(1 for key in facts.needed if MEDICAL.fullmatch(key) and key.count(".") > 2),
        "sources": len(book.sources),
        "requirements": len(library.requirements),
        "conflicts": len(library.conflicts),
        "hazards": len(library.hazards),
        "texts rendered": len(facts.shown) + sum(len(words) for words in library.words.values()),
    }
    return Report(counts=counts, problems=problems)


def words_missing(facts: Facts) -> Iterator[str]:
    """Content and program have the words they ask for."""
    for language, words in facts.library.words.items():
        here = f"locales/{language}"
        yield from (f'{here}: "{key}" is missing.' for key in sorted(facts.needed - words.keys()))
        for key, where in facts.mentions.keys.items():
            if key not in words and key not in facts.needed:
                yield f'{where}: words "{key}" are missing in {here}.'
        for pattern, where in facts.mentions.patterns.items():
            if pattern[0].islower() and not any(re.fullmatch(pattern, key) for key in words):
                said = re.sub(r"\\(.)", r"\1", pattern.replace(FILLED, "…"))
                yield f'{where}: no words in {here} are named "{said}".'


def words_unused(facts: Facts) -> Iterator[str]:
    """Nothing is written that nobody can ever read. A `_patient` form is used if its plain form is."""
    for _, key, _, where in facts.texts():
        plain = key.removesuffix("_patient")
        wanted = any(name in facts.needed or name in facts.mentions.keys for name in (key, plain))
        asked = facts.mentions.uses(key) or facts.mentions.uses(plain)
        if not wanted and (facts.formed(plain) or not asked):
            yield f'{where}: nobody uses "{key}".'


def languages_differ(facts: Facts) -> Iterator[str]:
    """Every language has the same keys, with the same places in each."""
    known: dict[str, tuple[str, str]] = {}
    for _, key, text, where in facts.texts():
        known.setdefault(key, (where, text))
    for language, words in facts.library.words.items():
        for key, (where, text) in known.items():
            if key not in words:
                yield f'locales/{language}: "{key}" is missing; it is in {where}.'
            elif set(PLACE.findall(words[key])) != set(PLACE.findall(text)):
                here = facts.library.where[language][key]
                yield f'{here}: "{key}" has other {{places}} than in {where}.'


def places(facts: Facts) -> Iterator[str]:
    """Every {place} is one that somebody fills in."""
    everywhere = common(facts.library)
    for _, key, text, where in facts.texts():
        known = everywhere | _filled(facts, key)
        for place in PLACE.findall(text):
            if place not in known:
                yield f'{where}: nothing fills {{{place}}} in "{key}".{meant(place, known)}'


def markup(facts: Facts) -> Iterator[str]:
    """Bold marks come in pairs; braces only around a place."""
    for _, key, text, where in facts.texts():
        if text.count("**") % 2:
            yield f'{where}: a ** in "{key}" has no partner.'
        if re.search(r"[{}]", PLACE.sub("", text)):
            yield f'{where}: a brace in "{key}" belongs to no {{place}}.'


def banned_words(facts: Facts) -> Iterator[str]:
    """No false comfort, no recommendation, no blame."""
    needless = dict(facts.library.excused)
    for language, key, text, where in facts.texts():
        for phrase in facts.library.banned.get(language, ()):
            if not re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?!\w)", _plain(text)):
                continue
            if key not in facts.library.excused:
                yield f'{where}: "{key}" says "{phrase}", which content/banned.yaml forbids.'
            needless.pop(key, None)
    yield from (f'content/banned.yaml: "{key}" needs no excuse.' for key in needless)


def figures(facts: Facts) -> Iterator[str]:
    """A figure in a treatment comes with its year; outside the content there is none without a reason."""
    needless = dict(facts.library.figures)
    for _, key, text, where in facts.texts():
        bare = PLACE.sub("", text)
        if key.startswith("treatments.") and FIGURE.search(bare) and not YEAR.search(bare):
            yield f'{where}: "{key}" has a figure and not the year of its study.'
        if not facts.medical(key) and re.search(r"\d", bare):
            if key not in facts.library.figures:
                yield f'{where}: "{key}" has a figure. Move it into content, or allow it in content/banned.yaml.'
            needless.pop(key, None)
    yield from (f'content/banned.yaml: "{key}" has no figure to allow.' for key in needless)


def advice_unused(facts: Facts) -> Iterator[str]:
    """Every what-to-do screen can be reached."""
    book = facts.library.book
    led = {option.advice for one in book.questionnaires.values() for item in one.items for option in item.options}
    led |= {one.step_up_advice for one in book.questionnaires.values()}
    led |= {phrase.advice for phrases in book.phrases.values() for phrase in phrases}
    led |= facts.mentions.advice.keys()
    yield from (f'content/advice.yaml: nothing leads to "{name}".' for name in book.advice if name not in led)
    for name, where in facts.mentions.advice.items():
        if name not in book.advice:
            yield f'{where}: advice "{name}" is unknown.'


def names_known(facts: Facts) -> Iterator[str]:
    """What the flows know by name is in the content: without it they would go wrong in silence."""
    questionnaires = facts.library.book.questionnaires
    for name in facts.mentions.named:
        if name.questionnaire and name.questionnaire not in questionnaires:
            told = meant(name.questionnaire, questionnaires)
            yield f'{name.where}: there is no questionnaire "{name.questionnaire}".{told}'
        among = [one for one in questionnaires.values() if one.id in name.among or not name.among]
        items = [item for one in among for item in one.items if name.item in ("", item.id)]
        if not among:
            continue
        if name.item and not items:
            told = meant(name.item, [item.id for one in among for item in one.items])
            yield f'{name.where}: there is no item "{name.item}" in {_listed(among)}.{told}'
        elif name.option and all(item.option(name.option) is None for item in items):
            told = meant(name.option, [option.id for item in items for option in item.options])
            item = f'item "{name.item}"' if name.item else "item"
            yield f'{name.where}: no {item} in {_listed(among)} has the option "{name.option}".{told}'


def limits(facts: Facts) -> Iterator[str]:
    """Everything can be shown, and fits where it is shown, also at its longest."""
    told = facts.needed | facts.mentions.keys.keys()
    for one in facts.shown:
        if one.missing and "." not in one.missing:
            yield f"{one.what}: nothing fills {{{one.missing}}} there."
        elif one.missing and one.missing not in told:
            yield f'{one.what}: words "{one.missing}" are missing.'
            told |= {one.missing}
        yield from unfit(one)
    for language, key, _, where in facts.texts():
        kind = _kind(facts, key)
        yield from too_long(f'{where}: "{key}"', filled(facts.library, language, key, kind), kind)


def _listed(questionnaires: list[Questionnaire]) -> str:
    return " or ".join(one.id for one in questionnaires)


def _filled(facts: Facts, key: str) -> frozenset[str] | set[str]:
    """The places that are filled in the words of a key, besides those filled everywhere."""
    if key.startswith("advice.") and key.count(".") > 2:
        return frozenset({"sign", "onset", "degrees"})
    if key.removesuffix("_patient") in facts.needed and not facts.mentions.uses(key):
        return frozenset({"zone"})
    return facts.mentions.passed.get(key, facts.mentions.names)


def _kind(facts: Facts, key: str) -> str:
    if key == PANIC or matches(key, facts.mentions.buttons):
        return "button"
    if matches(key, facts.mentions.toasts):
        return "toast"
    return "command" if key.startswith("command.") else DESCRIPTIONS.get(key, "message")


def _plain(text: str) -> str:
    """As it is compared: one case, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


CHECKS: tuple[Callable[[Facts], Iterator[str]], ...] = (
    words_missing,
    words_unused,
    languages_differ,
    places,
    markup,
    banned_words,
    figures,
    advice_unused,
    names_known,
    limits,
    requirements_met,
    requirements_exact,
    answers_claimed,
    thresholds_agreed,
    screens_say,
    texts_say,
    labels_fixed,
    signs_named,
    acted_on,
    led_on,
    together_urgent,
    sourced,
    conflicts_settled,
    hazards_controlled,
    population_told,
    exclusions_listed,
    phrases_heard,
    told_together,
    deaths_heard,
    pathways_usable,
    readable,
)
PROOFS = frozenset({*(one.__name__ for one in CHECKS), "walk"})  # what a control in hazards.yaml may rest on
