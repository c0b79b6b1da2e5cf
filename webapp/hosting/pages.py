"""What hosts see of those who asked, and the one line an attendee finds beside their code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.conversations.queries import NewsLine
from webapp.events.models import Attendee, Event, RoleName
from webapp.events.rules import Printed, as_printed
from webapp.hosting import queries
from webapp.hosting.queries import AskingRow
from webapp.hosting.rules import Helper, ideas, is_helped_by, waiting_since
from webapp.topics.rules import OwnTopics, Suggestion

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AskingCard:
    """One person who would like to be introduced, as a host sees them."""

    event: Event
    attendee_id: str
    badge: Printed
    waited: str
    """For how long, such as 25 minutes."""
    line: str
    has_met_nobody: bool
    topics: OwnTopics
    helper_id: str
    """Empty if nobody ever was."""
    helper_name: str | None
    """None if nobody is on it who is still a host."""
    taken_at: datetime | None
    introduced_at: datetime | None
    is_mine: bool
    ideas: tuple[Suggestion, ...]


def cards(
    session: Session, event: Event, *, host_id: str, secret: str, now: datetime
) -> list[AskingCard]:
    """Return everybody a host may help, in three queries at most; ideas where they are on it."""
    rows = queries.asking_rows(session, event_id=event.id, host_id=host_id, now=now)
    topics = queries.topics_of(
        session, event_id=event.id, attendee_ids=[row.attendee.id for row in rows]
    )
    asking = [row.attendee for row in rows if not row.asking.is_introduced]
    has_mine = any(is_helped_by(row.asking, host_id) for row in rows)
    blocks = queries.blocks_among(session, _persons(asking)) if has_mine else set()

    def ideas_for(row: AskingRow) -> tuple[Suggestion, ...]:
        if not is_helped_by(row.asking, host_id):
            return ()
        return ideas(event, row.attendee, asking, topics=topics, blocks=blocks, secret=secret)

    return [
        _card(event, row, topics[row.attendee.id], ideas_for(row), host_id=host_id, now=now)
        for row in rows
    ]


def _persons(attendees: Iterable[Attendee]) -> list[str]:
    return [one.person_id for one in attendees if one.person_id]


def _card(
    event: Event,
    row: AskingRow,
    topics: OwnTopics,
    ideas_: tuple[Suggestion, ...],
    *,
    host_id: str,
    now: datetime,
) -> AskingCard:
    asking, came_at = row.asking, row.attendee.checked_in_at or now
    since = waiting_since(event, asking.asked_at, came_at)
    return AskingCard(
        event=event,
        attendee_id=row.attendee.id,
        badge=as_printed(event, row.attendee),
        waited=format_timedelta(max(now - since, MINUTE), granularity="minute", threshold=2),
        line=asking.line,
        has_met_nobody=asking.has_met_nobody,
        topics=topics,
        helper_id=asking.helper_id or "",
        helper_name=row.helper_name,
        taken_at=asking.taken_at,
        introduced_at=asking.introduced_at,
        is_mine=is_helped_by(asking, host_id),
        ideas=ideas_,
    )


def line_for(attendee: Attendee, *, session: Session) -> NewsLine | None:
    """Return what an attendee finds beside their code: that they wait, or who will help."""
    found = queries.own_asking(session, attendee=attendee)
    if found is None or found.asking.is_introduced or not attendee.is_checked_in:
        return None
    text = words_for(found.helper) if found.helper else _("You asked to be introduced")
    return NewsLine(text, url_for("hosting.introduce_me", event_id=attendee.event_id))


def words_for(helper: Helper) -> str:
    """Say who will introduce somebody, and what they are at the event."""
    name = helper.name or _("A host")
    if helper.role is RoleName.DESK:
        text = _("%(name)s from the desk will introduce you", name=name)
    elif helper.role is RoleName.CO_ORGANISER:
        text = _("%(name)s, co-organiser, will introduce you", name=name)
    else:
        text = _("%(name)s, the organiser, will introduce you", name=name)
    return str(text)
