"""The worker's round of deliveries."""

from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.urls import config
from webapp.mail.delivery import Failure, as_message, carry
from webapp.mail.models import Mail
from webapp.mail.services import lease_next, note_failure, note_sent


def deliver_due() -> int:
    """Deliver all mail that is due and return how many were tried."""
    tried = 0
    while deliver_one():
        tried += 1
    return tried


def deliver_one() -> bool:
    """Take one mail, carry it without a transaction, note what became of it."""
    with transaction() as session:
        mail = lease_next(session, now=clock.now())
        if mail is None:
            return False
        mail_id, message = mail.id, as_message(mail, config())
    failure = (
        message
        if isinstance(message, Failure)
        else carry(message, mail_id=mail_id, config=config())
    )
    with transaction() as session:
        mail = session.get_one(Mail, mail_id)
        if failure is None:
            note_sent(mail, now=clock.now())
        else:
            note_failure(mail, problem=failure.problem, is_final=failure.is_final, now=clock.now())
    return True
