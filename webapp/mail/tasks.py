"""The worker's round of deliveries."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.urls import config
from webapp.mail.delivery import Failure, as_message, carry
from webapp.mail.models import Mail, Trouble
from webapp.mail.rules import LEASE, is_expired
from webapp.mail.services import (
    forget_old,
    give_up,
    lease_next,
    note_failure,
    note_sent,
    note_undeliverable,
    renew_lease,
)

BEATS = 3
"""Signs of life within one lease."""


def deliver_due(*, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Deliver all mail that is due and return how many were tried; stop between two mails."""
    tried = 0
    while may_go_on() and deliver_one():
        tried += 1
    return tried


def deliver_one() -> bool:
    """Take one mail, carry it without a transaction, note what became of it."""
    with transaction() as session:
        now = clock.now()
        mail = lease_next(session, now=now)
        if mail is None:
            return False
        if is_expired(mail, now=now):
            give_up(mail, trouble=Trouble.TOO_LATE, now=now)
            return True
        mail_id, message = mail.id, as_message(mail, config())
    if isinstance(message, Failure):
        failure: Failure | None = message
    else:
        with _kept(mail_id):
            failure = carry(message, mail_id=mail_id, config=config())
    _note(mail_id, failure)
    return True


def _note(mail_id: str, failure: Failure | None) -> None:
    """Note what became of a mail; it may have been erased meanwhile, or sent by another worker."""
    with transaction() as session:
        mail, now = session.get(Mail, mail_id), clock.now()
        if mail is None:
            return
        if failure is None:
            note_sent(mail, now=now)
        elif mail.sent_at is None and mail.gave_up_at is None:
            note_failure(mail, trouble=failure.trouble, problem=failure.problem, now=now)
            if failure.trouble is Trouble.NOBODY:
                note_undeliverable(session, address=mail.recipient, now=now)


@contextmanager
def _kept(mail_id: str) -> Iterator[None]:
    """Give a sign of life while a server takes its time, so that no other worker tries too."""
    app, is_done = current_app._get_current_object(), threading.Event()  # type: ignore[attr-defined]  # noqa: SLF001
    thread = threading.Thread(target=_beat, args=(app, mail_id, is_done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _beat(app: Flask, mail_id: str, is_done: threading.Event) -> None:
    while not is_done.wait(LEASE.total_seconds() / BEATS):
        with app.app_context():
            try:
                with transaction() as session:
                    renew_lease(session, mail_id=mail_id, now=clock.now())
            except SQLAlchemyError:
                continue


def forget_mails() -> None:
    """Forget who was written to a month ago."""
    with transaction() as session:
        forget_old(session, now=clock.now())
