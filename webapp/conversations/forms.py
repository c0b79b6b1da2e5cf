"""What is sent when somebody says "we talked"."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from webapp.conversations.rules import LONGEST_CODE, NONCE
from webapp.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class ClaimCommand:
    """The code that was read, the key that counts it once, and a live code's ticket if any."""

    code: str
    nonce: str
    ticket: str | None


def claim_command(form: MultiDict[str, str]) -> ClaimCommand:
    """Read a claim from a form.

    Raises:
        DomainError: the code or the key is missing or malformed.
    """
    code, nonce = form.get("code", ""), form.get("nonce", "")
    if not NONCE.fullmatch(nonce) or not 0 < len(code) <= LONGEST_CODE:
        raise DomainError(_l("That did not come through whole. Please scan again."))
    return ClaimCommand(code=code, nonce=nonce, ticket=form.get("ticket") or None)
