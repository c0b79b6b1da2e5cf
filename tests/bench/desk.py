"""How long the desk searches 10,000 guests, by hand: `PYTHONPATH=tests python -m bench.desk`."""

import gzip
import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

import services
from bench import table
from bench.running import fresh_app, gunicorn
from pages import HX
from people import cookie_of, make_event, make_person
from webapp.badges.services import issue_badges
from webapp.core import clock
from webapp.core.db import transaction
from webapp.events.models import Event
from webapp.events.services import NewGuest, add_guests

GUESTS, CHUNK, TIMES = 10_000, 500, 200
FIRST = ("José", "Amina", "Łukasz", "Zoë", "Ben", "Nguyễn", "Elif", "Priya", "Olu", "Hana")
LAST = ("García", "Diallo", "Wiśniewski", "Straßer", "Ng", "Thị Hoa", "Yılmaz", "Nair", "Sato")  # noqa: RUF001
SEARCHES = {
    "nothing typed": "",
    "one letter": "a",
    "three letters": "gar",
    "two parts": "dia am",
    "organisation": "firm 37",
    "nobody": "zzzz",
}


def fill(event_id: str) -> None:
    said = {"headline": "Engineer", "address": None, "group_name": None}
    for start in range(0, GUESTS, CHUNK):
        numbers = range(start, start + CHUNK)
        with transaction() as session:
            event, now = session.get_one(Event, event_id), clock.now()
            guests = [
                NewGuest(
                    name=f"{FIRST[number % 10]} {LAST[number // 10 % 9]} {number}",
                    organisation=f"Firm {number % 50}",
                    **said,
                )
                for number in numbers
            ]
            added = add_guests(session, event=event, guests=guests, now=now)
            issue_badges(session, attendees=added, now=now)


def timed(ask: Callable[[], bytes], times: int) -> tuple[list[float], int]:
    """Return milliseconds of many requests, one after the other, and the size of an answer."""
    took, size = [], 0
    for _ in range(times):
        began = time.perf_counter()
        size = len(ask())
        took.append(1000 * (time.perf_counter() - began))
    return took, size


def row(what: str, ask: Callable[[], bytes], times: int = TIMES) -> dict[str, Any]:
    for _ in range(5):
        ask()
    took, size = timed(ask, times)
    p95 = quantiles(took, n=20)[-1]
    return {"what": what, "p50_ms": median(took), "p95_ms": p95, "kb": size / 1000}


@contextmanager
def asking(port: int, headers: dict[str, str]) -> Iterator[Callable[..., Callable[[], bytes]]]:
    """Give a way to ask one server for a path over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def of(path: str, **more: str) -> Callable[[], bytes]:
        def ask() -> bytes:
            connection.request("GET", path, headers=headers | more)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status in {200, 304}, answer.status
            return body

        return ask

    yield of
    connection.close()


def measure(app: Any, settings: dict[str, str]) -> list[dict[str, Any]]:
    with transaction() as session:
        organiser = make_person(session, name="Olga")
        event = make_event(session, by=organiser)
        event_id = event.id
        cookie = cookie_of(app, session, organiser)
    fill(event_id)
    port, bare = services.free_port(), services.free_port()
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "Host": "localhost"}
    url = f"/events/{event_id}/desk"
    with gunicorn("app:app", port, settings), asking(port, headers | HX) as of:
        rows = [row(what, of(f"{url}?q={q.replace(' ', '+')}")) for what, q in SEARCHES.items()]
    with gunicorn("app:app", port, settings), asking(port, headers) as of:
        zipped = {"Accept-Encoding": "gzip"}
        names = json.loads(gzip.decompress(of(f"{url}/list", **zipped)()))["list"]
        rows.append(once("whole list", of(f"{url}/list", **zipped)))
        rows.append(once("list, names known", of(f"{url}/list?list={names}", **zipped)))
    with gunicorn("bench.bare:app", bare, {"PYTHONPATH": "tests"}), asking(bare, {}) as of:
        rows.append(row("bare Flask, 1 KB", of("/")))
    return rows


def once(what: str, ask: Callable[[], bytes]) -> dict[str, Any]:
    """Measure what a phone fetches once in a while; more often it would be told to wait."""
    took = []
    for _ in range(9):
        began = time.perf_counter()
        size = len(ask())
        took.append(1000 * (time.perf_counter() - began))
    return {"what": what, "p50_ms": median(took), "p95_ms": max(took), "kb": size / 1000}


def main() -> None:
    """Measure and print."""
    asked = table.parser(__doc__).parse_args()
    with fresh_app() as (app, settings):
        rows = measure(app, settings)
    table.show(rows, kept_in=asked.json)


if __name__ == "__main__":
    main()
