"""The recruiter's team of the demo, and what it has done before the visitor comes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress, Person
from webapp.core import clock
from webapp.events.models import Attendee, Event
from webapp.recruiting import gate
from webapp.recruiting.models import Criterion, Member
from webapp.recruiting.queries.teams import member_of, stages
from webapp.recruiting.services.candidates import move, plan
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.openings import add_opening
from webapp.recruiting.services.reviews import Rated, Seen, write_note, write_review
from webapp.recruiting.services.teams import grant_team, invite, join

TEAM = "Kora Labs"
OPENING = "Data engineer"
CRITERIA = ("Explains their own work clearly", "Has run something that many rely on", "Listens")
SCORES = (4, 3, None)
REASON = "Told how they found a slow query, and what they would do otherwise today"
NOTE = "Would like to hear from us soon."
STAGES = (2, 1, 4, 0, 3)
"""Where the first of them stand, by place among the team's stages."""


def gather_team(
    session: Session,
    event: Event,
    colleagues: Sequence[Person],
    agreed: Sequence[Person],
    *,
    by: Person,
) -> None:
    """Let recruiters be a team, which some of those they talk with let see them."""
    now = clock.now()
    team = None
    for number, person in enumerate(colleagues):
        address = f"hiring{number}@example.org"
        mine: dict[str, Any] = {"person_id": person.id, "proven_at": now, "code_proven_at": now}
        session.add(EmailAddress(address=address, **mine))
        session.flush()
        named: dict[str, Any] = {"event": event, "address": address, "by": by, "now": now}
        if team is None:
            team = grant_team(session, name=person.organisation or TEAM, **named)
        else:
            invite(session, team=team, is_admin=False, **named)
        join(session, event=event, team=team, person=person, now=now)
    for person in agreed:
        if team is not None and person not in colleagues:
            agree(session, team=team, person=person, now=now)


def begin_review(session: Session, *, event_id: str, persons: Sequence[str]) -> None:
    """Let a team of two be at work: some are moved on, one is reviewed, next steps are due."""
    admin, colleague = (
        member_of(session, event_id=event_id, person_id=person_id) for person_id in persons
    )
    if admin is None or colleague is None:
        return
    now = clock.now()
    found = gate.candidates(admin).order_by(Attendee.name, Attendee.id).limit(len(STAGES))
    people = [one.person_id or "" for one in session.scalars(found)]
    ladder = stages(session, event_id=event_id, team_id=admin.team_id)
    for number, (person_id, place) in enumerate(zip(people, STAGES, strict=False)):
        who = (admin, colleague)[number % 2]
        named: dict[str, Any] = {"member": who, "person_id": person_id, "now": now}
        move(session, stage=ladder[place], seen=0, **named)
        plan(
            session,
            next_step=("Call them", "Send the job description")[number % 2],
            next_on=now.date() + timedelta(days=number),
            owner_id=who.person_id,
            seen=1,
            **named,
        )
    if people:
        _judge(session, admin, colleague, people[0])


def _judge(session: Session, admin: Member, by: Member, person_id: str) -> None:
    now = clock.now()
    opening = add_opening(session, member=admin, title=OPENING, criteria=CRITERIA, now=now)
    criteria = session.query(Criterion).filter_by(opening_id=opening.id).order_by(Criterion.place)
    rated = [
        Rated(one.id, score, REASON if score else "")
        for one, score in zip(criteria, SCORES, strict=True)
    ]
    said: dict[str, Any] = {"member": by, "person_id": person_id, "now": now}
    seen = Seen(opening=0, review=0)
    write_review(session, opening_id=opening.id, rated=rated, seen=seen, **said)
    write_note(session, text=NOTE, **said)
