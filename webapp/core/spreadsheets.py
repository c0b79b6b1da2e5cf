"""Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet would run."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def defused(cell: object) -> object:
    """Return a text that would start a formula, full-width signs included, behind an apostrophe.

    Numbers are no texts: they stay as they are.
    """
    if not isinstance(cell, str):
        return cell
    plain = unicodedata.normalize("NFKC", cell.lstrip(" "))
    return f"'{cell}" if plain.startswith(STARTS_A_FORMULA) else cell


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as RFC 4180: commas, CRLF, quotes where needed, every text defused."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return written.getvalue().replace("\0", "")
