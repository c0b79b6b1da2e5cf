"""What is asked of passkeys, and whether they answered it (Web Authentication, by py_webauthn).

Origin and name come from the settings, never from a request.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp.accounts.keys.models import Passkey
from webapp.accounts.keys.rules import CHALLENGE_LIFE, handle_of
from webapp.core.urls import config

log = logging.getLogger(__name__)

TIMEOUT = int(CHALLENGE_LIFE.total_seconds() * 1000)
ALWAYS_VERIFIED = UserVerificationRequirement.REQUIRED
FAILURES = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What py_webauthn and the libraries below it raise when an answer is not as it must be."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey as its keeper made it."""

    credential_id: str
    public_key: bytes
    sign_count: int


def own_name() -> str:
    """Return the host that passkeys are made for, without a port."""
    return urlsplit(config().origin).hostname or ""


def to_add(
    challenge: bytes, *, person_id: str, account: str, known: Iterable[Passkey]
) -> dict[str, Any]:
    """Return what a browser is asked for to make a passkey; those it has are not made again."""
    options = generate_registration_options(
        rp_id=own_name(),
        rp_name="Bowline",
        user_id=handle_of(person_id),
        user_name=account,
        challenge=challenge,
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=ALWAYS_VERIFIED
        ),
        exclude_credentials=_named(known),
    )
    return options_to_json_dict(options)


def to_prove(challenge: bytes, *, known: Iterable[Passkey] = ()) -> dict[str, Any]:
    """Return what a browser is asked for: one of these passkeys, or any it has for us."""
    options = generate_authentication_options(
        rp_id=own_name(),
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=_named(known),
        user_verification=ALWAYS_VERIFIED,
    )
    return options_to_json_dict(options)


def _named(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    ids = (base64url_to_bytes(one.credential_id) for one in known)
    return [PublicKeyCredentialDescriptor(id=one) for one in ids]


def checked_new(sent: str, *, challenge: bytes) -> NewKey | None:
    """Return the passkey that was made on being asked for it, or None."""
    try:
        made = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=own_name(),
            expected_origin=config().origin,
            require_user_verification=True,
        )
    except FAILURES as error:
        _note_refusal(error)
        return None
    name = bytes_to_base64url(made.credential_id)
    return NewKey(name, made.credential_public_key, made.sign_count)


def credential_in(sent: str) -> str:
    """Return which passkey says it answers, or an empty text."""
    try:
        found = json.loads(sent)["id"]
    except FAILURES:
        return ""
    return found if isinstance(found, str) else ""


def checked_count(sent: str, *, challenge: bytes, passkey: Passkey, is_named: bool) -> int | None:
    """Return the new count of a passkey that answered what it was asked, or None.

    Unless it was asked for by name, it has to say whose it is. A count that does not grow is
    that of a copy.
    """
    try:
        given = parse_authentication_credential_json(sent)
        handle = given.response.user_handle
        if handle != handle_of(passkey.person_id) and (handle or not is_named):
            raise ValueError("the passkey is somebody else's")
        return verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=own_name(),
            expected_origin=config().origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        ).new_sign_count
    except FAILURES as error:
        _note_refusal(error)
        return None


def _note_refusal(error: Exception) -> None:
    """Tell the operator what went wrong; quoted, because parts of it may come from anybody."""
    log.warning("a passkey was refused: %r", str(error))
