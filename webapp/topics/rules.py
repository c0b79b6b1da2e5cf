"""Which topics are the same, and whom to look for. Pure: values in, values out."""

import base64
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from webapp.core.ids import ID_LENGTH
from webapp.core.text import one_line
from webapp.events.models import Event
from webapp.events.rules import is_coming, takes_talks
from webapp.security.tokens import derive
from webapp.topics.models import Side

MOST_TOPICS = 5
SHORTEST_TOPIC, LONGEST_TOPIC = 2, 40
MOST_SUGGESTIONS = 3
WORTH_COMPLEMENT, WORTH_SHARED = 2, 1

COMMAS = re.compile("[,،、，]")  # noqa: RUF001  # of other scripts
PURPOSE = "whom to look for"


class Standing(StrEnum):
    """Whether an attendee is named others now, or what is missing."""

    COMING = "coming"
    OVER = "over"
    NOT_ASKED = "not asked"
    NOT_HERE = "not here"
    NO_TOPIC = "no topic"
    READY = "ready"


class Reason(StrEnum):
    """Why two people could talk, the best first."""

    THEY_KNOW = "they know"
    THEY_SEEK = "they seek"
    BOTH_KNOW = "both know"
    BOTH_SEEK = "both seek"


@dataclass(frozen=True, slots=True)
class Said:
    """One topic as typed, and the key it is compared by."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnTopics:
    """What an attendee said about themselves, and whether they want to be suggested."""

    offers: tuple[Said, ...] = ()
    seeks: tuple[Said, ...] = ()
    is_looking: bool = False

    @property
    def keys(self) -> list[str]:
        """All keys, each once; empty if nothing was said."""
        return list(dict.fromkeys(one.key for one in (*self.offers, *self.seeks)))


@dataclass(frozen=True, slots=True)
class Match:
    """One topic two attendees have in common, in my words."""

    mine: Side
    theirs: Side
    text: str
    place: int
    """Its place among my own of that side."""

    @property
    def reason(self) -> Reason:
        """What the topic is to the two."""
        return _REASONS[self.mine, self.theirs]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be suggested: what stands on their badge, and what we have in common."""

    attendee_id: str
    name: str
    organisation: str
    headline: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to look for, and the one topic to begin with."""

    name: str
    organisation: str
    headline: str
    reason: Reason
    topic: str


_REASONS = {
    (Side.SEEKS, Side.OFFERS): Reason.THEY_KNOW,
    (Side.OFFERS, Side.SEEKS): Reason.THEY_SEEK,
    (Side.OFFERS, Side.OFFERS): Reason.BOTH_KNOW,
    (Side.SEEKS, Side.SEEKS): Reason.BOTH_SEEK,
}
_RANK = {reason: rank for rank, reason in enumerate(Reason)}


def key_of(text: str) -> str:
    """Return what a topic is compared by; topics with equal keys are the same.

    Compatibility forms and case are folded (Unicode, D146), blanks collapsed, punctuation at both
    ends taken off. A `#` at the end stays: C# is not C.
    """
    folded = unicodedata.normalize("NFD", text)
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded.casefold())
    start, end = 0, len(folded)
    while start < end and _is_edge(folded[start]):
        start += 1
    while start < end and _is_edge(folded[end - 1]) and folded[end - 1] != "#":
        end -= 1
    return " ".join(folded[start:end].split())


def _is_edge(character: str) -> bool:
    return character.isspace() or unicodedata.category(character).startswith("P")


def topics_in(typed: str) -> list[Said]:
    """Return the topics of one field, in order; what is said twice counts once."""
    texts = [text for part in COMMAS.split(typed) if (text := one_line(part))]
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(key_of(text), text)
    return [Said(key, text) for key, text in found.items()]


def has_good_length(topic: Said) -> bool:
    """Tell whether a topic has 2 to 40 characters; punctuation at its ends makes none longer."""
    return len(topic.key) >= SHORTEST_TOPIC and len(topic.text) <= LONGEST_TOPIC


def standing(event: Event, own: OwnTopics, *, is_here: bool, now: datetime) -> Standing:
    """Return whether an attendee is named others now, or the first thing that is missing.

    Nobody sees who could not be seen: wanting it, being here and a topic are asked of both sides.
    """
    if not takes_talks(event, now):
        return Standing.COMING if is_coming(event, now) else Standing.OVER
    if not own.is_looking:
        return Standing.NOT_ASKED
    if not is_here:
        return Standing.NOT_HERE
    return Standing.READY if own.keys else Standing.NO_TOPIC


def matches_of(own: OwnTopics, theirs: Side, key: str) -> list[Match]:
    """Return what a topic somebody has on one side is to mine."""
    return [
        Match(mine, theirs, one.text, place)
        for mine, topics in ((Side.OFFERS, own.offers), (Side.SEEKS, own.seeks))
        for place, one in enumerate(topics)
        if one.key == key
    ]


def score(matches: Iterable[Match]) -> int:
    """Return how well two people match, the same from both sides.

    2 for each topic one of them seeks and the other offers, 1 for each that is on the same side.
    """
    return sum(
        WORTH_SHARED if match.mine == match.theirs else WORTH_COMPLEMENT for match in matches
    )


def suggestions(
    candidates: Iterable[Candidate], *, me_id: str, secret: str
) -> tuple[Suggestion, ...]:
    """Return the three best matches at most, the best first.

    Among equals a keyed hash of the pair decides: not everybody is sent to the same three, nobody
    can make themselves the first, and it is the same for a pair every time, from both sides.
    """

    def rank(one: Candidate) -> tuple[int, bytes]:
        return -score(one.matches), _draw(secret, me_id, one.attendee_id)

    best = sorted((one for one in candidates if one.matches), key=rank)[:MOST_SUGGESTIONS]
    return tuple(_suggestion(one) for one in best)


def _suggestion(one: Candidate) -> Suggestion:
    topic = first_topic(one.matches)
    return Suggestion(one.name, one.organisation, one.headline, topic.reason, topic.text)


def as_printed_on(event: Event, one: Suggestion) -> Suggestion:
    """Return a suggestion with what the event shows on badges, and nothing else."""
    return replace(
        one,
        organisation=one.organisation if event.has_organisations else "",
        headline=one.headline if event.has_headlines else "",
    )


def first_topic(matches: Sequence[Match]) -> Match:
    """Return the topic to begin with: what they know and I seek, then the other way, then shared.

    Among equals it is the one I named first.
    """
    return min(matches, key=lambda match: (_RANK[match.reason], match.place))


def _draw(secret: str, one: str, other: str) -> bytes:
    low, high = sorted((one, other))
    return derive(secret, purpose=PURPOSE, about=f"{low}\0{high}")


def starting_id(secret: str, me_id: str) -> str:
    """Return the attendee id from which on I am looked for equals when they are too many to read.

    Ids are random, so everybody starts at another place, and always at the same.
    """
    return (
        base64.b32encode(derive(secret, purpose=PURPOSE, about=me_id)).decode().lower()[:ID_LENGTH]
    )
