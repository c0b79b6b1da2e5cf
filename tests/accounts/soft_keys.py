"""A keeper of passkeys made of software: it signs what it is told to, the wrong things too."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from struct import pack
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url as text

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One passkey."""

    origin: str = "http://localhost"
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    handle: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _public(self) -> bytes:
        point = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32) for number in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _data(self, more: bytes = b"", flags: int = 0) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + pack(">BI", self.flags | flags, self.count) + more

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps(said).encode()

    def _sent(self, **response: bytes) -> str:
        parts = {name: text(value) for name, value in response.items() if value}
        named = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps(named | {"response": parts})

    def made(self, options: dict[str, Any]) -> str:
        """What a browser sends once the key is made."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        about = bytes(16) + pack(">H", len(self.id)) + self.id + self._public()
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(about, NEW)}
        return self._sent(
            clientDataJSON=self._said("webauthn.create", options["challenge"]),
            attestationObject=cbor2.dumps(attestation),
        )

    def signed(self, options: dict[str, Any], kind: str = "webauthn.get") -> str:
        """What a browser sends once the key has signed."""
        said, data = self._said(kind, options["challenge"]), self._data()
        signature = self.private.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            clientDataJSON=said,
            authenticatorData=data,
            signature=signature,
            userHandle=self.handle,
        )


def add_key(browser: Any, key: SoftKey, **form: str) -> Any:
    """Let somebody who has just signed in add a key."""
    options = browser.send("/me/keys/begin").get_json()
    sent = {"name": "My phone", "credential": key.made(options)} | form
    return browser.send("/me/keys/new", **sent)


def sign_in_with(browser: Any, key: SoftKey, **form: str) -> Any:
    """Sign in with a key, on the way a page does it."""
    options = browser.send("/sign-in/passkey/begin").get_json()
    return browser.send("/sign-in/passkey", credential=key.signed(options), **form)
