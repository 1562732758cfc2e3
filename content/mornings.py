"""What is promised of the morning digest: coordinators get it, once, and nobody else; and nothing is left out of it."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from content.transition import Transition, hushed
from flows.book import Book
from flows.deeds import ShowDigest
from flows.events import CameDue

TIMER = "digest"
SOON, FAR = timedelta(hours=6), timedelta(days=7)
LONGEST = timedelta(hours=26)  # between two mornings, also where clocks change


def mornings(book: Book, t: Transition) -> Iterator[str]:
    """Every promise about the digest that this breaks."""
    told = [one for one in t.effects if isinstance(one, ShowDigest)]
    due = t.event if isinstance(t.event, CameDue) and t.event.timer == TIMER else None
    yield from _told(book, t, told, due)
    yield from _goes_on(book, t)


def _told(book: Book, t: Transition, told: list[ShowDigest], due: CameDue | None) -> Iterator[str]:
    before = t.before.digest.isoformat() if t.before.digest else ""
    if told and (due is None or not t.before.staff or due.serves <= before):
        yield "a digest is told to somebody who is no coordinator, unasked, or twice"
    for one in told:
        oldest = min(t.before.digest or one.at, one.at - timedelta(days=1))
        if one.since > max(t.before.digest or oldest, one.at - FAR) or one.at != t.event.at:
            yield "something falls between two digests"
        if t.before.off_duty and due is not None and due.on_duty:
            yield "a digest is told off duty, and a colleague is on duty"
    if due is None or told or not t.before.staff or t.before.blocked or due.serves <= before:
        return
    wake = t.then.timer(TIMER)
    near = wake is not None and wake.at - t.event.at < SOON
    if not near and not hushed(book, t.before, t.event.at) and not (t.before.off_duty and due.on_duty):
        yield "it is morning, and a coordinator is not told what is new"


def _goes_on(book: Book, t: Transition) -> Iterator[str]:
    """Every coordinator who can be reached will be told, at the hour of the site; nobody else is."""
    wake = t.then.timer(TIMER)
    if not t.after.staff or t.after.blocked:
        if wake is not None and t.after.blocked:
            yield "a digest is set for somebody who has blocked the bot"
        return
    if wake is None:
        if t.state.timer(TIMER) or not t.before.staff or t.before.blocked:
            yield "a coordinator will be told nothing in the morning"
        return
    clock = wake.at.astimezone(ZoneInfo(book.pathway.zone)).strftime("%H:%M")
    put_off = isinstance(t.event, CameDue) and t.event.timer == TIMER and hushed(book, t.before, t.event.at)
    fresh = t.state.timer(TIMER) != wake
    if fresh and not put_off and (clock != f"{book.pathway.digest:%H:%M}" or wake.at - t.event.at > LONGEST):
        yield "a digest is set for another time than the site's"
