"""A member who looks at candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.events.models import Event
from webapp.followups import pages as followups
from webapp.followups.queries.promises import open_promises_of
from webapp.followups.rules.promises import today_at
from webapp.recruiting.models import Member, Stage
from webapp.recruiting.queries.lists import Looker
from webapp.recruiting.queries.teams import colleagues, my_teams, stages


@dataclass(frozen=True, slots=True)
class Review:
    """A member who looks at candidates, with what all of them need; four queries."""

    session: Session
    event: Event
    member: Member
    me: Person
    stages: Sequence[Stage]
    names: Mapping[str, str]
    """Of colleagues, by id."""
    owed: Mapping[str, followups.PromiseRow]
    """The next open promise between me and each of my people."""
    now: datetime

    @property
    def today(self) -> date:
        """The day it is where the event is."""
        return today_at(self.event.time_zone, self.now)

    @property
    def looker(self) -> Looker:
        """What the lists of this member depend on."""
        return Looker(self.member, list(self.owed), self.today)

    def events(self) -> list[Event]:
        """Return where I am in a team, the latest first, if there are several; one query."""
        found = [event for _team, event, is_in in my_teams(self.session, self.me.id) if is_in]
        return found if len(found) > 1 else []


def review(session: Session, *, event: Event, member: Member, me: Person, now: datetime) -> Review:
    """Return what a member needs to look at candidates."""
    team = {"event_id": member.event_id, "team_id": member.team_id}
    names = {one.person_id: name for one, name in colleagues(session, **team)}
    owed: dict[str, followups.PromiseRow] = {}
    for one in open_promises_of(session, me.id):
        day = today_at(one.time_zone, now)
        row = followups.promise_row(one.promise, me=me, name=one.other.name, today=day)
        owed.setdefault(one.other.id, row)
    return Review(session, event, member, me, stages(session, **team), names, owed, now)
