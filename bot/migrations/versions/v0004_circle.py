"""Circles: those who care for the same patient, and one-time links into a circle."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is in a circle yet, and every code is a coordinator's."""
    op.add_column("people", sa.Column("circle", sa.Text(), nullable=False, server_default=""))
    op.create_index("people_circle", "people", ["circle"], unique=False)
    op.add_column("codes", sa.Column("circle", sa.Text(), nullable=False, server_default=""))
    op.add_column("codes", sa.Column("person", sa.Text(), nullable=False, server_default=""))
