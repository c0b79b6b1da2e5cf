"""The doors open: so many badges are claimed a second, for a minute."""

from collections.abc import Iterator
from statistics import quantiles

from bench.goals import Goal
from bench.pump import pump, request_of
from bench.traffic import BARE, serving
from durability.door import A_SECOND, SECONDS, Opening, come
from durability.guests import hold_party
from durability.servers import on_sqlite

SLOWEST = 0.5
"""Seconds that 95 of 100 may take at most."""
BARE_TIMES = 1500


def goals() -> Iterator[Goal]:
    """Let guests claim their badges at a steady pace."""
    with on_sqlite(wsgi=BARE) as bare, serving(bare):
        save = request_of("POST", "/", host="localhost", fields={"words": "mine"})
        limit = pump(bare.port, [save] * BARE_TIMES, connections=8)
    with on_sqlite() as one, serving(one):
        for guests in (A_SECOND, A_SECOND * SECONDS):
            party = hold_party(one.app, guests, is_claimed=False)
            opening = Opening()
            took = come(one, party, party.guests, opening, pace=A_SECOND)
    p95 = quantiles(opening.seconds, n=100)[94]
    errors = opening.statuses.total() - opening.taken
    yield Goal(
        work="door opening",
        asked=f"{A_SECOND} badges a second for {SECONDS} s: 0 errors, p95 {1000 * SLOWEST:.0f} ms",
        measured=(
            f"{opening.taken} in {took:.1f} s, {errors} errors, p95 {1000 * p95:.0f} ms, "
            f"longest {1000 * max(opening.seconds):.0f} ms"
        ),
        beside=f"{limit.per_second:.0f} rows a second, p95 {limit.percentile(95):.0f} ms",
        is_met=not errors and p95 <= SLOWEST and took <= SECONDS * 1.1,
    )
