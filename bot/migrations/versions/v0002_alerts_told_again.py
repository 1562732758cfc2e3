"""An alert nobody has taken is told again: those of the last day get the timer that does it."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# `serves`: how often coordinators were told, of alerts whose steps were not written down yet (see flows/alerts.py).
SET = sa.text(
    "INSERT OR REPLACE INTO timers (person, name, due, serves) "
    "SELECT subject, 'alert ' || id, at, '0' FROM alerts WHERE state = 'open' AND at > :since"
)


def upgrade() -> None:
    """Let no alert that stood open be forgotten; older ones stay in the list of open alerts."""
    op.execute(SET.bindparams(since=(datetime.now(UTC) - timedelta(days=1)).isoformat()))
