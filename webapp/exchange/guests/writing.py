"""Rows that could not be imported, as a file to correct and send again."""

from collections.abc import Iterable

from flask_babel import gettext as _

from webapp.core.spreadsheets import csv_text
from webapp.core.text import one_line
from webapp.exchange.guests.rules.checking import Rejected
from webapp.exchange.guests.rules.matching import Match

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""


def bad_rows(match: Match, rejected: Iterable[Rejected]) -> str:
    """Return the rows as CSV (RFC 4180), with what is wrong before what stood in them."""
    said = [_("Row"), _("Column"), _("Expected"), _("Found")]
    rows = [[*said, *(one.header for one in match.columns)]]
    for one in rejected:
        found = [str(one.row), one.column, str(one.expected), one.found]
        rows.append([*found, *one.line.cells])
    return BYTE_ORDER_MARK + csv_text([one_line(cell) for cell in row] for row in rows)
