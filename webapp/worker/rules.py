"""When a periodic task is due."""

from datetime import datetime, timedelta

from webapp.worker.models import TaskRun


def is_due(run: TaskRun | None, *, every: timedelta, now: datetime) -> bool:
    """Tell whether a task's last start is long enough ago; one that was cut short counts too."""
    return run is None or now - run.started_at >= every


def seconds_of(run: TaskRun) -> float | None:
    """Return how long a run took, or None while it goes on or if it was cut short."""
    if run.finished_at is None:
        return None
    return (run.finished_at - run.started_at).total_seconds()
