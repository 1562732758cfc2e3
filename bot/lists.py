"""What coordinators look at: pages of the log, and one person. Of those who let them see their answers, nobody else."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import MAIN
from bot.keys import Vault, unseal
from bot.records import answers_of, relatives
from bot.schema import alerts, answers, people, responses, timers
from bot.store import IN, PERSON, known_people, moment, run
from content.family import Standing
from content.overview import CHECKINS, DONE, Someone
from content.views import Entry
from flows.book import Urgency
from flows.effects import ShowLog, ShowPerson
from flows.events import ReviewView
from flows.letters import LETTER
from flows.review import LOOKS_BACK

MOST_COUNTED = 1000  # more than that is told as "more than"
WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)
LAST = 3  # responses on a person's page

ENDED = (responses.c.state != "in-progress") & (responses.c.questionnaire != LETTER)  # what can be reviewed
SHOWN = select(responses).join(people, people.c.id == responses.c.person).where(people.c.shown == 1)
NEWEST = (responses.c.at.desc(), responses.c.id.desc())
FILTERED = {
    "": SHOWN,
    "today": SHOWN.where(responses.c.at >= bindparam("since")),
    "missed": SHOWN.where(responses.c.at >= bindparam("since"), responses.c.state == "missed"),
    "red": SHOWN.where(responses.c.at >= bindparam("since"), responses.c.urgency.in_(("urgent", "emergency"))),
    "open": SHOWN.where(responses.c.at >= bindparam("since"), responses.c.reviewed_at.is_(None), ENDED),
}
OF_ONE = SHOWN.where(responses.c.person == bindparam("person"))
WAITING = select(func.count()).select_from(FILTERED["open"].limit(MOST_COUNTED).subquery())
ONE = select(people.c.sealed).where(people.c.id == bindparam("person"), people.c.shown == 1)
REVIEWS = SHOWN.where(responses.c.id.in_(IN))


async def log(db: AsyncConnection, vault: Vault, show: ShowLog, most: int) -> list[Entry]:
    """Responses, newest first: of everybody, or of one person. `most`: one more than a page."""
    wanted: dict[str, object] = {"skip": show.page * (most - 1), "most": most}
    wanted |= {"person": show.person} if show.person else {}
    wanted |= {"since": show.since.isoformat()} if show.since else {}
    return await _entries(db, vault, OF_ONE if show.person else FILTERED[show.only], wanted)


async def waiting(db: AsyncConnection, at: datetime) -> int:
    """How many responses nobody has reviewed, as far as the log looks back; at most MOST_COUNTED."""
    return int((await run(db, MAIN, WAITING, {"since": (at - LOOKS_BACK).isoformat()})).scalar_one())


async def _entries(
    db: AsyncConnection, vault: Vault, statement: Select[tuple[object, ...]], wanted: dict[str, object]
) -> list[Entry]:
    paged = statement.order_by(*NEWEST).limit(bindparam("most")).offset(bindparam("skip"))
    rows = (await run(db, MAIN, paged, wanted)).mappings().all()
    known = await known_people(db, vault, {row["person"] for row in rows})
    rows = [row for row in rows if row["person"] in known]  # of the others the key is erased, the rows are on their way
    told = await answers_of(db, [row["id"] for row in rows], {code: one.who for code, one in known.items()})
    return [
        Entry(
            person=row["person"],
            run=int(row["id"].rpartition(".")[2]),
            questionnaire=row["questionnaire"],
            at=moment(row["at"]),
            state=row["state"],
            urgency=_urgency(row["urgency"]),
            answers=tuple(answer for response, answer in told if response == row["id"]),
            reviewed_by=row["reviewed_by"] or "",
            reviewed_at=moment(row["reviewed_at"]) if row["reviewed_at"] else None,
        )
        for row in rows
    ]


def _urgency(name: str | None) -> Urgency | None:
    return Urgency[name.upper()] if name else None


async def reviews(db: AsyncConnection, person: str, runs: Collection[int]) -> ReviewView | None:
    """These responses, for whoever marks them as reviewed; None if they are not shown."""
    if (await run(db, MAIN, ONE, {"person": person})).first() is None:
        return None
    rows = (await run(db, MAIN, REVIEWS, {"wanted": [f"{person}.{one}" for one in runs]})).mappings().all()
    free = [row for row in rows if row["reviewed_at"] is None and can_be_reviewed(row)]
    last = max((row for row in rows if row["reviewed_at"]), key=lambda row: row["reviewed_at"], default=None)
    return ReviewView(
        person=person,
        runs=tuple(int(row["id"].rpartition(".")[2]) for row in free),
        by=(last["reviewed_by"] or "") if last else "",
        at=moment(last["reviewed_at"]) if last else None,
    )


def can_be_reviewed(row: RowMapping) -> bool:
    """Whether it has ended, and is not what a coordinator wrote."""
    return bool(row["state"] != "in-progress" and row["questionnaire"] != LETTER)


CHECKED = (
    select(responses)
    .where(responses.c.person == bindparam("person"), responses.c.at >= bindparam("since"))
    .where(responses.c.questionnaire.in_(CHECKINS), responses.c.state != "in-progress")
    .order_by(*NEWEST)
)
LAST_DONE = (
    select(responses)
    .where(responses.c.person == bindparam("person"), responses.c.state.in_(DONE))
    .where(responses.c.questionnaire.in_(CHECKINS))
    .order_by(*NEWEST)
    .limit(1)
)
PAIN = (
    select(answers)
    .where(answers.c.person == bindparam("person"), answers.c.item == "pain", answers.c.at >= bindparam("since"))
    .order_by(answers.c.id)
)
NOT_CLOSED = (
    select(alerts.c.urgency)
    .where(alerts.c.subject == bindparam("person"), alerts.c.state != "closed")
    .order_by(alerts.c.urgency.desc())
)
NEXT = select(timers.c.due).where(timers.c.person == bindparam("person"), timers.c.name == "checkin")


async def someone(db: AsyncConnection, vault: Vault, show: ShowPerson) -> Someone | None:
    """One person, as far as they let coordinators see; None if they do not, or nobody has that code."""
    code = {"person": show.person}
    sealed = (await run(db, MAIN, ONE, code)).scalar()
    known = (await known_people(db, vault, {show.person})).get(show.person)
    if sealed is None or known is None:
        return None
    checked = (await run(db, MAIN, CHECKED, code | {"since": (show.at - FORTNIGHT).isoformat()})).mappings().all()
    last = (await run(db, MAIN, LAST_DONE, code)).mappings().first()
    pain = (await run(db, MAIN, PAIN, code | {"since": (show.at - WEEK).isoformat()})).mappings().all()
    due = (await run(db, MAIN, NEXT, code)).scalar()
    alarms: Sequence[int] = (await run(db, MAIN, NOT_CLOSED, code)).scalars().all()
    entries = await _entries(db, vault, OF_ONE, code | {"skip": 0, "most": LAST})
    person = PERSON.validate_json(unseal(known.who.key, "people", show.person, show.person, sealed))
    beside = (await relatives(db, {show.person})).get(show.person, ())
    return Someone(
        person=person,
        next=moment(due) if due else None,
        last=moment(last["at"]) if last else None,
        urgency=_urgency(last["urgency"]) if last else None,
        done=sum(row["state"] in DONE for row in checked),
        asked=len(checked),
        alerts=tuple(map(Urgency, alarms)),
        pain=tuple((moment(row["at"]), said) for row in pain if (said := _said(known.who.key, row)).isdigit()),
        entries=tuple(entries),
        standing=Standing(beside=beside, farewell=person.farewell),
    )


def _said(key: bytes, row: RowMapping) -> str:
    """The option that was answered."""
    said = json.loads(unseal(key, "answers", row["id"], row["person"], row["sealed"]))
    return str(said.get("option", ""))
