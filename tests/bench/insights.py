"""What a large event's numbers cost, by hand: `PYTHONPATH=tests python -m bench.insights`.

The room and the report are opened over HTTP, the summary is frozen in a process of its own, as a
worker's is, and meanwhile pages of others are opened again. The bare page beside them is what this
machine can answer at all.
"""

import http.client
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from crowds import Said, let_talk, make_crowd
from flask import Flask
from flask_migrate import upgrade

import services
from bench import table
from bench.goals import Goal
from bench.running import gunicorn
from people import cookie_of, make_attendee, make_event, make_person
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import Config
from webapp.core.db import reading, transaction
from webapp.events.models import Event
from webapp.factory import create_app
from webapp.insights.services import keep_frozen, next_summary

PEOPLE, TALKS, GROUPS = 10_000, 100_000, 12
TIMES, WARM = 40, 8
"""Each process of the server has to have seen a page once."""
LOOKING = ("Olga", "Amina")
"""Who runs the event, and somebody who is there."""
HOUR = timedelta(hours=1)
GOALS = {"room": 100, "report": 200, "report.csv": 200}
"""Milliseconds."""
WORKER_GOALS = {"seconds": 10, "cpu seconds": 10, "megabytes": 300}
MOST_TIMES_IDLE = 2
MEGABYTE = 1024
"""What `ru_maxrss` counts in, as KB."""


def make_congress() -> None:
    """Make an event that is on, with people who talk at random, and two who look at it."""
    chance, session = Random(1), database.session()
    olga, amina = (make_person(session, name=name) for name in LOOKING)
    starts_at = clock.now() - timedelta(hours=9)
    event = make_event(session, by=olga, starts_at=starts_at, ends_at=starts_at + 10 * HOUR)
    groups = [f"Group {chance.randrange(GROUPS)}" for _ in range(PEOPLE)]
    ids = make_crowd(session, event=event, groups=groups, without_account=range(0, PEOPLE, 10))
    users = [at for at in range(PEOPLE) if at % 10]
    said = [
        Said(starts_at + timedelta(seconds=chance.randrange(8 * 3600)), *chance.sample(users, 2))
        for _ in range(TALKS)
    ]
    let_talk(session, event=event, ids=ids, said=said)
    make_attendee(session, event=event, person=amina)
    session.commit()


def summarise(folder: str) -> dict[str, float]:
    """Count and keep a summary, as the worker does; memory is that of this process."""
    app = create_app(Config.from_environment({"BOWLINE_DATA": folder}))
    with app.app_context():
        began, cpu = time.perf_counter(), time.process_time()
        with reading() as session:
            event = session.query(Event).one()
            snapshot = next_summary(session, event=event, now=clock.now())
        assert snapshot is not None
        with transaction() as session:
            keep_frozen(session, snapshot)
        return {
            "seconds": time.perf_counter() - began,
            "cpu seconds": time.process_time() - cpu,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE,
        }


class Visitor:
    """Opens pages one after the other over one connection."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Cookie": cookie, "Host": f"localhost:{port}"}

    def open(self, path: str) -> float:
        """Return how many milliseconds a page took."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == http.client.OK, (path, answer.status)
        return 1000 * (time.perf_counter() - began)


def row(what: str, times: list[float], *, goal: float | None, bare: float) -> dict[str, Any]:
    worst = sorted(times)[int(len(times) * 0.95)]
    middle = median(times)
    return {
        "what": f"{what}, ms",
        "median": middle,
        "p95": worst,
        "goal": goal or "",
        "times_bare": middle / bare,
        "missed": bool(goal and worst > goal),
    }


def measured(visit: Callable[[], float], times: int = TIMES) -> list[float]:
    for _ in range(WARM):
        visit()
    return [visit() for _ in range(times)]


def measure(folder: str) -> list[dict[str, Any]]:
    """Freeze while others use the app, then open what was frozen."""
    port = services.free_port()
    settings = {"BOWLINE_DATA": folder, "BOWLINE_ORIGIN": f"http://localhost:{port}"}
    assert tell("--prepare", folder).wait() == 0
    app = create_app(Config.from_environment(settings))
    with app.app_context():
        session = database.session()
        here = f"/events/{session.query(Event).one().id}"
        cookies = [_cookie(app, session.query(Person).filter_by(name=one).one()) for one in LOOKING]
        with gunicorn("app:app", port, settings):
            rows = visits(folder, port, here, cookies)
        database.db.session.remove()
        database.db.engine.dispose()
    return rows


def tell(*arguments: str) -> subprocess.Popen[str]:
    """Run a part of this command in a process of its own: its memory is its own."""
    command = [sys.executable, "-m", "bench.insights", *arguments]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def _cookie(app: Flask, person: Person) -> str:
    cookie = cookie_of(app, database.session(), person)
    return f"{cookie.key}={cookie.value}"


def visits(folder: str, port: int, here: str, cookies: list[str]) -> list[dict[str, Any]]:
    bare = median(bare_page())
    organiser, attendee = (Visitor(port, cookie) for cookie in cookies)
    others = f"{here}/meet"
    alone = measured(lambda: attendee.open(others))
    busy, summary = while_freezing(folder, lambda: attendee.open(others))
    rows = [
        row("another page, worker idle", alone, goal=None, bare=bare),
        row("another page, worker counting", busy, goal=None, bare=bare),
    ]
    for page, goal in GOALS.items():
        times = measured(lambda page=page: organiser.open(f"{here}/{page}"))
        rows.append(row(page, times, goal=goal, bare=bare))
    return [*rows, *(_worker(unit, summary[unit], goal) for unit, goal in WORKER_GOALS.items())]


def _worker(unit: str, found: float, goal: float) -> dict[str, Any]:
    what = f"summary, {unit}"
    return {
        "what": what,
        "median": found,
        "p95": "",
        "goal": goal,
        "times_bare": "",
        "missed": found > goal,
    }


def bare_page() -> list[float]:
    port = services.free_port()
    with gunicorn("bench.bare:app", port, {"PYTHONPATH": str(Path(__file__).parents[1])}):
        visitor = Visitor(port)
        return measured(lambda: visitor.open("/"))


def while_freezing(folder: str, visit: Callable[[], float]) -> tuple[list[float], dict[str, float]]:
    process = tell("--summarise", folder)
    times = []
    while process.poll() is None:
        times.append(visit())
        time.sleep(0.02)
    told = process.stdout.read() if process.stdout else ""
    assert process.returncode == 0
    return times, json.loads(told.splitlines()[-1])


def goals() -> Iterator[Goal]:
    """Compare with what is asked for; others may wait twice as long while it is counted."""
    with tempfile.TemporaryDirectory() as folder:
        rows = {row["what"]: row for row in measure(folder)}
    for unit, goal in WORKER_GOALS.items():
        found = rows[f"summary, {unit}"]
        yield Goal(
            work=f"snapshot of {PEOPLE:,} attendees and {TALKS:,} talks, {unit}",
            asked=f"at most {goal}",
            measured=f"{found['median']:.1f}",
            is_met=not found["missed"],
        )
    busy, idle = (rows[f"another page, worker {it}, ms"] for it in ("counting", "idle"))
    yield Goal(
        work="another page while it is counted",
        asked=f"at most {MOST_TIMES_IDLE} times as long",
        measured=f"{busy['median']:.0f} ms, p95 {busy['p95']:.0f}",
        beside=f"{idle['median']:.0f} ms, p95 {idle['p95']:.0f} without",
        is_met=busy["median"] <= MOST_TIMES_IDLE * idle["median"],
    )


def main() -> None:
    parser = table.parser(__doc__)
    parser.add_argument("--summarise", metavar="FOLDER", help="only freeze, for this command")
    parser.add_argument("--prepare", metavar="FOLDER", help="only make the event, for this command")
    asked = parser.parse_args()
    if asked.prepare:
        app = create_app(Config.from_environment({"BOWLINE_DATA": asked.prepare}))
        with app.app_context():
            upgrade()
            make_congress()
        return
    if asked.summarise:
        print(json.dumps(summarise(asked.summarise)))
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(folder)
    table.show(rows, kept_in=asked.json)
    sys.exit(any(one["missed"] for one in rows))


if __name__ == "__main__":
    main()
