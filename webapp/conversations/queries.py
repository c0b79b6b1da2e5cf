"""Reading talks, claims and blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Block, Claim, Conversation, Word
from webapp.conversations.rules import CLAIM_LIFE, MOST_AN_HOUR, RecentClaim
from webapp.core.once import once
from webapp.events.models import Attendee, Event, Role, RoleName
from webapp.events.rules import as_printed

SHOWN_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One line of other features on an attendee's screen, and where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim about me, as I am asked about it."""

    talk: Conversation
    event: Event
    name: str
    organisation: str
    headline: str
    is_recruiter: bool
    team_name: str
    """The team they recruit for, if they are in one."""
    refusals: int
    person_id: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One claim of mine nobody has answered, as far as I may know."""

    talk: Conversation
    event: Event
    name: str


@dataclass(frozen=True, slots=True)
class TalkSides:
    """A talk with the attendees on both sides, mine and the other's."""

    talk: Conversation
    event: Event
    mine: Attendee
    other: Attendee


def is_blocked(one: Any, other: Any) -> ColumnElement[bool]:
    """Return the condition that a block stands between two Persons, in either direction."""
    return (
        select(Block.blocker_id)
        .where(
            or_(
                and_(Block.blocker_id == one, Block.blocked_id == other),
                and_(Block.blocker_id == other, Block.blocked_id == one),
            )
        )
        .exists()
    )


# Built once: these run for every scan, every answer and every look at one's own code, and building
# a statement costs more than running it.
_LOCK = (
    select(Attendee)
    .where(
        Attendee.event_id == bindparam("event_id"),
        Attendee.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(Attendee.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_PAIR = (
    select(Conversation)
    .where(
        Conversation.event_id == bindparam("event_id"),
        Conversation.low_id == bindparam("low"),
        Conversation.high_id == bindparam("high"),
    )
    .execution_options(populate_existing=True)
)
_RECENT = (
    select(Claim.about_id, Claim.way, Claim.claimed_at)
    .where(
        Claim.event_id == bindparam("event_id"),
        Claim.by_id == bindparam("by_id"),
        Claim.claimed_at > bindparam("since"),
        Claim.claimed_at <= bindparam("now"),
    )
    .order_by(Claim.claimed_at.desc())
    .limit(MOST_AN_HOUR)
)
_WAITING = (
    select(func.count())
    .select_from(Conversation)
    .where(
        Conversation.event_id == bindparam("event_id"),
        Conversation.claimed_by_id == bindparam("by_id"),
        Conversation.proven_at.is_(None),
        Conversation.undone_at.is_(None),
        Conversation.expired_at.is_(None),
        Conversation.started_at > bindparam("since"),
    )
)
_USES = select(Claim.by_id).where(
    Claim.event_id == bindparam("event_id"),
    Claim.badge_id == bindparam("badge_id"),
    Claim.live_step == bindparam("step"),
)
_BLOCKS = select(Block).where(
    or_(
        and_(Block.blocker_id == bindparam("one"), Block.blocked_id == bindparam("other")),
        and_(Block.blocker_id == bindparam("other"), Block.blocked_id == bindparam("one")),
    )
)

_MINE, _OTHER = aliased(Attendee, name="mine"), aliased(Attendee, name="other")
_RECRUITER = aliased(Role, name="recruiter")
_STANDS_UNPROVEN = and_(
    Conversation.proven_at.is_(None),
    Conversation.undone_at.is_(None),
    Conversation.expired_at.is_(None),
    Conversation.started_at > bindparam("since"),
)
"""The conditions of `rules.is_waiting`."""

_NOES = (
    select(func.coalesce(func.sum(Conversation.refusals), 0))
    .where(
        Conversation.event_id == _MINE.event_id,
        Conversation.claimed_by_id == _OTHER.id,
        Conversation.claimed_about_id == _MINE.id,
    )
    .correlate(_MINE, _OTHER)
    .scalar_subquery()
)
_ABOUT_ME = (
    select(Conversation, Event, _OTHER, _RECRUITER.team_name, _NOES)
    .join(
        _MINE,
        (_MINE.event_id == Conversation.event_id) & (_MINE.id == Conversation.claimed_about_id),
    )
    .join(
        _OTHER,
        (_OTHER.event_id == Conversation.event_id) & (_OTHER.id == Conversation.claimed_by_id),
    )
    .join(Event, Event.id == Conversation.event_id)
    .outerjoin(
        _RECRUITER,
        (_RECRUITER.event_id == Conversation.event_id)
        & (_RECRUITER.person_id == _OTHER.person_id)
        & (_RECRUITER.name == RoleName.RECRUITER),
    )
    .where(
        _MINE.person_id == bindparam("person_id"),
        Conversation.refused_at.is_(None),
        _STANDS_UNPROVEN,
        ~is_blocked(_MINE.person_id, _OTHER.person_id),
    )
    .order_by(Conversation.started_at.desc(), Conversation.id)
)
_OWN_WAITING = (
    select(Conversation, Event, _OTHER.name)
    .join(
        _MINE,
        (_MINE.event_id == Conversation.event_id) & (_MINE.id == Conversation.claimed_by_id),
    )
    .join(
        _OTHER,
        (_OTHER.event_id == Conversation.event_id) & (_OTHER.id == Conversation.claimed_about_id),
    )
    .join(Event, Event.id == Conversation.event_id)
    .where(_MINE.person_id == bindparam("person_id"), _STANDS_UNPROVEN)
    .order_by(Conversation.started_at.desc(), Conversation.id)
)
_TALK = (
    select(Conversation, Event, _MINE, _OTHER)
    .join(Event, Event.id == Conversation.event_id)
    .join(
        _MINE,
        (_MINE.event_id == Conversation.event_id) & (_MINE.person_id == bindparam("person_id")),
    )
    .join(
        _OTHER,
        (_OTHER.event_id == Conversation.event_id)
        & or_(
            and_(_MINE.id == Conversation.low_id, _OTHER.id == Conversation.high_id),
            and_(_MINE.id == Conversation.high_id, _OTHER.id == Conversation.low_id),
        ),
    )
    .where(
        Conversation.event_id == bindparam("event_id"),
        Conversation.id == bindparam("talk_id"),
        Conversation.undone_at.is_(None),
        Conversation.expired_at.is_(None),
        or_(
            ~is_blocked(_MINE.person_id, _OTHER.person_id),
            and_(Conversation.claimed_by_id == _MINE.id, Conversation.proven_at.is_(None)),
        ),
    )
)
_I_SHOWED_AS_LOW = (Conversation.low_id == bindparam("attendee_id")) & (
    Conversation.low_word == Word.SHOWED
)
_I_SHOWED_AS_HIGH = (Conversation.high_id == bindparam("attendee_id")) & (
    Conversation.high_word == Word.SHOWED
)
_CONNECTED = (
    select(Conversation, Event, _OTHER)
    .join(Event, Event.id == Conversation.event_id)
    .join(
        _OTHER,
        (_OTHER.event_id == Conversation.event_id)
        & or_(
            _I_SHOWED_AS_LOW & (_OTHER.id == Conversation.high_id),
            _I_SHOWED_AS_HIGH & (_OTHER.id == Conversation.low_id),
        ),
    )
    .where(
        Conversation.event_id == bindparam("event_id"),
        Conversation.proven_at > bindparam("since"),
        Conversation.undone_at.is_(None),
        ~is_blocked(bindparam("person_id"), _OTHER.person_id),
    )
    .order_by(Conversation.proven_at.desc())
)


_first, _second = aliased(Attendee), aliased(Attendee)
_is_low = _first.id < _second.id
# From the two persons to their few attendees to the exact pair: each step is one index read.
_PROVEN = (
    select(Conversation, Event)
    .select_from(_first)
    .join(
        _second,
        (_second.event_id == _first.event_id) & (_second.person_id == bindparam("other")),
    )
    .join(
        Conversation,
        (Conversation.event_id == _first.event_id)
        & (Conversation.low_id == case((_is_low, _first.id), else_=_second.id))
        & (Conversation.high_id == case((_is_low, _second.id), else_=_first.id)),
    )
    .join(Event, Event.id == Conversation.event_id)
    .where(
        _first.person_id == bindparam("one"),
        Conversation.proven_at.is_not(None),
        Conversation.undone_at.is_(None),
    )
    .order_by(Conversation.started_at.desc())
)


def lock_attendees(session: Session, *, event_id: str, ids: Sequence[str]) -> dict[str, Attendee]:
    """Return attendees and hold them: what happens between two happens in order.

    They are held in the order of their ids, and read anew.
    """
    found = session.scalars(_LOCK, {"event_id": event_id, "ids": ids})
    return {attendee.id: attendee for attendee in found}


def talks_of_pair(session: Session, *, event_id: str, pair: tuple[str, str]) -> list[Conversation]:
    """Return all talks of two attendees at an event, those that no longer stand too."""
    found = session.scalars(_PAIR, {"event_id": event_id, "low": pair[0], "high": pair[1]})
    return list(found)


def talks_of(session: Session, attendee: Attendee) -> list[Conversation]:
    """Return all talks of one attendee, those that no longer stand too, the oldest first."""
    found = (
        select(Conversation)
        .where(
            Conversation.event_id == attendee.event_id,
            or_(Conversation.low_id == attendee.id, Conversation.high_id == attendee.id),
        )
        .order_by(Conversation.started_at)
    )
    return list(session.scalars(found))


def has_spoken(attendee: Attendee, *, session: Session) -> bool:
    """Tell whether an attendee has said of any talk that it happened, or did not."""
    return any(
        talk.word_of(attendee.id) is not None or talk.refused_at is not None
        for talk in talks_of(session, attendee)
    )


def claim_by_nonce(session: Session, *, event_id: str, by_id: str, nonce: str) -> Claim | None:
    """Return the claim that was made under a key."""
    return session.get(Claim, (event_id, by_id, nonce))


def recent_claims(
    session: Session, *, event_id: str, by_id: str, now: datetime
) -> list[RecentClaim]:
    """Return what one attendee claimed in the last hour, the newest first, at most 200."""
    since = now - timedelta(hours=1)
    rows = session.execute(
        _RECENT, {"event_id": event_id, "by_id": by_id, "since": since, "now": now}
    )
    return [RecentClaim(*row) for row in rows]


def live_code_uses(session: Session, *, event_id: str, badge_id: str, step: int) -> list[str]:
    """Return who used one live code, as attendee ids."""
    values = {"event_id": event_id, "badge_id": badge_id, "step": step}
    return list(session.scalars(_USES, values))


def count_waiting(session: Session, *, event_id: str, by_id: str, now: datetime) -> int:
    """Return how many claims of one attendee nobody has answered yet, or answered with no."""
    values = {"event_id": event_id, "by_id": by_id, "since": now - CLAIM_LIFE}
    return session.scalar(_WAITING, values) or 0


def blocks_between(session: Session, one: str | None, other: str | None) -> list[Block]:
    """Return the blocks between two Persons, in either direction.

    Where one of them is nobody yet it is asked all the same: the time it takes must not tell.
    """
    nobody = ""
    return list(session.scalars(_BLOCKS, {"one": one or nobody, "other": other or nobody}))


def recruits_for(session: Session, about: Attendee) -> str | None:
    """Return the team an attendee recruits for, empty without one; None if they do not recruit."""
    return session.scalar(
        select(Role.team_name).where(
            Role.event_id == about.event_id,
            Role.person_id == about.person_id,
            Role.name == RoleName.RECRUITER,
        )
    )


def claims_about_me(session: Session, *, person_id: str, now: datetime) -> list[ClaimRow]:
    """Return the claims that wait for my answer, the newest first, in one query."""
    rows = session.execute(_ABOUT_ME, {"person_id": person_id, "since": now - CLAIM_LIFE})
    return [_claim_row(*row) for row in rows]


def _claim_row(
    talk: Conversation, event: Event, who: Attendee, team_name: str | None, noes: int
) -> ClaimRow:
    badge = as_printed(event, who)
    return ClaimRow(
        talk=talk,
        event=event,
        name=badge.name,
        organisation=badge.organisation,
        headline=badge.headline,
        is_recruiter=team_name is not None,
        team_name=team_name or "",
        refusals=noes,
        person_id=who.person_id or "",
    )


def my_waiting_claims(session: Session, *, person_id: str, now: datetime) -> list[WaitingRow]:
    """Return my claims nobody has answered, as far as I may know, in one query."""
    rows = session.execute(_OWN_WAITING, {"person_id": person_id, "since": now - CLAIM_LIFE})
    return [WaitingRow(*row) for row in rows]


def talk_of(session: Session, *, event_id: str, talk_id: str, person_id: str) -> TalkSides | None:
    """Return a talk one Person is a side of, not undone, with both attendees, in one query.

    Across a block there is none, but for a claim of one's own: it goes on looking as if it waited.
    """
    values = {"event_id": event_id, "talk_id": talk_id, "person_id": person_id}
    row = session.execute(_TALK, values).first()
    return TalkSides(*row) if row else None


def just_connected(session: Session, *, attendee: Attendee, now: datetime) -> list[TalkSides]:
    """Return who scanned an attendee's live code in the last two minutes."""
    rows = session.execute(
        _CONNECTED,
        {
            "event_id": attendee.event_id,
            "attendee_id": attendee.id,
            "person_id": attendee.person_id,
            "since": now - SHOWN_FOR,
        },
    )
    return [TalkSides(talk, event, attendee, who) for talk, event, who in rows]


@once
def proven_between(session: Session, one: str, other: str) -> list[tuple[Conversation, Event]]:
    """Return all proven talks of two Persons, at whatever event, the newest first."""
    rows = session.execute(_PROVEN, {"one": one, "other": other})
    return [(row[0], row[1]) for row in rows]


def waiting_between(session: Session, *, by: str, about: str) -> list[Conversation]:
    """Return the claims one Person made about another that are not proven."""
    first, second = aliased(Attendee), aliased(Attendee)
    return list(
        session.scalars(
            select(Conversation)
            .join(
                first,
                (first.event_id == Conversation.event_id)
                & (first.id == Conversation.claimed_by_id),
            )
            .join(
                second,
                (second.event_id == Conversation.event_id)
                & (second.id == Conversation.claimed_about_id),
            )
            .where(
                first.person_id == by,
                second.person_id == about,
                Conversation.proven_at.is_(None),
                Conversation.undone_at.is_(None),
            )
        )
    )


def noes_said(session: Session, *, event_id: str, by_id: str, about_id: str) -> int:
    """Return how often one attendee answered another's claims with "no, we didn't"."""
    found = select(func.coalesce(func.sum(Conversation.refusals), 0)).where(
        Conversation.event_id == event_id,
        Conversation.claimed_by_id == about_id,
        Conversation.claimed_about_id == by_id,
    )
    return session.scalar(found) or 0
