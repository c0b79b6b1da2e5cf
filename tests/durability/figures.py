"""What a row of the table says."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row: what was tried, the figure asked for, what was measured, and whether it is met."""

    what: str
    asked: str
    measured: str
    is_met: bool
