import dataclasses
import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from insights.chance import EVENTS, KS, MANY, QUARTER, names, ring, shown

from webapp.insights import figures
from webapp.insights.counting import Split, count_event
from webapp.insights.publishing.limits import Limits, percent, round_count, round_percent
from webapp.insights.publishing.mixing import Cell, hidden_cells, merged_groups
from webapp.insights.publishing.report import PublishedReport, publish
from webapp.insights.publishing.rhythm import RhythmPoint, merged_buckets
from webapp.insights.publishing.shares import Figure

TOTALS = {"conversations", "attendees", "pairs"}
QUARTILES = {
    "conversations_lower",
    "conversations_median",
    "conversations_upper",
    "partners_median",
}


def reasons(report: PublishedReport) -> dict[str, str | None]:
    return {figure.key: figure.hidden_because for figure in report.figures}


def report_of(people, talks, *, groups=None, k=10, is_over=True, **more) -> PublishedReport:
    counts = count_event(people, talks, groups=groups or {}, **more)
    return publish(counts, k=k, is_over=is_over)


@pytest.mark.parametrize("k", [4, 51, 0, -10])
def test_k_is_from_5_to_50(k):
    with pytest.raises(ValueError, match="k must be from 5 to 50"):
        Limits(k)
    with pytest.raises(ValueError, match="k must be from 5 to 50"):
        report_of(names(40), [], k=k)


def test_k_is_10_unless_set():
    assert Limits().k == 10
    assert Limits(5).k == 5
    assert Limits(50).k == 50


@pytest.mark.parametrize(
    ("count", "rounded"),
    [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (12.5, 15), (2.5, 5), (4298, 4300)],
)
def test_counts_are_rounded_to_5_half_up(count, rounded):
    assert round_count(count) == rounded


@pytest.mark.parametrize(
    ("share", "rounded"), [(0.005, 1), (0.004, 0), (0.125, 13), (1.0, 100), (-0.525, -52), (0.0, 0)]
)
def test_shares_are_whole_per_cent_half_up(share, rounded):
    assert round_percent(share) == rounded


@pytest.mark.parametrize(
    ("part", "whole", "rounded"), [(29, 200, 15), (1, 200, 1), (1, 3, 33), (2, 3, 67), (7, 7, 100)]
)
def test_per_cent_of_whole_numbers_is_exact(part, whole, rounded):
    assert percent(part, whole) == rounded


def test_under_20_attendees_only_the_number_of_conversations():
    report = report_of(names(19), ring(names(19), 3))
    assert shown(report) == {"conversations": Figure("conversations", 55, None, None)}
    assert report.mixing.hidden_because == report.rhythm.hidden_because == "too_few_attendees"


def test_under_20_attendees_nothing_before_the_end():
    report = report_of(names(19), ring(names(19), 3), is_over=False)
    assert shown(report) == {}
    assert reasons(report)["conversations"] == "not_over"


def test_from_20_attendees_totals_only_also_before_the_end():
    for people in (names(20), names(29)):
        report = report_of(people, ring(people, 3), is_over=False)
        assert shown(report).keys() == TOTALS
        assert report.mixing.hidden_because == report.rhythm.hidden_because == "too_few_attendees"


def test_from_30_attendees_rates_but_no_quartiles():
    for people in (names(30), names(39)):
        keys = shown(report_of(people, ring(people, 3))).keys()
        assert {"density_percent", "transitivity_percent", "gini_percent"} <= keys
        assert not QUARTILES & keys


def test_from_40_attendees_quartiles():
    report = report_of(names(40), ring(names(40), 3))
    assert shown(report)["conversations_median"] == Figure("conversations_median", 6, 40, None)
    assert shown(report).keys() >= QUARTILES


def test_a_smaller_k_does_not_want_less_for_quartiles():
    assert not QUARTILES & shown(report_of(names(39), ring(names(39), 3), k=5)).keys()
    assert shown(report_of(names(40), ring(names(40), 3), k=5)).keys() >= QUARTILES


def test_a_larger_k_wants_more_for_quartiles():
    assert not QUARTILES & shown(report_of(names(79), ring(names(79), 3), k=20)).keys()
    assert shown(report_of(names(80), ring(names(80), 3), k=20)).keys() >= QUARTILES


def test_the_same_keys_come_always_and_none_is_a_minimum_or_maximum():
    keys = [figure.key for figure in report_of([], []).figures]
    assert keys == [figure.key for figure in report_of(names(60), ring(names(60), 2)).figures]
    assert len(set(keys)) == len(keys)
    assert not [key for key in keys if "min" in key or "max" in key or "score" in key]


def test_too_few_talkers_hide_all_but_the_size_of_the_event():
    people = names(60)
    report = report_of(people, ring(people[:9], 3))
    assert shown(report).keys() == {"attendees"}
    assert reasons(report)["conversations"] == "below_k"
    assert report.rhythm.hidden_because == report.mixing.hidden_because == "below_k"


def test_k_talkers_are_enough():
    assert shown(report_of(names(60), ring(names(10), 2)))["conversations"].value == 20


def test_an_event_smaller_than_k_says_nothing():
    assert shown(report_of(names(45), ring(names(45), 3), k=50)) == {}


def test_enough_isolates_are_a_number_and_participation_is_exact():
    people = names(50)
    found = shown(report_of(people, ring(people[:40], 2)))
    assert found["isolates"] == Figure("isolates", 10, None, None)
    assert found["participation_percent"] == Figure("participation_percent", 80, 50, None)


@pytest.mark.parametrize("alone", range(10))
def test_few_isolates_cannot_be_counted(alone):
    people = names(50)
    report = report_of(people, ring(people[alone:], 2))
    assert reasons(report)["isolates"] == "below_k"
    participation = shown(report)["participation_percent"]
    assert participation == Figure("participation_percent", 80, 50, None, is_at_least=True)
    largest = shown(report)["largest_component_percent"]
    assert largest == Figure("largest_component_percent", 60, 50, None, is_at_least=True)


def test_a_lower_bound_is_rounded_down():
    people = names(58)
    found = shown(report_of(people, ring(people[9:], 2)))["participation_percent"]
    assert (found.value, found.is_at_least) == (100 * 48 // 58, True)


def test_a_pair_that_keeps_to_itself_cannot_be_seen_from_the_largest_component():
    people = names(60)
    together = shown(report_of(people, ring(people[:40], 2)))
    apart = shown(report_of(people, [*ring(people[:38], 2), (0, people[38], people[39])]))
    key = "largest_component_percent"
    assert together[key] == apart[key] == Figure(key, 50, 60, None, is_at_least=True)


def test_a_large_part_outside_the_largest_component_is_shown():
    people = names(60)
    found = shown(report_of(people, [*ring(people[:30], 2), *ring(people[30:45], 2)]))
    assert found["largest_component_percent"] == Figure("largest_component_percent", 50, 60, None)


@pytest.mark.parametrize(
    ("split", "is_safe"),
    [
        (Split(10, 20, 10, 10), True),
        (Split(9, 20, 10, 10), False),
        (Split(10, 19, 10, 10), False),
        (Split(10, 20, 9, 10), False),
        (Split(10, 20, 10, 9), False),
    ],
)
def test_a_share_needs_both_its_sides(split, is_safe):
    assert Limits().allow_split(split) is is_safe


def test_repeat_pairs_need_people_on_both_sides():
    people = names(40)
    once = ring(people, 2)
    key = "repeat_pairs_percent"
    assert reasons(report_of(people, once))[key] == "below_k"
    assert reasons(report_of(people, [*once, *once[:8]]))[key] == "below_k"
    assert shown(report_of(people, [*once, *once[:20]]))[key].value == 25


def test_confirmation_counts_the_unproven_claims():
    people = names(40)
    unproven = [(a, b) for _, a, b in ring(people, 1)]
    found = shown(report_of(people, ring(people, 3), unproven=unproven))
    assert found["confirmed_percent"].value == 75
    few = report_of(people, ring(people, 3), unproven=unproven[:5])
    assert reasons(few)["confirmed_percent"] == "below_k"


def test_new_ties_need_an_earlier_event():
    people = names(40)
    talks = ring(people, 2)
    known = {figures.ordered(a, b) for _, a, b in talks[:20]}
    assert reasons(report_of(people, talks))["new_ties_percent"] == "undefined"
    assert shown(report_of(people, talks, earlier_pairs=known))["new_ties_percent"].value == 75


def test_small_groups_are_merged_until_the_rest_is_large_enough():
    group_of = {
        f"{group}{number}": group
        for group, size in {"A": 30, "B": 12, "C": 15, "D": 4}.items()
        for number in range(size)
    }
    merged = merged_groups(group_of, Limits())
    assert Counter(merged.values()) == {"A": 30, "C": 15, "other": 16}


def test_a_group_called_other_takes_the_small_ones():
    group_of = {f"A{number}": "A" for number in range(12)}
    group_of |= {f"other{number}": "other" for number in range(15)} | {"B0": "B"}
    assert Counter(merged_groups(group_of, Limits()).values()) == {"A": 12, "other": 16}


def test_enough_small_groups_fill_other_by_themselves():
    group_of = {f"{group}{number}": group for group in "ABCDE" for number in range(5)}
    group_of |= {f"F{number}": "F" for number in range(10)}
    merged = merged_groups(group_of, Limits())
    assert Counter(merged.values()) == {"other": 25, "F": 10}


def test_no_group_at_all_is_no_table():
    report = report_of(names(60), ring(names(60), 3))
    assert report.mixing.hidden_because == reasons(report)["ei_percent"] == "one_group"


def two_groups(people: list[str]) -> dict[str, str]:
    return {person: "AB"[at % 2] for at, person in enumerate(people)}


def test_a_mixing_table_by_hand():
    people = names(60)
    report = report_of(people, ring(people, 2), groups=two_groups(people))
    assert report.mixing.group_sizes == {"A": 30, "B": 30}
    found = {cell.groups: (cell.conversations, cell.ratio_percent) for cell in report.mixing.cells}
    assert found == {("A", "A"): (30, 102), ("A", "B"): (60, 98), ("B", "B"): (30, 102)}
    assert shown(report)["ei_percent"].value == 0
    assert shown(report)["ei_expected_percent"].value == 2


def test_a_ratio_says_no_more_than_the_rounded_count():
    people = names(64)
    found = report_of(people, ring(people, 2), groups=two_groups(people)).mixing.cells
    chance = (32 * 31 / 2) / (64 * 63 / 2)
    exactly = round(100 * 32 / (128 * chance))
    assert found[0].conversations == 30
    assert found[0].ratio_percent == round(100 * 30 / (130 * chance)) != exactly


def test_a_cell_with_few_people_on_one_side_is_hidden():
    people = names(60)
    across = [(0, people[2 * (at % 6)], people[at]) for at in range(1, 60, 2)]
    within = [talk for at in range(2) for talk in ring(people[at::2], 2)]
    found = report_of(people, [*within, *across], groups=two_groups(people)).mixing
    assert {cell.hidden_because for cell in found.cells} == {"protected"}


def test_a_person_in_more_than_half_of_a_cell_hides_it():
    people = names(60)
    groups = two_groups(people)
    hub = [(0, people[0], other) for other in people[2::2]]
    ordinary = [(0, a, b) for _, a, b in ring(people, 1)] + ring(people[1::2], 1)
    found = report_of(people, [*ordinary, *hub], groups=groups).mixing
    assert [cell.hidden_because for cell in found.cells] == ["protected", "protected", "protected"]
    fair = report_of(people, [*ordinary, *ring(people[::2], 2), *hub], groups=groups).mixing
    assert not [cell for cell in fair.cells if cell.hidden_because]


def cell(groups: str, conversations: int, *, busiest: int = 1) -> Cell:
    people = frozenset(f"{groups} {number}" for number in range(conversations))
    return Cell((groups[0], groups[1]), conversations, conversations, busiest, people)


def test_a_row_never_hides_one_cell_alone():
    counts = {"AA": 50, "AB": 40, "AC": 3, "BB": 50, "BC": 30, "CC": 50}
    cells = [cell(groups, conversations) for groups, conversations in counts.items()]
    assert hidden_cells(cells, Limits()) == {("A", "C"), ("A", "B"), ("B", "C")}


@pytest.mark.parametrize(("busiest", "is_hidden"), [(15, False), (16, True)])
def test_a_person_in_half_of_a_cell_may_be(busiest, is_hidden):
    cells = [cell("AA", 30, busiest=busiest), cell("AB", 30), cell("BB", 30)]
    assert (("A", "A") in hidden_cells(cells, Limits())) is is_hidden


def test_what_is_hidden_is_enough_people_together():
    counts = {"AA": 60, "AB": 2, "AC": 1, "BB": 40, "BC": 3, "CC": 50}
    cells = [cell(groups, conversations) for groups, conversations in counts.items()]
    between = {("A", "B"), ("A", "C"), ("B", "C")}
    assert hidden_cells(cells, Limits()) == {*between, ("B", "B")}


def test_nothing_is_hidden_where_all_is_safe():
    cells = [cell(groups, 30) for groups in ("AA", "AB", "BB")]
    assert hidden_cells(cells, Limits()) == frozenset()


def test_the_ei_index_is_hidden_where_it_would_give_away_a_cell():
    people = names(60)
    groups = two_groups(people)
    within = [*ring(people[::2], 2), *ring(people[1::2], 2)]
    few_between = [(0, people[at], people[at + 1]) for at in range(0, 8, 2)]
    report = report_of(people, [*within, *few_between], groups=groups)
    assert reasons(report)["ei_percent"] == "protected"
    assert {found.hidden_because for found in report.mixing.cells} == {"protected"}


def test_the_ei_index_is_hidden_where_few_people_are_between_groups():
    people = names(60)
    groups = {person: "ABC"[at % 3] for at, person in enumerate(people)}
    within = [talk for at in range(3) for talk in ring(people[at::3], 2)]
    report = report_of(people, [*within, *ring(people[:3], 1)], groups=groups)
    assert reasons(report)["ei_percent"] == "protected"
    hidden = {found.groups for found in report.mixing.cells if found.hidden_because}
    assert hidden == {("A", "A"), ("A", "B"), ("A", "C"), ("B", "C")}


def bucket(start: int, people: int, *, each: int = 2) -> figures.RhythmBucket:
    return figures.RhythmBucket(
        start * QUARTER,
        (start + 1) * QUARTER,
        people * each // 2,
        {f"name-{start}-{number}": each for number in range(people)},
    )


def spans(buckets: list[figures.RhythmBucket]) -> list[tuple[int, int, int]]:
    return [(b.start_s // QUARTER, b.end_s // QUARTER, b.conversations) for b in buckets]


def test_quiet_buckets_join_the_neighbour_nearer_in_time():
    quiet_evening = [bucket(0, 20), bucket(1, 4), bucket(50, 20), bucket(51, 20)]
    assert spans(merged_buckets(quiet_evening, Limits())) == [
        (0, 2, 24),
        (50, 51, 20),
        (51, 52, 20),
    ]
    quiet_morning = [bucket(0, 20), bucket(49, 4), bucket(50, 20)]
    assert spans(merged_buckets(quiet_morning, Limits())) == [(0, 1, 20), (49, 51, 24)]


def test_quiet_buckets_at_the_edges_join_inwards():
    found = merged_buckets([bucket(0, 4), bucket(1, 20), bucket(2, 4)], Limits())
    assert spans(found) == [(0, 3, 28)]

    found = merged_buckets([bucket(0, 20), bucket(1, 20), bucket(2, 4)], Limits())
    assert spans(found) == [(0, 1, 20), (1, 3, 24)]


def test_the_quietest_bucket_joins_first():
    found = merged_buckets([bucket(0, 20), bucket(1, 8), bucket(2, 4)], Limits())
    assert spans(found) == [(0, 1, 20), (1, 3, 12)]


def test_who_dominates_is_counted_again_after_joining():
    def led(start: int, others: int) -> figures.RhythmBucket:
        people = {"lead": others} | {f"name-{start}-{number}": 1 for number in range(others)}
        return figures.RhythmBucket(start * QUARTER, (start + 1) * QUARTER, others, people)

    assert merged_buckets([led(0, 8), led(1, 8)], Limits()) == []


def test_a_rhythm_too_quiet_to_show_is_empty():
    assert merged_buckets([bucket(0, 4), bucket(1, 4)], Limits()) == []
    assert merged_buckets([], Limits()) == []


def test_a_published_rhythm():
    people = names(40)
    talks = [*ring(people, 1), *ring(people[:8], 1, starting_at=QUARTER + 1)]
    rhythm = report_of(people, talks).rhythm
    assert rhythm.hidden_because is None
    assert rhythm.points == (RhythmPoint(0, 2 * QUARTER, 50),)


@pytest.mark.parametrize("talk", [(0, "name-0", "name-0"), (0, "name-0", "stranger")])
def test_impossible_talks_are_refused(talk):
    with pytest.raises(ValueError, match="a conversation of name-0"):
        count_event(names(3), [talk], groups={})


@MANY
@given(event=EVENTS, k=KS)
def test_no_shown_cell_is_small_or_dominated(event, k):
    people, groups, talks = event
    report = report_of(people, talks, groups=groups, k=k)
    merged = merged_groups({person: groups[person] for person in people}, Limits(k))
    for found in report.mixing.cells:
        inside = [
            (a, b) for _, a, b in talks if figures.ordered(merged[a], merged[b]) == found.groups
        ]
        if found.hidden_because:
            assert (found.conversations, found.ratio_percent) == (None, None)
            continue
        each = Counter(person for pair in inside for person in pair)
        assert len(inside) >= 10
        assert max(each.values()) * 2 <= len(inside)
        assert all(sum(merged[p] == group for p in each) >= k for group in found.groups)
        assert found.conversations == round_count(len(inside))
    assert all(size >= round_count(k) for size in report.mixing.group_sizes.values())


@MANY
@given(event=EVENTS, k=KS)
def test_no_hidden_cell_follows_from_a_sum(event, k):
    people, groups, talks = event
    report = report_of(people, talks, groups=groups, k=k)
    hidden = {found.groups for found in report.mixing.cells if found.hidden_because}
    sums = [{found.groups for found in report.mixing.cells}]
    sums += [{pair for pair in sums[0] if name in pair} for name in report.mixing.group_sizes]
    if "ei_percent" in shown(report):
        within = {pair for pair in sums[0] if pair[0] == pair[1]}
        sums += [within, sums[0] - within]
    assert all(len(cells & hidden) != 1 for cells in sums)
    assert len({found.hidden_because for found in report.mixing.cells} - {None}) <= 1


@MANY
@given(event=EVENTS, k=KS, is_over=st.booleans())
def test_all_that_is_shown_is_rounded_and_carries_its_n(event, k, is_over):
    people, groups, talks = event
    report = report_of(people, talks, groups=groups, k=k, is_over=is_over)
    for found in report.figures:
        assert (found.value is None) == (found.hidden_because is not None)
        assert isinstance(found.value, int | None)
        if found.hidden_because or found.key in TOTALS | {"isolates"}:
            assert found.n is None
            assert not (found.value or 0) % 5
        else:
            assert found.n == round_count(len(people))
    counts = [cell.conversations or 0 for cell in report.mixing.cells]
    counts += [point.conversations for point in report.rhythm.points]
    assert not [count for count in [*counts, *report.mixing.group_sizes.values()] if count % 5]


@MANY
@given(event=EVENTS, k=KS, is_over=st.booleans())
def test_sizes_of_events_decide_what_there_is(event, k, is_over):
    people, groups, talks = event
    report = report_of(people, talks, groups=groups, k=k, is_over=is_over)
    keys = shown(report).keys()
    if len(people) < 40:
        assert not keys & QUARTILES
    if len(people) < 30:
        assert keys <= TOTALS
        assert not report.mixing.cells
        assert not report.rhythm.points
    if len(people) < 20:
        assert keys <= ({"conversations"} if is_over else set())


@MANY
@given(event=EVENTS, k=KS)
def test_every_step_of_the_rhythm_has_k_people(event, k):
    people, groups, talks = event
    points = report_of(people, talks, groups=groups, k=k).rhythm.points
    for point in points:
        inside = [talk for talk in talks if point.start_s <= talk[0] < point.end_s]
        each = Counter(person for _, a, b in inside for person in (a, b))
        assert len(each) >= k
        assert len(inside) >= 10
        assert max(each.values()) * 2 <= len(inside)
        assert point.conversations == round_count(len(inside))
    covered = [talk for talk in talks for p in points if p.start_s <= talk[0] < p.end_s]
    assert len(covered) in (0, len(talks))


@MANY
@given(event=EVENTS, k=KS)
def test_exact_shares_of_attendees_differ_by_at_least_k(event, k):
    people, groups, talks = event
    found = shown(report_of(people, talks, groups=groups, k=k))
    counts = count_event(people, talks, groups=groups)
    exact = {
        "participation_percent": counts.participants,
        "largest_component_percent": counts.largest_component,
    }
    sizes = [size for key, size in exact.items() if key in found and not found[key].is_at_least]
    sizes = sorted([0, *sizes, len(people)])
    assert all(b - a >= k for a, b in pairwise(sizes) if len(sizes) > 2)
    for key, size in exact.items():
        if key in found and found[key].is_at_least:
            assert found[key].value * len(people) <= 100 * (size - 1)
    if "isolates" in found:
        assert counts.attendees - counts.participants >= k


@MANY
@given(event=EVENTS, k=KS)
def test_few_isolates_are_never_counted(event, k):
    people, groups, talks = event
    counts = count_event(people, talks, groups=groups)
    if not 0 < counts.attendees - counts.participants < k:
        return
    found = shown(publish(counts, k=k, is_over=True))
    assert "isolates" not in found
    assert found.get("participation_percent", Figure("", 0, 0, None, is_at_least=True)).is_at_least


@MANY
@given(event=EVENTS)
def test_a_report_names_nobody_and_is_json(event):
    people, groups, talks = event
    report = dataclasses.asdict(report_of(people, talks, groups=groups, k=5))
    assert "name-" not in json.dumps(report, allow_nan=False)
