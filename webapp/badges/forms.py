"""What people type to make a badge theirs, to join, and at the desk."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from webapp.accounts.rules import normal_address
from webapp.core.fields import clean, line
from webapp.events.services import Printed


class ClaimForm(Form):
    """The code on the back of a badge."""

    claim_code = StringField(_l("Claim code on the back"), filters=[clean])


class PlaceForm(Form):
    """What a walk-in wants to be called at the event."""

    name = line(_l("Your name, as on a badge"), needed=_l("Please tell us your name."))
    organisation = line(_l("Organisation"))
    headline = line(_l("What you do"))

    def command(self) -> Printed:
        """Return what will stand on the badge."""
        return Printed(
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            headline=self.headline.data or "",
        )


class GuestForm(PlaceForm):
    """A guest added by hand."""

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
