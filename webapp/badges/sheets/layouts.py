"""Sheets, cards and labels, and where the badges lie on them; all lengths in mm, from the top left.

Backs lie mirrored, so that turning a sheet over its long edge brings each behind its front.
"""

from collections.abc import Iterator
from dataclasses import dataclass

INCH = 25.4
A4 = (210.0, 297.0)
LETTER = (8.5 * INCH, 11 * INCH)
MARK_LENGTH, MARK_GAP = 4.0, 1.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page or a badge."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends at the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height

    def inset(self, by: float) -> "Box":
        """Return what is left without a margin on all sides."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of paper: a sheet to be cut, a card, or a label."""

    name: str
    page: tuple[float, float]
    badge: tuple[float, float]
    columns: int = 1
    rows: int = 1
    has_backs: bool = True
    """Whether backs are printed unless somebody says otherwise; labels stick on something."""

    @property
    def per_page(self) -> int:
        """How many badges a page takes."""
        return self.columns * self.rows

    @property
    def is_cut(self) -> bool:
        """True for a sheet that is cut into badges."""
        return self.page != self.badge

    @property
    def is_label(self) -> bool:
        """True for what a label printer prints, which knows black only."""
        return not self.has_backs


def fronts(layout: Layout) -> list[Box]:
    """Return the places of a page's fronts, row by row; the grid is in the middle of the page."""
    left, top = _corner(layout)
    width, height = layout.badge
    return [
        Box(left + column * width, top + row * height, width, height)
        for row in range(layout.rows)
        for column in range(layout.columns)
    ]


def backs(layout: Layout) -> list[Box]:
    """Return the places of the backs on the next page: the place of a front, seen from behind."""
    page_width = layout.page[0]
    return [Box(page_width - one.right, one.y, one.width, one.height) for one in fronts(layout)]


def cut_marks(layout: Layout) -> Iterator[tuple[float, float, float, float]]:
    """Give the lines along which a sheet is cut, drawn in its margins only, as x, y, x, y."""
    if not layout.is_cut:
        return
    left, top = _corner(layout)
    right, bottom = layout.page[0] - left, layout.page[1] - top
    away = MARK_GAP + MARK_LENGTH
    for column in range(layout.columns + 1):
        x = left + column * layout.badge[0]
        yield x, top - away, x, top - MARK_GAP
        yield x, bottom + MARK_GAP, x, bottom + away
    for row in range(layout.rows + 1):
        y = top + row * layout.badge[1]
        yield left - away, y, left - MARK_GAP, y
        yield right + MARK_GAP, y, right + away, y


def sheets(layout: Layout, number: int) -> int:
    """Return how many sheets a number of badges takes."""
    return -(-number // layout.per_page)


def _corner(layout: Layout) -> tuple[float, float]:
    (page_width, page_height), (width, height) = layout.page, layout.badge
    return (page_width - layout.columns * width) / 2, (page_height - layout.rows * height) / 2


def _card(name: str, width: float, height: float, *, has_backs: bool = True) -> Layout:
    return Layout(name=name, page=(width, height), badge=(width, height), has_backs=has_backs)


_ALL = (
    Layout(name="a4-4", page=A4, badge=(95, 135), columns=2, rows=2),
    Layout(name="a4-8", page=A4, badge=(95, 68), columns=2, rows=4),
    Layout(name="a4-10", page=A4, badge=(90, 54), columns=2, rows=5),
    Layout(name="letter-4", page=LETTER, badge=(4 * INCH, 5 * INCH), columns=2, rows=2),
    Layout(name="letter-6", page=LETTER, badge=(4 * INCH, 3 * INCH), columns=2, rows=3),
    Layout(name="letter-10", page=LETTER, badge=(3.5 * INCH, 2 * INCH), columns=2, rows=5),
    _card("a6", 105, 148),
    _card("a7", 74, 105),
    _card("4x3in", 4 * INCH, 3 * INCH),
    _card("label-62x100", 100, 62, has_backs=False),
    _card("label-54x90", 90, 54, has_backs=False),
    _card("label-41x89", 89, 41, has_backs=False),
    _card("label-57x102", 102, 57, has_backs=False),
)
LAYOUTS = {layout.name: layout for layout in _ALL}
USUAL = "a4-8"
