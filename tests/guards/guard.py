"""What a row of the list of threats is, and what a guard against it is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which of the two lists a row stands in."""

    ATTACK = "attack"
    RELIABILITY = "reliability"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, and what might happen, in plain words."""

    name: str
    kind: Kind
    happens: str
    more: str = ""
    """What else shows it, which takes longer than a test of every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One thing that holds: where it stands, how it is taken away, and which test then fails."""

    row: str
    what: str
    file: str
    old: str
    """Stands in the file exactly once."""
    new: str
    test: str
    """`tests/folder/test_file.py::test_name`; `[...]` behind it chooses one case."""
    on: str = "sqlite"
    is_long: bool = False
    """Takes more than half a minute."""
