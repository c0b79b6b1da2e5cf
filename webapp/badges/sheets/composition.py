"""Where things stand on one badge, front and back; all lengths in mm, from its top left.

Three shapes: low ones have the text beside the QR, others the name over the whole width.
"""

from dataclasses import dataclass
from math import sqrt

from webapp.badges.sheets.layouts import Box
from webapp.core.pictures import QUIET_MODULES

SMALLEST_SYMBOL, LARGEST_SYMBOL = 30.0, 42.0
"""Below 30 mm some phones do not read it."""

SHARE_OF_BADGE = 0.42
MARGIN = 5.0
LOW = 60.0
"""Badges lower than this have no room for a name above the QR."""

USUAL_SIDE, LARGEST_SCALE = 80.0, 1.6
LINE, GAP = 4.0, 1.6
CODE_HEIGHT, CODE_BESIDE = 9.0, 12.0


@dataclass(frozen=True, slots=True)
class Front:
    """The boxes of a front; `quiet` is the QR with the blank frame it needs."""

    scale: float
    event: Box
    group: Box
    name: Box
    about: Box
    code: Box
    symbol: Box
    quiet: Box


@dataclass(frozen=True, slots=True)
class Back:
    """The boxes of a back."""

    scale: float
    title: Box
    steps: Box
    code: Box
    keep: Box
    note: Box


def scale_of(width: float, height: float) -> float:
    """Return by how much text is larger than on a badge of usual size."""
    return max(1.0, min(LARGEST_SCALE, sqrt(width * height) / USUAL_SIDE))


def front(width: float, height: float, *, modules: int) -> Front:
    """Return the boxes of a front whose QR has so many modules a side."""
    wanted = SHARE_OF_BADGE * min(width, height)
    size = max(SMALLEST_SYMBOL, min(LARGEST_SYMBOL, wanted))
    blank = size * QUIET_MODULES / modules
    margin = max(MARGIN, blank)
    if height < LOW:
        return _low(width, height, size=size, blank=blank, margin=margin)
    if width > height:
        return _wide(width, height, size=size, blank=blank, margin=margin)
    return _upright(width, height, size=size, blank=blank, margin=margin)


def _low(width: float, height: float, *, size: float, blank: float, margin: float) -> Front:
    """Put the QR at the right, and everything else in a column beside it."""
    symbol = Box(width - margin - size, (height - size) / 2, size, size)
    column = Box(margin, 4.5, symbol.x - blank - margin, height - 9)
    event, group = _top_line(column, 1)
    name = Box(column.x, event.bottom + GAP, column.width, column.height * 0.36)
    code = Box(column.x, column.bottom - CODE_HEIGHT + 2, column.width, CODE_HEIGHT - 2)
    about_top = name.bottom + GAP / 4
    about = Box(column.x, about_top, column.width, code.y - about_top - GAP / 2)
    return Front(1, event, group, name, about, code, symbol, symbol.inset(-blank))


def _wide(width: float, height: float, *, size: float, blank: float, margin: float) -> Front:
    """Put the name over the whole width, and the QR into the lower right corner."""
    inner, scale = Box(0, 0, width, height).inset(margin), scale_of(width, height)
    event, group = _top_line(inner, scale)
    symbol = Box(inner.right - size, inner.bottom - size, size, size)
    name_top = event.bottom + GAP * 1.5
    name = Box(inner.x, name_top, inner.width, symbol.y - blank - name_top)
    beside = symbol.x - blank - inner.x
    code = Box(inner.x, inner.bottom - CODE_HEIGHT, beside, CODE_HEIGHT)
    about_top = name.bottom + GAP
    about = Box(inner.x, about_top, beside, code.y - about_top - GAP)
    return Front(scale, event, group, name, about, code, symbol, symbol.inset(-blank))


def _upright(width: float, height: float, *, size: float, blank: float, margin: float) -> Front:
    """Put name and more over the whole width, and the QR into the lower left corner."""
    inner, scale = Box(0, 0, width, height).inset(margin), scale_of(width, height)
    event, group = _top_line(inner, scale)
    symbol = Box(inner.x, inner.bottom - size, size, size)
    top = event.bottom + GAP * 2 * scale
    room = symbol.y - blank - top
    name = Box(inner.x, top, inner.width, room * 0.56)
    about = Box(inner.x, name.bottom + GAP, inner.width, room - name.height - GAP)
    code_x, code_height = symbol.right + blank, CODE_BESIDE * scale
    code = Box(code_x, inner.bottom - code_height, inner.right - code_x, code_height)
    return Front(scale, event, group, name, about, code, symbol, symbol.inset(-blank))


def _top_line(within: Box, scale: float) -> tuple[Box, Box]:
    event = Box(within.x, within.y, within.width * 0.62, LINE * scale)
    group_width = within.width * 0.34
    return event, Box(within.right - group_width, within.y, group_width, LINE * scale)


def back(width: float, height: float) -> Back:
    """Return the boxes of a back: what to do, the claim code, and what else to know."""
    inner, scale = Box(0, 0, width, height).inset(MARGIN), scale_of(width, height)
    note = Box(inner.x, inner.bottom - 3 * scale, inner.width, 3 * scale)
    keep = Box(inner.x, note.y - 3.6 * scale, inner.width, 3.4 * scale)
    room = keep.y - inner.y
    title = Box(inner.x, inner.y, inner.width, min(8 * scale, room * 0.24))
    code_height = min(15 * scale, room * 0.4)
    steps_top = title.bottom + 1
    steps_height = min(16 * scale, room - title.height - code_height - 2.4)
    steps = Box(inner.x, steps_top, inner.width, steps_height)
    code_top = steps.bottom + (keep.y - steps.bottom - code_height) / 2
    code = Box(inner.x, code_top, inner.width, code_height)
    return Back(scale, title, steps, code, keep, note)
