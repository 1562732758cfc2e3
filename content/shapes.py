"""The shape of each content file, as its editors write it."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from types import UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from content.kinds import (
    Claim,
    Clock,
    CountryId,
    Day,
    Degrees,
    Id,
    Number,
    OpenCountryId,
    OpenDay,
    OpenNumber,
    OpenText,
    OptionId,
    Prefix,
    SourceId,
    Text,
    UrgencyName,
    Wait,
    Year,
)
from content.strict import ContentError, Document, Loc, meant

M = TypeVar("M", bound="Shape")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Refs = list[str]  # each `source` or `source#place`


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentence(Shape):
    """What a sentence rests on, and for whom it is: also written as the list of its sources alone."""

    source: Annotated[Refs, Field(min_length=1)]
    only: Literal["", "apart", "together", "uk", "elsewhere", "living", "bereaved"] = ""


def _sourced(value: object) -> object:
    return {"source": value} if isinstance(value, list) else value


Sentences = list[Annotated[dict[Id, Annotated[Sentence, BeforeValidator(_sourced)]], Field(min_length=1, max_length=1)]]


class Option(Shape):
    urgency: UrgencyName | None = None
    advice: str = ""
    ends: bool = False
    hidden: bool = False
    days: list[Weekday] = []
    named: bool = False


class When(Shape):
    item: str
    options: Annotated[list[str], Field(alias="is")] = []
    others: Annotated[list[str], Field(alias="is_not")] = []


class Item(Shape):
    item: Id
    source: Refs = []
    when: list[When] = []
    words: bool = False
    columns: Annotated[int, Field(ge=1, le=8)] = 1
    measure: Literal["", "temperature"] = ""
    same: bool = False
    signs: list[Claim] = []
    options: dict[OptionId, Option] = {}


class StepUp(Shape):
    urgent: Annotated[int, Field(ge=2)]
    advice: str
    source: Annotated[Refs, Field(min_length=1)]


class Questionnaire(Shape):
    questionnaire: Id
    version: Text
    step_up: StepUp | None = None
    steered: bool = False
    items: Annotated[list[Item], Field(min_length=1)]


class Screen(Shape):
    urgency: UrgencyName
    calls: Literal["line", "ambulance", "crisis", "own_crisis"] = "line"
    do: Sentences = []
    say: Sentences = []
    watch: Sentences = []


class Advice(Shape):
    advice: dict[Id, Screen]


class Section(Shape):
    section: Id
    sentences: Annotated[Sentences, Field(min_length=1)]


class Treatment(Shape):
    treatment: Id
    sections: Annotated[list[Section], Field(min_length=1)]


class Source(Shape):
    """`places`: what a reference `source#place` may name, and where in the source that is."""

    title: Text
    publisher: Text
    year: Year
    population: Text
    first_hand: bool
    read: Day
    reviewed_by: str
    review_on: Day
    url: Text
    excludes: tuple[str, ...] = ()
    places: dict[SourceId, Text] = {}


class Sources(Shape):
    """`illnesses` that a study may have left out: what each is called, by language."""

    illnesses: dict[Id, dict[str, Text]] = {}
    sources: dict[SourceId, Source]


class Country(Shape):
    """`also`: other numbers there that a site may give for an ambulance. `crisis` may be empty where none is asked."""

    emergency: Number
    also: tuple[Number, ...] = ()
    prefix: Prefix = ""
    crisis: str
    zones: list[str]
    source: str = ""


class Countries(Shape):
    countries: dict[CountryId, Country]


class Quiet(Shape):
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="until")]


class Times(Shape):
    clocks: Annotated[list[Clock], Field(min_length=1)]
    quiet: Quiet
    apart: Wait = timedelta(hours=4)


class Acknowledge(Shape):
    """How soon a coordinator has to take an alert, before it is told again."""

    emergency: Wait = timedelta(minutes=10)
    urgent: Wait = timedelta(hours=4)


class WorkingHours(Shape):
    """When coordinators work, by the clock of the site; left out: round the clock. `outside`: what is urgent then is
    told only to those `on_duty`, or to nobody until the hours begin (`hold`)."""

    days: list[Weekday] = list(get_args(Weekday))
    start: Annotated[Clock | None, Field(alias="from")] = None
    end: Annotated[Clock | None, Field(alias="until")] = None
    outside: Literal["on_duty", "hold"] = "on_duty"


class Pathway(Shape):
    pathway: Id
    team: OpenText
    line: OpenNumber
    hours: OpenText
    go: OpenText
    emergency: Number
    crisis: OpenText
    bereavement: OpenText
    country: OpenCountryId
    zone: OpenText
    language: str
    fever: Degrees
    low: Degrees
    unit: Literal["C", "F"]
    painkiller: OpenText
    reviewed_on: OpenDay
    review_on: OpenDay
    nudge_after: Wait
    missed_after: Wait
    acknowledge: Acknowledge = Acknowledge()
    working_hours: WorkingHours = WorkingHours()
    medicine: str = ""
    digest: Clock = time(8)


class Banned(Shape):
    """What no text may say, by language. Keys that may say it, hold a digit or be hard to read, each with why."""

    banned: dict[str, list[Text]]
    excused: dict[str, Text] = {}
    figures: dict[str, Text] = {}
    hard: dict[str, Text] = {}


@dataclass(frozen=True)
class Part(Generic[M]):
    """A file and what it says; `shape` is None if it has problems."""

    document: Document
    shape: M | None
    problems: tuple[str, ...] = ()

    def whole(self) -> M:
        """What the file says. Raises ContentError if it has problems."""
        if self.shape is None:
            raise ContentError(self.problems)
        return self.shape


def fit(document: Document, shape: type[M]) -> Part[M]:
    """Read a document as a shape."""
    if document.problems:
        return Part(document, None, document.problems)
    try:
        return Part(document, shape.model_validate(document.data))
    except ValidationError as errors:
        said = ((error["loc"], _said(error, shape)) for error in errors.errors(include_url=False))
        return Part(document, None, tuple(document.problem(loc, text) for loc, text in said))


def _said(error: ErrorDetails, shape: type[Shape]) -> str:
    """What is wrong, for whoever edits the file."""
    loc = error["loc"]
    name = _named(loc)
    match error["type"]:
        case "missing":
            return f"{name} is missing."
        case "extra_forbidden":
            return f"{name} is not known here.{meant(str(loc[-1]), _fields(shape, loc[:-1]))}"
        case "literal_error":
            known = [one for one in re.findall(r"'([^']*)'", error.get("ctx", {}).get("expected", "")) if one]
            return f'{name} is "{error["input"]}", not one of {", ".join(known)}.{meant(str(error["input"]), known)}'
        case "value_error":
            return f"{error.get('ctx', {}).get('error')}."
        case "string_type" | "string_too_short" | "string_pattern_mismatch":
            return f"{name} must be words."
        case "list_type":
            return f"{name} must be a list."
        case "dict_type" | "model_type":
            return f"{name} must be names with values."
        case _:
            return f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}."


def _named(loc: Loc) -> str:
    names = [step for step in loc if isinstance(step, str) and step != "[key]"]
    return f'"{names[-1]}"' if names else "the file"


def _fields(shape: Any, loc: Loc) -> list[str]:
    """The names that the shape at `loc` knows."""
    for step in loc:
        if isinstance(shape, type) and issubclass(shape, Shape):
            shape = next(
                field.annotation for name, field in shape.model_fields.items() if (field.alias or name) == step
            )
        else:  # a list or a mapping of something
            shape = [one for one in get_args(shape) if one is not ...][-1]
        if get_origin(shape) is Annotated:
            shape = get_args(shape)[0]
        if isinstance(shape, UnionType):  # something or nothing
            shape = get_args(shape)[0]
    return [field.alias or name for name, field in shape.model_fields.items()]
