"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.mail.models import Mail


def next_due(session: Session, now: datetime) -> Mail | None:
    """Return and lock one mail that is due; workers beside us skip it."""
    waiting = Mail.sent_at.is_(None) & Mail.gave_up_at.is_(None) & (Mail.due_at <= now)
    return session.scalar(
        select(Mail).where(waiting).order_by(Mail.due_at).limit(1).with_for_update(skip_locked=True)
    )
