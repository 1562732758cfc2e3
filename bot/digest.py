"""The morning digest: what is read for it, of those who let coordinators see their answers and nobody else."""

from collections import defaultdict

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import records
from bot.database import MAIN
from bot.keys import Vault
from bot.schema import answers, people, responses
from bot.store import known_people, load, run
from content.digest import Checked, Digest, gathered
from content.overview import CHECKINS
from content.series import DAILY, PAIN, WEEK, Told
from flows.book import Urgency
from flows.deeds import ShowDigest
from flows.due import DAY

CHECKED = (
    select(responses.c.person, responses.c.state, responses.c.urgency)
    .join(people, people.c.id == responses.c.person)
    .where(people.c.shown == 1, responses.c.questionnaire.in_(CHECKINS))
    .where(responses.c.at >= bindparam("begun"))
    .where(or_(responses.c.closed >= bindparam("since"), responses.c.state == "in-progress"))
)
OF_PAIN = (
    select(answers)
    .join(people, people.c.id == answers.c.person)
    .where(people.c.shown == 1, answers.c.questionnaire == DAILY, answers.c.item == PAIN)
    .where(answers.c.at >= bindparam("since"))
    .order_by(answers.c.id)
)
LASTS = 2 * DAY  # a check-in is answered or missed long before
TWO_WEEKS = (2 * WEEK + 1) * DAY  # and a day, as days begin earlier in some zones
MOST_ALERTS = 1000


async def read(db: AsyncConnection, vault: Vault, show: ShowDigest, zone: str) -> Digest:
    """What this digest tells, as the caller's transaction leaves it."""
    wanted = {"since": show.since.isoformat(), "begun": (show.since - LASTS).isoformat()}
    begun = (await run(db, MAIN, CHECKED, wanted)).mappings().all()
    pain = (await run(db, MAIN, OF_PAIN, {"since": (show.at - TWO_WEEKS).isoformat()})).mappings().all()
    open_ = await records.open_alerts(db, vault, 0, MOST_ALERTS)
    codes = {row["person"] for row in (*begun, *pain)} | {view.subject for view in open_}
    known = {
        one.who.person: (one, person) for one, person in await load(db, (await known_people(db, vault, codes)).values())
    }
    told: defaultdict[str, list[Told]] = defaultdict(list)
    for row in (row for row in pain if row["person"] in known):
        said = records.opened(row, known[row["person"]][0].who)
        told[row["person"]].append(Told(response=row["response"], item=PAIN, option=said.option, at=said.at))
    checks = [Checked(person=row["person"], state=row["state"], urgency=_urgency(row["urgency"])) for row in begun]
    return gathered({code: person for code, (_, person) in known.items()}, checks, open_, told, show, zone)


def _urgency(name: str | None) -> Urgency | None:
    return Urgency[name.upper()] if name else None
