"""The report as it is shown: a frozen summary put into words and pictures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.events.models import Event
from webapp.insights.charts import Bar, bars
from webapp.insights.models import Snapshot

# Each figure: what it is called, what it means, and what stands behind the number.
WORDS: dict[str, tuple[Any, Any, str]] = {
    "participation_percent": (
        _l("had a talk"),
        _l("Share of those who came with at least one proven talk."),
        "%",
    ),
    "conversations": (_l("talks"), _l("Talks that both sides stand by."), ""),
    "attendees": (_l("came"), _l("Everyone who was checked in, with a talk or without."), ""),
    "pairs": (_l("pairs"), _l("Different pairs of people who talked."), ""),
    "isolates": (
        _l("without a talk"),
        _l("Came and have no proven talk. Some do not use Bowline."),
        "",
    ),
    "conversations_lower": (
        _l("talks, lower quarter"),
        _l("A quarter had this many talks or fewer."),
        "",
    ),
    "conversations_median": (
        _l("talks, in the middle"),
        _l("Half had this many talks or fewer."),
        "",
    ),
    "conversations_upper": (
        _l("talks, upper quarter"),
        _l("A quarter had this many talks or more."),
        "",
    ),
    "partners_median": (
        _l("people met, in the middle"),
        _l("Half met this many different people or fewer."),
        "",
    ),
    "confirmed_percent": (
        _l("proven"),
        _l("Share of claims to which the other side said yes."),
        "%",
    ),
    "new_ties_percent": (
        _l("new to each other"),
        _l("Share of pairs who had not talked at an earlier event."),
        "%",
    ),
    "repeat_pairs_percent": (
        _l("talked again"),
        _l("Share of pairs who talked at least twice."),
        "%",
    ),
    "density_percent": (
        _l("density"),
        _l("Share of all possible pairs who talked. Compare like sizes only."),
        "%",
    ),
    "transitivity_percent": (
        _l("closed triangles"),
        _l("How often two people met by the same person also met."),
        "%",
    ),
    "largest_component_percent": (
        _l("connected"),
        _l("Share of those who came who are linked through talks."),
        "%",
    ),
    "gini_percent": (
        _l("concentration"),
        _l("0 if all talk equally much; 34 to 47 is usual, above 55 a few carry the event."),
        "",
    ),
    "ei_percent": (
        _l("between groups"),
        _l("From -100, all talks within groups, to 100, all between groups."),
        "",
    ),
    "ei_expected_percent": (
        _l("between groups, by chance"),
        _l("What group sizes alone would give."),
        "",
    ),
}
LEADING = ("participation_percent", "conversations", "confirmed_percent", "pairs")
MOST_LEADING = 3
REASONS: dict[str, Any] = {
    "not_over": _l("shown after the event"),
    "too_few_attendees": _l("too few people to show without showing someone"),
    "below_k": _l("too few people behind it"),
    "protected": _l("hidden, so that a neighbour cannot be computed"),
    "undefined": _l("nothing to compare yet"),
    "one_group": _l("needs at least two groups"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure in words."""

    key: str
    label: Any
    meaning: Any
    text: str | None
    n: int | None
    hidden: Any


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """One stretch of time and the talks that began in it."""

    starts_at: datetime
    ends_at: datetime
    talks: int


@dataclass(frozen=True, slots=True)
class MixingRow:
    """Two groups: talks between them, and per cent of what chance would give."""

    one: str
    other: str
    talks: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One frozen summary."""

    event: Event
    taken_at: datetime | None
    k: int
    leading: list[FigureRow]
    figures: list[FigureRow]
    rhythm: list[RhythmRow]
    rhythm_hidden: Any
    bars: list[Bar]
    mixing: list[MixingRow]
    mixing_hidden: Any


def report_page(event: Event, snapshot: Snapshot | None) -> ReportPage:
    """Put a summary into words; without one the page says when it comes."""
    if snapshot is None:
        return ReportPage(event, None, event.k, [], [], [], None, [], [], None)
    report = snapshot.report
    rows = [_figure(figure) for figure in report["figures"]]
    leading = _leading(rows)
    rhythm = [_rhythm(event, point) for point in report["rhythm"]["points"]]
    return ReportPage(
        event=event,
        taken_at=snapshot.taken_at,
        k=report["k"],
        leading=leading,
        figures=[row for row in rows if row not in leading],
        rhythm=rhythm,
        rhythm_hidden=REASONS.get(report["rhythm"]["hidden_because"]),
        bars=bars([(row.starts_at, row.ends_at, row.talks) for row in rhythm]),
        mixing=[_mixing(cell) for cell in report["mixing"]["cells"]],
        mixing_hidden=REASONS.get(report["mixing"]["hidden_because"]),
    )


def _leading(rows: list[FigureRow]) -> list[FigureRow]:
    """Return the figures that say most at a glance, of those that may be shown."""
    shown = {row.key: row for row in rows if row.text is not None}
    return [shown[key] for key in LEADING if key in shown][:MOST_LEADING]


def _figure(figure: dict[str, Any]) -> FigureRow:
    label, meaning, unit = WORDS[figure["key"]]
    value = figure["value"]
    text = None
    if value is not None:
        text = f"{'≥ ' if figure['is_at_least'] else ''}{value:,}{unit}".replace(",", "\u2009")
    return FigureRow(
        figure["key"], label, meaning, text, figure["n"], REASONS.get(figure["hidden_because"])
    )


def _rhythm(event: Event, point: dict[str, Any]) -> RhythmRow:
    return RhythmRow(
        event.starts_at + timedelta(seconds=point["start_s"]),
        event.starts_at + timedelta(seconds=point["end_s"]),
        point["conversations"],
    )


def _mixing(cell: dict[str, Any]) -> MixingRow:
    one, other = cell["groups"]
    return MixingRow(one, other, cell["conversations"], cell["ratio_percent"])
