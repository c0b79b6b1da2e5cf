"""What the worker does again and again: one row for each, whichever feature it belongs to.

Every one of them may run twice at once and do no harm.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.accounts.tasks import forget_sign_ins
from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.exchange.guests.tasks import forget_guest_lists
from webapp.exchange.mydata.tasks import erase_persons
from webapp.followups.letters.tasks import forget_what_was_told, write_letters
from webapp.hosting.tasks import forget_askings
from webapp.insights.tasks import freeze_summaries
from webapp.mail.tasks import deliver_due, forget_mails
from webapp.retention.tasks import erase_events
from webapp.ties.tasks import forget_removed_links
from webapp.worker.queries import run_of
from webapp.worker.rules import is_due
from webapp.worker.services import begin_run, end_run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One periodic task: what it is called, what it runs, how often, and what people call it."""

    name: str
    run: Callable[[], Any]
    every: timedelta
    label: Any


DELIVERY = Task("deliver_mail", deliver_due, timedelta(seconds=30), _l("Deliver mail"))
TASKS = (
    DELIVERY,
    Task("freeze_summaries", freeze_summaries, timedelta(minutes=5), _l("Freeze summaries")),
    Task("forget_guest_lists", forget_guest_lists, timedelta(hours=1), _l("Forget guest lists")),
    Task("forget_askings", forget_askings, timedelta(minutes=5), _l("Forget who asked for help")),
    Task(
        "forget_removed_links", forget_removed_links, timedelta(hours=1), _l("Forget removed links")
    ),
    Task("erase_events", erase_events, timedelta(minutes=5), _l("Erase events")),
    Task("erase_persons", erase_persons, timedelta(minutes=5), _l("Erase accounts")),
    Task("write_letters", write_letters, timedelta(minutes=5), _l("Write letters")),
    Task(
        "forget_what_was_told",
        forget_what_was_told,
        timedelta(days=1),
        _l("Forget what letters told"),
    ),
    Task("forget_sign_ins", forget_sign_ins, timedelta(hours=6), _l("Forget old sign-ins")),
    Task("forget_mails", forget_mails, timedelta(hours=6), _l("Forget old mail")),
)


def run_if_due(task: Task, *, by: Callable[[], Any] | None = None) -> bool:
    """Run a task unless a worker has begun it within its rhythm; note how it ended.

    `by` runs instead of what the task names. A failure is noted and kept from the tasks beside it.
    """
    with reading() as session:
        if not is_due(run_of(session, task.name), every=task.every, now=clock.now()):
            return False
    with transaction() as session:
        if not begin_run(session, name=task.name, every=task.every, now=clock.now()):
            return False
    problem = None
    try:
        (by or task.run)()
    except Exception as error:  # whatever it is, the operator reads it
        log.exception("%s failed", task.name)
        problem = _told(error)
    with transaction() as session:
        end_run(session, name=task.name, problem=problem, now=clock.now())
    return True


def _told(error: Exception) -> str:
    """Name an error by its first line: what follows may quote a row of the database."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]
