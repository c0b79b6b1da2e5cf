"""What somebody says who would like to be introduced."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form
from wtforms.widgets import TextArea

from webapp.core.fields import line
from webapp.hosting.models import Asking
from webapp.hosting.rules import Wish


class AskForm(Form):
    """The tick, a line for hosts, and whether one has met anybody."""

    may_introduce = BooleanField(_l("A host may introduce me"))
    has_met_nobody = BooleanField(_l("I have not met anybody here yet"))
    line = line(_l("What would you like to talk about, or with whom?"), widget=TextArea())

    def wish(self) -> Wish:
        """Return what was typed and ticked."""
        return Wish(line=self.line.data or "", has_met_nobody=bool(self.has_met_nobody.data))


def form_of(asking: Asking | None) -> AskForm:
    """Return the form with what was kept; once they were introduced, the tick is off again."""
    if asking is None or asking.is_introduced:
        return AskForm()
    return AskForm(
        data={
            "may_introduce": True,
            "has_met_nobody": asking.has_met_nobody,
            "line": asking.line,
        }
    )
