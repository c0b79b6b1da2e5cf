"""Who works with the database holds its door open; a restore waits until nobody does.

For SQLite a lock on a file beside it, for PostgreSQL a lock of the database; each connection has
its own, and the system gives it back when the process ends, however it ends. Behind a pooler each
transaction has its own.
"""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.core import pooler
from webapp.core.files import open_ours

if TYPE_CHECKING:  # it is loaded where a database of it is used
    import psycopg

LOCK_KEY = 0x626F776C696E65
"""`bowline` in ASCII."""
FILE = "bowline-door"
RESTORING = "the database is being brought back from a copy"
FOR_A_TRANSACTION = (
    f"SELECT pg_try_advisory_xact_lock_shared({LOCK_KEY}), {pooler.PLANS_OF_TRANSACTION}"
)
"""With what else a transaction behind a pooler needs: it costs a way to the server and back."""

_mine: set[str] = set()
"""The databases this process has locked for itself."""


class Occupied(RuntimeError):
    """Somebody is at work with the database."""


def guard(engine: sa.Engine) -> None:
    """Let each connection of an engine hold the door, and refuse it while it is locked."""
    name = _name(engine.url)
    if engine.dialect.name != "sqlite":
        _guard_database(engine, name)
    elif engine.url.database:
        _guard_file(engine, name)


def _guard_file(engine: sa.Engine, name: str) -> None:
    def enter(connection: Any, record: ConnectionPoolEntry) -> None:
        if name not in _mine:
            with _closed_if_refused(connection):
                record.info[FILE] = _hold_file(name)

    def leave(_: Any, record: ConnectionPoolEntry) -> None:
        held = record.info.pop(FILE, None)
        if held is not None:
            os.close(held)

    event.listen(engine, "connect", enter)
    event.listen(engine, "close", leave)


def _guard_database(engine: sa.Engine, name: str) -> None:
    def enter(connection: Any, record: ConnectionPoolEntry) -> None:
        if name not in _mine and not record.info[pooler.BETWEEN]:
            with _closed_if_refused(connection):
                _hold_database(connection)

    def begin(connection: sa.Connection) -> None:
        if name not in _mine and connection.info[pooler.BETWEEN]:
            _hold_transaction(connection)

    event.listen(engine, "connect", enter)
    event.listen(engine, "begin", begin)


@contextmanager
def _closed_if_refused(connection: Any) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _name(url: sa.URL) -> str:
    return f"{url.database}.door" if url.drivername == "sqlite" else f"{url.host}/{url.database}"


def _hold_file(path: str) -> int:
    try:
        held = open_ours(Path(path), os.O_RDWR)
    except OSError as error:
        raise sqlite3.OperationalError("the folder of the database cannot be used") from error
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise sqlite3.OperationalError(RESTORING) from error
    return held


def _hold_database(connection: "psycopg.Connection[Any]") -> None:
    asked = f"SELECT pg_try_advisory_lock_shared({LOCK_KEY})"
    found = connection.execute(asked).fetchone()
    connection.rollback()
    if not (found and found[0]):
        raise connection.OperationalError(RESTORING)


def _hold_transaction(connection: sa.Connection) -> None:
    is_held, _plans = connection.exec_driver_sql(FOR_A_TRANSACTION).one()
    if not is_held:
        raw: Any = connection.connection.dbapi_connection
        error = raw.OperationalError(RESTORING)
        raise sa.exc.OperationalError(FOR_A_TRANSACTION, None, error)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Lock the database for this process alone.

    Raises:
        Occupied: somebody is at work with it.
    """
    parts = sa.make_url(url)
    name = _name(parts)
    lock = _lock_file(name) if parts.drivername == "sqlite" else _lock_database(parts)
    with lock:
        _mine.add(name)
        try:
            yield
        finally:
            _mine.discard(name)


@contextmanager
def _lock_file(path: str) -> Iterator[None]:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    held = open_ours(Path(path), os.O_RDWR)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except OSError as error:
        if error.errno in {errno.EAGAIN, errno.EACCES}:
            raise Occupied from error
        raise
    finally:
        os.close(held)


@contextmanager
def _lock_database(url: sa.URL) -> Iterator[None]:
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK_KEY})").scalar():
            raise Occupied
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK_KEY})")
