"""Which badges there are to print, and what was printed before."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from webapp.badges.models import Badge
from webapp.badges.printing.models import BadgePrint, PrintedBadge
from webapp.events.models import Attendee, Event

MOST_PRINTS_SHOWN = 10
_IN_PRINT = and_(PrintedBadge.event_id == Badge.event_id, PrintedBadge.badge_id == Badge.id)
_ATTENDEE = and_(Attendee.event_id == Badge.event_id, Attendee.id == Badge.attendee_id)


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """One badge as it goes to print."""

    event_id: str
    id: str
    name: str
    organisation: str
    headline: str
    group_name: str | None
    is_reissued: bool
    is_reprint: bool


@dataclass(frozen=True, slots=True)
class PrintRow:
    """One earlier print."""

    print: BadgePrint
    badges: int


def valid_badges(event_id: str) -> list[ColumnElement[bool]]:
    """Return the conditions of the badges of an event that were not replaced."""
    return [Badge.event_id == event_id, Badge.revoked_at.is_(None)]


def never_printed(event_id: str) -> ColumnElement[bool]:
    """Return the condition of badges that are in no print yet."""
    printed = select(PrintedBadge.badge_id).where(PrintedBadge.event_id == event_id)
    return Badge.id.not_in(printed)


def count_badges(session: Session, event_id: str, *, only_new: bool = False) -> int:
    """Return how many badges could be printed, or how many never were."""
    found = select(func.count()).select_from(Badge).where(*valid_badges(event_id))
    if only_new:
        found = found.where(never_printed(event_id))
    return session.scalar(found) or 0


def print_of(session: Session, *, event_id: str, print_id: str) -> BadgePrint | None:
    """Return one print."""
    return session.get(BadgePrint, (event_id, print_id))


def badges_in(session: Session, print_: BadgePrint) -> list[BadgeRow]:
    """Return the badges of a print in the order of names, without those replaced since."""
    old = aliased(Badge)
    replaced = select(old.attendee_id).where(
        old.event_id == print_.event_id, old.revoked_at.is_not(None)
    )
    before = (
        select(PrintedBadge.badge_id)
        .join(
            BadgePrint,
            and_(
                BadgePrint.event_id == PrintedBadge.event_id, BadgePrint.id == PrintedBadge.print_id
            ),
        )
        .where(
            PrintedBadge.event_id == print_.event_id,
            BadgePrint.asked_at < print_.asked_at,
        )
    )
    found = (
        select(
            Badge.event_id,
            Badge.id,
            Attendee.name,
            Attendee.organisation,
            Attendee.headline,
            Attendee.group_name,
            Badge.attendee_id.in_(replaced),
            Badge.id.in_(before),
        )
        .join(Attendee, _ATTENDEE)
        .join(PrintedBadge, _IN_PRINT)
        .where(*_of(print_))
        .order_by(Attendee.name, Attendee.id)
    )
    return [BadgeRow(*row) for row in session.execute(found)]


def count_in(session: Session, print_: BadgePrint) -> int:
    """Return how many badges a print has, without those replaced since."""
    found = select(func.count(Badge.id)).join(PrintedBadge, _IN_PRINT).where(*_of(print_))
    return session.scalar(found) or 0


def _of(print_: BadgePrint) -> list[ColumnElement[bool]]:
    return [
        PrintedBadge.event_id == print_.event_id,
        PrintedBadge.print_id == print_.id,
        Badge.revoked_at.is_(None),
    ]


def earlier_prints(session: Session, event_id: str) -> list[PrintRow]:
    """Return the latest prints of an event with the number of their badges, in one query."""
    number = (
        select(func.count())
        .select_from(PrintedBadge)
        .where(PrintedBadge.event_id == BadgePrint.event_id, PrintedBadge.print_id == BadgePrint.id)
        .scalar_subquery()
    )
    found = (
        select(BadgePrint, number)
        .where(BadgePrint.event_id == event_id)
        .order_by(BadgePrint.asked_at.desc(), BadgePrint.id)
        .limit(MOST_PRINTS_SHOWN)
    )
    return [PrintRow(*row) for row in session.execute(found)]


def texts_of(session: Session, event: Event) -> list[str]:
    """Return everything that stands on an event's badges, each text once, in order."""
    shown: list[Any] = [Attendee.name]
    shown += [Attendee.organisation] if event.has_organisations else []
    shown += [Attendee.headline] if event.has_headlines else []
    shown += [Attendee.group_name] if event.has_groups else []
    found = select(*shown).where(Attendee.event_id == event.id)
    return sorted({text for row in session.execute(found) for text in row if text})


def longest_name(session: Session, event_id: str) -> Attendee | None:
    """Return the attendee with the longest name: if theirs fits, all do."""
    found = select(Attendee).where(Attendee.event_id == event_id)
    return session.scalar(found.order_by(func.length(Attendee.name).desc(), Attendee.id).limit(1))
