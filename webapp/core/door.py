"""Who works with the database holds its door open; a restore waits until nobody does.

For SQLite a lock on a file beside it, for PostgreSQL a lock of the database; each connection has
its own, and the system gives it back when the process ends, however it ends.
"""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.core.files import open_ours

LOCK_KEY = 0x626F776C696E65
"""`bowline` in ASCII."""
FILE = "bowline-door"
RESTORING = "the database is being brought back from a copy"

_mine: set[str] = set()
"""The databases this process has locked for itself."""


class Occupied(RuntimeError):
    """Somebody is at work with the database."""


def guard(engine: sa.Engine) -> None:
    """Let each connection of an engine hold the door, and refuse it while it is locked."""
    is_sqlite = engine.dialect.name == "sqlite"
    name = _name(engine.url)
    if is_sqlite and not engine.url.database:
        return

    def enter(connection: Any, record: ConnectionPoolEntry) -> None:
        if name in _mine:
            return
        try:
            if is_sqlite:
                record.info[FILE] = _hold_file(name)
            else:
                _hold_database(connection)
        except BaseException:
            connection.close()
            raise

    def leave(_: Any, record: ConnectionPoolEntry) -> None:
        held = record.info.pop(FILE, None)
        if held is not None:
            os.close(held)

    event.listen(engine, "connect", enter)
    event.listen(engine, "close", leave)


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


def _hold_database(connection: psycopg.Connection[Any]) -> None:
    asked = f"SELECT pg_try_advisory_lock_shared({LOCK_KEY})"
    found = connection.execute(asked).fetchone()
    connection.rollback()
    if not (found and found[0]):
        raise psycopg.OperationalError(RESTORING)


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
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(plain, autocommit=True)) as connection:
        found = connection.execute(f"SELECT pg_try_advisory_lock({LOCK_KEY})").fetchone()
        if not (found and found[0]):
            raise Occupied
        try:
            yield
        finally:
            connection.execute(f"SELECT pg_advisory_unlock({LOCK_KEY})")
