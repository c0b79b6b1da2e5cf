"""What a camera sees: badges with our own codes, in a room, well and badly lit."""

import io
import math
import re
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from webapp.core.pictures import qr_svg

FRAME = (1280, 720)
FRAMES_A_SECOND = 30
MODULE = 12
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1")
SIZE = re.compile(r'viewBox="0 0 (\d+)')
WALL, PAPER = 62, 244

Point = tuple[float, float]


def code(text: str, *, gap: int = 0) -> Image.Image:
    """Draw a code as our pages draw it, on white paper; with gaps, as a worn printer prints it."""
    svg = str(qr_svg(text, label=""))
    found = SIZE.search(svg)
    assert found
    side = int(found[1]) * MODULE
    picture = Image.new("L", (side, side), PAPER)
    draw = ImageDraw.Draw(picture)
    for x, y, length in (map(int, run) for run in RUN.findall(svg)):
        left, top = x * MODULE, y * MODULE
        draw.rectangle((left, top, left + length * MODULE - 1, top + MODULE - 1), fill=12)
    for top in range(0, side if gap else 0, MODULE):
        draw.line((0, top, side, top), fill=PAPER, width=gap)
    return picture


def room() -> Image.Image:
    """A wall with a lamp somewhere, and no code."""
    light = Image.radial_gradient("L").resize((1600, 900)).crop((200, 100, 1480, 820))
    return light.point(lambda value: WALL + (255 - value) // 6)


def seen(
    text: str,
    *,
    side: float = 420,
    turned: float = 0,
    leaning: float = 0,
    nodding: float = 0,
    at: Point = (640, 360),
    gap: int = 0,
) -> Image.Image:
    """Hold a code into the room: its size in pixels, turned in degrees, and seen from aside."""
    card = code(text, gap=gap)
    corners = [_corner(x, y, side, turned, leaning, nodding, at) for x, y in _UNIT]
    width, height = card.size
    how = _projection(corners, [(0, 0), (width, 0), (width, height), (0, height)])
    method, smooth = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    mask = Image.new("L", card.size, 255).transform(FRAME, method, how, smooth)
    frame = room()
    frame.paste(card.transform(FRAME, method, how, smooth), (0, 0), mask)
    return frame.filter(ImageFilter.GaussianBlur(0.6))


_UNIT = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


def _corner(
    x: float, y: float, side: float, turned: float, leaning: float, nodding: float, at: Point
) -> Point:
    angle = math.radians(turned)
    across = x * math.cos(angle) - y * math.sin(angle)
    down = x * math.sin(angle) + y * math.cos(angle)
    depth = 1 + leaning * across + nodding * down
    return at[0] + across * side / depth, at[1] + down * side / depth


def _projection(to: list[Point], start: list[Point]) -> list[float]:
    """Return the eight numbers by which Pillow finds for each pixel where it comes from."""
    rows = []
    for (x, y), (u, v) in zip(to, start, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve linear equations by elimination, the largest pivot first."""
    for i in range(len(rows)):
        largest = max(range(i, len(rows)), key=lambda row: abs(rows[row][i]))
        rows[i], rows[largest] = rows[largest], rows[i]
        for row in rows[:i] + rows[i + 1 :]:
            factor = row[i] / rows[i][i]
            row[i:] = [
                own - factor * other for own, other in zip(row[i:], rows[i][i:], strict=True)
            ]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def dimmed(frame: Image.Image, *, brightest: int, noise: float) -> Image.Image:
    """The same in low light, with the noise a sensor adds."""
    dark = frame.point(lambda value: 5 + value * (brightest - 5) // 255)
    return ImageChops.add(dark, Image.effect_noise(FRAME, noise), 1, -128)


def film(path: Path, scenes: Iterable[tuple[Image.Image, float]]) -> None:
    """Write scenes, each with its seconds, as the file a fake camera shows again and again."""
    spool = path.with_suffix(".new")
    with spool.open("wb") as file:
        for picture, seconds in scenes:
            buffer = io.BytesIO()
            picture.convert("RGB").save(buffer, "JPEG", quality=88)
            file.write(buffer.getvalue() * round(seconds * FRAMES_A_SECOND))
    spool.replace(path)
