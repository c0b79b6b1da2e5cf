"""Recording talks: claim, confirm, refuse, undo, block."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from webapp.badges.codes import step_at
from webapp.badges.rules import MOST_SCANNERS, Reading, Way
from webapp.conversations import queries
from webapp.conversations.models import Block, Claim, Conversation, Evidence, Word
from webapp.conversations.rules import (
    MOST_WAITING,
    evidence_of,
    forgotten,
    is_waiting,
    may_undo,
    notice_again,
    ordered,
    own_claims,
    quiet_since,
    refusal,
    stronger,
    talk_joined,
    withdrawn_at,
)
from webapp.core.errors import Conflict, DomainError, TooMany
from webapp.core.signals import conversation_proven, conversation_undone, person_blocked
from webapp.events.models import Attendee, Event
from webapp.events.rules import takes_talks
from webapp.security.tokens import plain_digest

LIMIT_SECONDS_WAITING = 3600
CLOSED = _l("Talks can be recorded while the event is on, and 12 hours after.")


class NotOpen(DomainError):
    """Talks cannot be recorded now or by this attendee."""

    status = HTTPStatus.FORBIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One act of reading a badge: what was read, and the key that counts it once."""

    reading: Reading
    nonce: str
    body: str
    """The code exactly as it was sent; the same key with another body is refused."""
    at: datetime | None = None
    """When the badge was read, if a phone had to keep the scan; else it is read now."""


def repeated_claim(session: Session, *, by: Attendee, nonce: str, body: str) -> Conversation | None:
    """Return the talk a claim was already counted in, if this key has been used.

    Raises:
        DomainError: the key was used for something else.
    """
    known = queries.claim_by_nonce(session, event_id=by.event_id, by_id=by.id, nonce=nonce)
    if known is None:
        return None
    if known.body_digest != plain_digest(body):
        raise DomainError(_("This was already sent with another code. Please scan again."))
    return session.get_one(Conversation, (known.event_id, known.conversation_id))


def claim(
    session: Session, *, event: Event, by: Attendee, scan: Scan, now: datetime
) -> Conversation:
    """Record that an attendee says "we talked" after reading a badge.

    A scan that a phone kept is judged by the moment it was made; who has said no, or untied since,
    is not overruled by it.

    A printed badge makes a claim that waits for the other side, or answers theirs (`mutual`); a
    live code proves the talk (`live`), because showing it is the consent.

    Raises:
        NotOpen: the event does not take talks now, or the attendee is not checked in.
        TooMany: a limit that protects people was reached.
        Conflict: the claimer has blocked the other side.
        DomainError: the key was used for something else, or it is the claimer's own badge.
    """
    reading = scan.reading
    at = scan.at or now
    pair = ordered(by.id, reading.attendee_id)
    sides = queries.lock_attendees(session, event_id=event.id, ids=pair)
    if known := repeated_claim(session, by=by, nonce=scan.nonce, body=scan.body):
        return known
    _refuse_closed(event, by, at)
    if reading.attendee_id == by.id:
        raise DomainError(_("This is your own badge. Let the other person scan it."))
    is_blocked = _is_blocked(session, by, sides[reading.attendee_id])
    talks = queries.talks_of_pair(session, event_id=event.id, pair=pair)
    way = Way.PRINTED if is_blocked else _way(session, by, reading, talks)
    _refuse_haste(session, by=by, way=way, at=at)
    seen = own_claims(talks, by_id=by.id) if is_blocked else talks
    talk = talk_joined(seen, way=way, at=at)
    if talk is None:
        _refuse_pile(session, by=by, way=way, now=now)
        talk = _new_talk(by, reading.attendee_id, at=at)
        talk.refused_at = quiet_since(talks, by_id=by.id, now=now)
        _forget(session, forgotten(talks, now), now=now)
        session.add(talk)
    _note_claim(session, talk, by=by, scan=scan, at=at)
    _add_scan(talk, by_id=by.id, way=way, at=at, now=now)
    _settle(session, talk, now=now)
    return talk


def confirm(session: Session, *, talk: Conversation, by: Attendee, now: datetime) -> None:
    """Let the other side say yes to a claim; saying it twice changes nothing.

    Raises:
        Conflict: nothing waits for this side's answer any more.
    """
    sides = _hold(session, talk)
    if talk.is_proven:
        return
    is_mine = talk.claimed_about_id == by.id and is_waiting(talk, now)
    claimer = sides[talk.claimed_by_id]
    if not is_mine or queries.blocks_between(session, by.person_id, claimer.person_id):
        raise Conflict(_("This is not waiting for your answer any more."))
    _say(talk, by.id, Word.ANSWERED)
    _settle(session, talk, now=now)


def refuse(session: Session, *, talk: Conversation, by: Attendee, now: datetime) -> None:
    """Let the other side say "no, we didn't"; the claimer sees no difference to silence.

    Raises:
        Conflict: nothing waits for this side's answer any more.
    """
    _hold(session, talk)
    if talk.claimed_about_id != by.id or not is_waiting(talk, now):
        raise Conflict(_("This is not waiting for your answer any more."))
    if talk.refused_at is None:
        talk.refused_at = now
        talk.refusals += 1
        session.flush()


def take_refusal_back(session: Session, *, talk: Conversation, by: Attendee) -> None:
    """Undo a mistaken "no": the claim waits for an answer again."""
    _hold(session, talk)
    if talk.claimed_about_id == by.id and talk.refused_at is not None:
        talk.refused_at = None
        talk.refusals = max(0, talk.refusals - 1)
        session.flush()


def undo(session: Session, *, talk: Conversation, by: Attendee, now: datetime) -> None:
    """Take a talk back on the spot; a claim can be taken back as long as it waits.

    Raises:
        Conflict: it is too late, or not this side's to take back.
    """
    _hold(session, talk)
    if not may_undo(talk, by_id=by.id, now=now):
        raise Conflict(_("It is too late to undo this. You can still untie."))
    was_proven = talk.is_proven
    talk.undone_at = now
    session.flush()
    if was_proven:
        conversation_undone.send(talk, session=session, by=by, now=now)


def end_talks(session: Session, *, by_id: str, other_id: str, now: datetime) -> None:
    """End what a Person has with another: their own claims are gone, their talks are over.

    No later scan belongs to a talk that is over, and no earlier word ties the two again.
    """
    for claimed in queries.waiting_between(session, by=by_id, about=other_id):
        claimed.undone_at = now
    for talk, _event in queries.proven_between(session, by_id, other_id):
        talk.ended_at = now
    session.flush()


def block(session: Session, *, blocker_id: str, blocked_id: str, now: datetime) -> None:
    """Let one Person never meet another again here; the other is not told."""
    if session.get(Block, (blocker_id, blocked_id)) is not None:
        return
    made = Block(blocker_id=blocker_id, blocked_id=blocked_id, blocked_at=now)
    session.add(made)
    end_talks(session, by_id=blocker_id, other_id=blocked_id, now=now)
    person_blocked.send(made, session=session, now=now)


def move_talks(guest: Attendee, *, session: Session, into: Attendee, now: datetime) -> None:
    """Let what others said to a guest's badge follow it to its owner's other place.

    A claim joins a talk the two have there already, as if its badge had been scanned there; one
    they made to themselves is gone.
    """
    for talk in queries.talks_of(session, guest):
        other_id = talk.other_than(guest.id)
        if other_id == into.id:
            _drop(session, talk)
            continue
        pair = ordered(other_id, into.id)
        sides = queries.lock_attendees(session, event_id=into.event_id, ids=pair)
        talks = queries.talks_of_pair(session, event_id=into.event_id, pair=pair)
        _forget(session, forgotten(talks, now), now=now)
        is_blocked = bool(
            queries.blocks_between(session, into.person_id, sides[other_id].person_id)
        )
        seen = own_claims(talks, by_id=other_id) if is_blocked else talks
        is_standing = talk.undone_at is None and talk.expired_at is None
        joined = talk_joined(seen, way=Way.PRINTED, at=talk.started_at) if is_standing else None
        _move_claims(session, talk, about=guest, to=joined or talk, into=into)
        if joined is None:
            _pair_anew(talk, other_id, into)
            talk.refused_at = quiet_since(talks, by_id=other_id, now=now)
            session.flush()
        else:
            _join(session, talk, joined, by_id=other_id, now=now)


def _drop(session: Session, talk: Conversation) -> None:
    session.execute(
        delete(Claim).where(Claim.event_id == talk.event_id, Claim.conversation_id == talk.id)
    )
    session.delete(talk)
    session.flush()


def _move_claims(
    session: Session, talk: Conversation, *, about: Attendee, to: Conversation, into: Attendee
) -> None:
    """Let the claims of a talk about one place be claims of another talk about another place."""
    session.execute(
        update(Claim)
        .where(
            Claim.event_id == talk.event_id,
            Claim.conversation_id == talk.id,
            Claim.about_id == about.id,
        )
        .values(conversation_id=to.id, about_id=into.id)
    )


def _pair_anew(talk: Conversation, other_id: str, into: Attendee) -> None:
    word = talk.word_of(other_id)
    talk.low_id, talk.high_id = ordered(other_id, into.id)
    talk.claimed_about_id = into.id
    talk.low_word, talk.high_word = (word, None) if talk.low_id == other_id else (None, word)


def _join(
    session: Session, talk: Conversation, joined: Conversation, *, by_id: str, now: datetime
) -> None:
    """Add what one side said in a talk to another talk of the same two people."""
    word = talk.word_of(by_id)
    joined.started_at = min(joined.started_at, talk.started_at)
    joined.last_at = max(joined.last_at, talk.last_at)
    _drop(session, talk)
    if word is not None:
        _say(joined, by_id, word)
    _settle(session, joined, now=now)


def unblock(session: Session, *, blocker_id: str, blocked_id: str) -> None:
    """Lift a block; what was closed by it stays closed."""
    made = session.get(Block, (blocker_id, blocked_id))
    if made is not None:
        session.delete(made)
        session.flush()


def _refuse_closed(event: Event, by: Attendee, at: datetime) -> None:
    if not takes_talks(event, at):
        raise NotOpen(CLOSED)
    if event.needs_check_in and not by.is_checked_in:
        raise NotOpen(_("Please check in at the desk first. Then you can scan."))


def _is_blocked(session: Session, by: Attendee, about: Attendee) -> bool:
    """Tell whether the other side has blocked the claimer.

    Raises:
        Conflict: the claimer has blocked the other side.
    """
    standing = queries.blocks_between(session, by.person_id, about.person_id)
    if any(one.blocker_id == by.person_id for one in standing):
        raise Conflict(_("You have blocked this person. You can unblock them under Me."))
    return bool(standing)


def _way(session: Session, by: Attendee, reading: Reading, talks: Sequence[Conversation]) -> Way:
    """Return LIVE if showing this live code is consent, else count it as a printed one.

    One success per code and scanner, at most eight scanners per code, and none for a code that was
    shown before a talk of the two was taken back or untied.
    """
    if reading.live_step is None:
        return Way.PRINTED
    withdrawn = withdrawn_at(talks)
    if withdrawn and reading.live_step < step_at(withdrawn):
        return Way.PRINTED
    users = queries.live_code_uses(
        session, event_id=by.event_id, badge_id=reading.badge_id, step=reading.live_step
    )
    if by.id in users or len(set(users)) >= MOST_SCANNERS:
        return Way.PRINTED
    return Way.LIVE


def _refuse_haste(session: Session, *, by: Attendee, way: Way, at: datetime) -> None:
    recent = queries.recent_claims(session, event_id=by.event_id, by_id=by.id, now=at)
    found = refusal(recent, way=way, now=at)
    if found is None:
        return
    if found.reason == "live_only":
        message = _("That was many badges at once. For 10 minutes, scan the code on their phone.")
    else:
        message = _("That was a lot of scans. Please take a break.")
    raise TooMany(message, retry_seconds=found.seconds)


def _refuse_pile(session: Session, *, by: Attendee, way: Way, now: datetime) -> None:
    if way is Way.LIVE:
        return
    waiting = queries.count_waiting(session, event_id=by.event_id, by_id=by.id, now=now)
    if waiting >= MOST_WAITING:
        raise TooMany(
            _(
                "%(most)s people have not answered you yet. Scan the code on their phone instead.",
                most=MOST_WAITING,
            ),
            retry_seconds=LIMIT_SECONDS_WAITING,
        )


def _new_talk(by: Attendee, about_id: str, *, at: datetime) -> Conversation:
    low_id, high_id = ordered(by.id, about_id)
    return Conversation(
        event_id=by.event_id,
        low_id=low_id,
        high_id=high_id,
        claimed_by_id=by.id,
        claimed_about_id=about_id,
        evidence=Evidence.CLAIMED,
        started_at=at,
        last_at=at,
        refusals=0,
    )


def _forget(session: Session, expired: list[Conversation], *, now: datetime) -> None:
    """Let claims nobody answered in time make room for a new one."""
    for old in expired:
        old.expired_at = now
    if expired:
        session.flush()


def _note_claim(
    session: Session, talk: Conversation, *, by: Attendee, scan: Scan, at: datetime
) -> None:
    session.add(
        Claim(
            event_id=by.event_id,
            by_id=by.id,
            nonce=scan.nonce,
            conversation=talk,
            about_id=scan.reading.attendee_id,
            badge_id=scan.reading.badge_id,
            way=scan.reading.way,
            live_step=scan.reading.live_step,
            body_digest=plain_digest(scan.body),
            claimed_at=at,
        )
    )


def _add_scan(talk: Conversation, *, by_id: str, way: Way, at: datetime, now: datetime) -> None:
    """Add what a scan says to a talk."""
    if way is Way.LIVE:
        _say(talk, by_id, Word.SCANNED_LIVE)
        _say(talk, talk.other_than(by_id), Word.SHOWED)
    else:
        _say(talk, by_id, Word.SCANNED)
    talk.last_at = max(talk.last_at, at)
    if talk.proven_at is None and notice_again(talk, now):
        talk.refused_at = None


def _say(talk: Conversation, attendee_id: str, word: Word) -> None:
    if attendee_id == talk.low_id:
        talk.low_word = stronger(talk.low_word, word)
    else:
        talk.high_word = stronger(talk.high_word, word)


def _settle(session: Session, talk: Conversation, *, now: datetime) -> None:
    """Grade the evidence anew; the first time both sides have spoken, the talk is proven."""
    talk.evidence = evidence_of(talk.low_word, talk.high_word)
    if talk.proven_at is None and talk.evidence is not Evidence.CLAIMED:
        talk.proven_at, talk.refused_at = now, None
        session.flush()
        conversation_proven.send(talk, session=session, now=now)
    else:
        session.flush()


def _hold(session: Session, talk: Conversation) -> dict[str, Attendee]:
    """Hold both attendees and read the talk anew: somebody may have been faster."""
    pair = (talk.low_id, talk.high_id)
    sides = queries.lock_attendees(session, event_id=talk.event_id, ids=pair)
    session.refresh(talk)
    return sides
