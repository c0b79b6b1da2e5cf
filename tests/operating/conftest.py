"""Apps of their own, on databases of their own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from conftest import make_config
from webapp.core import db as database
from webapp.factory import create_app
from webapp.security.limits import limiter


def fresh_postgresql(server_url: str, name: str, *, template: str = "template1") -> str:
    """Make a database on the server of the tests; gives its URL."""
    engine = sa.create_engine(
        server_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server_url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory) -> Path:
    """A SQLite database with all tables and no rows, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    file = folder / "migrated.sqlite"
    app = create_app(make_config(folder, f"sqlite:///{file}"))
    with app.app_context():
        upgrade()
        database.db.session.remove()
        database.db.engine.dispose()
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str, tmp_path_factory) -> str:
    """The name of a PostgreSQL database with all tables and no rows, made once."""
    url = fresh_postgresql(postgresql_url, "operated_first")
    app = create_app(make_config(tmp_path_factory.mktemp("migrated"), url))
    with app.app_context():
        upgrade()
        database.db.session.remove()
        database.db.engine.dispose()
    return "operated_first"


@pytest.fixture
def new_database(postgresql_url: str) -> Callable[..., str]:
    """Make a PostgreSQL database by its name, maybe from a template; gives its URL."""
    return partial(fresh_postgresql, postgresql_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request, tmp_path: Path) -> str:
    """A database of its own with all tables, on each kind of server."""
    if request.param == "postgresql":
        template = request.getfixturevalue("migrated_postgresql")
        server_url = request.getfixturevalue("postgresql_url")
        return fresh_postgresql(server_url, "operated", template=template)
    file = tmp_path / "bowline.sqlite"
    file.write_bytes(request.getfixturevalue("migrated_file").read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request, tmp_path: Path) -> str:
    """An empty database of its own, on each kind of server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bowline.sqlite'}"
    return fresh_postgresql(request.getfixturevalue("postgresql_url"), "operated")


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Build an app with settings of its own; the limiter all apps share is put back after it."""
    before, built = dict(vars(limiter)), []

    def build_app(url: str | None = None, **changes: Any) -> Flask:
        config = make_config(tmp_path, url or f"sqlite:///{tmp_path / 'bowline.sqlite'}")
        app = create_app(replace(config, **changes))
        built.append(app)
        return app

    yield build_app
    vars(limiter).update(before)
    for app in built:
        with app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()
