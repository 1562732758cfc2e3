"""The morning digest: every coordinator has a timer that tells what is new."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those who joined before have it due at once, for no morning: that sets it for the next one, and says nothing."""
    statement = (
        "INSERT INTO timers (person, name, due, serves) SELECT id, 'digest', :now, '' FROM people WHERE kind = :kind"
    )
    op.execute(sa.text(statement).bindparams(now=datetime.now(UTC).isoformat(), kind="coordinator"))
