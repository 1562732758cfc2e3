"""From the files' shapes to what the flows know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time
from itertools import product
from types import MappingProxyType
from typing import TypeVar

from content import heard, shapes
from content.links import Files
from flows.book import (
    Advice,
    Book,
    Country,
    Farewells,
    Hours,
    Item,
    Option,
    Pathway,
    Phrase,
    Phrases,
    Questionnaire,
    Section,
    Sentence,
    Source,
    Times,
    Treatment,
    Urgency,
    When,
)
from flows.recognise import listen
from flows.ways import SKIPPED, UNSURE

K = TypeVar("K")
V = TypeVar("V")

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def fixed(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """The same, never to change."""
    return MappingProxyType(dict(mapping))


def book(files: Files, version: str, panic: Mapping[str, str]) -> Book:
    """The Book of these files. Raises ContentError if one of them has problems."""
    questionnaires = [_questionnaire(part.whole()) for part in files.questionnaires]
    treatments = [_treatment(part.whole()) for part in files.treatments]
    typed = files.phrases.whole()
    phrases = {
        language: listen(
            tuple(_phrase(one, typed.alike.get(language, {})) for one in found), tuple(typed.denials.get(language, ()))
        )
        for language, found in typed.phrases.items()
    }
    return Book(
        version=version,
        questionnaires=fixed({one.id: one for one in questionnaires}),
        advice=fixed({name: _advice(name, screen) for name, screen in files.advice.whole().advice.items()}),
        treatments=fixed({one.id: one for one in treatments}),
        sources=fixed({name: _source(name, source) for name, source in files.sources.whole().sources.items()}),
        countries=fixed({name: _country(name, country) for name, country in files.countries.whole().countries.items()}),
        phrases=fixed(phrases),
        farewells=fixed({language: _farewells(one) for language, one in typed.died.items()}),
        panic=fixed(panic),
        pathway=_pathway(files.pathway.whole()),
        times=_times(files.times.whole()),
    )


def _questionnaire(shape: shapes.Questionnaire) -> Questionnaire:
    step = shape.step_up
    return Questionnaire(
        id=shape.questionnaire,
        version=shape.version,
        items=tuple(_skips(_item(item)) if shape.steered else _item(item) for item in shape.items),
        steered=shape.steered,
        step_up=step.urgent if step else 0,
        step_up_advice=step.advice if step else "",
    )


def _item(shape: shapes.Item) -> Item:
    return Item(
        id=shape.item,
        options=tuple(_option(name, option) for name, option in shape.options.items()),
        words=shape.words or not shape.options,
        sources=tuple(shape.source),
        when=tuple(_when(when) for when in shape.when),
        columns=shape.columns,
        measure=shape.measure,
        same=shape.same,
    )


def _when(shape: shapes.When) -> When:
    return When(item=shape.item, options=tuple(shape.options or shape.others), other=not shape.options)


def _skips(item: Item) -> Item:
    """The item with the reasons for no answer; one that is answered in words has a button for that already."""
    unsure = item.option(UNSURE) is not None
    names = () if item.words else SKIPPED[1:] if unsure else SKIPPED
    return replace(item, options=(*item.options, *(Option(id=name, hidden=True) for name in names)))


def _option(name: str, shape: shapes.Option) -> Option:
    urgency = Urgency[shape.urgency.upper()] if shape.urgency else None
    return Option(
        id=name,
        urgency=urgency,
        advice=shape.advice,
        ends=shape.ends,
        hidden=shape.hidden,
        days=_days(shape.days),
        named=shape.named,
    )


def _advice(name: str, shape: shapes.Screen) -> Advice:
    return Advice(
        id=name,
        urgency=Urgency[shape.urgency.upper()],
        do=_sentences(shape.do),
        say=_sentences(shape.say),
        watch=_sentences(shape.watch),
        calls=shape.calls,
    )


def _treatment(shape: shapes.Treatment) -> Treatment:
    sections = (Section(id=one.section, sentences=_sentences(one.sentences)) for one in shape.sections)
    return Treatment(id=shape.treatment, sections=tuple(sections))


def _sentences(shape: shapes.Sentences) -> tuple[Sentence, ...]:
    named = (pair for one in shape for pair in one.items())
    return tuple(Sentence(id=name, sources=tuple(said.source), only=said.only) for name, said in named)


def _source(name: str, shape: shapes.Source) -> Source:
    return Source(id=name, **dict(shape))


def _country(name: str, shape: shapes.Country) -> Country:
    return Country(id=name, emergency=shape.emergency, zones=tuple(shape.zones), crisis=shape.crisis)


def _phrase(shape: heard.Phrase, alike: Mapping[str, list[str]]) -> Phrase:
    return Phrase(
        advice=shape.advice,
        urgency=Urgency[shape.urgency.upper()],
        groups=tuple(tuple(dict.fromkeys(_written(group, alike))) for group in shape.groups),
    )


def _farewells(shape: heard.Deaths) -> Farewells:
    return Farewells(said=_heard(shape.said, shape.denials), unless=_heard([[shape.unless]], ()))


def _heard(every: list[list[list[str]]], denials: Sequence[str]) -> Phrases:
    """Phrases that call for nothing by themselves."""
    phrases = (Phrase(advice="", urgency=Urgency.ROUTINE, groups=tuple(map(tuple, groups))) for groups in every)
    return listen(tuple(phrases), tuple(denials))


def _written(group: list[str], alike: Mapping[str, list[str]]) -> Iterator[str]:
    """The members, then all other ways to write them."""
    yield from group
    for member in group:
        yield from map(" ".join, product(*((word, *alike.get(word, ())) for word in member.split())))


def _pathway(shape: shapes.Pathway) -> Pathway:
    said = dict(shape)
    answered: shapes.Acknowledge = said.pop("acknowledge")
    said["working"] = _working(said.pop("working_hours"))
    said |= {"acknowledge_emergency": answered.emergency, "acknowledge_urgent": answered.urgent}
    return Pathway(id=said.pop("pathway"), **said)


def _working(shape: shapes.WorkingHours) -> Hours:
    days = _days(shape.days)
    return Hours(days=days, start=shape.start or time(0), end=shape.end or time(0), held=shape.outside == "hold")


def _days(names: Sequence[str]) -> str:
    """Weekdays as digits."""
    return "".join(str(n) for n, day in enumerate(WEEK) if day in names)


def _times(shape: shapes.Times) -> Times:
    return Times(
        clocks=tuple(shape.clocks),
        quiet_from=shape.quiet.start,
        quiet_until=shape.quiet.end,
        apart=shape.apart,
    )
