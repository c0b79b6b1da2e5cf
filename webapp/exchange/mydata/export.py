"""Everything about one Person, as sections of rows. A fixed number of queries, however many rows.

Of other people it holds what a page would show now: the gate decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.models import Conversation
from webapp.conversations.queries import claims_about_me, is_blocked, my_waiting_claims
from webapp.events.models import Attendee, Event
from webapp.exchange.mydata.keeping import Row, as_json, packed
from webapp.exchange.mydata.mine import Me, places_of
from webapp.exchange.mydata.registry import HOLDINGS, Holding
from webapp.followups.models import Promise
from webapp.followups.queries.introductions import introductions_to_me
from webapp.recruiting.models import Criterion, Opening, Stage, Standing, Team
from webapp.recruiting.queries.exports import exports_about
from webapp.recruiting.queries.handovers import handovers_to_me
from webapp.ties import gate
from webapp.ties.models import Note
from webapp.ties.queries import PersonRow, people_i_blocked, people_i_met

FORMAT = 1
"""Goes up when a section or a key changes its meaning."""


@dataclass(frozen=True, slots=True)
class Known:
    """The people a Person may name, and by what."""

    session: Session
    me: Me
    met: list[PersonRow]
    now: datetime

    def by_tie(self) -> dict[str, str]:
        """Return their names by tie."""
        return {row.tie.id: row.person.name for row in self.met}

    def by_person(self) -> dict[str, str]:
        """Return their names by their ids."""
        return {row.person.id: row.person.name for row in self.met}

    def by_place(self) -> dict[tuple[str, str], str]:
        """Return their names by their places at events, in one query."""
        found = (
            gate.open_ties(self.me.id)
            .join(Attendee, Attendee.person_id == Person.id)
            .with_only_columns(Attendee.event_id, Attendee.id, Person.name)
        )
        return {(row[0], row[1]): row[2] for row in self.session.execute(found)}


def everything(session: Session, *, me: Me, now: datetime) -> dict[str, list[Row]]:
    """Return all sections, the empty ones too."""
    known = Known(session, me, people_i_met(session, me.id), now)
    told: dict[str, list[Row]] = {"events": _events(known)}
    for holding in HOLDINGS:
        if holding.mine is not None:
            section = SPECIAL.get(holding.section, _plain)
            told[holding.section] = section(holding, known)
    told["introductions_to_me"] = _introductions_to_me(known)
    told["people"] = people(known)
    return told


def _plain(holding: Holding, known: Known) -> list[Row]:
    names = known.by_tie() if "tie_id" in holding.exported else None
    rows = [packed(row) for row in known.session.execute(_exported(holding, known)).mappings()]
    return rows if names is None else [row | {"name": names.get(row["tie_id"])} for row in rows]


def _exported(holding: Holding, known: Known, *more: str) -> sa.Select[*tuple[object, ...]]:
    assert holding.mine is not None  # noqa: S101  # `everything` asks for no other
    cells = holding.model.__table__.c
    return (
        sa.select(*(cells[name] for name in (*holding.exported, *more)))
        .where(holding.mine(holding.model, known.me))
        .order_by(*holding.model.__table__.primary_key)
    )


def _events(known: Known) -> list[Row]:
    mine = places_of(known.me).with_only_columns(Attendee.event_id)
    found = (
        sa.select(
            Event.id, Event.name, Event.place, Event.time_zone, Event.starts_at, Event.ends_at
        )
        .where(Event.id.in_(mine))
        .order_by(Event.starts_at, Event.id)
    )
    return [packed(row) for row in known.session.execute(found).mappings()]


def _ties(_holding: Holding, known: Known) -> list[Row]:
    return [
        {
            "id": row.tie.id,
            "name": row.person.name,
            "opened_at": as_json(row.tie.opened_at),
            "last_talk_at": as_json(row.tie.last_talk_at),
            "last_event_id": row.tie.last_event_id,
        }
        for row in known.met
    ]


def _talks(_holding: Holding, known: Known) -> list[Row]:
    """What I may know of my talks: those that are proven, and the claims that wait."""
    session, me, now = known.session, known.me.id, known.now
    rows = [_talk(talk, name) for talk, name in _proven(known)]
    rows += [
        _talk(one.talk, one.name, by_me=True)
        for one in my_waiting_claims(session, person_id=me, now=now)
    ]
    rows += [
        _talk(one.talk, one.name, by_me=False)
        for one in claims_about_me(session, person_id=me, now=now)
    ]
    return rows


def _proven(known: Known) -> list[tuple[Conversation, str | None]]:
    mine, other = aliased(Attendee), aliased(Attendee)
    is_pair = sa.or_(
        (mine.id == Conversation.low_id) & (other.id == Conversation.high_id),
        (mine.id == Conversation.high_id) & (other.id == Conversation.low_id),
    )
    found = (
        sa.select(Conversation, other.id)
        .join(mine, mine.event_id == Conversation.event_id)
        .join(other, (other.event_id == Conversation.event_id) & is_pair)
        .where(
            mine.person_id == known.me.id,
            Conversation.proven_at.is_not(None),
            Conversation.undone_at.is_(None),
            ~is_blocked(mine.person_id, other.person_id),
        )
        .order_by(Conversation.started_at, Conversation.id)
    )
    names = known.by_place()
    return [
        (talk, names.get((talk.event_id, other_id)))
        for talk, other_id in known.session.execute(found)
    ]


def _talk(talk: Conversation, name: str | None, *, by_me: bool | None = None) -> Row:
    return {
        "event_id": talk.event_id,
        "id": talk.id,
        "name": name,
        "started_at": as_json(talk.started_at),
        "last_at": as_json(talk.last_at),
        "evidence": talk.evidence.value if by_me is None else "claimed",
        "proven_at": as_json(talk.proven_at) if by_me is None else None,
        "claimed_by_me": by_me,
    }


def _notes(holding: Holding, known: Known) -> list[Row]:
    names = known.by_place()
    found = _exported(holding, known).add_columns(Note.about_id)
    rows = [packed(row) for row in known.session.execute(found).mappings()]
    return [row | {"name": names.get((row["event_id"], row.pop("about_id")))} for row in rows]


def _promises(holding: Holding, known: Known) -> list[Row]:
    """What I promised, and what was promised to me over a tie that is open."""
    names = known.by_tie()
    found = _exported(holding, known).add_columns(Promise.by_id)
    rows = [packed(row) for row in known.session.execute(found).mappings()]
    told = [row | {"by_me": row.pop("by_id") == known.me.id} for row in rows]
    return [
        row | {"name": names.get(row["tie_id"])}
        for row in told
        if row["by_me"] or row["tie_id"] in names
    ]


def _introductions(holding: Holding, known: Known) -> list[Row]:
    names = known.by_person()
    found = _exported(holding, known, "low_id", "high_id")
    rows = [packed(row) for row in known.session.execute(found).mappings()]
    return [
        row | {"one": names.get(row.pop("low_id")), "other": names.get(row.pop("high_id"))}
        for row in rows
    ]


def _introductions_to_me(known: Known) -> list[Row]:
    found = introductions_to_me(known.session, person_id=known.me.id, now=known.now)
    return [
        {
            "by": one.by.name,
            "other": one.other.name if one.introduction.is_made else None,
            "reason": one.introduction.reason,
            "proposed_at": as_json(one.introduction.proposed_at),
        }
        for one in found
    ]


def _blocked(_holding: Holding, known: Known) -> list[Row]:
    return [{"name": one.name} for one in people_i_blocked(known.session, known.me.id)]


def people(known: Known) -> list[Row]:
    """Return the people with whom a tie is open, with what they opened to me."""
    links = gate.links_over_all(known.session, person_id=known.me.id)
    return [
        {
            "tie_id": row.tie.id,
            "name": row.person.name,
            "organisation": row.person.organisation,
            "headline": row.person.headline,
            "links": [link.url for link in links.get(row.tie.id, [])],
            "met_at": row.event.name,
            "last_talk_at": as_json(row.tie.last_talk_at),
        }
        for row in known.met
    ]


def _of_team(holding: Holding, known: Known, *more: str) -> list[Row]:
    """What a team holds about me, or I am in it, with the team's name."""
    cells = holding.model.__table__.c
    team = (Team.event_id == cells.event_id) & (Team.id == cells.team_id)
    found = _exported(holding, known, *more).join_from(holding.model, Team, team)
    if holding.model is Standing:
        stage = (Stage.event_id == cells.event_id) & (Stage.team_id == cells.team_id)
        found = found.join(Stage, stage & (Stage.id == cells.stage_id))
        found = found.add_columns(Stage.name.label("stage"))
    found = found.add_columns(Team.name.label("team"))
    return [packed(row) for row in known.session.execute(found).mappings()]


def _exported_by_teams(_holding: Holding, known: Known) -> list[Row]:
    """Who took me along, to where and when."""
    return [
        {
            "event_id": one.event.id,
            "team": one.team.name,
            "by": one.by,
            "preset": one.export.preset,
            "made_at": as_json(one.export.made_at),
        }
        for one in exports_about(known.session, known.me.id)
    ]


def _by_team(holding: Holding, known: Known) -> list[Row]:
    """What a team says about me, without who wrote it, and what I wrote about others for mine."""
    cells = holding.model.__table__.c
    author = cells["reviewer_id" if "reviewer_id" in cells else "author_id"]
    team = (Team.event_id == cells.event_id) & (Team.id == cells.team_id)
    found = _exported(holding, known, "person_id").join_from(holding.model, Team, team)
    found = found.add_columns(Team.name.label("team"), (author == known.me.id).label("by_me"))
    if "opening_id" in cells:
        opening = (Opening.event_id == cells.event_id) & (Opening.team_id == cells.team_id)
        found = found.join(Opening, opening & (Opening.id == cells.opening_id))
        found = found.add_columns(Opening.title.label("opening"))
    if "criterion_id" in cells:
        judged = [Criterion.__table__.c[one] == cells[one] for one in _OF_AN_OPENING]
        found = found.join(Criterion, sa.and_(*judged, Criterion.id == cells.criterion_id))
        found = found.add_columns(Criterion.text.label("criterion"))
    names = known.by_person()
    rows = [packed(row) for row in known.session.execute(found).mappings()]
    return [row | {"name": names.get(row.pop("person_id"))} for row in rows]


_OF_AN_OPENING = ("event_id", "team_id", "opening_id")


def _handovers(holding: Holding, known: Known) -> list[Row]:
    """What I was asked and answered, or am asked now; and what I asked, without the answers."""
    shown = {
        one.handover.id: one
        for one in handovers_to_me(known.session, person_id=known.me.id, now=known.now)
    }
    found = _of_team(holding, known, "id", "person_id", "from_id", "answered_at")
    names, told = known.by_person(), []
    for row in found:
        one = shown.get(row.pop("id"))
        about, asker = row.pop("person_id"), row.pop("from_id")
        answered_at = row.pop("answered_at")
        if asker == known.me.id:
            told.append(row | {"by_me": True, "name": names.get(about)})
        elif one or answered_at:
            told.append(
                row
                | {
                    "by_me": False,
                    "answered_at": answered_at,
                    "asker": one.asker.name if one else names.get(asker),
                    "colleague": one.colleague.name if one else None,
                    "carries_on": one.handover.is_standing if one else False,
                }
            )
    return told


SPECIAL: dict[str, Callable[[Holding, Known], list[Row]]] = {
    "ties": _ties,
    "talks": _talks,
    "notes": _notes,
    "promises": _promises,
    "introductions": _introductions,
    "blocked": _blocked,
    "team_places": _of_team,
    "team_invitations": _of_team,
    "seen_by_teams": _of_team,
    "standings_with_teams": _of_team,
    "done_by_teams": _of_team,
    "exports_made": _of_team,
    "exported_by_teams": _exported_by_teams,
    "reviews": _by_team,
    "ratings": _by_team,
    "team_notes": _by_team,
    "handovers": _handovers,
}
"""The sections that name other people."""
