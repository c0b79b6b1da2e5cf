"""A role can be given back by whoever has it."""

import pytest

from webapp.events.models import Role, RoleName
from webapp.events.services import grant_role


def leave(cast):
    return f"/events/{cast.event.id}/team/leave"


def roles_of(session, cast, person):
    rows = session.query(Role).filter_by(event_id=cast.event.id, person_id=person.id)
    return {role.name for role in rows}


@pytest.mark.parametrize("role", ["co_organiser", "desk", "recruiter"])
def test_a_helper_leaves(cast, session, browser_of, role):
    person = getattr(cast, role)
    helper = browser_of(person)
    answer = helper.send(leave(cast), name=role)
    assert (answer.status_code, answer.location) == (303, "/events")
    assert roles_of(session, cast, person) == set()
    assert helper.get(f"/events/{cast.event.id}/desk").status_code in {403, 404}


@pytest.mark.parametrize("role", ["desk", "recruiter"])
def test_those_who_do_not_see_the_team_leave_from_their_events(cast, session, browser_of, role):
    helper = browser_of(getattr(cast, role))
    helper.get("/events")
    assert helper.submit(leave(cast)).location == "/events"
    assert roles_of(session, cast, getattr(cast, role)) == set()


def test_a_co_organiser_leaves_from_the_team(cast, session, browser_of):
    cleo = browser_of(cast.co_organiser)
    cleo.get(f"/events/{cast.event.id}/team")
    cleo.submit(leave(cast))
    assert roles_of(session, cast, cast.co_organiser) == set()


def test_other_roles_stay(cast, session, browser_of):
    now = cast.event.created_at
    grant_role(session, event=cast.event, person=cast.desk, name=RoleName.RECRUITER, now=now)
    browser_of(cast.desk).send(leave(cast), name="desk")
    assert roles_of(session, cast, cast.desk) == {RoleName.RECRUITER}
    assert roles_of(session, cast, cast.co_organiser) == {RoleName.CO_ORGANISER}


def test_the_organiser_cannot_leave(cast, session, browser_of):
    olga = browser_of(cast.organiser)
    assert olga.send(leave(cast), name="organiser").status_code == 404
    assert roles_of(session, cast, cast.organiser) == {RoleName.ORGANISER}


@pytest.mark.parametrize("name", ["co_organiser", "organiser", "", "nothing"])
def test_nobody_leaves_a_role_that_is_not_theirs(cast, session, browser_of, name):
    assert browser_of(cast.desk).send(leave(cast), name=name).status_code == 404
    assert roles_of(session, cast, cast.desk) == {RoleName.DESK}


def test_who_has_no_role_finds_nothing_to_leave(cast, browser_of, browser):
    assert browser_of(cast.attendee).send(leave(cast), name="desk").status_code == 403
    assert browser_of(cast.stranger).send(leave(cast), name="desk").status_code == 404
    assert browser.send(leave(cast), name="desk").location == "/sign-in"
