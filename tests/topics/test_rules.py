"""Which topics are the same, and who is named before whom."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.ids import new_id
from webapp.events.models import Event
from webapp.topics.models import Side
from webapp.topics.rules import (
    Candidate,
    Match,
    OwnTopics,
    Reason,
    Standing,
    first_topic,
    has_good_length,
    key_of,
    matches_of,
    score,
    standing,
    starting_id,
    suggestions,
    topics_in,
)

OFFERS, SEEKS = Side.OFFERS, Side.SEEKS
SECRET = "a secret of tests"
NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)

SAME = [
    ("PostgreSQL", "postgresql"),
    ("vector  search", " Vector\tSearch "),
    ("choirs", "Choirs!"),
    ("choirs", "(choirs)"),
    ("python", "#Python"),
    ("straße", "STRASSE"),
    ("café", "cafe\u0301"),
    ("ﬁnance", "finance"),
    ("ＡＢＣ", "abc"),  # noqa: RUF001
    ("½ marathon", "1⁄2 Marathon"),  # noqa: RUF001
    ("C++", "c++"),
    (".NET", "net"),
    ("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"),
]
DIFFERENT = [
    ("C", "C#"),
    ("C", "C++"),
    ("vector search", "vectorsearch"),
    ("choir", "choirs"),
    ("node.js", "nodejs"),
    ("resume", "résumé"),
]
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
KEYS = st.sampled_from(["ada", "bach", "chess"])
PLACES = st.integers(0, 4)
IDS = [f"{number:016}" for number in range(200)]
SAID = st.builds(
    lambda offers, seeks: own(offers=offers, seeks=seeks),
    st.lists(KEYS, unique=True),
    st.lists(KEYS, unique=True),
)


def own(offers=(), seeks=(), *, is_looking=True):
    return OwnTopics(
        tuple(topics_in(",".join(offers))), tuple(topics_in(",".join(seeks))), is_looking
    )


def in_common(mine, theirs):
    return tuple(
        match
        for side, topics in ((OFFERS, theirs.offers), (SEEKS, theirs.seeks))
        for one in topics
        for match in matches_of(mine, side, one.key)
    )


def somebody(attendee_id, mine, theirs):
    return Candidate(attendee_id, attendee_id.title(), "", "", in_common(mine, theirs))


def names(found):
    return [one.name for one in found]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_topics_are_the_same_however_they_are_typed(one, other):
    assert key_of(one) == key_of(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_topics_that_differ_are_not_the_same(one, other):
    assert key_of(one) != key_of(other)


@given(WORDS)
def test_the_key_of_a_key_is_the_key(text):
    assert key_of(key_of(text)) == key_of(text)


@given(WORDS, st.sampled_from(["", " ", "...", "«", " ¿", "\t-"]))
def test_blanks_and_punctuation_at_the_ends_make_no_difference(text, around):
    assert key_of(f"{around}{text}{around}") == key_of(text)


@given(WORDS)
def test_a_key_has_no_blanks_at_its_ends_and_single_ones_inside(text):
    assert key_of(text).split(" ") == (key_of(text).split() or [""])


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("", []),
        (" , ,", []),
        ("vector search, PostgreSQL", ["vector search", "PostgreSQL"]),
        ("choirs,choirs, Choirs! ,chess", ["choirs", "chess"]),
        ("合唱、将棋，茶", ["合唱", "将棋", "茶"]),  # noqa: RUF001
        ("شعر، موسيقى", ["شعر", "موسيقى"]),
        ("a\u202eb,c", ["ab", "c"]),
    ],
)
def test_commas_part_topics_and_each_counts_once(typed, texts):
    assert [one.text for one in topics_in(typed)] == texts


@pytest.mark.parametrize(
    ("typed", "is_good"),
    [
        ("Go", True),
        ("R", False),
        ("R!", False),
        ("???", False),
        ("x" * 40, True),
        ("x" * 41, False),
        ("x" * 39 + ".", True),
        ("x" * 40 + ".", False),
        ("ß" * 40, True),
    ],
)
def test_a_topic_has_2_to_40_characters(typed, is_good):
    (topic,) = topics_in(typed)
    assert has_good_length(topic) == is_good


EVENT = Event(starts_at=NOW - HOUR, ends_at=NOW + HOUR)
GRACE = timedelta(hours=12)


@pytest.mark.parametrize(
    ("at", "said", "is_here", "expected"),
    [
        (NOW, own(["chess"]), True, Standing.READY),
        (NOW, own(seeks=["chess"]), True, Standing.READY),
        (NOW, own(["chess"], is_looking=False), True, Standing.NOT_ASKED),
        (NOW, own(["chess"]), False, Standing.NOT_HERE),
        (NOW, own(), True, Standing.NO_TOPIC),
        (NOW, own(is_looking=False), False, Standing.NOT_ASKED),
        (EVENT.starts_at - TICK, own(["chess"]), True, Standing.COMING),
        (EVENT.starts_at, own(["chess"]), True, Standing.READY),
        (EVENT.ends_at + GRACE, own(["chess"]), True, Standing.READY),
        (EVENT.ends_at + GRACE + TICK, own(["chess"]), True, Standing.OVER),
    ],
)
def test_somebody_is_named_others_only_while_nothing_is_missing(at, said, is_here, expected):
    assert standing(EVENT, said, is_here=is_here, now=at) is expected


MINE = own(offers=["ada", "bach"], seeks=["chess", "bach"])


@pytest.mark.parametrize(
    ("theirs", "points"),
    [
        (own(offers=["chess"]), 2),
        (own(seeks=["ada"]), 2),
        (own(offers=["ada"]), 1),
        (own(seeks=["chess"]), 1),
        (own(offers=["chess"], seeks=["ada"]), 4),
        (own(offers=["bach"]), 3),
        (own(offers=["bach"], seeks=["bach"]), 6),
        (own(offers=["dance"]), 0),
    ],
)
def test_what_complements_counts_double(theirs, points):
    assert score(in_common(MINE, theirs)) == points


@given(SAID, SAID)
def test_two_people_match_as_well_from_either_side(one, other):
    assert score(in_common(one, other)) == score(in_common(other, one))


@pytest.mark.parametrize(
    ("theirs", "reason", "topic"),
    [
        (own(offers=["chess"]), Reason.THEY_KNOW, "chess"),
        (own(seeks=["ada"]), Reason.THEY_SEEK, "ada"),
        (own(offers=["ada"]), Reason.BOTH_KNOW, "ada"),
        (own(seeks=["chess"]), Reason.BOTH_SEEK, "chess"),
        (own(offers=["ada", "chess"]), Reason.THEY_KNOW, "chess"),
        (own(offers=["ada"], seeks=["ada"]), Reason.THEY_SEEK, "ada"),
        (own(offers=["ada"], seeks=["chess"]), Reason.BOTH_KNOW, "ada"),
        (own(offers=["ada", "bach"]), Reason.THEY_KNOW, "bach"),
        (own(offers=["bach", "chess"]), Reason.THEY_KNOW, "chess"),
        (own(seeks=["bach", "ada"]), Reason.THEY_SEEK, "ada"),
    ],
)
def test_who_knows_what_i_seek_beats_every_other_reason(theirs, reason, topic):
    (found,) = suggestions([somebody("ben", MINE, theirs)], me_id="me", secret=SECRET)
    assert (found.reason, found.topic) == (reason, topic)


@given(st.lists(st.builds(Match, st.sampled_from(Side), st.sampled_from(Side), KEYS, PLACES)))
def test_a_complement_is_named_before_anything_shared(matches):
    if any(match.mine != match.theirs for match in matches):
        assert first_topic(matches).mine != first_topic(matches).theirs


def test_a_reason_is_told_in_my_own_words():
    mine = own(seeks=["Vector  SEARCH!"])
    (found,) = suggestions(
        [somebody("ben", mine, own(offers=["vector search"]))], me_id="me", secret=SECRET
    )
    assert found.topic == "Vector SEARCH!"


def test_the_best_match_comes_first():
    all_of_them = [
        somebody("shared", MINE, own(offers=["ada"])),
        somebody("both", MINE, own(offers=["chess"], seeks=["ada"])),
        somebody("none", MINE, own(offers=["dance"])),
        somebody("knows", MINE, own(offers=["chess"])),
    ]
    found = suggestions(all_of_them, me_id="me", secret=SECRET)
    assert names(found) == ["Both", "Knows", "Shared"]


@given(st.lists(SAID, max_size=8), st.randoms(use_true_random=False))
def test_there_are_never_more_than_three_and_their_order_is_always_the_same(others, chance):
    them = [somebody(f"guest {number}", MINE, one) for number, one in enumerate(others)]
    found = suggestions(them, me_id="me", secret=SECRET)
    points = {one.name: score(one.matches) for one in them}
    assert len(found) == min(3, sum(point > 0 for point in points.values()))
    best = sorted(points.values(), reverse=True)
    assert [points[name] for name in names(found)] == best[: len(found)]
    chance.shuffle(them)
    assert suggestions(them, me_id="me", secret=SECRET) == found


def first_of(me_id, others, secret=SECRET):
    them = [somebody(one, own(["chess"]), own(["chess"])) for one in others]
    return names(suggestions(them, me_id=me_id, secret=secret))


def test_a_pair_draws_the_same_from_both_sides():
    """Of three equals, the two whose pair is drawn lowest draw each other."""
    for trio in combinations(IDS[:8], 3):
        firsts = {one: first_of(one, [other for other in trio if other != one])[0] for one in trio}
        assert any(firsts[firsts[one].lower()] == one.title() for one in trio)


def test_not_everybody_is_sent_to_the_same_three():
    everybody = IDS[:60]
    sent = Counter(
        name
        for me_id in everybody
        for name in first_of(me_id, [one for one in everybody if one != me_id])
    )
    assert sum(sent.values()) == 180
    assert len(sent) > 45
    assert max(sent.values()) < 15


def test_the_draw_depends_on_a_secret():
    everybody = IDS[:60]
    assert first_of("me", everybody) == first_of("me", everybody)
    assert first_of("me", everybody) != first_of("me", everybody, secret="another")


def test_everybody_begins_at_another_place_and_always_at_the_same():
    begins = [starting_id(SECRET, one) for one in IDS]
    assert begins == [starting_id(SECRET, one) for one in IDS]
    assert len(set(begins)) == 200
    assert {len(one) for one in begins} == {len(new_id())}
    assert {one[0] for one in begins} == set("abcdefghijklmnopqrstuvwxyz234567")
