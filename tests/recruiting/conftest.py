"""Rita recruits for Kora Labs with Ben; Amina has talked with Rita and agreed to be seen."""

import pytest

from people import make_attendee, make_person, talk
from webapp.accounts.models import EmailAddress
from webapp.core import clock
from webapp.recruiting.models import Criterion, Member, Opening, Team
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.openings import add_opening
from webapp.recruiting.services.teams import grant_team, invite, join


@pytest.fixture
def hire(cast, session):
    """Let somebody join a team, which is granted if it is not there."""

    def do(person, *, team="Kora Labs", is_admin=False) -> Member:
        now, address = clock.now(), f"{person.id}@example.org"
        known = session.query(Team).filter_by(event_id=cast.event.id, name=team).first()
        named = {"event": cast.event, "address": address, "by": cast.organiser, "now": now}
        if known is None:
            known = grant_team(session, name=team, **named)
        else:
            invite(session, team=known, is_admin=is_admin, **named)
        _let_read(session, person, address)
        join(session, event=cast.event, team=known, person=person, now=now)
        session.commit()
        return member_of(session, event_id=cast.event.id, person_id=person.id)

    return do


def _let_read(session, person, address):
    from_before = session.get(EmailAddress, address)
    if from_before is None:
        now = clock.now()
        session.add(
            EmailAddress(address=address, person_id=person.id, proven_at=now, code_proven_at=now)
        )
        session.flush()


@pytest.fixture
def team(cast, session, hire):
    """The team of Kora Labs: Rita is its admin, Ben a colleague."""
    hire(cast.recruiter)
    hire(cast.other)
    return session.query(Team).one()


@pytest.fixture
def rita(cast, team, browser_of):
    return browser_of(cast.recruiter)


@pytest.fixture
def ben(cast, team, browser_of):
    return browser_of(cast.other)


@pytest.fixture
def let_see(cast, session, team):
    """Let somebody talk with a colleague, and agree to be seen."""

    def do(person, *, by=None, place=None, agrees=True):
        place = place or make_attendee(session, event=cast.event, person=person)
        talk(session, event=cast.event, by=place, about=by or cast.rita)
        if agrees:
            agree(session, team=team, person=person, now=clock.now())
        session.commit()
        return place

    return do


@pytest.fixture
def seen(cast, let_see):
    """Amina, who is seen by the team."""
    let_see(cast.attendee, place=cast.amina)
    return cast.attendee


@pytest.fixture
def somebody(session, cast):
    def make(name):
        return make_person(session, name=name)

    return make


@pytest.fixture
def here(cast):
    return f"/events/{cast.event.id}"


TITLE, CRITERIA = "Platform lead", ("Explains databases", "Listens")


@pytest.fixture
def opening(cast, session, team) -> Opening:
    """What Kora Labs looks for, by two criteria."""
    member = member_of(session, event_id=cast.event.id, person_id=cast.recruiter.id)
    found = add_opening(session, member=member, title=TITLE, criteria=CRITERIA, now=clock.now())
    session.commit()
    return found


@pytest.fixture
def criteria(session, opening):
    """The ids of the two criteria, in order."""
    found = session.query(Criterion).filter_by(opening_id=opening.id)
    return [one.id for one in found.order_by(Criterion.place)]


@pytest.fixture
def review(here, opening, criteria, seen):
    """Let somebody review Amina, or another candidate, in their browser."""

    def do(browser, *said, of=None):
        path = f"{here}/candidates/{(of or seen).id}/reviews/{opening.id}"
        assert browser.get(path).status_code == 200
        fields = {}
        for one, (score, reason) in zip(criteria, said, strict=False):
            fields |= {f"{one}-score": str(score or ""), f"{one}-reason": reason}
        return browser.submit(path, **fields)

    return do
