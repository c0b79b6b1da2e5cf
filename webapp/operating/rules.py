"""Which settings of a database or a disk would lose data, in an operator's words."""

from collections.abc import Iterator
from dataclasses import dataclass, field

LEAST_FREE_BYTES = 64 * 1024 * 1024
FULL, EXTRA = 2, 3
"""What SQLite calls the levels of `synchronous` that outlast a power cut."""


@dataclass(frozen=True, slots=True)
class SqliteSettings:
    """How one connection to SQLite is set up, and where its file lies."""

    journal_mode: str
    synchronous: int
    has_foreign_keys: bool
    locking_mode: str
    has_file: bool
    is_on_disk: bool


@dataclass(frozen=True, slots=True)
class PostgresqlSettings:
    """What of PostgreSQL's settings decides whether a commit lasts."""

    fsync: str
    full_page_writes: str
    synchronous_commit: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What is known of the data folder."""

    is_writable: bool
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Health:
    """Why this process should get no requests, and what waits meanwhile without harm."""

    reasons: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """True if nothing speaks against it."""
        return not self.reasons


def of_sqlite(found: SqliteSettings) -> Iterator[str]:
    """Give what would lose data."""
    if not found.has_file:
        yield "SQLite: the database is in memory and ends with this process."
    elif not found.is_on_disk:
        yield "SQLite: the database lies on a file system in memory and ends with this machine."
    if found.has_file and found.journal_mode != "wal":
        yield f"SQLite: journal_mode is {found.journal_mode}, not wal."
    if found.synchronous not in {FULL, EXTRA}:
        yield "SQLite: synchronous is lower than FULL; a power cut may undo what was acknowledged."
    if not found.has_foreign_keys:
        yield "SQLite: foreign_keys is off."
    if found.locking_mode != "normal":
        yield "SQLite: locking_mode is not normal; other processes cannot read."


def of_postgresql(found: PostgresqlSettings) -> Iterator[str]:
    """Give what would lose data."""
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if getattr(found, name) == "off":
            yield f"PostgreSQL: {name} is off; a power cut may undo what was acknowledged."


def of_folder(found: Folder) -> Iterator[str]:
    """Give what keeps the data folder from taking more."""
    if not found.is_writable:
        yield "The data folder cannot be written to."
    elif found.free_bytes < LEAST_FREE_BYTES:
        yield f"The disk is nearly full: less than {LEAST_FREE_BYTES // 1024**2} MiB are free."


def of_migrations(*, stands_at: str | None, newest: str | None) -> Iterator[str]:
    """Give why the tables do not fit the code."""
    if stands_at != newest:
        yield "Migrations: the tables are not those of this code; run `flask --app app db upgrade`."
