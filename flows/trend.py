"""Pain and walking of the last week, as coordinators see them beside an alert."""

from datetime import datetime, timedelta

from flows.person import Lately, Person
from flows.ways import SKIPPED

ITEMS = ("pain", "walking")  # of the daily check-in
WEEK = timedelta(days=7)


def noted(person: Person, questionnaire: str, item: str, said: str, run: int, at: datetime) -> Person:
    """With one more answer of a check-in that was kept. An answer changed takes the place of the one before."""
    if questionnaire != "daily" or item not in ITEMS:
        return person
    kept = [one for one in lately(person, at) if (one.run, one.item) != (run, item)]
    new = (
        []
        if said in SKIPPED or (item == "pain" and not said.isdigit())
        else [Lately(run=run, item=item, said=said, at=at)]
    )
    return person.moved(lately=(*kept, *new))


def lately(person: Person, at: datetime) -> tuple[Lately, ...]:
    """What was told within a week."""
    return tuple(one for one in person.lately if at - one.at < WEEK)


def shown(person: Person, at: datetime) -> tuple[tuple[str, str], ...]:
    """The same as (item, answer), by time, if coordinators may see it."""
    return tuple((one.item, one.said) for one in lately(person, at)) if person.permits("show") else ()
