"""Who waits and since when, who is on it, and who could be introduced to whom. Pure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.events.models import Attendee, Event, RoleName
from webapp.events.rules import as_printed, is_coming, takes_talks
from webapp.hosting.models import Asking
from webapp.topics.models import Side
from webapp.topics.rules import Candidate, OwnTopics, Suggestion, matches_of, suggestions

UNDO_WITHIN = timedelta(minutes=10)
"""How long a host still finds whom they have introduced, to take a mistaken tap back."""

RANK = (RoleName.ORGANISER, RoleName.CO_ORGANISER, RoleName.DESK)
"""The roles of hosts, the first first."""


class Standing(StrEnum):
    """Whether hosts see an attendee now, or what is missing."""

    COMING = "coming"
    OVER = "over"
    NOT_ASKED = "not asked"
    NOT_HERE = "not here"
    WAITING = "waiting"
    HELPED = "helped"
    INTRODUCED = "introduced"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says when they ask to be introduced."""

    line: str = ""
    has_met_nobody: bool = False


@dataclass(frozen=True, slots=True)
class Helper:
    """The host who is on it, as the person they help sees them."""

    name: str
    role: RoleName


def standing(
    event: Event, asking: Asking | None, helper: Helper | None, *, is_here: bool, now: datetime
) -> Standing:
    """Return whether hosts see an attendee now, or the first thing that is missing."""
    if not takes_talks(event, now):
        return Standing.COMING if is_coming(event, now) else Standing.OVER
    if asking is None:
        return Standing.NOT_ASKED
    if asking.is_introduced:
        return Standing.INTRODUCED
    if not is_here:
        return Standing.NOT_HERE
    return Standing.HELPED if helper else Standing.WAITING


def waiting_since(event: Event, asked_at: datetime, checked_in_at: datetime) -> datetime:
    """Return since when somebody waits: they asked, had come, and the event had begun."""
    return max(asked_at, checked_in_at, event.starts_at)


def may_take(asking: Asking, *, by_id: str, instead_of: str | None) -> bool:
    """Tell whether a host may begin to help; taking over names the one they saw on it.

    Of two hosts who tap at the same moment one is on it, and the other sees who.
    """
    return not asking.is_introduced and asking.helper_id in {None, by_id, instead_of}


def is_helped_by(asking: Asking, person_id: str) -> bool:
    """Tell whether a host is on it or has introduced them."""
    return asking.helper_id == person_id


def ideas(
    event: Event,
    about: Attendee,
    others: Iterable[Attendee],
    *,
    topics: Mapping[str, OwnTopics],
    blocks: Container[frozenset[str]],
    secret: str,
) -> tuple[Suggestion, ...]:
    """Return up to three others who asked too and fit by their topics, the best first.

    Talks play no part: that two have met must not show. Nobody is brought to whom they blocked.
    """
    own = topics.get(about.id, OwnTopics())
    candidates = [
        _candidate(event, own, one, topics.get(one.id, OwnTopics()))
        for one in others
        if one.id != about.id and frozenset({_person(one), _person(about)}) not in blocks
    ]
    return suggestions(candidates, me_id=about.id, secret=secret)


def _person(attendee: Attendee) -> str:
    return attendee.person_id or ""


def _candidate(event: Event, own: OwnTopics, other: Attendee, theirs: OwnTopics) -> Candidate:
    sides = ((Side.OFFERS, theirs.offers), (Side.SEEKS, theirs.seeks))
    in_common = [
        match for side, said in sides for one in said for match in matches_of(own, side, one.key)
    ]
    badge = as_printed(event, other)
    return Candidate(other.id, badge.name, badge.organisation, badge.headline, tuple(in_common))
