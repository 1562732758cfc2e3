"""How many one-time codes a chat may try that are not good. In memory: who tries may be a guest."""

from datetime import datetime, timedelta

MOST = 5  # ours, an hour: a code has 49 bits
WITHIN = timedelta(hours=1)


class Attempts:
    """When each chat tried a code that is not good, within the last hour."""

    def __init__(self) -> None:
        self._failed: dict[int, list[datetime]] = {}

    def spent(self, chat: int, now: datetime) -> bool:
        """Whether no further code is looked at for now."""
        self._failed = {
            one: recent for one, times in self._failed.items() if (recent := [at for at in times if now - at < WITHIN])
        }
        return len(self._failed.get(chat, ())) >= MOST

    def failed(self, chat: int, now: datetime) -> None:
        """One more that is not good."""
        self._failed.setdefault(chat, []).append(now)
