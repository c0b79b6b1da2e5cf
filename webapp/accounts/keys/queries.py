"""Reading what a Person proves with."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from webapp.accounts.keys.models import Authenticator, Passkey, RecoveryCode


@dataclass(frozen=True, slots=True)
class Factors:
    """What a Person has beside the code in their mail."""

    passkeys: list[Passkey]
    app: Authenticator | None
    codes_left: int

    @property
    def has_any(self) -> bool:
        """True if there is something to prove with; codes alone only recover the rest."""
        return bool(self.passkeys) or self.app is not None


def factors_of(session: Session, person_id: str) -> Factors:
    """Return all a Person has, the newest passkey last."""
    return Factors(
        passkeys_of(session, person_id),
        session.get(Authenticator, person_id),
        codes_left(session, person_id),
    )


def passkeys_of(session: Session, person_id: str) -> list[Passkey]:
    """Return a Person's passkeys, the newest last."""
    own = select(Passkey).where(Passkey.person_id == person_id)
    return list(session.scalars(own.order_by(Passkey.added_at, Passkey.id)))


def passkey_of(session: Session, person_id: str, passkey_id: str) -> Passkey | None:
    """Return one of a Person's own passkeys."""
    own = select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id)
    return session.scalar(own)


def has_factor(session: Session, person_id: str) -> bool:
    """Tell whether a Person has a passkey or an app, in one query."""
    passkey = exists().where(Passkey.person_id == person_id)
    app = exists().where(Authenticator.person_id == person_id)
    return bool(session.scalar(select(passkey | app)))


def codes_left(session: Session, person_id: str) -> int:
    """Count the recovery codes that still work."""
    own = (RecoveryCode.person_id == person_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).where(own)) or 0


def lock_passkey(session: Session, credential_id: str) -> Passkey | None:
    """Return a passkey and hold it: its count is compared and changed by one at a time."""
    return session.scalar(
        select(Passkey)
        .where(Passkey.credential_id == credential_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_app(session: Session, person_id: str) -> Authenticator | None:
    """Return a Person's app and hold it: parallel tries wait for each other."""
    return session.scalar(
        select(Authenticator)
        .where(Authenticator.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_recovery_code(session: Session, person_id: str, code_digest: str) -> RecoveryCode | None:
    """Return a Person's recovery code that still works, and hold it."""
    return session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_digest == code_digest,
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
