"""The time. Everything asks this clock, so that the demo and the tests can move it."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock, moved forward by `advance` where that is allowed (demo and tests)."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self._ahead

    def advance(self, to: datetime) -> None:
        """Move on to a later moment; an earlier one changes nothing."""
        self._ahead += max(to - self.now(), timedelta())
