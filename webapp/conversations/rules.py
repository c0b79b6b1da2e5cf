"""What counts as a talk, and how well it is proven. Pure: values in, values out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.badges.rules import Way
from webapp.conversations.models import Conversation, Evidence, Word

SAME_TALK = timedelta(minutes=10)
"""Scanning again sooner than this is the same talk."""

CLAIM_LIFE = timedelta(days=7)
SILENCE_AFTER_NO = timedelta(hours=24)
UNDO_WINDOW = timedelta(minutes=10)
NOES_BEFORE_BLOCK_IS_OFFERED = 3

MOST_WAITING = 20
MOST_A_MINUTE = 20
MOST_AN_HOUR = 200
MOST_PRINTED_AT_ONCE = 6
AT_ONCE = timedelta(seconds=60)
LIVE_ONLY_FOR = timedelta(minutes=10)

NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""The key a scan is counted under once, however often it is sent."""

LONGEST_CODE = 64

_STRENGTH = {word: strength for strength, word in enumerate(Word)}


@dataclass(frozen=True, slots=True)
class RecentClaim:
    """A claim one attendee made in the last hour."""

    about_id: str
    way: Way
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a claim is not taken now, and for how long."""

    reason: str
    seconds: int


def ordered(one: str, other: str) -> tuple[str, str]:
    """Return a pair of attendees in the order it is stored in."""
    return (one, other) if one < other else (other, one)


def stronger(one: Word | None, other: Word) -> Word:
    """Return the stronger of two words of the same side."""
    return one if one is not None and _STRENGTH[one] >= _STRENGTH[other] else other


def evidence_of(low: Word | None, high: Word | None) -> Evidence:
    """Return how well a talk is proven by what its two sides said."""
    if low is None or high is None:
        return Evidence.CLAIMED
    if Word.SCANNED_LIVE in {low, high}:
        return Evidence.LIVE
    if low is Word.SCANNED and high is Word.SCANNED:
        return Evidence.MUTUAL
    return Evidence.CONFIRMED


def is_expired(talk: Conversation, now: datetime) -> bool:
    """Tell whether a claim waited for an answer in vain: 7 days from its first word."""
    return talk.proven_at is None and now - talk.started_at >= CLAIM_LIFE


def is_waiting(talk: Conversation, now: datetime) -> bool:
    """Tell whether a claim stands unanswered, as far as its claimer may know."""
    is_closed = talk.proven_at is not None or talk.undone_at or talk.expired_at
    return not is_closed and not is_expired(talk, now)


def asks_the_other(talk: Conversation, now: datetime) -> bool:
    """Tell whether the other side is shown the claim."""
    return is_waiting(talk, now) and talk.refused_at is None


def is_same_talk(talk: Conversation, at: datetime) -> bool:
    """Tell whether a scan at this moment belongs to a talk: less than 10 minutes from it.

    Once somebody has untied, the next scan begins a new talk: both have to say yes anew.
    """
    if talk.ended_at is not None and at >= talk.ended_at:
        return False
    return talk.started_at - SAME_TALK < at < talk.last_at + SAME_TALK


def own_claims(talks: Sequence[Conversation], *, by_id: str) -> list[Conversation]:
    """Return which talks of a pair go on for one side when the other has blocked it.

    Its own claims wait as if nothing had happened; nothing else is there any more.
    """
    return [talk for talk in talks if talk.claimed_by_id == by_id and talk.proven_at is None]


def talk_joined(talks: Sequence[Conversation], *, way: Way, at: datetime) -> Conversation | None:
    """Return which talk of a pair a scan made at a moment belongs to, or None if a new one.

    A scan within 10 minutes of a talk belongs to it. Later, scanning a printed badge belongs to the
    claim that still waits between the two, whoever made it (their own again, or scanned back);
    a live code proves a talk of its own.
    """
    standing = [talk for talk in talks if talk.undone_at is None and talk.expired_at is None]
    near = [talk for talk in standing if is_same_talk(talk, at) and not is_expired(talk, at)]
    if near:
        return max(near, key=lambda talk: (talk.is_proven, talk.started_at))
    waiting = [talk for talk in standing if is_waiting(talk, at)]
    if way is Way.PRINTED and waiting:
        return max(waiting, key=lambda talk: talk.started_at)
    return None


def forgotten(talks: Sequence[Conversation], now: datetime) -> list[Conversation]:
    """Return the claims nobody answered in time, which a new one replaces."""
    standing = [talk for talk in talks if talk.undone_at is None and talk.expired_at is None]
    return [talk for talk in standing if is_expired(talk, now)]


def quiet_since(talks: Sequence[Conversation], *, by_id: str, now: datetime) -> datetime | None:
    """Return the last "no" to one side's claims while it keeps a new one quiet: for 24 hours.

    Taking the refused claim back and making another does not end the silence.
    """
    own = [talk for talk in talks if talk.claimed_by_id == by_id]
    last = max(own, key=lambda talk: talk.started_at, default=None)
    if last is None or last.refused_at is None or notice_again(last, now):
        return None
    return last.refused_at


def withdrawn_at(talks: Sequence[Conversation]) -> datetime | None:
    """Return when a proven talk of a pair was last taken back or untied."""
    proven = [talk for talk in talks if talk.proven_at is not None]
    moments = [at for talk in proven for at in (talk.undone_at, talk.ended_at) if at is not None]
    return max(moments, default=None)


def notice_again(talk: Conversation, now: datetime) -> bool:
    """Tell whether a claim repeated after a "no" may be shown to the other side again."""
    return talk.refused_at is not None and now - talk.refused_at >= SILENCE_AFTER_NO


def may_undo(talk: Conversation, *, by_id: str, now: datetime) -> bool:
    """Tell whether one side may take a talk back: a claim by its claimer, a proof by either."""
    if talk.undone_at is not None:
        return False
    if talk.proven_at is None:
        return talk.claimed_by_id == by_id and is_waiting(talk, now)
    return now - talk.proven_at < UNDO_WINDOW


def refusal(recent: Sequence[RecentClaim], *, way: Way, now: datetime) -> Refusal | None:
    """Return why somebody who scans a lot has to slow down, if so.

    20 scans a minute, 200 an hour; more than 6 distinct printed badges within 60 s looks like a
    table of badges, and only live codes count for 10 minutes.
    """
    last_minute = [claim for claim in recent if now - claim.claimed_at < timedelta(minutes=1)]
    if len(last_minute) >= MOST_A_MINUTE:
        return Refusal("too_fast", 60)
    if len(recent) >= MOST_AN_HOUR:
        return Refusal("too_many", 3600)
    if way is Way.PRINTED and _swept_a_table(recent, now):
        return Refusal("live_only", int(LIVE_ONLY_FOR.total_seconds()))
    return None


def _swept_a_table(recent: Sequence[RecentClaim], now: datetime) -> bool:
    printed = [
        claim
        for claim in recent
        if claim.way is Way.PRINTED and now - claim.claimed_at < LIVE_ONLY_FOR + AT_ONCE
    ]
    for last in printed:
        if now - last.claimed_at >= LIVE_ONLY_FOR:
            continue
        window = {
            claim.about_id
            for claim in printed
            if timedelta(0) <= last.claimed_at - claim.claimed_at < AT_ONCE
        }
        if len(window) > MOST_PRINTED_AT_ONCE:
            return True
    return False
