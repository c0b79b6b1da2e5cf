"""A laboratory: the app with routes that misbehave."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response, got_request_exception, request
from sqlalchemy.orm import Session

from conftest import make_config
from pages import Browser
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.factory import create_app
from webapp.security.access import anyone, requires


def person(name: str = "written") -> Person:
    return Person(name=name, organisation="", headline="", created_at=clock.now())


@dataclass
class Lab:
    """An app whose one route does what a test puts into it."""

    app: Flask
    view: Callable[[], Any] = lambda: "nothing"
    raised: list[BaseException] = field(default_factory=list)

    def browser(self) -> Browser:
        return self.app.test_client()

    def run(self, view: Callable[[], Any], method: str = "GET", **more: Any) -> Any:
        """Send a request that is answered by `view`, as a browser without its own token."""
        self.view = view
        self.raised.clear()
        browser = self.browser()
        headers = {"X-CSRFToken": browser.token()} | more.pop("headers", {})
        return browser.open("/lab", method=method, headers=headers, **more)

    def names(self) -> list[str]:
        """Return the names of the persons that were saved, in a session of its own."""
        with self.app.app_context(), database.reading() as session:
            return sorted(session.scalars(sa.select(Person.name)))


def build_lab(app: Flask) -> Lab:
    """Add the route; exceptions are answered as in production, and noted."""
    lab = Lab(app)
    app.test_client_class = Browser

    @app.route("/lab", methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"])
    @requires(anyone)
    def misbehave() -> Any:
        answer = lab.view()
        is_words = isinstance(answer, str) and "<" not in answer
        return Response(answer, mimetype="text/plain") if is_words else answer

    def note(_sender: Flask, exception: BaseException) -> None:
        if request.path == "/lab":
            lab.raised.append(exception)

    got_request_exception.connect(note, app, weak=False)
    return lab


@pytest.fixture(scope="session")
def lab_app(app: Flask, database_url: str, scratch: Path) -> Iterator[Lab]:
    built = create_app(make_config(scratch, database_url))
    yield build_lab(built)
    with built.app_context():
        database.db.engine.dispose()


@pytest.fixture
def lab(lab_app: Lab, session: Session) -> Lab:
    """The laboratory on a clean database."""
    lab_app.raised.clear()
    return lab_app


@contextmanager
def running_lab(folder: Path, url: str) -> Iterator[Lab]:
    built = create_app(make_config(folder, url))
    with built.app_context():
        yield build_lab(built)
        database.db.session.remove()
        database.db.engine.dispose()


@pytest.fixture
def sqlite_lab(tmp_path: Path) -> Iterator[Lab]:
    """A laboratory on a SQLite file of its own."""
    with running_lab(tmp_path, f"sqlite:///{tmp_path / 'own.sqlite'}") as lab:
        database.db.create_all()
        yield lab


@pytest.fixture
def postgresql_lab(tmp_path: Path, postgresql_url: str) -> Iterator[Lab]:
    """A laboratory on PostgreSQL, with connections of its own."""
    with running_lab(tmp_path, postgresql_url) as lab:
        yield lab
