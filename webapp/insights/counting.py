"""One event counted, people included: what a report is made of, never what it shows."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from webapp.insights import figures
from webapp.insights.figures import Pair, RhythmBucket

OTHER = "other"
CLAIMED, PROVEN = "claimed", "proven"
LINK_OPENED, PROMISED, KEPT, CAME_OF_IT = "link_opened", "promised", "kept", "came_of_it"
FOLLOWED = {LINK_OPENED: PROVEN, PROMISED: PROVEN, KEPT: PROMISED, CAME_OF_IT: PROVEN}
"""The steps people take after an event, in order, each with the one it is a part of."""

Talk = tuple[int, str, str]


@dataclass(frozen=True)
class Split:
    """A part of a whole, and how many people stand inside and outside the part."""

    part: int
    whole: int
    people_in: int
    people_out: int


@dataclass(frozen=True)
class Step:
    """One step of follow-through, and the people of everything that got this far."""

    key: str
    pairs: tuple[Pair, ...]
    within: str | None = None
    """The step it is a part of; None for the widest."""


@dataclass(frozen=True)
class EventCounts:
    """What is known of one event, people included: input only, never published.

    using are those who claimed their badge, everybody with a proven talk among them; confirmed is
    proven of all claims, repeats and new_ties are of pairs; talks are the proven conversations,
    group_of has every attendee, sequences have one number per attendee. Each step of following
    stands behind the one it is a part of.
    """

    attendees: int
    participants: int
    using: int
    talks: tuple[Pair, ...]
    conversations_each: tuple[int, ...]
    partners_each: tuple[int, ...]
    pairs: int
    confirmed: Split
    repeats: Split
    new_ties: Split | None
    transitivity: float
    largest_component: int
    group_of: Mapping[str, str]
    rhythm: tuple[RhythmBucket, ...]
    following: tuple[Step, ...]

    @property
    def conversations(self) -> int:
        """Number of proven conversations."""
        return len(self.talks)


def count_event(
    attendees: Sequence[str],
    talks: Sequence[Talk],
    *,
    groups: Mapping[str, str],
    using: Collection[str] | None = None,
    unproven: Sequence[Pair] = (),
    earlier_pairs: Collection[Pair] | None = None,
    followed: Mapping[str, Collection[Pair]] | None = None,
) -> EventCounts:
    """Count one event from its proven talks (start in seconds, person, person) and other claims.

    using have claimed their badge, None means everybody; earlier_pairs, in alphabetical order,
    talked at an earlier event, None if there was none; followed are the pairs, in alphabetical
    order, who took each step of `FOLLOWED`, None while it is too early to say. Raises ValueError
    if a talk is not between two different attendees.
    """
    proven = tuple((a, b) for _, a, b in talks)
    figures.check_pairs(attendees, proven)
    pairs = figures.pair_counts(proven)
    partners = tuple(figures.partner_counts(attendees, pairs).values())
    graph = figures.contact_graph(attendees, pairs)
    return EventCounts(
        attendees=len(attendees),
        participants=len(attendees) - figures.isolates(partners),
        using=_using(attendees, proven, using),
        talks=proven,
        conversations_each=tuple(figures.talk_counts(attendees, proven).values()),
        partners_each=partners,
        pairs=len(pairs),
        confirmed=split(proven, unproven),
        repeats=split_by(pairs, lambda pair: pairs[pair] > 1),
        new_ties=_new_ties(pairs, earlier_pairs),
        transitivity=figures.transitivity(graph),
        largest_component=figures.largest_component(graph),
        group_of={person: groups.get(person, OTHER) for person in attendees},
        rhythm=tuple(figures.rhythm(talks)),
        following=_following(proven, unproven, followed),
    )


def _following(
    proven: tuple[Pair, ...],
    unproven: Iterable[Pair],
    followed: Mapping[str, Collection[Pair]] | None,
) -> tuple[Step, ...]:
    steps = [Step(CLAIMED, (*proven, *unproven)), Step(PROVEN, proven, CLAIMED)]
    if followed is not None:
        for key, within in FOLLOWED.items():
            whole = next(step for step in steps if step.key == within)
            pairs = tuple(pair for pair in whole.pairs if tuple(sorted(pair)) in followed[key])
            steps.append(Step(key, pairs, within))
    return tuple(steps)


def _using(
    attendees: Collection[str], proven: Iterable[Pair], using: Collection[str] | None
) -> int:
    """Count those who claimed their badge; whoever talked did so, though they may have left."""
    if using is None:
        return len(attendees)
    return len(set(attendees) & {*using, *chain.from_iterable(proven)})


def split(inside: Collection[Pair], outside: Collection[Pair]) -> Split:
    """How two sets of pairs divide their whole, and how many people each has."""
    return Split(
        part=len(inside),
        whole=len(inside) + len(outside),
        people_in=len(set(chain.from_iterable(inside))),
        people_out=len(set(chain.from_iterable(outside))),
    )


def split_by(pairs: Iterable[Pair], is_inside: Callable[[Pair], bool]) -> Split:
    """How a rule divides pairs."""
    inside: list[Pair] = []
    outside: list[Pair] = []
    for pair in pairs:
        (inside if is_inside(pair) else outside).append(pair)
    return split(inside, outside)


def split_steps(one: Step, other: Step) -> Split:
    """How the narrower of two steps of follow-through divides what reached the wider one."""
    narrow, wide = sorted((one, other), key=lambda step: len(step.pairs))
    lost = Counter(wide.pairs) - Counter(narrow.pairs)
    return split(narrow.pairs, list(lost.elements()))


def _new_ties(pairs: Iterable[Pair], earlier: Collection[Pair] | None) -> Split | None:
    return None if earlier is None else split_by(pairs, lambda pair: pair not in earlier)
