"""A diary of what a database asked its disk to do, and of what people were told meanwhile."""

import os
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DIARY, SYNCHRONOUS = "DURABILITY_DIARY", "DURABILITY_SYNCHRONOUS"
"""What a recorded app is told: where its diary is, and how often to sync if not as always."""

HEADER = struct.Struct("<ccqqi")
WRITE, TRUNCATE, SYNC, SYNCED, TOLD = b"w", b"t", b"s", b"S", b"a"
DATABASE, LOG, NOBODY = b"d", b"l", b"-"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what, to which file, by whom, where, and the bytes."""

    kind: bytes
    file: bytes
    by: int
    offset: int
    data: bytes


class Diary:
    """Each entry is one append, so entries of several processes stand in one order."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, kind: bytes, file: bytes = NOBODY, offset: int = 0, data: bytes = b"") -> None:
        """Append an entry."""
        by = os.getpid() << 32 | threading.get_native_id()
        os.write(self._file, HEADER.pack(kind, file, by, offset, len(data)) + data)


def entries(path: Path) -> Iterator[Entry]:
    """Read a diary."""
    with path.open("rb") as diary:
        while header := diary.read(HEADER.size):
            kind, file, by, offset, length = HEADER.unpack(header)
            yield Entry(kind, file, by, offset, diary.read(length))
