"""The databases and other servers that rows are measured on."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from durability.installation import Installation, installation, sqlite_url
from services import Cluster


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL that syncs, as it does by itself."""
    made = Cluster()
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)


def few_processes(*, is_short: bool) -> dict[str, str]:
    """Let one process do in a short run, where starting takes longer than what is measured."""
    return {"WEB_CONCURRENCY": "1"} if is_short else {}


@contextmanager
def on_sqlite(**more: str) -> Iterator[Installation]:
    """Install the app in a folder of its own, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bowline-durability-") as name:
        folder = Path(name)
        with installation(folder, sqlite_url(folder), **more) as one:
            yield one


def fresh_database(server: Cluster, name: str = "bowline") -> str:
    """Make an empty database on a server; gives its URL."""
    named = sql.Identifier(name)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(named))
    return server.url.replace("/postgres?", f"/{name}?")


@contextmanager
def on_postgresql(server: Cluster, *, name: str = "bowline", **more: str) -> Iterator[Installation]:
    """Install the app over a fresh database of a server."""
    with (
        tempfile.TemporaryDirectory(prefix="bowline-durability-") as folder,
        installation(Path(folder), fresh_database(server, name), **more) as one,
    ):
        yield one
