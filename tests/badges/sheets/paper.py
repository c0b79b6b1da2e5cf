"""Printed pages, looked at as people and phones do: as pictures, and as text."""

import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

import services
from webapp.badges.sheets.drawing import Badge, Words
from webapp.badges.sheets.layouts import Layout
from webapp.badges.sheets.press import sheets
from webapp.badges.sheets.symbols import Symbols

DPI = 150
PREFIX = "HTTPS://MEET.EXAMPLE.ORG/B/"
SYMBOLS = Symbols(PREFIX, 16)
WORDS = Words(
    event="PyMeetup November",
    host="meet.example.org",
    title="Make it yours",
    steps="Scan the front with your phone's camera, then type this claim code:",
    keep="Keep this side to yourself.",
    reissued="Reissued badge",
    reprint="Reprint",
)


def code_of(number: int) -> str:
    return f"{number * 7919 + 10**9:016X}"


def make_badge(number: int = 0, **said) -> Badge:
    plain = {
        "name": f"Guest {number}",
        "headline": "Data engineer",
        "organisation": "Kora Labs",
        "group": "Speaker",
        "symbol": SYMBOLS.number_of(code_of(number)),
        "modules": SYMBOLS.size,
        "short_code": f"7F3K {number:04}",
        "claim_code": f"C1A1 {number:04}",
        "is_reissued": False,
        "is_reprint": False,
    }
    return Badge(**(plain | said))


def print_into(
    folder: Path, badges: list[Badge], layout: Layout, *, has_backs: bool = True
) -> Path:
    file = folder / "badges.pdf"
    file.write_bytes(b"".join(sheets(badges, layout=layout, words=WORDS, has_backs=has_backs)))
    return file


def _poppler(program: str, *arguments: object) -> bytes:
    found = services.find(program)
    if found is None:
        services.missing("Poppler")
    return subprocess.run(
        [found, *map(str, arguments)], check=True, capture_output=True, timeout=60
    ).stdout


def pictures(file: Path, dpi: int = DPI) -> list[Image.Image]:
    _poppler("pdftoppm", "-r", dpi, file, file.with_suffix(""))
    found = sorted(file.parent.glob(f"{file.stem}-*.ppm"))
    return [Image.open(one).convert("L") for one in found]


def codes_on(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture)
    return [one.text for one in found if one.format == zxingcpp.BarcodeFormat.QRCode]


def text_of(file: Path, page: int, area: tuple[float, float, float, float] | None = None) -> str:
    """Return the text of a page, or of an area of it in mm."""
    options: list[object] = ["-f", page, "-l", page, "-r", 72]
    if area:
        x, y, width, height = (round(part / 25.4 * 72) for part in area)
        options += ["-x", x, "-y", y, "-W", width, "-H", height]
    return _poppler("pdftotext", *options, file, "-").decode()


def fonts_in(file: Path) -> list[list[str]]:
    return [line.split() for line in _poppler("pdffonts", file).decode().splitlines()[2:]]
