"""What came of talks for teams: input for an event's numbers, never shown by pair."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from webapp.conversations.models import Conversation
from webapp.events.models import Attendee
from webapp.recruiting.gate import talk_between
from webapp.recruiting.models import Member, Standing, TeamOutcome
from webapp.ties.gate import is_open_between


def pairs_something_came_of(
    session: Session, event_id: str, *, until: datetime
) -> set[tuple[str, str]]:
    """Return the pairs of Attendees whose talk led to something, by what teams said until then.

    For each Team and Candidate it is the pair that talked first. Only over ties that are open;
    what was said of who withdrew is deleted. One query.
    """
    mine, theirs = aliased(Attendee), aliased(Attendee)
    rows = session.execute(
        select(Standing.team_id, Standing.person_id, Conversation.low_id, Conversation.high_id)
        .select_from(Standing)
        .join(
            Member,
            and_(Member.event_id == Standing.event_id, Member.team_id == Standing.team_id),
        )
        .join(mine, and_(mine.event_id == Standing.event_id, mine.person_id == Member.person_id))
        .join(
            theirs,
            and_(theirs.event_id == Standing.event_id, theirs.person_id == Standing.person_id),
        )
        .join(Conversation, talk_between(mine, theirs))
        .where(
            Standing.event_id == event_id,
            Standing.outcome.is_not(None),
            Standing.outcome != TeamOutcome.NOTHING_YET,
            Standing.outcome_at <= until,
            is_open_between(Member.person_id, Standing.person_id),
        )
        .order_by(Conversation.started_at, Conversation.id)
    )
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for team_id, person_id, low_id, high_id in rows:
        first.setdefault((team_id, person_id), (low_id, high_id))
    return set(first.values())
