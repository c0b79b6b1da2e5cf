"""Bringing the tables up to date, by Flask-Migrate.

It weighs as much as the app's own code and answers no request, so it is loaded by who needs it:
commands, and the first look at whether a process is ready.
"""

import logging
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import click
from flask import Flask

from webapp.core import db as database

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


class _Later:
    """Stands where Flask-Migrate looks for its settings, and becomes them when they are read."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _settings(self) -> Any:
        from flask_migrate import Migrate  # noqa: PLC0415

        Migrate(self._app, database.db, directory=str(FOLDER))
        return self._app.extensions["migrate"]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._settings, name)


class _Commands(click.Group):
    """`flask db`, which gives way to the commands of Flask-Migrate when it is called."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Begin the command that was asked for."""
        from flask_migrate.cli import db  # noqa: PLC0415

        return cast("click.Group", db).make_context(*args, **kwargs)


def init_app(app: Flask) -> None:
    """Let `flask db` and `bring_up_to_date` find their settings."""
    app.extensions["migrate"] = _Later(app)
    app.cli.add_command(_Commands("db", help="Change the tables, step by step."))


def bring_up_to_date() -> None:
    """Run the migrations that are missing, without a word on each."""
    from flask_migrate import upgrade  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()


def newest() -> str | None:
    """Return the migration the code is written for."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory(str(FOLDER)).get_current_head()
