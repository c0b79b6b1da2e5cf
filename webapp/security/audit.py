"""The log of what was done at an event by those who work there.

Each service that an organiser, a co-organiser or a desk helper sets off notes it here, in the
transaction of what it did: both are kept, or neither. The organisers read the log of their event,
and each attendee what concerns them.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.security.models import Action, AuditEntry


def record(
    session: Session,
    *,
    event_id: str,
    action: Action,
    by: str | None,
    now: datetime,
    attendee_id: str | None = None,
    person_id: str | None = None,
    **details: str | int | bool,
) -> AuditEntry:
    """Note what a Person (by id; None for a command or the worker) did at an event.

    `attendee_id` is whom it was done to and who will see it under Me, `person_id` whose role it
    was about. Details are numbers and names of ours, never what somebody typed.
    """
    entry = AuditEntry(
        event_id=event_id,
        action=action,
        actor_id=by,
        attendee_id=attendee_id,
        person_id=person_id,
        details=details,
        done_at=now,
    )
    session.add(entry)
    return entry
