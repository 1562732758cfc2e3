"""Who has reviewed a response, and when; and ways to find what the log's filters and the digest ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns and four indexes."""
    op.add_column("responses", sa.Column("reviewed_by", sa.Text(), nullable=True))
    op.add_column("responses", sa.Column("reviewed_at", sa.Text(), nullable=True))
    op.create_index("responses_open", "responses", ["at"], unique=False, sqlite_where=sa.text("reviewed_at IS NULL"))
    op.create_index("responses_state", "responses", ["state", "at"], unique=False)
    op.create_index("responses_urgency", "responses", ["urgency", "at"], unique=False)
    op.create_index("answers_item", "answers", ["item", "at"], unique=False)
