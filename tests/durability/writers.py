"""Many people who all write at once, for a minute, on SQLite."""

import random
import time
from collections.abc import Iterator
from statistics import quantiles

from durability.acts import FEWEST_GUESTS, Act, everything
from durability.figures import Figure
from durability.guests import hold_party
from durability.installation import Installation
from durability.ledger import Ledger, judge
from durability.load import load
from durability.servers import on_sqlite

WRITERS, SECONDS = 64, 60
WRITERS_SHORT, SECONDS_SHORT = 16, 3
"""A short run shares its machine with other tests: the last of 64 might wait too long there."""
PACE = 150
"""Acts a second that the fastest machine is expected to do."""


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Let all of them scan as fast as they are answered."""
    writers, seconds = (WRITERS_SHORT, SECONDS_SHORT) if is_short else (WRITERS, SECONDS)
    with on_sqlite() as one:
        yield _figure(one, writers, seconds)


def _figure(one: Installation, writers: int, seconds: int) -> Figure:
    ledger = Ledger()
    party = hold_party(one.app, max(FEWEST_GUESTS, PACE * seconds // 20))
    acts: list[Act] = everything(party, random.Random(5))
    one.start()
    with load(one.port, acts, ledger, phones=writers):
        time.sleep(seconds)
    one.stop()
    verdict = judge(one.app, ledger)
    waited = quantiles(ledger.seconds, n=100)
    return Figure(
        what=f"{writers} writers at once on SQLite",
        asked=f'{seconds} s: 0 "database is locked" shown to anyone',
        measured=(
            f"{len(ledger.seconds)} answers, {ledger.asked_to_wait} asked to wait, "
            f"{ledger.without_answer.total()} without answer, {ledger.odd.total()} other; "
            f"median {waited[49]:.2f} s, p99 {waited[98]:.2f}, longest {max(ledger.seconds):.2f}"
        ),
        is_met=verdict.is_fine
        and not (ledger.odd or ledger.asked_to_wait or ledger.without_answer),
    )
