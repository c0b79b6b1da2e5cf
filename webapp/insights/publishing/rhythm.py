"""Starts of conversations over time, quiet stretches merged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.insights.counting import EventCounts
from webapp.insights.figures import RhythmBucket
from webapp.insights.publishing.limits import BELOW_K, Limits, round_count, table_hidden_because


@dataclass(frozen=True)
class RhythmPoint:
    """Conversations, rounded, that start in [start_s, end_s)."""

    start_s: int
    end_s: int
    conversations: int


@dataclass(frozen=True)
class Rhythm:
    """Starts over time, quiet stretches merged into their neighbours."""

    points: tuple[RhythmPoint, ...]
    hidden_because: str | None


def shown_rhythm(counts: EventCounts, limits: Limits) -> Rhythm:
    """The published rhythm, or why there is none."""
    if reason := table_hidden_because(counts, limits):
        return Rhythm((), reason)
    points = tuple(
        RhythmPoint(bucket.start_s, bucket.end_s, round_count(bucket.conversations))
        for bucket in merged_buckets(counts.rhythm, limits)
    )
    return Rhythm(points, None if points else BELOW_K)


def merged_buckets(buckets: Sequence[RhythmBucket], limits: Limits) -> list[RhythmBucket]:
    """Buckets that may be shown: unsafe ones merged, smallest first; nothing if none is safe."""
    merged = list(buckets)
    safe = [_is_safe(bucket, limits) for bucket in merged]
    while unsafe := [at for at, is_safe in enumerate(safe) if not is_safe]:
        if len(merged) == 1:
            return []
        at = _left_of_join(merged, min(unsafe, key=lambda at: merged[at].conversations))
        joined = _joined(merged[at], merged[at + 1])
        merged[at : at + 2] = [joined]
        safe[at : at + 2] = [_is_safe(joined, limits)]
    return merged


def _is_safe(bucket: RhythmBucket, limits: Limits) -> bool:
    busiest = max(bucket.people.values(), default=0)
    return limits.allow(bucket.conversations, len(bucket.people), busiest)


def _left_of_join(buckets: Sequence[RhythmBucket], at: int) -> int:
    """Index of the earlier of the two buckets to join: the neighbour nearer in time is taken."""
    if at == 0 or at == len(buckets) - 1:
        return max(at - 1, 0)
    before = buckets[at].start_s - buckets[at - 1].end_s
    after = buckets[at + 1].start_s - buckets[at].end_s
    return at - 1 if before <= after else at


def _joined(first: RhythmBucket, second: RhythmBucket) -> RhythmBucket:
    return RhythmBucket(
        first.start_s,
        second.end_s,
        first.conversations + second.conversations,
        Counter(first.people) + Counter(second.people),
    )
