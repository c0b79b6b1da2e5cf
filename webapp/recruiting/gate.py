"""Whom a Team sees: the one place that decides it.

Every page, fragment, filter and export of a Team asks here. Links and addresses are not among what
a Team sees: those open over a member's own tie alone, in `ties.gate`.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.conversations.queries import is_blocked
from webapp.core.db import Id
from webapp.events.models import Attendee, Event
from webapp.recruiting.models import Agreement, Handover, Member
from webapp.ties.gate import is_open_between

Found = TypeVar("Found", bound="Select[*tuple[Any, ...]]")
EVENT, TEAM, LOOKER, COLLEAGUE = (
    bindparam(f"gate_{name}", type_=Id) for name in ("event", "team", "looker", "colleague")
)
"""Whose eyes the gate looks through; `narrowed` gives the values."""


def candidates(member: Member, *, by: str | None = None) -> Select[Attendee]:
    """Return the query of the Attendees whom a member of a Team sees; see `narrowed`."""
    return narrowed(select(Attendee), member, by=by)


def narrowed(found: Found, member: Member, *, by: str | None = None) -> Found:
    """Narrow a query of Attendees to those whom a member of a Team sees.

    They have talked with somebody who is in the Team now, at its Event, the talk is proven and
    stands, the tie between the two is open, and they have agreed to be seen by the Team. A talk of
    somebody who handed them, with their yes, to a colleague who is in the Team now counts like a
    talk of that colleague. No block lies between them and the member who looks. `by` names one
    colleague who has talked with them, or carries on with them.

    It is asked of one Attendee after the other, so that a page of a long list costs a page.
    """
    return found.where(_is_seen(is_by_one=by is not None)).params(_values(member, by))


def _values(member: Member, by: str | None) -> dict[str, str | None]:
    return {
        EVENT.key: member.event_id,
        TEAM.key: member.team_id,
        LOOKER.key: member.person_id,
        COLLEAGUE.key: by,
    }


@cache
def _is_seen(*, is_by_one: bool) -> ColumnElement[bool]:
    """Return the condition, made once: to put it together takes longer than to ask it."""
    by = COLLEAGUE if is_by_one else None
    return _is_shown(or_(_has_talked_with_the_team(by), _is_handed_over(by)))


@cache
def _is_mine() -> ColumnElement[bool]:
    return _is_shown(_has_talked_with_the_team(LOOKER))


def _is_shown(*how: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that somebody agreed and is not hidden, and of how they are known."""
    agreed = (
        select(Agreement.person_id)
        .where(
            Agreement.event_id == Attendee.event_id,
            Agreement.team_id == TEAM,
            Agreement.person_id == Attendee.person_id,
            Agreement.withdrawn_at.is_(None),
            *how,
            ~_is_colleague(),
        )
        .correlate(Attendee)
        .exists()
    )
    return and_(
        Attendee.event_id == EVENT,
        ~is_blocked(LOOKER, Attendee.person_id),
        ~_is_gone(),
        agreed,
    )


def _is_gone() -> ColumnElement[bool]:
    return (
        select(Event.id)
        .where(
            Event.id == Attendee.event_id,
            or_(Event.erased_at.is_not(None), Event.erasure_asked_at.is_not(None)),
        )
        .correlate(Attendee)
        .exists()
    )


def candidate(session: Session, *, member: Member, person_id: str) -> Attendee | None:
    """Return one Candidate as a member sees them, or None."""
    return session.scalar(candidates(member).where(Attendee.person_id == person_id))


def candidate_of_mine(session: Session, *, member: Member, person_id: str) -> Attendee | None:
    """Return one Candidate with whom a member has talked themselves, or None."""
    found = select(Attendee).where(Attendee.person_id == person_id, _is_mine())
    return session.scalar(found.params(_values(member, None)))


@cache
def handovers_carried() -> Select[Handover]:
    """Return the query of hand-overs that an open tie of their asker carries, whatever the answer.

    Their asker has a proven talk with the Candidate at the Event, over a tie that has been open
    since they asked.
    """
    asker, theirs = aliased(Attendee), aliased(Attendee)
    return (
        select(Handover)
        .join(
            asker,
            and_(asker.event_id == Handover.event_id, asker.person_id == Handover.from_id),
        )
        .join(
            theirs,
            and_(theirs.event_id == Handover.event_id, theirs.person_id == Handover.person_id),
        )
        .where(
            Handover.ended_at.is_(None),
            select(Conversation.id)
            .where(talk_between(asker, theirs))
            .correlate_except(Conversation)
            .exists(),
            is_open_between(Handover.from_id, Handover.person_id, since=Handover.asked_at),
        )
    )


@cache
def handovers_that_hold() -> Select[Handover]:
    """Return the query of those to a colleague who is in the Team now, with no block between."""
    colleague = aliased(Member)
    return (
        handovers_carried()
        .join(
            colleague,
            and_(
                colleague.event_id == Handover.event_id,
                colleague.team_id == Handover.team_id,
                colleague.person_id == Handover.to_id,
            ),
        )
        .where(~is_blocked(Handover.to_id, Handover.person_id))
    )


def talk_between(one: Any, other: Any) -> ColumnElement[bool]:
    """Return the condition of a proven talk that stands between two Attendees of an Event.

    Both sides are named, so that the index of pairs finds it at once.
    """
    is_low = one.id < other.id
    return and_(
        Conversation.event_id == one.event_id,
        Conversation.proven_at.is_not(None),
        Conversation.undone_at.is_(None),
        Conversation.low_id == case((is_low, one.id), else_=other.id),
        Conversation.high_id == case((is_low, other.id), else_=one.id),
    )


def _has_talked_with_the_team(by: BindParameter[str] | None) -> ColumnElement[bool]:
    colleague, mine = aliased(Member), aliased(Attendee)
    found = (
        select(colleague.person_id)
        .join(
            mine,
            and_(mine.event_id == colleague.event_id, mine.person_id == colleague.person_id),
        )
        .join(Conversation, talk_between(mine, Attendee))
        .where(
            colleague.event_id == Agreement.event_id,
            colleague.team_id == Agreement.team_id,
            is_open_between(colleague.person_id, Attendee.person_id),
        )
    )
    if by is not None:
        found = found.where(colleague.person_id == by)
    return found.correlate(Agreement, Attendee).exists()


def _is_handed_over(by: BindParameter[str] | None) -> ColumnElement[bool]:
    found = handovers_that_hold().where(
        Handover.event_id == Agreement.event_id,
        Handover.team_id == Agreement.team_id,
        Handover.person_id == Attendee.person_id,
        Handover.is_accepted.is_(True),
    )
    if by is not None:
        found = found.where(Handover.to_id == by)
    return found.with_only_columns(Handover.id).correlate(Agreement, Attendee).exists()


def _is_colleague() -> ColumnElement[bool]:
    colleague = aliased(Member)
    return (
        select(colleague.person_id)
        .where(
            colleague.event_id == Agreement.event_id,
            colleague.team_id == Agreement.team_id,
            colleague.person_id == Attendee.person_id,
        )
        .correlate(Agreement, Attendee)
        .exists()
    )
