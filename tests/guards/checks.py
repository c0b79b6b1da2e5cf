"""What is wrong with an entry of the table, found by reading alone."""

import ast
from collections.abc import Iterator
from functools import cache

from guards.guard import Guard
from guards.rows import ROWS
from guards.scratch import ROOT

KNOWN = frozenset(row.name for row in ROWS)


def wrong_with(guard: Guard) -> Iterator[str]:
    """Give what keeps a guard from being taken away, or its test from being run."""
    if guard.row not in KNOWN:
        yield f"{guard.row!r} is no row"
    if guard.on not in {"sqlite", "postgresql"}:
        yield f"{guard.on!r} is no database"
    yield from _wrong_change(guard)
    yield from _wrong_test(guard)


def _wrong_change(guard: Guard) -> Iterator[str]:
    file = ROOT / guard.file
    if not file.is_file():
        yield f"there is no {guard.file}"
        return
    held = file.read_text()
    times = held.count(guard.old) if guard.old else 0
    if times != 1:
        yield f"{guard.file} has {guard.old!r} {times} times"
    elif file.suffix == ".py" and not _is_another_program(held, guard):
        yield f"{guard.new!r} in {guard.file} is no change, or no Python"
    if guard.new == guard.old:
        yield f"{guard.old!r} stays as it is"


def _is_another_program(held: str, guard: Guard) -> bool:
    try:
        changed = ast.parse(held.replace(guard.old, guard.new))
    except SyntaxError:
        return False
    return ast.dump(changed) != ast.dump(ast.parse(held))


def _wrong_test(guard: Guard) -> Iterator[str]:
    file, _, name = guard.test.partition("::")
    if name.partition("[")[0] not in tests_in(file):
        yield f"there is no test {guard.test}"


@cache
def tests_in(file: str) -> frozenset[str]:
    """Return the tests of a file."""
    if not (ROOT / file).is_file():
        return frozenset()
    found = ast.walk(ast.parse((ROOT / file).read_text()))
    names = (node.name for node in found if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in names if name.startswith("test_"))
