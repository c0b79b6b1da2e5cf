"""Replaying measured face-to-face contacts as an event, through the same services as the web."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.services import change_card, new_person
from webapp.badges.rules import Reading, Way
from webapp.badges.services import issue_badge
from webapp.conversations.services import Scan, claim, confirm
from webapp.events.models import Attendee, Event
from webapp.events.rules import Printed
from webapp.events.services import NewEvent, add_attendee, check_in, create_event
from webapp.exchange.sociopatterns import ContactConversation

AFTER_THE_LAST = timedelta(hours=1)
LATELY_SECONDS = 660


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is replayed: who takes part, what they are called, and when they talk."""

    name: str
    place: str = ""
    starts_at: datetime
    ends_at: datetime
    people: Sequence[str]
    printed: Callable[[str], Printed]
    groups: Mapping[str, str]
    conversations: Sequence[ContactConversation]


@dataclass(frozen=True, slots=True)
class Guest:
    """One replayed person at the event, by ids: they outlive a transaction."""

    attendee_id: str
    badge_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Cast:
    """The event of a replay and everybody at it."""

    event_id: str
    event_code: str
    guests: dict[str, Guest]
    origin: datetime
    """The moment at which the contact file's clock stood at 0 s."""


def duration(conversations: Sequence[ContactConversation]) -> timedelta:
    """Return the time from the first start to the last end."""
    first = min(talk.start_s for talk in conversations)
    return timedelta(seconds=max(talk.end_s for talk in conversations) - first)


def prepare(session: Session, script: Script) -> Cast:
    """Create the event, and for everybody an account, a badge and a check-in."""
    said = NewEvent(
        name=script.name,
        place=script.place,
        time_zone="UTC",
        starts_at=script.starts_at,
        ends_at=script.ends_at,
    )
    event = create_event(session, said=said, by=None, now=script.starts_at)
    guests = {one: _guest(session, event, script, one) for one in script.people}
    first_s = min((talk.start_s for talk in script.conversations), default=0)
    origin = script.starts_at - timedelta(seconds=first_s)
    return Cast(event.id, event.code, guests, origin)


def _guest(session: Session, event: Event, script: Script, one: str) -> Guest:
    printed, now = script.printed(one), script.starts_at
    person = new_person(session, name=printed.name, now=now)
    change_card(
        session,
        person=person,
        name=printed.name,
        organisation=printed.organisation,
        headline=printed.headline,
    )
    attendee = add_attendee(
        session,
        event=event,
        person=person,
        name=printed.name,
        organisation=printed.organisation,
        headline=printed.headline,
        group_name=script.groups.get(one),
        now=now,
    )
    check_in(session, attendee=attendee, now=now)
    badge = issue_badge(session, attendee=attendee, now=now)
    return Guest(attendee.id, badge.id, person.id)


class Recorder:
    """Records talks one after the other: a claim when a talk starts, a yes when it ends.

    So talking again counts by the rule of 10 minutes, as it does for everybody.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._claimed: defaultdict[str, deque[int]] = defaultdict(deque)

    def record(self, session: Session, talks: Sequence[ContactConversation]) -> Iterator[int]:
        """Record talks in one transaction of the caller's; yields after each one."""
        event = session.get_one(Event, self.cast.event_id)
        listed = select(Attendee).where(Attendee.event_id == event.id)
        attendees = {one.id: one for one in session.scalars(listed)}
        for number, talk in enumerate(talks, 1):
            by, about = (self.cast.guests[one] for one in self._who_scans(talk))
            sides = attendees[by.attendee_id], attendees[about.attendee_id]
            self._record(session, event, sides, about.badge_id, talk)
            yield number

    def _who_scans(self, talk: ContactConversation) -> tuple[str, str]:
        """Let the side scan who did so less often lately; the data do not tell who would have."""
        for one in (talk.a, talk.b):
            while self._claimed[one] and self._claimed[one][0] <= talk.start_s - LATELY_SECONDS:
                self._claimed[one].popleft()
        by, about = sorted((talk.a, talk.b), key=lambda one: len(self._claimed[one]))
        self._claimed[by].append(talk.start_s)
        return by, about

    def _record(
        self,
        session: Session,
        event: Event,
        sides: tuple[Attendee, Attendee],
        badge_id: str,
        talk: ContactConversation,
    ) -> None:
        by, about = sides
        reading = Reading(
            event_id=event.id, attendee_id=about.id, badge_id=badge_id, way=Way.PRINTED
        )
        nonce = f"replay-{talk.start_s}-{talk.a}-{talk.b}"
        recorded = claim(
            session,
            event=event,
            by=by,
            scan=Scan(reading=reading, nonce=nonce, body=nonce),
            now=self.cast.origin + timedelta(seconds=talk.start_s),
        )
        ended_at = self.cast.origin + timedelta(seconds=talk.end_s)
        confirm(session, talk=recorded, by=about, now=ended_at)
