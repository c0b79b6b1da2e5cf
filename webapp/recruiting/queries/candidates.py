"""Reading candidates: the list, their talks with the team, where they stand, and the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.models import Conversation
from webapp.core.text import folded
from webapp.events.models import Attendee
from webapp.recruiting import gate
from webapp.recruiting.models import HistoryEntry, Member, Stage, Standing
from webapp.recruiting.queries.handovers import HandedTalk, handed_talks
from webapp.ties.gate import is_open_between

ON_A_PAGE = 50


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which Candidates are asked for."""

    words: str = ""
    colleague_id: str = ""
    stage_id: str = ""
    after: str = ""
    """The last one of the page before."""

    @property
    def is_narrowed(self) -> bool:
        """True if not all are asked for."""
        return bool(self.words or self.colleague_id or self.stage_id)


def candidate_rows(session: Session, member: Member, wanted: Wanted) -> list[CandidateRow]:
    """Return a page of Candidates by name, and one more if there are more, in three queries."""
    found = (
        gate.candidates(member, by=wanted.colleague_id or None)
        .add_columns(Standing)
        .outerjoin(Standing, _is_standing(member))
        .where(*_narrowed(member, wanted))
        .order_by(Attendee.name, Attendee.id)
        .limit(ON_A_PAGE + 1)
    )
    rows = session.execute(found).all()
    talks = talks_with(session, member, [row[0].id for row in rows])
    return [CandidateRow(row[0], row[1], talks.get(row[0].id, [])) for row in rows]


def count_candidates(session: Session, member: Member) -> int:
    """Return how many Candidates a member sees in all."""
    found = gate.candidates(member).with_only_columns(func.count())
    return session.scalar(found) or 0


def candidate_row(session: Session, member: Member, place: Attendee) -> CandidateRow:
    """Return one Candidate, who came through the gate, in three queries."""
    standing = session.get(Standing, (member.event_id, member.team_id, place.person_id))
    talks = talks_with(session, member, [place.id])
    return CandidateRow(place, standing, talks.get(place.id, []))


def _narrowed(member: Member, wanted: Wanted) -> list[ColumnElement[bool]]:
    words = [
        Attendee.folded.contains(f" {word}", autoescape=True)
        for word in folded(wanted.words).split()
    ]
    if wanted.stage_id:
        first = _first_stage(member)
        words.append(func.coalesce(Standing.stage_id, first) == wanted.stage_id)
    return [*words, _comes_after(wanted.after)] if wanted.after else words


def _comes_after(attendee_id: str) -> ColumnElement[bool]:
    """Return the condition of the next page; after somebody unknown there is none."""
    before = aliased(Attendee)
    is_later = or_(
        Attendee.name > before.name,
        and_(Attendee.name == before.name, Attendee.id > before.id),
    )
    return (
        select(before.id)
        .where(before.event_id == Attendee.event_id, before.id == attendee_id, is_later)
        .correlate(Attendee)
        .exists()
    )


def _is_standing(member: Member) -> ColumnElement[bool]:
    return and_(
        Standing.event_id == Attendee.event_id,
        Standing.team_id == member.team_id,
        Standing.person_id == Attendee.person_id,
    )


def _first_stage(member: Member) -> ScalarSelect[Any]:
    """Return the query of the stage at which everybody begins."""
    return (
        select(Stage.id)
        .where(Stage.event_id == member.event_id, Stage.team_id == member.team_id)
        .order_by(Stage.place, Stage.id)
        .limit(1)
        .scalar_subquery()
    )


def talks_with(
    session: Session, member: Member, attendee_ids: Sequence[str]
) -> dict[str, list[TalkRow]]:
    """Return the talks of a Team with several Attendees, the latest first, in two queries."""
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


def history(
    session: Session, member: Member, person_id: str
) -> list[tuple[HistoryEntry, str | None]]:
    """Return what the Team did about somebody, the latest first, with who did it."""
    rows = session.execute(
        select(HistoryEntry, Person.name)
        .outerjoin(Person, Person.id == HistoryEntry.by_id)
        .where(
            HistoryEntry.event_id == member.event_id,
            HistoryEntry.team_id == member.team_id,
            HistoryEntry.person_id == person_id,
        )
        .order_by(HistoryEntry.done_at.desc(), HistoryEntry.id)
    )
    return [(row[0], row[1]) for row in rows]
