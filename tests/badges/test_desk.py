"""The desk: finding people, adding guests, checking in, and new badges."""

from datetime import timedelta

import pytest

from pages import HX
from people import badge_of, make_attendee, make_event, make_person
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.security.tokens import grouped

GUEST = {"name": "Gustava Guest", "organisation": "Fernweh", "headline": "Founder"}


@pytest.fixture
def desk(cast, browser_of):
    """The browser of the one at the desk."""
    return browser_of(cast.desk)


@pytest.fixture
def url(cast):
    return f"/events/{cast.event.id}/desk"


@pytest.fixture
def late(cast, session):
    """Somebody on the list who has not come."""
    return make_attendee(session, event=cast.event, name="Lars Late")


def rows_of(browser):
    names = (row.find("a/strong") for row in browser.page.all("li"))
    return [name.text for name in names if name is not None]


def fresh(session, attendee):
    session.expire_all()
    return session.get_one(Attendee, (attendee.event_id, attendee.id))


def test_the_list_is_in_the_order_of_names(desk, url, late):
    desk.get(url)
    assert rows_of(desk) == ["Amina Diallo", "Ben Ng", "Lars Late", "Rita Recruiter"]
    assert "3 here of 4 on the list" in desk.text


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("ami", ["Amina Diallo"]),
        ("LARS", ["Lars Late"]),
        ("n", ["Amina Diallo", "Ben Ng"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
    ],
)
def test_people_are_found_by_a_few_letters(desk, url, late, letters, found):
    desk.get(url)
    desk.submit(url, q=letters)
    assert rows_of(desk) == found
    assert ("Nobody with these letters." in desk.text) is (found == [])


def test_a_list_shows_fifty_at_most(cast, session, desk, url):
    for number in range(60):
        make_attendee(session, event=cast.event, name=f"Guest {number:02}")
    desk.get(url)
    assert len(rows_of(desk)) == 50


def test_the_page_has_the_form_for_a_guest(desk, url):
    desk.get(url)
    to_add = {"method": "post", "action": url}
    (form,) = [one for one in desk.page.all("form") if to_add.items() <= one.attrib.items()]
    names = {field.get("name") for field in form.iter("input")}
    assert names == {"csrf_token", "name", "organisation", "headline", "address", "group_name"}


def test_people_of_other_events_are_not_found(cast, session, desk, url):
    make_attendee(session, event=make_event(session, by=cast.desk), name="Olaf Other")
    desk.get(f"{url}?q=Olaf")
    assert rows_of(desk) == []


def test_a_guest_is_added_with_a_badge_to_print(cast, session, desk, url):
    answer = desk.send(url, **GUEST, address="Gus@Example.org", group_name="Speakers")
    guest = session.query(Attendee).filter_by(name="Gustava Guest").one()
    assert (answer.status_code, answer.location) == (303, f"{url}/{guest.id}/badge")
    assert (guest.event_id, guest.address) == (cast.event.id, "gus@example.org")
    assert (guest.group_name, guest.organisation) == ("Speakers", "Fernweh")
    assert not guest.is_claimed
    assert not guest.is_checked_in
    desk.get(answer.location)
    assert "Gustava Guest is on the list." in desk.text
    badge = badge_of(session, guest)
    assert grouped(codes.short_code(badge)) in desk.text
    assert grouped(codes.claim_code(badge)) in desk.text


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"name": ""}, "Please tell us your name."),
        ({"address": "gus@"}, "That does not look like an e-mail address."),
        ({"group_name": "x" * 121}, "That is longer than 120 characters."),
    ],
)
def test_a_guest_who_cannot_be_taken_stays_typed(session, desk, url, wrong, problem):
    answer = desk.send(url, **(GUEST | wrong))
    assert answer.status_code == 422
    assert problem in desk.text
    fields = {one.get("name"): one.get("value") for one in desk.page.all("input")}
    assert fields["headline"] == "Founder"
    assert session.query(Attendee).filter_by(organisation="Fernweh").count() == 0


def test_the_address_of_a_guest_is_shown_to_nobody(desk, url):
    desk.send(url, **GUEST, address="gus@example.org")
    for path in (url, f"{url}?q=Gus"):
        assert "gus@" not in desk.get(path).get_data(as_text=True)


def test_checking_in_is_one_tap(session, desk, url, late):
    desk.get(url)
    answer = desk.submit(f"{url}/{late.id}/check-in")
    assert (answer.status_code, answer.location) == (303, url)
    assert fresh(session, late).checked_in_at == clock.now()
    desk.get(url)
    assert "4 here of 4 on the list" in desk.text


def test_checking_in_answers_htmx_with_the_row(desk, url, late):
    desk.get(url)
    answer = desk.submit(f"{url}/{late.id}/check-in", hx=True)
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).strip().startswith(f'<li class="row" id="guest-{late.id}"')
    assert "here since" in desk.text


def test_the_first_check_in_counts(session, desk, url, late, evening):
    desk.send(f"{url}/{late.id}/check-in")
    came_at = clock.now()
    evening.shift(timedelta(hours=1))
    desk.send(f"{url}/{late.id}/check-in")
    assert fresh(session, late).checked_in_at == came_at


def test_a_mistaken_check_in_is_taken_back(session, desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    desk.get(url)
    answer = desk.submit(f"{url}/{late.id}/undo-check-in")
    assert answer.status_code == 303
    assert fresh(session, late).checked_in_at is None


def test_taking_back_answers_htmx_with_the_row(desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    answer = desk.send(f"{url}/{late.id}/undo-check-in", hx=True)
    assert answer.status_code == 200
    assert "Check in" in desk.text


def test_a_new_badge_ends_the_old_one(cast, session, desk, url):
    old = badge_of(session, cast.amina)
    desk.get(f"{url}/{cast.amina.id}/badge")
    assert "Reissued" not in desk.text
    answer = desk.submit(f"{url}/{cast.amina.id}/reissue")
    assert (answer.status_code, answer.location) == (303, f"{url}/{cast.amina.id}/badge")
    session.expire_all()
    assert session.get_one(Badge, (old.event_id, old.id)).revoked_at == clock.now()
    new = badge_of(session, cast.amina)
    assert new.id != old.id
    desk.get(answer.location)
    assert "New badge. The old one no longer works." in desk.text
    assert "Reissued badge." in desk.text
    assert grouped(codes.claim_code(new)) in desk.text
    assert grouped(codes.claim_code(old)) not in desk.text


def test_the_owner_of_a_new_badge_keeps_their_place(cast, session, desk, url):
    desk.send(f"{url}/{cast.amina.id}/reissue")
    assert fresh(session, cast.amina).person_id == cast.attendee.id


def test_the_printed_badge_names_the_host_in_clear(cast, desk, url):
    desk.get(f"{url}/{cast.amina.id}/badge")
    assert "localhost" in desk.text


ACTIONS = ("check-in", "undo-check-in", "reissue")
PAGES = ("", "/{}/badge")


@pytest.mark.parametrize("role", ["organiser", "co_organiser", "desk"])
def test_who_works_at_the_desk_gets_in(cast, browser_of, url, role):
    browser = browser_of(getattr(cast, role))
    for page in PAGES:
        assert browser.get(url + page.format(cast.ben.id)).status_code == 200
    for action in ACTIONS:
        assert browser.send(f"{url}/{cast.ben.id}/{action}").status_code == 303
    assert browser.send(url, **GUEST).status_code == 303


@pytest.mark.parametrize("role", ["attendee", "recruiter", "stranger"])
def test_nobody_else_does(cast, session, browser_of, url, role):
    browser, badges = browser_of(getattr(cast, role)), session.query(Badge).count()
    status = 404 if role == "stranger" else 403
    for page in PAGES:
        assert browser.get(url + page.format(cast.ben.id)).status_code == status
    for action in ACTIONS:
        assert browser.send(f"{url}/{cast.ben.id}/{action}").status_code == status
    assert browser.send(url, **GUEST).status_code == status
    assert session.query(Badge).count() == badges
    assert fresh(session, cast.ben).is_checked_in


def test_the_signed_out_sign_in_first(cast, browser, url):
    assert browser.get(url).location == f"/sign-in?next={url}"
    answer = browser.post(
        f"{url}/{cast.ben.id}/check-in", data={"csrf_token": browser.token()}, headers=HX
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/{}/badge", "/{}/check-in"])
def test_somebody_of_another_event_is_not_there(cast, session, desk, url, path):
    other = make_attendee(session, event=make_event(session), name="Olaf Other")
    for attendee_id in (other.id, "unknown"):
        where = url + path.format(attendee_id)
        answer = desk.get(where) if path.endswith("badge") else desk.send(where)
        assert answer.status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_by_a_get(cast, desk, url, action):
    assert desk.get(f"{url}/{cast.ben.id}/{action}").status_code == 405


def test_a_helper_of_one_event_has_no_desk_at_another(session, desk):
    other = make_event(session, by=make_person(session, name="Ada Another"))
    session.commit()
    assert desk.get(f"/events/{other.id}/desk").status_code == 404
