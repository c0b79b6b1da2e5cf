"""The whole process group is killed again and again while people scan."""

import random
import time
from collections.abc import Iterator
from statistics import median

from durability.acts import FEWEST_GUESTS, everything
from durability.figures import Figure
from durability.guests import hold_party
from durability.installation import Installation
from durability.ledger import Ledger, judge
from durability.load import load
from durability.servers import on_sqlite

ROUNDS, ACKNOWLEDGEMENTS, SECONDS = 100, 20_000, 2
ROUNDS_SHORT, SECONDS_SHORT = 1, 60
"""A short run shares its machine with other tests."""
LATEST_KILL = 0.3


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Kill, start again, and look for everything that was acknowledged."""
    rounds, seconds = (ROUNDS_SHORT, SECONDS_SHORT) if is_short else (ROUNDS, SECONDS)
    with on_sqlite() as one:
        yield _figure(one, rounds, seconds)


def _figure(one: Installation, rounds: int, seconds: int) -> Figure:
    enough = rounds * ACKNOWLEDGEMENTS // ROUNDS
    ledger, chance = Ledger(), random.Random(5)
    party = hold_party(one.app, max(FEWEST_GUESTS, enough // 50))
    one.start()
    waits = []
    with load(one.port, everything(party, chance), ledger) as running:
        for number in range(rounds):
            running.wait_until((number + 1) * enough // rounds)
            time.sleep(chance.uniform(0, LATEST_KILL))
            one.kill()
            waits.append(one.start())
        running.wait_until(enough + 1)
    one.stop()
    verdict = judge(one.app, ledger)
    is_ready = max(waits) <= seconds
    return Figure(
        what="kill -9 under load",
        asked=f"{rounds} rounds, {enough} acknowledged: 0 lost, 0 twice, ready in {seconds} s",
        measured=(
            f"{ledger.acknowledged} acknowledged, {ledger.without_answer.total()} without answer: "
            f"{verdict.lost} lost, {verdict.twice} twice, "
            f"{'whole' if verdict.is_whole else 'DAMAGED'}, ready in {median(waits):.1f} s, "
            f"at most {max(waits):.1f} s{_odd(ledger)}"
        ),
        is_met=verdict.is_fine and ledger.acknowledged >= enough and is_ready and not ledger.odd,
    )


def _odd(ledger: Ledger) -> str:
    return f"; {dict(ledger.odd)}" if ledger.odd else ""
