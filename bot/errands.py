"""What a coordinator does about one person, or a lead about a coordinator: what follows from it for them."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from bot.draft import Draft
from flows.deeds import Dismiss, OfPeople, Remind, Review, Write
from flows.events import Dismissed, Event, Reminded, Written


def follows(
    whose: Callable[[str], Draft],
    staff: Collection[str],
    reviewed: dict[str, tuple[str, datetime]],
    draft: Draft,
    effect: OfPeople,
    at: datetime,
) -> Iterator[tuple[Draft, Event, Draft]]:
    """Who is told what, and whom it is about. What is `reviewed` is put there."""
    by = draft.who.person
    match effect:
        case Review(person=code, runs=runs):
            reviewed |= {f"{code}.{run}": (by, at) for run in runs}
        case Write(to=code, text=text):
            yield whose(code), Written(at=at, by=by, text=text), whose(code)
        case Remind(to=code, reminder=one, number=number):
            yield whose(code), Reminded(at=at, by=by, reminder=one, number=number), whose(code)
        case Dismiss(person=code):
            if code in staff:  # and has not left meanwhile
                yield whose(code), Dismissed(at=at, by=by), whose(code)
