"""When coordinators work, by the clock of the site: what is urgent, and no emergency, keeps to that."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flows.book import Book, Pathway, Urgency
from flows.due import DAY, in_zone, local, quiet

AT_LAST = timedelta(days=1)  # urgent means today: by then all coordinators are told, also outside their hours
BEFORE_NIGHT = timedelta(hours=1)  # ours: what would be told at last at night is told so long before the quiet hours
JUST_OVER = timedelta(minutes=30)  # ours: what was due in the hours is told, though they have ended since


def works(site: Pathway, at: datetime) -> bool:
    """Whether coordinators work then."""
    return begins(site, at) == at


def begins(site: Pathway, at: datetime) -> datetime:
    """`at`, if coordinators work then; else when they begin again."""
    if site.working.always:
        return at
    return max(at, next(start for start, end in _shifts(site, at) if end > at))


def worked(site: Pathway, at: datetime, wait: timedelta) -> datetime:
    """When coordinators have worked so long since."""
    if site.working.always:
        return at + wait
    done = at  # no hour counts twice, also where a zone has skipped a day
    for start, end in _shifts(site, at):
        start = max(start, done)
        if end - start >= wait:
            return start + wait
        wait -= max(end - start, timedelta(0))
        done = max(done, end)
    raise AssertionError("there is always another working day")


def spent(site: Pathway, since: datetime, until: datetime) -> timedelta:
    """How long coordinators have worked in between."""
    if site.working.always:
        return until - since
    done, total = since, timedelta(0)  # as in `worked`
    for start, end in _shifts(site, since):
        if start >= until:
            break
        start, end = max(start, done), min(end, until)
        total += max(end - start, timedelta(0))
        done = max(done, end)
    return total


def latest(book: Book, at: datetime) -> datetime:
    """By when all coordinators are told of what was urgent `at`: within a day, and where that is not in their hours,
    not in the quiet hours of the site."""
    last, site = at + AT_LAST, book.pathway
    here = in_zone(site.zone, last)
    if works(site, last) or not quiet(book.times, here.time()):
        return last
    day = here.date() - DAY if here.time() < book.times.quiet_from else here.date()
    return max(at, min(last, local(site.zone, day, book.times.quiet_from) - BEFORE_NIGHT))


def away(book: Book, urgency: Urgency, at: datetime) -> bool:
    """Whether coordinators are to be left alone with it until they work again. Never with an emergency."""
    return urgency < Urgency.EMERGENCY and not works(book.pathway, at)


def told_at_once(
    book: Book, urgency: Urgency, rota: tuple[str, ...], on_duty: tuple[str, ...], at: datetime
) -> tuple[str, ...]:
    """Whom an alert is told first: who is on duty; if nobody is, everybody, but nobody outside working hours."""
    if not away(book, urgency, at):
        return on_duty or rota
    return () if book.pathway.working.held else on_duty


def _shifts(site: Pathway, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working hours of every day, from those on that may not have ended by then. They may go on past midnight."""
    hours, day = site.working, in_zone(site.zone, at).date() - 2 * DAY
    while True:
        day += DAY
        if str(day.weekday()) not in hours.days:
            continue
        begun = local(site.zone, day, hours.start)
        until = local(site.zone, day + DAY if hours.end <= hours.start else day, hours.end)
        if until > max(begun, at):
            yield begun, until
