"""An event beside earlier ones of its organiser: which events are alike, and in which figures.

Only what each final summary shows by itself stands side by side: nothing is added or subtracted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALIKE = (50, 200)
"""An event of like size has half to twice as many attendees, in per cent."""
CLOSE = (80, 125)
"""Sizes between which densities say something, in per cent."""
LIKE_USE = 10
"""By how many points the shares of use may differ where a figure depends on them."""
MOST_EVENTS = 3

WHATEVER_THE_USE = (
    "confirmed_percent",
    "new_ties_percent",
    "repeat_pairs_percent",
    "transitivity_percent",
)
IF_SIZES_ARE_CLOSE = ("density_percent",)
IF_USE_IS_ALIKE = ("participation_percent", "conversations_median", "gini_percent")
COMPARED = (*IF_USE_IS_ALIKE[:2], *WHATEVER_THE_USE, *IF_SIZES_ARE_CLOSE, *IF_USE_IS_ALIKE[2:])

Shown = Mapping[str, Any]
"""One figure of a frozen summary, as it was published."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The published figures of one event, by key."""

    figures: Mapping[str, Shown]

    def value(self, key: str) -> int | None:
        """Return the number shown, or None where none is."""
        shown = self.figures.get(key)
        return None if shown is None else shown["value"]

    @property
    def attendees(self) -> int:
        """The rounded number of attendees; 0 where the event is too small to show it."""
        return self.value("attendees") or 0


def summary_of(report: Mapping[str, Any]) -> Summary:
    """Return what a frozen summary shows."""
    return Summary({figure["key"]: figure for figure in report["figures"]})


def is_alike(one: Summary, other: Summary) -> bool:
    """Tell whether two events are of like size."""
    return _is_within(one, other, ALIKE)


def comparable(key: str, one: Summary, other: Summary) -> bool:
    """Tell whether a figure means the same at both events."""
    if key in IF_SIZES_ARE_CLOSE:
        return _is_within(one, other, CLOSE)
    return key in WHATEVER_THE_USE or (key in IF_USE_IS_ALIKE and _is_use_alike(one, other))


def compared_keys(one: Summary, others: Sequence[Summary]) -> list[str]:
    """Return the figures that this event shows and at least one other can stand beside."""
    return [
        key
        for key in COMPARED
        if one.value(key) is not None
        and any(other.value(key) is not None and comparable(key, one, other) for other in others)
    ]


def _is_within(one: Summary, other: Summary, bounds: tuple[int, int]) -> bool:
    least, most = (one.attendees * bound for bound in bounds)
    return one.attendees > 0 and least <= 100 * other.attendees <= most


def _is_use_alike(one: Summary, other: Summary) -> bool:
    """Tell whether a like share uses the app: with fewer, fewer talks are seen of as many."""
    shares = [summary.value("using_percent") for summary in (one, other)]
    if None in shares:
        return False
    mine, theirs = (share or 0 for share in shares)
    return abs(mine - theirs) <= LIKE_USE
