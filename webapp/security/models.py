"""What was done at an event by those who work there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class Action(StrEnum):
    """What somebody who works at an event did there."""

    EVENT_CREATED = "event_created"
    EVENT_CHANGED = "event_changed"
    EVENT_ARCHIVED = "event_archived"
    EVENT_BROUGHT_BACK = "event_brought_back"
    ERASURE_ASKED = "erasure_asked"
    EVENT_ERASED = "event_erased"
    ROLE_OFFERED = "role_offered"
    ROLE_OFFER_WITHDRAWN = "role_offer_withdrawn"
    ROLE_ACCEPTED = "role_accepted"
    ROLE_TAKEN = "role_taken"
    ROLE_LEFT = "role_left"
    EVENT_OFFERED = "event_offered"
    EVENT_OFFER_WITHDRAWN = "event_offer_withdrawn"
    EVENT_OFFER_DECLINED = "event_offer_declined"
    EVENT_TRANSFERRED = "event_transferred"
    GUESTS_IMPORTED = "guests_imported"
    GUEST_ADDED = "guest_added"
    GUEST_CHANGED = "guest_changed"
    BADGES_PRINTED = "badges_printed"
    BADGE_REISSUED = "badge_reissued"
    CHECKED_IN = "checked_in"
    CHECK_IN_UNDONE = "check_in_undone"
    CLAIM_HELPED = "claim_helped"
    HELPED_IN = "helped_in"
    TEAM_GRANTED = "team_granted"
    TEAM_JOINED = "team_joined"
    TEAM_LEFT = "team_left"


class AuditEntry(Base):
    """One thing somebody did who works at an event; it is never changed."""

    __tablename__ = "audit_entry"

    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    id: Mapped[str] = mapped_column(Id, default=new_id)
    done_at: Mapped[datetime]
    action: Mapped[Action]
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None for a command or the worker."""
    attendee_id: Mapped[str | None] = mapped_column(Id)
    """Whom it was done to, if it was an attendee."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Whose role it was about, if it was about one."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Numbers and names of ours; no words anybody typed."""

    __table_args__ = (
        PrimaryKeyConstraint("event_id", "id"),
        ForeignKeyConstraint(["event_id", "attendee_id"], ["attendee.event_id", "attendee.id"]),
        Index("ix_audit_entry_event_id_done_at", "event_id", "done_at", "id"),
        Index("ix_audit_entry_event_id_attendee_id", "event_id", "attendee_id"),
    )
