"""What must be done about one person when a coordinator has looked at them, or writes to them."""

from dataclasses import dataclass


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
