"""The tables. The same ones stand twice: on disk for those who agreed, in memory (`guests`) for everybody else.

`sealed` holds what people told us or were told, under the key of `owner` (or `person`, `subject`). All other columns
are in clear: what a thief would learn from them stands in the README, and tests/test_store.py holds the list.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

data = MetaData()
identity = MetaData()

keys = Table(
    "keys",
    identity,
    Column("person", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    Column("wrapped", LargeBinary, nullable=False),
)
marks = Table("marks", identity, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False))

updates = Table(
    "updates",
    data,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
)
people = Table(
    "people",
    data,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # person, coordinator
    Column("shown", Integer, nullable=False),  # 1: coordinators may see their answers
    Column("circle", Text, nullable=False, server_default=""),  # of those who care for the same patient; empty: alone
    Column("at", Text, nullable=False),  # of the last change
    Column("sealed", LargeBinary, nullable=False),
)
Index("people_kind", people.c.kind)
Index("people_circle", people.c.circle)
responses = Table(
    "responses",
    data,
    Column("id", Text, primary_key=True),  # person.run
    Column("person", Text, nullable=False),
    Column("questionnaire", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),  # in-progress, completed, stopped, missed
    Column("closed", Text),
    Column("urgency", Text),
    Column("reviewed_by", Text),  # the coordinator who marked it
    Column("reviewed_at", Text),
)
Index("responses_at", responses.c.at)
Index("responses_open", responses.c.at, sqlite_where=responses.c.reviewed_at.is_(None))
Index("responses_state", responses.c.state, responses.c.at)
Index("responses_urgency", responses.c.urgency, responses.c.at)
Index("responses_person", responses.c.person, responses.c.at)
answers = Table(
    "answers",
    data,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),
    Column("response", Text, nullable=False),
    Column("questionnaire", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("urgency", Text),
    Column("sealed", LargeBinary, nullable=False),
)
Index("answers_response", answers.c.response)
Index("answers_person", answers.c.person)
Index("answers_item", answers.c.item, answers.c.at)
outbox = Table(
    "outbox",
    data,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("person", Text, nullable=False),  # whom it goes to
    Column("owner", Text, nullable=False),  # whom it is about, and whose key seals it
    Column(
        "kind", Text, nullable=False
    ),  # the Bot API method; `list`: a message that shows what others told, dropped once it is sent
    Column("urgency", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("expires", Text),
    Column("state", Text, nullable=False),  # sending, queued, sent, dead
    Column("not_before", Text),
    Column("tries", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("outbox_waiting", outbox.c.state, sqlite_where=outbox.c.state.in_(("sending", "queued")))
Index("outbox_person", outbox.c.person)
Index("outbox_owner", outbox.c.owner)
timers = Table(
    "timers",
    data,
    Column("person", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("due", Text, nullable=False),
    Column("serves", Text, nullable=False),
)
Index("timers_due", timers.c.due)
alerts = Table(
    "alerts",
    data,
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, taken, closed
    Column("taken_by", Text),
    Column("taken_at", Text),
    Column("sealed", LargeBinary, nullable=False),
)
Index("alerts_state", alerts.c.state, alerts.c.at)
Index("alerts_subject", alerts.c.subject)
codes = Table(
    "codes",
    data,
    Column("hash", LargeBinary, primary_key=True),
    Column("expires", Text, nullable=False),
    Column("circle", Text, nullable=False, server_default=""),  # it leads to; empty: it makes a coordinator
    Column("person", Text, nullable=False, server_default=""),  # who may pass it on; empty: the site
    Column("lead", Integer, nullable=False, server_default="0"),  # 1: the coordinator it makes is a lead
)
audit = Table(
    "audit",
    data,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),  # a coordinator's code; `site`: the command line; `self`: the person
    Column("what", Text, nullable=False),
    Column("whose", Text, nullable=False),  # see `tag` in bot/keys.py; or a coordinator's code; or empty
    Column("hash", LargeBinary, nullable=False),  # of this line and the one before: see bot/audit.py
)
Index("audit_whose", audit.c.whose, audit.c.number)
facts = Table("facts", data, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

OF_A_PERSON = {  # which column says whose a row is; used to move and to erase people
    people: people.c.id,
    responses: responses.c.person,
    answers: answers.c.person,
    timers: timers.c.person,
    alerts: alerts.c.subject,
}
