"""Whether a request costs the same among a thousand talks of ten events, and among a million."""

from collections.abc import Iterator

import sqlalchemy as sa

from bench.goals import Goal
from bench.pump import Answers, pump
from bench.sizes import load
from bench.traffic import TIES, Crowd, pages_of, serving, tie_with_all
from durability.installation import Installation
from durability.servers import cluster, on_postgresql, on_sqlite
from webapp.core import db as database

SMALL, LARGE = 10, 10_000
"""Events in the database."""
PEOPLE, TALKS = 40, 100
"""At each of them."""
TIMES, ROUNDS = 100, 3
MOST = 1.3
Costs = dict[str, float]


def goals() -> Iterator[Goal]:
    """Measure on both databases."""
    with on_sqlite() as one:
        yield from _goals(one, "SQLite")
    with cluster() as server, on_postgresql(server) as one:
        yield from _goals(one, "PostgreSQL")


def _goals(one: Installation, name: str) -> Iterator[Goal]:
    _fill(one, SMALL)
    small = costs(one)
    _fill(one, LARGE - SMALL)
    large = costs(one)
    for work, before in small.items():
        ratio = large[work] / before
        yield Goal(
            work=f"growth: {work}",
            on=name,
            asked=f"{LARGE * TALKS:,} talks of {LARGE:,} events: at most {MOST} times the cost",
            measured=f"{large[work]:.1f} ms, {ratio:.2f} times",
            beside=f"{before:.1f} ms with {SMALL * TALKS:,} talks of {SMALL} events",
            is_met=ratio <= MOST,
        )


def _fill(one: Installation, events: int) -> None:
    with one.app.app_context():
        for _ in range(events):
            with database.transaction() as session:
                load(session, people=PEOPLE, talks=TALKS)
        with database.db.engine.begin() as connection:
            connection.execute(sa.text("ANALYZE"))
    one.close_database()


def costs(one: Installation) -> Costs:
    """Return the median of each request over one connection, in milliseconds: the best of a few."""
    with serving(one):
        _round(one)
        rounds = [_round(one) for _ in range(ROUNDS)]
    return {name: min(found[name] for found in rounds) for name in rounds[0]}


def _round(one: Installation) -> Costs:
    crowd = Crowd(one, TIMES)
    claimed = _alone(one, list(crowd.claims())[:TIMES])
    confirmed = _alone(one, list(crowd.confirmations(claimed.locations)))
    live = _alone(one, list(Crowd(one, TIMES).claims(is_live=True))[:TIMES])
    found = {"claim": claimed, "confirm": confirmed, "live scan": live}
    reader = Crowd(one, TIES + 1)
    tie = tie_with_all(one, reader.party)
    for name, path in pages_of(reader.party, tie).items():
        found[name] = _alone(one, [reader.page(path)] * TIMES)
    return {name: answers.percentile(50) for name, answers in found.items()}


def _alone(one: Installation, requests: list[bytes]) -> Answers:
    answers = pump(one.port, requests, connections=1)
    assert not answers.errors, answers.statuses
    return answers
