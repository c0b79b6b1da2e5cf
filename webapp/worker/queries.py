"""Reading what the worker did last."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.worker.models import TaskRun


def run_of(session: Session, name: str) -> TaskRun | None:
    """Return the last run of a task."""
    return session.get(TaskRun, name)


def locked_run(session: Session, name: str) -> TaskRun | None:
    """Return the last run of a task and hold it: workers beside us wait."""
    return session.scalar(select(TaskRun).where(TaskRun.name == name).with_for_update())


def runs(session: Session) -> dict[str, TaskRun]:
    """Return the last run of every task, by name."""
    return {run.name: run for run in session.scalars(select(TaskRun))}
