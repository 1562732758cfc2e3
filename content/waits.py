"""Whether the times in a site's own pathway can be right: how long is waited, and when coordinators are told."""

from collections.abc import Iterator
from datetime import date, timedelta

from content.load import Library
from flows.due import quiet

SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=12)  # ours: nobody can have meant another
SHORTEST_DAY = timedelta(hours=4)  # ours: as long as what is urgent may wait
LATEST = {"emergency": 30, "urgent": 24 * 60}  # ours, minutes until an alert is told again


def _nudges(library: Library, _today: date) -> Iterator[tuple[str, str]]:
    for field in ("nudge_after", "missed_after"):
        if not SHORTEST_WAIT <= getattr(library.book.pathway, field) <= LONGEST_WAIT:
            yield field, f"{field} must be between 15m and 12h, such as 2h."


def _answered(library: Library, _today: date) -> Iterator[tuple[str, str]]:
    for name, most in LATEST.items():
        if (given := getattr(library.book.pathway, f"acknowledge_{name}")) > timedelta(minutes=most):
            yield "acknowledge", f"{name} alerts wait {given} to be told again: write {most}m at most."


def _digest(library: Library, _today: date) -> Iterator[tuple[str, str]]:
    clock, times = library.book.pathway.digest, library.book.times
    if quiet(times, clock):
        hours = f"{times.quiet_from:%H:%M} to {times.quiet_until:%H:%M}"
        yield "digest", f"digest {clock:%H:%M} is in the quiet hours, {hours}: write a time of the day, such as 08:00."


def _working(library: Library, _today: date) -> Iterator[tuple[str, str]]:
    hours = library.book.pathway.working
    minutes = (hours.end.hour - hours.start.hour) * 60 + hours.end.minute - hours.start.minute
    if hours.start != hours.end and timedelta(minutes=minutes % (24 * 60)) < SHORTEST_DAY:
        told = f"working_hours from {hours.start:%H:%M} until {hours.end:%H:%M} are less than 4 hours"
        yield "working_hours", f"{told}: what is urgent would wait too long. Write longer ones."


CHECKS = (_nudges, _answered, _digest, _working)
