"""What was acknowledged to somebody, held against what the database holds in the end."""

import threading
from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from webapp.conversations.models import Claim, Conversation
from webapp.core import db as database
from webapp.ties.models import Tie


@dataclass
class Ledger:
    """What the clients were told, and what went wrong for them."""

    counted: dict[tuple[str, str], str] = field(default_factory=dict)
    """The id of the talk each key was counted in, by whose key it is."""
    confirmed: int = 0
    proven: set[str] = field(default_factory=set)
    """The ids of talks both sides stand by."""
    without_answer: Counter[str] = field(default_factory=Counter)
    asked_to_wait: int = 0
    late: int = 0
    """Live codes that had run out when they arrived."""
    odd: Counter[str] = field(default_factory=Counter)
    """Answers nobody should have seen."""
    seconds: list[float] = field(default_factory=list)
    """How long each answer took."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def acknowledged(self) -> int:
        """How many things were acknowledged."""
        return len(self.counted) + self.confirmed

    @property
    def wrong(self) -> int:
        """How many answers nobody should have seen."""
        return self.odd.total()

    def count(self, by_id: str, nonce: str, where: str, *, is_proven: bool) -> None:
        """Note that a scan counted, and in which talk."""
        talk_id = where.rsplit("/", 1)[1]
        with self.lock:
            self.counted[by_id, nonce] = talk_id
            if is_proven:
                self.proven.add(talk_id)

    def confirm(self, where: str) -> None:
        """Note that the other side said yes."""
        with self.lock:
            self.confirmed += 1
            self.proven.add(where.rsplit("/", 1)[1])


@dataclass(frozen=True)
class Verdict:
    """What became of what was acknowledged."""

    lost: int
    twice: int
    is_whole: bool

    @property
    def is_fine(self) -> bool:
        """True if nothing is lost, nothing counts twice, and the database is whole."""
        return not self.lost and not self.twice and self.is_whole


def judge(app: Flask, ledger: Ledger) -> Verdict:
    """Look for everything that was acknowledged."""
    with app.app_context(), database.reading() as session:
        kept = {(by, nonce): talk for by, nonce, talk in session.execute(CLAIMS)}
        pairs = Counter((low, high) for _id, low, high in session.execute(TALKS))
        ties = Counter((low, high) for low, high in session.execute(TIES))
        proven = set(session.scalars(PROVEN))
        lost = sum(kept.get(key) != talk for key, talk in ledger.counted.items())
        lost += len(ledger.proven - proven)
        twice = sum(times > 1 for times in (pairs | ties).values())
        return Verdict(lost, twice, _is_whole(session) and ties.total() == len(proven))


CLAIMS = sa.select(Claim.by_id, Claim.nonce, Claim.conversation_id)
TALKS = sa.select(Conversation.id, Conversation.low_id, Conversation.high_id)
TIES = sa.select(Tie.low_person_id, Tie.high_person_id).where(Tie.closed_at.is_(None))
PROVEN = sa.select(Conversation.id).where(Conversation.proven_at.is_not(None))


def _is_whole(session: Session) -> bool:
    """Let SQLite check itself; PostgreSQL has no such check of its own."""
    if session.get_bind().dialect.name != "sqlite":
        return True
    said = session.scalars(sa.text("PRAGMA integrity_check")).all()
    return said == ["ok"] and not session.execute(sa.text("PRAGMA foreign_key_check")).all()
