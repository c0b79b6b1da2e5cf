"""Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet would run.

Where people write decimals with a comma, their spreadsheets split our lines at semicolons instead
of commas, and at every line break. So what stands behind one of those is looked at like the
beginning of a cell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

SIGNS = "=+@-\uff1d\uff0b\uff20\uff0d\ufe66\ufe62\ufe6b\ufe63\u207c\u207a\u208c\u208a\ufb29"
"""What a formula begins with, and what compatibility normalisation (NFKC) makes of others."""
_CONTROLS = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f"
_BLANK = f"[{_CONTROLS} \xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
_FORMULA = re.compile(f"{_BLANK}*(?:[{re.escape(SIGNS)}]|[\\t\\r\\n\\x00])")
_FORMULA_INSIDE = re.compile(f'([;\\t\\r\\n])(?=(?:{_BLANK}|")*[{re.escape(SIGNS)}])')
_NEEDS_QUOTES = re.compile(r'[,;"\t\r\n]')


def starts_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run a cell of this text."""
    return _FORMULA.match(text) is not None


def defused(cell: object) -> object:
    """Return a text with an apostrophe before what would start a formula, full-width signs too.

    Numbers are no texts: they stay as they are.
    """
    if not isinstance(cell, str):
        return cell
    text = _FORMULA_INSIDE.sub(r"\1'", cell) if _FORMULA_INSIDE.search(cell) else cell
    return f"'{text}" if _FORMULA.match(cell) else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows as RFC 4180: commas, CRLF, quotes where needed, every text defused."""
    return "".join(csv_lines(rows))


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Write rows as RFC 4180, a line each."""
    for row in rows:
        line = ",".join(map(_written, row))
        yield f"{line or (chr(34) * 2 if row else '')}\r\n"


def _written(cell: object) -> str:
    """Return a cell in quotes where another program might see a separator in it."""
    if cell is None:
        return ""
    text = str(defused(cell.replace("\0", "") if isinstance(cell, str) else cell))
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(text) else text
