"""Text as it is printed: which characters can be, in which order they stand, and how they fit."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import uharfbuzz as hb
from bidi import algorithm as bidi

from webapp.badges.sheets.fonts import LATIN, UNITS, Font, font_of, load

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
ORNAMENTS = frozenset({"So", "Sk", "Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp"})
"""What a name loses nothing by: pictures, invisible marks, and what is no character."""

JOINERS = frozenset("\u200c\u200d")
IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(f"[{IDEOGRAPH}][ -]*|[^ {IDEOGRAPH}-]+[ -]*|[ -]+")
"""What is not torn apart: words with what ends them, and single ideographs."""

INDIC = re.compile("[\u0900-\u0dff]")
PLAIN_HEIGHT, TALL_HEIGHT = 1.2, 1.6
PLAIN_ASCENT, TALL_ASCENT = 0.9, 1.08
HALVINGS = 8
REMEMBERED = 20_000


Glyph = tuple[int, int, int, int]
"""Its number, how far it moves the pen, and by how much it is off, across and up; thousandths."""


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one font, in the order they are drawn."""

    font: Font
    glyphs: tuple[Glyph, ...]
    text: str
    is_plain: bool
    """Whether each glyph is one character, in the order of reading, at its usual place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, as wide as `width` at size 1."""

    runs: tuple[Run, ...]
    width: float
    is_rtl: bool
    is_tall: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines at the size at which they fit into a box, in the unit of the box."""

    lines: tuple[Line, ...]
    size: float
    line_height: float
    """The distance from line to line."""
    ascent: float
    """The distance from the top to the first base line."""

    @property
    def height(self) -> float:
        """The height of all lines."""
        return self.line_height * len(self.lines)


def printable(text: str) -> str | None:
    """Return what of a text is printed, or None if a character of its script has no font."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = []
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        if character in JOINERS or font_of(character, is_bold=False):
            kept.append(character)
        elif unicodedata.category(character) not in ORNAMENTS:
            return None
    return " ".join("".join(kept).split())


def unprintable(texts: Iterable[str]) -> list[str]:
    """Return those of many texts that cannot be printed in their script."""
    found = list(texts)
    characters = set().union(*found)
    foreign = {one for one in characters if printable(one) is None}
    return [one for one in found if foreign & set(one)] if foreign else []


def is_right_to_left(text: str) -> bool:
    """Tell in which direction a text begins: by its first letter (UAX 9, P2 and P3)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in kinds if kind in {"L", "R", "AL"}), False)


@lru_cache(maxsize=REMEMBERED)
def shape(text: str, *, is_bold: bool) -> Line:
    """Turn a printable text into glyphs, its parts in the order they are seen."""
    runs = tuple(
        run
        for piece, is_rtl in _in_visual_order(text)
        for part, font in _by_font(piece, is_bold=is_bold, is_rtl=is_rtl)
        for run in _shape_part(part, font, is_rtl=is_rtl)
    )
    width = sum(glyph[1] for run in runs for glyph in run.glyphs) / UNITS
    is_tall = any(run.font.is_tall for run in runs) or bool(INDIC.search(text))
    return Line(runs, width, is_right_to_left(text), is_tall)


def _in_visual_order(text: str) -> Iterator[tuple[str, bool]]:
    """Give pieces of one direction from left to right (UAX 9), each in the order of reading."""
    if text.isascii() or not any(unicodedata.bidirectional(one) in RIGHT_TO_LEFT for one in text):
        yield text, False
        return
    pieces = [
        (level, "".join(character for character, _ in group))
        for level, group in groupby(_levels(text), key=lambda one: one[1])
    ]
    for level in range(max(level for level, _ in pieces), 0, -1):
        pieces = _reversed_from(pieces, level)
    for level, piece in pieces:
        yield piece, level % 2 == 1


def _levels(text: str) -> list[tuple[str, int]]:
    """Return the characters of a text with their embedding levels."""
    storage = bidi.get_empty_storage()
    base = 1 if is_right_to_left(text) else 0
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    bidi.get_embedding_levels(text, storage)
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    return [(one["ch"], one["level"]) for one in storage["chars"]]


def _reversed_from(pieces: list[tuple[int, str]], level: int) -> list[tuple[int, str]]:
    """Reverse each sequence of pieces of this level or a higher one (UAX 9, L2)."""
    ordered: list[tuple[int, str]] = []
    for is_high, group in groupby(pieces, key=lambda one: one[0] >= level):
        same = list(group)
        ordered += reversed(same) if is_high else same
    return ordered


def _by_font(text: str, *, is_bold: bool, is_rtl: bool) -> list[tuple[str, Font]]:
    """Cut a piece where its font changes; blanks and marks stay with what is before them."""
    parts: list[tuple[str, Font]] = []
    for character in text:
        font = font_of(character, is_bold=is_bold) or load(LATIN + "-Regular")
        if parts and (character in JOINERS or ord(character) in parts[-1][1].characters):
            font = parts[-1][1]
        if parts and parts[-1][1] is font:
            parts[-1] = (parts[-1][0] + character, font)
        else:
            parts.append((character, font))
    return parts[::-1] if is_rtl else parts


def _shape_part(text: str, font: Font, *, is_rtl: bool) -> Iterator[Run]:
    """Shape a part of one font; what is read from right to left comes as a run per cluster.

    Readers of PDF put text from the right in order themselves, and expect it letter by letter.
    """
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_rtl else "ltr"
    hb.shape(font.shaper, buffer)
    found, places = buffer.glyph_infos, buffer.glyph_positions
    glyphs = tuple(
        (info.codepoint, place.x_advance, place.x_offset, place.y_offset)
        for info, place in zip(found, places, strict=True)
    )
    clusters = [info.cluster for info in found]
    if is_rtl:
        yield from _by_cluster(text, font, glyphs, clusters)
    else:
        is_usual = not any(dx or dy for _, _, dx, dy in glyphs)
        yield Run(font, glyphs, text, is_usual and clusters == list(range(len(text))))


def _by_cluster(
    text: str, font: Font, glyphs: tuple[Glyph, ...], clusters: list[int]
) -> Iterator[Run]:
    end = len(text)
    ends = {}
    for cluster in sorted(set(clusters), reverse=True):
        ends[cluster], end = end, cluster
    for cluster, group in groupby(zip(clusters, glyphs, strict=True), key=lambda one: one[0]):
        own = tuple(glyph for _, glyph in group)
        yield Run(font, own, text[cluster : ends[cluster]], is_plain=False)


@lru_cache(maxsize=REMEMBERED)
def fit(
    text: str,
    width: float,
    height: float,
    *,
    largest: float,
    most_lines: int = 1,
    is_bold: bool = False,
) -> Fitted:
    """Set a printable text as large as its box allows, in as many lines as that takes.

    What would need to be smaller than a quarter of the largest size is cut, with an ellipsis.
    """
    smallest = largest / 4
    words = WORD.findall(text)
    best = _best(words, width, height, largest, most_lines, is_bold=is_bold)
    if best.size < smallest and len(text) > 1:
        best = _best(list(_pieces(text)), width, height, largest, most_lines, is_bold=is_bold)
    if best.size < smallest and len(text) > 1:
        shorter = text.rstrip("…")[: -max(1, len(text) // 12)] + "…"
        return fit(shorter, width, height, largest=largest, most_lines=most_lines, is_bold=is_bold)
    return best


def _best(
    words: list[str], width: float, height: float, largest: float, most: int, *, is_bold: bool
) -> Fitted:
    """Try one line, two, ... for as long as more of them could be larger."""
    best = _fit_into(width, height, largest, [shape("".join(words), is_bold=is_bold)])
    for number in range(2, min(most, len(words)) + 1):
        if best.size >= min(largest, height / PLAIN_HEIGHT / number):
            break
        lines = [shape(one.strip(), is_bold=is_bold) for one in _cut(words, number, is_bold)]
        best = max(best, _fit_into(width, height, largest, lines), key=lambda one: one.size)
    return best


def _fit_into(width: float, height: float, largest: float, lines: list[Line]) -> Fitted:
    is_tall = any(line.is_tall for line in lines)
    line_height = TALL_HEIGHT if is_tall else PLAIN_HEIGHT
    widest = max(line.width for line in lines) or 1.0
    size = min(largest, height / line_height / len(lines), width / widest)
    ascent = TALL_ASCENT if is_tall else PLAIN_ASCENT
    return Fitted(tuple(lines), size, line_height * size, ascent * size)


def _cut(words: list[str], number: int, is_bold: bool) -> list[str]:  # noqa: FBT001  # private
    """Cut words into lines greedily, at about the least width at which they suffice."""
    widths = [shape(word, is_bold=is_bold).width for word in words]
    low, high = max(*widths, sum(widths) / number), sum(widths)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_enough = len(_greedy(words, widths, middle)) <= number
        low, high = (low, middle) if is_enough else (middle, high)
    return _greedy(words, widths, high)


def _greedy(words: list[str], widths: list[float], room: float) -> list[str]:
    lines, used = [""], 0.0
    for word, width in zip(words, widths, strict=True):
        if lines[-1] and used + width > room:
            lines.append("")
            used = 0.0
        lines[-1] += word
        used += width
    return lines


def _pieces(text: str) -> Iterator[str]:
    """Give single characters, marks with what they stand on."""
    piece = ""
    for character in text:
        if piece and not unicodedata.category(character).startswith("M"):
            yield piece
            piece = ""
        piece += character
    yield piece
