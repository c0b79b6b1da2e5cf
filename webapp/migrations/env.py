"""Runs migrations on the database of the app, each in one transaction."""

from typing import Literal

from alembic import context
from flask import current_app

from webapp.core.db import Base, UtcDateTime, db


def plain_type(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our own types as what lies in the database: migrations must outlive our code."""
    is_moment = kind == "type" and isinstance(item, UtcDateTime)
    return "sa.DateTime(timezone=True)" if is_moment else False


def run() -> None:
    """Bring the connected database up or down."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=plain_type,
            transaction_per_migration=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit(f"{current_app.name}: migrations run on a database, not into a file.")
run()
