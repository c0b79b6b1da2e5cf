"""The report as it is shown: a frozen summary put into words and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.events.models import Event
from webapp.insights.charts import Bar, Matrix, bars, matrix, stacked
from webapp.insights.comparing import (
    MOST_EVENTS,
    Summary,
    comparable,
    compared_keys,
    is_alike,
    summary_of,
)
from webapp.insights.counting import OTHER
from webapp.insights.models import Snapshot
from webapp.insights.publishing.limits import BELOW_K
from webapp.insights.words import REASONS, STEPS, WORDS, YARDSTICKS

LEADING = ("participation_percent", "conversations", "confirmed_percent", "pairs")
MOST_LEADING = 3
ISOLATES, USING = "isolates", "using_percent"
NEARLY_ALL = 90
"""Per cent of attendees who use the app, from which figures hold as they stand."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in words."""

    key: str
    label: Any
    meaning: Any
    yardstick: Any
    text: str | None
    n: int | None
    hidden: Any


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One part of those who came."""

    label: Any
    text: str
    percent: int


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """One stretch of time and the talks that began in it."""

    starts_at: datetime
    ends_at: datetime
    talks: int


@dataclass(frozen=True, slots=True)
class MixingRow:
    """Two groups: talks between them, and how many times what chance would give."""

    one: str
    other: str
    talks: int | None
    times: str | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of follow-through."""

    label: Any
    text: str | None
    hidden: Any
    bar: Bar


@dataclass(frozen=True, slots=True)
class ComparedEvent:
    """One event of a comparison, and how many came."""

    name: str
    starts_at: datetime
    time_zone: str
    n: int


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One figure at each event of a comparison; None where it would not compare."""

    label: Any
    texts: list[str | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """This event beside earlier ones of like size."""

    events: list[ComparedEvent]
    rows: list[ComparedRow]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One frozen summary."""

    event: Event
    taken_at: datetime | None
    is_final: bool = False
    k: int = 0
    use: str | None = None
    """The share of those who came who use the app, as it stands beside every figure."""
    is_use_partial: bool = False
    leading: Sequence[FigureRow] = ()
    figures: Sequence[FigureRow] = ()
    shares: Sequence[ShareRow] = ()
    share_bars: Sequence[Bar] = ()
    rhythm: Sequence[RhythmRow] = ()
    rhythm_hidden: Any = None
    bars: Sequence[Bar] = ()
    mixing: Sequence[MixingRow] = ()
    mixing_hidden: Any = None
    matrix: Matrix | None = None
    steps: Sequence[StepRow] = ()
    following_days: int | None = None
    """How long after the event its later steps were counted; None before they are."""
    compared: Comparison | None = None

    def use_beside(self, row: FigureRow) -> str | None:
        """Return the share of use that stands beside a figure, but not beside itself."""
        return self.use if row.n and row.key != USING else None


@dataclass(frozen=True, slots=True)
class HelpRow:
    """Whom hosts can help in now, as numbers."""

    asked: int
    """How many asked for it; they chose to be seen by hosts."""
    without_talk: str | None
    """How many had no talk by the newest summary, if it may be shown."""


def help_row(page: ReportPage, *, asked: int) -> HelpRow:
    """Put the number of those who asked beside what the summary shows of those without a talk."""
    return HelpRow(asked, next((row.text for row in page.figures if row.key == ISOLATES), None))


def report_page(
    event: Event, snapshot: Snapshot | None, *, earlier: Sequence[tuple[Event, Any]] = ()
) -> ReportPage:
    """Put a summary into words; without one the page says when it comes.

    `earlier` are events to compare with, the latest first, each with its final summary.
    """
    if snapshot is None:
        return ReportPage(event, None)
    report = snapshot.report
    summary = summary_of(report)
    rows = [_figure(figure) for figure in report["figures"]]
    leading = _leading(rows)
    shares = _shares(summary)
    rhythm = [_rhythm(event, point) for point in report["rhythm"]["points"]]
    cells = _shown_cells(report["mixing"])
    return ReportPage(
        event=event,
        taken_at=snapshot.taken_at,
        is_final=snapshot.is_final,
        k=report["k"],
        use=_text_of(summary, USING),
        is_use_partial=_is_use_partial(summary),
        leading=leading,
        figures=[row for row in rows if row not in leading],
        shares=shares,
        share_bars=stacked([row.percent for row in shares]),
        rhythm=rhythm,
        rhythm_hidden=REASONS.get(report["rhythm"]["hidden_because"]),
        bars=bars([(row.starts_at, row.ends_at, row.talks) for row in rhythm]),
        mixing=[_mixing(cell) for cell in cells],
        mixing_hidden=None if cells else REASONS[report["mixing"]["hidden_because"] or BELOW_K],
        matrix=_matrix(cells) if cells else None,
        steps=_steps(report.get("following", ())),
        following_days=report.get("following_days"),
        compared=_comparison(event, summary, earlier) if snapshot.is_final else None,
    )


def _leading(rows: list[FigureRow]) -> list[FigureRow]:
    """Return the figures that say most at a glance, of those that may be shown."""
    shown = {row.key: row for row in rows if row.text is not None}
    return [shown[key] for key in LEADING if key in shown][:MOST_LEADING]


def _figure(figure: Mapping[str, Any]) -> FigureRow:
    key = figure["key"]
    label, meaning, _unit = WORDS[key]
    hidden = REASONS.get(figure["hidden_because"])
    return FigureRow(key, label, meaning, YARDSTICKS.get(key), _text(figure), figure["n"], hidden)


def _text(figure: Mapping[str, Any]) -> str | None:
    """Return a figure as it is written, with its unit, or None if it is hidden."""
    value, unit = figure["value"], WORDS[figure["key"]][2]
    if value is None:
        return None
    return f"{'≥ ' if figure['is_at_least'] else ''}{number(value)}{unit}"


def _text_of(summary: Summary, key: str) -> str | None:
    return _text(summary.figures[key]) if key in summary.figures else None


def number(value: int) -> str:
    """Write a number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u2009")


def _is_use_partial(summary: Summary) -> bool:
    """Tell whether too few use the app to read every figure as it stands."""
    talked = summary.figures["participation_percent"]
    using = summary.value(USING)
    return using is not None and using < NEARLY_ALL and not talked["is_at_least"]


def _shares(summary: Summary) -> list[ShareRow]:
    """Divide those who came by what may be said of them; nothing if participation is hidden."""
    talked = summary.value("participation_percent")
    if talked is None:
        return []
    text = _text(summary.figures["participation_percent"]) or ""
    rows = [ShareRow(_l("had a talk"), text, talked)]
    using = summary.figures.get(USING)
    if using and using["value"] is not None and not using["is_at_least"]:
        rows += [
            _share(_l("use Bowline, without a talk"), using["value"] - talked),
            _share(_l("do not use Bowline"), 100 - using["value"]),
        ]
    elif text.startswith("≥"):
        rows.append(ShareRow(_l("without a talk"), f"≤ {100 - talked}%", 100 - talked))
    else:
        rows.append(_share(_l("without a talk"), 100 - talked))
    return rows


def _share(label: Any, percent: int) -> ShareRow:
    return ShareRow(label, f"{percent}%", percent)


def _rhythm(event: Event, point: Mapping[str, Any]) -> RhythmRow:
    return RhythmRow(
        event.starts_at + timedelta(seconds=point["start_s"]),
        event.starts_at + timedelta(seconds=point["end_s"]),
        point["conversations"],
    )


def _group(name: str) -> str:
    return _("other groups") if name == OTHER else name


def _mixing(cell: Mapping[str, Any]) -> MixingRow:
    one, other = sorted(cell["groups"], key=lambda name: (name == OTHER, name))
    percent = cell["ratio_percent"]
    times = None if percent is None else f"{percent / 100:.2f}×"  # noqa: RUF001  # times
    return MixingRow(_group(one), _group(other), cell["conversations"], times)


def _shown_cells(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the cells of a table, none at all where every one of them is hidden."""
    cells = table["cells"]
    return cells if any(cell["conversations"] is not None for cell in cells) else []


def _matrix(cells: Sequence[Mapping[str, Any]]) -> Matrix:
    percents = {
        (_group(cell["groups"][0]), _group(cell["groups"][1])): cell["ratio_percent"]
        for cell in cells
    }
    names = {name for cell in cells for name in cell["groups"]}
    groups = [_group(name) for name in sorted(names, key=lambda name: (name == OTHER, name))]
    return matrix(groups, percents)


def _steps(steps: Sequence[Mapping[str, Any]]) -> list[StepRow]:
    widest = max((step["count"] or 0 for step in steps), default=0)
    return [
        StepRow(
            STEPS[step["key"]],
            None if step["count"] is None else number(step["count"]),
            REASONS.get(step["hidden_because"]),
            stacked([step["count"] or 0, widest - (step["count"] or 0)])[0],
        )
        for step in steps
    ]


def _comparison(
    event: Event, mine: Summary, earlier: Sequence[tuple[Event, Any]]
) -> Comparison | None:
    """Put an event beside those of like size; None if there is none, or nothing to compare."""
    alike = [
        (other, theirs)
        for other, theirs in ((other, summary_of(report)) for other, report in earlier)
        if is_alike(mine, theirs)
    ][:MOST_EVENTS]
    keys = compared_keys(mine, [theirs for _other, theirs in alike])
    if not keys:
        return None
    columns = [(event, mine), *alike]
    return Comparison(
        [_compared_event(*column) for column in columns],
        [_compared_row(key, mine, [theirs for _other, theirs in columns]) for key in keys],
    )


def _compared_event(event: Event, summary: Summary) -> ComparedEvent:
    return ComparedEvent(event.name, event.starts_at, event.time_zone, summary.attendees)


def _compared_row(key: str, mine: Summary, columns: Sequence[Summary]) -> ComparedRow:
    return ComparedRow(
        WORDS[key][0],
        [
            _text_of(one, key) if one is mine or comparable(key, mine, one) else None
            for one in columns
        ],
    )
