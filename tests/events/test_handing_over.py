"""An event is handed over to a co-organiser who accepts; it has one organiser at every moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from people import make_person
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core.db import transaction
from webapp.core.errors import Conflict
from webapp.events.models import Event, Role, RoleName, Transfer
from webapp.events.services import grant_role
from webapp.events.team.services import accept_event, offer_event


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


@pytest.fixture
def cleo(cast, browser_of):
    return browser_of(cast.co_organiser)


def team(cast):
    return f"/events/{cast.event.id}/team"


def transfer(cast):
    return f"/events/{cast.event.id}/transfer"


def offer(cast, session):
    offer_event(
        session,
        event=cast.event,
        person_id=cast.co_organiser.id,
        by=cast.organiser,
        now=clock.now(),
    )
    session.commit()


def who_has(session, cast, name):
    session.expire_all()
    rows = session.query(Role.person_id).filter_by(event_id=cast.event.id, name=name)
    return {row.person_id for row in rows}


def test_it_is_offered_and_accepted(cast, session, olga, cleo):
    olga.get(team(cast))
    assert olga.submit(transfer(cast)).location == team(cast)
    assert who_has(session, cast, RoleName.ORGANISER) == {cast.organiser.id}
    cleo.get("/events")
    assert "PyMeetup Nov is offered to you" in cleo.text
    cleo.get(team(cast))
    assert cleo.submit(f"{transfer(cast)}/accept").location == team(cast)
    assert who_has(session, cast, RoleName.ORGANISER) == {cast.co_organiser.id}
    assert who_has(session, cast, RoleName.CO_ORGANISER) == {cast.organiser.id}
    assert session.query(Transfer).count() == 0


def test_until_it_is_accepted_nothing_changes(cast, session, cleo, olga):
    offer(cast, session)
    settings = f"/events/{cast.event.id}/erase"
    assert cleo.send(settings, typed_name="PyMeetup Nov").status_code == 403
    olga.get(team(cast))
    assert "offered, not accepted yet" in olga.text


def test_it_can_be_declined(cast, session, cleo):
    offer(cast, session)
    cleo.get(team(cast))
    assert cleo.submit(f"{transfer(cast)}/end").location == team(cast)
    assert session.query(Transfer).count() == 0
    assert cleo.send(f"{transfer(cast)}/accept").status_code == 409
    assert who_has(session, cast, RoleName.ORGANISER) == {cast.organiser.id}


def test_the_offer_can_be_withdrawn(cast, session, olga, cleo):
    offer(cast, session)
    olga.get(team(cast))
    olga.submit(f"{transfer(cast)}/end")
    assert session.query(Transfer).count() == 0
    assert cleo.send(f"{transfer(cast)}/accept").status_code == 409


def test_it_is_offered_to_one_at_a_time(cast, session, olga, cleo):
    offer(cast, session)
    second = make_person(session, name="Second Cohost")
    grant_role(
        session, event=cast.event, person=second, name=RoleName.CO_ORGANISER, now=clock.now()
    )
    olga.send(transfer(cast), person_id=second.id)
    assert [one.person_id for one in session.query(Transfer)] == [second.id]
    assert cleo.send(f"{transfer(cast)}/accept").status_code == 409


def test_another_co_organiser_can_neither_take_it_nor_decline_it(cast, session, browser_of):
    offer(cast, session)
    second = make_person(session, name="Second Cohost")
    grant_role(
        session, event=cast.event, person=second, name=RoleName.CO_ORGANISER, now=clock.now()
    )
    other = browser_of(second)
    assert other.send(f"{transfer(cast)}/accept").status_code == 409
    assert other.send(f"{transfer(cast)}/end").status_code == 404
    assert session.query(Transfer).count() == 1


@pytest.mark.parametrize("who", ["desk", "attendee", "recruiter", "stranger", "organiser"])
def test_only_a_co_organiser_is_offered_it(cast, session, olga, who):
    answer = olga.send(transfer(cast), person_id=getattr(cast, who).id)
    assert answer.status_code == 409
    assert session.query(Transfer).count() == 0


@pytest.mark.parametrize("who", ["co_organiser", "desk", "attendee", "recruiter", "stranger"])
def test_only_the_organiser_offers_it(cast, session, browser_of, who):
    other = browser_of(getattr(cast, who))
    answer = other.send(transfer(cast), person_id=cast.co_organiser.id)
    assert answer.status_code == (404 if who == "stranger" else 403)
    assert session.query(Transfer).count() == 0


def test_who_leaves_is_no_longer_offered_it(cast, session, olga, cleo):
    offer(cast, session)
    cleo.send(f"{team(cast)}/leave", name="co_organiser")
    assert session.query(Transfer).count() == 0
    assert cleo.send(f"{transfer(cast)}/accept").status_code == 404
    assert who_has(session, cast, RoleName.ORGANISER) == {cast.organiser.id}


def test_who_is_removed_is_no_longer_offered_it(cast, session, olga, cleo):
    offer(cast, session)
    olga.send(f"{team(cast)}/remove", person_id=cast.co_organiser.id, name="co_organiser")
    assert session.query(Transfer).count() == 0
    assert who_has(session, cast, RoleName.ORGANISER) == {cast.organiser.id}


def test_of_many_acceptances_at_once_one_counts(app, cast, session):
    offer(cast, session)
    event_id, person_id = cast.event.id, cast.co_organiser.id

    def accept(_number):
        with app.app_context():
            try:
                with transaction() as own:
                    event, person = own.get_one(Event, event_id), own.get_one(Person, person_id)
                    accept_event(own, event=event, by=person, now=clock.now())
            except Conflict:
                return False
        return True

    session.rollback()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(accept, range(8)))
    assert taken.count(True) == 1
    assert who_has(session, cast, RoleName.ORGANISER) == {person_id}


def test_the_database_itself_refuses_a_second_organiser(cast, session):
    second = make_person(session, name="Second")
    with pytest.raises(IntegrityError):
        grant_role(
            session, event=cast.event, person=second, name=RoleName.ORGANISER, now=clock.now()
        )
    session.rollback()


def test_the_signed_out_sign_in_first(cast, browser):
    for path in ("", "/end", "/accept"):
        assert browser.send(transfer(cast) + path).location == "/sign-in"
        assert browser.get(transfer(cast) + path).status_code == 405
