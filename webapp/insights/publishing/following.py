"""Follow-through: how much of what was claimed got how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.insights.counting import CLAIMED, PROVEN, EventCounts, Step, split_steps
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
    by_key = {step.key: step for step in steps}
    proven = by_key[PROVEN]
    safe = {PROVEN}
    if limits.allow_split(split_steps(proven, by_key[CLAIMED])):
        safe.add(CLAIMED)
    for step in steps[steps.index(proven) + 1 :]:
        if limits.allow_split(split_steps(_shown_around(step, by_key, safe), step)):
            safe.add(step.key)
    return safe


def _shown_around(step: Step, by_key: Mapping[str, Step], safe: set[str]) -> Step:
    """The narrowest step that is shown and that a step is a part of."""
    around = by_key[step.within or PROVEN]
    return around if around.key in safe else _shown_around(around, by_key, safe)
