"""All that may be published of one event."""

from dataclasses import dataclass

from webapp.insights.counting import EventCounts
from webapp.insights.publishing.following import ShownStep, shown_steps
from webapp.insights.publishing.limits import (
    BELOW_K,
    MIN_FOR_FIGURES,
    MIN_FOR_TOTALS,
    NOT_OVER,
    TOO_FEW_ATTENDEES,
    Limits,
)
from webapp.insights.publishing.mixing import (
    MixingTable,
    ei_figures,
    merged_mixing,
    mixing_table,
)
from webapp.insights.publishing.rhythm import Rhythm, shown_rhythm
from webapp.insights.publishing.shares import Figure, hidden, plain_figures

TOTALS = frozenset({"attendees", "pairs"})
QUARTILES = frozenset(
    {"conversations_lower", "conversations_median", "conversations_upper", "partners_median"}
)


@dataclass(frozen=True)
class PublishedReport:
    """All that may be shown of one event; every key is always there, shown or hidden."""

    k: int
    figures: tuple[Figure, ...]
    following: tuple[ShownStep, ...]
    following_days: int | None
    """How long after the event its later steps were counted; None before they are."""
    mixing: MixingTable
    rhythm: Rhythm


def publish(
    counts: EventCounts, *, k: int, is_over: bool, following_days: int | None = None
) -> PublishedReport:
    """All that may be published of one event; raises ValueError if k is not from 5 to 50."""
    limits = Limits(k)
    mixing = merged_mixing(counts, limits)
    shown = (*plain_figures(counts, limits), *ei_figures(counts, mixing, limits))
    return PublishedReport(
        k=k,
        figures=tuple(_gated(figure, counts, limits, is_over=is_over) for figure in shown),
        following=shown_steps(counts, limits),
        following_days=following_days,
        mixing=mixing_table(counts, mixing, limits),
        rhythm=shown_rhythm(counts, limits),
    )


def _gated(figure: Figure, counts: EventCounts, limits: Limits, *, is_over: bool) -> Figure:
    """The figure, hidden if the event is too small, not over, or too few people talked."""
    if counts.attendees < _fewest_attendees(figure.key, limits):
        return hidden(figure.key, TOO_FEW_ATTENDEES)
    if counts.attendees < MIN_FOR_TOTALS and not is_over:
        return hidden(figure.key, NOT_OVER)
    covered = counts.attendees if figure.key == "attendees" else counts.participants
    return figure if covered >= limits.k else hidden(figure.key, BELOW_K)


def _fewest_attendees(key: str, limits: Limits) -> int:
    if key in QUARTILES:
        return limits.quartiles
    if key == "conversations":
        return 0
    return MIN_FOR_TOTALS if key in TOTALS else MIN_FOR_FIGURES
