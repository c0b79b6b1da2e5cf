"""What is shown, put together in every way we could think of, tells of nobody.

Each test counts from the talks, in its own way, who stands behind a shown number.
"""

import dataclasses
import json
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from insights.chance import EVENTS, KS, MANY, ring, shown

from webapp.insights.counting import FOLLOWED, KEPT, PROMISED, count_event
from webapp.insights.publishing.limits import Limits
from webapp.insights.publishing.mixing import merged_groups
from webapp.insights.publishing.report import publish


@st.composite
def evenings(draw):
    """An event with claims nobody answered, and people who do not use the app."""
    people, groups, talks = draw(EVENTS)
    random = draw(st.randoms(use_true_random=False))
    talkers = {person for _, a, b in talks for person in (a, b)}
    silent = [person for person in people if person not in talkers]
    using = talkers | set(random.sample(silent, random.randint(0, len(silent))))
    waiting = random.choice([0, 3, 30, 100]) if len(using) > 1 else 0
    unproven = [tuple(random.sample(sorted(using), 2)) for _ in range(waiting)]
    return Evening(people, groups, talks, using, unproven, followed_by_some(talks, random))


def followed_by_some(talks, random):
    """Which pairs took each step after the event, some of them many, some nearly none."""
    pairs = sorted({tuple(sorted(talk[1:])) for talk in talks})
    share = [random.choice([0, 0.02, 0.3, 0.6, 0.98, 1]) for _ in range(4)]
    some = [{pair for pair in pairs if random.random() < odds} for odds in share]
    return dict(zip(FOLLOWED, some, strict=True)) if random.random() < 0.8 else None


@dataclasses.dataclass(frozen=True)
class Evening:
    """All that is known of an event."""

    people: list[str]
    groups: dict[str, str]
    talks: list[tuple[int, str, str]]
    using: set[str]
    unproven: list[tuple[str, str]]
    followed: dict[str, set[tuple[str, str]]] | None = None

    def report(self, k):
        counts = count_event(
            self.people,
            self.talks,
            groups=self.groups,
            using=self.using,
            unproven=self.unproven,
            followed=self.followed,
        )
        return publish(counts, k=k, is_over=True)

    def without(self, person):
        return Evening(
            [one for one in self.people if one != person],
            self.groups,
            [talk for talk in self.talks if person not in talk[1:]],
            self.using - {person},
            [pair for pair in self.unproven if person not in pair],
            self.followed,
        )

    def cell_of(self, k):
        """Tell for each talk, by its place in the list, which two groups it is between."""
        merged = merged_groups({one: self.groups[one] for one in self.people}, Limits(k))
        return [tuple(sorted((merged[a], merged[b]))) for _, a, b in self.talks]

    def people_of(self, numbers):
        return {person for number in numbers for person in self.talks[number][1:]}


EVENINGS = evenings()


def talk_sets(evening, report, k):
    """Return every set of proven talks of which a number is shown, by what shows it."""
    cell_of, figures = evening.cell_of(k), shown(report)
    numbers = range(len(evening.talks))
    sets = {"total": set(numbers)} if "conversations" in figures else {}
    for cell in report.mixing.cells:
        if not cell.hidden_because:
            sets[cell.groups] = {one for one in numbers if cell_of[one] == cell.groups}
    if "ei_percent" in figures:
        sets["within"] = {one for one in numbers if len(set(cell_of[one])) == 1}
        sets["between"] = set(numbers) - sets["within"]
    for point in report.rhythm.points:
        inside = {one for one in numbers if point.start_s <= evening.talks[one][0] < point.end_s}
        sets[point.start_s, point.end_s] = inside
    return sets


@MANY
@given(evening=EVENINGS, k=KS)
def test_one_shown_number_within_another_leaves_k_people_or_nobody(evening, k):
    sets = talk_sets(evening, evening.report(k), k)
    for one, other in combinations(sets.values(), 2):
        small, large = sorted((one, other), key=len)
        if small <= large:
            rest = evening.people_of(large - small)
            assert not rest or len(rest) >= k


@MANY
@given(evening=EVENINGS, k=KS)
def test_all_shown_cells_leave_k_people_or_nobody(evening, k):
    report = evening.report(k)
    sets = talk_sets(evening, report, k)
    cells = [cell.groups for cell in report.mixing.cells if cell.groups in sets]
    for whole, belongs in (
        ("total", all),
        ("within", lambda groups: groups[0] == groups[1]),
        ("between", lambda groups: groups[0] != groups[1]),
    ):
        if whole in sets and report.mixing.cells:
            parts = [sets[groups] for groups in cells if belongs(groups)]
            rest = evening.people_of(sets[whole].difference(*parts))
            hidden = [c for c in report.mixing.cells if c.hidden_because and belongs(c.groups)]
            assert not hidden or len(rest) >= k
            assert hidden or not rest


def talks_behind(evening):
    """Return by step the talks that got this far, each a place in one list of all that was said."""
    said = [*(talk[1:] for talk in evening.talks), *evening.unproven]
    proven = set(range(len(evening.talks)))
    behind = {"claimed": set(range(len(said))), "proven": proven}
    for key, pairs in (evening.followed or {}).items():
        within = behind[PROMISED] if key == KEPT else proven
        behind[key] = {one for one in within if tuple(sorted(said[one])) in pairs}
    return said, behind


@MANY
@given(evening=EVENINGS, k=KS)
def test_steps_of_follow_through_differ_by_k_people_and_ten_talks(evening, k):
    said, behind = talks_behind(evening)
    shown_steps = [step for step in evening.report(k).following if step.count is not None]
    for one, other in combinations((behind[step.key] for step in shown_steps), 2):
        small, large = sorted((one, other), key=len)
        if small <= large:
            for part in (small, large - small):
                assert len({person for at in part for person in said[at]}) >= k
                assert len(part) >= 10


@MANY
@given(evening=EVENINGS, k=KS)
def test_a_step_is_counted_in_talks(evening, k):
    _said, behind = talks_behind(evening)
    for step in evening.report(k).following:
        assert step.count is None or abs(step.count - len(behind[step.key])) <= 2.5


@MANY
@given(evening=EVENINGS, k=KS)
def test_numbers_of_people_differ_by_at_least_k(evening, k):
    figures = shown(evening.report(k))
    talkers = {person for talk in evening.talks for person in talk[1:]}
    exact = {"participation_percent": talkers, "using_percent": evening.using}
    sets = [set(), set(evening.people)]
    for key, people in exact.items():
        if key in figures and not figures[key].is_at_least:
            sets.append(people)
    if len(sets) > 2:
        assert all(len(one ^ other) >= k for one, other in combinations(sets, 2))
    for key, people in exact.items():
        if key in figures and figures[key].is_at_least:
            assert figures[key].value * len(evening.people) <= 100 * len(people)


def is_determined(cells, hidden, sums):
    """Tell which hidden cells follow from linear equations: those a row of the reduced form names.

    Each sum is a set of cells whose total is shown; shown cells are known and drop out.
    """
    order = sorted(hidden)
    rows = [[Fraction(cell in wanted) for cell in order] for wanted in sums]
    reduced = []
    for column in range(len(order)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [value / pivot[column] for value in pivot]
        clear = lambda row: [x - row[column] * y for x, y in zip(row, pivot, strict=True)]  # noqa: E731, B023
        rows, reduced = [clear(row) for row in rows], [*(clear(row) for row in reduced), pivot]
    named = [row for row in reduced if sum(map(bool, row)) == 1]
    return {order[row.index(1)] for row in named}


@pytest.mark.parametrize(
    ("hidden", "sums", "determined"),
    [
        ({"a", "b"}, [{"a", "b", "c"}], set()),
        ({"a", "b"}, [{"a", "b", "c"}, {"a", "c"}], {"a", "b"}),
        ({"a", "b", "d"}, [{"a", "b"}, {"b", "d"}, {"a", "d"}], {"a", "b", "d"}),
        ({"a"}, [{"a", "c"}], {"a"}),
        ({"a", "b", "d"}, [{"a", "b", "d"}, {"a", "b", "c"}], {"d"}),
    ],
)
def test_the_attack_finds_what_can_be_computed(hidden, sums, determined):
    assert is_determined({"a", "b", "c", "d"}, hidden, sums) == determined


def sums_shown(report):
    """Return all sums of cells that a reader knows: the total, and both sides of the E-I index."""
    cells = {cell.groups for cell in report.mixing.cells}
    figures = shown(report)
    within = {groups for groups in cells if groups[0] == groups[1]}
    sums = [cells] if "conversations" in figures else []
    return sums + ([within, cells - within] if "ei_percent" in figures else [])


@MANY
@given(evening=EVENINGS, k=KS)
def test_no_hidden_cell_solves_the_equations_of_what_is_shown(evening, k):
    report = evening.report(k)
    cells = {cell.groups for cell in report.mixing.cells}
    hidden = {cell.groups for cell in report.mixing.cells if cell.hidden_because}
    assert is_determined(cells, hidden, sums_shown(report)) == set()
    with_rows = [{groups for groups in cells if name in groups} for name, _ in cells]
    if len(report.mixing.group_sizes) > 1:
        for row in with_rows:
            assert is_determined(cells, hidden, [row]) == set()


@MANY
@given(evening=EVENINGS, k=KS)
def test_every_hidden_cell_may_be_empty_or_hold_more_than_is_rounded_away(evening, k):
    """With each count known to 2.5, every hidden cell still has a range wider than rounding."""
    report = evening.report(k)
    known = {c.groups: c.conversations for c in report.mixing.cells if not c.hidden_because}
    hidden = {c.groups for c in report.mixing.cells if c.hidden_because}
    true = count_of_cells(evening, k)
    for cell in hidden:
        for wanted in (one for one in sums_shown(report) if cell in one):
            others = wanted & hidden - {cell}
            rest = sum(true.get(groups, 0) for groups in wanted & hidden)
            shown_too = wanted & known.keys()
            assert others
            assert rest >= 10 or not shown_too
            assert rest + 2.5 * (1 + len(shown_too)) > 5


def count_of_cells(evening, k):
    counts = {}
    for groups in evening.cell_of(k):
        counts[groups] = counts.get(groups, 0) + 1
    return counts


def labels(report):
    return {name for cell in report.mixing.cells for name in cell.groups}


@MANY
@given(evening=EVENINGS, k=KS, data=st.data())
def test_without_any_one_attendee_nothing_that_names_them_changes(evening, k, data):
    if not evening.people:
        return
    person = data.draw(st.sampled_from(evening.people))
    one, other = evening.report(k), evening.without(person).report(k)
    for report in (one, other):
        assert person not in json.dumps(dataclasses.asdict(report))
    bearers = [other for other in evening.people if other != person]
    for name in labels(one) - {"other"}:
        assert sum(evening.groups[other] == name for other in bearers) >= k - 1
    before = talk_sets(evening, one, k)
    for what, numbers in before.items():
        behind = evening.people_of(numbers)
        assert len(behind - {person}) >= k - 1, what


def test_a_name_that_is_a_group_of_its_own_is_not_shown():
    people = [f"guest-{number}" for number in range(60)]
    groups = {one: f"Group {at % 2}" for at, one in enumerate(people)} | {people[0]: "Zoe alone"}
    evening = Evening(people, groups, ring(people, 4), set(people), [])
    report = evening.report(10)
    assert "Zoe alone" not in json.dumps(dataclasses.asdict(report))
