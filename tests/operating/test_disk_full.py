"""When there is no room left people are told so, nothing acknowledged is lost, and it goes on."""

import errno
import os
import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from pages import Browser
from webapp.accounts.models import SignInCode
from webapp.core import db as database

ROOM = "We have run out of room."
FULL_FOLDER = os.environ.get("FULL_FOLDER")
"""A small file system of one's own; then it is really filled."""


class Asking:
    """Somebody who asks for a code to sign in, and keeps a ledger of what was acknowledged."""

    def __init__(self, app) -> None:
        self.app = app
        self.acknowledged: list[str] = []

    def ask(self):
        client: Browser = self.app.test_client()
        number = len(self.acknowledged)
        address = f"p{number}.{'x' * 50}@example.org"
        origin = {"REMOTE_ADDR": f"198.51.{number // 250}.{number % 250}"}
        data = {"address": address, "csrf_token": client.token()}
        answer = client.post("/sign-in", data=data, environ_base=origin)
        if answer.status_code == 303:
            self.acknowledged.append(address)
        return answer

    def ask_until_full(self):
        for _ in range(3000):
            answer = self.ask()
            if answer.status_code != 303:
                return answer
        raise AssertionError("it never was full")

    def kept(self):
        with database.reading() as session:
            return sorted(session.scalars(sa.select(SignInCode.address)))


@pytest.fixture
def asking(build, migrated_file, tmp_path):
    folder = Path(FULL_FOLDER) if FULL_FOLDER else tmp_path
    (folder / "bowline.sqlite").write_bytes(migrated_file.read_bytes())
    app = build(f"sqlite:///{folder / 'bowline.sqlite'}")
    app.test_client_class = Browser
    with app.app_context():
        yield Asking(app)
        database.db.session.remove()


@pytest.fixture
def fill(asking):
    """Leave no room, or give some back."""
    engine = database.db.engine
    pages = {"most": 2**30}

    def limit(connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages['most']}")

    if not FULL_FOLDER:
        sa.event.listen(engine, "begin", limit)
    ballast = Path(engine.url.database).with_name("ballast")

    def do(*, is_full):
        if FULL_FOLDER and is_full:
            room = os.statvfs(ballast.parent)
            ballast.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - 200_000))
        elif FULL_FOLDER:
            ballast.unlink()
        else:
            with engine.connect() as connection:
                now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            pages["most"] = now + 3 if is_full else 2**30

    return do


def test_a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room(asking, fill):
    asking.ask()
    for _ in range(3):
        fill(is_full=True)
        answer = asking.ask_until_full()
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 30
        assert ROOM in answer.text
        assert "sqlite" not in answer.text.lower()
        assert asking.kept() == sorted(asking.acknowledged)
        assert asking.app.test_client().get("/sign-in").status_code == 200
        fill(is_full=False)
        assert asking.ask().status_code == 303
    assert asking.kept() == sorted(asking.acknowledged)
    with database.reading() as session:
        assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


def sqlite_error(code):
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), True),
        (sqlite_error(sqlite3.SQLITE_BUSY), False),
        (psycopg.errors.DiskFull(), True),
        (psycopg.errors.ConnectionFailure(), False),
    ],
)
def test_what_the_database_says_is_told_in_peoples_words(error, is_full, build, monkeypatch):
    app = build()

    def fail(**_):
        raise sa.exc.OperationalError("statement", {}, error)

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", fail)
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert (ROOM in answer.text) is is_full
    assert int(answer.headers["Retry-After"]) == (60 if is_full else 5)


def test_an_upload_that_finds_no_room_is_told_the_same(build, monkeypatch):
    app = build()

    def fail(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", fail)
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert ROOM in answer.text
