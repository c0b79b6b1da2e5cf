"""The operator's page: what waits, what fails, and what the worker did last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core import db as database
from webapp.mail import queries as outbox
from webapp.mail.models import Mail, Trouble
from webapp.mail.queries import Queue
from webapp.mail.rules import masked
from webapp.mail.services import give_up, try_now
from webapp.security.access import requires
from webapp.worker.access import operating
from webapp.worker.models import TaskRun
from webapp.worker.queries import runs
from webapp.worker.rules import seconds_of
from webapp.worker.tasks import TASKS, Task

bp = Blueprint("operator", __name__)


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail that has not arrived; its recipient is masked."""

    id: str
    recipient: str
    kind: str
    queued_at: datetime
    tries: int
    next_at: datetime | None
    trouble: str
    problem: str

    @classmethod
    def of(cls, mail: Mail) -> "MailRow":
        """Show what the operator needs to know of a mail."""
        return cls(
            id=mail.id,
            recipient=masked(mail.recipient),
            kind=mail.kind,
            queued_at=mail.queued_at,
            tries=mail.tries,
            next_at=None if mail.gave_up_at else mail.due_at,
            trouble=mail.trouble or "",
            problem=mail.problem or "",
        )


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One periodic task, and its last run if there was one."""

    label: Any
    minutes: float
    started_at: datetime | None
    seconds: float | None
    problem: str | None

    @classmethod
    def of(cls, task: Task, run: TaskRun | None) -> "TaskRow":
        """Show a task and how its last run went."""
        return cls(
            label=task.label,
            minutes=task.every.total_seconds() / 60,
            started_at=run.started_at if run else None,
            seconds=seconds_of(run) if run else None,
            problem=run.problem if run else None,
        )


@dataclass(frozen=True, slots=True)
class OperatorPage:
    """The queue, what fails, what was given up, and the tasks."""

    queue: Queue
    failing: Sequence[MailRow]
    given_up: Sequence[MailRow]
    tasks: Sequence[TaskRow]


@bp.get("/operator")
@requires(operating)
def overview() -> str:
    """Show how the installation is doing."""
    session, now = database.session(), clock.now()
    done = runs(session)
    page = OperatorPage(
        queue=outbox.queue(session, now),
        failing=[MailRow.of(mail) for mail in outbox.failing(session)],
        given_up=[MailRow.of(mail) for mail in outbox.given_up(session)],
        tasks=[TaskRow.of(task, done.get(task.name)) for task in TASKS],
    )
    return render_template("worker/operator.html", page=page)


@bp.post("/operator/mails/<mail_id>/try")
@requires(operating)
def try_again(mail_id: str) -> Response:
    """Let a mail that waits be tried at once."""
    try_now(database.session(), _waiting(mail_id), now=clock.now())
    flash(_("It is being tried now."), "done")
    return redirect(url_for("operator.overview"), 303)


@bp.post("/operator/mails/<mail_id>/give-up")
@requires(operating)
def stop_trying(mail_id: str) -> Response:
    """Try a mail no more; what it said is forgotten."""
    give_up(_waiting(mail_id), trouble=Trouble.GIVEN_UP, now=clock.now())
    flash(_("It is not tried any more."), "done")
    return redirect(url_for("operator.overview"), 303)


def _waiting(mail_id: str) -> Mail:
    return outbox.waiting_mail(database.session(), mail_id) or abort(404)
