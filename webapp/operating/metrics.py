"""Figures for Prometheus: requests by the rule of their route, what waits, what the worker did.

All processes of a machine add to one small SQLite file in the data folder, about once a second.
It may be deleted at any time, and losing a second of it costs nothing.
"""

import sqlite3
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.mail import queries as outbox
from webapp.worker.queries import runs

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
FLUSH_SECONDS = 1.0
BUSY_MS = 200
TABLE = (
    "CREATE TABLE IF NOT EXISTS answer (route TEXT, method TEXT, status TEXT, field TEXT, "
    "amount REAL NOT NULL, PRIMARY KEY (route, method, status, field)) WITHOUT ROWID"
)
ADD = (
    "INSERT INTO answer VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET amount = amount + excluded.amount"
)
Key = tuple[str, str, str, str]


class Counts:
    """Counts answers in memory, and adds them to the file a second after the first."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._new: Counter[Key] = Counter()
        self._waiting: threading.Timer | None = None

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer."""
        bound = bisect_left(BOUNDS, seconds)
        labels = (route, method, f"{status // 100}xx")
        with self._lock:
            self._new[*labels, "sum"] += seconds  # type: ignore[assignment]  # sums are no whole numbers
            self._new[*labels, str(bound)] += 1
            if self._waiting is None:
                self._waiting = threading.Timer(FLUSH_SECONDS, self.flush)
                self._waiting.daemon = True
                self._waiting.start()

    def flush(self) -> None:
        """Add what is new to the file; if that fails, it is tried with the next answer."""
        with self._lock:
            self._waiting = None
            taken, self._new = self._new, Counter()
        try:
            with closing(self._open()) as file, file:
                file.executemany(ADD, [(*key, amount) for key, amount in taken.items()])
        except sqlite3.Error:
            with self._lock:
                self._new.update(taken)

    def read(self) -> dict[Key, float]:
        """Return what all processes have counted; empty if the file cannot be read."""
        self.flush()
        with suppress(sqlite3.Error), closing(self._open()) as file:
            found = file.execute("SELECT * FROM answer ORDER BY route, method, status")
            return {tuple(row[:4]): row[4] for row in found}
        return {}

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._file, timeout=BUSY_MS / 1000)
        file.execute("PRAGMA synchronous=OFF")
        file.execute(TABLE)
        return file


def written(session: Session, counts: Counts) -> str:
    """Return all figures as Prometheus reads them."""
    lines = [*_answers(counts.read()), *_mail(session), *_tasks(session)]
    return "\n".join(lines) + "\n"


def _answers(found: dict[Key, float]) -> Iterator[str]:
    name = "bowline_request_seconds"
    yield from _head(name, "histogram", "How long answers took, by the rule of their route.")
    for labels in dict.fromkeys(key[:3] for key in found):
        told = _labels(zip(("route", "method", "status"), labels, strict=True))
        so_far = 0
        for place, bound in enumerate((*map(str, BOUNDS), "+Inf")):
            so_far += int(found.get((*labels, str(place)), 0))
            yield f'{name}_bucket{{{told},le="{bound}"}} {so_far}'
        yield f"{name}_sum{{{told}}} {found.get((*labels, 'sum'), 0.0):.6f}"
        yield f"{name}_count{{{told}}} {so_far}"


def _mail(session: Session) -> Iterator[str]:
    now = clock.now()
    queue, oldest = outbox.queue(session, now), outbox.oldest_waiting(session)
    age = (now - oldest).total_seconds() if oldest else 0.0
    yield from _head("bowline_mail_waiting", "gauge", "Mails that are neither sent nor given up.")
    yield f"bowline_mail_waiting {queue.total}"
    yield from _head("bowline_mail_oldest_seconds", "gauge", "Age of the oldest mail that waits.")
    yield f"bowline_mail_oldest_seconds {age:.0f}"


def _tasks(session: Session) -> Iterator[str]:
    found = sorted(runs(session).items())
    yield from _head("bowline_task_started", "gauge", "When a task last began, in Unix time.")
    for name, run in found:
        yield f'bowline_task_started{{task="{name}"}} {run.started_at.timestamp():.0f}'
    yield from _head("bowline_task_failed", "gauge", "1 if the last run of a task went wrong.")
    for name, run in found:
        yield f'bowline_task_failed{{task="{name}"}} {int(run.problem is not None)}'


def _head(name: str, kind: str, help_: str) -> list[str]:
    return [f"# HELP {name} {help_}", f"# TYPE {name} {kind}"]


def _labels(pairs: Iterable[tuple[str, str]]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
