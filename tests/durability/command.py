"""The table of what must hold, measured."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from durability import (
    away,
    door,
    drills,
    full,
    keys,
    kills,
    nodes,
    outbox,
    postgres,
    power,
    reload,
    writers,
)
from durability.figures import Figure

ROWS: dict[str, Callable[..., Iterator[Figure]]] = {
    "kills": kills.measure,
    "power": power.measure,
    "postgresql": postgres.measure,
    "keys": keys.measure,
    "writers": writers.measure,
    "full": full.measure,
    "outbox": outbox.measure,
    "reload": reload.measure,
    "backup": drills.back_up,
    "migrations": drills.migrate,
    "away": away.measure,
    "door": door.measure,
    "nodes": nodes.measure,
}


def main() -> None:
    """Measure what was asked for, print each row, and end with status 1 if one is not met."""
    commands = argparse.ArgumentParser(prog="python -m tests.durability", description=__doc__)
    commands.add_argument("--short", action="store_true", help="a few rounds of each, as in CI")
    commands.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW")
    commands.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")
    asked = commands.parse_args()
    print("| what | figure asked | measured | met? |\n|---|---|---|---|", flush=True)
    figures = [_shown(one) for row in asked.only for one in ROWS[row](is_short=asked.short)]
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in figures], indent=2) + "\n")
    sys.exit(0 if all(one.is_met for one in figures) else 1)


def _shown(one: Figure) -> Figure:
    met = "yes" if one.is_met else "NO"
    print(f"| {one.what} | {one.asked} | {one.measured} | {met} |", flush=True)
    return one


if __name__ == "__main__":
    main()
