"""Who leaves is hidden at once, may come back for a day, and is gone after it."""

from datetime import timedelta

import pytest
from exchange.mydata.conftest import found_in, read_all

from people import badge_of, make_attendee, make_event, say_talked
from webapp.accounts.models import Device, EmailAddress, Erasure, Identity
from webapp.badges import codes
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.events.models import Attendee, Event, Role, RoleName
from webapp.events.services import grant_role
from webapp.exchange.mydata.services import erase_again, leave, take_back
from webapp.followups.models import Promise
from webapp.followups.queries.follow_through import follow_through
from webapp.insights.queries import event_facts
from webapp.mail.models import Mail
from webapp.ties.models import Note, Tie

LEAVE, LEAVING = "/me/leave", "/me/leaving"
NOT_BEFORE_IT_IS_OVER = {
    "email_address",
    "erasure",
    "guest_list",
    "identity",
    "sign_in_code",
    "mail",
}


@pytest.fixture
def amina(story, cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def left(amina, session):
    """Amina has just asked to delete her account."""
    amina.get(LEAVE)
    assert amina.submit(LEAVE).location == LEAVING
    session.expire_all()
    return amina


def test_the_canaries_are_there_before(story, session):
    assert len(found_in(session, story.canary)) == 21


def test_leaving_hides_everything_at_once(left, story, session):
    assert found_in(session, story.canary) <= NOT_BEFORE_IT_IS_OVER


def test_mail_that_waits_for_whoever_leaves_is_dropped_at_once(amina, cast, session):
    now, name = clock.now(), cast.attendee.name
    waits = {"queued_at": now, "due_at": now, "subject": "", "text": "", "html": ""}
    session.add(Mail(kind="a letter", recipient="amina@example.org", **waits))
    naming = waits | {"text": f"{name} says that you talked."}
    session.add(Mail(kind="about her", recipient="ben@example.org", **naming))
    session.commit()
    amina.get(LEAVE)
    assert amina.submit(LEAVE).location == LEAVING
    kinds = {mail.kind for mail in session.query(Mail)}
    assert not kinds & {"a letter", "about her"}


def test_after_a_day_nothing_is_left_in_any_table(left, story, session, evening, work, a_day):
    evening.shift(a_day)
    work()
    assert found_in(session, story.canary) == set()
    assert found_in(session, "amina@example.org") == set()
    assert session.query(Erasure).one().done_at == clock.now()
    assert session.query(EmailAddress).filter_by(address="amina@example.org").count() == 0


def test_before_the_day_is_over_nothing_is_final(left, story, session, evening, work, a_day):
    evening.shift(a_day - timedelta(seconds=1))
    work()
    assert session.query(Erasure).one().done_at is None
    assert session.query(Identity).count() == 1


def test_taking_it_back_brings_back_every_row(amina, cast, story, session, evening):
    amina.get(LEAVE)
    before = read_all(session)
    amina.submit(LEAVE)
    assert read_all(session) != before
    evening.shift(timedelta(hours=23, minutes=50))
    amina.get(LEAVING)
    assert amina.submit(LEAVING).location == "/me"
    session.expire_all()
    after = read_all(session)
    for rows in (before, after):
        rows.pop("device")
    assert after == before


def test_it_cannot_be_taken_back_when_the_day_is_over(left, evening, a_day):
    evening.shift(a_day)
    left.get(LEAVING)
    assert "Take it back" not in left.text
    assert left.send(LEAVING).status_code == 409


@pytest.mark.parametrize("path", ["/me", "/people", "/me/data", "/me/leave", "/me/devices"])
def test_whoever_leaves_sees_the_door_only(left, path):
    assert left.get(path).location == LEAVING
    assert left.get(LEAVING).status_code == 200
    assert "Take it back" in left.text


def test_whoever_leaves_can_sign_out_and_in_again(left, session):
    left.get(LEAVING)
    assert left.submit("/sign-out").status_code == 303
    left.get("/sign-in")
    left.submit("/sign-in", address="amina@example.org")
    code = session.query(Mail).filter_by(kind="accounts/sign_in_code").one().subject[:9]
    left.get("/sign-in/code")
    assert left.submit("/sign-in/code", code=code).location == LEAVING


def test_the_other_side_keeps_a_talk_with_someone_who_left(
    left, cast, story, session, browser_of, evening, work, a_day
):
    talk = session.query(Conversation).one()
    for _ in range(2):
        ben = browser_of(cast.other)
        ben.get(f"/events/{cast.event.id}/talks/{talk.id}")
        assert "Someone who left" in ben.text
        for path in ("/people", "/follow-up", f"/events/{cast.event.id}/meet"):
            answer = ben.get(path)
            assert answer.status_code in {200, 303}, path
            assert story.canary not in answer.text
        assert ben.get(f"/people/{story.tie.id}").status_code == 404
        evening.shift(a_day)
        work()
    assert [note.text for note in session.query(Note)] == ["Ben's own words"]
    assert {one.text for one in session.query(Promise)} == {"", "Ben's promise"}


def test_the_badge_opens_nothing_any_more(amina, cast, session, browser_of):
    badge = badge_of(session, cast.amina)
    code = codes.printed_code(badge)
    ben = browser_of(cast.other)
    assert "Name canary" in ben.get(f"/b/{code}").text
    amina.get(LEAVE)
    amina.submit(LEAVE)
    unknown = ben.get(f"/b/{'A' * len(code)}")
    gone = ben.get(f"/b/{code}")
    assert gone.status_code == unknown.status_code
    assert "canary" not in gone.text
    assert "Someone who left" not in gone.text


def test_claims_of_whoever_leaves_are_not_asked_about(cast, session, evening):
    say_talked(session, event=cast.event, by=cast.amina, about=cast.rita)
    leave(session, person=cast.attendee, now=clock.now())
    assert {one.expired_at for one in session.query(Conversation)} == {clock.now()}


def test_the_numbers_of_an_event_stay(story, cast, session, browser_of, evening, work, a_day):
    say_talked(session, event=cast.event, by=cast.amina, about=cast.rita)
    evening.move_to(cast.event.ends_at + timedelta(hours=13))
    pairs = follow_through(session, cast.event.id)
    facts = event_facts(session, cast.event, by=clock.now())
    assert pairs
    assert facts.talks
    assert facts.unproven
    leave(session, person=cast.attendee, now=clock.now())
    ended_at = clock.now()
    for _ in range(2):
        event = session.get_one(Event, cast.event.id)
        assert follow_through(session, event.id) == pairs
        assert event_facts(session, event, by=ended_at) == facts
        for page in ("report", "room", "desk", "log", "team"):
            answer = browser_of(cast.organiser).get(f"/events/{event.id}/{page}")
            assert answer.status_code in {200, 303}, page
            assert story.canary not in answer.text
        evening.shift(a_day)
        work()


def test_an_organiser_hands_over_or_erases_first(cast, session, browser_of):
    olga = browser_of(cast.organiser)
    olga.get(LEAVE)
    assert cast.event.name in olga.text
    assert f"/events/{cast.event.id}/settings" in olga.page.links()
    assert olga.send(LEAVE).status_code == 409
    session.refresh(cast.organiser)
    assert cast.organiser.leaving_at is None


def test_the_organiser_of_an_erased_event_may_leave(cast, session, browser_of):
    cast.event.erased_at = clock.now()
    session.commit()
    assert browser_of(cast.organiser).send(LEAVE).location == LEAVING


def test_helpers_lose_their_roles_and_get_them_back(cast, session):
    grant_role(session, event=cast.event, person=cast.other, name=RoleName.DESK, now=clock.now())
    leave(session, person=cast.other, now=clock.now())
    assert session.query(Role).filter_by(person_id=cast.other.id).count() == 0
    take_back(session, person=cast.other, now=clock.now())
    assert session.query(Role).filter_by(person_id=cast.other.id).one().name is RoleName.DESK


def test_a_guest_with_my_address_is_forgotten_too(cast, session, browser_of):
    event = make_event(session, name="Elsewhere")
    guest = make_attendee(session, event=event, name="A. Diallo", address="amina@example.org")
    leave(session, person=cast.attendee, now=clock.now())
    session.refresh(guest)
    assert (guest.name, guest.address, guest.organisation) == ("Someone who left", None, "")


def test_what_an_erased_event_forgot_does_not_come_back(cast, story, session, evening):
    leave(session, person=cast.attendee, now=clock.now())
    evening.shift(timedelta(hours=1))
    session.get_one(Event, cast.event.id).erased_at = clock.now()
    take_back(session, person=cast.attendee, now=clock.now())
    mine = session.query(Attendee).filter_by(person_id=cast.attendee.id).one()
    assert mine.name == f"Name {story.canary}"
    assert (mine.address, mine.organisation) == (None, "")


def test_an_older_copy_is_erased_again(cast, story, session):
    asked_at = clock.now() - timedelta(days=3)
    for _ in range(2):
        erase_again(session, person_id=cast.attendee.id, asked_at=asked_at, now=clock.now())
        assert found_in(session, story.canary) == set()
    assert session.get_one(Erasure, cast.attendee.id).asked_at == asked_at


def test_the_worker_erases_once(left, session, evening, work, a_day):
    evening.shift(a_day)
    work()
    rows = read_all(session)
    evening.shift(a_day)
    work()
    assert read_all(session) == rows


def test_a_new_account_with_the_address_is_a_new_person(left, cast, session, evening, work, a_day):
    evening.shift(a_day)
    work()
    assert left.get("/me").location.startswith("/sign-in")
    assert session.query(Device).filter_by(person_id=cast.attendee.id).count() == 0
    left.get("/sign-in")
    left.submit("/sign-in", address="amina@example.org")
    code = session.query(Mail).filter_by(kind="accounts/sign_in_code").one().subject[:9]
    left.get("/sign-in/code")
    left.submit("/sign-in/code", code=code)
    new = session.query(EmailAddress).filter_by(address="amina@example.org").one()
    assert new.person_id != cast.attendee.id
    assert session.query(Tie).one().closed_at is not None


def test_a_stale_sign_in_is_asked_again(amina, session, cast, evening):
    evening.shift(timedelta(minutes=10))
    assert amina.get(LEAVE).location == f"/sign-in/again?next={LEAVE}"
    assert amina.send(LEAVE).location == f"/sign-in/again?next={LEAVE}"
    session.refresh(cast.attendee)
    assert cast.attendee.leaving_at is None


def test_nobody_else_is_touched(left, cast, session, browser_of):
    for who in ("other", "stranger", "recruiter"):
        assert browser_of(getattr(cast, who)).get(LEAVING).location == "/me"
    session.refresh(cast.other)
    assert cast.other.name == "Ben Ng"
