"""Where the time of a request goes, by hand: `PYTHONPATH=tests python -m bench.profiles`.

In one process on SQLite, without a web server: the time of a core each kind of request takes, how
often it asks the database, and for how long others may not write. The other columns are how
cProfile divides that time among who works in it. It makes calls dearer than what is done in one
of them, so libraries of many small functions look a little larger than they are.
"""

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, repeat
from pathlib import Path
from statistics import fmean
from typing import Any

import sqlalchemy as sa
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import table
from bench.traffic import TIES, Crowd, pages_of, tie_with_all
from durability.installation import Installation
from durability.servers import on_sqlite
from webapp.core import db as database

ROOT = Path(__file__).resolve().parents[2]
GUESTS, WARM, TIMES = 150, 30, 200
FIRST_ERROR = 400
LAYERS = {
    "SQLAlchemy": ("/sqlalchemy/", "/flask_sqlalchemy/", "<sqlalchemy"),
    "templates": ("/jinja2/", "/markupsafe/", str(ROOT / "templates")),
    "Flask": ("/flask", "/werkzeug/", "/itsdangerous/", "/wtforms/", "/babel/", "/limits/"),
    "ours": (str(ROOT / "webapp"),),
}
DRIVER, OTHER = "database", "Python"
NOT_COUNTED = ("PRAGMA", "BEGIN", "COMMIT")
Function = tuple[str, int, str]
Environ = dict[str, Any]


@dataclass
class Watch:
    """What an engine was asked, and for how many seconds at a time others could not write."""

    statements: int = 0
    held: list[float] = field(default_factory=list)
    _since: float | None = None

    def look_at(self, engine: sa.Engine) -> None:
        """Count from here on."""
        sa.event.listen(engine, "before_cursor_execute", self._note)
        for end in ("commit", "rollback"):
            sa.event.listen(engine, end, self._end)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.statements += not statement.startswith(NOT_COUNTED)
        if statement == "BEGIN IMMEDIATE":
            self._since = time.perf_counter()

    def _end(self, _connection: object) -> None:
        if self._since is not None:
            self.held.append(time.perf_counter() - self._since)
        self._since = None


class Meter:
    """Sends requests to the app in this process, and tells what they cost."""

    def __init__(self, one: Installation) -> None:
        self._app, self._watch = one.app, Watch()
        self.locations: dict[int, str] = {}
        """Where the last kind of requests led, by the place of each."""
        with one.app.app_context():
            self._watch.look_at(database.db.engine)

    def row(self, name: str, requests: Iterable[bytes]) -> dict[str, Any]:
        """Measure one kind of request; some pass first, and the last ones are profiled."""
        self.locations, todo = {}, enumerate(map(environ_of, requests))
        self._send(list(islice(todo, WARM)))
        plain, profiled = list(islice(todo, TIMES)), list(islice(todo, TIMES))
        self._watch.statements, self._watch.held = 0, []
        began = time.process_time()
        self._send(plain)
        spent = (time.process_time() - began) / TIMES * 1000
        found = {
            "request": name,
            "ms of a core": spent,
            "statements": self._watch.statements / TIMES,
            "lock held ms": fmean(self._watch.held) * 1000 if self._watch.held else "",
        }
        profile = cProfile.Profile()
        profile.runcall(self._send, profiled)
        parts = layers(profile)
        return found | {layer: f"{parts[layer]:.0%}" for layer in (DRIVER, *LAYERS, OTHER)}

    def _send(self, requests: Iterable[tuple[int, Environ]]) -> None:
        for place, environ in requests:
            _body, status, headers = run_wsgi_app(self._app.wsgi_app, environ, buffered=True)
            if int(status.split()[0]) >= FIRST_ERROR:
                raise RuntimeError(f"{status}: {environ['PATH_INFO']}")
            self.locations[place] = headers.get("Location", "")


def environ_of(request: bytes) -> Environ:
    """Return what a web server makes of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _version = first.split()
    headers = dict(line.split(": ", 1) for line in lines)
    return EnvironBuilder(path, method=method, headers=headers, data=body).get_environ()


def layers(profile: cProfile.Profile) -> Counter[str]:
    """Return the part of the time each layer worked; what is built in counts to its caller."""
    spent: Counter[str] = Counter()
    timed: dict[Function, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for function, (_calls, _all, own, _with_callees, callers) in timed.items():
        if "sqlite3" in function[2] or "InTurn" in function[2]:
            spent[DRIVER] += own
        elif function[0] == "~" and callers:
            for caller, (_n, _m, of_caller, _c) in callers.items():
                spent[_layer_of(caller)] += of_caller
        else:
            spent[_layer_of(function)] += own
    total = sum(spent.values())
    return Counter({layer: seconds / total for layer, seconds in spent.items()})


def _layer_of(function: Function) -> str:
    fits = (layer for layer, places in LAYERS.items() if any(one in function[0] for one in places))
    return next(fits, OTHER)


def measured(one: Installation) -> Iterator[dict[str, Any]]:
    """Measure each kind of request."""
    meter, crowd = Meter(one), Crowd(one, GUESTS)
    yield meter.row("claim", crowd.claims())
    yield meter.row("confirm", list(crowd.confirmations(meter.locations)))
    near = Crowd(one, GUESTS)
    yield meter.row("live scan", near.claims(is_live=True))
    yield meter.row("its talk", list(near.talks(meter.locations)))
    reader = Crowd(one, TIES + 1)
    tie = tie_with_all(one, reader.party)
    for name, path in pages_of(reader.party, tie).items():
        yield meter.row(name, repeat(reader.page(path)))


def main() -> None:
    """Measure and print."""
    asked = table.parser(__doc__).parse_args()
    with on_sqlite() as one:
        table.show(list(measured(one)), kept_in=asked.json)


if __name__ == "__main__":
    main()
