"""The preview of a badge as SVG: the same outlines in the same places as on paper."""

from collections.abc import Iterator

from markupsafe import Markup

from webapp.badges.sheets.fonts import UNITS, Font
from webapp.badges.sheets.text import Line

Point = tuple[float, float]


class Pen:
    """Writes the outline of a glyph as an SVG path; fonts count upwards, pages downwards."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def moveTo(self, point: Point) -> None:  # noqa: N802  # the protocol's name, as below
        """Begin an outline."""
        self.parts.append(_command("M", point))

    def lineTo(self, point: Point) -> None:  # noqa: N802
        """Draw a straight line."""
        self.parts.append(_command("L", point))

    def qCurveTo(self, *points: Point) -> None:  # noqa: N802
        """Draw a curve with one control point."""
        self.parts.append(_command("Q", *points))

    def curveTo(self, *points: Point) -> None:  # noqa: N802
        """Draw a curve with two control points."""
        self.parts.append(_command("C", *points))

    def closePath(self) -> None:  # noqa: N802
        """End an outline."""
        self.parts.append("Z")


def _command(letter: str, *points: Point) -> str:
    return letter + " ".join(f"{x:.0f} {-y:.0f}" for x, y in points)


class Canvas:
    """Draws one side of a badge, in mm from its top left."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def fill(self, colour: str, x: float, y: float, width: float, height: float) -> None:
        """Fill a rectangle."""
        self.parts.append(
            f'<rect fill="{colour}" x="{x:.2f}" y="{y:.2f}" '
            f'width="{width:.2f}" height="{height:.2f}"/>'
        )

    def modules(
        self, runs: Iterator[tuple[int, int, int]], x: float, y: float, size: float
    ) -> None:
        """Fill the dark runs of a QR, whose modules are of a size."""
        path = "".join(f"M{left} {top}h{width}v1h{-width}z" for left, top, width in runs)
        place = f"translate({x:.3f} {y:.3f}) scale({size:.5f})"
        self.parts.append(f'<path shape-rendering="crispEdges" transform="{place}" d="{path}"/>')

    def text(self, line: Line, x: float, y: float, size: float, colour: str) -> None:
        """Draw a line, its base line beginning at a point."""
        scale, pen, glyphs = size / UNITS, 0, []
        for run in line.runs:
            for glyph, advance, dx, dy in run.glyphs:
                outline = _outline(run.font, glyph)
                glyphs.append(f'<path transform="translate({pen + dx} {-dy})" d="{outline}"/>')
                pen += advance
        place = f"translate({x:.3f} {y:.3f}) scale({scale:.6f})"
        self.parts.append(f'<g fill="{colour}" transform="{place}">{"".join(glyphs)}</g>')

    def picture(self, width: float, height: float, *, label: str) -> Markup:
        """Return the picture; `label` is read to people who cannot see it."""
        return Markup(
            '<svg class="side" role="img" aria-label="{label}" viewBox="0 0 {width} {height}">'
            '<rect width="{width}" height="{height}" fill="#fff"/>{parts}</svg>'
        ).format(label=label, width=width, height=height, parts=Markup("".join(self.parts)))  # noqa: S704  # nosec B704  # numbers and outlines of ours


def _outline(font: Font, glyph: int) -> str:
    pen = Pen()
    font.shaper.draw_glyph_with_pen(glyph, pen)
    return "".join(pen.parts)
