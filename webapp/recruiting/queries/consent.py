"""Reading who may agree to be seen by a team, and which teams see a person."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.events.models import Attendee, Event
from webapp.recruiting.gate import talk_between
from webapp.recruiting.models import Agreement, Member, Team
from webapp.ties.gate import is_open_between


@dataclass(frozen=True, slots=True)
class TeamThatAsks:
    """A Team somebody I talked with is in, and whether it sees me."""

    team: Team
    event: Event
    sees_me: bool


def teams_that_may_ask(
    session: Session, *, person_id: str, other_id: str | None = None, event_id: str | None = None
) -> list[TeamThatAsks]:
    """Return the Teams of people with whom a Person talked, at whose event, in one query.

    Of all of them, of one Person on the other side, or at one event. Over open ties alone, and none
    the Person is in.
    """
    asked = _asking(of_one=other_id is not None, at_one=event_id is not None)
    rows = session.execute(asked, {"me": person_id, "other": other_id, "event": event_id})
    teams = {row[0].id: TeamThatAsks(row[0], row[1], bool(row[2])) for row in rows}
    return list(teams.values())


@cache
def _asking(*, of_one: bool, at_one: bool) -> Select[Team, Event, str | None]:
    person_id: BindParameter[str] = bindparam("me")
    mine, theirs, own = aliased(Attendee), aliased(Attendee), aliased(Member)
    found = (
        select(Team, Event, Agreement.person_id)
        .join(Event, Event.id == Team.event_id)
        .join(Member, and_(Member.event_id == Team.event_id, Member.team_id == Team.id))
        .join(mine, and_(mine.event_id == Team.event_id, mine.person_id == person_id))
        .join(theirs, and_(theirs.event_id == Team.event_id, theirs.person_id == Member.person_id))
        .outerjoin(
            Agreement,
            and_(
                Agreement.event_id == Team.event_id,
                Agreement.team_id == Team.id,
                Agreement.person_id == person_id,
                Agreement.withdrawn_at.is_(None),
            ),
        )
        .outerjoin(
            own,
            and_(own.event_id == Team.event_id, own.team_id == Team.id, own.person_id == person_id),
        )
        .where(
            own.person_id.is_(None),
            select(Conversation.id)
            .where(talk_between(mine, theirs))
            .correlate_except(Conversation)
            .exists(),
            is_open_between(Member.person_id, mine.person_id),
            Event.erased_at.is_(None),
            Event.erasure_asked_at.is_(None),
        )
        .order_by(Event.starts_at.desc(), Team.name, Team.id)
    )
    if of_one:
        found = found.where(Member.person_id == bindparam("other"))
    return found.where(Team.event_id == bindparam("event")) if at_one else found


def teams_that_see(session: Session, person_id: str) -> list[tuple[Team, Event]]:
    """Return the Teams a Person has let see them, the latest first."""
    rows = session.execute(
        select(Team, Event)
        .join(Agreement, and_(Agreement.event_id == Team.event_id, Agreement.team_id == Team.id))
        .join(Event, Event.id == Team.event_id)
        .where(Agreement.person_id == person_id, Agreement.withdrawn_at.is_(None))
        .order_by(Agreement.agreed_at.desc(), Team.id)
    )
    return [(row[0], row[1]) for row in rows]
