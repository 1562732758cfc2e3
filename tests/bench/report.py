"""What came of a simulated year, and whether it is what should have come."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from bot import records
from flows.hours import AT_LAST
from tests.bench.year import Year

LOOKED_AT = 100_000  # alerts: all
LONGEST_NIGHT = timedelta(hours=9)
MORE_MEMORY = 1.15  # at the end against the third month: more than this is no longer flat


@dataclass(slots=True)
class Report:
    """Counts, in the order they are printed, and what is wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [
            *(f"{number:>9,} {name}" for name, number in self.counts.items()),
            *(f"WRONG: {one}" for one in self.wrong),
        ]

    def same(self, what: str, found: int, expected: int) -> None:
        """A count that must be as expected."""
        self.counts[what] = found
        if found != expected:
            self.wrong.append(f"{what}: {found}, and not {expected}")


async def report(year: Year) -> Report:
    """Look at everybody's phone and at the database."""
    told = Report()
    people = list(year.people.values())
    due = {who.chat: Counter(who.due(year.clock.now())) for who in people}
    told.counts["people"] = len(people)
    told.counts["taps"] = year.taken
    told.counts["check-ins due"] = sum(map(len, due.values()))
    told.same("check-ins due and not asked", sum((due[who.chat] - who.asked).total() for who in people), 0)
    told.same("check-ins asked twice, or not due", sum((who.asked - due[who.chat]).total() for who in people), 0)
    states, alerts = Counter[str](), Counter[str]()
    async with year.database.transaction() as db:
        asked = "SELECT state, count(*) FROM responses WHERE questionnaire = 'daily' GROUP BY state"
        for state, number in await db.execute(text(asked)):
            states[state] = number
        for state, number in await db.execute(text("SELECT state, count(*) FROM alerts GROUP BY state")):
            alerts[state] = number
    for state, number in sorted(states.items()):
        told.counts[f"check-ins {state}"] = number
    told.same("check-ins asked and not in the log", due_total(due) - states.total(), 0)
    silent = sum(who.silent for who in people) - states["in-progress"]  # those of the last hours may still be answered
    told.same("check-ins left unanswered and not counted as missed, or the other way", silent - states["missed"], 0)
    told.counts["check-ins said to be missed, by day"] = said = sum(who.missed for who in people)
    if said > states["missed"]:
        told.wrong.append("a check-in is said to be missed that was not")
    told.counts["warning signs told"] = sum(who.flags for who in people)
    for state, number in sorted(alerts.items()):
        told.counts[f"alerts {state}"] = number
    told.same("warning signs without an alert", max(0, sum(who.flags for who in people) - alerts.total()), 0)
    told.same("alerts that nobody has, and not told to all and to the family", await unheard(year), 0)
    told.same("unasked messages in quiet hours, emergencies apart", sum(len(who.woken) for who in people), 0)
    _memory(year, told)
    return told


async def unheard(year: Year) -> int:
    """Alerts nobody has, of which it is high time that all coordinators and the family were told, and were not."""
    async with year.database.transaction() as db:
        views = await records.open_alerts(db, year.database.vault, 0, LOOKED_AT)
    waiting = [one for one in views if one.state == "open" and year.clock.now() - one.at > AT_LAST + LONGEST_NIGHT]
    return sum(not ({"all", "family"} <= {step.what for step in one.steps}) for one in waiting)


def due_total(due: dict[int, Counter[datetime]]) -> int:
    return sum(one.total() for one in due.values())


def _memory(year: Year, told: Report) -> None:
    for month, size in enumerate(year.memory, 1):
        told.counts[f"kB of memory after month {month}"] = size
    if len(year.memory) > 3 and year.memory[-1] > year.memory[2] * MORE_MEMORY:
        told.wrong.append("memory grows")
