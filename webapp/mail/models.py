"""The outbox."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, partial_index
from webapp.core.ids import new_id


class Mail(Base):
    """One mail to one person, waiting or sent; what it said is dropped once it is sent."""

    __tablename__ = "mail"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    problem: Mapped[str | None]

    __table_args__ = (
        partial_index(
            "ix_mail_waiting",
            "due_at",
            where="sent_at IS NULL AND gave_up_at IS NULL",
        ),
    )
