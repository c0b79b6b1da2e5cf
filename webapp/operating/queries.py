"""Asking the database and the machine how they are set up."""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.operating.rules import Folder, PostgresqlSettings, SqliteSettings

MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def sqlite_settings(session: Session) -> SqliteSettings:
    """Read how a connection is set up."""
    connection = session.connection()

    def pragma(name: str) -> str:
        return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())

    file = next(row[2] for row in connection.exec_driver_sql("PRAGMA database_list"))
    return SqliteSettings(
        journal_mode=pragma("journal_mode"),
        synchronous=int(pragma("synchronous")),
        has_foreign_keys=pragma("foreign_keys") == "1",
        locking_mode=pragma("locking_mode"),
        has_file=bool(file),
        is_on_disk=not is_in_memory(Path(file)) if file else False,
    )


def postgresql_settings(session: Session) -> PostgresqlSettings:
    """Read what decides whether a commit lasts."""
    shown = map(sa.func.current_setting, ("fsync", "full_page_writes", "synchronous_commit"))
    return PostgresqlSettings(*session.execute(sa.select(*shown)).one())


def folder(path: Path) -> Folder:
    """Look at the data folder, without writing into it."""
    try:
        return Folder(os.access(path, os.W_OK | os.X_OK), shutil.disk_usage(path).free)
    except OSError:
        return Folder(is_writable=False, free_bytes=0)


def is_in_memory(path: Path, *, mounts: Path = MOUNTS) -> bool:
    """Tell whether a file lies on a file system that ends with the machine; unknown is no."""
    try:
        lines = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return False
    held = {Path(parts[1]): parts[2] for parts in lines if len(parts) > 2}  # noqa: PLR2004
    where = next((held[parent] for parent in path.resolve().parents if parent in held), "")
    return where in IN_MEMORY


def stands_at(session: Session) -> str | None:
    """Return the migration the tables are at."""
    if not sa.inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
