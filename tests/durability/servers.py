"""The databases and other servers that rows are measured on."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

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


@contextmanager
def on_sqlite(**more: str) -> Iterator[Installation]:
    """Install the app in a folder of its own, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="bowline-durability-") as name:
        folder = Path(name)
        with installation(folder, sqlite_url(folder), **more) as one:
            yield one


@contextmanager
def on_postgresql(server: Cluster, **more: str) -> Iterator[Installation]:
    """Install the app over a fresh database of a server."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bowline WITH (FORCE)")
        connection.execute("CREATE DATABASE bowline")
    url = server.url.replace("/postgres?", "/bowline?")
    with (
        tempfile.TemporaryDirectory(prefix="bowline-durability-") as name,
        installation(Path(name), url, **more) as one,
    ):
        yield one


@contextmanager
def on_both() -> Iterator[Iterator[tuple[str, Installation]]]:
    """Install the app on one database after the other."""
    with cluster() as server:
        yield _each(server)


def _each(server: Cluster) -> Iterator[tuple[str, Installation]]:
    with on_sqlite() as one:
        yield "SQLite", one
    with on_postgresql(server) as one:
        yield "PostgreSQL", one
