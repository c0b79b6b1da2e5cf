"""Only the two sides of a talk may do anything about it; to others it does not exist."""

import pytest

from pages import HX
from people import make_attendee, make_event, make_person

ACTIONS = ["confirm", "refuse", "unrefuse", "undo", "block", "keep"]
OUTSIDERS = {"recruiter": 404, "stranger": 404, "organiser": 403, "desk": 403}
"""Rita attends and recruits; the stranger is elsewhere; the helpers do not attend."""


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(("persona", "status"), OUTSIDERS.items())
@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_else_may(action, persona, status, hx, cast, browser_of, talk_url, kept):
    browser, before = browser_of(getattr(cast, persona)), kept()
    assert browser.send(f"{talk_url}/{action}", hx=hx).status_code == status
    assert kept() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_signed_out_people_are_sent_to_sign_in(action, browser, talk_url, kept):
    before = kept()
    answer = browser.send(f"{talk_url}/{action}")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert browser.send(f"{talk_url}/{action}", hx=True).status_code == 403
    assert kept() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_without_the_token_of_the_form_nothing_happens(action, amina, talk_url, kept):
    before = kept()
    assert amina.post(f"{talk_url}/{action}").status_code == 400
    assert kept() == before


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_a_post(action, method, amina, talk_url, kept):
    before, data = kept(), {"csrf_token": amina.token()}
    assert getattr(amina, method)(f"{talk_url}/{action}", data=data).status_code == 405
    assert kept() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_a_talk_that_is_not_there_is_a_404(action, cast, session, amina, talk_url, kept):
    elsewhere = make_event(session, name="Elsewhere")
    make_attendee(session, event=elsewhere, person=cast.attendee)
    session.commit()
    talk_id, before = talk_url.rpartition("/")[2], kept()
    for url in (
        f"/events/{cast.event.id}/talks/aaaaaaaaaaaaaaaa",
        f"/events/{elsewhere.id}/talks/{talk_id}",
        f"/events/aaaaaaaaaaaaaaaa/talks/{talk_id}",
        f"/events/{cast.event.id}/talks/{talk_id.upper()}",
    ):
        assert amina.send(f"{url}/{action}").status_code == 404
    assert kept() == before


@pytest.mark.parametrize("action", ["confirm", "refuse"])
def test_the_claimer_cannot_answer_their_own_claim(action, ben, talk_url, kept):
    before = kept()
    assert ben.send(f"{talk_url}/{action}").status_code == 409
    assert ben.send(f"{talk_url}/{action}", hx=True).status_code == 409
    assert kept() == before


def test_the_page_of_a_talk_is_for_its_two_sides(cast, session, browser_of, amina, ben, talk_url):
    assert amina.get(talk_url).status_code == ben.get(talk_url).status_code == 200
    late = make_person(session, name="Lena Late")
    make_attendee(session, event=cast.event, person=late)
    session.commit()
    for person, status in ((late, 404), (cast.stranger, 404), (cast.organiser, 403)):
        assert browser_of(person).get(talk_url).status_code == status


def test_a_fragment_for_an_outsider_is_an_error_in_the_page(cast, browser_of, talk_url):
    browser = browser_of(cast.recruiter)
    data = {"csrf_token": browser.token()}
    answer = browser.post(f"{talk_url}/confirm", data=data, headers=HX)
    assert answer.headers["HX-Retarget"] == "#status"
    assert "does not exist" in browser.text
