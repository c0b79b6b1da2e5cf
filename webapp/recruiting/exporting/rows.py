"""One person as they leave a Team."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from webapp.ties.models import LinkKind
from webapp.ties.rules import MAILTO, shown_as


@dataclass(frozen=True, slots=True)
class Contacts:
    """The ways to reach somebody, or None where none is open to the one who exports."""

    email: str | None = None
    linkedin: str | None = None
    website: str | None = None
    others: tuple[str, ...] = ()
    """Further links; a second address as a mailto link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """A Candidate with what one member of the Team may take along of them, and no more."""

    name: str
    """The whole name, as printed."""
    first_name: str = ""
    last_name: str = ""
    """Where the two are known apart; otherwise the whole name is split."""
    organisation: str = ""
    headline: str = ""
    contacts: Contacts = field(default=Contacts())
    """Over a live tie of the exporter alone."""
    met_at: str = ""
    met_on: datetime | None = None
    """Aware; written with the zone it comes in, which should be the event's."""
    met_with: tuple[str, ...] = ()
    """The colleagues who talked with them."""
    evidence: str = ""
    stage: str = ""
    next_step: str = ""
    next_on: date | None = None
    owner: str = ""
    topics: tuple[str, ...] = ()
    note: str = ""
    """The exporter's own; a note is seen by its author alone."""

    def __post_init__(self) -> None:
        if self.met_on is not None and self.met_on.utcoffset() is None:
            raise ValueError("met_on needs a zone")


def contacts_of(links: Iterable[tuple[LinkKind, str]]) -> Contacts:
    """Sort somebody's links, as `ties.gate` gives them, into what other programs have fields for.

    The first of a kind gets the field; everything else is kept beside it.
    """
    found: dict[LinkKind, str] = {}
    others: list[str] = []
    for kind, url in links:
        if kind in _FIELDS and kind not in found:
            found[kind] = shown_as(url) if url.startswith(MAILTO) else url
        else:
            others.append(url)
    email, linkedin, website = (found.get(kind) for kind in _FIELDS)
    return Contacts(email, linkedin, website, tuple(others))


_FIELDS = (LinkKind.EMAIL, LinkKind.LINKEDIN, LinkKind.WEBSITE)
