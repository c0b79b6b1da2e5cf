"""The card, links and notes as they are typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from webapp.core.fields import clean, line, one_of
from webapp.ties.models import Audience, Link, LinkKind
from webapp.ties.rules import MOST_LINKS, CheckedLink, checked_link, shown_as
from webapp.ties.rules.links import LONGEST_URL, Problem, Unfit

GUESSED = ""
LINK_WORDS = {
    LinkKind.LINKEDIN: _l("LinkedIn profile"),
    LinkKind.GITHUB: _l("GitHub"),
    LinkKind.WEBSITE: _l("Website"),
    LinkKind.EMAIL: _l("E-mail"),
    LinkKind.MASTODON: _l("Mastodon"),
    LinkKind.BLUESKY: _l("Bluesky"),
    LinkKind.X: _l("X"),
    LinkKind.CALENDAR: _l("Calendar page"),
}
AUDIENCE_WORDS = {
    Audience.EVERYONE: _l("Everyone I talk with"),
    Audience.ASK: _l("Ask me each time"),
    Audience.NEVER_RECRUITERS: _l("Never recruiters"),
}
PROBLEM_WORDS = {
    Problem.EMPTY: _l("Please paste an address."),
    Problem.TOO_LONG: _l("That is longer than %(most)s characters.", most=LONGEST_URL),
    Problem.UNSEEN: _l("There is a sign in it that nobody can see. Please type it by hand."),
    Problem.NO_LINK: _l("A website begins with https:// and has a name, like https://example.org."),
    Problem.SCHEME: _l("Only web addresses (https://) and e-mail addresses are taken."),
    Problem.USER_NAME: _l("Please leave out what stands before the @: it hides where it leads."),
    Problem.NUMBERS: _l("Please use the website's name, not its number."),
    Problem.SHORTENED: _l("A short link hides where it leads. Please paste the real address."),
    Problem.WHICH_NETWORK: _l("Several networks write names like this. Please choose which it is."),
}
KIND_WORDS = {
    LinkKind.LINKEDIN: _l("A profile looks like linkedin.com/in/your-name."),
    LinkKind.GITHUB: _l("A profile looks like github.com/your-name."),
    LinkKind.EMAIL: _l("That does not look like an e-mail address."),
    LinkKind.MASTODON: _l("A profile looks like @your-name@mastodon.social."),
    LinkKind.BLUESKY: _l("A profile looks like bsky.app/profile/your-name.bsky.social."),
    LinkKind.X: _l("A profile looks like x.com/your-name."),
}


class LinkForm(Form):
    """One link of mine."""

    url = StringField(_l("Address"), filters=[clean])
    audience = one_of(_l("Who gets it?"), AUDIENCE_WORDS, default=Audience.EVERYONE)
    kind = one_of(
        _l("What is it?"), {GUESSED: _l("What the address says")} | LINK_WORDS, default=GUESSED
    )

    def __init__(
        self,
        formdata: Any = None,
        *,
        mine: Sequence[Link] = (),
        changing: Link | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, data=_as_typed(changing) if changing else None, **kwargs)
        self.others = [one for one in mine if one is not changing and one.removed_at is None]
        self.changing = changing
        if changing:
            for field in self:
                field.id = f"{field.name}-{changing.id}"

    def validate_url(self, field: StringField) -> None:
        """Take what is safe to open and what it says it is, once, and ten at most."""
        kind = LinkKind(self.kind.data) if self.kind.data in set(LinkKind) else None
        checked = checked_link(field.data or "", kind)
        if isinstance(checked, Unfit):
            raise ValidationError(_words_for(checked))
        same = next((one for one in self.others if one.url == checked.url), None)
        if same and (self.changing or same.audience != self.audience.data):
            raise ValidationError(_l("You have this one already. Change it there."))
        if not same and not self.changing and len(self.others) >= MOST_LINKS:
            raise ValidationError(
                _l("%(most)s links are enough. Please remove one first.", most=MOST_LINKS)
            )
        self.checked: CheckedLink = checked


def _as_typed(link: Link) -> dict[str, str]:
    """Return a link as its owner would type it; a kind that says itself is not said again."""
    is_guessed = checked_link(link.url) == CheckedLink(link.kind, link.url)
    return {
        "url": shown_as(link.url) if link.kind is LinkKind.EMAIL else link.url,
        "audience": link.audience,
        "kind": GUESSED if is_guessed else link.kind,
    }


def _words_for(unfit: Unfit) -> Any:
    if unfit.problem is Problem.NOT_THAT_KIND and unfit.kind:
        return KIND_WORDS[unfit.kind]
    return PROBLEM_WORDS[unfit.problem]


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
