"""What must be done about those who care for the same patient. The other effects stand in effects.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Make a one-time link to the person's circle, or to a new one; it comes back as LinkMade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninvite:
    """The person's one-time links are good no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Use a circle's one-time code, which is gone then; what came of it comes back as Entered."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn:
    """Something that concerns others (see events.Told): everybody else of a circle, or one person by their code.

    With both, the person, if they are of that circle. `by`: as in Told.
    """

    did: str
    circle: str = ""
    person: str = ""
    by: str = "relative"
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """Nothing is to be done any more about the person's alerts: they are closed, as the patient has died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFarewell:
    """For coordinators: that this person's patient has died, or the question whether to say so."""

    person: str
