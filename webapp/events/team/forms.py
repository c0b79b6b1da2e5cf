"""What an organiser says about a helper."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from webapp.accounts.rules import normal_address
from webapp.core.fields import clean, one_of
from webapp.events.models import RoleName


class RoleForm(Form):
    """A helper, named by the e-mail address they sign in with."""

    address = StringField(_l("Their e-mail address"), filters=[clean])
    name = one_of(
        _l("Role"),
        {
            RoleName.CO_ORGANISER: _l("Co-organiser"),
            RoleName.DESK: _l("Desk helper"),
            RoleName.RECRUITER: _l("Recruiter"),
        },
    )

    def validate_address(self, field: StringField) -> None:
        """Take what could be an address."""
        normal = normal_address(field.data or "")
        if normal is None:
            raise ValidationError(_l("That does not look like an e-mail address."))
        self.normal_address = normal
