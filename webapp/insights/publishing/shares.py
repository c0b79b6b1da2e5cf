"""Figures of an event that need no groups: totals, shares and quartiles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.insights import figures
from webapp.insights.counting import EventCounts, Split
from webapp.insights.publishing.limits import (
    BELOW_K,
    UNDEFINED,
    Limits,
    percent,
    round_count,
    round_percent,
)


@dataclass(frozen=True)
class Figure:
    """One published number: a count, or a share in whole per cent, or why it is hidden.

    n is the rounded number of attendees beside a share; is_at_least marks a lower bound.
    """

    key: str
    value: int | None
    n: int | None
    hidden_because: str | None
    is_at_least: bool = False


def plain_figures(counts: EventCounts, limits: Limits) -> tuple[Figure, ...]:
    """All figures that need no groups."""
    alone = counts.attendees - counts.participants
    return (
        _total("conversations", counts.conversations),
        _total("attendees", counts.attendees),
        _using(counts, limits),
        _total("pairs", counts.pairs),
        _participation(counts, limits),
        _total("isolates", alone) if alone >= limits.k else hidden("isolates", BELOW_K),
        *_quartiles("conversations", counts.conversations_each, counts),
        _quartiles("partners", counts.partners_each, counts)[1],
        _part("confirmed_percent", counts.confirmed, counts, limits),
        _part("new_ties_percent", counts.new_ties, counts, limits),
        _part("repeat_pairs_percent", counts.repeats, counts, limits),
        share("density_percent", figures.density(counts.attendees, counts.pairs), counts),
        share("transitivity_percent", counts.transitivity, counts),
        _largest_component(counts, limits),
        share("gini_percent", figures.gini(counts.conversations_each), counts),
    )


def hidden(key: str, reason: str) -> Figure:
    """A figure that may not be shown."""
    return Figure(key, None, None, reason)


def share(key: str, value: float | None, counts: EventCounts) -> Figure:
    """A share, beside the number of attendees."""
    if value is None:
        return hidden(key, UNDEFINED)
    return Figure(key, round_percent(value), round_count(counts.attendees), None)


def _total(key: str, count: int) -> Figure:
    return Figure(key, round_count(count), None, None)


def _part(key: str, part: Split | None, counts: EventCounts, limits: Limits) -> Figure:
    """A share of pairs or claims, hidden if either side of it is small."""
    if part is None or not part.whole:
        return hidden(key, UNDEFINED)
    if not limits.allow_split(part):
        return hidden(key, BELOW_K)
    return Figure(key, percent(part.part, part.whole), round_count(counts.attendees), None)


def _using(counts: EventCounts, limits: Limits) -> Figure:
    """Those who use the app, of attendees; a lower bound if fewer than k do not, or did not talk.

    The bound is what participation shows, so the two together tell nothing more.
    """
    key = "using_percent"
    most = counts.attendees - limits.k
    if most < limits.k:
        return hidden(key, BELOW_K)
    if counts.using > most or counts.using - counts.participants < limits.k:
        return _lower_bound(key, min(counts.participants, most), counts)
    return _of_attendees(key, counts.using, counts)


def _participation(counts: EventCounts, limits: Limits) -> Figure:
    """Participants of attendees; a lower bound while fewer than k talked with nobody."""
    most = counts.attendees - limits.k
    if most < limits.k:
        return hidden("participation_percent", BELOW_K)
    if counts.participants > most:
        return _lower_bound("participation_percent", most, counts)
    return _of_attendees("participation_percent", counts.participants, counts)


def _largest_component(counts: EventCounts, limits: Limits) -> Figure:
    """Largest component of attendees; a lower bound while fewer than k talked outside it.

    The bound starts from what participation shows, so the two together tell nothing more.
    """
    bound = min(counts.participants, counts.attendees - limits.k) - limits.k
    if min(bound, counts.largest_component) < limits.k:
        return hidden("largest_component_percent", BELOW_K)
    if counts.largest_component > counts.participants - limits.k:
        return _lower_bound("largest_component_percent", bound, counts)
    return _of_attendees("largest_component_percent", counts.largest_component, counts)


def _of_attendees(key: str, people: int, counts: EventCounts) -> Figure:
    everyone = counts.attendees
    return Figure(key, percent(people, everyone), round_count(everyone), None)


def _lower_bound(key: str, people: int, counts: EventCounts) -> Figure:
    """At least this many people, in per cent rounded down."""
    everyone = counts.attendees
    return Figure(key, 100 * people // everyone, round_count(everyone), None, is_at_least=True)


def _quartiles(name: str, each: Sequence[int], counts: EventCounts) -> tuple[Figure, ...]:
    """Lower quartile, median and upper quartile over all attendees, in whole numbers."""
    values = figures.quartiles(each) or figures.Quartiles(lower=0, median=0, upper=0)
    n = round_count(counts.attendees)
    return (
        Figure(f"{name}_lower", math.floor(values["lower"] + 0.5), n, None),
        Figure(f"{name}_median", math.floor(values["median"] + 0.5), n, None),
        Figure(f"{name}_upper", math.floor(values["upper"] + 0.5), n, None),
    )
