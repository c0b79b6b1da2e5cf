"""Adding, using and removing what a Person proves with; they are told of every change by mail."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url, generate_challenge

from webapp.accounts.keys import queries, webauthn
from webapp.accounts.keys.models import Authenticator, Challenge, Passkey, RecoveryCode
from webapp.accounts.keys.rules import (
    CHALLENGE_LIFE,
    MOST_PASSKEYS,
    MOST_TRIES,
    RECOVERY_CODES,
    Change,
    app_secret,
    is_waiting,
    new_recovery_code,
    recovery_code_in,
    step_of,
)
from webapp.accounts.keys.webauthn import NewKey
from webapp.accounts.keys.words import TOLD
from webapp.accounts.models import STRONG, Device, Person, Proof
from webapp.accounts.queries import addresses_of, read_address_of
from webapp.core.errors import Conflict
from webapp.core.urls import absolute
from webapp.mail.services import queue_mail
from webapp.security.keys import lasting_key
from webapp.security.tokens import digest, grouped, plain_digest


class Tried(StrEnum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    WAITING = "waiting"


def challenge(session: Session, *, now: datetime) -> bytes:
    """Return what a passkey shall sign within five minutes, once."""
    session.execute(delete(Challenge).where(Challenge.asked_at <= now - CHALLENGE_LIFE))
    made = generate_challenge()
    session.add(Challenge(digest=plain_digest(bytes_to_base64url(made)), asked_at=now))
    session.flush()
    return made


def take_challenge(session: Session, *, challenge: bytes, now: datetime) -> bool:
    """Use a challenge up, and tell whether it still was one: it is none a second time."""
    found = delete(Challenge).where(
        Challenge.digest == plain_digest(bytes_to_base64url(challenge)),
        Challenge.asked_at > now - CHALLENGE_LIFE,
    )
    return cast("CursorResult[Any]", session.execute(found)).rowcount == 1


def who_signed(
    session: Session, *, sent: str, challenge: bytes, me: Person | None, now: datetime
) -> Person | None:
    """Return whose passkey answered a challenge, or None; signed in, only one's own does."""
    if not take_challenge(session, challenge=challenge, now=now):
        return None
    passkey = queries.lock_passkey(session, webauthn.credential_in(sent))
    if passkey is None or (me is not None and passkey.person_id != me.id):
        return None
    count = webauthn.checked_count(
        sent, challenge=challenge, passkey=passkey, is_named=me is not None
    )
    if count is None:
        return None
    passkey.sign_count, passkey.used_at = count, now
    session.flush()
    return session.get_one(Person, passkey.person_id)


def add_passkey(
    session: Session, *, person: Person, made: NewKey, name: str, now: datetime
) -> Passkey:
    """Keep a passkey.

    Raises:
        Conflict: they have as many as one may have.
    """
    _hold(session, person)
    if len(queries.passkeys_of(session, person.id)) >= MOST_PASSKEYS:
        raise Conflict(_("You have 10 passkeys. Please remove one first."))
    passkey = Passkey(
        person_id=person.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        added_at=now,
    )
    session.add(passkey)
    session.flush()
    _tell(session, person, Change.PASSKEY_ADDED, now=now)
    return passkey


def remove_passkey(session: Session, *, person: Person, passkey: Passkey, now: datetime) -> None:
    """Let a passkey sign nobody in any more."""
    _hold(session, person)
    session.delete(passkey)
    session.flush()
    _end_strength_without_factor(session, person)
    _tell(session, person, Change.PASSKEY_REMOVED, now=now)


def add_app(session: Session, *, person: Person, salt: str, typed: str, now: datetime) -> bool:
    """Keep an authenticator app whose code was typed; return whether it was right.

    Raises:
        Conflict: they have one already.
    """
    _hold(session, person)
    if session.get(Authenticator, person.id) is not None:
        raise Conflict(_("You have an authenticator app already. Please remove it first."))
    secret = app_secret(lasting_key(), person_id=person.id, salt=salt)
    step = step_of(typed, secret, after=0, now=now)
    if step is None:
        return False
    session.add(
        Authenticator(
            person_id=person.id, salt=salt, last_step=step, tries=0, added_at=now, used_at=now
        )
    )
    session.flush()
    _tell(session, person, Change.APP_ADDED, now=now)
    return True


def try_app(session: Session, *, person: Person, typed: str, now: datetime) -> Tried:
    """Take one try at an app's code; after five wrong ones in a row even a right one waits."""
    app = queries.lock_app(session, person.id)
    if app is None:
        return Tried.WRONG
    if is_waiting(app, now):
        return Tried.WAITING
    if app.tries >= MOST_TRIES:
        app.tries = 0
    secret = app_secret(lasting_key(), person_id=person.id, salt=app.salt)
    step = step_of(typed, secret, after=app.last_step, now=now)
    app.tried_at = now
    if step is None:
        app.tries += 1
    else:
        app.tries, app.last_step, app.used_at = 0, step, now
    session.flush()
    return Tried.WRONG if step is None else Tried.RIGHT


def remove_app(session: Session, *, person: Person, now: datetime) -> None:
    """Let the codes of a Person's app prove nothing any more."""
    _hold(session, person)
    app = queries.lock_app(session, person.id)
    if app is None:
        return
    session.delete(app)
    session.flush()
    _end_strength_without_factor(session, person)
    _tell(session, person, Change.APP_REMOVED, now=now)


def make_recovery_codes(session: Session, *, person: Person, now: datetime) -> list[str]:
    """Return ten new codes to write down; earlier ones work no more.

    Raises:
        Conflict: there is nothing to recover yet.
    """
    _hold(session, person)
    if not queries.has_factor(session, person.id):
        raise Conflict(_("Please add a passkey or an authenticator app first."))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = [new_recovery_code() for _number in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person.id, code_digest=_code_digest(person, code), made_at=now)
        for code in codes
    )
    session.flush()
    _tell(session, person, Change.CODES_MADE, now=now)
    return [grouped(code, 5) for code in codes]


def use_recovery_code(session: Session, *, person: Person, typed: str, now: datetime) -> bool:
    """Use a recovery code up, and tell whether it was one that still worked."""
    code = recovery_code_in(typed)
    found = code and queries.lock_recovery_code(session, person.id, _code_digest(person, code))
    if not found:
        return False
    found.used_at = now
    session.flush()
    _tell(session, person, Change.CODE_USED, now=now)
    return True


def forget_all(session: Session, *, person: Person, now: datetime) -> None:
    """Remove all a Person proves with, and sign them out everywhere: they lost it all."""
    _hold(session, person)
    for model in (Passkey, Authenticator, RecoveryCode, Device):
        session.execute(delete(model).where(model.person_id == person.id))
    _tell(session, person, Change.ALL_FORGOTTEN, now=now)


def _end_strength_without_factor(session: Session, person: Person) -> None:
    """Where nothing is left to prove with, no device counts as proven, and no code recovers."""
    if queries.has_factor(session, person.id):
        return
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    strong = update(Device).where(Device.person_id == person.id, Device.proof.in_(STRONG))
    session.execute(strong.values(proof=Proof.CODE))


def _hold(session: Session, person: Person) -> None:
    """Let changes of one Person wait for each other."""
    session.refresh(person, with_for_update=True)


def _code_digest(person: Person, code: str) -> str:
    return digest(lasting_key(), purpose="recovery code", value=f"{person.id} {code}")


def _tell(session: Session, person: Person, change: Change, *, now: datetime) -> None:
    """Tell a Person by mail, so that they hear of it if it was somebody else."""
    known = read_address_of(session, person.id) or next(
        iter(addresses_of(session, person.id)), None
    )
    if known is None:
        return
    told = str(TOLD[change])
    queue_mail(
        session,
        kind="accounts/key_changed",
        recipient=known,
        subject=told,
        now=now,
        told=told,
        url=absolute("/me/keys"),
    )
