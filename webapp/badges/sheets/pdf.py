"""A PDF file (ISO 32000-1) written front to back: what is written is gone from memory.

Pages are written as they are drawn; the fonts come last, when it is known which glyphs they need.
"""

import zlib
from collections.abc import Iterator
from functools import cache

from webapp.badges.sheets.fonts import Font
from webapp.badges.sheets.text import Line, Run

MM = 72 / 25.4
"""Points in a millimetre."""

QUICKLY = 6
SYMBOLIC = 4
ENOUGH_PER_BLOCK = 100
TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class Fonts:
    """The fonts of one file, the glyphs used of each, and what these mean."""

    def __init__(self) -> None:
        self.names: dict[Font, str] = {}
        self.meanings: dict[Font, dict[int, str]] = {}

    def show(self, run: Run) -> str:
        """Return the operators that show a run in a text object whose matrix holds the size."""
        name = self.names.get(run.font) or self._add(run.font)
        meanings = self.meanings[run.font]
        if run.is_plain:
            meanings.update(zip((glyph[0] for glyph in run.glyphs), run.text, strict=True))
            return f"/{name} 1 Tf {_glyphs(run)}"
        for glyph, *_ in run.glyphs:
            meanings.setdefault(glyph, "")
        return f"/Span <</ActualText <FEFF{_utf16(run.text)}>>> BDC /{name} 1 Tf {_glyphs(run)} EMC"

    def _add(self, font: Font) -> str:
        self.meanings[font] = {}
        return self.names.setdefault(font, f"F{len(self.names)}")


def _glyphs(run: Run) -> str:
    """Write glyphs one after the other, moved where shaping says so."""
    parts, rise = ["[<"], 0
    for glyph, advance, dx, dy in run.glyphs:
        if dy != rise:
            parts.append(f">] TJ {dy / 1000:.3f} Ts [<")
            rise = dy
        after = run.font.advance(glyph) - advance + dx
        before = f">{-dx}<" if dx else ""
        parts.append(f"{before}{glyph:04X}>{after}<" if after else f"{before}{glyph:04X}")
    parts.append(">] TJ 0 Ts" if rise else ">] TJ")
    return "".join(parts)


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


class Canvas:
    """Draws on one page, in mm from its top left."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self.parts: list[str] = []

    def move_to(self, x: float, y: float) -> None:
        """Begin what is drawn from another corner; `move_back` ends it."""
        self.parts.append(f"q 1 0 0 1 {x:.3f} {y:.3f} cm")

    def move_back(self) -> None:
        """End what `move_to` began."""
        self.parts.append("Q")

    def repeat(self, drawn: "Canvas") -> None:
        """Draw once more what another canvas holds."""
        self.parts += drawn.parts

    def fill(self, colour: str, x: float, y: float, width: float, height: float) -> None:
        """Fill a rectangle."""
        self.parts.append(f"{_rgb(colour)} rg {x:.3f} {y:.3f} {width:.3f} {height:.3f} re f")

    def stroke(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Draw a hairline."""
        self.parts.append(f"0.1 w 0 G {x:.3f} {y:.3f} m {to_x:.3f} {to_y:.3f} l S")

    def modules(
        self, runs: Iterator[tuple[int, int, int]], x: float, y: float, size: float
    ) -> None:
        """Fill the dark runs of a QR, whose modules are of a size, as one path."""
        path = " ".join(f"{left} {top} {width} 1 re" for left, top, width in runs)
        self.parts.append(f"q {size:.5f} 0 0 {size:.5f} {x:.3f} {y:.3f} cm 0 g {path} f Q")

    def text(self, line: Line, x: float, y: float, size: float, colour: str) -> None:
        """Write a line, its base line beginning at a point."""
        shown = " ".join(self.fonts.show(run) for run in line.runs)
        place = f"{size:.3f} 0 0 {-size:.3f} {x:.3f} {y:.3f} Tm"
        self.parts.append(f"BT {_rgb(colour)} rg {place} {shown} ET")


@cache
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3g}" for at in (1, 3, 5))


class File:
    """One file; each method returns the bytes that come next."""

    def __init__(self, *, title: str) -> None:
        self.fonts = Fonts()
        self._title = title
        self._offsets: dict[int, int] = {}
        self._length = 0
        self._last = 0
        self._catalog, self._pages, self._resources = self._new(), self._new(), self._new()
        self._kids: list[int] = []

    def head(self) -> bytes:
        """Return the head of the file."""
        return self._count(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def page(self, canvas: Canvas, width: float, height: float) -> bytes:
        """Return one page of a size in mm."""
        flip = f"{MM:.6f} 0 0 {-MM:.6f} 0 {height * MM:.3f} cm\n"
        content, page = self._new(), self._new()
        self._kids.append(page)
        return self._stream(content, "", (flip + "\n".join(canvas.parts)).encode()) + self._object(
            page,
            f"<</Type /Page /Parent {self._pages} 0 R /Resources {self._resources} 0 R "
            f"/MediaBox [0 0 {width * MM:.3f} {height * MM:.3f}] /Contents {content} 0 R>>",
        )

    def note(self, text: str) -> bytes:
        """Return a comment, for whoever reads along while the file is made."""
        return self._count(f"%{text}\n".encode())

    def end(self) -> Iterator[bytes]:
        """Give the fonts, the tree of pages, and where everything stands."""
        names = []
        for font, name in self.fonts.names.items():
            number, parts = self._font(font)
            names.append(f"/{name} {number} 0 R")
            yield parts
        yield self._object(self._resources, f"<</Font <<{' '.join(names)}>>>>")
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        yield self._object(self._pages, f"<</Type /Pages /Count {len(self._kids)} /Kids [{kids}]>>")
        about = self._new()
        yield self._object(about, f"<</Title <FEFF{_utf16(self._title)}>>>")
        yield self._object(
            self._catalog,
            f"<</Type /Catalog /Pages {self._pages} 0 R "
            "/ViewerPreferences <</Duplex /DuplexFlipLongEdge /PrintScaling /None>>>>",
        )
        yield self._table(about)

    def _table(self, about: int) -> bytes:
        rows = (f"{self._offsets[number]:010} 00000 n \n" for number in range(1, self._last + 1))
        size = self._last + 1
        return (
            f"xref\n0 {size}\n0000000000 65535 f \n{''.join(rows)}"
            f"trailer\n<</Size {size} /Root {self._catalog} 0 R /Info {about} 0 R>>\n"
            f"startxref\n{self._length}\n%%EOF\n"
        ).encode()

    def _font(self, font: Font) -> tuple[int, bytes]:
        """Return a font as number and objects: ISO 32000-1, 9.7 (composite fonts)."""
        number, inner, about, file, meaning = (self._new() for _ in range(5))
        meanings = self.fonts.meanings[font]
        data = font.subset(set(meanings))
        widths = " ".join(f"{glyph} [{font.advance(glyph)}]" for glyph in sorted(meanings))
        name = f"BOWLNE+{font.name}"
        identity = "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
        parts = (
            self._object(
                number,
                f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
                f"/DescendantFonts [{inner} 0 R] /ToUnicode {meaning} 0 R>>",
            ),
            self._object(
                inner,
                f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name} {identity} "
                f"/FontDescriptor {about} 0 R /CIDToGIDMap /Identity /W [{widths}]>>",
            ),
            self._object(
                about,
                f"<</Type /FontDescriptor /FontName /{name} /Flags {SYMBOLIC} "
                "/FontBBox [-500 -500 1500 1500] /ItalicAngle 0 /Ascent 1069 /Descent -293 "
                f"/CapHeight 714 /StemV 80 /FontFile2 {file} 0 R>>",
            ),
            self._stream(file, f"/Length1 {len(data)}", data),
            self._stream(meaning, "", _to_unicode(meanings).encode()),
        )
        return number, b"".join(parts)

    def _new(self) -> int:
        self._last += 1
        return self._last

    def _stream(self, number: int, entries: str, data: bytes) -> bytes:
        packed = zlib.compress(data, QUICKLY)
        head = f"<</Filter /FlateDecode /Length {len(packed)} {entries}>>\nstream\n".encode()
        return self._object(number, head + packed + b"\nendstream")

    def _object(self, number: int, body: str | bytes) -> bytes:
        self._offsets[number] = self._length
        inside = body.encode() if isinstance(body, str) else body
        return self._count(b"%d 0 obj\n%s\nendobj\n" % (number, inside))

    def _count(self, data: bytes) -> bytes:
        self._length += len(data)
        return data


def _to_unicode(meanings: dict[int, str]) -> str:
    """Return what glyphs mean, for whoever copies or searches text (ISO 32000-1, 9.10.3)."""
    known = [f"<{glyph:04X}> <{_utf16(text)}>" for glyph, text in sorted(meanings.items()) if text]
    starts = range(0, len(known), ENOUGH_PER_BLOCK)
    blocks = (known[start : start + ENOUGH_PER_BLOCK] for start in starts)
    return TO_UNICODE.format(
        blocks="\n".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
        )
    )
