"""What counts as a talk: every border of the rules, from both sides."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from webapp.badges.rules import Way
from webapp.conversations import rules
from webapp.conversations.models import Conversation, Evidence, Word
from webapp.conversations.rules import RecentClaim, Refusal

NOW = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AMINA, BEN = "amina", "ben"


def claimed(at=NOW, *, by=AMINA, **more):
    """A talk one side claimed; `more` says what became of it."""
    low, high = sorted((AMINA, BEN))
    given = {
        "low_id": low,
        "high_id": high,
        "claimed_by_id": by,
        "claimed_about_id": BEN if by == AMINA else AMINA,
        "evidence": Evidence.CLAIMED,
        "started_at": at,
        "last_at": at,
        "refusals": 0,
    }
    return Conversation(**(given | more))


def proven(at=NOW, **more):
    return claimed(at, **({"proven_at": at, "evidence": Evidence.CONFIRMED} | more))


EVIDENCE = {
    (Word.ANSWERED, Word.ANSWERED): Evidence.CONFIRMED,
    (Word.ANSWERED, Word.SCANNED): Evidence.CONFIRMED,
    (Word.ANSWERED, Word.SHOWED): Evidence.CONFIRMED,
    (Word.ANSWERED, Word.SCANNED_LIVE): Evidence.LIVE,
    (Word.SCANNED, Word.SCANNED): Evidence.MUTUAL,
    (Word.SCANNED, Word.SHOWED): Evidence.CONFIRMED,
    (Word.SCANNED, Word.SCANNED_LIVE): Evidence.LIVE,
    (Word.SHOWED, Word.SHOWED): Evidence.CONFIRMED,
    (Word.SHOWED, Word.SCANNED_LIVE): Evidence.LIVE,
    (Word.SCANNED_LIVE, Word.SCANNED_LIVE): Evidence.LIVE,
}


@pytest.mark.parametrize(("words", "evidence"), EVIDENCE.items())
def test_two_words_give_the_same_evidence_either_way_round(words, evidence):
    assert rules.evidence_of(*words) is evidence
    assert rules.evidence_of(*reversed(words)) is evidence


@pytest.mark.parametrize("word", [None, *Word])
def test_one_word_is_a_claim_whatever_it_is(word):
    assert rules.evidence_of(word, None) is Evidence.CLAIMED
    assert rules.evidence_of(None, word) is Evidence.CLAIMED


def test_the_stronger_word_of_a_side_stays():
    order = [Word.ANSWERED, Word.SCANNED, Word.SHOWED, Word.SCANNED_LIVE]
    for (weak, one), (strong, other) in product(enumerate(order), repeat=2):
        assert rules.stronger(one, other) is order[max(weak, strong)]
    assert [rules.stronger(None, word) for word in order] == order


def test_a_pair_has_one_order():
    assert rules.ordered(BEN, AMINA) == rules.ordered(AMINA, BEN) == (AMINA, BEN)


@pytest.mark.parametrize(
    ("after", "same"),
    [
        (timedelta(0), True),
        (timedelta(minutes=9, seconds=59), True),
        (10 * MINUTE - TICK, True),
        (10 * MINUTE, False),
        (-10 * MINUTE + TICK, True),
        (-10 * MINUTE, False),
    ],
)
def test_a_scan_within_ten_minutes_is_the_same_talk(after, same):
    assert rules.is_same_talk(proven(), NOW + after) is same


def test_ten_minutes_count_from_the_last_scan_of_the_talk():
    long = proven(last_at=NOW + 30 * MINUTE)
    assert rules.is_same_talk(long, NOW + 40 * MINUTE - SECOND)
    assert not rules.is_same_talk(long, NOW + 40 * MINUTE)


def test_no_scan_after_its_end_belongs_to_a_talk():
    ended = proven(ended_at=NOW + MINUTE)
    assert rules.is_same_talk(ended, NOW + MINUTE - TICK)
    assert not rules.is_same_talk(ended, NOW + MINUTE)
    assert not rules.is_same_talk(ended, NOW + MINUTE + TICK)


def test_a_claim_waits_for_seven_days_less_a_moment():
    talk = claimed()
    for after, waits in ((timedelta(0), True), (7 * DAY - TICK, True), (7 * DAY, False)):
        assert rules.is_waiting(talk, NOW + after) is waits
        assert rules.asks_the_other(talk, NOW + after) is waits
        assert rules.is_expired(talk, NOW + after) is not waits


def test_what_is_proven_does_not_expire_and_does_not_wait():
    talk = proven()
    assert not rules.is_expired(talk, NOW + 365 * DAY)
    assert not rules.is_waiting(talk, NOW)
    assert not rules.asks_the_other(talk, NOW)


@pytest.mark.parametrize("closed", ["undone_at", "expired_at"])
def test_a_claim_taken_back_or_replaced_does_not_wait(closed):
    talk = claimed(**{closed: NOW})
    assert not rules.is_waiting(talk, NOW)
    assert not rules.asks_the_other(talk, NOW)


def test_a_refused_claim_waits_for_its_claimer_but_asks_nobody():
    talk = claimed(refused_at=NOW)
    assert rules.is_waiting(talk, NOW)
    assert not rules.asks_the_other(talk, NOW)


def test_either_side_may_undo_a_proof_for_ten_minutes():
    talk = proven(proven_at=NOW + HOUR)
    for side in (AMINA, BEN):
        assert rules.may_undo(talk, by_id=side, now=NOW + HOUR + 10 * MINUTE - TICK)
        assert not rules.may_undo(talk, by_id=side, now=NOW + HOUR + 10 * MINUTE)


def test_only_its_claimer_may_undo_a_claim_and_only_while_it_waits():
    talk = claimed(by=BEN)
    assert rules.may_undo(talk, by_id=BEN, now=NOW + 7 * DAY - TICK)
    assert not rules.may_undo(talk, by_id=BEN, now=NOW + 7 * DAY)
    assert not rules.may_undo(talk, by_id=AMINA, now=NOW)


@pytest.mark.parametrize("talk", [claimed(undone_at=NOW), proven(undone_at=NOW)])
def test_nobody_undoes_twice(talk):
    assert not rules.may_undo(talk, by_id=AMINA, now=NOW)


def test_a_no_is_silence_for_24_hours():
    talk = claimed(refused_at=NOW)
    for after, silent in ((timedelta(0), True), (DAY - TICK, True), (DAY, False)):
        assert rules.notice_again(talk, NOW + after) is not silent
        quiet = rules.quiet_since([talk], by_id=AMINA, now=NOW + after)
        assert quiet == (NOW if silent else None)
    assert not rules.notice_again(claimed(), NOW + 2 * DAY)


def test_taking_a_refused_claim_back_does_not_end_the_silence():
    talks = [claimed(refused_at=NOW, undone_at=NOW)]
    assert rules.quiet_since(talks, by_id=AMINA, now=NOW + HOUR) == NOW


def test_a_no_silences_one_side_alone_and_a_newer_yes_ends_it():
    refused = claimed(refused_at=NOW)
    assert rules.quiet_since([refused], by_id=BEN, now=NOW) is None
    assert rules.quiet_since([], by_id=AMINA, now=NOW) is None
    talks = [proven(NOW + HOUR), refused]
    assert rules.quiet_since(talks, by_id=AMINA, now=NOW + 2 * HOUR) is None


@pytest.mark.parametrize("by", [AMINA, BEN])
def test_a_printed_scan_joins_a_claim_that_waits_whoever_made_it(by):
    waiting = claimed(by=by)
    assert rules.talk_joined([waiting], way=Way.PRINTED, at=NOW + 7 * DAY - TICK) is waiting
    assert rules.talk_joined([waiting], way=Way.PRINTED, at=NOW + 7 * DAY) is None


def test_a_live_scan_joins_only_a_talk_that_is_near():
    waiting = claimed()
    assert rules.talk_joined([waiting], way=Way.LIVE, at=NOW + 10 * MINUTE - TICK) is waiting
    assert rules.talk_joined([waiting], way=Way.LIVE, at=NOW + 10 * MINUTE) is None


def test_a_talk_that_is_near_goes_before_a_claim_that_waits_and_a_proof_before_a_claim():
    old, near = claimed(NOW - HOUR), proven(NOW - MINUTE)
    newer = claimed(NOW, by=BEN)
    assert rules.talk_joined([old, near, newer], way=Way.PRINTED, at=NOW) is near
    assert rules.talk_joined([old, newer], way=Way.PRINTED, at=NOW + HOUR) is newer


@pytest.mark.parametrize("way", Way)
def test_nothing_joins_what_is_undone_expired_or_far(way):
    gone = [proven(undone_at=NOW), claimed(expired_at=NOW), proven(NOW - HOUR)]
    assert rules.talk_joined(gone, way=way, at=NOW) is None
    assert rules.talk_joined([], way=way, at=NOW) is None


def test_only_claims_nobody_answered_in_time_are_forgotten():
    old = claimed(NOW - 7 * DAY)
    others = [
        claimed(NOW - 7 * DAY + TICK),
        proven(NOW - 8 * DAY),
        claimed(NOW - 8 * DAY, undone_at=NOW),
        claimed(NOW - 8 * DAY, expired_at=NOW),
    ]
    assert rules.forgotten([*others, old], NOW) == [old]


def test_behind_a_block_only_ones_own_unproven_claims_go_on():
    own, undone = claimed(NOW - HOUR), claimed(NOW - DAY, undone_at=NOW)
    talks = [proven(NOW - HOUR), own, claimed(NOW - HOUR, by=BEN), undone, proven(NOW, by=BEN)]
    assert rules.own_claims(talks, by_id=AMINA) == [own, undone]


def test_a_proof_is_withdrawn_when_last_undone_or_untied():
    undone = proven(undone_at=NOW + MINUTE)
    untied = proven(ended_at=NOW + HOUR)
    never_proven = claimed(undone_at=NOW + DAY)
    assert rules.withdrawn_at([undone, untied, never_proven, proven()]) == NOW + HOUR
    assert rules.withdrawn_at([undone, never_proven]) == NOW + MINUTE
    assert rules.withdrawn_at([never_proven, proven()]) is None


def scans(count, *, every=timedelta(0), first=NOW, way=Way.PRINTED, people=1):
    return [RecentClaim(f"p{n % people}", way, first + n * every) for n in range(count)]


@pytest.mark.parametrize("way", Way)
def test_the_twenty_first_scan_of_a_minute_is_too_fast(way):
    assert rules.refusal(scans(19), way=way, now=NOW) is None
    assert rules.refusal(scans(20), way=way, now=NOW) == Refusal("too_fast", 60)
    assert rules.refusal(scans(20), way=way, now=NOW + MINUTE - TICK) == Refusal("too_fast", 60)
    assert rules.refusal(scans(20), way=way, now=NOW + MINUTE) is None


@pytest.mark.parametrize("way", Way)
def test_the_201st_scan_of_an_hour_is_too_many(way):
    now = NOW + HOUR - SECOND
    assert rules.refusal(scans(199, every=17 * SECOND), way=way, now=now) is None
    assert rules.refusal(scans(200, every=17 * SECOND), way=way, now=now) == Refusal(
        "too_many", 3600
    )


LIVE_ONLY = Refusal("live_only", 600)


def test_more_than_six_printed_badges_in_a_minute_leave_live_codes_for_ten_minutes():
    swept = scans(7, every=10 * SECOND - TICK, people=7)
    last = swept[-1].claimed_at
    for after in (timedelta(0), MINUTE, 10 * MINUTE - TICK):
        assert rules.refusal(swept, way=Way.PRINTED, now=last + after) == LIVE_ONLY
        assert rules.refusal(swept, way=Way.LIVE, now=last + after) is None
    assert rules.refusal(swept, way=Way.PRINTED, now=last + 10 * MINUTE) is None


@pytest.mark.parametrize(
    "harmless",
    [
        scans(6, people=6),
        scans(7, people=6),
        scans(7, every=10 * SECOND, people=7),
        scans(7, way=Way.LIVE, people=7),
        [*scans(6, people=6), RecentClaim("p9", Way.PRINTED, NOW + MINUTE)],
        [*scans(6, people=6), RecentClaim("p9", Way.LIVE, NOW)],
    ],
    ids=["six", "one twice", "seven in a minute", "live", "another a minute later", "mixed"],
)
def test_fewer_slower_or_live_scans_are_no_sweep(harmless):
    now = max(claim.claimed_at for claim in harmless)
    for after in (timedelta(0), MINUTE, 5 * MINUTE, 10 * MINUTE):
        assert rules.refusal(harmless, way=Way.PRINTED, now=now + after) is None


def test_a_sweep_is_found_in_whatever_order_the_scans_come():
    swept = scans(7, every=SECOND, people=7)
    for order in (swept, swept[::-1]):
        assert rules.refusal(order, way=Way.PRINTED, now=NOW + MINUTE) == LIVE_ONLY
