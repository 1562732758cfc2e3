"""YAML without surprises: only words, lists, mappings and nothing, and every one of them knows its line."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

Data = None | str | list["Data"] | dict[str, "Data"]
Loc = tuple[str | int, ...]  # the names and positions that lead to a place in a file

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML built without libyaml has only the slow one
MAX_DEPTH = 16  # ours: the content needs 7
TOO_DEEP = "is nested too deeply"
NESTING = "exceeded maximum nesting depth"  # what newer libyaml says of it, before we count
NOTHING = ("", "~", "null")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class ContentError(ValueError):
    """Everything found wrong with the content. Each of `problems` reads `file:line: what is wrong.`"""

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Document:
    """One file. `lines` (from 1) are those where names and list entries stand. With `problems` it is not to be used."""

    name: str
    data: Data = None
    lines: Mapping[Loc, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def where(self, loc: Loc) -> str:
        """`file:line` of the place, or of the nearest place around it."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return f"{self.name}:{self.lines.get(loc, 1)}"

    def problem(self, loc: Loc, text: str) -> str:
        return f"{self.where(loc)}: {text}"


def meant(word: str, known: Collection[str]) -> str:
    """` Did you mean "…"?`, or nothing if no known word is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else ""


@lru_cache(maxsize=100)
def parse(raw: bytes, name: str) -> Document:
    """The document in a file's bytes, which problems call `name`. Never raises: what is wrong is in `problems`.

    Of the same bytes it is the same one: content is read once for each pathway. Nothing changes a document.
    Accepts UTF-8 with or without a byte order mark. A mistake in YAML's own grammar hides those behind it.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Document(name, problems=(f"{name}:{line}: is not UTF-8; save the file as UTF-8.",))
    reading = _Reading(name)
    try:
        data = reading.document(yaml.parse(text, Loader=LOADER))
    except yaml.YAMLError as error:
        data = None
        reading.problems.append(f"{name}:{_mistake_line(error, text)}: {_grammar(error, text)}.")
    except ContentError as error:
        data = None
        reading.problems.extend(error.problems)
    return Document(name, data, reading.lines, tuple(reading.problems))


class _Reading:
    """Builds a document's data from the parser's events and notes the lines and what is refused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Loc, int] = {}
        self.problems: list[str] = []

    def document(self, events: Iterator[Event]) -> Data:
        next(events)  # the stream's start
        if isinstance(first := next(events), StreamEndEvent):
            self.problems.append(f"{self.name}: is empty.")
            return None
        assert isinstance(first, DocumentStartEvent)
        data = self.node(events, next(events), ())
        second = next((event for event in events if isinstance(event, DocumentStartEvent)), None)
        if second:
            self.refuse(second, "starts a second document; one file, one document")
        return data

    def node(self, events: Iterator[Event], event: Event, loc: Loc) -> Data:
        self.lines.setdefault(loc, _line(event))
        if len(loc) > MAX_DEPTH:
            raise ContentError([f"{self.name}:{_line(event)}: {TOO_DEEP}."])
        if isinstance(event, NodeEvent) and event.anchor:
            self.refuse(event, f'anchors and aliases are refused: "{event.anchor}"; write the words again')
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag:
            self.refuse(event, f'tags are refused: "{event.tag}"')
        match event:
            case ScalarEvent():
                return self.scalar(event)
            case SequenceStartEvent():
                return self.sequence(events, loc)
            case MappingStartEvent():
                return self.mapping(events, loc)
            case _:
                assert isinstance(event, AliasEvent), event
                return None

    def scalar(self, event: ScalarEvent) -> str | None:
        if CONTROL.search(event.value):
            self.refuse(event, "holds a control character or a tab")
        return None if event.style in (None, "") and event.value in NOTHING else event.value

    def sequence(self, events: Iterator[Event], loc: Loc) -> list[Data]:
        data: list[Data] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            data.append(self.node(events, event, (*loc, len(data))))
        return data

    def mapping(self, events: Iterator[Event], loc: Loc) -> dict[str, Data]:
        data: dict[str, Data] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            key = self.key(events, event, loc)
            if key in data:
                self.refuse(event, f'"{key}" is already on line {self.lines[*loc, key]}')
                self.node(events, next(events), (*loc, key, "again"))
                continue
            self.lines[*loc, key] = _line(event)
            data[key] = self.node(events, next(events), (*loc, key))
        return data

    def key(self, events: Iterator[Event], event: Event, loc: Loc) -> str:
        self.node(events, event, (*loc, "a name"))
        if isinstance(event, ScalarEvent) and event.value:
            return event.value
        self.refuse(event, "a name must be a word")
        return ""

    def refuse(self, event: Event, text: str) -> None:
        self.problems.append(f"{self.name}:{_line(event)}: {text}.")


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _mistake_line(error: yaml.YAMLError, text: str) -> int:
    """Where a grammar mistake stands; one that ends a file early stands where it began."""
    if isinstance(error, yaml.MarkedYAMLError):
        ends = error.context_mark if "end of stream" in (error.problem or "") else None
        mark = ends or error.problem_mark or error.context_mark
        return mark.line + 1 if mark else 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1


def _grammar(error: yaml.YAMLError, text: str) -> str:
    """The parser's complaint, with what to do about the mistakes that people make."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return "holds a control character"
    if NESTING in f"{error.problem}":
        return TOO_DEEP
    line = text.split("\n")[_mistake_line(error, text) - 1 :][:1]
    if line and re.match(r"[ -]*\t", line[0]):
        return "a tab cannot indent; use spaces"
    said = f"{error.context}, {error.problem}" if error.context else f"{error.problem}"
    return f'{said}; words with ": ", or beginning with {{ [ * & ! % @ or `, need quotes'
