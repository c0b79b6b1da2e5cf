"""What people type to make a badge theirs, and to join."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField

from webapp.core.fields import clean, line
from webapp.events.rules import Printed


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
