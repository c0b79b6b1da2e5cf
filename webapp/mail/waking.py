"""Telling the worker, once a commit has put mail into the outbox."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from webapp.core.db import RequestSession
from webapp.core.signals import mail_queued

QUEUED = "has_queued_mail"


def after_commit_of(session: Session) -> None:
    """Tell the worker as soon as this session has committed."""
    session.info[QUEUED] = True


@event.listens_for(RequestSession, "after_commit")
def _tell(session: RequestSession) -> None:
    """Pass on that mail waits; the end of a savepoint is no commit yet."""
    if session.get_nested_transaction() is None and session.info.pop(QUEUED, False):
        mail_queued.send()


@event.listens_for(RequestSession, "after_rollback")
def _forget(session: RequestSession) -> None:
    if session.get_nested_transaction() is None:
        session.info.pop(QUEUED, None)
