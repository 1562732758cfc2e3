"""The shapes of the registers: what must be asked, where sources disagree, what could go wrong."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from content.kinds import Asking, Id, Rank, Some, Text, Wait
from content.shapes import Shape

Cited = Annotated[tuple[str, ...], Some]  # each `source` or `source#place`
Said = Annotated[tuple[Text, ...], Some]  # of `a|b` either will do


Calls = Literal["line", "ambulance", "crisis"]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Requirement(Shape):
    """A sign that must be asked about.

    `least`: what an answer that admits it must get. `screen`: what it leads to; where an answer claims a sign by name
    (`sign#option`), that sign alone says where it leads. `asked_in`: by which questionnaires, or questions of theirs.
    `asked`, by language: each begins a word of the question; in `a|b` either will do. `after`, by question: answers
    that the question must follow, where it follows only some. `limits`: in °C by country and `other`; no pathway there
    may count less of a measured sign.
    """

    requirement: Id
    says: Text
    least: Rank
    screen: Id
    source: Cited
    asked_in: Annotated[tuple[Asking, ...], Some] = ("red_flags",)
    after: dict[Id, Said] = Field(default_factory=dict)
    asked: dict[str, Said]
    limits: dict[str, float] = Field(default_factory=dict)


class Together(Shape):
    """That many urgent signs, told `within` this time, are an emergency."""

    urgent: Annotated[int, Field(ge=2)]
    within: Wait
    source: Cited


class Loop(Shape):
    """When it is asked whether help was reached: so many `times` after `soon`, then after `later`, `most` times in all.

    `again`: where an answer leads, by whom the screen says to call, once one of them was given in vain.
    """

    soon: Wait
    times: int
    later: Wait
    most: int
    answers: dict[Calls, dict[Id, Id]]
    again: dict[Calls, dict[Id, Id]] = Field(default_factory=dict)
    forgotten: Id
    source: Cited


class Screen(Shape):
    """What a what-to-do screen must say, by language: of the title and of single sentences (by id).

    `calls`: whom it says to call first. `never`: words that stand nowhere on it, unless the same clause says not, no or
    never before them.
    """

    calls: Calls
    words: dict[str, dict[Id, Said]]
    never: dict[str, tuple[Text, ...]] = Field(default_factory=dict)


class Held(Shape):
    """What a text outside the screens must say, and `never`, unless the same clause says not before it."""

    says: Said
    never: tuple[Text, ...] = ()


class Requirements(Shape):
    """`labels`, by language: what the words of an option begin with, wherever it is offered; several: either.

    `texts`, by language and by key: what is told besides the screens, and asked where the answer leads no further.
    """

    together: Together
    loop: Loop
    labels: dict[str, dict[str, Said]]
    screens: dict[Id, Screen]
    texts: dict[str, dict[str, Held]]
    requirements: Annotated[tuple[Requirement, ...], Some]


class Position(Shape):
    """What one source (`id` or `id#place`) says, and how urgent that makes it, where that is what they differ in.

    `words`: the end of the key of what it says (`conflict.<conflict>.<words>`).
    Of two equally urgent positions the one with the lower `limit` is the stricter: it takes less.
    """

    source: Text
    words: Id
    urgency: Rank | None = None
    limit: float | None = None

    @property
    def strictness(self) -> tuple[int, float]:
        """Higher is stricter."""
        return (self.urgency or 0, -(self.limit or 0))


class Conflict(Shape):
    """Sources that disagree.

    `limit`: what the positions' limits count. `won`: those followed; empty: all are told. `where`: the questions
    (`questionnaire/item`) and pages (`treatments/treatment/section`) that it is about.
    """

    conflict: Id
    limit: Literal["", "hours", "degrees", "signs"] = ""
    positions: tuple[Position, ...]
    won: tuple[str, ...] = ()
    where: Annotated[tuple[str, ...], Some, Field(alias="in")]


class Conflicts(Shape):
    conflicts: tuple[Conflict, ...]


class Control(Shape):
    """What keeps a hazard small. `proof`: `tests/test_x.py::test_y`, `tests/dialogs/x.yaml` or `check: name`."""

    control: Text
    proof: Annotated[tuple[Text, ...], BeforeValidator(_listed), Some]


class Hazard(Shape):
    """What could go wrong, as in DCB0129 and ISO 14971. `likelihood`: without the controls."""

    hazard: Annotated[str, Field(pattern=r"^H[1-9]\d?$")]
    what: Text
    cause: Text
    effect: Text
    severity: Literal["catastrophic", "major", "considerable", "significant", "minor"]
    likelihood: Literal["very_high", "high", "medium", "low", "very_low"]
    controls: Annotated[tuple[Control, ...], Some]
    residual: Text


class Hazards(Shape):
    hazards: tuple[Hazard, ...]
