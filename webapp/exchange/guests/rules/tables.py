"""From the bytes of a file to rows of text."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.core.errors import DomainError
from webapp.core.text import one_line

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000
SEPARATORS = {"\t": "tab", ";": ";", ",": ","}
SAMPLE_CHARACTERS = 64 * 1024
SAMPLE_ROWS = 200
HINT = "sep="
"""What a spreadsheet may write into the first line to name the separator."""

_LIST_WANTED = _l("Please save the list as CSV or XLSX, and choose it again.")
_OTHERS = (
    (b"%PDF", _l("This is a PDF, not a list.")),
    (b"\x89PNG", _l("This is a picture, not a list.")),
    (b"\xff\xd8\xff", _l("This is a picture, not a list.")),
    (b"GIF8", _l("This is a picture, not a list.")),
    (b"\xd0\xcf\x11\xe0", _l("This is a file of an older Excel.")),
    (b"{\\rtf", _l("This is a letter, not a list.")),
    (b"\x1f\x8b", _l("This file is packed.")),
    (b"<", _l("This is a web page, not a list.")),
    (b"PK", _l("This file is packed, or not a sheet.")),
)
_LAYOUT = frozenset("\t\r\n\v\f")


class NotAList(DomainError):
    """The file as a whole cannot be read as a guest list; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, under the number a spreadsheet shows beside it, from 1."""

    number: int
    cells: tuple[str, ...]
    """Clean lines, as `core.text.one_line` makes them; the last one holds something."""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file that hold something, and how they were written down."""

    lines: list[Line]
    encoding: str
    separator: str
    """Empty for a workbook."""


def wrong_kind(data: bytes) -> NotAList | None:
    """Return what a file is that is certainly not a list of text, by how it begins."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, words in _OTHERS:
        if start.startswith(mark):
            return NotAList(told(words, _LIST_WANTED))
    return None


def told(*sentences: Any) -> str:
    """Join sentences, each in the reader's language."""
    return " ".join(str(one) for one in sentences)


def read_text(data: bytes) -> Table:
    """Read separated values in any usual encoding.

    Raises:
        NotAList: there is nothing in it, it is something else, or too large.
    """
    if problem := wrong_kind(data):
        raise problem
    text, encoding = _decode(data)
    separator, text = _separator(text)
    return Table(list(kept_lines(_records(text, separator))), encoding, SEPARATORS[separator])


def kept_lines(records: Iterable[Iterable[str]]) -> Iterator[Line]:
    """Number the rows, drop the blank ones, and clean what stands in the others.

    Raises:
        NotAList: there are none, or too many rows or columns.
    """
    kept = 0
    for number, record in enumerate(records, 1):
        cells = [one_line(cell[:LONGEST_CELL]) for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        kept += 1
        if len(cells) > MOST_COLUMNS:
            raise NotAList(_l("Row %(row)s has more than 200 columns.", row=number))
        if kept > MOST_ROWS:
            raise NotAList(_l("This list has more than 20,000 rows. Please split it."))
        yield Line(number, tuple(cells))
    if not kept:
        raise NotAList(_l("This file is empty."))


def _decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding; Windows-1252 takes what is nothing else."""
    for codec, name in _encodings(data):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in _LAYOUT for c in set(text)):
            return text, name
    raise NotAList(told(_l("This file does not hold text."), _LIST_WANTED))


def _encodings(data: bytes) -> list[tuple[str, str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [("utf-16", "UTF-16")]
    half = len(data) // 2
    if half and data[1::2].count(0) * 2 > half:
        return [("utf-16-le", "UTF-16")]
    if half and data[::2].count(0) * 2 > half:
        return [("utf-16-be", "UTF-16")]
    return [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]


def _separator(text: str) -> tuple[str, str]:
    """Return the separator that gives the most rows the same width, and the text without a hint."""
    first, _, rest = text.partition("\n")
    hinted = first.strip().lower().removeprefix(HINT) or "\t"
    if first.lower().startswith(HINT) and hinted in SEPARATORS:
        return hinted, "\n" + rest
    return max(SEPARATORS, key=lambda one: _fit(text[:SAMPLE_CHARACTERS], one)), text


def _fit(sample: str, separator: str) -> int:
    """Return how many cells of a sample lie in rows of the commonest width above 1."""
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            widths[len(row)] += len(row) > 1
            if widths.total() >= SAMPLE_ROWS:
                break
    except csv.Error:
        return 0
    width, rows = max(widths.items(), key=lambda one: one[1], default=(1, 0))
    return (width - 1) * rows


def _records(text: str, separator: str) -> list[list[str]]:
    """Return all rows; a quotation mark that is never closed would swallow the rest of them."""
    _expect_closed_quotes(text, separator)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise NotAList(
            _l("One cell is far too long; a quotation mark may be missing somewhere.")
        ) from error


def _expect_closed_quotes(text: str, separator: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for _ in reader:
            number += 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            message = _l("A quotation mark in row %(row)s is never closed.", row=number + 1)
            raise NotAList(message) from error
