"""Whether a request costs the same among a thousand talks of ten events, and among a million."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

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
TIMES, ROUNDS = 100, 5
MOST = 1.3
Costs = dict[str, float]


def goals() -> Iterator[Goal]:
    """Measure on both databases."""
    with on_sqlite() as small, on_sqlite() as large:
        yield from _goals(small, large, "SQLite")
    with cluster() as server:
        both = on_postgresql(server, name="small"), on_postgresql(server, name="large")
        with both[0] as small, both[1] as large:
            yield from _goals(small, large, "PostgreSQL")


def _goals(small: Installation, large: Installation, name: str) -> Iterator[Goal]:
    _fill(small, SMALL)
    _fill(large, LARGE)
    before, after = costs(small, large)
    for work, least in before.items():
        ratio = after[work] / least
        yield Goal(
            work=f"growth: {work}",
            on=name,
            asked=f"{LARGE * TALKS:,} talks of {LARGE:,} events: at most {MOST} times the cost",
            measured=f"{after[work]:.1f} ms, {ratio:.2f} times",
            beside=f"{least:.1f} ms with {SMALL * TALKS:,} talks of {SMALL} events",
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


def costs(*installations: Installation) -> list[Costs]:
    """Return the median of each request over one connection, in milliseconds: the best of a few.

    The installations take turns, so a machine that is slower for a while is so for all of them.
    """
    with ExitStack() as stack:
        for one in installations:
            stack.enter_context(serving(one))
            _round(one)
        rounds = [[_round(one) for one in installations] for _ in range(ROUNDS)]
    return [_best(each) for each in zip(*rounds, strict=True)]


def _best(rounds: Iterable[Costs]) -> Costs:
    found: dict[str, list[float]] = defaultdict(list)
    for one in rounds:
        for name, cost in one.items():
            found[name].append(cost)
    return {name: min(each) for name, each in found.items()}


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
