"""docs/threats.md: the rows, what holds, and which test shows it; written from the table."""

from guards.guard import Guard, Kind, Row
from guards.rows import ROWS
from guards.scratch import ROOT
from guards.table import GUARDS

PAGE = ROOT / "docs" / "threats.md"
HEAD = """\
# What might happen, what holds, and which test shows it

Each guard below stands in a table with the change that takes it away. `python -m tests.guards` makes each of these changes in a
copy of the project and demands that the test named here then fails; it ends with status 1 if a guard can go unnoticed.
`python -m tests.guards --only WORDS` tries the guards of some rows, `--list` prints the table, `--write` writes this page.

What none of this can prove or prevent stands on the public page `/how-it-works` (`webapp/about/cannot.py`), for everybody to read.
"""
TITLES = {Kind.ATTACK: "Who might harm whom", Kind.RELIABILITY: "What might break"}


def written() -> str:
    """Return the page."""
    return HEAD + "".join(
        f"\n## {title}\n" + "".join(_section(row) for row in ROWS if row.kind is kind)
        for kind, title in TITLES.items()
    )


def _section(row: Row) -> str:
    lines = "".join(_line(one) for one in GUARDS if one.row == row.name)
    more = f"\nAt full length: {row.more}.\n" if row.more else ""
    title = row.name[0].upper() + row.name[1:]
    return f"\n### {title}\n\n{row.happens}\n\n| what holds | shown by |\n|---|---|\n{lines}{more}"


def _line(guard: Guard) -> str:
    file, _, name = guard.test.partition("::")
    return f"| {guard.what} | `{file.removeprefix('tests/')}`: {_sentence(name)} |\n"


def _sentence(name: str) -> str:
    """Return the name of a test as the sentence it is."""
    plain, _, case = name.partition("[")
    said = plain.removeprefix("test_").replace("_", " ")
    return f"{said} ({case.removesuffix(']')})" if case else said
