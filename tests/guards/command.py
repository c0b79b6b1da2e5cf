"""Takes each guard of the table away once, and looks whether its test notices."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from guards.guard import Guard
from guards.page import PAGE, written
from guards.scratch import Scratch, scratch
from guards.table import GUARDS

NOTICED, UNNOTICED, BROKEN = "fails without it", "STILL PASSES", "BREAKS, AND NOT BY AN ASSERTION"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of taking a guard away."""

    guard: Guard
    verdict: str
    why: str = ""


def main() -> None:
    """Try what was asked for, print each guard, and end with status 1 if one goes unnoticed."""
    asked = _commands().parse_args()
    if asked.write:
        PAGE.write_text(written())
        return
    words = [word.lower() for word in asked.only]
    guards = [one for one in GUARDS if _is_asked(one, words) and not (asked.quick and one.is_long)]
    if not guards:
        sys.exit("No guard stands in a row of that name.")
    print("| row | guard | test | without it |\n|---|---|---|---|", flush=True)
    if asked.list:
        for one in guards:
            _show(Found(one, "not tried"))
        return
    found = [_shown(one) for one in _try_all(guards, jobs=asked.jobs)]
    if asked.json:
        told = [asdict(one) for one in found]
        asked.json.write_text(json.dumps(told, indent=2) + "\n")
    bad = [one for one in found if one.verdict != NOTICED]
    print(f"\n{len(found)} guards, {len(bad)} of them can go unnoticed", flush=True)
    sys.exit(1 if bad else 0)


def _commands() -> argparse.ArgumentParser:
    commands = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    commands.add_argument("--only", nargs="+", default=[], metavar="WORDS", help="rows with them")
    commands.add_argument("--quick", action="store_true", help="leave out those that take long")
    commands.add_argument("--jobs", type=int, default=2, help="how many are tried at once")
    commands.add_argument("--json", type=Path, metavar="FILE", help="keep what was found as JSON")
    commands.add_argument("--list", action="store_true", help="only print the table")
    commands.add_argument("--write", action="store_true", help="write docs/threats.md")
    return commands


def _is_asked(guard: Guard, words: Sequence[str]) -> bool:
    about = f"{guard.row} {guard.what} {guard.file} {guard.test}".lower()
    return not words or any(word in about for word in words)


def _try_all(guards: Sequence[Guard], *, jobs: int) -> Iterator[Found]:
    """See that all tests pass with the guards in place, then take away one after the other."""
    with ExitStack() as copies, ThreadPoolExecutor(jobs) as threads:
        free: SimpleQueue[Scratch] = SimpleQueue()
        first = copies.enter_context(scratch())
        _refuse_failing(first, guards)
        free.put(first)
        for _ in range(jobs - 1):
            free.put(copies.enter_context(scratch()))

        def try_one(guard: Guard) -> Found:
            copy = free.get()
            try:
                return _tried(copy, guard)
            finally:
                free.put(copy)

        yield from threads.map(try_one, guards)


def _refuse_failing(copy: Scratch, guards: Sequence[Guard]) -> None:
    """A test that fails anyhow shows nothing."""
    for on in sorted({one.on for one in guards}):
        tests = sorted({one.test for one in guards if one.on == on})
        run = copy.run(tests, on=on)
        if not run.passed:
            sys.exit(f"With every guard in place a test fails already:\n{run.told}")


def _tried(copy: Scratch, guard: Guard) -> Found:
    with copy.without(guard):
        run = copy.run([guard.test], on=guard.on)
    if run.failed_by_assertion:
        return Found(guard, NOTICED, run.why)
    return Found(guard, UNNOTICED if run.passed else BROKEN, run.why)


def _shown(found: Found) -> Found:
    _show(found)
    return found


def _show(found: Found) -> None:
    one = found.guard
    why = "" if found.verdict == NOTICED or not found.why else f" ({found.why})"
    print(f"| {one.row} | {one.what} | {one.test} | {found.verdict}{why} |", flush=True)


if __name__ == "__main__":
    main()
