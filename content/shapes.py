"""The shape of each content file, as its editors write it."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from content.strict import ContentError, Document, Loc, meant

M = TypeVar("M", bound="Shape")


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]+", value):
        raise ValueError(f'"{value}" may hold only a-z, 0-9 and _')
    return value


def _option_id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]+", value):
        raise ValueError(f'"{value}" may hold only A-Z, a-z, 0-9 and _')
    return value


def _source_id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_.-]+", value):
        raise ValueError(f'"{value}" may hold only a-z, 0-9, _, . and -')
    return value


def _country_id(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}|other", value):
        raise ValueError(f'"{value}" must be two capital letters (ISO 3166), or "other"')
    return value


def _day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f'"{value}" is not a day in the calendar') from None
    raise ValueError(f'"{value}" must be a day such as 2026-03-09')


def _clock(value: object) -> time:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        return time.fromisoformat(value)
    raise ValueError(f'"{value}" must be a time such as 08:30')


def _wait(value: object) -> timedelta:
    if isinstance(value, str) and (found := re.fullmatch(r"([1-9]\d{0,2})([hm])", value, re.ASCII)):
        amount = int(found[1])
        return timedelta(hours=amount) if found[2] == "h" else timedelta(minutes=amount)
    raise ValueError(f'"{value}" must be a wait such as 2h or 30m')


def _member(value: str) -> str:
    if not re.fullmatch(r"[\w']+\*?( ([\w']+\*?|[.,;:!?]))*", value):
        raise ValueError(f'"{value}" never matches: write words, and any of .,;:!? apart from them, with \' for ’')
    return value


def _year(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"(19|20)\d\d", value, re.ASCII):
        return int(value)
    raise ValueError(f'"{value}" must be a year such as 2023')


Id = Annotated[str, AfterValidator(_id)]
OptionId = Annotated[str, AfterValidator(_option_id)]
SourceId = Annotated[str, AfterValidator(_source_id)]
CountryId = Annotated[str, AfterValidator(_country_id)]
Day = Annotated[date, BeforeValidator(_day)]
Clock = Annotated[time, BeforeValidator(_clock)]
Wait = Annotated[timedelta, BeforeValidator(_wait)]
Year = Annotated[int, BeforeValidator(_year)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
UrgencyName = Literal["emergency", "urgent", "routine"]
Member = Annotated[str, AfterValidator(_member)]  # other characters never match: see flows/recognise.py
Refs = list[str]  # each `source` or `source#place`
Sentences = list[Annotated[dict[Id, Annotated[Refs, Field(min_length=1)]], Field(min_length=1, max_length=1)]]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Shape):
    urgency: UrgencyName | None = None
    advice: str = ""
    ends: bool = False


class When(Shape):
    item: str
    options: Annotated[list[str], Field(alias="is", min_length=1)]


class Item(Shape):
    item: Id
    source: Refs = []
    when: list[When] = []
    words: bool = False
    columns: Annotated[int, Field(ge=1, le=8)] = 1
    options: dict[OptionId, Option] = {}


class StepUp(Shape):
    urgent: Annotated[int, Field(ge=2)]
    advice: str
    source: Annotated[Refs, Field(min_length=1)]


class Questionnaire(Shape):
    questionnaire: Id
    version: Text
    step_up: StepUp | None = None
    items: Annotated[list[Item], Field(min_length=1)]


class Screen(Shape):
    urgency: UrgencyName
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


class Phrase(Shape):
    advice: str
    urgency: UrgencyName
    groups: Annotated[list[Annotated[list[Member], Field(min_length=1)]], Field(min_length=1)]


class Phrases(Shape):
    phrases: dict[str, list[Phrase]]


class Source(Shape):
    title: Text
    publisher: Text
    year: Year
    population: Text
    first_hand: bool
    read: Day
    reviewed_by: str
    review_on: Day
    url: Text


class Sources(Shape):
    sources: dict[SourceId, Source]


class Country(Shape):
    emergency: Text
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


class Pathway(Shape):
    pathway: Id
    team: Text
    line: Text
    emergency: Text
    crisis: Text
    country: CountryId
    zone: str
    language: str
    reviewed_on: Day
    review_on: Day
    nudge_after: Wait
    missed_after: Wait


class Banned(Shape):
    """What no text may say, by language; keys that may say it after all and why; keys that may hold a digit and why."""

    banned: dict[str, list[Text]]
    excused: dict[str, Text] = {}
    figures: dict[str, Text] = {}


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
            known = get_args(UrgencyName)
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
            shape = get_args(shape)[-1]
        if isinstance(shape, UnionType):  # something or nothing
            shape = get_args(shape)[0]
    return [field.alias or name for name, field in shape.model_fields.items()]
