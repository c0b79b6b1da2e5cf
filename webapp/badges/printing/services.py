"""Noting what is printed."""

from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.badges.models import Badge
from webapp.badges.printing.models import BadgePrint, PrintedBadge
from webapp.badges.printing.queries import never_printed, valid_badges
from webapp.core.errors import DomainError
from webapp.events.models import Event
from webapp.security.audit import record
from webapp.security.models import Action


class Which(StrEnum):
    """Whose badges are printed."""

    ALL = "all"
    NEW = "new"
    """Those that were never printed: the late batch."""


def ask_for_print(
    session: Session,
    *,
    event: Event,
    layout: str,
    has_backs: bool,
    has_groups: bool,
    which: Which,
    attendee_id: str | None,
    by: Person | None,
    now: datetime,
) -> BadgePrint:
    """Note which badges are printed from now on; with an attendee's id, theirs alone.

    Raises:
        DomainError: there is no such badge.
    """
    asked = BadgePrint(
        event_id=event.id,
        layout=layout,
        has_backs=has_backs,
        has_groups=has_groups,
        asked_by_id=by.id if by else None,
        asked_at=now,
    )
    wanted = valid_badges(event.id)
    if attendee_id is not None:
        wanted.append(Badge.attendee_id == attendee_id)
    elif which == Which.NEW:
        wanted.append(never_printed(event.id))
    number = session.scalar(select(func.count()).select_from(Badge).where(*wanted)) or 0
    if not number:
        raise DomainError(_("There is no badge to print."))
    session.add(asked)
    session.flush()
    chosen = select(literal(event.id), literal(asked.id), Badge.id).where(*wanted)
    session.execute(insert(PrintedBadge).from_select(["event_id", "print_id", "badge_id"], chosen))
    record(
        session,
        event_id=event.id,
        action=Action.BADGES_PRINTED,
        by=asked.asked_by_id,
        now=now,
        attendee_id=attendee_id,
        badges=number,
        layout=layout,
    )
    session.flush()
    return asked
