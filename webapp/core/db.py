"""The database session, and the only place that commits.

A request is one transaction: it is committed after the answer is built and only if its status is
under 400. GET, HEAD and OPTIONS get a read-only transaction, so a view that tries to write fails.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, Response, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.core import door, pooler
from webapp.core.ids import ID_LENGTH
from webapp.core.turns import InTurn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR_STATUS = 400
SQLITE_BUSY_MS = 10_000
POSTGRESQL_READS_ONLY = "25006"
READ_ONLY = {"bowline_reads_only": True, "postgresql_readonly": True}
WRITES = {"bowline_writes": True}
"""Holds the write lock of SQLite from the first word."""
NEEDS_LOCK = "bowline-needs-the-lock"

Id = sa.String(ID_LENGTH)


class WriteOnRead(RuntimeError):
    """A page tried to write while it was only being read; a defect of ours."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Convert to UTC; SQLite stores it without the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the moment its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _values(names: type[Enum]) -> list[str]:
    """Store what an enumeration says, not what Python calls it."""
    return [name.value for name in names]


class Base(DeclarativeBase):
    """The base of all models, with predictable constraint names."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        str: sa.Text(),
        Enum: sa.Enum(Enum, native_enum=False, length=32, values_callable=_values),
    }


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """Return an index that holds only the rows of a condition."""
    condition = sa.text(where)
    return sa.Index(
        name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def is_reading() -> bool:
    """Tell whether this request may only read."""
    return has_request_context() and request.method in SAFE_METHODS


class RequestSession(FlaskSession):
    """A session that reads through a read-only connection where nothing may be written."""

    @property
    def reads_only(self) -> bool:
        """True in a request that only reads, and inside `reading()`."""
        return is_reading() or bool(self.info.get("reads_only"))

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """Choose the plain engine, or its read-only twin on the same pool."""
        engine = super().get_bind(*args, **kwargs)
        if not isinstance(engine, sa.Engine) or not self.reads_only:
            return engine
        twins: dict[sa.Engine, sa.Engine] = self._db.__dict__.setdefault("read_only_twins", {})
        if engine not in twins:
            twins[engine] = engine.execution_options(**READ_ONLY)
        return twins[engine]


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": RequestSession},
    engine_options={"hide_parameters": True},  # what people typed has no place in a log
)


def session() -> Session:
    """Return the session of this request or command."""
    return db.session()


def let_others_write() -> None:
    """End what was only read so far: a long computation must not hold the lock of SQLite.

    What was loaded can still be read; changes to it are no longer kept.
    """
    session().expunge_all()
    session().rollback()


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a command or task one transaction: committed at its end, or not at all."""
    current = session()
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        db.session.remove()


@contextmanager
def savepoint(within: Session) -> Iterator[None]:
    """Let a part of a transaction fail alone: an error undoes what the part did, and passes on."""
    with within.begin_nested():
        yield


@contextmanager
def reading() -> Iterator[Session]:
    """Give a command or task a session that only reads: writers need not wait for it."""
    current = session()
    current.info["reads_only"] = True
    try:
        yield current
    finally:
        current.rollback()
        db.session.remove()


def engine_options(url: str) -> dict[str, Any]:
    """Return how to connect.

    Writers of SQLite wait in line for each other. PostgreSQL prepares no statements: a pooler
    would look for them on another connection, and each is planned anew anyway.
    """
    if not url.startswith("postgresql"):
        return {"connect_args": {"factory": InTurn}}
    return {"connect_args": {"prepare_threshold": None}, "pool_pre_ping": True}


def init_app(app: Flask) -> None:
    """Bind the database to the app and let answers decide what is kept."""
    db.init_app(app)
    with app.app_context():
        _prepare_engine(db.engine)
    app.after_request(_keep_or_undo)


def _keep_or_undo(response: Response) -> Response:
    """Commit if the answer is a success; a page that failed has saved nothing."""
    if not db.session.registry.has():
        return response
    current = session()
    if is_reading():
        has_changes = bool(current.new or current.dirty or current.deleted)
        current.rollback()
        if has_changes:
            raise WriteOnRead(_where())
    elif response.status_code < FIRST_ERROR_STATUS:
        current.commit()
    else:
        current.rollback()
    return response


@event.listens_for(RequestSession, "before_flush")
def _refuse_flush(flushed: RequestSession, *_: object) -> None:
    if flushed.reads_only and (flushed.new or flushed.dirty or flushed.deleted):
        raise WriteOnRead(_where())


@event.listens_for(RequestSession, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    is_write = state.is_insert or state.is_update or state.is_delete
    if is_write and cast("RequestSession", state.session).reads_only:
        raise WriteOnRead(_where())


def _where() -> str:
    return request.path if has_request_context() else "a command that only reads"


def _prepare_engine(engine: sa.Engine) -> None:
    """Make SQLite durable and honest about its locks; other databases are so by themselves."""
    event.listen(engine, "handle_error", _refuse_below)
    if engine.dialect.name == "postgresql":
        pooler.look_for(engine)
    door.guard(engine)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "savepoint", lambda connection, _: _hold_sqlite(connection))
    event.listen(engine, "before_cursor_execute", _hold_before_write)


def _refuse_below(context: sa.ExceptionContext) -> None:
    """Name a write that only the database noticed, raw SQL above all."""
    error = context.original_exception
    is_refused = (
        getattr(error, "sqlstate", None) == POSTGRESQL_READS_ONLY
        or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY
    )
    connection = context.connection
    if is_refused and connection and connection.get_execution_options().get("bowline_reads_only"):
        raise WriteOnRead(_where()) from error


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """Leave transactions to us; WAL with FULL keeps every acknowledged commit over a power cut."""
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin by reading: who is asking, and whether they may, keeps no writer waiting."""
    options = connection.get_execution_options()
    reads_only = options.get("bowline_reads_only", False)
    connection.info[NEEDS_LOCK] = False
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN")
    connection.info[NEEDS_LOCK] = not reads_only
    if options.get("bowline_writes"):
        _hold_sqlite(connection)


def _hold_before_write(
    connection: sa.Connection,
    _cursor: object,
    statement: str,
    _values: object,
    run: Any,
    *_: object,
) -> None:
    """Take the lock before the first statement that writes, or that holds a row on PostgreSQL."""
    if not connection.info[NEEDS_LOCK] or statement.startswith("PRAGMA"):
        return
    asked = run.compiled.statement if run.compiled else None
    reads = isinstance(asked, sa.SelectBase) or statement.lstrip().startswith("SELECT")
    if not reads or getattr(asked, "_for_update_arg", None) is not None:
        _hold_sqlite(connection)


def _hold_sqlite(connection: sa.Connection) -> None:
    """Take the write lock, in turn, and read anew from here on.

    What was read so far may be old by now, as on PostgreSQL before a row is held. A transaction
    that has read cannot simply begin to write: it would fail if somebody wrote in between.
    """
    if not connection.info[NEEDS_LOCK]:
        return
    connection.info[NEEDS_LOCK] = False
    connection.exec_driver_sql("COMMIT")
    raw = connection.connection.dbapi_connection
    if isinstance(raw, InTurn):
        raw.take_turn()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
