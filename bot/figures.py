"""The coordinators' figures: read from columns in clear, and as a plain table for the command line."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import MAIN
from bot.schema import alerts, responses
from bot.store import IN, run
from content.figures import CHECKINS, AlertTimes, Figures, begin, count, minutes, name
from flows.book import Pathway, Urgency

MINUTE = func.substr(responses.c.at, 1, 16)  # ISO 8601, UTC: 2026-11-28T22:51
BEGUN = (
    select(MINUTE.label("minute"), responses.c.state, func.count().label("number"))
    .where(responses.c.questionnaire.in_(IN), responses.c.at >= bindparam("since"))
    .group_by(MINUTE, responses.c.state)
)
TIMES = select(alerts.c.urgency, alerts.c.at, alerts.c.state, alerts.c.taken_at).where(
    alerts.c.at >= bindparam("since")
)


async def read(db: AsyncConnection, site: Pathway, now: datetime, weeks: int) -> Figures:
    """Of so many weeks, the running one included. Check-ins are kept of people who agreed, and of nobody else."""
    since = {"since": begin(now, site.zone, weeks).astimezone(UTC).isoformat()}
    begun = (await run(db, MAIN, BEGUN, {**since, "wanted": list(CHECKINS)})).mappings().all()
    raised = (await run(db, MAIN, TIMES, since)).mappings().all()
    return count(
        (
            (datetime.fromisoformat(row["minute"]).replace(tzinfo=UTC), row["state"], int(row["number"]))
            for row in begun
        ),
        [
            AlertTimes(
                urgency=Urgency(row["urgency"]),
                at=datetime.fromisoformat(row["at"]),
                state=row["state"],
                taken_at=datetime.fromisoformat(row["taken_at"]) if row["taken_at"] else None,
            )
            for row in raised
        ],
        site,
        now,
        weeks,
    )


def table(figures: Figures) -> Iterator[str]:
    """Lines in columns, for an operator's terminal."""
    yield f"{'week':<10}{'asked':>8}{'answered':>10}{'missed':>8}{'open':>6}{'percent':>9}"
    for week in figures.weeks:
        label = f"{week.monday.isocalendar().year}-W{name(week):0>2}"
        percent = "-" if week.percent is None else str(week.percent)
        yield f"{label:<10}{week.asked:>8}{week.answered:>10}{week.missed:>8}{week.open:>6}{percent:>9}"
    yield ""
    yield f"{'alerts':<10}{'raised':>8}{'open':>10}{'taken':>8}{'closed':>8}{'median min':>12}{'95 % min':>10}"
    for one in figures.alerts:
        counts = f"{one.raised:>8}{one.open:>10}{one.taken:>8}{one.closed:>8}"
        yield f"{one.urgency.name.lower():<10}{counts}{minutes(one.middle):>12}{minutes(one.late):>10}"
