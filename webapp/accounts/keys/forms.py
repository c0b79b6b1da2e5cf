"""What people type when they add something to prove with, and when they prove."""

import re

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, StringField

from webapp.accounts.keys.rules import SALT_BYTES
from webapp.core.fields import line

SALT = re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")


class PasskeyForm(Form):
    """What a new passkey is called."""

    name = line(_l("What you call it"), needed=_l("Please give it a name."))


class AppForm(Form):
    """The six digits an authenticator app shows; `salt` says which secret it was given."""

    code = StringField(_l("The 6 digits in your app"))
    salt = HiddenField()

    @property
    def digits(self) -> str:
        """What was typed, digits only."""
        return "".join(c for c in self.code.data or "" if c in "0123456789")

    @property
    def known_salt(self) -> str | None:
        """The salt, if it is one of ours by its looks."""
        salt = self.salt.data or ""
        return salt if SALT.fullmatch(salt) else None


class RecoveryForm(Form):
    """One of the codes on paper."""

    recovery = StringField(_l("A recovery code"))
