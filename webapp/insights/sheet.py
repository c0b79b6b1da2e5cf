"""The report as a table for spreadsheets: exactly what the page shows."""

from flask_babel import gettext as _

from webapp.insights.pages import Comparison, FigureRow, ReportPage

Rows = list[list[object]]


def sheet_of(page: ReportPage) -> Rows:
    """Return all that a report shows as rows, each part under its own header."""
    rows: Rows = [[_("Figure"), _("Value"), "N", _("Use Bowline"), _("Meaning"), _("Usual")]]
    rows += [_figure(row, page) for row in [*page.leading, *page.figures]]
    for header, part in _parts(page):
        rows += [[], [*header], *part] if part else []
    return rows


def _parts(page: ReportPage) -> list[tuple[list[object], Rows]]:
    """Return the tables below the figures, each with its header; empty ones too."""
    return [
        ([_("Those who came"), _("Share")], [[str(row.label), row.text] for row in page.shares]),
        (
            [_("From"), _("To"), _("Talks begun")],
            [
                [row.starts_at.isoformat(), row.ends_at.isoformat(), row.talks]
                for row in page.rhythm
            ],
        ),
        (
            [_("Group"), _("Other group"), _("Talks"), _("Against chance")],
            [[row.one, row.other, *map(_shown, (row.talks, row.times))] for row in page.mixing],
        ),
        (
            [_steps_title(page), _("Talks")],
            [[str(row.label), row.text or str(row.hidden)] for row in page.steps],
        ),
        *([_comparison(page.compared)] if page.compared else []),
    ]


def _steps_title(page: ReportPage) -> str:
    if page.following_days is None:
        return str(_("Step"))
    return str(_("Step, within %(days)s days after the event", days=page.following_days))


def _comparison(compared: Comparison) -> tuple[list[object], Rows]:
    events = compared.events
    return (
        [_("Event"), *(one.name for one in events)],
        [
            [_("Start"), *(one.starts_at.isoformat() for one in events)],
            ["N", *(one.n for one in events)],
            *([str(row.label), *map(_shown, row.texts)] for row in compared.rows),
        ],
    )


def _figure(row: FigureRow, page: ReportPage) -> list[object]:
    value = str(row.hidden) if row.text is None else row.text
    usual = str(row.yardstick) if row.yardstick else ""
    return [
        str(row.label),
        value,
        _shown(row.n),
        _shown(page.use_beside(row)),
        str(row.meaning),
        usual,
    ]


def _shown(cell: object) -> object:
    return "" if cell is None else cell
