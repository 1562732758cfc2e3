"""Everything the walk saw shown, in every language, for every reader and every pathway: whether it can be shown so."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from content import family, views
from content.load import Library
from content.longest import CODE, LAST_RUN, MAX_BUTTON, SOME_DAY, too_long
from content.render import render
from content.voice import Message
from flows.book import Book, Urgency
from flows.effects import (
    Advise,
    Ask,
    Button,
    Cite,
    Effect,
    Explain,
    Say,
    ShowAlerts,
    ShowCircle,
    ShowData,
    ShowLog,
    ShowPerson,
    Tick,
    Toast,
)
from flows.events import AlertStep
from flows.fills import Fill, Lines, Moment, Steps, Trend, With, Words
from flows.handling import LONGEST_NOTE
from flows.kin import ShowFarewell
from flows.lowering import lowered
from flows.person import Consent, Farewell, Person
from flows.questionnaire import sign

FULL = (
    AlertStep(what="again", at=SOME_DAY, by=CODE, to=(CODE,) * 20),
    AlertStep(what="note", at=SOME_DAY, by=CODE),
) * 9
WARM = 38.88  # °C, as long as any
LISTS = (ShowAlerts, ShowLog, ShowPerson)  # their words stand in longest.py, at their fullest


@dataclass(frozen=True, slots=True)
class Screens:
    """How many texts were rendered, and what is wrong with them."""

    texts: int
    problems: list[str]


def screens(packs: Iterable[Library], shown: Iterable[Effect]) -> Screens:
    """Render every distinct effect, and every page and list of sources that a button leads to."""
    texts, problems = 0, dict[str, None]()
    effects = {one for effect in shown if (one := alike(effect)) is not None}
    for library in packs:
        site = library.book.pathway.id
        found = sorted({*effects, *_pages(library.book)}, key=repr)
        for language in library.words:
            bans = _bans(library, language)
            for reader in readers(library.book, language):
                for effect in found:
                    texts += 1
                    problems.update(dict.fromkeys(_wrong(library, reader, effect, bans, site)))
    return Screens(texts, list(problems))


def readers(book: Book, language: str) -> list[Person]:
    """A caregiver far from the patient, one beside them, and a patient, where the emergency number is longest.

    All let coordinators see their answers, which adds a line to what they are shown.
    """
    country = max(book.countries.values(), key=lambda country: len(country.emergency)).id
    given = tuple(Consent(permission=name, given=True, version="", at=SOME_DAY) for name in ("keep", "show", "remind"))
    one = Person(id=CODE, language=language, consents=given, country=country, illness="not_sure")
    return [
        one.moved(role="caregiver", near="apart"),
        one.moved(role="caregiver", near="with_them"),
        one.moved(role="patient"),
    ]


def alike(effect: Effect) -> Effect | None:
    """The effect with the longest run number and one time for all; None for lists."""
    match effect:
        case Say():
            fill = tuple((name, _fill(value)) for name, value in effect.with_)
            return replace(effect, with_=fill, buttons=_buttons(effect.buttons))
        case Advise(degrees=degrees):
            told = replace(effect, degrees=degrees and WARM)
            return replace(told, buttons=_buttons(effect.buttons))
        case ShowData() | ShowCircle():
            return replace(effect, buttons=_buttons(effect.buttons))
        case Ask():
            return replace(effect, run=LAST_RUN, buttons=_buttons(effect.buttons))
        case Tick():
            return replace(effect, run=LAST_RUN)
        case Explain() | Cite() | Toast():
            return effect
        case ShowFarewell():
            return ShowFarewell(person=CODE)
        case _:
            return None


def _fill(value: Fill) -> Fill:
    """The longest of its kind, where that is ours to choose; one time for all, and one day."""
    match value:
        case Moment():
            return Moment(SOME_DAY, "UTC")
        case Words(key=key, with_=with_):
            return _said(key, with_)
        case Lines(lines=lines):
            return Lines(tuple(_said(one.key, one.with_) for one in lines))
        case date():
            return SOME_DAY.date()
        case Trend():
            walks = ("same", "changed", "cannot", "not_sure")
            return Trend(tuple(one for n in range(8) for one in (("pain", str(10 - n % 2)), ("walking", walks[n % 4]))))
        case Steps():
            return Steps(tuple(replace(one, note="x" * LONGEST_NOTE) for one in FULL), "UTC")
        case _:
            return value


def _said(key: str, with_: With) -> Words:
    return Words(key, tuple((name, _fill(inside)) for name, inside in with_))


def _buttons(rows: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(_button(one) for one in row) for row in rows)


def _button(one: Button) -> Button:
    filled = replace(one, with_=tuple((name, _fill(value)) for name, value in one.with_))
    return replace(filled, about=str(LAST_RUN)) if one.about.isdigit() else filled


def _pages(book: Book) -> Iterator[Effect]:
    """What a tap leads to whatever the state: every page, every list of sources, every urgent answer taken back."""
    for treatment in book.treatments.values():
        yield from (Explain(treatment=treatment.id, section=section.id) for section in treatment.sections)
    yield from (Cite(about=f"advice/{name}") for name in book.advice)
    for questionnaire in book.questionnaires.values():
        for item in questionnaire.items:
            yield Cite(about=f"{questionnaire.id}/{item.id}")
            if any((option.urgency or 0) >= Urgency.URGENT for option in item.options):
                told = {sign(f"{questionnaire.id}/{item.id}", one) for one in item.options if one.advice}
                yield from (effect for one in sorted(told) for effect in lowered(book, (one,)))


@dataclass(frozen=True, slots=True)
class Bans:
    """What no text may say, and the texts that may say it after all: one is taken out before it is looked at."""

    phrases: re.Pattern[str] | None
    excused: tuple[re.Pattern[str], ...]

    def found(self, text: str) -> str:
        """What is forbidden in a text, or empty."""
        said = _plain(text)
        for one in self.excused:
            said = one.sub(" ", said)
        hit = self.phrases.search(said) if self.phrases else None
        return hit[1] if hit else ""


def _bans(library: Library, language: str) -> Bans:
    phrases = [re.escape(_plain(phrase)) for phrase in library.banned.get(language, ())]
    texts = [_plain(library.words[language][key]) for key in library.excused if key in library.words[language]]
    excused = tuple(re.compile(".+?".join(map(re.escape, re.split(r"{\w*}", text)))) for text in texts)
    return Bans(re.compile(rf"(?<!\w)({'|'.join(phrases)})(?!\w)") if phrases else None, excused)


def _plain(text: str) -> str:
    """As it is compared: one case, straight apostrophes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


def _wrong(library: Library, reader: Person, effect: Effect, bans: Bans, site: str) -> Iterator[str]:
    what = f"{site}, {reader.language}, {reader.role} {reader.near}".rstrip()
    name = f"{type(effect).__name__} {_named(effect)}"
    try:
        message = _message(library, reader, effect)
    except KeyError as error:
        yield f'{name} ({what}): words "{error.args[0]}" are missing.'
        return
    except ValueError as error:
        yield f"{name} ({what}): {error}."
        return
    kind = {"toast": "toast", "tick": ""}.get(message.kind, "message")
    if kind:
        yield from too_long(f"{name} ({what})", message.text, kind)
    for words in (words for row in message.buttons for words, _ in row):
        if not 0 < len(words) <= MAX_BUTTON + (2 if message.kind == "tick" else 0):
            yield f'{name} ({what}): the button "{words}" has {len(words)} characters, not 1 to {MAX_BUTTON}.'
    if said := bans.found(message.text):
        yield f'{name} ({what}): says "{said}", which content/banned.yaml forbids.'


def _message(library: Library, reader: Person, effect: Effect) -> Message:
    match effect:
        case ShowData():
            return views.data(library, reader, effect, views.Kept(responses=99, answers=999, alerts=99))
        case ShowCircle():
            return family.circle(library, reader.moved(opener=True, relative=SOME_DAY), effect, (CODE,) * 99)
        case ShowFarewell():
            gone = family.Standing(beside=(CODE,) * 99, farewell=Farewell(at=SOME_DAY, by="relative"), blocked=True)
            return family.farewell(library, reader, effect, gone)
        case Say() | Ask() | Tick() | Advise() | Explain() | Cite() | Toast():
            return render(library, reader, effect)
        case _:
            raise TypeError(effect)


def _named(effect: Effect) -> str:
    match effect:
        case Say(words=words) | Toast(words=words):
            return words
        case Ask(questionnaire=name, item=item) | Tick(questionnaire=name, item=item):
            return f"{name}/{item}"
        case Advise(advice=name) | Cite(about=name) | Explain(treatment=name):
            return name
        case _:
            return ""
