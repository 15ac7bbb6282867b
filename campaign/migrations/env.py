"""Alembic's entry: one connection as the owner, an advisory lock around the run, a lock timeout on each statement."""

from alembic import context
from sqlalchemy import create_engine, text

from campaign.tables import metadata

LOCK = 33_75_36_71  # any constant; the same for every deploy of this product

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    # A migration that waits for a lock makes everybody behind it wait; better to fail and be run again.
    connection.execute(text("SET lock_timeout = '10s'"))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    context.configure(
        connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
    connection.commit()
engine.dispose()
