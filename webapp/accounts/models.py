"""Persons and how they prove who they are."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Proof(StrEnum):
    """How somebody proved on a device who they are; the strongest they gave there."""

    CODE = "code"
    PROVIDER = "provider"
    PASSKEY = "passkey"
    AUTHENTICATOR = "authenticator"
    RECOVERY_CODE = "recovery_code"
    DEMO = "demo"
    """They stepped into somebody invented."""


STRONG = frozenset({Proof.PASSKEY, Proof.AUTHENTICATOR, Proof.RECOVERY_CODE, Proof.DEMO})


class Person(Base):
    """An account, and the card others see once a tie is open."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    headline: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    says_depth: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether they are asked how deep a talk went, and see how deep both say it was."""
    has_recruited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they are or ever were a recruiter, at any event."""
    leaving_at: Mapped[datetime | None]
    """When they asked to delete the account; from then on, and for good, it is nobody's."""


class EmailAddress(Base):
    """An address a Person has proven to read."""

    __tablename__ = "email_address"

    address: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    proven_at: Mapped[datetime]
    code_proven_at: Mapped[datetime | None]
    """When a code we sent there came back; None if only a provider vouched for it."""


class Identity(Base):
    """What a provider calls a Person: issuer and subject, never an e-mail address."""

    __tablename__ = "identity"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    provider: Mapped[str]
    added_at: Mapped[datetime]


class SignInCode(Base):
    """One e-mailed code, bound to the browser that asked for it."""

    __tablename__ = "sign_in_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(index=True)
    code_digest: Mapped[str]
    browser_digest: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Base):
    """One browser a Person is signed in on; the cookie holds a token, this row its digest."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str]
    label: Mapped[str]
    signed_in_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proof: Mapped[Proof] = mapped_column(default=Proof.CODE, server_default=Proof.CODE.value)

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("token_digest"),)

    @property
    def is_strong(self) -> bool:
        """True if more than a mailbox or a provider's account says that it is them."""
        return self.proof in STRONG


class Erasure(Base):
    """Somebody asked to delete their account; done again after an older copy was brought back."""

    __tablename__ = "erasure"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """What taking it back brings back; nothing else reads it, and it goes when it is done."""
