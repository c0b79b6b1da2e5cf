"""From a workbook (XLSX) to rows of text, without trusting it."""

import io
import warnings
import zipfile
from datetime import date, datetime, time
from types import ModuleType

from flask_babel import lazy_gettext as _l

from webapp.exchange.guests.rules.tables import (
    MOST_COLUMNS,
    MOST_ROWS,
    NotAList,
    Table,
    kept_lines,
    read_text,
    wrong_kind,
)

ZIP = b"PK\x03\x04"
WORKBOOK = "xl/workbook.xml"
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_PARTS = 2_000
LAST_ROW = 2 * MOST_ROWS
"""Where looking for rows ends: some sheets have one stray cell a million rows down."""


def read_table(data: bytes) -> Table:
    """Read a guest list: a workbook, or separated values.

    Raises:
        NotAList: it is neither, is empty, or too large.
    """
    return read_workbook(data) if data.startswith(ZIP) else read_text(data)


def read_workbook(data: bytes) -> Table:
    """Read the first sheet that holds something.

    Raises:
        NotAList: it is no workbook, broken, empty, or would unpack to more than 64 MiB.
    """
    _expect_small(data)
    openpyxl = _reader()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Table(list(kept_lines(_rows(openpyxl, data))), "XLSX", "")
    except NotAList:
        raise
    except Exception as error:  # a broken workbook breaks the library anywhere
        raise NotAList(_l("This workbook is broken. Please save it again.")) from error


def _expect_small(data: bytes) -> None:
    """Look into the archive before anything is unpacked; a part is never longer than it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise NotAList(_l("This workbook is broken. Please save it again.")) from error
    if WORKBOOK not in {part.filename for part in parts}:
        raise wrong_kind(data) or NotAList(_l("This is not a workbook."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise NotAList(
            _l("This workbook is too large. Please keep only the sheet with the guests.")
        )


def _reader() -> ModuleType:
    """Load what reads workbooks with the first of them: it weighs 20 MB."""
    import openpyxl  # noqa: PLC0415
    from openpyxl.xml import DEFUSEDXML  # noqa: PLC0415

    if not DEFUSEDXML:
        raise ImportError("defusedxml has to be installed: workbooks come from strangers")
    return openpyxl


def _rows(openpyxl: ModuleType, data: bytes) -> list[list[str]]:
    """Return the rows of the first sheet that has any."""
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            read = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1, values_only=True)
            rows = [[_text(value) for value in row] for row in read]
            if any(map(any, rows)):
                return rows
    finally:
        book.close()
    return []


def _text(value: object) -> str:
    """Write a cell as a person would: whole numbers without a point, moments as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = str(value)
    return "" if text.startswith("#") and text.rstrip("!?").isupper() else text
