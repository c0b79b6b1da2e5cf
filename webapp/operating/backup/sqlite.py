"""Copies of SQLite: taken while it is in use, and put in its place."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from webapp.core.files import hand_over
from webapp.operating.backup.archive import Unusable, sync

BESIDE = ("", "-wal", "-shm")


def copy_out(database: Path, copy: Path) -> None:
    """Copy all that is committed; what was deleted is not in it, also not in free pages.

    Raises:
        Unusable: there is no such database, or it is damaged.
    """
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as source:
            source.execute("VACUUM INTO ?", [str(copy)])
    except sqlite3.Error as error:
        raise Unusable(f"The database cannot be copied: {error}.") from None
    check(copy)


def check(file: Path) -> None:
    """Look for damage.

    Raises:
        Unusable: there is some.
    """
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            (found,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise Unusable(f"The copy cannot be read: {error}.") from None
    if found != "ok":
        raise Unusable(f"The copy is damaged: {found}.")


def settle(file: Path) -> None:
    """Bring everything into the one file, so that it can be moved."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    sync(file)


def put_in_place(ready: Path, database: Path, *, aside: Path) -> None:
    """Move the database of before aside, if there is one, and the new one to its place."""
    hand_over(ready, of=database if database.exists() else database.parent)
    with suppress(sqlite3.Error):
        if database.exists():
            settle(database)
    for ending in BESIDE:
        old = database.with_name(database.name + ending)
        if old.exists():
            old.rename(aside.with_name(aside.name + ending))
    ready.rename(database)
    sync(database.parent)
