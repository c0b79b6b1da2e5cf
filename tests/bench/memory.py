"""What the web processes need after an hour of mixed load, and whether it grows."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.goals import Goal
from bench.pump import Answers, pump
from bench.traffic import TIES, Crowd, pages_of, serving, tie_with_all
from durability.installation import Installation
from durability.servers import on_sqlite

MINUTES = float(os.environ.get("BENCH_MINUTES", "60"))
MOST_MB, MOST_GROWTH = 150, 1.05
"""Megabytes, and times what it was after a tenth of the time: caches fill first."""
CONNECTIONS, AT_ONCE, PAUSE = 8, 200, 1.0
"""Requests in one go, and seconds between them."""


class Weight(NamedTuple):
    """What the largest web process weighs, in megabytes, and when, in seconds from the start."""

    at: float
    mb: float


def goals() -> Iterator[Goal]:
    """Claim, confirm and read until the time is over."""
    with on_sqlite() as one, serving(one):
        weights, answers, errors = load(one, MINUTES * 60)
    early = max(one.mb for one in weights if one.at <= MINUTES * 6 or one is weights[0])
    last = weights[-1].mb
    yield Goal(
        work="memory of a web process",
        asked=f"at most {MOST_MB} MB after {MINUTES:.0f} minutes of load, no growth",
        measured=(
            f"{early:.0f} MB after a tenth of the time, {last:.0f} MB at the end; "
            f"{answers} requests, {errors} errors"
        ),
        beside=f"{weights[0].mb:.0f} MB before the first request",
        is_met=last <= MOST_MB and last <= early * MOST_GROWTH and not errors,
    )


def load(one: Installation, seconds: float) -> tuple[list[Weight], int, int]:
    """Send what people send; gives weights, answers and errors."""
    began, chance, answered, errors = time.monotonic(), random.Random(1), 0, 0
    weights = [Weight(0, heaviest(one))]
    while time.monotonic() - began < seconds:
        for answers in _round(one, chance):
            answered += len(answers.latencies)
            errors += answers.errors
        weights.append(Weight(time.monotonic() - began, heaviest(one)))
    return weights, answered, errors


def _round(one: Installation, chance: random.Random) -> Iterator[Answers]:
    """Let a crowd scan each other once, everybody confirm, and one of them read in between."""
    crowd = Crowd(one)
    tie = tie_with_all(one, crowd.party, TIES)
    reads = [crowd.page(path) for path in pages_of(crowd.party, tie).values()]
    claimed = pump(one.port, crowd.claims(), connections=CONNECTIONS)
    yield claimed
    mixed = [*crowd.confirmations(claimed.locations), *chance.choices(reads, k=2 * AT_ONCE)]
    chance.shuffle(mixed)
    for first in range(0, len(mixed), AT_ONCE):
        yield pump(one.port, mixed[first : first + AT_ONCE], connections=CONNECTIONS)
        time.sleep(PAUSE)


def heaviest(one: Installation) -> float:
    """Return what the largest of the web processes has in memory, in megabytes."""
    return max(map(_megabytes, one.processes()))


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (found,) = [line for line in lines if line.startswith("VmRSS:")]
    return int(found.split()[1]) / 1024
