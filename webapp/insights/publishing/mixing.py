"""Conversations between groups: small groups merged, cells hidden where one could be computed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations_with_replacement

from webapp.insights import figures
from webapp.insights.counting import OTHER, EventCounts
from webapp.insights.figures import Pair
from webapp.insights.publishing.limits import (
    ONE_GROUP,
    PROTECTED,
    Limits,
    round_count,
    round_percent,
    table_hidden_because,
)
from webapp.insights.publishing.shares import Figure, hidden, share


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
class Cell:
    """The true numbers of one cell: people per side, and the most talks one person has in it."""

    groups: Pair
    conversations: int
    fewest_people: int
    busiest: int
    people: frozenset[str]

    @property
    def is_within(self) -> bool:
        """Whether both sides are the same group."""
        return self.groups[0] == self.groups[1]


@dataclass(frozen=True)
class Mixing:
    """The true table after merging, and which of its cells to hide."""

    group_of: Mapping[str, str]
    sizes: Mapping[str, int]
    cells: tuple[Cell, ...]
    hidden: frozenset[Pair]

    def gives_away(self, cells: Iterable[Cell], limits: Limits) -> bool:
        """Whether the sum of some cells, beside those of them that are shown, would tell too much.

        It would tell of one hidden cell, or of several that are too small even together.
        """
        hides = [cell for cell in cells if cell.groups in self.hidden]
        return len(hides) == 1 or not _is_safe_together(hides, limits)


def merged_groups(group_of: Mapping[str, str], limits: Limits) -> dict[str, str]:
    """The group of each person after groups under k went into "other", itself at least k."""
    sizes = Counter(group_of.values())
    small = {group for group, size in sizes.items() if size < limits.k or group == OTHER}
    by_size = sorted(sizes.keys() - small, key=lambda group: (sizes[group], group))
    while by_size and 0 < sum(sizes[group] for group in small) < limits.k:
        small.add(by_size.pop(0))
    return {person: OTHER if group in small else group for person, group in group_of.items()}


def merged_mixing(counts: EventCounts, limits: Limits) -> Mixing:
    """Groups merged, every cell counted (empty ones included), hidden ones chosen."""
    group_of = merged_groups(counts.group_of, limits)
    sizes = dict(sorted(Counter(group_of.values()).items()))
    talks: dict[Pair, list[Pair]] = {pair: [] for pair in combinations_with_replacement(sizes, 2)}
    for a, b in counts.talks:
        talks[figures.ordered(group_of[a], group_of[b])].append((a, b))
    cells = tuple(_cell(groups, pairs, group_of) for groups, pairs in talks.items())
    return Mixing(group_of, sizes, cells, hidden_cells(cells, limits))


def _cell(groups: Pair, pairs: Sequence[Pair], group_of: Mapping[str, str]) -> Cell:
    """The true numbers of one cell; inside a group both sides are the same people."""
    people = Counter(chain.from_iterable(pairs))
    sides = [sum(group_of[person] == group for person in people) for group in groups]
    busiest = max(people.values(), default=0)
    return Cell(groups, len(pairs), min(sides), busiest, frozenset(people))


def hidden_cells(cells: Sequence[Cell], limits: Limits) -> frozenset[Pair]:
    """The cells to hide: the unsafe ones, and the smallest others until none can be computed.

    No row may hide just one; all together are safe, since the total tells their sum.
    """
    hides = {
        cell.groups
        for cell in cells
        if not limits.allow(cell.conversations, cell.fewest_people, cell.busiest)
    }
    while more := _row_with_one(cells, hides) or _too_small_a_rest(cells, hides, limits):
        shown = [cell for cell in more if cell.groups not in hides]
        hides.add(min(shown, key=lambda cell: (cell.conversations, cell.groups)).groups)
    return frozenset(hides)


def _too_small_a_rest(
    cells: Sequence[Cell], hides: Collection[Pair], limits: Limits
) -> Sequence[Cell]:
    """All cells, if those hidden are too small together and others could join them."""
    hidden_ones = [cell for cell in cells if cell.groups in hides]
    is_enough = len(hidden_ones) == len(cells) or _is_safe_together(hidden_ones, limits)
    return [] if is_enough else cells


def _is_safe_together(cells: Sequence[Cell], limits: Limits) -> bool:
    people = frozenset(chain.from_iterable(cell.people for cell in cells))
    talks = sum(cell.conversations for cell in cells)
    return not cells or limits.allow(talks, len(people))


def _row_with_one(cells: Sequence[Cell], hides: Collection[Pair]) -> list[Cell] | None:
    """The cells of the first group that hides one of its several cells."""
    for name in sorted({name for cell in cells for name in cell.groups}):
        row = [cell for cell in cells if name in cell.groups]
        if len(row) > 1 and sum(cell.groups in hides for cell in row) == 1:
            return row
    return None


def mixing_table(counts: EventCounts, mixing: Mixing, limits: Limits) -> MixingTable:
    """The published table; its ratios come from the rounded counts and say no more than they."""
    reason = table_hidden_because(counts, limits) or (ONE_GROUP if len(mixing.sizes) <= 1 else None)
    if reason:
        return MixingTable({}, (), reason)
    expected = figures.expected_mixing(mixing.sizes, round_count(counts.conversations))
    return MixingTable(
        group_sizes={group: round_count(size) for group, size in mixing.sizes.items()},
        cells=tuple(_published(cell, expected[cell.groups], mixing) for cell in mixing.cells),
        hidden_because=None,
    )


def _published(cell: Cell, expected: float, mixing: Mixing) -> MixingCell:
    if cell.groups in mixing.hidden:
        return MixingCell(cell.groups, None, None, PROTECTED)
    rounded = round_count(cell.conversations)
    return MixingCell(cell.groups, rounded, round_percent(rounded / expected), None)


def ei_figures(counts: EventCounts, mixing: Mixing, limits: Limits) -> tuple[Figure, Figure]:
    """The E-I index of the merged groups, and its expected value."""
    if len(mixing.sizes) <= 1:
        return hidden("ei_percent", ONE_GROUP), hidden("ei_expected_percent", ONE_GROUP)
    expected = share("ei_expected_percent", figures.ei_expected(mixing.sizes), counts)
    return _ei_index(counts, mixing, limits), expected


def _ei_index(counts: EventCounts, mixing: Mixing, limits: Limits) -> Figure:
    """The E-I index, hidden where it would give away a cell: it is a margin of the table."""
    within = [cell for cell in mixing.cells if cell.is_within]
    between = [cell for cell in mixing.cells if not cell.is_within]
    if mixing.gives_away(within, limits) or mixing.gives_away(between, limits):
        return hidden("ei_percent", PROTECTED)
    return share("ei_percent", figures.ei_index(counts.talks, mixing.group_of), counts)
