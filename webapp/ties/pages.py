"""What the pages of ties are made of; features above add parts of their own."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.accounts.models import Identity, Person
from webapp.conversations.models import Conversation
from webapp.core.config import OidcProvider
from webapp.events.models import Event
from webapp.ties import gate
from webapp.ties.forms import AUDIENCE_WORDS, LINK_WORDS, CardForm, LinkForm
from webapp.ties.models import Audience, Link, LinkKind, Note, Tie
from webapp.ties.queries import Offer, PersonRow
from webapp.ties.rules import shown_as

STAMP_DIGITS = 12
UNSAID = frozenset({LinkKind.CALENDAR, LinkKind.MASTODON})
YOUR_LINK = {
    LinkKind.LINKEDIN: _l("your LinkedIn profile"),
    LinkKind.GITHUB: _l("your GitHub profile"),
    LinkKind.WEBSITE: _l("your website"),
    LinkKind.EMAIL: _l("your e-mail"),
    LinkKind.MASTODON: _l("your Mastodon profile"),
    LinkKind.BLUESKY: _l("your Bluesky profile"),
    LinkKind.X: _l("your X profile"),
    LinkKind.CALENDAR: _l("your calendar page"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: a template, and the row it shows."""

    template: str
    row: Any
    is_question: bool = False
    """True for what is asked once, before all that one does for oneself."""


def parts_in(answers: Iterable[tuple[Any, list[Part]]]) -> list[Part]:
    """Return the parts that the receivers of a signal have for a page, questions first."""
    found = [part for _receiver, parts in answers for part in parts]
    return sorted(found, key=lambda part: not part.is_question)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as it is shown."""

    kind: str
    url: str
    text: str
    word: str
    """What it is, where the address does not say so itself."""


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A tie that is open: who it is and the links it gives me."""

    tie_id: str
    name: str
    organisation: str
    headline: str
    links: list[LinkRow]

    @property
    def stamp(self) -> str:
        """What tells whether a page that was kept still shows the same: a digest of it all."""
        said = repr((self.name, self.organisation, self.headline, self.links))
        return hashlib.sha256(said.encode()).hexdigest()[:STAMP_DIGITS]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A link of mine that I may give to somebody."""

    tie_id: str
    link_id: str
    name: str
    what: str
    text: str
    is_given: bool | None


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One talk as I see it: proven, waiting for them, or waiting for me."""

    event: Event
    talk: Conversation
    name: str
    opened: OpenedRow | None
    offers: list[OfferRow]
    is_waiting_for_me: bool
    is_waiting_for_them: bool
    may_undo: bool
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person I met, in the list, and the stamp of their page."""

    row: PersonRow
    stamp: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person I met, over an open tie."""

    row: OpenedRow
    offers: list[OfferRow]
    talks: list[tuple[Conversation, Event]]
    notes: list[tuple[Note, Event]]
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class UntiedPage:
    """A tie I have just untied."""

    tie_id: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnLink:
    """One link of mine, who gets it, and how to change it."""

    id: str
    row: LinkRow
    audience: str
    """Empty if everyone gets it."""
    form: LinkForm
    may_move_up: bool


@dataclass(frozen=True, slots=True)
class LinksPart:
    """My links on my card."""

    links: list[OwnLink]
    removed: list[tuple[str, str]]
    """Id and text of those whose removal can still be taken back."""
    form: LinkForm
    is_full: bool


@dataclass(frozen=True, slots=True)
class CardPage:
    """My card, my links, and what goes with my account."""

    form: CardForm
    my_links: LinksPart
    addresses: list[str]
    identities: list[Identity]
    providers: list[OidcProvider]
    blocked: list[Person]
    says_depth: bool


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What somebody else sees of me."""

    choices: list[tuple[str, str]]
    """Whose eyes there are: a value and a name."""
    chosen: str
    row: OpenedRow


def link_rows(links: Sequence[Link]) -> list[LinkRow]:
    """Return links as they are shown."""
    return [
        LinkRow(
            kind=link.kind.value,
            url=link.url,
            text=shown_as(link.url),
            word=str(LINK_WORDS[link.kind]) if link.kind in UNSAID else "",
        )
        for link in links
    ]


def opened_row(session: Session, *, tie: Tie, other: Person, person_id: str) -> OpenedRow:
    """Return what a Person sees of the other side of a tie."""
    return _card_of(other, gate.links_over(session, tie=tie, person_id=person_id), tie.id)


def opened_to_somebody_new(session: Session, *, owner: Person, is_recruiter: bool) -> OpenedRow:
    """Return what a Person would show to somebody they talk with now."""
    links = gate.links_for_somebody_new(session, owner_id=owner.id, is_recruiter=is_recruiter)
    return _card_of(owner, links)


def listed_people(
    session: Session, *, rows: Sequence[PersonRow], person_id: str
) -> list[ListedPerson]:
    """Return the people a Person met, each with the stamp of what their page shows."""
    links = gate.links_over_all(session, person_id=person_id)
    return [
        ListedPerson(row, _card_of(row.person, links.get(row.tie.id, []), row.tie.id).stamp)
        for row in rows
    ]


def offer_row(offer: Offer) -> OfferRow:
    """Return a link I may give to somebody, in words."""
    return OfferRow(
        tie_id=offer.tie.id,
        link_id=offer.link.id,
        name=offer.other.name,
        what=str(YOUR_LINK[offer.link.kind]),
        text=shown_as(offer.link.url),
        is_given=offer.is_given,
    )


def own_link_rows(links: Sequence[Link], *, failed: LinkForm | None) -> list[OwnLink]:
    """Return my links, one of them perhaps with what was typed wrong."""
    return [
        OwnLink(
            id=link.id,
            row=row,
            audience=_said_of(link.audience),
            form=failed if failed and failed.changing is link else LinkForm(changing=link),
            may_move_up=number > 0,
        )
        for number, (link, row) in enumerate(zip(links, link_rows(links), strict=True))
    ]


def _said_of(audience: Audience) -> str:
    return "" if audience is Audience.EVERYONE else str(AUDIENCE_WORDS[audience])


def _card_of(person: Person, links: Sequence[Link], tie_id: str = "") -> OpenedRow:
    return OpenedRow(tie_id, person.name, person.organisation, person.headline, link_rows(links))
