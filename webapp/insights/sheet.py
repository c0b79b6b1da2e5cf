"""The report as a table for spreadsheets: exactly what the page shows."""

from flask_babel import gettext as _

from webapp.insights.pages import FigureRow, ReportPage


def sheet_of(page: ReportPage) -> list[list[object]]:
    """Return a report's figures, rhythm and mixing as rows, each part under its own header."""
    rows: list[list[object]] = [[_("Figure"), _("Value"), "N", _("Meaning")]]
    rows += [_figure(row) for row in page.leading + page.figures]
    if page.rhythm:
        rows += [[], [_("From"), _("To"), _("Talks begun")]]
        rows += [
            [row.starts_at.isoformat(), row.ends_at.isoformat(), row.talks] for row in page.rhythm
        ]
    if page.mixing:
        rows += [[], [_("Group"), _("Other group"), _("Talks"), _("Per cent of chance")]]
        rows += [
            [row.one, row.other, *map(_shown, (row.talks, row.percent))] for row in page.mixing
        ]
    return rows


def _figure(row: FigureRow) -> list[object]:
    value = str(row.hidden) if row.text is None else row.text
    return [str(row.label), value, _shown(row.n), str(row.meaning)]


def _shown(number: int | None) -> object:
    return "" if number is None else number
