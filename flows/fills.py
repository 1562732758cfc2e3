"""What the gaps in a sentence may be filled with."""

from dataclasses import dataclass
from datetime import date, datetime

from flows.events import AlertStep


@dataclass(frozen=True, slots=True)
class Words:
    """The key of some words, to stand inside others. `with_` fills the places in them."""

    key: str
    with_: "With" = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A time to be shown as the clocks of a zone (IANA) show it."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Degrees:
    """A temperature (°C), to be shown as it is read where the site is."""

    celsius: float


@dataclass(frozen=True, slots=True)
class Steps:
    """What became of an alert, a line each, by the clocks of a zone (IANA)."""

    steps: tuple[AlertStep, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Words that stand below each other, numbered."""

    lines: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Answers about pain and walking, as (item, option), by time: a line of its own, or nothing."""

    told: tuple[tuple[str, str], ...]


Fill = str | Words | Moment | Degrees | date | Steps | Lines | Trend | tuple[Words, ...]
With = tuple[tuple[str, Fill], ...]
