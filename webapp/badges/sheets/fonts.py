"""The fonts that are printed with, and which characters they can print.

All of them count in thousandths of their size, as PDF does.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import uharfbuzz as hb

FOLDER = Path(__file__).resolve().parent.parent / "fonts"
UNITS = 1000
NOT_FOR_PDF = (b"GSUB", b"GPOS", b"GDEF", b"OS/2", b"name", b"cmap", b"post")
LATIN = "NotoSans"
IN_TWO_WEIGHTS = (LATIN, "NotoSansArabic", "NotoSansHebrew", "NotoSansThai")
IN_ONE_WEIGHT = (
    "NotoSansHan",
    "NotoSansHangul",
    "NotoSansArmenian",
    "NotoSansGeorgian",
    "NotoSansBengali",
    "NotoSansTamil",
    "NotoSansTelugu",
    "NotoSansEthiopic",
)


@dataclass(eq=False)
class Font:
    """One font file, mapped into memory."""

    name: str
    is_tall: bool
    """Whether its script reaches far above and below the line."""
    face: hb.Face
    shaper: hb.Font
    characters: frozenset[int]
    _advances: dict[int, int] = field(default_factory=dict)

    def advance(self, glyph: int) -> int:
        """Return how far a glyph moves the pen if nothing else is said."""
        found = self._advances.get(glyph)
        if found is None:
            found = self._advances[glyph] = self.shaper.get_glyph_h_advance(glyph)
        return found

    def subset(self, glyphs: set[int]) -> bytes:
        """Return the font with these glyphs alone, under their old numbers."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
        wanted.drop_table_tag_set.update(int.from_bytes(tag) for tag in NOT_FOR_PDF)
        return bytes(hb.subset(self.face, wanted).blob.data)


@cache
def load(name: str) -> Font:
    """Open a font."""
    face = hb.Face(hb.Blob.from_file_path(FOLDER / f"{name}.ttf"))
    is_tall = name.partition("-")[0] not in {LATIN, "NotoSansHan", "NotoSansHangul"}
    return Font(name, is_tall, face, hb.Font(face), frozenset(face.unicodes))


def chain(*, is_bold: bool) -> list[str]:
    """Return the names of the fonts that are asked for a character, in order."""
    weight = "Bold" if is_bold else "Regular"
    return [
        *(f"{name}-{weight}" for name in IN_TWO_WEIGHTS),
        *(f"{name}-Medium" for name in IN_ONE_WEIGHT),
    ]


@cache
def font_of(character: str, *, is_bold: bool) -> Font | None:
    """Return the first font that has a character."""
    fonts = (load(name) for name in chain(is_bold=is_bold))
    return next((font for font in fonts if ord(character) in font.characters), None)
