"""Reading persons, codes and devices."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from webapp.accounts.models import Device, EmailAddress, Identity, Person, SignInCode

# Built once: it runs for every request of somebody who is signed in.
_DEVICE = (
    select(Device)
    .where(Device.token_digest == bindparam("digest"))
    .options(joinedload(Device.person, innerjoin=True))
)


def device_by_digest(session: Session, token_digest: str) -> Device | None:
    """Return the device a cookie stands for, with its Person, in one query."""
    return session.scalar(_DEVICE, {"digest": token_digest})


def devices_of(session: Session, person_id: str) -> list[Device]:
    """Return a Person's devices, the latest used first."""
    own = select(Device).where(Device.person_id == person_id)
    return list(session.scalars(own.order_by(Device.seen_at.desc())))


def email_address(session: Session, address: str) -> EmailAddress | None:
    """Return a proven address."""
    return session.get(EmailAddress, address)


def has_proven_reader(session: Session, person_id: str) -> bool:
    """Tell whether somebody has read a code sent to one of a Person's addresses."""
    proven = EmailAddress.code_proven_at.is_not(None)
    own = select(EmailAddress.address).where(EmailAddress.person_id == person_id, proven)
    return session.scalar(own.limit(1)) is not None


def addresses_of(session: Session, person_id: str) -> list[str]:
    """Return the addresses a Person has proven."""
    own = select(EmailAddress.address).where(EmailAddress.person_id == person_id)
    return list(session.scalars(own.order_by(EmailAddress.proven_at)))


def read_address_of(session: Session, person_id: str) -> str | None:
    """Return the first address of a Person at which they have read a code, or None."""
    proven = EmailAddress.code_proven_at.is_not(None)
    own = select(EmailAddress.address).where(EmailAddress.person_id == person_id, proven)
    return session.scalar(own.order_by(EmailAddress.proven_at, EmailAddress.address).limit(1))


def has_read_mail_at(session: Session, person_id: str, addresses: Collection[str]) -> bool:
    """Tell whether a Person has read a code sent to one of some addresses."""
    proven = EmailAddress.code_proven_at.is_not(None)
    mine = (EmailAddress.person_id == person_id) & EmailAddress.address.in_(addresses)
    return session.scalar(select(EmailAddress.address).where(mine, proven).limit(1)) is not None


def identities_of(session: Session, person_id: str) -> list[Identity]:
    """Return the providers a Person signs in with."""
    own = select(Identity).where(Identity.person_id == person_id)
    return list(session.scalars(own.order_by(Identity.added_at)))


def identity(session: Session, *, issuer: str, subject: str) -> Identity | None:
    """Return the identity a provider vouches for."""
    return session.get(Identity, (issuer, subject))


def person(session: Session, person_id: str) -> Person | None:
    """Return one Person."""
    return session.get(Person, person_id)


def lock_code(session: Session, code_id: str) -> SignInCode | None:
    """Return a sign-in code and hold it: parallel tries wait for each other."""
    return session.scalar(
        select(SignInCode)
        .where(SignInCode.id == code_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
