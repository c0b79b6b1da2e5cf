"""What people type to make a badge theirs."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField

from webapp.accounts.forms import clean


class ClaimForm(Form):
    """The code on the back of a badge."""

    claim_code = StringField(_l("Claim code on the back"), filters=[clean])
