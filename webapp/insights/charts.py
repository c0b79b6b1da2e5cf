"""Charts as plain geometry; templates draw them as SVG with a table beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 160
GAP = 1.0
QUARTER_SECONDS = 900
MATRIX_WIDTH = 360
LARGEST_FIELD = 48
FIELDS_WIDTH = 240
SMALLEST_FIELD_WITH_TEXT = 20
LONGEST_LABEL = 16
SHADES = (50, 80, 125, 200, 400)
"""Per cent of chance from which a field is drawn one shade stronger."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the drawing (640 wide, 160 high, origin top left)."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a matrix: where it stands, its shade from 0 to 5, None if hidden, its text."""

    x: float
    y: float
    shade: int | None
    text: str

    @property
    def name(self) -> str:
        """What the stylesheet calls its shade."""
        return "hidden" if self.shade is None else f"shade-{self.shade}"


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside the last field of its row, which is the top of its column."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Half a matrix: a row goes to its own group, whose name reads on down its column."""

    height: float
    size: float
    fields: list[Field]
    labels: list[Label]


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


def stacked(parts: Sequence[int]) -> list[Bar]:
    """Draw parts of a whole one behind the other."""
    scale = WIDTH / max(sum(parts), 1)
    return [
        Bar(
            x=round(sum(parts[:at]) * scale, 1),
            y=0,
            width=round(max(part * scale - 2 * GAP, 0), 1),
            height=HEIGHT,
        )
        for at, part in enumerate(parts)
    ]


def matrix(groups: Sequence[str], percents: Mapping[tuple[str, str], int | None]) -> Matrix:
    """Draw per cent of chance for each two groups, named in either order."""
    size = min(LARGEST_FIELD, FIELDS_WIDTH / max(len(groups), 1))
    fields = [
        _field(column, row, size, percents.get((one, other), percents.get((other, one))))
        for row, one in enumerate(groups)
        for column, other in enumerate(groups[: row + 1])
    ]
    labels = [
        Label(round((row + 1) * size + 8, 1), round((row + 0.5) * size, 1), shortened(one))
        for row, one in enumerate(groups)
    ]
    return Matrix(round(len(groups) * size, 1), round(size - 2 * GAP, 1), fields, labels)


def _field(column: int, row: int, size: float, percent: int | None) -> Field:
    shade = None if percent is None else sum(percent >= bound for bound in SHADES)
    has_text = percent is not None and size >= SMALLEST_FIELD_WITH_TEXT
    text = in_times(percent) if has_text and percent is not None else ""
    return Field(round(column * size, 1), round(row * size, 1), shade, text)


def in_times(percent: int) -> str:
    """Per cent as a multiple with about two digits: 80 is 0.8, 1250 is 13."""
    return f"{percent / 100:.1f}" if percent < 995 else f"{percent / 100:.0f}"  # noqa: PLR2004


def shortened(name: str) -> str:
    """A name that fits beside its row; the table has all of it."""
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}…"
