"""What a Person proves with that it is them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Passkey(Base):
    """The public half of a key that a phone, a computer or a stick keeps for a Person."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str]
    """What its keeper calls it, in base64url."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """How often it was used by what its keeper says; it only grows, or stays 0 for good."""
    name: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("credential_id"),)


class Authenticator(Base):
    """A Person's authenticator app (RFC 6238); its secret is derived, and stored nowhere."""

    __tablename__ = "authenticator"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    salt: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger)
    """The step of the last code that was taken: it and older ones are not taken again."""
    tries: Mapped[int] = mapped_column(default=0)
    """Wrong ones in a row."""
    tried_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One code on paper for whoever lost the rest; it works once."""

    __tablename__ = "recovery_code"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_digest: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Challenge(Base):
    """What a passkey was asked to sign and has not yet; taking it deletes it."""

    __tablename__ = "challenge"

    digest: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
