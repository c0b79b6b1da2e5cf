"""The app on both databases, a frozen evening, people, and browsers."""

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from playwright.sync_api import Playwright, expect, sync_playwright
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

import services
from pages import Browser
from people import EVENING, Cast, make_cast, sign_in
from serving import Server
from webapp.accounts.models import Person, Proof
from webapp.core import db as database
from webapp.core.config import Config, Mode
from webapp.core.db import Base
from webapp.factory import create_app
from webapp.security.limits import limiter

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
expect.set_options(timeout=20_000)  # in milliseconds: other tests may have the machine
DONE_ONCE = ("tests/crawl/",)
"""Folders whose tests look at something that is done once and takes long."""


class FileByFile(LoadScopeScheduling):
    """Keeps tests of a file, or of a folder named above, in one process, a database at a time."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, parameters = nodeid.partition("[")
        path = path.split("::")[0]
        shared = next((folder for folder in DONE_ONCE if path.startswith(folder)), path)
        return f"{shared} {'postgresql' in re.split('[]-]', parameters)}"


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: tests of browsers and servers often wait."""
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    """Spread the tests over processes."""
    return FileByFile(config, log)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder in memory where there is one: tests commit a lot."""
    home = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="bowline-", dir=home))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with services.postgresql() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, scratch: Path) -> str:
    """Each test that touches the database runs on both."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{scratch / 'test.sqlite'}"


def make_config(folder: Path, database_url: str) -> Config:
    plain = Config.from_environment({"BOWLINE_DATA": str(folder), "DATABASE_URL": database_url})
    return replace(plain, mode=Mode.LOCAL, origin="http://localhost")


@pytest.fixture(scope="session")
def app(database_url: str, scratch: Path) -> Iterator[Flask]:
    app = create_app(make_config(scratch, database_url))
    app.test_client_class = Browser
    app.config["TESTING"] = True
    with app.app_context():
        upgrade()
        yield app
        database.db.session.remove()
        database.db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session on a clean database, in the context of the app."""
    limiter.reset()
    with app.app_context():
        yield database.session()
        database.db.session.rollback()
        _empty_tables(database.session())
        database.db.session.remove()


def _empty_tables(session: Session) -> None:
    """Delete all rows: for tables that are nearly empty, forty times faster than TRUNCATE."""
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    statements = [f"DELETE FROM {name}" for name in names]  # noqa: S608
    if session.get_bind().dialect.name == "postgresql":
        statements = ["; ".join(["SET LOCAL session_replication_role = replica", *statements])]
    for statement in statements:
        session.connection().exec_driver_sql(statement)
    session.commit()


@pytest.fixture
def evening() -> Iterator[time_machine.Traveller]:
    """The clock stands still on an evening; tests move it."""
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(evening: time_machine.Traveller, session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture
def browser(app: Flask, session: Session) -> Browser:
    """Somebody's browser, signed out."""
    return app.test_client()


@pytest.fixture
def browser_of(app: Flask, session: Session) -> Callable[..., Browser]:
    """Open a browser in which a person is signed in."""

    def open_browser(person: Person, *, proof: Proof = Proof.PASSKEY) -> Browser:
        client = app.test_client()
        sign_in(client, session, person, proof=proof)
        return client

    return open_browser


@pytest.fixture(scope="session")
def server(app: Flask, database_url: str, scratch: Path) -> Iterator[Server]:
    """The app on the database of the test, behind a real server."""
    port = services.free_port()
    config = replace(make_config(scratch, database_url), origin=f"http://localhost:{port}")
    server = Server(create_app(config), port)
    server.up()
    yield server
    server.down()
    with server.app.app_context():
        database.db.engine.dispose()


@pytest.fixture(scope="session")
def site(server: Server) -> Flask:
    """The app that answers real browsers."""
    return server.app


@pytest.fixture
def origin(site: Flask) -> str:
    return site.extensions["bowline"].origin


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Drives all browsers of a session: it does not start twice."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def secret() -> str:
    """A text that must not be found anywhere it does not belong."""
    return f"canary{secrets.token_hex(6)}"
