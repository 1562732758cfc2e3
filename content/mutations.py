"""Content made worse on purpose, one thing at a time, in memory: each of these must be noticed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from content.build import fixed
from content.links import ACUTE
from content.load import Library
from content.misspoken import misspoken
from flows.book import Book, Item, Option, Phrase, Questionnaire, Section, Sentence, Source, Urgency
from flows.recognise import listen

T = TypeVar("T")
HALF = 0.5  # °C
EMPTIED: Mapping[str, Any] = {"title": "", "publisher": "", "year": 0, "population": "", "review_on": date.min}
NOTHING = "nothing_on_list"
UNUSED = "text of no use: "  # what is noticed by the words that are left over
BARE = "rests on nothing"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change for the worse, in words, and the content with it, or how to make that: it may take a while."""

    what: str
    changed: Library | Callable[[], Library]

    @property
    def library(self) -> Library:
        return self.changed() if callable(self.changed) else self.changed


def mutations(library: Library) -> Iterator[Mutation]:
    """Every rule, source, requirement, conflict, control, phrase and denial in turn, removed or weakened."""
    for found in (_options, _items, _conditions, _step_ups, _requirements, _register, _sentences, _sources, _conflicts):
        yield from found(library)
    yield from _hazards(library)
    yield from _farewells(library)
    yield from _phrases(library)
    yield from _thresholds(library)
    for what, spoken in misspoken(library):
        yield Mutation(what, spoken)


def _options(library: Library) -> Iterator[Mutation]:
    for questionnaire, item in _asked(library):
        for option in (one for one in item.options if one.urgency is not None):
            path = f"{questionnaire.id}/{item.id}: {option.id}"
            for what, worse in _weaker(library.book, option):
                options = tuple(worse if one is option else one for one in item.options)
                changed = _with_item(library, questionnaire, item, replace(item, options=options))
                yield Mutation(f"{path} {what}", changed)


def _weaker(book: Book, option: Option) -> Iterator[tuple[str, Option]]:
    urgency = option.urgency or Urgency.ROUTINE
    if urgency > Urgency.ROUTINE:
        yield "one step less urgent", replace(option, urgency=Urgency(urgency - 1))
    yield "not urgent", replace(option, urgency=None, advice="")
    for name in (name for name, one in book.advice.items() if one.urgency == urgency and name != option.advice):
        yield f'leads to "{name}", as urgent', replace(option, advice=name)
    lesser = [name for name, one in book.advice.items() if one.urgency < urgency and name != NOTHING]
    for name in [*lesser[:1], *((NOTHING,) if NOTHING in book.advice else ())]:
        yield f'leads to "{name}"', replace(option, advice=name)


def _items(library: Library) -> Iterator[Mutation]:
    for questionnaire, item in _asked(library):
        if any(option.urgency for option in item.options) or _read(questionnaire, item):
            yield Mutation(f"{questionnaire.id}/{item.id} is gone", _with_item(library, questionnaire, item, None))


def _conditions(library: Library) -> Iterator[Mutation]:
    for questionnaire, item in _asked(library):
        for n, when in enumerate(item.when if any(option.urgency for option in item.options) else ()):
            before = questionnaire.item(when.item)
            others = tuple(one.id for one in before.options if one.id not in when.options) if before else ()
            for option in others if when.other else when.options:
                left = tuple(one for one in when.options if one != option)
                less = replace(when, options=(*when.options, option) if when.other else left)
                tight = replace(item, when=(*item.when[:n], less, *item.when[n + 1 :]))
                what = f"{questionnaire.id}/{item.id} is not asked after {when.item}: {option}"
                yield Mutation(what, _with_item(library, questionnaire, item, tight))


def _step_ups(library: Library) -> Iterator[Mutation]:
    for one in library.book.questionnaires.values():
        for number in (one.step_up + 1, 0) if one.step_up else ():
            what = f"{one.id}: {number or 'no number of'} urgent signs are an emergency"
            yield Mutation(what, _with_questionnaire(library, replace(one, step_up=number)))


def _requirements(library: Library) -> Iterator[Mutation]:
    for name, one in library.requirements.items():
        yield Mutation(f"requirement {name} is gone", replace(library, requirements=_put(library.requirements, name)))
        if one.least > Urgency.ROUTINE:
            less = one.model_copy(update={"least": Urgency(one.least - 1)})
            changed = replace(library, requirements=_put(library.requirements, name, less))
            yield Mutation(f"requirement {name} asks for less", changed)
        same = (other.id for other in library.book.advice.values() if other.urgency == one.least)
        other = one.model_copy(update={"screen": next(screen for screen in same if screen != one.screen)})
        changed = replace(library, requirements=_put(library.requirements, name, other))
        yield Mutation(f"requirement {name} asks for another screen", changed)


def _register(library: Library) -> Iterator[Mutation]:
    """How long signs count together, when it is asked whether help was reached, and where each answer leads."""
    register = library.register
    hour = timedelta(hours=1)
    less: dict[str, Any] = {"within": hour}
    yield Mutation("signs count together for an hour", _with_register(library, together=less))
    for field, value in {"soon": hour * 15, "times": 1, "later": hour * 15, "most": 1, "forgotten": NOTHING}.items():
        changed: dict[str, Any] = {field: value}
        yield Mutation(f"loop: {field} is {value}", _with_register(library, loop=changed))
    for calls, answers in register.loop.answers.items():
        for answer in answers:
            wrong: dict[str, Any] = {"answers": {**register.loop.answers, calls: {**answers, answer: NOTHING}}}
            yield Mutation(f"loop: {answer} leads elsewhere after {calls}", _with_register(library, loop=wrong))
    for name in register.screens:
        left = {other: screen for other, screen in register.screens.items() if other != name}
        gone = register.model_copy(update={"screens": left})
        yield Mutation(f"nothing is asked of the words of {name}", replace(library, register=gone))
    for language, held in register.texts.items():
        for key in held:
            fewer = {**register.texts, language: {other: one for other, one in held.items() if other != key}}
            lost = register.model_copy(update={"texts": fewer})
            yield Mutation(f"nothing is asked of {key} in {language}", replace(library, register=lost))


def _with_register(library: Library, **changed: dict[str, Any]) -> Library:
    """With other values in parts of the register."""
    parts = {name: getattr(library.register, name).model_copy(update=values) for name, values in changed.items()}
    return replace(library, register=library.register.model_copy(update=parts))


def _sentences(library: Library) -> Iterator[Mutation]:
    for screen in library.book.advice.values():
        for part in ("do", "say", "watch"):
            for n, one in enumerate(getattr(screen, part)):
                bare: dict[str, Any] = {part: _bare(getattr(screen, part), n)}
                book = replace(library.book, advice=_put(library.book.advice, screen.id, replace(screen, **bare)))
                yield Mutation(f"advice {screen.id}.{part}.{one.id} {BARE}", replace(library, book=book))
    for treatment in library.book.treatments.values():
        for m, section in enumerate(treatment.sections):
            for n, one in enumerate(section.sentences):
                page = Section(id=section.id, sentences=_bare(section.sentences, n))
                sections = (*treatment.sections[:m], page, *treatment.sections[m + 1 :])
                pages = _put(library.book.treatments, treatment.id, replace(treatment, sections=sections))
                what = f"treatments {treatment.id}.{section.id}.{one.id} {BARE}"
                yield Mutation(what, replace(library, book=replace(library.book, treatments=pages)))
    for questionnaire, item in _asked(library):
        changed = _with_item(library, questionnaire, item, replace(item, sources=()))
        yield Mutation(f"{questionnaire.id}/{item.id} {BARE}", changed)


def _bare(sentences: tuple[Sentence, ...], n: int) -> tuple[Sentence, ...]:
    return (*sentences[:n], replace(sentences[n], sources=()), *sentences[n + 1 :])


def _sources(library: Library) -> Iterator[Mutation]:
    for name, one in library.book.sources.items():
        yield Mutation(f"source {name} is gone", _with_source(library, name, None))
        for field, empty in EMPTIED.items():
            less: dict[str, Any] = {field: empty}
            yield Mutation(f"source {name} has no {field}", _with_source(library, name, replace(one, **less)))
        for who in ("x", "A. Nurse, nurse, 2999-01-01"):
            signed = _with_source(library, name, replace(one, reviewed_by=who))
            yield Mutation(f"source {name} is reviewed by {who}", signed)
        if one.excludes:
            whole = replace(one, excludes=())
            yield Mutation(f"source {name} leaves nobody out", _with_source(library, name, whole))
        for place in one.places:
            fewer = replace(one, places=_put(one.places, place))
            yield Mutation(f"source {name} has no place {place}", _with_source(library, name, fewer))


def _conflicts(library: Library) -> Iterator[Mutation]:
    for name, one in library.conflicts.items():
        yield Mutation(f"{UNUSED}conflict {name} is gone", replace(library, conflicts=_put(library.conflicts, name)))
        lost = tuple(position.source for position in one.positions if position.source not in one.won)
        if one.won and lost and any(position.urgency for position in one.positions):  # else neither side is stricter
            swapped = one.model_copy(update={"won": lost})
            changed = replace(library, conflicts=_put(library.conflicts, name, swapped))
            yield Mutation(f"conflict {name} is won by the other side", changed)


def _hazards(library: Library) -> Iterator[Mutation]:
    names = list(library.hazards)
    for name in names[:-1]:  # the last one leaves no gap: a test lists it
        yield Mutation(f"hazard {name} is gone", replace(library, hazards=_put(library.hazards, name)))
    for name, one in library.hazards.items():
        for n, control in enumerate(one.controls):
            for proof in control.proof:
                proofs = tuple(f"{other}x" if other == proof else other for other in control.proof)
                renamed = control.model_copy(update={"proof": proofs})
                controls = (*one.controls[:n], renamed, *one.controls[n + 1 :])
                hazards = _put(library.hazards, name, one.model_copy(update={"controls": controls}))
                yield Mutation(f"hazard {name}: proof {proof} has another name", replace(library, hazards=hazards))


def _phrases(library: Library) -> Iterator[Mutation]:
    for language, heard in library.book.phrases.items():
        phrases, denials = heard.every, heard.denials
        for n, one in enumerate(phrases):
            what = f"phrase {n + 1} in {language} ({' … '.join(group[0] for group in one.groups)})"
            left = (*phrases[:n], *phrases[n + 1 :])
            yield Mutation(f"{what} is gone", partial(_with_phrases, library, language, left, denials))
            less = replace(one, urgency=Urgency(max(one.urgency - 1, Urgency.ROUTINE)))
            weaker = (*phrases[:n], less, *phrases[n + 1 :])
            yield Mutation(f"{what} is less urgent", partial(_with_phrases, library, language, weaker, denials))
        for n, denial in enumerate(denials):
            fewer = (*denials[:n], *denials[n + 1 :])
            less_denied = partial(_with_phrases, library, language, phrases, fewer)
            yield Mutation(f'denial "{denial}" in {language} is gone', less_denied)


def _farewells(library: Library) -> Iterator[Mutation]:
    """Words that say that somebody has died; what denies them; and what must not stand beside them."""
    for language, one in library.book.farewells.items():
        said, none = one.said, listen((), ())
        for what, worse in (
            ("no death is heard", replace(one, said=none)),
            ("no death is denied", replace(one, said=listen(said.every, ()))),
            ("a death is heard beside anything", replace(one, unless=none)),
        ):
            farewells = _put(library.book.farewells, language, worse)
            yield Mutation(f"{what} in {language}", replace(library, book=replace(library.book, farewells=farewells)))


def _thresholds(library: Library) -> Iterator[Mutation]:
    site = library.book.pathway
    for what, worse in (
        ("fever begins half a degree higher", replace(site, fever=site.fever + HALF)),
        ("low begins half a degree lower", replace(site, low=site.low - HALF)),
    ):
        yield Mutation(f"pathway {site.id}: {what}", replace(library, book=replace(library.book, pathway=worse)))


def _asked(library: Library) -> Iterator[tuple[Questionnaire, Item]]:
    for one in library.book.questionnaires.values():
        if one.id in ACUTE:
            yield from ((one, item) for item in one.items)


def _read(questionnaire: Questionnaire, item: Item) -> bool:
    return any(when.item == item.id for other in questionnaire.items for when in other.when)


def _put(mapping: Mapping[str, T], name: str, value: T | None = None) -> Mapping[str, T]:
    """The same with another value under a name; without the name if there is no value."""
    changed = {key: value if key == name and value is not None else one for key, one in mapping.items()}
    return fixed({key: one for key, one in changed.items() if key != name or value is not None})


def _with_questionnaire(library: Library, one: Questionnaire) -> Library:
    return replace(library, book=replace(library.book, questionnaires=_put(library.book.questionnaires, one.id, one)))


def _with_phrases(library: Library, language: str, phrases: tuple[Phrase, ...], denials: tuple[str, ...]) -> Library:
    heard = _put(library.book.phrases, language, listen(tuple(phrases), tuple(denials)))
    return replace(library, book=replace(library.book, phrases=heard))


def _with_item(library: Library, questionnaire: Questionnaire, item: Item, new: Item | None) -> Library:
    items = tuple(new if one is item else one for one in questionnaire.items)
    left = tuple(one for one in items if one is not None)
    changed = _with_questionnaire(library, replace(questionnaire, items=left))
    return changed if new else replace(changed, signs=_unclaimed(library.signs, f"{questionnaire.id}/{item.id}"))


def _unclaimed(signs: Mapping[str, tuple[str, ...]], path: str) -> Mapping[str, tuple[str, ...]]:
    """The claims without those of an item that is gone."""
    kept = {name: tuple(one for one in claims if one.partition("#")[0] != path) for name, claims in signs.items()}
    return fixed({name: claims for name, claims in kept.items() if claims})


def _with_source(library: Library, name: str, source: Source | None) -> Library:
    return replace(library, book=replace(library.book, sources=_put(library.book.sources, name, source)))
