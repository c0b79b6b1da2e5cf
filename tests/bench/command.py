"""The table of goals, measured: every figure stands beside a bare limit of the same run."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bench import asked, conferences, growth, insights, memory, opening, traffic
from bench.goals import Goal

CHAPTERS: dict[str, Callable[[], Iterator[Goal]]] = {
    "traffic": traffic.goals,
    "asked": asked.goals,
    "growth": growth.goals,
    "conferences": conferences.goals,
    "door": opening.goals,
    "snapshot": insights.goals,
    "memory": memory.goals,
}


def main() -> None:
    """Measure what was asked for, print each row, and end with status 1 if a goal is missed."""
    commands = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands.add_argument("--only", nargs="+", choices=CHAPTERS, default=list(CHAPTERS))
    commands.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")
    wanted = commands.parse_args()
    print("| work | on | goal | measured | beside | met? |\n|---|---|---|---|---|---|", flush=True)
    rows = [_shown(row) for chapter in wanted.only for row in CHAPTERS[chapter]()]
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    sys.exit(0 if all(row.is_met for row in rows) else 1)


def _shown(row: Goal) -> Goal:
    met = "yes" if row.is_met else "NO"
    print(
        f"| {row.work} | {row.on} | {row.asked} | {row.measured} | {row.beside} | {met} |",
        flush=True,
    )
    return row


if __name__ == "__main__":
    main()
