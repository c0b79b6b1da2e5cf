"""Reading candidates: their talks with the team, where they stand, and the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.models import Conversation
from webapp.events.models import Attendee
from webapp.recruiting import gate
from webapp.recruiting.models import HistoryEntry, Member, Standing
from webapp.recruiting.queries.handovers import HandedTalk, handed_talks
from webapp.recruiting.queries.reviews import may_be_told
from webapp.ties.gate import is_open_between
from webapp.topics.models import Side, Topic


@dataclass(frozen=True, slots=True)
class TalkRow:
    """One talk of a colleague with a Candidate."""

    talk: Conversation
    colleague_id: str
    colleague: str
    handed_to_id: str = ""
    handed_to: str = ""
    """The colleague who carries on, if this one handed over."""


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One Candidate as the list shows them."""

    place: Attendee
    standing: Standing | None
    talks: list[TalkRow]
    topics: list[str]
    """What they can be asked about, as they typed it."""


def rows_of(session: Session, member: Member, places: Sequence[Attendee]) -> list[CandidateRow]:
    """Return Candidates who came through the gate, in the order given, in four queries."""
    standings = session.scalars(
        select(Standing).where(
            Standing.event_id == member.event_id,
            Standing.team_id == member.team_id,
            Standing.person_id.in_([one.person_id for one in places]),
        )
    )
    standing_of = {one.person_id: one for one in standings}
    ids = [one.id for one in places]
    talks, topics = talks_with(session, member, ids), topics_of(session, member, ids)
    return [
        CandidateRow(
            place=one,
            standing=standing_of.get(one.person_id or ""),
            talks=talks.get(one.id, []),
            topics=topics.get(one.id, []),
        )
        for one in places
    ]


def candidate_row(session: Session, member: Member, place: Attendee) -> CandidateRow:
    """Return one Candidate, who came through the gate, in four queries."""
    return rows_of(session, member, [place])[0]


def talks_with(
    session: Session, member: Member, attendee_ids: Sequence[str]
) -> dict[str, list[TalkRow]]:
    """Return the talks of a Team with Attendees, the latest first, in at most three queries."""
    mine, other = aliased(Attendee), aliased(Attendee)
    rows = session.execute(
        select(other.id, Conversation, Person.id, Person.name)
        .select_from(Member)
        .join(Person, Person.id == Member.person_id)
        .join(mine, and_(mine.event_id == Member.event_id, mine.person_id == Member.person_id))
        .join(other, and_(other.event_id == Member.event_id, other.id.in_(attendee_ids)))
        .join(Conversation, gate.talk_between(mine, other))
        .where(
            Member.event_id == member.event_id,
            Member.team_id == member.team_id,
            is_open_between(Member.person_id, other.person_id),
        )
        .order_by(Conversation.started_at.desc(), Conversation.id)
    )
    found: dict[str, list[TalkRow]] = {}
    for attendee_id, talk, colleague_id, colleague in rows:
        found.setdefault(attendee_id, []).append(TalkRow(talk, colleague_id, colleague))
    return _with_handed(found, handed_talks(session, member, attendee_ids))


def _with_handed(
    found: dict[str, list[TalkRow]], handed: dict[str, list[HandedTalk]]
) -> dict[str, list[TalkRow]]:
    """Return the talks with those that were handed on in place, also of who has left the Team."""
    for attendee_id, talks in handed.items():
        told = {one.talk.id: one for one in talks}
        others = [one for one in found.get(attendee_id, []) if one.talk.id not in told]
        both = others + [
            TalkRow(one.talk, one.asker_id, one.asker, one.colleague_id, one.colleague)
            for one in talks
        ]
        found[attendee_id] = sorted(both, key=lambda one: one.talk.started_at, reverse=True)
    return found


def topics_of(
    session: Session, member: Member, attendee_ids: Sequence[str]
) -> dict[str, list[str]]:
    """Return what several Attendees can be asked about, in their order, in one query."""
    found: dict[str, list[str]] = {}
    rows = session.execute(
        select(Topic.attendee_id, Topic.text)
        .where(
            Topic.event_id == member.event_id,
            Topic.attendee_id.in_(attendee_ids),
            Topic.side == Side.OFFERS,
        )
        .order_by(Topic.attendee_id, Topic.place)
    )
    for attendee_id, text in rows:
        found.setdefault(attendee_id, []).append(text)
    return found


def history(
    session: Session, member: Member, person_id: str
) -> list[tuple[HistoryEntry, str | None]]:
    """Return what a member may read of what was done about somebody, the latest first."""
    rows = session.execute(
        select(HistoryEntry, Person.name)
        .outerjoin(Person, Person.id == HistoryEntry.by_id)
        .where(
            HistoryEntry.event_id == member.event_id,
            HistoryEntry.team_id == member.team_id,
            HistoryEntry.person_id == person_id,
            may_be_told(member),
        )
        .order_by(HistoryEntry.done_at.desc(), HistoryEntry.id)
    )
    return [(row[0], row[1]) for row in rows]
