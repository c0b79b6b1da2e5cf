"""What is typed at the desk."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from webapp.accounts.rules import normal_address
from webapp.badges.forms import PlaceForm
from webapp.core.fields import clean, line

LAST_SECOND = 253402300799
"""The end of the year 9999."""


class GuestForm(PlaceForm):
    """A guest added by hand."""

    name = line(_l("Their name, as on a badge"), needed=_l("Please type their name."))
    address = StringField(_l("E-mail (proves whose badge it is; nobody sees it)"), filters=[clean])
    group_name = line(_l("Group"))

    def validate_address(self, field: StringField) -> None:
        """Take an address or nothing."""
        if field.data and normal_address(field.data) is None:
            raise ValidationError(_l("That does not look like an e-mail address."))

    @property
    def normal_address(self) -> str | None:
        """The address as it is compared, or None."""
        return normal_address(self.address.data) if self.address.data else None


class UndoForm(Form):
    """The check-in a page showed, so that no other one is taken back."""

    seen = IntegerField(validators=[InputRequired(), NumberRange(0, LAST_SECOND)])


class VouchForm(Form):
    """The code somebody shows on their own phone."""

    code = StringField(_l("Code on their phone"), filters=[clean])
