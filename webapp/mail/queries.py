"""Reading the outbox, and who wants which letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.core.db import Base
from webapp.mail.models import LetterKind, Mail, Stop, StopReason, Wish
from webapp.mail.rules import USUAL, is_wanted

WAITING = Mail.sent_at.is_(None) & Mail.gave_up_at.is_(None)
AGES = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """How many mails wait, by age: under a minute, an hour, a day, and longer."""

    next_due_at: datetime | None
    under_a_minute: int
    under_an_hour: int
    under_a_day: int
    longer: int

    @property
    def total(self) -> int:
        """All that wait."""
        return self.under_a_minute + self.under_an_hour + self.under_a_day + self.longer


def next_due(session: Session, now: datetime) -> Mail | None:
    """Return and lock one mail that is due; workers beside us skip it."""
    due = WAITING & (Mail.due_at <= now)
    return session.scalar(
        select(Mail).where(due).order_by(Mail.due_at).limit(1).with_for_update(skip_locked=True)
    )


def waiting_mail(session: Session, mail_id: str) -> Mail | None:
    """Return and lock a mail that is neither sent nor given up."""
    return session.scalar(select(Mail).where(Mail.id == mail_id, WAITING).with_for_update())


def waiting_letters(session: Session, *, kind: LetterKind, reader: str) -> Sequence[Mail]:
    """Return the letters of a kind that wait for a reader."""
    mine = (Mail.letter == kind) & (Mail.reader == reader)
    return session.scalars(select(Mail).where(WAITING, mine).with_for_update()).all()


def queue(session: Session, now: datetime) -> Queue:
    """Count what waits, in one query."""
    minute, hour, day = (now - age for age in AGES)
    bounds = (
        Mail.queued_at > minute,
        and_(Mail.queued_at <= minute, Mail.queued_at > hour),
        and_(Mail.queued_at <= hour, Mail.queued_at > day),
        Mail.queued_at <= day,
    )
    counts = (func.count().filter(bound) for bound in bounds)
    row = session.execute(select(func.min(Mail.due_at), *counts).where(WAITING)).one()
    next_due_at, *waiting = row
    return Queue(next_due_at, *waiting)


def oldest_waiting(session: Session) -> datetime | None:
    """Return when the mail that waits longest was queued."""
    return session.scalar(select(func.min(Mail.queued_at)).where(WAITING))


def failing(session: Session) -> Sequence[Mail]:
    """Return mails that wait after a failed try, the longest waiting first, at most 50."""
    tried = select(Mail).where(WAITING, Mail.tries > 0)
    return session.scalars(tried.order_by(Mail.queued_at).limit(MOST_SHOWN)).all()


def given_up(session: Session) -> Sequence[Mail]:
    """Return the mails last given up, newest first, at most 50; not those nobody wants."""
    ended = select(Mail).where(Mail.gave_up_at.is_not(None), Mail.trouble != "unwanted")
    return session.scalars(ended.order_by(Mail.gave_up_at.desc()).limit(MOST_SHOWN)).all()


def wishes_of(session: Session, person_id: str) -> dict[LetterKind, bool]:
    """Return what a Person said about letters."""
    said = select(Wish).where(Wish.person_id == person_id)
    return {wish.kind: wish.is_wanted for wish in session.scalars(said)}


def is_there(session: Session, *, kind: LetterKind, reader: str) -> bool:
    """Tell whether somebody could get letters of a kind: an account may be gone."""
    if kind is LetterKind.GUEST:
        return True
    person = Base.metadata.tables["person"]  # the table of a feature above us
    return session.execute(select(person.c.id).where(person.c.id == reader)).first() is not None


def is_stopped(session: Session, *, kind: LetterKind, reader: str) -> bool:
    """Tell whether a reader gets no letters of a kind because they said so."""
    if kind is LetterKind.GUEST:
        return session.get(Stop, (reader, StopReason.ASKED)) is not None
    return not is_wanted(kind, wishes_of(session, reader))


def stops_of(session: Session, address_digest: str) -> Sequence[Stop]:
    """Return why no letters go to an address; empty if they do."""
    return session.scalars(select(Stop).where(Stop.address_digest == address_digest)).all()


def is_undeliverable(session: Session, address_digest: str) -> bool:
    """Tell whether the last letter to an address came back."""
    return session.get(Stop, (address_digest, StopReason.UNDELIVERABLE)) is not None


def wants(kind: LetterKind, person_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Return the condition that the Person of a query's row wants letters of a kind."""
    said = and_(Wish.person_id == person_id, Wish.kind == kind)
    if USUAL.get(kind, False):
        return not_(exists().where(said, Wish.is_wanted == false()))
    return or_(false(), exists().where(said, Wish.is_wanted == true()))
