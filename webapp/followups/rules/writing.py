"""A message in one's own words: made ready to take along, and compared without being kept."""

import re
from unicodedata import category
from urllib.parse import quote

from webapp.core.text import folded

LONGEST_MESSAGE = 2000
LONGEST_MAILTO = 1900
"""Characters of an address with subject and text that every mail program takes."""
LONGEST_QUOTE = 160
TITLES = frozenset(
    {"dr", "dr.", "prof", "prof.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "mx", "mx.", "miss"}
    | {"herr", "frau", "dipl.-ing.", "dr.-ing.", "dipl.", "ing.", "med.", "rer.", "nat.", "h.c."}
    | {"phd", "ph.d.", "md", "m.d.", "mba", "msc", "m.sc.", "bsc", "b.sc.", "jr", "jr.", "sr."}
)
"""What stands with a name and is none, in small letters."""
MANY = 2
"""Others who got the same words before one is told so."""


def called(name: str) -> str:
    """Return what a person is called by in a greeting: their first name, without titles.

    A comma stands after a family name that comes first (one word, or one with particles such as
    van der), or before degrees and firms.
    """
    parts = [_without_titles(part) for part in name.split(",")]
    named = [words for words in parts if words]
    if not named:
        return (name.split() or [""])[-1]
    first, *others = named
    is_family = len(first) == 1 or first[0].islower()
    return others[0][0] if others and is_family else first[0]


def shortened(text: str, most: int = LONGEST_QUOTE) -> str:
    """Return a text as one line, cut at a word if it is long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most].rsplit(" ", 1)[0].rstrip(",;:.")
    return f"{cut} ..."


def as_message(typed: str) -> str:
    """Return what was typed with plain line ends and without what cannot be seen."""
    unix = typed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unix if c == "\n" or category(c) not in {"Cc", "Cs"}).strip()


def compared(text: str, *, name: str) -> str:
    """Return a message as it is compared: its words without the name of whom it goes to."""
    names = set(folded(name).split())
    return " ".join(word for word in folded(text).split() if word not in names)


def mail_url(address: str, *, subject: str, body: str) -> str:
    """Return a mailto address with subject and text (RFC 6068), cut where it would be too long.

    The address is one of a link: it is percent-encoded already and begins with mailto.
    """
    head = f"{address}?subject={quote(one_subject(subject), safe='')}&body="
    room = max(LONGEST_MAILTO - len(head), 0)
    return head + _encoded_within(body, room)


def one_subject(text: str) -> str:
    """Return a subject of one line; a mail has no room for a second."""
    return " ".join(
        "".join(c for c in text if not category(c).startswith("C") or c.isspace()).split()
    )


def _without_titles(text: str) -> list[str]:
    return [word for word in text.split() if word.casefold() not in TITLES]


def _encoded_within(body: str, room: int) -> str:
    """Percent-encode the first characters of a text that fit, each as a whole."""
    parts: list[str] = []
    for character in re.sub(r"\r\n|\r|\n", "\r\n", body):
        encoded = quote(character, safe="")
        room -= len(encoded)
        if room < 0:
            break
        parts.append(encoded)
    return "".join(parts).removesuffix("%0D")
