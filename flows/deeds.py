"""What must be done for coordinators: about one person they have looked at or write to; and what they are told."""

from dataclasses import dataclass
from datetime import datetime

from flows.person import Reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """This coordinator has looked at these runs of a person; that they were free was decided from the event."""

    person: str
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Show somebody what this coordinator has written (see events.Written)."""

    to: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDigest:
    """For this coordinator: who answered since then and who did not, what is open, whose pain is up."""

    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTeam:
    """For this lead: the coordinators, each with the way to take them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """This lead takes a coordinator out (see events.Dismissed)."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowLooked:
    """Who has looked at what is kept of the person; for a lead, of the one with this code."""

    person: str = ""
    page: int = 0
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendData:
    """Send the person everything that is kept of them, as files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """This coordinator sets a reminder for somebody, or takes back one of theirs (see events.Reminded)."""

    to: str
    reminder: Reminder | None = None
    number: int = 0


OfPeople = Review | Write | Remind | Dismiss
Views = ShowDigest | ShowTeam | ShowLooked | SendData
