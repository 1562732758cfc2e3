"""The shapes of the registers: what must be asked, where sources disagree, what could go wrong."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from content.kinds import Id, Rank, Some, Text
from content.shapes import Shape

Cited = Annotated[tuple[str, ...], Some]  # each `source` or `source#place`


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Requirement(Shape):
    """A sign that must be asked about.

    `least`: what an answer that admits it must get. `asked_in`: by which questionnaires. `asked`, by language: each
    begins a word of the question; in `a|b` either will do. `limits`: in °C by country and `other`; no pathway there may
    count less of a measured sign.
    """

    requirement: Id
    says: Text
    least: Rank
    source: Cited
    asked_in: Annotated[tuple[Id, ...], Some] = ("red_flags",)
    asked: dict[str, Annotated[tuple[Text, ...], Some]]
    limits: dict[str, float] = Field(default_factory=dict)


class Together(Shape):
    """That many urgent signs together are an emergency."""

    urgent: Annotated[int, Field(ge=2)]
    source: Cited


class Requirements(Shape):
    together: Together
    requirements: Annotated[tuple[Requirement, ...], Some]


class Position(Shape):
    """What one source (`id` or `id#place`) says, and how urgent that makes it, where that is what they differ in.

    Of two equally urgent positions the one with the lower `limit` is the stricter: it takes less.
    """

    source: Text
    words: Text
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
    says: Text
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
