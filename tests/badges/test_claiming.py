"""A guest makes a badge theirs: by the address on the guest list or the code on the back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from people import badge_of, make_attendee, make_event, make_person, say_talked, sign_in
from webapp.badges import codes
from webapp.badges.services import issue_badge
from webapp.core import clock
from webapp.events.models import Attendee, Event
from webapp.security.limits import limiter
from webapp.security.tokens import grouped

GUEST = "Gustava Guest"
UNKNOWN = "0" * 16


@pytest.fixture
def guest(cast, session):
    """A guest of the list who has not claimed their badge."""
    return make_attendee(session, event=cast.event, name=GUEST, address="gus@example.org")


@pytest.fixture
def gus(session):
    """The reader of the guest's mail."""
    return make_person(session, name="", address="gus@example.org")


@pytest.fixture
def visitor(session):
    """Somebody the event does not know."""
    return make_person(session, name="Vera Visitor", address="vera@example.org")


def owner_of(session, attendee):
    """Return which person stands behind a place now, as the database says."""
    session.expire_all()
    return session.get_one(Attendee, (attendee.event_id, attendee.id)).person_id


def page_of(session, attendee):
    return f"/B/{codes.printed_code(badge_of(session, attendee))}"


def claim_code_of(session, attendee):
    return codes.claim_code(badge_of(session, attendee))


def test_whoever_reads_the_mail_of_the_list_claims_with_one_tap(
    cast, session, browser_of, guest, gus
):
    browser, url = browser_of(gus), page_of(session, guest)
    browser.get(url)
    assert f"This is your badge {GUEST}" in browser.text
    answer = browser.submit(f"{url}/claim")
    assert (answer.status_code, answer.location) == (303, f"/events/{cast.event.id}/meet")
    assert owner_of(session, guest) == gus.id
    assert browser.get(answer.location).status_code == 200


def test_the_code_on_the_back_claims(cast, session, browser_of, guest, visitor):
    browser, url = browser_of(visitor), page_of(session, guest)
    browser.get(url)
    answer = browser.submit(f"{url}/claim", claim_code=claim_code_of(session, guest))
    assert (answer.status_code, answer.location) == (303, f"/events/{cast.event.id}/meet")
    assert owner_of(session, guest) == visitor.id


def test_the_code_may_be_typed_as_one_likes(session, browser_of, guest, visitor):
    typed = f" {grouped(claim_code_of(session, guest)).lower().replace('0', 'o')} "
    answer = browser_of(visitor).send(f"{page_of(session, guest)}/claim", claim_code=typed)
    assert answer.status_code == 303
    assert owner_of(session, guest) == visitor.id


def test_the_front_alone_claims_nothing(session, browser_of, guest, visitor):
    badge = badge_of(session, guest)
    fronts = ["", codes.printed_code(badge), codes.short_code(badge), "0" * 8]
    for typed in fronts:
        browser = browser_of(visitor)
        answer = browser.send(f"{page_of(session, guest)}/claim", claim_code=typed)
        assert answer.status_code == 422
        assert "That is not the claim code" in browser.text
        assert GUEST not in browser.text
    assert owner_of(session, guest) is None


def test_what_was_typed_stays(session, browser_of, guest, visitor):
    browser = browser_of(visitor)
    browser.send(f"{page_of(session, guest)}/claim", claim_code="7F3K 9QXZ")
    (field,) = [one for one in browser.page.all("input") if one.get("name") == "claim_code"]
    assert field.get("value") == "7F3K 9QXZ"


def test_an_address_that_is_not_on_the_list_needs_the_code(session, browser_of, guest, visitor):
    browser, url = browser_of(visitor), page_of(session, guest)
    browser.get(url)
    assert "Turn it over" in browser.text
    assert GUEST not in browser.text
    assert "Kora Labs" not in browser.text


def test_unknown_revoked_and_claimed_badges_look_the_same(cast, session, browser_of, visitor):
    revoked = codes.printed_code(badge_of(session, cast.ben))
    issue_badge(session, attendee=cast.ben, now=clock.now())
    claimed = codes.printed_code(badge_of(session, cast.amina))
    unclaimed = codes.printed_code(badge_of(session, make_attendee(session, event=cast.event)))
    browser, seen = browser_of(visitor), set()
    for code in (UNKNOWN, revoked, claimed, unclaimed):
        for answer in (
            browser.get(f"/B/{code}"),
            browser.send(f"/B/{code}/claim", claim_code="00000000"),
        ):
            text = browser.text.replace(code, "")
            seen.add((answer.status_code, answer.content_length, text))
    assert {status for status, _, _ in seen} == {200, 422}
    assert len(seen) == 2


def test_a_claimed_badge_is_nobody_elses_even_with_its_code(cast, session, browser_of, visitor):
    browser, code = browser_of(visitor), claim_code_of(session, cast.amina)
    answer = browser.send(f"{page_of(session, cast.amina)}/claim", claim_code=code)
    assert answer.status_code == 422
    assert "already been claimed" in browser.text
    assert "Amina" not in browser.text
    assert owner_of(session, cast.amina) == cast.attendee.id


def test_the_address_of_a_claimed_badge_claims_nothing(cast, session, browser_of):
    late = make_person(session, name="Late", address="late@example.org")
    cast.amina.address = "late@example.org"
    session.commit()
    browser = browser_of(late)
    browser.get(page_of(session, cast.amina))
    assert "Amina" not in browser.text
    assert browser.send(f"{page_of(session, cast.amina)}/claim").status_code == 422
    assert owner_of(session, cast.amina) == cast.attendee.id


def test_one_place_a_person(cast, session, browser_of, guest):
    cast.amina.address = "amina@example.org"
    session.commit()
    browser, code = browser_of(cast.attendee), claim_code_of(session, guest)
    answer = browser.send(f"{page_of(session, guest)}/claim", claim_code=code)
    assert answer.status_code == 422
    assert "You have a badge at this event already" in browser.text
    assert owner_of(session, guest) is None


def test_claiming_fills_an_empty_card(session, browser_of, guest, gus):
    browser_of(gus).send(f"{page_of(session, guest)}/claim")
    session.refresh(gus)
    assert (gus.name, gus.headline) == (GUEST, "Data engineer")


def test_claiming_leaves_a_card_as_it_is(session, browser_of, guest, visitor):
    code = claim_code_of(session, guest)
    browser_of(visitor).send(f"{page_of(session, guest)}/claim", claim_code=code)
    session.refresh(visitor)
    assert visitor.name == "Vera Visitor"


@pytest.mark.parametrize("needs_check_in", [True, False])
def test_claiming_is_coming_unless_there_is_a_desk(session, browser_of, guest, gus, needs_check_in):
    session.get_one(Event, guest.event_id).needs_check_in = needs_check_in
    session.commit()
    browser_of(gus).send(f"{page_of(session, guest)}/claim")
    session.refresh(guest)
    assert guest.is_checked_in is not needs_check_in


def test_a_talk_waits_for_the_guest_to_claim(cast, session, browser_of, guest, gus):
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    browser = browser_of(gus)
    browser.get("/follow-up")
    assert "Amina" not in browser.text
    browser.send(f"{page_of(session, guest)}/claim")
    browser.get("/follow-up")
    assert "Amina Diallo" in browser.text


def test_the_signed_out_sign_in_first_and_come_back(session, browser, guest):
    url = page_of(session, guest)
    answer = browser.get(url)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={url}")
    assert browser.send(f"{url}/claim").location == "/sign-in"


def test_nothing_is_claimed_by_a_get(session, browser_of, guest, gus):
    assert browser_of(gus).get(f"{page_of(session, guest)}/claim").status_code == 405
    assert owner_of(session, guest) is None


def test_ten_codes_an_hour_are_tried_by_one_person(session, browser_of, guest, visitor, evening):
    browser, event = browser_of(visitor), session.get_one(Event, guest.event_id)
    others = [make_attendee(session, event=event, name=f"G{number}") for number in range(10)]
    urls = [page_of(session, one) for one in others]
    session.commit()
    for url in urls:
        assert browser.send(f"{url}/claim", claim_code="0").status_code == 422
    right = claim_code_of(session, guest)
    assert browser.send(f"{page_of(session, guest)}/claim", claim_code=right).status_code == 429
    evening.shift(timedelta(hours=1, seconds=1))
    assert browser.send(f"{page_of(session, guest)}/claim", claim_code=right).status_code == 303


def test_twenty_codes_an_hour_are_tried_on_one_badge(session, browser_of, guest):
    url, right = page_of(session, guest), claim_code_of(session, guest)
    for number in range(20):
        browser = browser_of(make_person(session, name=f"Thief {number}"))
        assert browser.send(f"{url}/claim", claim_code="0").status_code == 422
    last = browser_of(make_person(session, name="Thief with luck"))
    assert last.send(f"{url}/claim", claim_code=right).status_code == 429
    assert owner_of(session, guest) is None


@pytest.mark.parametrize("spelling", [str.lower, "-".join])
def test_the_limit_of_a_badge_holds_however_its_code_is_spelled(
    session, browser_of, guest, spelling
):
    code = codes.printed_code(badge_of(session, guest))
    right = claim_code_of(session, guest)
    for number in range(20):
        browser = browser_of(make_person(session, name=f"Thief {number}"))
        browser.send(f"/B/{code}/claim", claim_code="0")
    last = browser_of(make_person(session, name="Thief who respells"))
    assert last.send(f"/B/{spelling(code)}/claim", claim_code=right).status_code == 429


def test_a_new_badge_ends_the_old_one_at_once(cast, session, browser_of, guest, visitor):
    url, code = page_of(session, guest), claim_code_of(session, guest)
    issue_badge(session, attendee=guest, now=clock.now())
    session.commit()
    browser = browser_of(visitor)
    assert browser.send(f"{url}/claim", claim_code=code).status_code == 422
    new = page_of(session, guest)
    assert browser.send(f"{new}/claim", claim_code=code).status_code == 422
    assert owner_of(session, guest) is None
    assert browser.send(f"{new}/claim", claim_code=claim_code_of(session, guest)).status_code == 303


def test_of_fifty_parallel_claims_one_wins(app, session):
    """Fifty people with the right code at the same moment, each in a request of their own."""
    event, guest, people = _a_badge_and_fifty_people(session)
    url, code = page_of(session, guest), claim_code_of(session, guest)
    browsers = {}
    for person in people:
        browsers[person.id] = app.test_client()
        sign_in(browsers[person.id], session, person)
    session.commit()

    def claim(person_id):
        with app.app_context():
            return browsers[person_id].send(f"{url}/claim", claim_code=code).status_code

    limiter.enabled = False
    try:
        with ThreadPoolExecutor(50) as threads:
            answers = dict(zip(browsers, threads.map(claim, browsers), strict=True))
    finally:
        limiter.enabled = True
    winners = [person_id for person_id, status in answers.items() if status == 303]
    assert sorted(set(answers.values())) == [303, 422]
    assert winners == [owner_of(session, guest)]
    assert session.query(Attendee).filter_by(event_id=event.id).count() == 1


def _a_badge_and_fifty_people(session):
    event = make_event(session)
    guest = make_attendee(session, event=event, name=GUEST)
    people = [make_person(session, name=f"Person {number}") for number in range(50)]
    return event, guest, people
