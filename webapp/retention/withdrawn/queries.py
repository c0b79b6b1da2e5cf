"""What the database says was taken back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, inspect, select, true
from sqlalchemy.orm import Session

from webapp.accounts.models import Erasure
from webapp.conversations.models import Block
from webapp.core.db import Base
from webapp.events.models import Event
from webapp.mail.models import Stop, StopReason, Wish
from webapp.recruiting.models import Agreement
from webapp.retention.withdrawn.rules import Kind, Withdrawal
from webapp.ties.models import Tie

AT_A_TIME = 1_000
TRUE: ColumnElement[bool] = true()


@dataclass(frozen=True, slots=True)
class Source:
    """Where one kind stands: the row's key, when it happened, and what else has to hold."""

    kind: Kind
    model: type[Base]
    ids: tuple[str, ...]
    at: str
    by: str | None = None
    holds: Callable[[Any], bool] = lambda _row: True
    where: ColumnElement[bool] = TRUE

    def of(self, row: Any) -> Withdrawal | None:
        """Return what a row says, if something was taken back."""
        moment = getattr(row, self.at)
        if moment is None or not self.holds(row):
            return None
        return Withdrawal(
            self.kind, self.key(row), moment, getattr(row, self.by) if self.by else None
        )

    def key(self, row: Any) -> tuple[str, ...]:
        """Return what a row is about."""
        return tuple(str(getattr(row, name)) for name in self.ids)


SOURCES = (
    Source(Kind.ACCOUNT, Erasure, ("person_id",), "asked_at"),
    Source(Kind.EVENT, Event, ("id",), "erasure_asked_at"),
    Source(Kind.TIE, Tie, ("low_person_id", "high_person_id"), "closed_at", by="closed_by_id"),
    Source(Kind.BLOCK, Block, ("blocker_id", "blocked_id"), "blocked_at"),
    Source(Kind.CONSENT, Agreement, ("event_id", "team_id", "person_id"), "withdrawn_at"),
    Source(
        Kind.LETTERS,
        Wish,
        ("person_id", "kind"),
        "said_at",
        holds=lambda row: not row.is_wanted,
        where=Wish.is_wanted.is_(False),
    ),
    Source(
        Kind.STOP,
        Stop,
        ("address_digest",),
        "stopped_at",
        holds=lambda row: row.reason == StopReason.ASKED,
        where=Stop.reason == StopReason.ASKED,
    ),
)
SOURCE_OF = {source.model: source for source in SOURCES}


def all_withdrawals(session: Session) -> Iterator[Withdrawal]:
    """Give everything that is taken back now; one query for each kind."""
    for source in SOURCES:
        moment = getattr(source.model, source.at)
        rows = select(source.model).where(moment.is_not(None), source.where)
        found = session.scalars(rows.execution_options(yield_per=AT_A_TIME))
        yield from filter(None, map(source.of, found))


def told_by(session: Session) -> Iterator[Withdrawal]:
    """Give what a flush changes of it, also what is given again."""
    for row in (*session.new, *session.dirty, *session.deleted):
        source = SOURCE_OF.get(type(row))
        if source is None:
            continue
        had = inspect(row).attrs[source.at].history
        said = None if row in session.deleted else source.of(row)
        if said is not None and (row in session.new or had.has_changes()):
            yield said
        elif said is None and (row in session.deleted or any(had.deleted)):
            moment = next(filter(None, (*had.deleted, *had.unchanged, *had.added)), None)
            if moment is not None:
                yield Withdrawal(source.kind, source.key(row), moment, holds=False)
