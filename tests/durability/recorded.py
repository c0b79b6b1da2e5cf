"""The app over an SQLite that keeps a diary of every write and every sync of its files.

SQLite asks its disk through a table of functions for each open file. Here the functions of the
database and of its log are wrapped, in the very library that the app uses.
"""

import _sqlite3
import ctypes
import os
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app import app
from durability.trace import DATABASE, DIARY, LOG, SYNC, SYNCED, SYNCHRONOUS, TRUNCATE, WRITE, Diary
from webapp.core import db as database

OPEN_DATABASE, OPEN_LOG = 0x100, 0x80000
"""`SQLITE_OPEN_MAIN_DB` and `SQLITE_OPEN_WAL`."""

# A name stays a pointer: SQLite keeps it, and reads on behind its end.
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class Methods(Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", Write),
        ("truncate", Truncate),
        ("sync", Sync),
        ("others", c_void_p * 13),
    )


class File(Structure):
    """`sqlite3_file`."""

    _fields_ = (("methods", POINTER(Methods)),)


class Vfs(Structure):
    """The beginning of `sqlite3_vfs`."""

    _fields_ = (
        ("version", c_int),
        ("size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", Open),
    )


_kept: list[Any] = []
"""What SQLite points at must live as long as it."""


def record(diary: Diary) -> None:
    """Wrap every file opened from now on."""
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    opened = Open(ctypes.cast(vfs.open, c_void_p).value)
    wrapped: dict[tuple[int, bytes], Methods] = {}

    def open_file(this: int, name: int, file: int, flags: int, told: int) -> int:
        failed = opened(this, name, file, flags, told)
        kind = DATABASE if flags & OPEN_DATABASE else LOG if flags & OPEN_LOG else None
        if not failed and kind:
            pointer = ctypes.cast(file, POINTER(File)).contents
            key = (ctypes.addressof(pointer.methods.contents), kind)
            if key not in wrapped:
                wrapped[key] = _wrapped(pointer.methods.contents, kind, diary)
            pointer.methods = ctypes.pointer(wrapped[key])
        return failed

    vfs.open = Open(open_file)
    _kept.extend((library, opened, vfs.open, wrapped))


def _wrapped(plain: Methods, kind: bytes, diary: Diary) -> Methods:
    made = Methods.from_buffer_copy(plain)
    write, truncate, sync = (
        like(ctypes.cast(one, c_void_p).value)
        for like, one in ((Write, plain.write), (Truncate, plain.truncate), (Sync, plain.sync))
    )

    def noted_write(file: int, data: int, length: int, offset: int) -> int:
        diary.note(WRITE, kind, offset, ctypes.string_at(data, length))
        return write(file, data, length, offset)

    def noted_truncate(file: int, size: int) -> int:
        diary.note(TRUNCATE, kind, size)
        return truncate(file, size)

    def noted_sync(file: int, flags: int) -> int:
        diary.note(SYNC, kind)
        failed = sync(file, flags)
        if not failed:
            diary.note(SYNCED, kind)
        return failed

    made.write, made.truncate, made.sync = (
        Write(noted_write),
        Truncate(noted_truncate),
        Sync(noted_sync),
    )
    _kept.append((write, truncate, sync, made))
    return made


def weaken(level: str) -> Callable[..., None]:
    """Return what makes a connection sync less often."""

    def set_level(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA synchronous={level}")

    return set_level


record(Diary(Path(os.environ[DIARY])))
if SYNCHRONOUS in os.environ:
    with app.app_context():
        event.listen(database.db.engine, "connect", weaken(os.environ[SYNCHRONOUS]))

__all__ = ["app"]
