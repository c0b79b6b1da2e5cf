"""What a Person is told by mail when something they prove with changes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.accounts.keys.rules import Change

TOLD: dict[Change, Any] = {
    Change.PASSKEY_ADDED: _l("A passkey was added to your Bowline account"),
    Change.PASSKEY_REMOVED: _l("A passkey was removed from your Bowline account"),
    Change.APP_ADDED: _l("An authenticator app was added to your Bowline account"),
    Change.APP_REMOVED: _l("The authenticator app was removed from your Bowline account"),
    Change.CODES_MADE: _l("New recovery codes were made for your Bowline account"),
    Change.CODE_USED: _l("A recovery code of your Bowline account was used"),
    Change.ALL_FORGOTTEN: _l("All passkeys, apps and recovery codes of your account were removed"),
}
