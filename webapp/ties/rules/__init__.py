"""Pure decisions about links, ties and files."""

from webapp.ties.rules.cards import vcard
from webapp.ties.rules.keeping import (
    LONGEST_NOTE,
    MOST_LINKS,
    OFFER_LIFE,
    REMOVAL_WINDOW,
    RETIE_WINDOW,
    may_restore,
    may_retie,
)
from webapp.ties.rules.links import MAILTO, CheckedLink, checked_link, shown_as

__all__ = [
    "LONGEST_NOTE",
    "MAILTO",
    "MOST_LINKS",
    "OFFER_LIFE",
    "REMOVAL_WINDOW",
    "RETIE_WINDOW",
    "CheckedLink",
    "checked_link",
    "may_restore",
    "may_retie",
    "shown_as",
    "vcard",
]
