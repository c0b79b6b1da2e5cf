"""Apps as they run for real, behind gunicorn on a port of this machine, to be measured."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

import services
from people import Cast, make_cast
from webapp.core import db as database
from webapp.core.config import Config
from webapp.factory import create_app

ROOT = Path(__file__).resolve().parents[2]
OURS = ("BOWLINE", "DATABASE", "REDIS", "SMTP")


@dataclass(frozen=True)
class Running:
    """A running app, where it answers, and who is at its event."""

    app: Flask
    origin: str
    cast: Cast


@contextmanager
def gunicorn(wsgi: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run an app the way `Procfile` does."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    threads = ["--workers", "2", "--worker-class", "gthread", "--threads", "288"]
    command = [sys.executable, "-m", "gunicorn", *threads, "--log-level", "error"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", wsgi], cwd=ROOT, env=plain | environment
    )
    try:
        services.wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def running_app(port: int, *, seen_at: int | None = None) -> Iterator[Running]:
    """Run the app on SQLite in a folder of its own, with a small event that is on.

    Browsers may see it at another port, where something stands before it.
    """
    origin = f"http://localhost:{seen_at or port}"
    with tempfile.TemporaryDirectory(prefix="bowline-bench-") as folder:
        settings = {"BOWLINE_DATA": folder, "BOWLINE_ORIGIN": origin}
        app = create_app(Config.from_environment(settings))
        with app.app_context():
            upgrade()
            with gunicorn("app:app", port, settings):
                yield Running(app, origin, make_cast(database.session()))
            database.db.session.remove()
            database.db.engine.dispose()


@contextmanager
def fresh_app() -> Iterator[tuple[Flask, dict[str, str]]]:
    """Give an app over an empty database of its own, or of `DATABASE_URL`, and its settings."""
    with tempfile.TemporaryDirectory(prefix="bowline-bench-") as folder:
        given = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
        settings = {"BOWLINE_DATA": folder, "BOWLINE_ORIGIN": "http://localhost"} | given
        app = create_app(Config.from_environment(settings))
        with app.app_context():
            upgrade()
            try:
                yield app, settings
            finally:
                database.db.session.remove()
                database.db.engine.dispose()
