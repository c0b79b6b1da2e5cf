"""Signing in and out, and keeping one's card."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.accounts import queries
from webapp.accounts.keys.models import Authenticator, Challenge, Passkey, RecoveryCode
from webapp.accounts.models import Device, EmailAddress, Identity, Person, Proof, SignInCode
from webapp.accounts.rules import (
    ABSOLUTE_LIFE,
    CODE_DIGITS,
    CODE_LIFE,
    SEEN_EVERY,
    may_try,
    tries_left,
)
from webapp.core.errors import Conflict
from webapp.mail.services import note_deliverable, queue_mail
from webapp.security.keys import secret_key
from webapp.security.tokens import digest, new_token, plain_digest, same

OLD_CODES_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WrongCode:
    """A code that was not right, or can no longer be used."""

    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What a provider vouches for."""

    provider: str
    issuer: str
    subject: str
    name: str
    address: str | None


def ask_for_code(session: Session, *, address: str, browser: str, now: datetime) -> SignInCode:
    """Mail a fresh code; known and unknown addresses are treated alike."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row = SignInCode(
        address=address, code_digest="", browser_digest=plain_digest(browser), asked_at=now
    )
    session.add(row)
    session.flush()
    row.code_digest = _code_digest(row, code)
    queue_mail(
        session,
        kind="accounts/sign_in_code",
        recipient=address,
        subject=_("%(code)s is your Bowline code", code=f"{code[:4]} {code[4:]}"),
        now=now,
        expires_at=now + CODE_LIFE,
        code=f"{code[:4]} {code[4:]}",
    )
    return row


def try_code(
    session: Session, *, code_id: str, typed: str, browser: str, now: datetime
) -> Person | WrongCode:
    """Count one try and, if the code is right, return its Person, made at the first sign-in."""
    row = queries.lock_code(session, code_id)
    if (
        row is None
        or not may_try(row, now=now)
        or not same(row.browser_digest, plain_digest(browser))
    ):
        return WrongCode(tries_left=0)
    row.tries += 1
    session.flush()
    if not same(row.code_digest, _code_digest(row, typed)):
        return WrongCode(tries_left=tries_left(row))
    row.used_at = now
    note_deliverable(session, address=row.address)
    return _person_who_reads(session, row.address, now=now)


def sign_in_vouched(session: Session, *, vouched: Vouched, name: str, now: datetime) -> Person:
    """Return the Person of an identity, made at the first sign-in under the name they typed.

    Raises:
        Conflict: the address the provider vouches for belongs to an account already; only its
            owner, signed in, may connect the two.
    """
    known = queries.identity(session, issuer=vouched.issuer, subject=vouched.subject)
    if known is not None:
        return session.get_one(Person, known.person_id)
    if vouched.address and queries.email_address(session, vouched.address):
        raise Conflict(
            _(
                "%(address)s already has an account. Sign in with a code sent there, "
                "then connect %(provider)s under Me.",
                address=vouched.address,
                provider=vouched.provider,
            )
        )
    person = new_person(session, name=name, now=now)
    connect(session, person=person, vouched=vouched, now=now)
    return person


def connect(session: Session, *, person: Person, vouched: Vouched, now: datetime) -> None:
    """Let a Person sign in with an identity from now on.

    Raises:
        Conflict: the identity belongs to somebody else.
    """
    known = queries.identity(session, issuer=vouched.issuer, subject=vouched.subject)
    if known is not None and known.person_id != person.id:
        raise Conflict(_("This sign-in already belongs to another account."))
    if known is None:
        session.add(
            Identity(
                issuer=vouched.issuer,
                subject=vouched.subject,
                provider=vouched.provider,
                person_id=person.id,
                added_at=now,
            )
        )
    if vouched.address and queries.email_address(session, vouched.address) is None:
        session.add(EmailAddress(address=vouched.address, person_id=person.id, proven_at=now))
    session.flush()


def new_person(session: Session, *, name: str = "", now: datetime) -> Person:
    """Make an account with an empty card."""
    person = Person(name=name, organisation="", headline="", created_at=now)
    session.add(person)
    session.flush()
    return person


def change_card(
    session: Session, *, person: Person, name: str, organisation: str, headline: str
) -> None:
    """Change what people with an open tie see of a Person."""
    person.name, person.organisation, person.headline = name, organisation, headline
    session.flush()


def open_device(
    session: Session, *, person: Person, label: str, now: datetime, proof: Proof = Proof.CODE
) -> str:
    """Sign a browser in and return the token for its cookie."""
    token = new_token()
    session.add(
        Device(
            person_id=person.id,
            token_digest=plain_digest(token),
            label=label,
            proof=proof,
            signed_in_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def note_seen(device: Device, *, now: datetime) -> None:
    """Note that a device was used, at most once an hour."""
    if now - device.seen_at >= SEEN_EVERY:
        device.seen_at = now


def close_device(session: Session, *, person: Person, device_id: str) -> None:
    """Sign one of a Person's own devices out."""
    session.execute(delete(Device).where(Device.id == device_id, Device.person_id == person.id))


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete codes and questions of yesterday, and devices whose longest time is over."""
    for asked in (SignInCode, Challenge):
        session.execute(delete(asked).where(asked.asked_at < now - OLD_CODES_KEPT))
    session.execute(delete(Device).where(Device.signed_in_at < now - ABSOLUTE_LIFE))


def close_all_devices(session: Session, *, person: Person) -> None:
    """Sign a Person out everywhere."""
    session.execute(delete(Device).where(Device.person_id == person.id))


def _code_digest(row: SignInCode, code: str) -> str:
    return digest(secret_key(), purpose="sign-in code", value=f"{row.id} {code}")


def _person_who_reads(session: Session, address: str, *, now: datetime) -> Person:
    """Return the Person of a mailbox; its reader's first proof ends what others began there.

    An address only a provider vouched for leaves an account that has a proven reader already:
    neither of the two can walk in on the other.
    """
    known = queries.email_address(session, address)
    if known is None:
        return _new_reader(session, address, now=now)
    if known.code_proven_at is not None:
        return session.get_one(Person, known.person_id)
    if queries.has_proven_reader(session, known.person_id):
        session.delete(known)
        session.flush()
        return _new_reader(session, address, now=now)
    known.code_proven_at = now
    person = session.get_one(Person, known.person_id)
    close_all_devices(session, person=person)
    for model in (Identity, Passkey, Authenticator, RecoveryCode):
        session.execute(delete(model).where(model.person_id == person.id))
    return person


def _new_reader(session: Session, address: str, *, now: datetime) -> Person:
    person = new_person(session, now=now)
    session.add(
        EmailAddress(address=address, person_id=person.id, proven_at=now, code_proven_at=now)
    )
    session.flush()
    return person
