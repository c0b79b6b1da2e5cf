"""Somebody who is on no list: added and checked in with one form."""

import pytest
from desk.steps import fresh, noted

from people import badge_of, make_attendee
from webapp.badges import codes
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.security.tokens import grouped

GUEST = {"name": "Gustava Guest", "organisation": "Fernweh", "headline": "Founder"}


def added(session, name="Gustava Guest"):
    return session.query(Attendee).filter_by(name=name).order_by(Attendee.added_at).all()


def test_the_page_has_the_form_for_a_guest(desk, url):
    desk.get(url)
    to_add = {"method": "post", "action": url}
    (form,) = [one for one in desk.page.all("form") if to_add.items() <= one.attrib.items()]
    names = {field.get("name") for field in form.iter("input")}
    assert names == {"csrf_token", "name", "organisation", "headline", "address", "group_name"}
    first, second = form.iter("button")
    assert (first.get("name"), first.get("value")) == ("here", "1")
    assert second.get("name") is None


def test_a_walk_in_is_typed_added_checked_in_and_has_a_badge_in_one_step(cast, session, desk, url):
    desk.get(url)
    answer = desk.post(url, data={"name": "Gustava Guest", "here": "1", "csrf_token": desk.token()})
    (guest,) = added(session)
    assert (answer.status_code, answer.location) == (303, f"{url}/{guest.id}/badge")
    assert guest.checked_in_at == clock.now()
    desk.get(answer.location)
    assert "Gustava Guest is on the list and checked in." in desk.text
    assert grouped(codes.claim_code(badge_of(session, guest))) in desk.text
    assert [one.attendee_id for one in noted(session, "guest_added")] == [guest.id]
    assert [one.actor_id for one in noted(session, "checked_in")] == [cast.desk.id]


def test_a_guest_is_only_put_on_the_list_with_a_badge_to_print(cast, session, desk, url):
    answer = desk.send(url, **GUEST, address="Gus@Example.org", group_name="Speakers")
    (guest,) = added(session)
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
    assert noted(session, "checked_in") == []


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"name": ""}, "Please type their name."),
        ({"address": "gus@"}, "That does not look like an e-mail address."),
        ({"group_name": "x" * 121}, "That is longer than 120 characters."),
    ],
)
def test_a_guest_who_cannot_be_taken_stays_typed(session, desk, url, wrong, problem):
    answer = desk.send(url, **(GUEST | wrong), here="1")
    assert answer.status_code == 422
    assert problem in desk.text
    fields = {one.get("name"): one.get("value") for one in desk.page.all("input")}
    assert fields["headline"] == "Founder"
    assert session.query(Attendee).filter_by(organisation="Fernweh").count() == 0
    assert noted(session, "guest_added") == []


def test_a_name_that_is_there_already_warns_and_does_not_stop(cast, session, desk, url):
    known = make_attendee(session, event=cast.event, name="José García")
    make_attendee(session, event=cast.event, name="José García Pérez")
    answer = desk.send(url, name="jose GARCIA", here="1")
    assert answer.status_code == 303
    desk.get(answer.location)
    assert "Somebody else has the same name: José García, Kora Labs" in desk.text
    assert f"{url}/{known.id}/badge" in desk.page.links()
    assert "Pérez" not in desk.text


def test_a_new_name_warns_of_nothing(desk, url):
    desk.get(desk.send(url, **GUEST).location)
    assert "Somebody else has the same name" not in desk.text


def test_the_address_of_a_guest_is_shown_to_nobody(session, desk, url):
    desk.send(url, **GUEST, address="gus@example.org")
    (guest,) = added(session)
    for path in (url, f"{url}?q=Gus", f"{url}/{guest.id}/badge", f"{url}/list"):
        assert "gus@" not in desk.get(path).get_data(as_text=True)


def test_a_walk_in_is_found_at_once(session, desk, url):
    desk.send(url, **GUEST, here="1")
    desk.get(f"{url}?q=gust")
    assert "Gustava Guest" in desk.text
    assert fresh(session, added(session)[0]).is_checked_in
