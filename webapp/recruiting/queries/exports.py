"""Reading for exports: whom a file holds, what of each, and which files there were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.events.models import Attendee, Event
from webapp.recruiting import gate
from webapp.recruiting.models import Agreement, Export, ExportedPerson, Member, Team
from webapp.recruiting.queries.candidates import CandidateRow, rows_of
from webapp.recruiting.queries.lists import Looker, Wanted, listed
from webapp.ties import gate as ties_gate
from webapp.ties.models import Link, Note, Tie

LATEST = 20
"""How many files the log on the screen tells of."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Which Candidates somebody wants in a file."""

    wanted: Wanted
    """Those the list shows; on which page of it does not matter."""
    new_for: str = ""
    """Only those whom my files for this preset did not hold since they agreed."""
    chosen: Collection[str] | None = None
    """Only these Persons."""


@dataclass(frozen=True, slots=True)
class LeavingRow:
    """One Candidate with all a member may take along of them."""

    candidate: CandidateRow
    links: list[Link]
    note: str


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One file that was made, with who made it for which Team."""

    export: Export
    by: str
    team: Team
    event: Event


def places_of(session: Session, looker: Looker, whom: Whom) -> list[str]:
    """Return the ids of the Attendees for a file, as the list has them, in one query."""
    found = listed(looker, whom.wanted).with_only_columns(Attendee.id)
    if whom.new_for:
        found = found.where(~_has_left(looker.member, whom.new_for))
    if whom.chosen is not None:
        found = found.where(Attendee.person_id.in_(whom.chosen))
    return list(session.scalars(found))


def named(session: Session, member: Member, ids: Sequence[str]) -> Sequence[Attendee]:
    """Return some Candidates as the gate shows them now, in the order given."""
    found = session.scalars(gate.candidates(member).where(Attendee.id.in_(ids)))
    place_of = {one.id: one for one in found}
    return [place_of[one] for one in ids if one in place_of]


def leaving_rows(
    session: Session, member: Member, ids: Sequence[str], *, has_notes: bool
) -> list[LeavingRow]:
    """Return some Candidates as they leave, in at most eight queries.

    The gate is asked again. Links come over the member's own open ties alone, and so do the notes:
    what the app no longer shows to its author is not in a file either.
    """
    places = named(session, member, ids)
    ties = _own_ties(session, member, [one.id for one in places])
    links = ties_gate.links_over_all(
        session, person_id=member.person_id, tie_ids=list(ties.values())
    )
    notes = _own_notes(session, member, list(ties)) if has_notes else {}
    return [
        LeavingRow(row, links.get(ties.get(row.place.id, ""), []), notes.get(row.place.id, ""))
        for row in rows_of(session, member, places)
    ]


def _own_ties(session: Session, member: Member, ids: Sequence[str]) -> dict[str, str]:
    """Return the member's own open ties with some Attendees, by their ids."""
    found = (
        ties_gate.open_ties(member.person_id)
        .join(Attendee, Attendee.person_id == Person.id)
        .where(Attendee.event_id == member.event_id, Attendee.id.in_(ids))
        .with_only_columns(Attendee.id, Tie.id)
    )
    return {row[0]: row[1] for row in session.execute(found)}


def _own_notes(session: Session, member: Member, about: Sequence[str]) -> dict[str, str]:
    """Return the member's own notes of the event about some Attendees."""
    mine = aliased(Attendee)
    found = (
        select(Note.about_id, Note.text)
        .join(mine, and_(mine.event_id == Note.event_id, mine.id == Note.author_id))
        .where(
            Note.event_id == member.event_id,
            mine.person_id == member.person_id,
            Note.about_id.in_(about),
        )
    )
    return {row[0]: row[1] for row in session.execute(found)}


def _has_left(member: Member, preset: str) -> ColumnElement[bool]:
    """Return the condition that the member has taken a Candidate along since they agreed."""
    return (
        select(ExportedPerson.person_id)
        .join(
            Export,
            and_(Export.event_id == ExportedPerson.event_id, Export.id == ExportedPerson.export_id),
        )
        .join(
            Agreement,
            and_(
                Agreement.event_id == Export.event_id,
                Agreement.team_id == Export.team_id,
                Agreement.person_id == ExportedPerson.person_id,
            ),
        )
        .where(
            ExportedPerson.person_id == Attendee.person_id,
            Export.event_id == member.event_id,
            Export.team_id == member.team_id,
            Export.by_id == member.person_id,
            Export.preset == preset,
            Export.made_at >= Agreement.agreed_at,
        )
        .correlate(Attendee)
        .exists()
    )


_LINES = (
    select(Export, Person.name, Team, Event)
    .join(Person, Person.id == Export.by_id)
    .join(Team, and_(Team.event_id == Export.event_id, Team.id == Export.team_id))
    .join(Event, Event.id == Export.event_id)
    .order_by(Export.made_at.desc(), Export.id)
)
_WITH = and_(ExportedPerson.event_id == Export.event_id, ExportedPerson.export_id == Export.id)


def exports_of(session: Session, member: Member) -> list[ExportLine]:
    """Return the latest files of a member's Team."""
    found = _LINES.where(Export.event_id == member.event_id, Export.team_id == member.team_id)
    return [ExportLine(*row) for row in session.execute(found.limit(LATEST))]


def exports_with(session: Session, member: Member, person_id: str) -> list[ExportLine]:
    """Return the Team's files with a Candidate in them, of the time since they agreed."""
    found = (
        _LINES.join(ExportedPerson, _WITH)
        .join(
            Agreement,
            and_(
                Agreement.event_id == Export.event_id,
                Agreement.team_id == Export.team_id,
                Agreement.person_id == ExportedPerson.person_id,
            ),
        )
        .where(
            Export.event_id == member.event_id,
            Export.team_id == member.team_id,
            ExportedPerson.person_id == person_id,
            Agreement.withdrawn_at.is_(None),
            Agreement.agreed_at <= Export.made_at,
        )
    )
    return [ExportLine(*row) for row in session.execute(found)]


def exports_about(
    session: Session,
    person_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[ExportLine]:
    """Return all files a Person was in, of whatever Team, the latest first; until is not within."""
    found = _LINES.join(ExportedPerson, _WITH).where(ExportedPerson.person_id == person_id)
    if since is not None:
        found = found.where(Export.made_at >= since)
    if until is not None:
        found = found.where(Export.made_at < until)
    return [ExportLine(*row) for row in session.execute(found)]
