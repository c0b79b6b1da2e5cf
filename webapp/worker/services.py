"""Noting what the worker begins and how it ended."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.core.db import savepoint
from webapp.worker.models import TaskRun
from webapp.worker.queries import locked_run, run_of
from webapp.worker.rules import is_due


def begin_run(session: Session, *, name: str, every: timedelta, now: datetime) -> bool:
    """Claim the next run of a task; false if another worker was faster."""
    run = locked_run(session, name)
    if run is None:
        return _begin_first(session, name, now)
    if not is_due(run, every=every, now=now):
        return False
    run.started_at, run.finished_at = now, None
    return True


def _begin_first(session: Session, name: str, now: datetime) -> bool:
    try:
        with savepoint(session):
            session.add(TaskRun(name=name, started_at=now))
            session.flush()
    except IntegrityError:
        return False
    return True


def end_run(session: Session, *, name: str, problem: str | None, now: datetime) -> None:
    """Note that a run ended, and what went wrong if something did."""
    run = run_of(session, name)
    if run is not None:
        run.finished_at, run.problem = now, problem
