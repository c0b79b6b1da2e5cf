"""What a badge looks like: drawn alike for the printer and for the preview."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from webapp.badges.sheets.composition import Back, Front
from webapp.badges.sheets.layouts import Box
from webapp.badges.sheets.text import Fitted, Line, fit, printable
from webapp.core.pictures import dark_runs

BLACK, WHITE, QUIET, ACCENT, SOFT = "#000000", "#ffffff", "#4a453d", "#0d655f", "#e6f1ee"
LARGEST_NAME, LARGEST_LINE, SMALL, SMALLER = 15.0, 4.6, 2.9, 2.4
LARGEST_CODE, LARGEST_CLAIM, TITLE = 5.0, 8.5, 5.4
HOST_HEIGHT, BAR = 3.1, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands on every badge, in one language."""

    event: str
    host: str
    title: str
    steps: str
    keep: str
    reissued: str
    reprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What stands on one badge."""

    name: str
    headline: str
    organisation: str
    group: str
    symbol: int
    modules: int
    short_code: str
    claim_code: str
    is_reissued: bool
    is_reprint: bool


class Canvas(Protocol):
    """What a badge is drawn on, in mm from the top left."""

    def fill(self, colour: str, x: float, y: float, width: float, height: float) -> None:
        """Fill a rectangle."""

    def modules(
        self, runs: Iterator[tuple[int, int, int]], x: float, y: float, size: float
    ) -> None:
        """Fill the dark runs of a QR, whose modules are of a size."""

    def text(self, line: Line, x: float, y: float, size: float, colour: str) -> None:
        """Write a line, its base line beginning at a point."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Label printers know black only."""

    accent: str = ACCENT
    quiet: str = QUIET
    soft: str = SOFT


ON_PAPER, ON_LABELS = Colours(), Colours(BLACK, BLACK, WHITE)


def draw_event(
    canvas: Canvas, boxes: Front, words: Words, colours: Colours, *, has_group: bool
) -> None:
    """Draw what stands on every front: the event, and the host of the codes."""
    event, code = boxes.event, boxes.code
    width = event.width if has_group else boxes.group.right - event.x
    line = Box(event.x, event.y, width, event.height)
    _write(canvas, line, words.event, colours.accent, largest=SMALL * boxes.scale, is_bold=True)
    height = HOST_HEIGHT * boxes.scale
    host = Box(code.x, code.bottom - height, code.width, height)
    _write(canvas, host, words.host, colours.quiet, largest=SMALLER * boxes.scale)


def draw_front(canvas: Canvas, boxes: Front, badge: Badge, colours: Colours) -> None:
    """Draw what is one badge's own. A name that cannot be printed leaves room for a pen."""
    scale = boxes.scale
    if badge.group:
        _tag(canvas, boxes.group, badge.group, colours, scale)
    largest = LARGEST_NAME * scale
    _write(canvas, boxes.name, badge.name, BLACK, largest=largest, most_lines=3, is_bold=True)
    _about(canvas, boxes.about, badge, colours, scale)
    size = boxes.symbol.width / badge.modules
    runs = dark_runs(badge.symbol, badge.modules)
    canvas.modules(runs, boxes.symbol.x, boxes.symbol.y, size)
    code = boxes.code
    above = Box(code.x, code.y, code.width, code.height - HOST_HEIGHT * scale)
    short = _fit(above, badge.short_code, largest=LARGEST_CODE * scale, is_bold=True)
    _draw(canvas, above, short, BLACK, is_low=True)


def _tag(canvas: Canvas, box: Box, text: str, colours: Colours, scale: float) -> None:
    """Write the group into a filled tag at the right."""
    inner = Box(box.x + 1.2, box.y, box.width - 2.4, box.height)
    fitted = _fit(inner, text, largest=SMALL * 0.9 * scale, is_bold=True)
    if fitted is None:
        return
    width = fitted.lines[0].width * fitted.size
    left = box.right - width - 2.4
    canvas.fill(colours.accent, left, box.y, width + 2.4, box.height)
    base = box.y + (box.height - fitted.height) / 2 + fitted.ascent
    canvas.text(fitted.lines[0], left + 1.2, base, fitted.size, WHITE)


def _about(canvas: Canvas, box: Box, badge: Badge, colours: Colours, scale: float) -> None:
    """Write organisation and headline one under the other, sharing their box."""
    share = 0.5 if badge.headline and badge.organisation else 1.0
    first, largest = Box(box.x, box.y, box.width, box.height * share), LARGEST_LINE * scale
    organisation = _fit(first, badge.organisation, largest=largest, most_lines=2, is_bold=True)
    used = _draw(canvas, first, organisation, BLACK)
    rest = Box(box.x, box.y + used, box.width, box.height - used)
    _write(canvas, rest, badge.headline, colours.quiet, largest=largest * 0.88, most_lines=3)


def draw_steps(canvas: Canvas, boxes: Back, words: Words, colours: Colours) -> None:
    """Draw what stands on every back: how to claim the badge."""
    scale, code = boxes.scale, boxes.code
    _write(canvas, boxes.title, words.title, colours.accent, largest=TITLE * scale, is_bold=True)
    _write(canvas, boxes.steps, words.steps, BLACK, largest=SMALL * 1.15 * scale, most_lines=4)
    canvas.fill(colours.soft, code.x, code.y, code.width, code.height)
    canvas.fill(colours.accent, code.x, code.y, BAR, code.height)
    _write(canvas, boxes.keep, words.keep, BLACK, largest=SMALLER * scale)


def draw_back(canvas: Canvas, boxes: Back, badge: Badge, words: Words, colours: Colours) -> None:
    """Draw what is one badge's own: its claim code, and whether it is not the first."""
    code = boxes.code
    inner = Box(code.x + 4, code.y + 1, code.width - 6, code.height - 2)
    claim = _fit(inner, badge.claim_code, largest=LARGEST_CLAIM * boxes.scale, is_bold=True)
    _draw(canvas, inner, claim, BLACK, is_middle=True)
    again = [words.reissued] * badge.is_reissued + [words.reprint] * badge.is_reprint
    note = " · ".join([words.event, *again])
    _write(canvas, boxes.note, note, colours.quiet, largest=SMALLER * 0.9 * boxes.scale)


def _fit(
    box: Box, text: str, *, largest: float, most_lines: int = 1, is_bold: bool = False
) -> Fitted | None:
    kept = printable(text)
    if not kept:
        return None
    return fit(kept, box.width, box.height, largest=largest, most_lines=most_lines, is_bold=is_bold)


def _write(
    canvas: Canvas,
    box: Box,
    text: str,
    colour: str,
    *,
    largest: float,
    most_lines: int = 1,
    is_bold: bool = False,
) -> None:
    fitted = _fit(box, text, largest=largest, most_lines=most_lines, is_bold=is_bold)
    _draw(canvas, box, fitted, colour)


def _draw(
    canvas: Canvas,
    box: Box,
    fitted: Fitted | None,
    colour: str,
    *,
    is_low: bool = False,
    is_middle: bool = False,
) -> float:
    """Draw lines into their box, on the side their script begins; return the height they took."""
    if fitted is None:
        return 0.0
    free = box.height - fitted.height
    top = box.y + (free if is_low else free / 2 if is_middle else 0)
    for number, line in enumerate(fitted.lines):
        base = top + fitted.ascent + number * fitted.line_height
        x = box.right - line.width * fitted.size if line.is_rtl else box.x
        canvas.text(line, x, base, fitted.size, colour)
    return fitted.height
