"""The database server is killed again and again while people scan."""

import random
import signal
import time
from collections.abc import Iterator

from durability.acts import FEWEST_GUESTS, everything
from durability.figures import Figure
from durability.guests import hold_party
from durability.installation import Installation
from durability.ledger import Ledger, judge
from durability.load import load
from durability.servers import cluster, few_processes, on_postgresql
from services import Cluster

ROUNDS, ROUNDS_SHORT = 50, 2
BETWEEN = 60
"""Acknowledgements between two kills."""
LATEST_KILL = 0.3


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Kill all its processes, or let it drop everything at once; start it again."""
    with cluster() as server, on_postgresql(server, **few_processes(is_short=is_short)) as one:
        yield _figure(one, server, ROUNDS_SHORT if is_short else ROUNDS)


def _figure(one: Installation, server: Cluster, rounds: int) -> Figure:
    ledger, chance = Ledger(), random.Random(5)
    party = hold_party(one.app, FEWEST_GUESTS)
    one.start()
    with load(one.port, everything(party, chance), ledger) as running:
        for number in range(rounds):
            running.wait_until((number + 1) * BETWEEN)
            time.sleep(chance.uniform(0, LATEST_KILL))
            if number % 2:
                server.stop(signal.SIGQUIT)
            else:
                server.kill()
            server.start()
        running.wait_until((rounds + 1) * BETWEEN)
    one.stop()
    verdict = judge(one.app, ledger)
    return Figure(
        what="PostgreSQL killed under load",
        asked=f"{rounds} kills of the server: 0 lost",
        measured=(
            f"{ledger.acknowledged} acknowledged, {ledger.asked_to_wait} asked to wait: "
            f"{verdict.lost} lost, {verdict.twice} twice; {ledger.wrong} other answers"
        ),
        is_met=verdict.is_fine and not ledger.wrong,
    )
