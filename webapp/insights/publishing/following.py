"""Follow-through: how much of what was claimed got how far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.insights.counting import PROVEN, EventCounts, Step, split_steps
from webapp.insights.publishing.limits import BELOW_K, Limits, round_count, table_hidden_because


@dataclass(frozen=True)
class ShownStep:
    """One step of follow-through: how many got this far, rounded, or why that is hidden."""

    key: str
    count: int | None
    hidden_because: str | None


def shown_steps(counts: EventCounts, limits: Limits) -> tuple[ShownStep, ...]:
    """Every step, hidden where it differs too little from the nearest one that is shown."""
    reason = table_hidden_because(counts, limits)
    safe = set() if reason else _safe_steps(counts.following, limits)
    return tuple(
        ShownStep(step.key, round_count(len(step.pairs)), None)
        if step.key in safe
        else ShownStep(step.key, None, reason or BELOW_K)
        for step in counts.following
    )


def _safe_steps(steps: Sequence[Step], limits: Limits) -> set[str]:
    """The keys of steps to show; what is proven is shown anyway, as the number of talks."""
    at = [step.key for step in steps].index(PROVEN)
    ways = (steps[at::-1], steps[at:])
    return {PROVEN} | {step.key for way in ways for step in _apart(way, limits)}


def _apart(steps: Sequence[Step], limits: Limits) -> Iterator[Step]:
    """The steps after the first that differ enough, each from the last one found."""
    last = steps[0]
    for step in steps[1:]:
        if limits.allow_split(split_steps(last, step)):
            last = step
            yield step
