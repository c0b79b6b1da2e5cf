"""Who helps: asked by an address, taken by whoever proves to read it."""

import re

import pytest

from people import Cast, make_event, make_person
from webapp.accounts.models import EmailAddress, Person
from webapp.core import clock
from webapp.events.models import Event, Invitation, Role, RoleName
from webapp.events.team.services import invite
from webapp.mail.models import Mail

NEW = "new@example.org"
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@pytest.fixture
def olga(cast, browser_of):
    """The organiser's browser."""
    return browser_of(cast.organiser)


@pytest.fixture
def newcomer(session, evening):
    """Somebody who reads the address that is asked."""
    return make_person(session, name="Nia New", address=NEW)


@pytest.fixture
def nia(newcomer, browser_of):
    """The newcomer's browser."""
    return browser_of(newcomer)


def team(cast: Cast) -> str:
    return f"/events/{cast.event.id}/team"


def accept(event: Event) -> str:
    return f"/events/{event.id}/invitation/accept"


def ask(session, event, *, name=RoleName.DESK, address=NEW):
    invite(session, event=event, address=address, name=name, by=None, now=clock.now())
    session.commit()


def roles_of(session, cast, person):
    rows = session.query(Role).filter_by(event_id=cast.event.id, person_id=person.id)
    return {role.name for role in rows}


def asked(session):
    waiting = session.query(Invitation).filter_by(withdrawn_at=None)
    return [(row.address, row.name) for row in waiting]


def letters(session):
    return session.query(Mail).filter_by(kind="events/invitation").all()


@pytest.mark.parametrize("name", ["co_organiser", "desk", "recruiter"])
def test_a_helper_is_asked_and_accepts(cast, session, browser_of, name):
    olga = browser_of(cast.organiser)
    olga.get(team(cast))
    assert olga.submit(team(cast), address="New@Example.org ", name=name).location == team(cast)
    assert asked(session) == [(NEW, name)]
    olga.get(team(cast))
    assert "new@example.org" in olga.text
    assert "not accepted yet" in olga.text
    newcomer = make_person(session, name="Nia New", address=NEW)
    nia = browser_of(newcomer)
    nia.get("/events")
    assert "You are asked to help at PyMeetup Nov." in nia.text
    assert nia.submit(accept(cast.event)).location == "/events"
    assert roles_of(session, cast, newcomer) == {RoleName(name)}
    assert asked(session) == []


def test_nothing_is_open_before_it_is_accepted(cast, session, nia):
    ask(session, cast.event, name=RoleName.CO_ORGANISER)
    pages = [f"/events/{cast.event.id}/{page}" for page in ("team", "desk", "report")]
    assert [nia.get(page).status_code for page in pages] == [404, 404, 404]
    nia.send(accept(cast.event))
    assert [nia.get(page).status_code for page in pages] == [200, 200, 200]


def test_nobody_but_the_reader_of_the_address_accepts(cast, session, browser_of):
    ask(session, cast.event)
    for person in (cast.stranger, cast.attendee, cast.organiser, make_person(session)):
        other = browser_of(person)
        other.get("/events")
        assert "You are asked to help" not in other.text
        assert other.send(accept(cast.event)).status_code == 404
    assert asked(session) == [(NEW, "desk")]


def test_an_address_on_a_guest_list_proves_nothing(cast, session, browser_of):
    cast.amina.address = NEW
    ask(session, cast.event)
    assert browser_of(cast.attendee).send(accept(cast.event)).status_code == 404
    assert roles_of(session, cast, cast.attendee) == set()


def test_accepting_takes_what_waits_at_that_event_alone(cast, session, newcomer, nia):
    ask(session, cast.event, name=RoleName.DESK)
    ask(session, cast.event, name=RoleName.RECRUITER)
    ask(session, make_event(session, name="Another"))
    nia.send(accept(cast.event))
    assert roles_of(session, cast, newcomer) == {RoleName.DESK, RoleName.RECRUITER}
    assert asked(session) == [(NEW, "desk")]


def test_accepting_twice_finds_nothing(cast, session, nia):
    ask(session, cast.event)
    assert nia.send(accept(cast.event)).status_code == 303
    assert nia.send(accept(cast.event)).status_code == 404


def test_an_unknown_event_asks_nobody(nia):
    assert nia.send("/events/unknown/invitation/accept").status_code == 404


def test_asking_twice_asks_once(cast, session, olga):
    for _ in range(2):
        assert olga.send(team(cast), address=NEW, name="desk").status_code == 303
    assert asked(session) == [(NEW, "desk")]


def test_nobody_learns_whether_an_address_has_an_account(cast, session, olga):
    seen = set()
    for address in ("amina@example.org", "nobody@example.org"):
        answer = olga.send(team(cast), address=address, name="recruiter")
        body = TOKEN.sub("", olga.get(team(cast)).get_data(as_text=True))
        seen.add((answer.status_code, answer.location, body.replace(address, "ADDRESS")))
        olga.send(f"{team(cast)}/remove", address=address, name="recruiter")
    assert len(seen) == 1
    assert roles_of(session, cast, cast.attendee) == set()
    sent = {
        (one.subject, one.text, one.html.replace(one.recipient, "")) for one in letters(session)
    }
    assert len(sent) == 1


def test_whoever_is_asked_gets_one_mail_that_says_what_for(cast, session, olga):
    olga.send(team(cast), address=NEW, name="desk")
    (letter,) = letters(session)
    assert (letter.recipient, letter.subject) == (NEW, "You are asked to help at PyMeetup Nov")
    for body in (letter.text, letter.html):
        assert "Olga Organiser asks you to help at an event: PyMeetup Nov." in body
        assert "As a desk helper you find people on the list and check them in." in body
        assert "http://localhost/events" in body
    assert letter.html.startswith("<!doctype html>")


def test_asking_withdrawing_and_asking_again_sends_one_mail(cast, session, olga):
    for _ in range(3):
        olga.send(team(cast), address=NEW, name="desk")
        olga.send(f"{team(cast)}/remove", address=NEW, name="desk")
    olga.send(team(cast), address=NEW, name="desk")
    assert asked(session) == [(NEW, "desk")]
    assert len(letters(session)) == 1


def test_each_role_is_asked_for_by_a_mail_of_its_own(cast, session, olga):
    for name in ("desk", "recruiter"):
        olga.send(team(cast), address=NEW, name=name)
    assert len(letters(session)) == 2


def test_a_discreet_event_is_not_named_in_the_subject(cast, session, olga):
    cast.event.has_discreet_subjects = True
    olga.send(team(cast), address=NEW, name="desk")
    (letter,) = letters(session)
    assert letter.subject == "You are asked to help at an event"
    assert "PyMeetup Nov" in letter.text


def test_nobody_sends_many_invitations_in_an_hour(cast, session, olga):
    answers = [
        olga.send(team(cast), address=f"{number}@example.org", name="desk").status_code
        for number in range(22)
    ]
    assert set(answers[:20]) == {303}
    assert set(answers[20:]) == {429}
    assert len(letters(session)) == 20


def test_a_withdrawn_invitation_is_nowhere_to_be_found(cast, session, olga, nia):
    ask(session, cast.event)
    olga.send(f"{team(cast)}/remove", address=NEW, name="desk")
    olga.get(team(cast))
    assert NEW not in olga.text
    nia.get("/events")
    assert "You are asked to help" not in nia.text


@pytest.mark.parametrize(
    "wrong", [{"address": "nobody"}, {"address": ""}, {"name": "organiser"}, {"name": ""}]
)
def test_what_cannot_be_taken_stays_typed(cast, session, olga, wrong):
    said = {"address": NEW, "name": "recruiter"} | wrong
    assert olga.send(team(cast), **said).status_code == 422
    fields = {one.get("id"): one.get("value") for one in olga.page.all("input")}
    assert (fields["address"] or "") == said["address"]
    assert asked(session) == []


def test_a_role_is_taken_back(cast, session, olga, browser_of):
    dan, desk = browser_of(cast.desk), f"/events/{cast.event.id}/desk"
    assert dan.get(desk).status_code == 200
    answer = olga.send(f"{team(cast)}/remove", person_id=cast.desk.id, name="desk")
    assert (answer.status_code, answer.location) == (303, team(cast))
    assert roles_of(session, cast, cast.desk) == set()
    assert dan.get(desk).status_code == 404


def test_an_invitation_is_taken_back(cast, session, olga, nia):
    ask(session, cast.event)
    assert olga.send(f"{team(cast)}/remove", address=NEW, name="desk").status_code == 303
    assert asked(session) == []
    assert nia.send(accept(cast.event)).status_code == 404


def test_everybody_on_the_page_can_be_removed_but_the_organiser(cast, session, olga):
    ask(session, cast.event)
    for _ in range(4):
        olga.get(team(cast))
        olga.submit(f"{team(cast)}/remove")
    olga.get(team(cast))
    assert f"{team(cast)}/remove" not in [form.get("action") for form in olga.page.all("form")]
    assert asked(session) == []
    left = session.query(Role.person_id).filter_by(event_id=cast.event.id).all()
    assert left == [(cast.organiser.id,)]


def test_the_organisers_own_role_stays(cast, session, olga):
    for name in ("organiser", "nothing", ""):
        answer = olga.send(f"{team(cast)}/remove", person_id=cast.organiser.id, name=name)
        assert answer.status_code == 404
    assert roles_of(session, cast, cast.organiser) == {RoleName.ORGANISER}


def test_roles_at_other_events_stay(cast, session, olga):
    other = make_event(session)
    session.add(
        Role(
            event_id=other.id,
            person_id=cast.desk.id,
            name=RoleName.DESK,
            granted_at=clock.now(),
        )
    )
    ask(session, other)
    olga.send(f"{team(cast)}/remove", person_id=cast.desk.id, name="desk")
    olga.send(f"{team(cast)}/remove", address=NEW, name="desk")
    assert session.query(Role).filter_by(person_id=cast.desk.id).count() == 1
    assert asked(session) == [(NEW, "desk")]


@pytest.mark.parametrize("role", ["co_organiser", "desk", "attendee", "recruiter", "stranger"])
def test_the_organiser_alone_changes_the_team(cast, session, browser_of, role):
    ask(session, cast.event, address="kept@example.org")
    browser, refused = browser_of(getattr(cast, role)), 404 if role == "stranger" else 403
    said = {"address": "kept@example.org", "name": "desk"}
    assert browser.send(team(cast), address=NEW, name="desk").status_code == refused
    assert browser.send(f"{team(cast)}/remove", **said).status_code == refused
    assert browser.get(team(cast)).status_code == (200 if role == "co_organiser" else refused)
    assert asked(session) == [("kept@example.org", "desk")]


def test_a_co_organiser_sees_the_team_and_may_leave_it(cast, browser_of):
    cleo = browser_of(cast.co_organiser)
    cleo.get(team(cast))
    assert "Rita Recruiter" in cleo.text
    forms = [form.get("action") for form in cleo.page.all("form")]
    assert [action for action in forms if team(cast) in action] == [f"{team(cast)}/leave"]


def test_the_signed_out_sign_in_first(cast, browser):
    assert browser.get(team(cast)).location == f"/sign-in?next={team(cast)}"
    assert browser.send(team(cast), address=NEW, name="desk").location == "/sign-in"


def test_an_address_proven_later_finds_what_waits(cast, session, browser_of):
    ask(session, cast.event)
    ben, now = session.get_one(Person, cast.other.id), clock.now()
    proven = EmailAddress(address=NEW, person_id=ben.id, proven_at=now, code_proven_at=now)
    session.add(proven)
    session.commit()
    browser = browser_of(ben)
    browser.get("/events")
    assert "You are asked to help" in browser.text
    assert browser.send(accept(cast.event)).status_code == 303
    assert roles_of(session, cast, ben) == {RoleName.DESK}
