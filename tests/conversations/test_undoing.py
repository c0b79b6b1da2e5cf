"""On the spot everything can be taken back: a claim by its claimer, a talk by either side."""

from datetime import timedelta

import pytest

from people import badge_of, live, say_talked, talk
from webapp.badges import codes
from webapp.conversations.models import Conversation, Evidence
from webapp.conversations.services import claim
from webapp.core import clock
from webapp.ties.models import Closing, Tie

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def proven(cast, session):
    """Ben and Amina both said that they talked."""
    said = talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    session.commit()
    return said


@pytest.fixture
def proven_url(proven):
    return f"/events/{proven.event_id}/talks/{proven.id}"


def tie_of(session):
    session.rollback()
    return session.query(Tie).populate_existing().one()


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize("side", ["amina", "ben"])
def test_either_side_undoes_a_talk_and_the_links_close(
    request, side, hx, cast, session, amina, ben, proven, proven_url
):
    browser = request.getfixturevalue(side)
    browser.get(proven_url)
    answer = browser.submit(f"{proven_url}/undo", hx=hx)
    where = answer.headers["HX-Redirect"] if hx else answer.location
    assert where == f"/events/{cast.event.id}/meet"
    tie = tie_of(session)
    assert tie.closing is Closing.UNDONE
    for one in (amina, ben):
        assert one.get(proven_url).status_code == 404
        assert one.get(f"/people/{tie.id}").status_code == 404
        assert one.get(f"/people/{tie.id}/card.vcf").status_code == 404
        one.get("/people")
        assert "Nobody yet" in one.text


def test_a_talk_can_be_undone_for_ten_minutes(amina, proven_url, evening):
    evening.shift(10 * MINUTE - SECOND)
    amina.get(proven_url)
    assert amina.submit(f"{proven_url}/undo").status_code == 303


def test_after_ten_minutes_it_is_too_late_to_undo(amina, proven_url, evening, kept):
    evening.shift(10 * MINUTE)
    amina.get(proven_url)
    assert "Undo" not in amina.text
    before = kept()
    assert amina.send(f"{proven_url}/undo").status_code == 409
    assert kept() == before


def test_the_ten_minutes_begin_with_the_yes(amina, ben, talk_url, evening, session):
    evening.shift(DAY)
    amina.send(f"{talk_url}/confirm")
    evening.shift(10 * MINUTE - SECOND)
    assert ben.send(f"{talk_url}/undo").status_code == 303
    assert tie_of(session).closing is Closing.UNDONE


def test_a_claim_can_be_taken_back_as_long_as_it_waits(ben, amina, talk_url, evening):
    evening.shift(7 * DAY - SECOND)
    ben.get(talk_url)
    assert ben.submit(f"{talk_url}/undo").status_code == 303
    for browser in (ben, amina):
        assert browser.get(talk_url).status_code == 404
        browser.get("/follow-up")
        assert "Ben Ng" not in browser.text
        assert "Amina Diallo" not in browser.text


def test_a_claim_that_expired_cannot_be_taken_back(ben, talk_url, evening, kept):
    evening.shift(7 * DAY)
    ben.get(talk_url)
    assert "Undo" not in ben.text
    before = kept()
    assert ben.send(f"{talk_url}/undo").status_code == 409
    assert kept() == before


def test_a_claim_is_not_the_other_sides_to_take_back(amina, talk_url, kept):
    amina.get(talk_url)
    assert "Undo" not in amina.text
    before = kept()
    assert amina.send(f"{talk_url}/undo").status_code == 409
    assert kept() == before


@pytest.mark.parametrize("hx", [False, True])
def test_undoing_twice_is_a_404(amina, ben, proven_url, kept, hx):
    amina.send(f"{proven_url}/undo")
    before = kept()
    for browser in (amina, ben):
        assert browser.send(f"{proven_url}/undo", hx=hx).status_code == 404
        assert browser.send(f"{proven_url}/confirm", hx=hx).status_code == 404
    assert kept() == before


def test_whoever_showed_their_code_sees_who_connected_and_can_undo(
    cast, session, amina, browser_of, evening
):
    ben = browser_of(cast.other)
    code = codes.live_code(badge_of(session, cast.amina), codes.step_at(clock.now()))
    ben.get(f"/L/{cast.event.code}/{code}")
    url = ben.submit(f"/events/{cast.event.id}/talks").location
    amina.get(f"/events/{cast.event.id}/news")
    assert "Ben Ng connected with you" in amina.text
    amina.submit(f"{url}/undo")
    amina.get(f"/events/{cast.event.id}/news")
    assert "connected" not in amina.text
    assert tie_of(session).closing is Closing.UNDONE


def test_who_connected_is_shown_for_two_minutes(cast, session, amina, evening):
    claim(session, event=cast.event, by=cast.ben, scan=live(session, cast.amina), now=clock.now())
    for after, is_shown in ((2 * MINUTE - SECOND, True), (SECOND, False)):
        evening.shift(after)
        amina.get(f"/events/{cast.event.id}/meet")
        assert ("connected with you" in amina.text) == is_shown


def test_after_an_undo_the_next_scan_is_a_new_claim(cast, session, amina, ben, proven, proven_url):
    amina.send(f"{proven_url}/undo")
    again = say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
    assert again.id != proven.id
    assert again.evidence is Evidence.CLAIMED
    session.commit()
    assert tie_of(session).closed_at is not None
    assert "Ben Ng says you talked" in _text(amina, f"/events/{cast.event.id}/talks/{again.id}")


def test_undoing_the_talk_that_tied_anew_leaves_the_two_untied(
    cast, session, amina, ben, proven, evening
):
    tie = tie_of(session)
    evening.shift(HOUR)
    amina.send(f"/people/{tie.id}/untie")
    evening.shift(HOUR)
    claim(session, event=cast.event, by=cast.ben, scan=live(session, cast.amina), now=clock.now())
    session.commit()
    assert tie_of(session).closed_at is None
    newest = session.query(Conversation).order_by(Conversation.started_at.desc()).first()
    amina.send(f"/events/{cast.event.id}/talks/{newest.id}/undo")
    assert tie_of(session).closing is Closing.UNDONE
    assert "example.org" not in _text(ben, f"/events/{cast.event.id}/talks/{proven.id}")


def test_undoing_one_of_two_talks_leaves_the_tie_to_the_other(
    cast, session, amina, ben, proven, evening
):
    evening.shift(11 * MINUTE)
    again = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    assert ben.send(f"/events/{cast.event.id}/talks/{again.id}/undo").status_code == 303
    tie = tie_of(session)
    assert tie.closed_at is None
    assert tie.last_talk_at == proven.started_at
    assert "ben.example.org" in _text(amina, f"/people/{tie.id}")


def test_a_code_shown_before_an_undo_does_not_connect_after_it(cast, session, amina, ben, evening):
    badge = badge_of(session, cast.amina)
    ask = f"/L/{cast.event.code}/"
    ben.get(ask + codes.live_code(badge, codes.step_at(clock.now())))
    first, place = _fields(ben), f"/events/{cast.event.id}/talks"
    evening.shift(15 * SECOND)
    ben.get(ask + codes.live_code(badge, codes.step_at(clock.now())))
    second = _fields(ben)
    url = ben.send(place, **first).location
    evening.shift(20 * SECOND)
    amina.send(f"{url}/undo")
    again = ben.send(place, **second).location
    assert again != url
    assert "You said you talked with Amina Diallo" in _text(ben, again)
    evening.shift(15 * SECOND)
    ben.get(ask + codes.live_code(badge, codes.step_at(clock.now())))
    assert "amina.example.org" in _text(ben, ben.submit(place).location)


def _fields(browser):
    hidden = browser.page.all("input")
    return {one.get("name"): one.get("value") for one in hidden if one.get("name") != "csrf_token"}


def _text(browser, url):
    browser.get(url)
    return browser.text
