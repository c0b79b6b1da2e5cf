"""The card, links and notes as they are typed."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from webapp.core.fields import clean, line, one_of
from webapp.ties.models import LinkKind
from webapp.ties.rules import LONGEST_NOTE, CheckedLink, checked_link

LINK_WORDS = {
    LinkKind.LINKEDIN: _l("LinkedIn profile"),
    LinkKind.GITHUB: _l("GitHub"),
    LinkKind.WEBSITE: _l("Website"),
    LinkKind.EMAIL: _l("E-mail"),
}
LINK_PROBLEMS = {
    LinkKind.LINKEDIN: _l("A profile looks like linkedin.com/in/your-name."),
    LinkKind.GITHUB: _l("A profile looks like github.com/your-name."),
    LinkKind.WEBSITE: _l(
        "A website begins with https:// and has a name, like https://example.org."
    ),
    LinkKind.EMAIL: _l("That does not look like an e-mail address."),
}


class LinkForm(Form):
    """One link of mine."""

    kind = one_of(_l("What is it?"), LINK_WORDS)
    url = StringField(_l("Address"), filters=[clean])

    def validate_url(self, field: StringField) -> None:
        """Take what the kind of link allows."""
        kind = LinkKind(self.kind.data) if self.kind.data in set(LinkKind) else None
        checked = checked_link(kind, field.data or "") if kind else None
        if checked is None:
            raise ValidationError(LINK_PROBLEMS[kind or LinkKind.WEBSITE])
        self.checked: CheckedLink = checked


class NoteForm(Form):
    """What the other one needed."""

    text = TextAreaField(
        _l("What did they need?"),
        filters=[lambda text: (text or "").replace("\r\n", "\n").replace("\0", "").strip()],
        validators=[
            Length(
                max=LONGEST_NOTE,
                message=_l("That is longer than %(most)s characters.", most=LONGEST_NOTE),
            )
        ],
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A Person's card."""

    name: str
    organisation: str
    headline: str


class CardForm(Form):
    """What people with an open tie see of me."""

    name = line(_l("Name"), needed=_l("Please tell us your name."))
    organisation = line(_l("Organisation"))
    headline = line(_l("What you do"))

    def command(self) -> Card:
        """Return the card as typed."""
        return Card(
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            headline=self.headline.data or "",
        )
