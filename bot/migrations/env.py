"""Alembic runs inside our own connection, at start (see bot/database.py)."""

from alembic import context

from bot.schema import data

context.configure(connection=context.config.attributes["connection"], target_metadata=data, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
