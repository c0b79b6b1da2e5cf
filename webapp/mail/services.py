"""Putting mail into the outbox and noting what became of it."""

from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from webapp.core.text import one_line
from webapp.mail.models import Mail
from webapp.mail.queries import next_due
from webapp.mail.rules import GIVE_UP_AFTER, LEASE, wait_after


def queue_mail(
    session: Session, *, kind: str, recipient: str, subject: str, now: datetime, **context: Any
) -> Mail:
    """Write a mail into the outbox in the caller's transaction.

    `kind` names the templates: `accounts/sign_in_code` is rendered from
    `templates/accounts/mail/sign_in_code.txt` and `.html`.
    """
    folder, _, name = kind.partition("/")
    subject = one_line(subject)
    mail = Mail(
        kind=kind,
        recipient=recipient,
        subject=subject,
        text=render_template(f"{folder}/mail/{name}.txt", **context),
        html=render_template(f"{folder}/mail/{name}.html", subject=subject, **context),
        queued_at=now,
        due_at=now,
    )
    session.add(mail)
    session.flush()
    return mail


def lease_next(session: Session, *, now: datetime) -> Mail | None:
    """Take one mail that is due for ourselves for a while, so that it is carried once."""
    mail = next_due(session, now)
    if mail is not None:
        mail.due_at = now + LEASE
        session.flush()
    return mail


def note_sent(mail: Mail, *, now: datetime) -> None:
    """Note that a server took the mail, and forget what it said."""
    mail.sent_at = now
    mail.subject = mail.text = mail.html = ""
    mail.problem = None


def note_failure(mail: Mail, *, problem: str, is_final: bool, now: datetime) -> None:
    """Note why a try failed; wait and try again, or give up for good."""
    mail.tries += 1
    mail.problem = problem[:500]
    if is_final or now - mail.queued_at > GIVE_UP_AFTER:
        mail.gave_up_at = now
        mail.subject = mail.text = mail.html = ""
    else:
        mail.due_at = now + wait_after(mail.tries)
