"""From a folder of YAML to a Book and the words of every language."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from content import heard, registers, shapes
from content.build import book, fixed
from content.kinds import NEVER, OPEN
from content.links import Files, broken
from content.registers import Conflict, Hazard, Requirement, Requirements
from content.shapes import Part, fit
from content.strict import ContentError, Data, Document, Loc, meant, parse
from flows.book import Book, Pathway

S = TypeVar("S", bound=shapes.Shape)

VERSION_LENGTH = 6  # ours: it travels in every button, of which Telegram leaves 64 bytes
PANIC = "panic.button"


@dataclass(frozen=True, slots=True)
class Written:
    """A text and where it stands, as `file:line`."""

    text: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The content as loaded. `words` and `where` (`file:line`) are by language, then by key.

    `banned` are phrases by language that no words may hold. `excused` are keys that may hold one after all, `figures`
    keys outside medical content that may hold a digit, `hard` keys that may be hard to read, each with the reason.
    `register`: what is held besides (requirements.yaml). `illnesses`: what those are called that a study may leave out,
    by language. `typed`: what people type, by language, with the screens it may lead to; none: it is no sign.
    `together`: what people type, by language, that tells several signs.
    `deaths`: what people type, by language, and whether it says that the patient has died.
    `signs`: who claims to ask about a requirement, each `questionnaire/item`, or
    `questionnaire/item#option` if it is that option alone.
    """

    book: Book
    words: Mapping[str, Mapping[str, str]]
    where: Mapping[str, Mapping[str, str]]
    banned: Mapping[str, tuple[str, ...]]
    excused: Mapping[str, str]
    figures: Mapping[str, str]
    hard: Mapping[str, str]
    illnesses: Mapping[str, Mapping[str, str]]
    typed: Mapping[str, Mapping[str, tuple[str, ...]]]
    together: Mapping[str, tuple[heard.Together, ...]]
    deaths: Mapping[str, Mapping[str, bool]]
    requirements: Mapping[str, Requirement]
    register: Requirements
    conflicts: Mapping[str, Conflict]
    hazards: Mapping[str, Hazard]
    signs: Mapping[str, tuple[str, ...]]
    countries: Mapping[str, shapes.Country]
    site: Document  # the pathway's file


def load(folder: Path, pathway: str | Path) -> Library:
    """Read the content. `pathway` is the name of one in `pathways/`, or a file anywhere.

    Raises ContentError with everything wrong that can be told at once: the problems of each file, and what the
    sound files say that the others contradict.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise ContentError([f"{folder}: there is no such folder."])
    reading = _Reading(folder)
    languages = reading.languages()
    files = Files(
        sources=reading.one(folder / "sources.yaml", shapes.Sources),
        advice=reading.one(folder / "advice.yaml", shapes.Advice),
        phrases=reading.one(folder / "phrases.yaml", heard.Phrases),
        countries=reading.one(folder / "countries.yaml", shapes.Countries),
        times=reading.one(folder / "times.yaml", shapes.Times),
        banned=reading.one(folder / "banned.yaml", shapes.Banned),
        pathway=reading.site(pathway),
        requirements=reading.one(folder / "requirements.yaml", registers.Requirements),
        conflicts=reading.one(folder / "conflicts.yaml", registers.Conflicts),
        hazards=reading.one(folder / "hazards.yaml", registers.Hazards),
        questionnaires=reading.all(folder / "questionnaires", shapes.Questionnaire),
        treatments=reading.all(folder / "treatments", shapes.Treatment),
        languages=tuple(languages),
    )
    typed = reading.one(folder / "typed.yaml", heard.Typed)
    reading.problems += broken(files)
    if reading.problems:
        raise ContentError(reading.problems)
    words = {language: {key: one.text for key, one in found.items()} for language, found in languages.items()}
    where = {language: {key: one.where for key, one in found.items()} for language, found in languages.items()}
    panic = {language: texts[PANIC] for language, texts in words.items() if PANIC in texts}
    banned = files.banned.whole()
    return Library(
        book=book(files, reading.version(), panic),
        words=fixed({language: fixed(texts) for language, texts in words.items()}),
        where=fixed({language: fixed(places) for language, places in where.items()}),
        banned=fixed({language: tuple(phrases) for language, phrases in banned.banned.items()}),
        excused=fixed(banned.excused),
        figures=fixed(banned.figures),
        hard=fixed(banned.hard),
        illnesses=fixed(files.sources.whole().illnesses),
        typed=fixed(_typed(typed.whole())),
        together=fixed({language: tuple(texts) for language, texts in typed.whole().together.items()}),
        deaths=fixed(_deaths(typed.whole())),
        requirements=fixed({one.requirement: one for one in files.requirements.whole().requirements}),
        register=files.requirements.whole(),
        conflicts=fixed({one.conflict: one for one in files.conflicts.whole().conflicts}),
        hazards=fixed({one.hazard: one for one in files.hazards.whole().hazards}),
        signs=fixed(_signs(files)),
        countries=fixed(files.countries.whole().countries),
        site=files.pathway.document,
    )


def overdue(pathway: Pathway, today: date) -> bool:
    """Whether the site should have looked at its numbers again. The day named is still in time."""
    return today > pathway.review_on


def unfilled(pathway: Pathway) -> tuple[str, ...]:
    """What the site has still to say, each as `field: what to fill in`. Until it has, nobody may be sent there."""
    said = {one.name: getattr(pathway, one.name) for one in fields(pathway)}
    told = {name: found[1] for name, text in said.items() if isinstance(text, str) and (found := OPEN.match(text))}
    told |= {name: "a day such as 2026-11-22" for name, day in said.items() if day == NEVER}
    return tuple(f"{name}: {what}" for name, what in told.items())


def _typed(shape: heard.Typed) -> dict[str, Mapping[str, tuple[str, ...]]]:
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for language, typed in shape.typed.items():
        signs = {text: tuple(screens.split("|")) for screens, texts in typed.items() for text in texts}
        none = (text for texts in (shape.ordinary, shape.denied) for text in texts.get(language, ()))
        found[language] = fixed({**dict.fromkeys(none, ()), **signs})
    return found


def _deaths(shape: heard.Typed) -> dict[str, Mapping[str, bool]]:
    return {
        language: fixed(dict.fromkeys(texts, True) | dict.fromkeys(shape.alive.get(language, ()), False))
        for language, texts in shape.died.items()
    }


def _signs(files: Files) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for questionnaire in (part.whole() for part in files.questionnaires):
        for item in questionnaire.items:
            for claim in item.signs:
                name, mark, option = claim.partition("#")
                found[name] = (*found.get(name, ()), f"{questionnaire.questionnaire}/{item.item}{mark}{option}")
    return found


class _Reading:
    """Reads files, and remembers their bytes and what was wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.raw: dict[str, bytes] = {}  # by the file's name inside the folder

    def name(self, path: Path) -> str:
        """How problems call a file: from the content folder's parent, if it is inside."""
        inside = path.is_relative_to(self.folder)
        return path.relative_to(self.folder.parent).as_posix() if inside else str(path)

    def document(self, path: Path) -> Document:
        name = self.name(path)
        try:
            raw = path.read_bytes()
        except OSError as error:
            return Document(name, problems=(f"{name}: cannot be read: {error.strerror}.",))
        self.raw[path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name] = raw
        return parse(raw, name)

    def one(self, path: Path, shape: type[S]) -> Part[S]:
        return self.part(self.document(path), shape)

    def all(self, folder: Path, shape: type[S]) -> tuple[Part[S], ...]:
        return tuple(self.one(path, shape) for path in self.files(folder))

    def part(self, document: Document, shape: type[S]) -> Part[S]:
        part = fit(document, shape)
        self.problems += part.problems
        return part

    def files(self, folder: Path) -> list[Path]:
        """The YAML files of a folder, by name. An empty folder and a file that would be overlooked are problems."""
        found = sorted(folder.glob("*.yaml"))
        if not found:
            self.problems.append(f"{self.name(folder)}: there is no such folder, or no .yaml file in it.")
        self.problems += (f"{self.name(path)}: must end in .yaml." for path in sorted(folder.glob("*.yml")))
        return found

    def site(self, pathway: str | Path) -> Part[shapes.Pathway]:
        """The pathway. A name goes before a file of that name."""
        folder = self.folder / "pathways"
        named = folder / f"{pathway}.yaml"
        path = named if named.is_file() else Path(pathway).resolve()
        if path.is_file():
            return self.one(path, shapes.Pathway)
        known = [other.stem for other in sorted(folder.glob("*.yaml"))]
        text = f'pathway "{pathway}" is neither a file nor one of {self.name(folder)} ({", ".join(known)}).'
        return self.part(Document(str(pathway), problems=(text + meant(str(pathway), known),)), shapes.Pathway)

    def languages(self) -> dict[str, dict[str, Written]]:
        """What is written in each language, by key."""
        locales = self.folder / "locales"
        folders = sorted(path for path in locales.glob("*") if path.is_dir())
        if not folders:
            self.problems.append(f"{self.name(locales)}: there is no language in it.")
        return {folder.name: self.language(folder) for folder in folders}

    def language(self, folder: Path) -> dict[str, Written]:
        found: dict[str, Written] = {}
        for path in self.files(folder):
            document = self.document(path)
            self.problems += document.problems
            for loc, text in _ends((), {} if document.problems else document.data):
                key, where = ".".join(str(step) for step in loc), document.where(loc)
                if not isinstance(text, str) or not text.strip():
                    self.problems.append(f'{where}: "{key}" must be words.')
                elif key in found:
                    self.problems.append(f'{where}: "{key}" is already in {found[key].where}.')
                else:
                    opens = "\n" if text.startswith("\n") else ""  # what stands on a line of its own inside others
                    found[key] = Written(opens + text.strip(), where)
        return found

    def version(self) -> str:
        """A short name for exactly these files: it changes with any byte and any name."""
        digest = hashlib.sha256()
        for name, raw in sorted(self.raw.items()):
            digest.update(f"{name}\n{len(raw)}\n".encode() + raw)
        return base64.b32encode(digest.digest()).decode().lower()[:VERSION_LENGTH]


def _ends(loc: Loc, data: Data) -> Iterator[tuple[Loc, Data]]:
    """What stands at the ends of nested names."""
    if not isinstance(data, dict):
        yield loc, data
        return
    for name, value in data.items():
        yield from _ends((*loc, name), value)
