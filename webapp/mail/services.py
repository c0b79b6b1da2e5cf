"""Putting mail into the outbox and noting what became of it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from flask import render_template
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.core.db import savepoint
from webapp.core.text import one_line
from webapp.mail import queries, stopping, waking
from webapp.mail.models import LetterDay, LetterKind, Mail, Stop, StopReason, Trouble, Wish
from webapp.mail.rules import (
    FINAL,
    KEPT_FOR,
    LEASE,
    USUAL,
    Reader,
    Unsent,
    is_tried_enough,
    is_wanted,
    wait_after,
    without_addresses,
)


def queue_mail(
    session: Session,
    *,
    kind: str,
    recipient: str,
    subject: str,
    now: datetime,
    expires_at: datetime | None = None,
    **context: Any,
) -> Mail:
    """Write a mail into the outbox in the caller's transaction.

    `kind` names the templates: `accounts/sign_in_code` is rendered from
    `templates/accounts/mail/sign_in_code.txt` and `.html`.
    """
    folder, _, name = kind.partition("/")
    subject = one_line(subject)
    told = {"stop_url": None} | context
    mail = Mail(
        kind=kind,
        recipient=recipient,
        subject=subject,
        text=render_template(f"{folder}/mail/{name}.txt", **told),
        html=render_template(f"{folder}/mail/{name}.html", subject=subject, **told),
        queued_at=now,
        due_at=now,
        expires_at=expires_at,
    )
    session.add(mail)
    session.flush()
    waking.after_commit_of(session)
    return mail


def queue_letter(
    session: Session,
    *,
    letter: LetterKind,
    kind: str,
    to: Reader,
    subject: str,
    day: date,
    now: datetime,
    **context: Any,
) -> Mail | Unsent:
    """Write a letter into the outbox, or return why its reader gets none.

    `day` is the day where the reader is: nobody gets two letters on it. `kind` and `context` are
    those of `queue_mail`.
    """
    if why := why_not(session, letter=letter, to=to):
        return why
    if not _claim_day(session, to, day):
        return Unsent.HAD_ONE
    reader = to.person_id or stopping.address_digest(to.address)
    url = stopping.stop_url(letter, reader)
    mail = queue_mail(
        session, kind=kind, recipient=to.address, subject=subject, now=now, stop_url=url, **context
    )
    mail.letter, mail.reader, mail.stop_url = letter, reader, url
    session.flush()
    return mail


def why_not(session: Session, *, letter: LetterKind, to: Reader) -> Unsent | None:
    """Return why a reader gets no letter of a kind on any day, or None."""
    reasons = {one.reason for one in queries.stops_of(session, stopping.address_digest(to.address))}
    if StopReason.UNDELIVERABLE in reasons:
        return Unsent.UNDELIVERABLE
    if to.person_id is None:
        return Unsent.UNWANTED if StopReason.ASKED in reasons else None
    is_welcome = is_wanted(letter, queries.wishes_of(session, to.person_id))
    return None if is_welcome else Unsent.UNWANTED


def _claim_day(session: Session, to: Reader, day: date) -> bool:
    """Claim a reader's day, as a Person and as an address; false if there was a letter on it."""
    readers = [stopping.address_digest(to.address), *([to.person_id] if to.person_id else [])]
    try:
        with savepoint(session):
            session.add_all(LetterDay(reader=reader, day_on=day) for reader in readers)
            session.flush()
    except IntegrityError:
        return False
    return True


def keep_wishes(
    session: Session, *, person_id: str, wanted: Collection[LetterKind], now: datetime
) -> None:
    """Note which letters a Person wants, and drop those that wait and are not wanted."""
    for kind in USUAL:
        _wish(session, person_id, kind, is_wanted=kind in wanted, now=now)
        if kind not in wanted:
            _drop_letters(session, kind, person_id, now=now)
    session.flush()


def stop_letters(session: Session, *, kind: LetterKind, reader: str, now: datetime) -> None:
    """Note that a reader wants no more letters of a kind; saying it twice changes nothing."""
    if kind is LetterKind.GUEST:
        session.merge(Stop(address_digest=reader, reason=StopReason.ASKED, stopped_at=now))
    else:
        _wish(session, reader, kind, is_wanted=False, now=now)
    _drop_letters(session, kind, reader, now=now)
    session.flush()


def resume_letters(session: Session, *, kind: LetterKind, reader: str, now: datetime) -> None:
    """Take a "no more of these" back."""
    if kind is LetterKind.GUEST:
        asked = (Stop.address_digest == reader) & (Stop.reason == StopReason.ASKED)
        session.execute(delete(Stop).where(asked))
    else:
        _wish(session, reader, kind, is_wanted=True, now=now)
    session.flush()


def _wish(
    session: Session, person_id: str, kind: LetterKind, *, is_wanted: bool, now: datetime
) -> None:
    session.merge(Wish(person_id=person_id, kind=kind, is_wanted=is_wanted, said_at=now))


def _drop_letters(session: Session, kind: LetterKind, reader: str, *, now: datetime) -> None:
    for mail in queries.waiting_letters(session, kind=kind, reader=reader):
        give_up(mail, trouble=Trouble.UNWANTED, now=now)


def note_undeliverable(session: Session, *, address: str, now: datetime) -> None:
    """Write no letters to an address until somebody signs in with it."""
    known = stopping.address_digest(address)
    session.merge(Stop(address_digest=known, reason=StopReason.UNDELIVERABLE, stopped_at=now))


def note_deliverable(session: Session, *, address: str) -> None:
    """Note that a code sent to an address came back: letters arrive there."""
    is_about = Stop.address_digest == stopping.address_digest(address)
    is_broken = Stop.reason == StopReason.UNDELIVERABLE
    session.execute(delete(Stop).where(is_about, is_broken))


def lease_next(session: Session, *, now: datetime) -> Mail | None:
    """Take one mail that is due for ourselves for a while, so that it is carried once."""
    mail = queries.next_due(session, now)
    if mail is not None:
        mail.due_at = now + LEASE
        session.flush()
    return mail


def renew_lease(session: Session, *, mail_id: str, now: datetime) -> None:
    """Keep a mail for ourselves: its server is slow, and we are alive."""
    mail = queries.waiting_mail(session, mail_id)
    if mail is not None:
        mail.due_at = now + LEASE


def note_sent(mail: Mail, *, now: datetime) -> None:
    """Note that a server took the mail, and forget what it said."""
    mail.sent_at, mail.gave_up_at = now, None
    mail.trouble = mail.problem = None
    _forget_words(mail)


def note_failure(mail: Mail, *, trouble: Trouble, problem: str, now: datetime) -> None:
    """Note why a try failed; wait and try again, or give up for good."""
    mail.tries += 1
    mail.problem = without_addresses(problem)[:500]
    if trouble in FINAL or is_tried_enough(mail, now=now):
        give_up(mail, trouble=trouble, now=now)
    else:
        mail.trouble = trouble
        mail.due_at = now + wait_after(mail.tries)


def give_up(mail: Mail, *, trouble: Trouble, now: datetime) -> None:
    """Try no more, and forget what the mail said."""
    mail.gave_up_at, mail.trouble = now, trouble
    _forget_words(mail)


def try_now(session: Session, mail: Mail, *, now: datetime) -> None:
    """Let a mail that waits be tried at once."""
    mail.due_at = now
    waking.after_commit_of(session)


def forget_old(session: Session, *, now: datetime) -> None:
    """Forget who was written to, a month after."""
    session.execute(delete(Mail).where(Mail.sent_at < now - KEPT_FOR))
    session.execute(delete(Mail).where(Mail.gave_up_at < now - KEPT_FOR))
    session.execute(delete(LetterDay).where(LetterDay.day_on < (now - KEPT_FOR).date()))


def _forget_words(mail: Mail) -> None:
    mail.subject = mail.text = mail.html = ""
    mail.stop_url = None
