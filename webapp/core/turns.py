"""Waiting in line: who came first goes first, between threads and between processes.

SQLite lets writers that found it busy sleep and try again by chance, so one may sleep while others
who came later go first. Here each waits for its turn, and goes the moment the one before is done.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

TURN_SECONDS = 10.0
"""How long a writer waits for its turn before it tries its luck."""
LOOK_SECONDS = 0.001
MEANWHILE_SECONDS = 0.25
GOING, NEXT = 0, 1
"""Bytes of the file that processes lock: who writes now, and who does so next."""


class Turns:
    """A few may be in at once; the others wait in the order they came."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[threading.Lock] = deque()
        self._guard = threading.Lock()

    def enter(
        self,
        *,
        seconds: float,
        longest: int | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> bool:
        """Wait for a place; False if it took too long, or the line is too long to join.

        Who waits does `meanwhile` every quarter of a second.
        """
        with self._guard:
            if self._free:
                self._free -= 1
                return True
            if longest is not None and len(self._line) >= longest:
                return False
            turn = threading.Lock()
            turn.acquire()
            self._line.append(turn)
        return _wait(turn, seconds, meanwhile) or not self._gave_up(turn)

    def _gave_up(self, turn: threading.Lock) -> bool:
        """Leave the line, unless a place has been given just now."""
        with self._guard:
            if turn not in self._line:
                return False
            self._line.remove(turn)
            return True

    def leave(self) -> None:
        """Give the place to whoever has waited longest."""
        with self._guard:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1


def _wait(turn: threading.Lock, seconds: float, meanwhile: Callable[[], None] | None) -> bool:
    deadline = time.monotonic() + seconds
    while meanwhile and time.monotonic() + MEANWHILE_SECONDS < deadline:
        if turn.acquire(timeout=MEANWHILE_SECONDS):
            return True
        meanwhile()
    return turn.acquire(timeout=max(0, deadline - time.monotonic()))


class WritersLine:
    """The line of all who want to write into one database file, in whichever process.

    Of each process one waits for the others: it says who goes next before it waits for who goes
    now, so that no process can go twice while another waits.
    """

    def __init__(self, path: Path) -> None:
        self._turns = Turns(1)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def enter(self) -> bool:
        """Wait for the turn; False if it took too long."""
        deadline = time.monotonic() + TURN_SECONDS
        if not self._turns.enter(seconds=TURN_SECONDS):
            return False
        if self._lock(NEXT, deadline):
            is_mine = self._lock(GOING, deadline)
            self._unlock(NEXT)
            if is_mine:
                return True
        self._turns.leave()
        return False

    def leave(self) -> None:
        """Let the next one go."""
        self._unlock(GOING)
        self._turns.leave()

    def _lock(self, byte: int, deadline: float) -> bool:
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(LOOK_SECONDS)
            else:
                return True

    def _unlock(self, byte: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)


_lines: dict[tuple[int, str], WritersLine] = {}
_guard = threading.Lock()


def line_of(database: str) -> WritersLine:
    """Return the line of a database file; a process has one, however many connections."""
    with _guard:
        key = (os.getpid(), database)
        if key not in _lines:
            _lines[key] = WritersLine(Path(f"{database}-line"))
        return _lines[key]


class InTurn(sqlite3.Connection):
    """A connection that writes when it is its turn, which ends with its transaction."""

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        self._is_going = False
        try:
            self._line = line_of(database)
        except OSError as error:
            raise sqlite3.OperationalError("unable to open the line of the database") from error
        super().__init__(database, *args, **kwargs)

    def take_turn(self) -> None:
        """Wait until it may write; who waited too long tries without a turn."""
        if not self._is_going:
            self._is_going = self._line.enter()

    def commit(self) -> None:
        """Keep what was written; a commit that fails is still to be rolled back."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        """Drop what was written."""
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        """Hang up."""
        try:
            super().close()
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._is_going:
            self._is_going = False
            self._line.leave()
