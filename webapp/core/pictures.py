"""QR codes: their modules, the runs of dark ones that are drawn, and pictures as SVG."""

import re
from collections.abc import Iterator

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_MODULES = 4
FIXED_MASK = 3
"""Choosing the best of eight masks costs seven tenths of the time and scans no better."""

DARK_RUN = re.compile("1+")


def qr_svg(text: str, *, label: str) -> Markup:
    """Draw a QR symbol (level M, 4 modules quiet zone) as one path, black on white.

    `label` is read to people who cannot see it.
    """
    rows = symbol_of(text)
    size = len(rows) + 2 * QUIET_MODULES
    return Markup(
        '<svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {size} {size}" '
        'shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/>'
        '<path fill="#000" d="{path}"/></svg>'
    ).format(label=label, size=size, path=run_path(as_number(rows), len(rows), QUIET_MODULES))


def symbol_of(text: str) -> list[list[bool]]:
    """Return the modules of a symbol, row by row."""
    symbol: QRCode = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=FIXED_MASK)
    symbol.add_data(text)
    symbol.make(fit=True)
    return [[bool(module) for module in row] for row in symbol.modules]


def as_number(rows: list[list[bool]]) -> int:
    """Write modules as one number: a bit each, and a light one after every row."""
    return int("".join("".join("01"[module] for module in row) + "0" for row in rows), 2)


def dark_runs(number: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Give the dark runs of the rows of a symbol, as x, y and width in modules."""
    stride = size + 1
    for run in DARK_RUN.finditer(f"{number:0{size * stride}b}"):
        start, end = run.span()
        yield start % stride, start // stride, end - start


def run_path(number: int, size: int, margin: int = 0) -> str:
    """Draw the dark runs as rectangles one module high, for SVG."""
    return "".join(
        f"M{x + margin} {y + margin}h{width}v1h{-width}z" for x, y, width in dark_runs(number, size)
    )
