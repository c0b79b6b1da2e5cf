"""What may be published of one event: rounded, in fixed tables, at least k people behind each.

No margins are published beside the total, and no reason tells one hidden cell from another.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations_with_replacement

from webapp.insights import figures
from webapp.insights.figures import Pair, RhythmBucket

K_SMALLEST, K_LARGEST = 5, 50
MIN_CONVERSATIONS = 10
MIN_FOR_TOTALS = 20
MIN_FOR_FIGURES = 30
MIN_FOR_QUARTILES = 40
OTHER = "other"
QUARTILES = frozenset(
    {"conversations_lower", "conversations_median", "conversations_upper", "partners_median"}
)

NOT_OVER = "not_over"
TOO_FEW_ATTENDEES = "too_few_attendees"
BELOW_K = "below_k"
PROTECTED = "protected"
UNDEFINED = "undefined"
ONE_GROUP = "one_group"

Talk = tuple[int, str, str]


@dataclass(frozen=True)
class Thresholds:
    """Fewest people behind a published number; raises ValueError outside 5 to 50."""

    k: int = 10

    def __post_init__(self) -> None:
        if not K_SMALLEST <= self.k <= K_LARGEST:
            raise ValueError(f"k must be from {K_SMALLEST} to {K_LARGEST}, found {self.k}")

    @property
    def quartiles(self) -> int:
        """Fewest attendees for quartiles, so that k people are in each quarter."""
        return max(MIN_FOR_QUARTILES, 4 * self.k)

    def allow(self, conversations: int, fewest_people: int, busiest: int = 0) -> bool:
        """Whether a cell has enough people on each side, enough talks and nobody who dominates."""
        is_large = fewest_people >= self.k and conversations >= MIN_CONVERSATIONS
        return is_large and 2 * busiest <= conversations


@dataclass(frozen=True)
class Split:
    """A part of a whole, and how many people stand inside and outside the part."""

    part: int
    whole: int
    people_in: int
    people_out: int

    def is_safe(self, limits: Thresholds) -> bool:
        """Whether both sides are large enough to be shown."""
        smaller = min(self.part, self.whole - self.part)
        return limits.allow(smaller, min(self.people_in, self.people_out))


@dataclass(frozen=True)
class EventCounts:
    """What is known of one event, people included: input only, never published.

    confirmed is proven of all claims, repeats and new_ties are of pairs; talks are the proven
    conversations, group_of has every attendee, sequences have one number per attendee.
    """

    attendees: int
    participants: int
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

    @property
    def conversations(self) -> int:
        """Number of proven conversations."""
        return len(self.talks)


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


@dataclass(frozen=True)
class MixingCell:
    """Conversations between two groups, rounded, and per cent of the number expected."""

    groups: Pair
    conversations: int | None
    ratio_percent: int | None
    hidden_because: str | None


@dataclass(frozen=True)
class MixingTable:
    """One cell per pair of groups, with the rounded size of each group."""

    group_sizes: Mapping[str, int]
    cells: tuple[MixingCell, ...]
    hidden_because: str | None


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


@dataclass(frozen=True)
class PublishedReport:
    """All that may be shown of one event; every key is always there, shown or hidden."""

    k: int
    figures: tuple[Figure, ...]
    mixing: MixingTable
    rhythm: Rhythm


@dataclass(frozen=True)
class _Cell:
    """The true numbers of one cell: people per side, and the most talks one person has in it."""

    groups: Pair
    conversations: int
    fewest_people: int
    busiest: int

    @property
    def is_within(self) -> bool:
        return self.groups[0] == self.groups[1]


@dataclass(frozen=True)
class _Mixing:
    """The true table after merging, and which of its cells to hide."""

    group_of: Mapping[str, str]
    sizes: Mapping[str, int]
    cells: tuple[_Cell, ...]
    hidden: frozenset[Pair]

    def hides_one(self, cells: Iterable[_Cell]) -> bool:
        """Whether exactly one of the cells is hidden, which their sum would give away."""
        return sum(cell.groups in self.hidden for cell in cells) == 1


def count_event(
    attendees: Sequence[str],
    talks: Sequence[Talk],
    *,
    groups: Mapping[str, str],
    unproven: Sequence[Pair] = (),
    earlier_pairs: Collection[Pair] | None = None,
) -> EventCounts:
    """Count one event from its proven talks (start in seconds, person, person) and other claims.

    earlier_pairs, in alphabetical order, talked at an earlier event; None if there was none.
    Raises ValueError if a talk is not between two different attendees.
    """
    proven = tuple((a, b) for _, a, b in talks)
    figures.check_pairs(attendees, proven)
    pairs = figures.pair_counts(proven)
    partners = tuple(figures.partner_counts(attendees, pairs).values())
    graph = figures.contact_graph(attendees, pairs)
    return EventCounts(
        attendees=len(attendees),
        participants=len(attendees) - figures.isolates(partners),
        talks=proven,
        conversations_each=tuple(figures.talk_counts(attendees, proven).values()),
        partners_each=partners,
        pairs=len(pairs),
        confirmed=split(proven, unproven),
        repeats=_split_pairs(pairs, lambda pair: pairs[pair] > 1),
        new_ties=_new_ties(pairs, earlier_pairs),
        transitivity=figures.transitivity(graph),
        largest_component=figures.largest_component(graph),
        group_of={person: groups.get(person, OTHER) for person in attendees},
        rhythm=tuple(figures.rhythm(talks)),
    )


def split(inside: Collection[Pair], outside: Collection[Pair]) -> Split:
    """How two sets of pairs divide their whole, and how many people each has."""
    return Split(
        part=len(inside),
        whole=len(inside) + len(outside),
        people_in=len(set(chain.from_iterable(inside))),
        people_out=len(set(chain.from_iterable(outside))),
    )


def _split_pairs(pairs: Iterable[Pair], is_inside: Callable[[Pair], bool]) -> Split:
    inside: list[Pair] = []
    outside: list[Pair] = []
    for pair in pairs:
        (inside if is_inside(pair) else outside).append(pair)
    return split(inside, outside)


def _new_ties(pairs: Iterable[Pair], earlier: Collection[Pair] | None) -> Split | None:
    return None if earlier is None else _split_pairs(pairs, lambda pair: pair not in earlier)


def round_count(count: float) -> int:
    """The nearest multiple of 5, half up."""
    return math.floor(count / 5 + 0.5) * 5


def round_percent(share: float) -> int:
    """A share in whole per cent, half up."""
    return math.floor(100 * share + 0.5)


def percent(part: int, whole: int) -> int:
    """Part of whole in whole per cent, half up, exactly."""
    return (200 * part + whole) // (2 * whole)


def publish(counts: EventCounts, *, k: int, is_over: bool) -> PublishedReport:
    """All that may be published of one event; raises ValueError if k is not from 5 to 50."""
    limits = Thresholds(k)
    mixing = _mixing(counts, limits)
    shown = (*_figures(counts, limits), *_ei_figures(counts, mixing, limits))
    return PublishedReport(
        k=k,
        figures=tuple(_gated(figure, counts, limits, is_over=is_over) for figure in shown),
        mixing=_mixing_table(counts, mixing, limits),
        rhythm=_rhythm(counts, limits),
    )


def _gated(figure: Figure, counts: EventCounts, limits: Thresholds, *, is_over: bool) -> Figure:
    """The figure, hidden if the event is too small, not over, or too few people talked."""
    if counts.attendees < _fewest_attendees(figure.key, limits):
        return _hidden(figure.key, TOO_FEW_ATTENDEES)
    if counts.attendees < MIN_FOR_TOTALS and not is_over:
        return _hidden(figure.key, NOT_OVER)
    covered = counts.attendees if figure.key == "attendees" else counts.participants
    return figure if covered >= limits.k else _hidden(figure.key, BELOW_K)


def _fewest_attendees(key: str, limits: Thresholds) -> int:
    if key in QUARTILES:
        return limits.quartiles
    return {"conversations": 0, "attendees": MIN_FOR_TOTALS, "pairs": MIN_FOR_TOTALS}.get(
        key, MIN_FOR_FIGURES
    )


def _figures(counts: EventCounts, limits: Thresholds) -> tuple[Figure, ...]:
    """All figures that need no groups."""
    alone = counts.attendees - counts.participants
    return (
        _total("conversations", counts.conversations),
        _total("attendees", counts.attendees),
        _total("pairs", counts.pairs),
        _participation(counts, limits),
        _total("isolates", alone) if alone >= limits.k else _hidden("isolates", BELOW_K),
        *_quartiles("conversations", counts.conversations_each, counts),
        _quartiles("partners", counts.partners_each, counts)[1],
        _part("confirmed_percent", counts.confirmed, counts, limits),
        _part("new_ties_percent", counts.new_ties, counts, limits),
        _part("repeat_pairs_percent", counts.repeats, counts, limits),
        _share("density_percent", figures.density(counts.attendees, counts.pairs), counts),
        _share("transitivity_percent", counts.transitivity, counts),
        _largest_component(counts, limits),
        _share("gini_percent", figures.gini(counts.conversations_each), counts),
    )


def _hidden(key: str, reason: str) -> Figure:
    return Figure(key, None, None, reason)


def _total(key: str, count: int) -> Figure:
    return Figure(key, round_count(count), None, None)


def _share(key: str, share: float | None, counts: EventCounts) -> Figure:
    if share is None:
        return _hidden(key, UNDEFINED)
    return Figure(key, round_percent(share), round_count(counts.attendees), None)


def _part(key: str, part: Split | None, counts: EventCounts, limits: Thresholds) -> Figure:
    """A share of pairs or claims, hidden if either side of it is small."""
    if part is None or not part.whole:
        return _hidden(key, UNDEFINED)
    if not part.is_safe(limits):
        return _hidden(key, BELOW_K)
    return Figure(key, percent(part.part, part.whole), round_count(counts.attendees), None)


def _participation(counts: EventCounts, limits: Thresholds) -> Figure:
    """Participants of attendees; a lower bound while fewer than k talked with nobody."""
    most = counts.attendees - limits.k
    if most < limits.k:
        return _hidden("participation_percent", BELOW_K)
    if counts.participants > most:
        return _lower_bound("participation_percent", most, counts)
    return _of_attendees("participation_percent", counts.participants, counts)


def _largest_component(counts: EventCounts, limits: Thresholds) -> Figure:
    """Largest component of attendees; a lower bound while fewer than k talked outside it.

    The bound starts from what participation shows, so the two together tell nothing more.
    """
    bound = min(counts.participants, counts.attendees - limits.k) - limits.k
    if min(bound, counts.largest_component) < limits.k:
        return _hidden("largest_component_percent", BELOW_K)
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


def merged_groups(group_of: Mapping[str, str], limits: Thresholds) -> dict[str, str]:
    """The group of each person after groups under k went into "other", itself at least k."""
    sizes = Counter(group_of.values())
    small = {group for group, size in sizes.items() if size < limits.k or group == OTHER}
    by_size = sorted(sizes.keys() - small, key=lambda group: (sizes[group], group))
    while by_size and 0 < sum(sizes[group] for group in small) < limits.k:
        small.add(by_size.pop(0))
    return {person: OTHER if group in small else group for person, group in group_of.items()}


def _mixing(counts: EventCounts, limits: Thresholds) -> _Mixing:
    """Groups merged, every cell counted (empty ones included), hidden ones chosen."""
    group_of = merged_groups(counts.group_of, limits)
    sizes = dict(sorted(Counter(group_of.values()).items()))
    talks: dict[Pair, list[Pair]] = {pair: [] for pair in combinations_with_replacement(sizes, 2)}
    for a, b in counts.talks:
        talks[figures.ordered(group_of[a], group_of[b])].append((a, b))
    cells = tuple(_cell(groups, pairs, group_of) for groups, pairs in talks.items())
    return _Mixing(group_of, sizes, cells, hidden_cells(cells, limits))


def _cell(groups: Pair, pairs: Sequence[Pair], group_of: Mapping[str, str]) -> _Cell:
    """The true numbers of one cell; inside a group both sides are the same people."""
    people = Counter(chain.from_iterable(pairs))
    sides = [sum(group_of[person] == group for person in people) for group in groups]
    return _Cell(groups, len(pairs), min(sides), max(people.values(), default=0))


def hidden_cells(cells: Sequence[_Cell], limits: Thresholds) -> frozenset[Pair]:
    """The cells to hide: the unsafe ones, and the smallest others until no row has just one."""
    hidden = {
        cell.groups
        for cell in cells
        if not limits.allow(cell.conversations, cell.fewest_people, cell.busiest)
    }
    while row := _row_with_one(cells, hidden):
        shown = [cell for cell in row if cell.groups not in hidden]
        hidden.add(min(shown, key=lambda cell: (cell.conversations, cell.groups)).groups)
    return frozenset(hidden)


def _row_with_one(cells: Sequence[_Cell], hidden: Collection[Pair]) -> list[_Cell] | None:
    """The cells of the first group that hides one of its several cells."""
    for name in sorted({name for cell in cells for name in cell.groups}):
        row = [cell for cell in cells if name in cell.groups]
        if len(row) > 1 and sum(cell.groups in hidden for cell in row) == 1:
            return row
    return None


def _mixing_table(counts: EventCounts, mixing: _Mixing, limits: Thresholds) -> MixingTable:
    """The published table; its ratios come from the rounded counts and say no more than they."""
    reason = _table_reason(counts, limits) or (ONE_GROUP if len(mixing.sizes) <= 1 else None)
    if reason:
        return MixingTable({}, (), reason)
    expected = figures.expected_mixing(mixing.sizes, counts.conversations)
    return MixingTable(
        group_sizes={group: round_count(size) for group, size in mixing.sizes.items()},
        cells=tuple(_published(cell, expected[cell.groups], mixing) for cell in mixing.cells),
        hidden_because=None,
    )


def _table_reason(counts: EventCounts, limits: Thresholds) -> str | None:
    """Why an event may have no table at all."""
    if counts.attendees < MIN_FOR_FIGURES:
        return TOO_FEW_ATTENDEES
    return BELOW_K if counts.participants < limits.k else None


def _published(cell: _Cell, expected: float, mixing: _Mixing) -> MixingCell:
    if cell.groups in mixing.hidden:
        return MixingCell(cell.groups, None, None, PROTECTED)
    rounded = round_count(cell.conversations)
    return MixingCell(cell.groups, rounded, round_percent(rounded / expected), None)


def _ei_figures(counts: EventCounts, mixing: _Mixing, limits: Thresholds) -> tuple[Figure, Figure]:
    """The E-I index of the merged groups, and its expected value."""
    if len(mixing.sizes) <= 1:
        return _hidden("ei_percent", ONE_GROUP), _hidden("ei_expected_percent", ONE_GROUP)
    expected = _share("ei_expected_percent", figures.ei_expected(mixing.sizes), counts)
    return _ei_index(counts, mixing, limits), expected


def _ei_index(counts: EventCounts, mixing: _Mixing, limits: Thresholds) -> Figure:
    """The E-I index, hidden where it would give away a cell: it is a margin of the table."""
    within = [cell for cell in mixing.cells if cell.is_within]
    between = [cell for cell in mixing.cells if not cell.is_within]
    if mixing.hides_one(within) or mixing.hides_one(between):
        return _hidden("ei_percent", PROTECTED)
    talks = _split_pairs(counts.talks, lambda pair: len({mixing.group_of[p] for p in pair}) == 1)
    if not talks.is_safe(limits):
        return _hidden("ei_percent", BELOW_K)
    return _share("ei_percent", figures.ei_index(counts.talks, mixing.group_of), counts)


def _rhythm(counts: EventCounts, limits: Thresholds) -> Rhythm:
    """The published rhythm, or why there is none."""
    if reason := _table_reason(counts, limits):
        return Rhythm((), reason)
    points = tuple(
        RhythmPoint(bucket.start_s, bucket.end_s, round_count(bucket.conversations))
        for bucket in merged_buckets(counts.rhythm, limits)
    )
    return Rhythm(points, None if points else BELOW_K)


def merged_buckets(buckets: Sequence[RhythmBucket], limits: Thresholds) -> list[RhythmBucket]:
    """Buckets that may be shown: unsafe ones merged, smallest first; nothing if none is safe."""
    merged = list(buckets)
    while unsafe := [at for at, bucket in enumerate(merged) if not _is_safe(bucket, limits)]:
        if len(merged) == 1:
            return []
        at = _left_of_join(merged, min(unsafe, key=lambda at: merged[at].conversations))
        merged[at : at + 2] = [_joined(merged[at], merged[at + 1])]
    return merged


def _is_safe(bucket: RhythmBucket, limits: Thresholds) -> bool:
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
