"""What becomes of each table when an event is erased; the steps are taken in this order.

A table of an event that is not named here fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, or_, select

from webapp.badges.desk.models import DeskCode, DeskItem, Vouching
from webapp.badges.models import Badge
from webapp.badges.printing.models import BadgePrint, PrintedBadge
from webapp.conversations.models import Claim, Conversation
from webapp.core.db import Base
from webapp.events.models import Attendee, Invitation, Role, RoleName, Transfer
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.hosting.models import Asking
from webapp.insights.models import Snapshot
from webapp.recruiting.models import (
    Agreement,
    CandidateReview,
    Criterion,
    Export,
    ExportedPerson,
    Handover,
    HistoryEntry,
    Member,
    Opening,
    Rating,
    Stage,
    Standing,
    Team,
    TeamInvitation,
    TeamNote,
)
from webapp.security.models import AuditEntry
from webapp.ties.models import Note
from webapp.topics.models import Looking, Topic

Model = type[Base]


@dataclass(frozen=True, slots=True)
class Deleted:
    """Rows of an event that are deleted: all, or those of a condition."""

    model: Model
    where: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Emptied:
    """Rows that stay without what is named; the condition finds those that still have some."""

    model: Model
    values: Mapping[str, Any]
    where: tuple[ColumnElement[bool], ...] = field(default=())


Step = Deleted | Emptied

STANDS = and_(Conversation.proven_at.is_not(None), Conversation.undone_at.is_(None))

_IS_GUEST = Attendee.person_id.is_(None)
_GUESTS = select(Attendee.id).where(Attendee.event_id == AuditEntry.event_id, _IS_GUEST)
_IS_LOW = Note.author_id < Note.about_id
_TALKED = (
    select(Conversation.id)
    .where(
        Conversation.event_id == Note.event_id,
        Conversation.low_id == case((_IS_LOW, Note.author_id), else_=Note.about_id),
        Conversation.high_id == case((_IS_LOW, Note.about_id), else_=Note.author_id),
        STANDS,
    )
    .exists()
)
"""Both sides are named, so that the index of pairs finds the talks of each note at once."""
_SAYS_MORE_THAN_A_NAME = or_(
    Attendee.address.is_not(None),
    Attendee.group_name.is_not(None),
    Attendee.checked_in_at.is_not(None),
    Attendee.organisation != "",
    Attendee.headline != "",
    Attendee.folded != "",
)

STEPS: tuple[Step, ...] = (
    Deleted(GuestList),
    Deleted(GuestSource),
    Deleted(Invitation),
    Deleted(Transfer),
    Deleted(ExportedPerson),
    Deleted(Export),
    Deleted(Rating),
    Deleted(CandidateReview),
    Deleted(TeamNote),
    Deleted(Handover),
    Deleted(HistoryEntry),
    Deleted(Criterion),
    Deleted(Opening),
    Deleted(Standing),
    Deleted(Stage),
    Deleted(Agreement),
    Deleted(TeamInvitation),
    Deleted(Member),
    Deleted(Team),
    Deleted(Role, (Role.name != RoleName.ORGANISER,)),
    Deleted(DeskCode),
    Deleted(DeskItem),
    Deleted(Vouching),
    Deleted(Asking),
    Deleted(Looking),
    Deleted(Topic),
    Deleted(PrintedBadge),
    Deleted(BadgePrint),
    Deleted(Claim),
    Deleted(Note, (~_TALKED,)),
    Deleted(Conversation, (~STANDS,)),
    Deleted(Badge),
    Emptied(AuditEntry, {"attendee_id": None}, (AuditEntry.attendee_id.in_(_GUESTS),)),
    Deleted(Attendee, (_IS_GUEST,)),
    Emptied(
        Attendee,
        {
            "address": None,
            "group_name": None,
            "checked_in_at": None,
            "organisation": "",
            "headline": "",
            "folded": "",
        },
        (_SAYS_MORE_THAN_A_NAME,),
    ),
    Emptied(Snapshot, {"parts": {}}, (cast(Snapshot.parts, Text) != "{}",)),
)

STAYS: dict[str, str] = {
    "event": "its name, place and dates say where two people met",
    "attendee": "the name under which somebody who talked is known there",
    "conversation": "a proven talk belongs to the two who had it",
    "note": "belongs to its author, about somebody they talked with",
    "tie": "belongs to its two people",
    "promise": "belongs to the two people of a tie",
    "outcome": "belongs to the two people of a tie",
    "role": "the organiser answers for the report",
    "snapshot": "the published numbers, which name nobody",
    "audit_entry": "who did what; of guests who are gone it no longer says whom it was about",
}
"""What of a table stays, and why; of all others nothing does."""
