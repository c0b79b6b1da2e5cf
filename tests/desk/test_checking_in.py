"""Checking in and taking it back, by several helpers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from desk.steps import fresh, noted, rows_of

from pages import HX
from people import make_attendee, make_event, make_person, sign_in
from webapp.badges.desk.rules import second_of
from webapp.badges.models import Badge
from webapp.core import clock

GUEST = {"name": "Gustava Guest", "organisation": "Fernweh", "headline": "Founder"}


def seen(session, attendee):
    """Return what a page says about the check-in it shows."""
    came = fresh(session, attendee).checked_in_at
    return str(second_of(came)) if came else "0"


def test_checking_in_is_one_tap(session, desk, url, late):
    desk.get(url)
    answer = desk.submit(f"{url}/{late.id}/check-in")
    assert (answer.status_code, answer.location) == (303, url)
    assert fresh(session, late).checked_in_at == clock.now()
    desk.get(url)
    assert "Lars Late is here." in desk.text
    assert "4 here of 4 on the list" in desk.text


def test_checking_in_answers_a_part_of_the_page_with_the_row(desk, url, late):
    desk.get(url)
    answer = desk.submit(f"{url}/{late.id}/check-in", hx=True)
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).strip().startswith(f'<li class="row" id="guest-{late.id}"')
    assert "here since" in desk.text


def test_of_two_desks_the_first_time_counts_and_the_second_is_told(
    session, desk, other_desk, url, late, evening
):
    for browser in (desk, other_desk):
        browser.get(url)
    desk.submit(f"{url}/{late.id}/check-in")
    came_at = clock.now()
    evening.shift(timedelta(minutes=5))
    other_desk.submit(f"{url}/{late.id}/check-in", hx=True)
    assert fresh(session, late).checked_in_at == came_at
    assert "was here already, since" in other_desk.text
    assert "Take back" in other_desk.text
    assert len(noted(session, "checked_in")) == 1


def test_what_another_desk_did_is_seen_at_the_next_search(desk, other_desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    other_desk.get(f"{url}?q=lars", headers=HX)
    assert "here since" in other_desk.text


def test_a_mistaken_check_in_is_taken_back(session, desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    desk.get(url)
    answer = desk.submit(f"{url}/{late.id}/undo-check-in")
    assert (answer.status_code, answer.location) == (303, url)
    assert fresh(session, late).checked_in_at is None
    desk.get(url)
    assert "Lars Late is not checked in any more." in desk.text


def test_taking_back_answers_a_part_of_the_page_with_the_row(session, desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    answer = desk.send(f"{url}/{late.id}/undo-check-in", hx=True, seen=seen(session, late))
    assert answer.status_code == 200
    assert "Check in" in desk.text


def test_an_undo_takes_back_what_its_page_showed_and_nothing_else(
    session, desk, other_desk, url, late, evening
):
    desk.send(f"{url}/{late.id}/check-in")
    desk.get(url)
    evening.shift(timedelta(minutes=5))
    other_desk.get(url)
    other_desk.submit(f"{url}/{late.id}/undo-check-in")
    other_desk.send(f"{url}/{late.id}/check-in")
    answer = desk.submit(f"{url}/{late.id}/undo-check-in")
    assert answer.status_code == 409
    assert "Another desk has checked Lars Late in." in desk.text
    assert fresh(session, late).checked_in_at == clock.now()


def test_taking_back_twice_changes_nothing(session, desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    shown = seen(session, late)
    for _ in range(2):
        answer = desk.send(f"{url}/{late.id}/undo-check-in", seen=shown)
        assert answer.status_code == 303
    assert len(noted(session, "check_in_undone")) == 1


@pytest.mark.parametrize("wrong", [{}, {"seen": ""}, {"seen": "now"}, {"seen": "9" * 40}])
def test_an_undo_that_does_not_say_what_it_saw_does_nothing(session, desk, url, late, wrong):
    desk.send(f"{url}/{late.id}/check-in")
    assert desk.send(f"{url}/{late.id}/undo-check-in", **wrong).status_code == 422
    assert fresh(session, late).is_checked_in


def test_the_log_says_who_did_what_to_whom(cast, session, desk, url, late):
    desk.send(f"{url}/{late.id}/check-in")
    desk.send(f"{url}/{late.id}/undo-check-in", seen=seen(session, late))
    desk.send(f"{url}/{late.id}/reissue")
    for action in ("checked_in", "check_in_undone", "badge_reissued"):
        (entry,) = noted(session, action)
        assert (entry.actor_id, entry.attendee_id) == (cast.desk.id, late.id)
        assert entry.done_at == clock.now()
        assert entry.details == {}


def test_twenty_helpers_at_the_same_moment_check_somebody_in_once(cast, session, app, url, late):
    browsers, path = [], f"{url}/{late.id}/check-in"
    for _ in range(20):
        browsers.append(app.test_client())
        sign_in(browsers[-1], session, cast.desk)
    session.commit()

    def check_in(browser):
        with app.app_context():
            return browser.send(path).status_code

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(check_in, browsers)) == {303}
    assert len(noted(session, "checked_in")) == 1


ACTIONS = ("check-in", "undo-check-in", "reissue")
PAGES = ("", "/scan", "/list", "/inbox", "/{}/badge")


@pytest.mark.parametrize("role", ["organiser", "co_organiser", "desk"])
def test_who_works_at_the_desk_gets_in(cast, session, browser_of, url, role):
    browser = browser_of(getattr(cast, role))
    for page in PAGES:
        assert browser.get(url + page.format(cast.ben.id)).status_code == 200
    for action in ACTIONS:
        answer = browser.send(f"{url}/{cast.ben.id}/{action}", seen=seen(session, cast.ben))
        assert answer.status_code == 303
    assert browser.send(url, **GUEST).status_code == 303


@pytest.mark.parametrize("role", ["attendee", "recruiter", "stranger"])
def test_nobody_else_does(cast, session, browser_of, url, role):
    browser, badges = browser_of(getattr(cast, role)), session.query(Badge).count()
    status = 404 if role == "stranger" else 403
    for page in PAGES:
        assert browser.get(url + page.format(cast.ben.id)).status_code == status
    for action in (*ACTIONS, "vouch", "take-back"):
        answer = browser.send(f"{url}/{cast.ben.id}/{action}", seen=seen(session, cast.ben))
        assert answer.status_code == status
    for path in (url, f"{url}/inbox"):
        assert browser.send(path, **GUEST, items="[]").status_code == status
    assert session.query(Badge).count() == badges
    assert fresh(session, cast.ben).is_checked_in


@pytest.mark.parametrize("page", ["", "/scan", "/list", "/inbox"])
def test_the_signed_out_sign_in_first(browser, url, page):
    assert browser.get(url + page).location == f"/sign-in?next={url}{page}"


def test_a_part_of_a_page_says_that_one_is_signed_out(cast, browser, url):
    answer = browser.post(
        f"{url}/{cast.ben.id}/check-in", data={"csrf_token": browser.token()}, headers=HX
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/{}/badge", "/{}/check-in", "/{}/undo-check-in", "/{}/reissue", "/{}/vouch"]
)
def test_somebody_of_another_event_is_not_there(session, desk, url, path):
    other = make_attendee(session, event=make_event(session), name="Olaf Other")
    for attendee_id in (other.id, "unknown"):
        where = url + path.format(attendee_id)
        answer = desk.get(where) if path.endswith("badge") else desk.send(where, seen="0")
        assert answer.status_code == 404


@pytest.mark.parametrize("action", [*ACTIONS, "vouch", "take-back"])
def test_nothing_is_done_by_a_get(cast, desk, url, action):
    assert desk.get(f"{url}/{cast.ben.id}/{action}").status_code == 405


def test_a_helper_of_one_event_has_no_desk_at_another(session, desk):
    other = make_event(session, by=make_person(session, name="Ada Another"))
    session.commit()
    for page in ("", "/scan", "/list", "/inbox"):
        assert desk.get(f"/events/{other.id}/desk{page}").status_code == 404


def test_the_desk_shows_who_is_here_in_words(desk, url, late):
    desk.get(url)
    assert rows_of(desk)[2] == "Lars Late"
    assert "Kora Labs · not here yet" in desk.text
