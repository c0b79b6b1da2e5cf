"""What people ask for at an event, as fast as it is answered, beside a bare app on the same server.

Claims, confirmations and live scans come with cookie and CSRF token over kept connections. Each
row is one run; `/ limit` is its throughput beside a bare Flask app, behind the same server and on
the same database in this run: one that keeps a row for each form, or one that says hello.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import time_machine
from flask_wtf.csrf import generate_csrf

from bench.goals import Goal
from bench.pump import Answers, pump, request_of
from bench.table import parser, show
from durability.guests import Guest, Party, hold_party
from durability.installation import Installation
from durability.servers import cluster, on_postgresql, on_sqlite
from people import live
from webapp.conversations.services import claim
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee, Event
from webapp.security.csrf import SEED
from webapp.ties.models import Tie

GUESTS, EACH = 400, 4
"""Who scans more than six printed badges in a minute is asked for live codes."""
BARE_TIMES = 1600
TIES = 60
BETWEEN_TALKS = timedelta(minutes=10)
PAGE_TIMES = 1200
FEW, *MANY = CONNECTIONS = (8, 64, 256)
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
LEAST = {"claim": 0.50, "confirm": 0.40, "live scan": 0.40}
"""Parts of the limit."""
SLOWEST_MS, LEAST_OF_FEW, PAGES_A_SECOND = 25, 0.8, 400
PAGES = ("Meet", "People", "Person", "Follow up")
Row = dict[str, Any]
BARE = "bench.bare_insert:app"


class Crowd:
    """Guests of a party of their own, who have not scanned anybody."""

    def __init__(self, one: Installation, size: int = GUESTS) -> None:
        self._one = one
        self.party: Party = hold_party(one.app, size)
        for guest in self.party.guests:
            guest.token = _token_of(one, guest)

    def claims(self, *, is_live: bool = False) -> Iterator[bytes]:
        """Each guest scans a few others; a live code is read when it is sent."""
        guests, path = self.party.guests, f"/events/{self.party.event_id}/talks"
        for step in range(1, EACH + 1):
            for at, by in enumerate(guests):
                about = guests[(at + step) % len(guests)]
                code = about.shows(time.time()) if is_live else about.printed
                yield self.form(path, by, code=code, nonce=f"bench-{step}-{at:05}")

    def confirmations(self, claimed: Mapping[int, str]) -> Iterator[bytes]:
        """Everybody who was scanned says yes."""
        guests = self.party.guests
        for place, where in claimed.items():
            step, at = divmod(place, len(guests))
            yield self.form(f"{where}/confirm", guests[(at + step + 1) % len(guests)])

    def talks(self, claimed: Mapping[int, str]) -> Iterator[bytes]:
        """Everybody who scanned looks at what came of it."""
        guests = self.party.guests
        for place, where in claimed.items():
            yield self.page(where, guests[place % len(guests)])

    def form(self, path: str, by: Guest, **fields: str) -> bytes:
        """Write a form somebody sends."""
        told = fields | {"csrf_token": by.token}
        host = f"localhost:{self._one.port}"
        return request_of("POST", path, host=host, cookie=by.cookie, fields=told)

    def page(self, path: str, by: Guest | None = None) -> bytes:
        """Write what opens a page as somebody, or as the first guest."""
        cookie = (by or self.party.guests[0]).cookie
        return request_of("GET", path, host=f"localhost:{self._one.port}", cookie=cookie)


def _token_of(one: Installation, guest: Guest) -> str:
    _name, _, cookie = guest.cookie.partition("=")
    kept = one.app.session_interface.get_signing_serializer(one.app).loads(cookie)
    with one.app.test_request_context() as context:
        context.session[SEED] = kept[SEED]
        return str(generate_csrf())


def writing(one: Installation, connections: int) -> Iterator[tuple[str, Answers]]:
    """Claim, confirm, and scan live codes."""
    crowd = Crowd(one)
    claimed = pump(one.port, crowd.claims(), connections=connections)
    yield "claim", claimed
    confirmed = crowd.confirmations(claimed.locations)
    yield "confirm", pump(one.port, confirmed, connections=connections)
    yield "live scan", pump(one.port, Crowd(one).claims(is_live=True), connections=connections)


def reading(one: Installation, connections: int) -> Iterator[tuple[str, Answers]]:
    """Open the pages of an attendee who has 60 ties."""
    crowd = Crowd(one, TIES + 1)
    tie = tie_with_all(one, crowd.party)
    for name, path in pages_of(crowd.party, tie).items():
        yield name, pump(one.port, [crowd.page(path)] * PAGE_TIMES, connections=connections)


def pages_of(party: Party, tie: str) -> dict[str, str]:
    """Return where an attendee's pages are, by name."""
    return {
        "Meet": f"/events/{party.event_id}/meet",
        "People": "/people",
        "Person": f"/people/{tie}",
        "Follow up": "/follow-up",
    }


def tie_with_all(one: Installation, party: Party, most: int = TIES) -> str:
    """Let the first guest have talked with the others, so many at most; gives one of the ties."""
    with one.app.app_context(), database.transaction() as session:
        event = session.get_one(Event, party.event_id)
        places = [session.get_one(Attendee, (event.id, guest.id)) for guest in party.guests]
        for number, other in enumerate(places[1 : most + 1]):
            with time_machine.travel(clock.now() - number * BETWEEN_TALKS):
                scan = live(session, other)
                claim(session, event=event, by=places[0], scan=scan, now=clock.now())
        me = places[0].person_id
        mine = sa.or_(Tie.low_person_id == me, Tie.high_person_id == me)
        return session.scalars(sa.select(Tie.id).where(mine).limit(1)).one()


@contextmanager
def serving(one: Installation) -> Iterator[Installation]:
    """Let it be served while it is measured."""
    one.start()
    try:
        yield one
    finally:
        one.stop()


def of_bare(one: Installation) -> dict[str, dict[int, Answers]]:
    """Measure the limits."""
    host = f"localhost:{one.port}"
    hello = request_of("GET", "/", host=host)
    save = request_of("POST", "/", host=host, fields={"words": "we talked"})
    kinds = {"hello": hello, "one row": save}
    return {
        name: {n: pump(one.port, [what] * BARE_TIMES, connections=n) for n in CONNECTIONS}
        for name, what in kinds.items()
    }


def measure(one: Installation, bare: Installation, name: str) -> Iterator[dict[str, Any]]:
    """Measure everything on one database."""
    with serving(bare):
        pump(bare.port, [request_of("GET", "/", host="localhost")] * 200, connections=8)
        limits = of_bare(bare)
    for what, by_connections in limits.items():
        for n, answers in by_connections.items():
            yield _row(name, f"bare: {what}", n, answers, answers)
    with serving(one):
        list(writing(one, CONNECTIONS[0]))
        for n in CONNECTIONS:
            for what, answers in writing(one, n):
                yield _row(name, what, n, answers, limits["one row"][n])
        for what, answers in reading(one, CONNECTIONS[0]):
            yield _row(name, what, CONNECTIONS[0], answers, limits["hello"][CONNECTIONS[0]])


def _row(
    where: str, what: str, connections: int, answers: Answers, limit: Answers
) -> dict[str, Any]:
    return {
        "database": where,
        "what": what,
        "connections": connections,
        "per second": round(answers.per_second, 1),
        "/ limit": round(answers.per_second / limit.per_second, 2),
        "p50 ms": round(answers.percentile(50), 1),
        "p99 ms": round(answers.percentile(99), 1),
        "errors": answers.errors,
    }


def installed(
    stack: ExitStack, name: str
) -> tuple[AbstractContextManager[Installation], AbstractContextManager[Installation]]:
    """Install the app and the bare one on a database each, of the same kind."""
    if name == "sqlite":
        return on_sqlite(), on_sqlite(wsgi=BARE)
    server = stack.enter_context(cluster())
    return on_postgresql(server), on_postgresql(server, name="bare", wsgi=BARE)


def on(name: str) -> Iterator[dict[str, Any]]:
    """Measure everything on one database, with servers of its own."""
    with ExitStack() as stack:
        one, bare = (stack.enter_context(each) for each in installed(stack, name))
        yield from measure(one, bare, name)


def goals() -> Iterator[Goal]:
    """Compare with what is asked for."""
    for name, called in DATABASES.items():
        rows = {(row["what"], row["connections"]): row for row in on(name)}
        limits = {n: rows["bare: one row", n] for n in CONNECTIONS}
        for what, least in LEAST.items():
            yield _of_a_form(called, rows[what, FEW], least, limits[FEW])
            yield from (_of_many(called, rows[what, n], rows[what, FEW], limits[n]) for n in MANY)
        yield from (_of_a_page(called, rows[what, FEW], rows["bare: hello", FEW]) for what in PAGES)


def _of_a_form(called: str, row: Row, least: float, limit: Row) -> Goal:
    slowest = SLOWEST_MS if row["what"] == "claim" else None
    is_quick = slowest is None or row["p99 ms"] <= slowest
    p99 = f", p99 at most {slowest} ms" if slowest else ""
    return Goal(
        work=f"{row['what']}, {FEW} connections",
        on=called,
        asked=f"{least:.2f} of the limit, 0 errors{p99}",
        measured=_told(row),
        beside=f"{limit['per second']:.0f} a second: {row['/ limit']:.2f}",
        is_met=row["/ limit"] >= least and not row["errors"] and is_quick,
    )


def _of_many(called: str, row: Row, few: Row, limit: Row) -> Goal:
    part = row["per second"] / few["per second"]
    return Goal(
        work=f"{row['what']}, {row['connections']} connections",
        on=called,
        asked=f"within {1 - LEAST_OF_FEW:.0%} of {FEW} connections, 0 errors",
        measured=f"{_told(row)}: {part:.2f}",
        beside=f"{limit['per second']:.0f} a second, {limit['errors']} errors",
        is_met=part >= LEAST_OF_FEW and not row["errors"],
    )


def _of_a_page(called: str, row: Row, limit: Row) -> Goal:
    return Goal(
        work=row["what"],
        on=called,
        asked=f"{PAGES_A_SECOND} a second",
        measured=_told(row),
        beside=f"{limit['per second']:.0f} a second: {row['/ limit']:.2f}",
        is_met=row["per second"] >= PAGES_A_SECOND and not row["errors"],
    )


def _told(row: Row) -> str:
    return f"{row['per second']:.0f} a second, p99 {row['p99 ms']:.0f} ms, {row['errors']} errors"


def main() -> None:
    """Measure and print."""
    commands = parser(__doc__)
    commands.add_argument("--on", nargs="+", choices=DATABASES, default=list(DATABASES))
    asked = commands.parse_args()
    show([row for name in asked.on for row in on(name)], kept_in=asked.json)


if __name__ == "__main__":
    main()
