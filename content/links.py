"""Whether the content's files agree: what one names exists in another, and advice is as urgent as what leads to it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import available_timezones

from content import heard, registers, shapes
from content.kinds import NEVER, OPEN
from content.shapes import Part
from content.strict import Document, Loc, meant
from flows.book import Urgency

S = TypeVar("S", bound=shapes.Shape)

MEDICAL = frozenset({"red_flags", "daily", "weekly"})  # every question has a source, and not being sure counts as yes
ACUTE = MEDICAL | {"handover"}  # whose answers may call for action
MEASURED = {"temperature": ("high", "low", "between")}  # what a typed number becomes
DATED = ("schedule", "days")  # the item whose options stand for days


@dataclass(frozen=True)
class Files:
    """Every file of the content."""

    sources: Part[shapes.Sources]
    advice: Part[shapes.Advice]
    phrases: Part[heard.Phrases]
    countries: Part[shapes.Countries]
    times: Part[shapes.Times]
    banned: Part[shapes.Banned]
    pathway: Part[shapes.Pathway]
    requirements: Part[registers.Requirements]
    conflicts: Part[registers.Conflicts]
    hazards: Part[registers.Hazards]
    questionnaires: tuple[Part[shapes.Questionnaire], ...]
    treatments: tuple[Part[shapes.Treatment], ...]
    languages: tuple[str, ...]


def broken(files: Files) -> Iterator[str]:
    """What does not agree. Files with problems of their own are left out."""
    for questionnaire in files.questionnaires:
        if questionnaire.shape:
            yield from _questionnaire(files, questionnaire.document, questionnaire.shape)
    yield from _advice(files)
    yield from _treatments(files)
    yield from _phrases(files)
    yield from _places(files)
    yield from _sources(files)
    yield from _registers(files)


def _questionnaire(files: Files, document: Document, questionnaire: shapes.Questionnaire) -> Iterator[str]:
    yield from _file_name(document, "questionnaire", questionnaire.questionnaire)
    if step := questionnaire.step_up:
        yield from _cited(files, document, ("step_up", "source"), step.source)
        yield from _leads(files, document, ("step_up",), step.advice, "emergency")
    earlier: dict[str, shapes.Item] = {}
    for n, item in enumerate(questionnaire.items):
        loc: Loc = ("items", n)
        if item.item in earlier:
            yield document.problem((*loc, "item"), f'item "{item.item}" is already asked above.')
        yield from _cited(files, document, (*loc, "source"), item.source)
        yield from _when(document, loc, item, earlier)
        yield from _options(files, document, loc, item, dated=(questionnaire.questionnaire, item.item) == DATED)
        yield from _measured(document, loc, item)
        if questionnaire.questionnaire in MEDICAL:
            yield from _medical(document, loc, item)
        earlier[item.item] = item


def _when(document: Document, loc: Loc, item: shapes.Item, earlier: Mapping[str, shapes.Item]) -> Iterator[str]:
    for n, when in enumerate(item.when):
        at = (*loc, "when", n)
        if when.item not in earlier:
            text = f'"{when.item}" is not an item asked before "{item.item}".{meant(when.item, earlier)}'
            yield document.problem((*at, "item"), text)
            continue
        options = earlier[when.item].options
        if bool(when.options) == bool(when.others):
            yield document.problem(at, f'say after which answers to "{when.item}": either is: or is_not:.')
        for name, said in (("is", when.options), ("is_not", when.others)):
            for m, option in enumerate(said):
                if option not in options:
                    text = f'"{option}" is not an option of "{when.item}".{meant(option, options)}'
                    yield document.problem((*at, name, m), text)


def _options(files: Files, document: Document, loc: Loc, item: shapes.Item, *, dated: bool) -> Iterator[str]:
    for name, option in item.options.items():
        at = (*loc, "options", name)
        if dated and not option.days:
            yield document.problem(at, f'option "{name}" does not say its days: add days: [mon].')
        if option.advice:
            yield from _leads(files, document, at, option.advice, option.urgency)
        elif option.urgency in ("emergency", "urgent"):
            yield document.problem(at, f'option "{name}" is {option.urgency} and names no advice.')


def _measured(document: Document, loc: Loc, item: shapes.Item) -> Iterator[str]:
    """A measure is typed, and what it becomes are hidden options; nothing else is hidden."""
    hidden = {name for name, option in item.options.items() if option.hidden}
    wanted = set(MEASURED.get(item.measure, ()))
    if item.measure and not item.words:
        yield document.problem((*loc, "measure"), f'"{item.item}" is measured and cannot be typed: add words: true.')
    for name in sorted(hidden ^ wanted):
        told = "must be an option with hidden: true" if name in wanted else "is hidden, and no measure becomes it"
        yield document.problem((*loc, "options", name), f'"{name}" of "{item.item}" {told}.')


def _medical(document: Document, loc: Loc, item: shapes.Item) -> Iterator[str]:
    if not item.source:
        yield document.problem(loc, f'item "{item.item}" has no source.')
    urgencies = {name: _urgency(option.urgency) for name, option in item.options.items()}
    worst = max(urgencies.values(), default=0)
    if worst < Urgency.EMERGENCY or item.measure:
        return
    if "not_sure" not in urgencies:
        yield document.problem(loc, f'item "{item.item}" can be an emergency and has no option "not_sure".')
    elif urgencies["not_sure"] < urgencies.get("yes", worst):
        text = f'"not_sure" of "{item.item}" is less urgent than {"yes" if "yes" in urgencies else "its worst"}.'
        yield document.problem((*loc, "options", "not_sure"), text)


def _advice(files: Files) -> Iterator[str]:
    document = files.advice.document
    for name, screen in files.advice.shape.advice.items() if files.advice.shape else ():
        loc = ("advice", name)
        if not screen.do:
            yield document.problem(loc, f'advice "{name}" says nothing to do.')
        for part in ("do", "say", "watch"):
            yield from _sentences(files, document, (*loc, part), getattr(screen, part))


def _treatments(files: Files) -> Iterator[str]:
    for part in files.treatments:
        if not part.shape:
            continue
        yield from _file_name(part.document, "treatment", part.shape.treatment)
        sections: set[str] = set()
        for n, section in enumerate(part.shape.sections):
            if section.section in sections:
                yield part.document.problem(("sections", n), f'section "{section.section}" is already above.')
            sections.add(section.section)
            yield from _sentences(files, part.document, ("sections", n, "sentences"), section.sentences)


def _phrases(files: Files) -> Iterator[str]:
    document = files.phrases.document
    for language, phrases in files.phrases.shape.phrases.items() if files.phrases.shape else ():
        if language not in files.languages:
            yield document.problem(("phrases", language), f'there are no words in the language "{language}".')
        for n, phrase in enumerate(phrases):
            yield from _leads(files, document, ("phrases", language, n), phrase.advice, phrase.urgency)


def _places(files: Files) -> Iterator[str]:
    """Countries and the pathway: that zones, country and language exist, and the dates are in order."""
    zones = available_timezones()
    countries = files.countries.shape.countries if files.countries.shape else {}
    document = files.countries.document
    if countries and "other" not in countries:
        yield document.problem(("countries",), 'the entry "other" is missing.')
    for name, country in countries.items():
        for n, zone in enumerate(country.zones):
            if zone not in zones:
                text = f'zone "{zone}" is unknown.{meant(zone, zones)}'
                yield document.problem(("countries", name, "zones", n), text)
        if country.source:
            yield from _cited(files, document, ("countries", name, "source"), [country.source])
    site, document = files.pathway.shape, files.pathway.document
    if site is None:
        return
    known = {"zone": zones, "country": _known(files.countries, "countries"), "language": files.languages}
    for field, names in known.items():
        said = getattr(site, field)
        if names and said not in names and not OPEN.match(said):
            yield document.problem((field,), f'{field} "{said}" is unknown.{meant(said, names)}')
    for field, text in _working(site.working_hours):
        yield document.problem(("working_hours", field), text)
    if site.low >= site.fever:
        yield document.problem(("low",), f"low {site.low} must be below fever {site.fever}.")
    if NEVER < site.review_on < site.reviewed_on:
        yield document.problem(("review_on",), f"review_on {site.review_on} is before reviewed_on {site.reviewed_on}.")


def _working(hours: shapes.WorkingHours) -> Iterator[tuple[str, str]]:
    """What is wrong with the hours in which coordinators work: a field, and what."""
    if not hours.days:
        yield "days", "working_hours has no day: write those on which coordinators work, such as [mon, tue]."
    if hours.start == hours.end and hours.start is not None:
        told = f"working_hours are from {hours.start:%H:%M} until the same time"
        yield "until", f"{told}: leave out from and until for the whole day."
    for field, given, other in (("until", hours.end, hours.start), ("from", hours.start, hours.end)):
        if given is None and other is not None:
            yield field, f"working_hours say no {field}: write it as well, or leave out both for the whole day."


def _sources(files: Files) -> Iterator[str]:
    illnesses = files.sources.shape.illnesses if files.sources.shape else {}
    for name, source in files.sources.shape.sources.items() if files.sources.shape else ():
        for n, left_out in enumerate(source.excludes):
            if left_out not in illnesses:
                text = f'"{left_out}" is not one of illnesses.{meant(left_out, illnesses)}'
                yield files.sources.document.problem(("sources", name, "excludes", n), text)
        if source.review_on < source.read:
            text = f"review_on {source.review_on} is before read {source.read}."
            yield files.sources.document.problem(("sources", name, "review_on"), text)


def _registers(files: Files) -> Iterator[str]:
    """Names are given once, and sources exist."""
    if required := files.requirements.shape:
        yield from _cited(files, files.requirements.document, ("together", "source"), required.together.source)
        yield from _twice(
            files.requirements.document, "requirement", [one.requirement for one in required.requirements]
        )
        for n, one in enumerate(required.requirements):
            yield from _cited(files, files.requirements.document, ("requirements", n, "source"), one.source)
    if conflicts := files.conflicts.shape:
        yield from _twice(files.conflicts.document, "conflict", [one.conflict for one in conflicts.conflicts])
        for n, conflict in enumerate(conflicts.conflicts):
            for m, position in enumerate(conflict.positions):
                at = ("conflicts", n, "positions", m, "source")
                yield from _cited(files, files.conflicts.document, at, [position.source])
    if hazards := files.hazards.shape:
        yield from _twice(files.hazards.document, "hazard", [one.hazard for one in hazards.hazards])


def _twice(document: Document, kind: str, names: list[str]) -> Iterator[str]:
    for n, name in enumerate(names):
        if name in names[:n]:
            yield document.problem((f"{kind}s", n, kind), f'{kind} "{name}" is already above.')


def _sentences(files: Files, document: Document, loc: Loc, sentences: shapes.Sentences) -> Iterator[str]:
    seen: set[str] = set()
    for n, sentence in enumerate(sentences):
        for name, said in sentence.items():
            if name in seen:
                yield document.problem((*loc, n, name), f'sentence "{name}" is already above.')
            seen.add(name)
            yield from _cited(files, document, (*loc, n, name), said.source)


def _cited(files: Files, document: Document, loc: Loc, references: Collection[str]) -> Iterator[str]:
    """Every reference is to a source that exists."""
    known = _known(files.sources, "sources")
    for n, reference in enumerate(references):
        name, mark, place = reference.partition("#")
        if known and name not in known:
            yield document.problem((*loc, n), f'source "{name}" is unknown.{meant(name, known)}')
        if mark and not place:
            yield document.problem((*loc, n), f'"{reference}" names no place after the #.')
        source = files.sources.shape.sources.get(name) if files.sources.shape else None
        if place and source and place not in source.places:
            told = f'source "{name}" has no place "{place}" in sources.yaml.{meant(place, source.places)}'
            yield document.problem((*loc, n), told)


def _leads(files: Files, document: Document, loc: Loc, advice: str, urgency: str | None) -> Iterator[str]:
    """The advice exists, and is at least as urgent as what leads to it."""
    known = _known(files.advice, "advice")
    at = (*loc, "advice")
    if known and advice not in known:
        yield document.problem(at, f'advice "{advice}" is unknown.{meant(advice, known)}')
    if urgency is None:
        yield document.problem(at, f'leads to advice "{advice}" and has no urgency.')
    screen = files.advice.shape.advice.get(advice) if files.advice.shape else None
    if screen and _urgency(screen.urgency) < _urgency(urgency):
        yield document.problem(at, f'advice "{advice}" is {screen.urgency}, less than the {urgency} that leads to it.')


def _known(part: Part[S], name: str) -> Mapping[str, object]:
    """What a file defines under a name, even one with problems; nothing if that cannot be told."""
    data = part.document.data
    held = data.get(name) if isinstance(data, dict) else None
    return held if isinstance(held, dict) else {}


def _file_name(document: Document, kind: str, said: str) -> Iterator[str]:
    stem = document.name.rpartition("/")[2].removesuffix(".yaml")
    if said != stem:
        yield document.problem((kind,), f'{kind} "{said}" must have the name of its file, "{stem}".')


def _urgency(name: str | None) -> int:
    return Urgency[name.upper()] if name else 0
