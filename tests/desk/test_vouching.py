"""Who cannot claim their badge is helped at the desk, and nobody is taken over without it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from desk.steps import fresh, noted

from people import badge_of, make_attendee, make_event, make_person, say_talked, sign_in
from webapp.badges import codes
from webapp.badges.desk.models import DeskCode, Vouching
from webapp.badges.services import claim_badge
from webapp.core import clock

MINUTES = timedelta(minutes=1)


@pytest.fixture
def vera(session):
    """Somebody with an account, whom the event does not know."""
    return make_person(session, name="Vera Visitor", address="vera@example.org")


@pytest.fixture
def poster(cast):
    return f"/E/{cast.event.code}"


@pytest.fixture
def shown(browser_of, poster):
    """Let somebody ask the desk, and read the code off their phone."""

    def show(person):
        browser = browser_of(person)
        browser.get(poster)
        answer = browser.submit(f"{poster}/desk-code")
        assert (answer.status_code, answer.location.upper()) == (303, poster)
        browser.get(poster)
        (code,) = [one for one in browser.page.all("strong") if one.get("class") == "huge"]
        return code.text

    return show


def vouch(browser, url, attendee, code):
    browser.get(f"{url}/{attendee.id}/badge")
    return browser.submit(f"{url}/{attendee.id}/vouch", code=code)


def test_the_desk_connects_a_badge_with_the_phone_that_shows_a_code(
    cast, session, desk, browser_of, url, late, vera, shown
):
    answer = vouch(desk, url, late, shown(vera))
    assert (answer.status_code, answer.location) == (303, f"{url}/{late.id}/badge")
    assert fresh(session, late).person_id == vera.id
    desk.get(answer.location)
    assert "Connected. Their phone shows their own code now." in desk.text
    assert "Vera" not in desk.text
    assert browser_of(vera).get(f"/events/{cast.event.id}/meet").status_code == 200
    (entry,) = noted(session, "claim_helped")
    assert (entry.actor_id, entry.attendee_id) == (cast.desk.id, late.id)


def test_a_code_may_be_typed_as_one_likes(session, desk, url, late, vera, shown):
    code = shown(vera).replace(" ", "-").replace("0", "o").lower()
    assert vouch(desk, url, late, f" {code} ").status_code == 303
    assert fresh(session, late).person_id == vera.id


def test_a_code_is_good_once(session, cast, desk, url, late, vera, shown):
    code = shown(vera)
    vouch(desk, url, late, code)
    other = make_attendee(session, event=cast.event, name="Other Guest")
    assert vouch(desk, url, other, code).status_code == 422
    assert fresh(session, other).person_id is None
    assert session.query(DeskCode).count() == 0


@pytest.mark.parametrize(("minutes", "is_good"), [(9.9, True), (10, False)])
def test_a_code_lives_for_ten_minutes(
    session, desk, url, late, vera, shown, evening, minutes, is_good
):
    code = shown(vera)
    evening.shift(minutes * MINUTES)
    assert (vouch(desk, url, late, code).status_code == 303) is is_good
    assert (fresh(session, late).person_id is not None) is is_good


def test_asking_again_ends_the_earlier_code(session, desk, url, late, vera, shown, evening):
    first = shown(vera)
    evening.shift(10 * MINUTES)
    second = shown(vera)
    assert first != second
    assert vouch(desk, url, late, first).status_code == 422
    assert vouch(desk, url, late, second).status_code == 303


@pytest.mark.parametrize("typed", ["", "ABCDEF", "7F3K9QXZ", "x" * 500])
def test_a_code_nobody_shows_connects_nobody(session, desk, url, late, vera, shown, typed):
    shown(vera)
    assert desk.send(f"{url}/{late.id}/vouch", code=typed).status_code == 422
    assert "We do not know this code, or it has run out." in desk.text
    assert fresh(session, late).person_id is None
    assert noted(session, "claim_helped") == []


def test_a_printed_code_is_nobodys_word(cast, session, desk, url, late):
    badge = badge_of(session, cast.amina)
    for code in (codes.short_code(badge), codes.printed_code(badge), codes.claim_code(badge)):
        assert desk.send(f"{url}/{late.id}/vouch", code=code).status_code == 422


def test_a_code_of_another_event_is_unknown(cast, session, desk, url, late, vera, browser_of):
    other = make_event(session)
    phone = browser_of(vera)
    phone.get(f"/E/{other.code}")
    phone.submit(f"/E/{other.code}/desk-code")
    phone.get(f"/E/{other.code}")
    (code,) = [one.text for one in phone.page.all("strong") if one.get("class") == "huge"]
    assert vouch(desk, url, late, code).status_code == 422


def test_a_helper_does_not_vouch_for_themselves(cast, session, desk, url, late, shown):
    assert vouch(desk, url, late, shown(cast.desk)).status_code == 422
    assert "Another helper has to do this for you." in desk.text
    assert fresh(session, late).person_id is None


def test_a_claimed_badge_stays_its_owners(cast, session, desk, url, vera, shown):
    code = shown(vera)
    assert desk.send(f"{url}/{cast.amina.id}/vouch", code=code).status_code == 409
    assert "already been claimed" in desk.text
    assert fresh(session, cast.amina).person_id == cast.attendee.id


def test_showing_a_code_is_asking_and_nothing_else(cast, session, browser_of, vera, shown, late):
    shown(vera)
    assert browser_of(vera).get(f"/events/{cast.event.id}/meet").status_code == 404
    assert fresh(session, late).person_id is None


def test_the_code_is_shown_to_its_owner_alone(browser_of, poster, vera, shown, session):
    code = shown(vera)
    stranger = browser_of(make_person(session, name="Sue"))
    stranger.get(poster)
    assert code not in stranger.text


def test_asking_the_desk_needs_a_sign_in_and_an_event_that_is_not_over(
    cast, browser, browser_of, poster, vera, evening
):
    assert browser.send(f"{poster}/desk-code").location == "/sign-in"
    assert browser_of(vera).get(f"{poster}/desk-code").status_code == 405
    assert browser_of(vera).send("/E/ZZZZZZ/desk-code").status_code == 404
    evening.move_to(cast.event.ends_at + timedelta(hours=13))
    assert browser_of(vera).send(f"{poster}/desk-code").status_code == 403


def test_of_ten_helpers_with_ten_codes_one_connects(
    cast, session, app, url, late, shown, browser_of
):
    people = [make_person(session, name=f"Person {number}") for number in range(10)]
    shown_codes = [shown(person) for person in people]
    browsers, path = [], f"{url}/{late.id}/vouch"
    for _ in people:
        browsers.append(app.test_client())
        sign_in(browsers[-1], session, cast.desk)
    session.commit()

    def connect(pair):
        with app.app_context():
            return pair[0].send(path, code=pair[1]).status_code

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(connect, zip(browsers, shown_codes, strict=True)))
    assert sorted(answers) == [303] + [409] * 9
    assert session.query(Vouching).count() == len(noted(session, "claim_helped")) == 1


def test_a_wrong_connection_is_taken_back_with_a_new_badge(
    cast, session, desk, browser_of, url, late, vera, shown
):
    vouch(desk, url, late, shown(vera))
    old = badge_of(session, late)
    desk.get(f"{url}/{late.id}/badge")
    answer = desk.submit(f"{url}/{late.id}/take-back")
    assert (answer.status_code, answer.location) == (303, f"{url}/{late.id}/badge")
    assert fresh(session, late).person_id is None
    assert badge_of(session, late).id != old.id
    assert browser_of(vera).get(f"/events/{cast.event.id}/meet").status_code == 404
    assert session.query(Vouching).count() == 0
    assert len(noted(session, "badge_reissued")) == 1


def test_who_has_said_something_in_a_talk_keeps_their_place(
    cast, session, desk, url, late, vera, shown
):
    vouch(desk, url, late, shown(vera))
    say_talked(session, event=cast.event, by=fresh(session, late), about=cast.amina)
    assert desk.send(f"{url}/{late.id}/take-back").status_code == 409
    assert fresh(session, late).person_id == vera.id


def test_the_desk_does_not_see_whether_somebody_it_vouched_for_has_talked(
    cast, session, desk, url, late, vera, shown
):
    vouch(desk, url, late, shown(vera))
    desk.get(url)
    texts = []
    for _ in range(2):
        desk.get(f"{url}/{late.id}/badge")
        texts.append(desk.text)
        say_talked(session, event=cast.event, by=fresh(session, late), about=cast.amina)
    assert texts[0] == texts[1]
    assert "Wrong person?" in texts[0]


def test_a_claim_about_them_does_not_keep_a_wrong_connection(
    cast, session, desk, url, late, vera, shown
):
    vouch(desk, url, late, shown(vera))
    say_talked(session, event=cast.event, by=cast.amina, about=fresh(session, late))
    assert desk.send(f"{url}/{late.id}/take-back").status_code == 303
    assert fresh(session, late).person_id is None


def test_the_desk_takes_nobodys_own_claim_back(cast, session, desk, url, late, vera):
    claim_badge(session, attendee=late, event=cast.event, person=vera, now=clock.now())
    desk.get(f"{url}/{late.id}/badge")
    assert "Wrong person?" not in desk.text
    assert desk.send(f"{url}/{late.id}/take-back").status_code == 409
    assert fresh(session, late).person_id == vera.id


def test_sixty_codes_an_hour_are_tried_at_a_desk(session, desk, url, late):
    for _ in range(60):
        assert desk.send(f"{url}/{late.id}/vouch", code="ABCDEF").status_code == 422
    assert desk.send(f"{url}/{late.id}/vouch", code="ABCDEF").status_code == 429
