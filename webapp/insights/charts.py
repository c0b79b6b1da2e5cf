"""Charts as plain geometry; templates draw them as SVG with a table beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 160
GAP = 1.0
QUARTER_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the drawing (640 wide, 160 high, origin top left)."""

    x: float
    y: float
    width: float
    height: float


def bars(stretches: Sequence[tuple[datetime, datetime, int]]) -> list[Bar]:
    """Draw talks per quarter of an hour: a bar as wide as its stretch, its area the talks."""
    if not stretches:
        return []
    first, last = stretches[0][0], stretches[-1][1]
    scale = WIDTH / max((last - first).total_seconds(), 1)
    rates = [count / _quarters(start, end) for start, end, count in stretches]
    tallest = max(*rates, 1)
    return [
        Bar(
            x=round((start - first).total_seconds() * scale, 1),
            y=round(HEIGHT - HEIGHT * rate / tallest, 1),
            width=round(max((end - start).total_seconds() * scale - GAP, 0.5), 1),
            height=round(HEIGHT * rate / tallest, 1),
        )
        for (start, end, _), rate in zip(stretches, rates, strict=True)
    ]


def _quarters(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds() / QUARTER_SECONDS, 1)
