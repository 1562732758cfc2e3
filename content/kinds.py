"""The words, numbers and times that content files hold, and how a wrong one is told."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from flows.book import Urgency

T = TypeVar("T")

OPEN = re.compile(r"\s*fill in\b[:\s]*(.*)", re.IGNORECASE | re.DOTALL)  # a site has still to say what follows
NEVER = date.min  # stands for a day that a site has still to say


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


def _claim(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]+(#[A-Za-z0-9_]+)?", value):
        raise ValueError(f'"{value}" must be the name of a requirement, or with an option: name#option')
    return value


def _asking(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)?", value):
        raise ValueError(f'"{value}" must be the name of a questionnaire, or of its question: name/question')
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
    if not re.fullmatch(r"(\. )?[\w']+\*?( ([\w']+\*?|[.?]))*", value):
        raise ValueError(f'"{value}" never matches: write words, and . or ? apart from them, with \' for ’')
    return value


def _year(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"(19|20)\d\d", value, re.ASCII):
        return int(value)
    raise ValueError(f'"{value}" must be a year such as 2023')


def _number(value: str) -> str:
    if not re.fullmatch(r"\+\d[\d ]{6,18}\d|\d{2,6}", value, re.ASCII):
        raise ValueError(f'"{value}" cannot be dialled: write it as +44 1632 960123, with its country')
    return value


def _short_number(value: str) -> str:
    if not re.fullmatch(r"\d{2,6}", value, re.ASCII):
        raise ValueError(f'"{value}" must be a number such as 112')
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(r"\+[1-9]\d{0,2}", value, re.ASCII):
        raise ValueError(f'"{value}" must be how telephone numbers begin there, such as +44')
    return value


def _degrees(value: object) -> float:
    if isinstance(value, str) and re.fullmatch(r"3[4-9](\.\d)?", value, re.ASCII):
        return float(value)
    raise ValueError(f'"{value}" must be a temperature in °C such as 37.5')


def _rank(value: object) -> Urgency:
    names = [urgency.name.lower() for urgency in sorted(Urgency, reverse=True)]
    if isinstance(value, str) and value in names:
        return Urgency[value.upper()]
    raise ValueError(f'"{value}" is not one of {", ".join(names)}')


def _some(value: tuple[T, ...]) -> tuple[T, ...]:
    if not value:
        raise ValueError("a list is empty")
    return value


def _or_open(kind: Callable[[str], str]) -> Callable[[str], str]:
    """The kind, or words such as `FILL IN: the number of your line`, with what to fill in."""

    def read(value: str) -> str:
        if not (found := OPEN.match(value)):
            return kind(value)
        if not found[1]:
            raise ValueError(f'"{value}" does not say what to fill in, such as FILL IN: the number of your line')
        return value

    return read


def _open_day(value: object) -> date:
    return NEVER if isinstance(value, str) and _or_open(str)(value) and OPEN.match(value) else _day(value)


Id = Annotated[str, AfterValidator(_id)]
OptionId = Annotated[str, AfterValidator(_option_id)]
Claim = Annotated[str, AfterValidator(_claim)]
Asking = Annotated[str, AfterValidator(_asking)]
SourceId = Annotated[str, AfterValidator(_source_id)]
CountryId = Annotated[str, AfterValidator(_country_id)]
Day = Annotated[date, BeforeValidator(_day)]
Clock = Annotated[time, BeforeValidator(_clock)]
Wait = Annotated[timedelta, BeforeValidator(_wait)]
Year = Annotated[int, BeforeValidator(_year)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
UrgencyName = Literal["emergency", "urgent", "routine"]
Some = AfterValidator(_some)
Rank = Annotated[Urgency, BeforeValidator(_rank)]
Number = Annotated[str, AfterValidator(_short_number)]  # of the emergency services
Prefix = Annotated[str, AfterValidator(_prefix)]
Degrees = Annotated[float, BeforeValidator(_degrees)]  # °C
OpenText = Annotated[Text, AfterValidator(_or_open(str))]
OpenNumber = Annotated[str, AfterValidator(_or_open(_number))]
OpenCountryId = Annotated[str, AfterValidator(_or_open(_country_id))]
OpenDay = Annotated[date, BeforeValidator(_open_day)]
Member = Annotated[str, AfterValidator(_member)]  # other characters never match: see flows/recognise.py
