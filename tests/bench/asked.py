"""How often each page asks the database: a count, the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bench.goals import Goal
from bench.traffic import TIES, Crowd, pages_of, tie_with_all
from durability.installation import Installation
from durability.servers import on_sqlite
from webapp.core import db as database

MOST = 4
ANONYMOUS = ("/", "/sign-in", "/how-it-works", "/privacy")
NOT_COUNTED = ("PRAGMA", "BEGIN")


def goals() -> Iterator[Goal]:
    """Open each page of an attendee twice, and count what the second one asks."""
    with on_sqlite() as one:
        crowd = Crowd(one, TIES + 1)
        tie = tie_with_all(one, crowd.party)
        cookie = crowd.party.guests[0].cookie
        for name, path in pages_of(crowd.party, tie).items():
            yield _goal(name, asked_for(one, path, cookie), MOST)
        for path in ANONYMOUS:
            yield _goal(f"{path}, signed out", asked_for(one, path, ""), 0)


def asked_for(one: Installation, path: str, cookie: str) -> int:
    """Return how many statements a page needs."""
    browser = one.app.test_client(use_cookies=False)
    headers = {"Cookie": cookie, "Host": one.origin.partition("//")[2]}
    browser.get(path, headers=headers)
    with one.app.app_context(), _counted(database.db.engine) as statements:
        answer = browser.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(statements)


def _goal(name: str, found: int, most: int) -> Goal:
    return Goal(
        work=f"queries: {name}", asked=f"at most {most}", measured=str(found), is_met=found <= most
    )


@contextmanager
def _counted(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
