import csv
import gzip
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import real_data
from webapp.insights import figures
from webapp.insights.figures import BUCKET_S, exact_figures

EXPECTED = json.loads(real_data.EXPECTED.read_text())
PEOPLE = ["a", "b", "c", "d", "e", "f"]
TRIANGLE_AND_TAIL = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "c")]
GROUPS = {"a": "X", "b": "X", "c": "X", "d": "Y", "e": "Y", "f": "Z"}


def people_of(name: str) -> list[str]:
    rows = gzip.decompress(real_data.CONTACTS[name].read_bytes()).decode().splitlines()
    return sorted({person for row in rows for person in row.split()[1:]}, key=int)


def conversations_of(name: str) -> list[tuple[str, str]]:
    with real_data.CONVERSATIONS[name].open(newline="") as file:
        return [(row["a"], row["b"]) for row in csv.DictReader(file)]


def groups_of(name: str) -> dict[str, str] | None:
    path = real_data.GROUPS.get(name)
    return dict(row.split() for row in path.read_text().splitlines()) if path else None


@pytest.mark.parametrize("name", real_data.CONTACTS)
def test_figures_equal_the_reference(name):
    found = exact_figures(people_of(name), conversations_of(name), groups_of(name))
    assert found.keys() == EXPECTED[name].keys()
    for key, expected in EXPECTED[name].items():
        exact = not isinstance(expected, float)
        assert type(found[key]) is type(expected), key
        assert found[key] == (expected if exact else pytest.approx(expected, abs=1e-9)), key


def test_figures_are_json():
    found = exact_figures(PEOPLE, TRIANGLE_AND_TAIL, GROUPS)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_triangle_with_a_tail_by_hand():
    found = exact_figures(PEOPLE, TRIANGLE_AND_TAIL, None)
    assert found == {
        "people": 6,
        "conversations": 5,
        "pairs": 4,
        "participation_rate": pytest.approx(4 / 6),
        "isolates": 2,
        "mean_degree": pytest.approx(8 / 6),
        "median_degree": 1.5,
        "max_degree": 3,
        "median_conversations": 2.0,
        "density": pytest.approx(4 / 15),
        "transitivity": pytest.approx(3 / 5),
        "avg_clustering": pytest.approx((1 + 1 + 1 / 3) / 6),
        "components": 3,
        "largest_component": 4,
        "bridges": 1,
        "gini_conversations": pytest.approx(13 / 30),
        "repeat_pair_share": pytest.approx(1 / 4),
        "degree_assortativity": pytest.approx(-5 / 7),
    }


def test_groups_by_hand():
    found = exact_figures(PEOPLE, TRIANGLE_AND_TAIL, GROUPS)
    assert found["dept_sizes"] == {"X": 3, "Y": 2, "Z": 1}
    assert found["mixing_conversations"] == {"X|X": 3, "X|Y": 2}
    assert found["EI_index_conversations"] == pytest.approx(-1 / 5)
    assert found["EI_index_pairs"] == pytest.approx(-1 / 2)
    assert found["dept_assortativity_unweighted"] == pytest.approx(-1 / 7)


def test_no_groups_no_group_figures():
    assert "dept_sizes" not in exact_figures(PEOPLE, TRIANGLE_AND_TAIL, {})


def test_a_person_without_a_group_is_left_out_of_group_figures_only():
    groups = {person: group for person, group in GROUPS.items() if person != "d"}
    found = exact_figures(PEOPLE, TRIANGLE_AND_TAIL, groups | {"elsewhere": "X"})
    assert found["mixing_conversations"] == {"X|X": 3}
    assert found["dept_sizes"] == {"X": 3, "Y": 1, "Z": 1}
    assert found["conversations"] == 5


@pytest.mark.parametrize("people", [[], ["a"], ["a", "b"]])
def test_figures_without_a_meaning_are_none_and_not_an_error(people):
    found = exact_figures(people, [], {"a": "X"})
    assert found["gini_conversations"] is None
    assert found["repeat_pair_share"] is None
    assert found["degree_assortativity"] is None
    assert found["EI_index_conversations"] is None
    assert found["dept_assortativity_unweighted"] is None
    assert found["transitivity"] == 0.0
    assert found["isolates"] == len(people)
    assert found["largest_component"] == min(len(people), 1)


@pytest.mark.parametrize(
    ("people", "conversations"),
    [(["a", "a"], []), (["a"], [("a", "a")]), (["a", "b"], [("a", "z")])],
)
def test_impossible_conversations_are_refused(people, conversations):
    with pytest.raises(ValueError, match="a "):
        exact_figures(people, conversations, None)


def test_a_single_pair_is_a_bridge():
    assert exact_figures(["a", "b"], [("b", "a"), ("a", "b")], None)["bridges"] == 1


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 2, 3, 4], 0.25), ([], None), ([0, 0], None)],
)
def test_gini(counts, expected):
    assert figures.gini(counts) == expected


def test_all_in_one_group_has_no_assortativity():
    assert figures.group_assortativity([("a", "b")], {"a": "X", "b": "X"}) is None


def test_two_groups_that_never_mix_are_fully_assortative():
    pairs = [("a", "b"), ("c", "d")]
    assert figures.group_assortativity(pairs, {"a": "X", "b": "X", "c": "Y", "d": "Y"}) == 1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"X": 2, "Y": 2}, (4 - 2) / 6),
        ({"X": 3, "Y": 1}, 0.0),
        ({"X": 4}, -1.0),
        ({"X": 1, "Y": 1, "Z": 1}, 1.0),
        ({"X": 1}, None),
        ({}, None),
    ],
)
def test_expected_ei_index(sizes, expected):
    assert figures.ei_expected(sizes) == expected


def test_expected_mixing_by_hand():
    found = figures.expected_mixing({"Y": 2, "X": 3}, 20)
    assert found == {("X", "X"): 6.0, ("X", "Y"): 12.0, ("Y", "Y"): 2.0}


def test_mixing_keys_stay_apart_whatever_the_groups_are_called():
    assert figures.mixing_key(("A|B", "C")) != figures.mixing_key(("A", "B|C"))
    assert figures.mixing_key(("A\\", "B|C")) != figures.mixing_key(("A|B\\", "C"))


def test_rhythm_counts_starts_and_people():
    found = figures.rhythm([(899, "a", "b"), (0, "a", "c"), (1800, "d", "e")])
    assert [(bucket.start_s, bucket.end_s, bucket.conversations) for bucket in found] == [
        (0, 900, 2),
        (1800, 2700, 1),
    ]
    assert found[0].people == {"a": 2, "b": 1, "c": 1}
    assert BUCKET_S == 900


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([4], {"lower": 4, "median": 4, "upper": 4}),
        ([1, 2, 3, 4, 5], {"lower": 2, "median": 3, "upper": 4}),
        ([4, 1, 3, 2], {"lower": 1.75, "median": 2.5, "upper": 3.25}),
    ],
)
def test_quartiles(values, expected):
    assert figures.quartiles(values) == expected


TALKS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(
        lambda pair: len({*pair}) > 1
    )
)


@given(talks=TALKS)
def test_what_always_holds_of_figures(talks):
    found = exact_figures(PEOPLE, talks, GROUPS)
    assert sum(found["mixing_conversations"].values()) == found["conversations"] == len(talks)
    assert 0 <= found["transitivity"] <= 1
    assert found["bridges"] <= found["pairs"]
    assert found["isolates"] <= found["components"]
    assert found["largest_component"] + found["components"] <= len(PEOPLE) + 1
    assert -1 - 1e-9 <= (found["degree_assortativity"] or 0) <= 1 + 1e-9


@given(talks=TALKS)
def test_direction_and_order_of_conversations_do_not_matter(talks):
    turned = [(b, a) for a, b in reversed(talks)]
    assert exact_figures(PEOPLE, turned, GROUPS) == exact_figures(PEOPLE, talks, GROUPS)


@given(talks=TALKS)
def test_transitivity_and_bridges_as_counted_one_by_one(talks):
    pairs = {frozenset(pair) for pair in talks}
    triples = [
        frozenset(rest)
        for middle in PEOPLE
        for rest in pairs_among([p for p in PEOPLE if {p, middle} in pairs])
    ]
    closed = sum(ends in pairs for ends in triples)
    found = exact_figures(PEOPLE, talks, None)
    assert math.isclose(found["transitivity"], closed / len(triples) if triples else 0.0)
    splitting = [pair for pair in pairs if parts(pairs - {pair}) > parts(pairs)]
    assert found["bridges"] == len(splitting)


def pairs_among(people: list[str]) -> list[tuple[str, str]]:
    return [(a, b) for a in people for b in people if a < b]


def parts(pairs: set[frozenset[str]]) -> int:
    found = [{person} for person in PEOPLE]
    for pair in pairs:
        touched = [part for part in found if part & pair]
        found = [part for part in found if not part & pair] + [set().union(*touched)]
    return len(found)
