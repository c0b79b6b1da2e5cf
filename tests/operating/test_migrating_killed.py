"""Bringing the database up to date is killed at any point and run again: nothing is lost."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from webapp.core import db as database
from webapp.core.tables import FOLDER

ROOT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("ROWS", "300"))
"""Talks in the database; 1,000,000 once, by hand."""
KILLS = int(os.environ.get("KILLS", "1"))
"""On each kind of database, spread over all migrations."""
LATEST_KILL = 0.02
"""Seconds after a migration is through."""
CHUNK = 20_000
AT = datetime(2026, 11, 19, 18, tzinfo=UTC)
REVISIONS = [one.revision for one in ScriptDirectory(str(FOLDER)).walk_revisions()][::-1]


def ids(kind: str, number: int) -> str:
    return f"{kind}{number:015d}"


def rows_of(people: int, talks: int):
    """Give rows for the first tables: people who talked with each other at one event."""
    event = ids("e", 1)
    everybody = range(people)
    pairs = [(low, (low + step) % people) for step in range(1, people) for low in everybody]
    ordered = [(min(pair), max(pair)) for pair in pairs if pair[0] < pair[1]][:talks]
    yield (
        "event",
        [
            {
                "id": event,
                "code": "ABCDEF",
                "name": "Meetup",
                "place": "Berlin",
                "time_zone": "Europe/Berlin",
                "starts_at": AT,
                "ends_at": AT,
                "needs_check_in": False,
                "k": 5,
                "created_at": AT,
            }
        ],
    )
    card = {"organisation": "Kora Labs", "headline": "Engineer"}
    yield (
        "person",
        ({"id": ids("p", n), "name": f"Person {n}", "created_at": AT} | card for n in everybody),
    )
    yield (
        "attendee",
        (
            {"event_id": event, "id": ids("a", n), "person_id": ids("p", n), "name": f"Person {n}"}
            | {"added_at": AT, "address": f"p{n}@example.org"}
            | card
            for n in everybody
        ),
    )
    roles = ({"event_id": event, "person_id": ids("p", n), "granted_at": AT} for n in range(9))
    yield "role", [role | {"name": "recruiter"} for role in roles]
    yield (
        "link",
        (
            {"id": ids("l", n), "person_id": ids("p", n), "kind": "website", "added_at": AT}
            | {"url": f"https://example.org/{n}"}
            for n in everybody
        ),
    )
    yield (
        "badge",
        (
            {"event_id": event, "id": ids("b", n), "attendee_id": ids("a", n), "issued_at": AT}
            | {"code_digest": f"c{n}", "short_code_digest": f"s{n}", "handle": f"h{n}"}
            for n in everybody
        ),
    )
    yield (
        "conversation",
        (
            {"event_id": event, "id": ids("c", n), "low_id": ids("a", low), "refusals": 0}
            | {"high_id": ids("a", high), "claimed_by_id": ids("a", low), "low_word": "scanned"}
            | {"claimed_about_id": ids("a", high), "high_word": "answered", "started_at": AT}
            | {"evidence": "confirmed", "last_at": AT, "proven_at": AT}
            for n, (low, high) in enumerate(ordered)
        ),
    )
    yield (
        "claim",
        (
            {"event_id": event, "by_id": ids("a", low), "nonce": f"n{n}", "claimed_at": AT}
            | {"conversation_id": ids("c", n), "about_id": ids("a", high), "way": "printed"}
            | {"badge_id": ids("b", high), "body_digest": "d"}
            for n, (low, high) in enumerate(ordered)
        ),
    )
    yield (
        "tie",
        (
            {"id": ids("t", n), "low_person_id": ids("p", low), "high_person_id": ids("p", high)}
            | {"opened_at": AT, "last_talk_at": AT, "last_event_id": event}
            for n, (low, high) in enumerate(ordered)
        ),
    )
    yield (
        "note",
        (
            {"event_id": event, "author_id": ids("a", low), "about_id": ids("a", high)}
            | {"text": f"needs {low}", "changed_at": AT}
            for low, high in ordered
        ),
    )


@dataclass
class Old:
    """A database of the first version, full of rows, and what stood in it."""

    engine: sa.Engine
    tables: dict[str, sa.Table]
    before: dict[str, str]
    env: dict[str, str]

    def stands(self) -> dict[str, str]:
        """Return a digest of each table's rows, of the columns there were at first."""
        found = {}
        with self.engine.connect() as connection:
            for name, table in self.tables.items():
                digest = hashlib.sha256()
                rows = connection.execute(sa.select(*table.c).order_by(*table.primary_key))
                for row in rows.yield_per(CHUNK):
                    digest.update(repr(tuple(row)).encode())
                found[name] = digest.hexdigest()
        return found

    def version(self) -> str:
        with self.engine.connect() as connection:
            asked = sa.text("SELECT version_num FROM alembic_version")
            return connection.execute(asked).scalar_one()

    def migrate(self) -> subprocess.Popen[bytes]:
        """Start `flask --app app db upgrade`."""
        command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stderr=subprocess.PIPE)

    def kill_after(self, revision: str, seconds: float) -> None:
        """Start it, and kill it a moment after a migration is through."""
        process = self.migrate()
        wanted = REVISIONS.index(revision)
        while process.poll() is None and REVISIONS.index(self.version()) < wanted:
            time.sleep(0.002)
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=20)


@pytest.fixture
def old(build, own_url, tmp_path):
    """The first tables, with rows."""
    app = build(own_url)
    with app.app_context():
        upgrade(revision=REVISIONS[0])
        engine = database.db.engine
        known = sa.MetaData()
        known.reflect(engine)
        people = max(30, int((2 * ROWS) ** 0.5) + 2)
        with engine.begin() as connection:
            for name, rows in rows_of(people, ROWS):
                given = iter(rows)
                while chunk := list(islice(given, CHUNK)):
                    connection.execute(sa.insert(known.tables[name]), chunk)
        url = app.extensions["bowline"].database_url
        env = {"BOWLINE_DATA": str(tmp_path), "DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        tables = {name: one for name, one in known.tables.items() if name != "alembic_version"}
        old = Old(engine.execution_options(**database.READ_ONLY), tables, {}, kept | env)
        old.before = old.stands()
        yield old


def test_killed_at_any_point_and_run_again_nothing_is_lost(old):
    chance = random.Random(os.environ.get("SEED", "5"))
    seen = set()
    for number in range(KILLS):
        share = (number + 1) / (KILLS + 1)
        old.kill_after(REVISIONS[int(share * (len(REVISIONS) - 1))], chance.uniform(0, LATEST_KILL))
        seen.add(old.version())
        assert old.stands() == old.before
    assert seen - {REVISIONS[0], REVISIONS[-1]}, "no kill came half way"
    last = old.migrate()
    assert last.wait(60 + ROWS / 1000) == 0, last.stderr.read().decode()
    last.stderr.close()
    assert old.version() == REVISIONS[-1]
    assert old.stands() == old.before
    with old.engine.connect() as connection:
        asked = "SELECT count(*) FROM person WHERE has_recruited AND says_depth"
        assert connection.execute(sa.text(asked)).scalar_one() == 9


def test_tables_that_others_point_to_are_rebuilt_with_their_rows(old):
    upgrade()
    downgrade(revision=REVISIONS[0])
    assert old.stands() == old.before
    with old.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
