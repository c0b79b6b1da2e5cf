"""What becomes of a Person's rows when they delete their account; steps are taken in this order.

What is taken at once is kept aside for a day, so that it can be taken back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from webapp.accounts.keys.models import Authenticator, Passkey, RecoveryCode
from webapp.accounts.models import Device, EmailAddress, Identity, Person, SignInCode
from webapp.badges.desk.models import DeskCode, DeskItem, Vouching
from webapp.badges.models import Badge
from webapp.conversations.models import Block, Conversation
from webapp.conversations.queries import is_blocked
from webapp.core.db import Base
from webapp.events.models import Attendee, Invitation, Role, Transfer
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.mydata.mine import (
    AsAttendee,
    By,
    ByAddress,
    ByReader,
    Me,
    of_my_links,
    on_the_list,
)
from webapp.followups.letters.models import Morning, Told
from webapp.followups.models import Introduction, Outcome, Promise, Rhythm, TieSide, UsedMessage
from webapp.hosting.models import Asking
from webapp.mail.models import LetterDay, Mail, Wish
from webapp.recruiting.models import (
    Agreement,
    CandidateReview,
    ExportedPerson,
    Handover,
    HistoryEntry,
    Member,
    Rating,
    Standing,
    TeamInvitation,
    TeamNote,
)
from webapp.ties.models import Closing, Link, LinkAnswer, Note, Tie
from webapp.topics.models import Looking, Topic

Which = Callable[[type[Base], Me], ColumnElement[bool]]
NOW = "now"
"""Stands for the moment they asked."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Rows that are deleted."""

    model: type[Base]
    which: Which


@dataclass(frozen=True, slots=True)
class Emptied:
    """Rows that stay, with these values in place of theirs."""

    model: type[Base]
    which: Which
    values: Mapping[str, Any]

    def filled(self, *, me: Me, name: str, now: datetime) -> dict[str, Any]:
        """Return the values for one Person."""
        told = {NOW: now, LEFT_NAME: name, MYSELF: me.id}
        return {column: told.get(value, value) for column, value in self.values.items()}


Step = Deleted | Emptied
LEFT_NAME = "someone who left"
"""Stands for what others read in place of a name."""
MYSELF = "myself"
"""Stands for their id, which names nobody any more."""


def _my_open_ties(model: type[Base], me: Me) -> ColumnElement[bool]:
    is_open = Tie.closed_at.is_(None) & ~is_blocked(Tie.low_person_id, Tie.high_person_id)
    return and_(By(("low_person_id", "high_person_id"))(model, me), is_open)


def _my_waiting_claims(model: type[Base], me: Me) -> ColumnElement[bool]:
    waits = Conversation.proven_at.is_(None) & Conversation.expired_at.is_(None)
    return and_(AsAttendee(("low_id", "high_id"))(model, me), waits)


def _of_my_places(model: type[Base], me: Me) -> ColumnElement[bool]:
    listed = select(Attendee.event_id, Attendee.id).where(on_the_list(Attendee, me))
    cells = model.__table__.c
    return tuple_(cells.event_id, cells.attendee_id).in_(listed)


def _my_valid_badges(model: type[Base], me: Me) -> ColumnElement[bool]:
    return and_(_of_my_places(model, me), Badge.revoked_at.is_(None))


def _by_me_or_of_mine(model: type[Base], me: Me) -> ColumnElement[bool]:
    over_mine = select(Tie.id).where(By(("low_person_id", "high_person_id"))(Tie, me))
    asked = LinkAnswer.tie_id.in_(over_mine)
    return or_(of_my_links(model, me), asked)


def _i_am_on_it(_model: type[Base], me: Me) -> ColumnElement[bool]:
    return and_(Asking.helper_id == me.id, Asking.introduced_at.is_(None))


def _letters_to_me(_model: type[Base], me: Me) -> ColumnElement[bool]:
    waits = Mail.sent_at.is_(None) & Mail.gave_up_at.is_(None)
    return and_(or_(Mail.recipient.in_(me.addresses), Mail.reader.in_(me.readers)), waits)


def _mails_to_me(_model: type[Base], me: Me) -> ColumnElement[bool]:
    return or_(Mail.recipient.in_(me.addresses), Mail.reader.in_(me.readers))


_PERSON, _BOTH = By(("person_id",)), By(("by_id", "low_id", "high_id"))
_AS_ATTENDEE = AsAttendee()

AT_ONCE: tuple[Step, ...] = (
    Deleted(Mail, _letters_to_me),
    Deleted(LinkAnswer, _by_me_or_of_mine),
    Deleted(Link, _PERSON),
    Deleted(Note, AsAttendee(("author_id",))),
    Deleted(UsedMessage, _PERSON),
    Deleted(Introduction, _BOTH),
    Emptied(Promise, By(("by_id",)), {"text": ""}),
    Emptied(Outcome, _PERSON, {"text": ""}),
    Emptied(TieSide, _PERSON, {"depth": None, "rhythm": Rhythm.NONE, "rhythm_set_at": None}),
    Emptied(
        Tie, _my_open_ties, {"closed_at": NOW, "closed_by_id": MYSELF, "closing": Closing.LEFT}
    ),
    Deleted(Block, By(("blocker_id", "blocked_id"))),
    Emptied(Conversation, _my_waiting_claims, {"expired_at": NOW}),
    Deleted(Topic, _AS_ATTENDEE),
    Deleted(Looking, _AS_ATTENDEE),
    Deleted(Asking, _AS_ATTENDEE),
    Emptied(Asking, _i_am_on_it, {"helper_id": None, "taken_at": None}),
    Deleted(Vouching, _PERSON),
    Deleted(DeskCode, _PERSON),
    Deleted(GuestSource, _of_my_places),
    Emptied(Badge, _my_valid_badges, {"revoked_at": NOW}),
    Deleted(ExportedPerson, _PERSON),
    Deleted(Rating, By(("person_id", "reviewer_id"))),
    Deleted(CandidateReview, By(("person_id", "reviewer_id"))),
    Deleted(TeamNote, By(("person_id", "author_id"))),
    Deleted(Handover, By(("person_id", "from_id", "to_id"))),
    Deleted(HistoryEntry, _PERSON),
    Deleted(Standing, _PERSON),
    Emptied(Standing, By(("owner_id",)), {"owner_id": None}),
    Deleted(Agreement, _PERSON),
    Deleted(Member, _PERSON),
    Deleted(TeamInvitation, ByAddress("address")),
    Deleted(Transfer, _PERSON),
    Deleted(Role, _PERSON),
    Deleted(Invitation, ByAddress("address")),
    Emptied(
        Attendee,
        on_the_list,
        {"name": LEFT_NAME, "organisation": "", "headline": "", "address": None, "folded": ""},
    ),
    Emptied(Person, By(("id",)), {"name": LEFT_NAME, "organisation": "", "headline": ""}),
)
"""Hides somebody everywhere; a day later nothing of it can be taken back."""

FINALLY: tuple[Step, ...] = (
    Deleted(GuestList, By(("uploaded_by_id",))),
    Deleted(DeskItem, By(("by_id",))),
    Deleted(Mail, _mails_to_me),
    Deleted(LetterDay, ByReader("reader")),
    Deleted(Told, ByReader("reader")),
    Deleted(Morning, _PERSON),
    Deleted(Wish, _PERSON),
    Deleted(SignInCode, ByAddress("address")),
    Deleted(Device, _PERSON),
    Deleted(Passkey, _PERSON),
    Deleted(Authenticator, _PERSON),
    Deleted(RecoveryCode, _PERSON),
    Deleted(Identity, _PERSON),
    Deleted(EmailAddress, _PERSON),
)
"""Ends the account; until then its owner can sign in and take it back."""

STAYS: dict[str, str] = {
    "attendee.group_name": "the organiser's word for a group; the numbers of the event count it",
    "audit_entry": "who did what, by an id that names nobody any more",
    "badge": "revoked: its digests open nothing",
    "badge_print": "which badges were printed; by an id that names nobody any more",
    "claim": "keys and times that count a talk once",
    "conversation": "a talk with someone who left; it says when, not with whom",
    "erasure": "what has to be done again after an older copy was brought back",
    "export": "that a team made a file, when and for how many; by an id that names nobody any more",
    "note": "other people's own words, read by them alone",
    "outcome": "its kind counts in the event's numbers; the words are gone",
    "person": "an id that names nobody any more",
    "promise": "its times count in the event's numbers; what others promised is their own words",
    "stop": "a digest that keeps an address from getting letters",
    "tie": "closed for good",
    "tie_side": "when a link was opened counts in the event's numbers",
}
"""What stays of somebody who left, and why."""
