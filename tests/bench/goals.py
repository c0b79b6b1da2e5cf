"""What a row of the table of goals says."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One row: the work, where, the goal, what was measured beside what limit, and whether met."""

    work: str
    on: str = "SQLite"
    asked: str
    measured: str
    beside: str = ""
    """The same on a bare app in the same run, and how much of it is reached."""
    is_met: bool
