"""Which letters wait for a mail server though they are no longer true."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from webapp.followups.models import Promise
from webapp.mail.models import Mail
from webapp.ties.models import Tie


def has_overtaken_letters(session: Session) -> bool:
    """Tell whether a letter waits that is no longer true."""
    return session.scalars(_overtaken().limit(1)).first() is not None


def overtaken_letters(session: Session) -> Sequence[Mail]:
    """Return and lock the letters that wait and are no longer true."""
    return session.scalars(_overtaken().with_for_update(skip_locked=True, of=Mail)).all()


def _overtaken() -> Select[Mail]:
    """Return the query of letters that wait though their reader's ties or promises have changed.

    Nothing waits for long but while a mail server is away.
    """
    of_reader = or_(Tie.low_person_id == Mail.reader, Tie.high_person_id == Mail.reader)
    tie = select(Tie.id).where(
        of_reader, or_(Tie.closed_at >= Mail.queued_at, Tie.last_talk_at >= Mail.queued_at)
    )
    promise = select(Promise.id).where(
        Promise.by_id == Mail.reader,
        or_(Promise.kept_at >= Mail.queued_at, Promise.dropped_at >= Mail.queued_at),
    )
    return select(Mail).where(
        Mail.sent_at.is_(None),
        Mail.gave_up_at.is_(None),
        Mail.letter.is_not(None),
        or_(tie.exists(), promise.exists()),
    )
