"""Runs migrations on the database of the app, each in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, cast

import sqlalchemy as sa
from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app

from webapp.core.db import WRITES, Base, UtcDateTime, db


def plain_type(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our own types as what lies in the database: migrations must outlive our code."""
    is_moment = kind == "type" and isinstance(item, UtcDateTime)
    return "sa.DateTime(timezone=True)" if is_moment else False


@contextmanager
def unchecked(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others point to: dropping the old one is no deleting."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def refuse_loose_ends(*, ctx: MigrationContext, **_: Any) -> None:
    """Undo a migration of SQLite after which a row points to one that is not there."""
    connection = ctx.connection
    if connection is None or connection.dialect.name != "sqlite":
        return
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if loose is not None:
        raise RuntimeError(f"A row of {loose[0]} would point to a row of {loose[2]} that is gone.")


def run() -> None:
    """Bring the connected database up or down; killed half way, it goes on from there."""
    engine = db.engine.execution_options(**WRITES)
    with engine.connect() as connection, unchecked(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=plain_type,
            transactional_ddl=True,
            transaction_per_migration=True,
            on_version_apply=cast("Any", refuse_loose_ends),
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit(f"{current_app.name}: migrations run on a database, not into a file.")
run()
