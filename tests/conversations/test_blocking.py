"""A block is silent and works both ways; to the blocked person nothing tells it from silence."""

from datetime import timedelta

import pytest

from people import badge_of, live, make_attendee, make_event, printed, say_talked, talk
from webapp.badges import codes
from webapp.conversations.models import Block, Conversation, Evidence
from webapp.conversations.services import block, claim
from webapp.core import clock
from webapp.core.errors import Conflict
from webapp.ties.models import Tie

HOUR = timedelta(hours=1)
ANY_ID = "aaaaaaaaaaaaaaaa"


@pytest.fixture
def proven(cast, session):
    """Ben and Amina both said that they talked."""
    said = talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    session.commit()
    return said


def do_block(session, cast, blocker="attendee", blocked="other"):
    persons = {"blocker_id": getattr(cast, blocker).id, "blocked_id": getattr(cast, blocked).id}
    block(session, **persons, now=clock.now())
    session.commit()


def text(browser, url):
    browser.get(url)
    return browser.text


@pytest.mark.parametrize("hx", [False, True])
def test_blocking_from_a_claim_hides_it_for_good(amina, talk_url, session, cast, hx):
    answer = amina.send(f"{talk_url}/block", hx=hx)
    assert (answer.headers["HX-Redirect"] if hx else answer.location) == "/follow-up"
    made = session.query(Block).one()
    assert (made.blocker_id, made.blocked_id) == (cast.attendee.id, cast.other.id)
    assert "Ben Ng" not in text(amina, "/follow-up")
    assert amina.get(talk_url).status_code == 404
    for action in ("confirm", "refuse", "unrefuse", "undo", "note"):
        assert amina.send(f"{talk_url}/{action}").status_code == 404


@pytest.mark.parametrize("hx", [False, True])
def test_blocking_from_a_persons_page_closes_the_tie_both_ways(
    amina, ben, proven, session, kept, hx
):
    tie_url = f"/people/{session.query(Tie).one().id}"
    amina.get(tie_url)
    answer = amina.submit(f"{tie_url}/block", hx=hx)
    assert (answer.headers["HX-Redirect"] if hx else answer.location) == "/people"
    assert "Blocked. They are not told." in text(amina, "/people")
    before = kept()
    for browser in (amina, ben):
        for url in (tie_url, f"{tie_url}/card.vcf", _url(proven)):
            assert browser.get(url).status_code == 404
        for action in ("untie", "retie", "block"):
            assert browser.send(f"{tie_url}/{action}").status_code == 404
        assert "example.org" not in text(browser, "/people")
    assert kept() == before


@pytest.mark.parametrize("who", ["recruiter", "stranger", "organiser"])
def test_nobody_else_can_block_over_a_tie(who, cast, browser_of, proven, session, kept):
    tie_url, before = f"/people/{session.query(Tie).one().id}", kept()
    assert browser_of(getattr(cast, who)).send(f"{tie_url}/block").status_code == 404
    assert kept() == before


def test_blocking_over_a_tie_needs_a_post_of_somebody_signed_in(
    amina, browser, proven, session, kept
):
    tie_url, before = f"/people/{session.query(Tie).one().id}", kept()
    assert amina.get(f"{tie_url}/block").status_code == 405
    assert amina.post(f"{tie_url}/block").status_code == 400
    assert amina.send(f"/people/{ANY_ID}/block").status_code == 404
    assert browser.send(f"{tie_url}/block").location == "/sign-in"
    assert kept() == before


def test_a_claim_of_ones_own_is_no_ground_for_a_block(cast, session, browser_of, kept):
    """It would tell whether somebody stands behind the badge."""
    guest = make_attendee(session, event=cast.event, name="A Guest")
    ben = browser_of(cast.other)
    claims = [say_talked(session, event=cast.event, by=cast.ben, about=guest)]
    claims.append(say_talked(session, event=cast.event, by=cast.ben, about=cast.amina))
    session.commit()
    before = kept()
    answers = {ben.send(f"{_url(claimed)}/block").status_code for claimed in claims}
    assert answers == {404}
    assert kept() == before


def test_a_blocked_persons_old_talk_looks_like_one_that_never_was(cast, session, ben, proven):
    do_block(session, cast)
    for action in ("", "/confirm", "/refuse", "/unrefuse", "/undo", "/block", "/note"):
        ask = ben.send if action else ben.get
        real, made_up = (
            ask(_url(proven) + action),
            ask(f"/events/{cast.event.id}/talks/{ANY_ID}{action}"),
        )
        assert real.status_code == made_up.status_code == 404
        assert real.data == made_up.data


def test_who_blocked_is_told_so_when_they_scan(cast, session, amina, kept):
    do_block(session, cast)
    url, badge = f"/events/{cast.event.id}/talks", badge_of(session, cast.ben)
    before = kept()
    for code in (codes.printed_code(badge), codes.live_code(badge, codes.step_at(clock.now()))):
        assert amina.send(url, code=code, nonce="nonce-1234").status_code == 409
        assert "You have blocked this person" in amina.text
    assert kept() == before


@pytest.mark.parametrize("first", ["attendee", "other"])
def test_where_both_have_blocked_each_is_told_of_their_own_block_alone(first, cast, session):
    second = {"attendee": "other", "other": "attendee"}[first]
    do_block(session, cast, first, second)
    do_block(session, cast, second, first)
    for by, about in ((cast.amina, cast.ben), (cast.ben, cast.amina)):
        for scan in (printed(session, about), live(session, about)):
            with pytest.raises(Conflict, match="You have blocked"):
                claim(session, event=cast.event, by=by, scan=scan, now=clock.now())
    assert session.query(Conversation).count() == 0


@pytest.mark.parametrize("scan", [printed, live])
def test_a_scan_of_who_has_blocked_waits_for_ever(scan, cast, session, amina, ben):
    do_block(session, cast)
    said = claim(
        session, event=cast.event, by=cast.ben, scan=scan(session, cast.amina), now=clock.now()
    )
    session.commit()
    assert said.evidence is Evidence.CLAIMED
    assert "You said you talked with Amina Diallo" in text(ben, _url(said))
    assert "Amina Diallo" in text(ben, "/follow-up")
    assert "Ben Ng" not in text(amina, "/follow-up")
    assert amina.get(_url(said)).status_code == 404
    assert amina.send(f"{_url(said)}/confirm").status_code == 404
    assert session.query(Tie).count() == 0


def test_the_screen_of_who_has_blocked_does_not_name_the_other(cast, session, amina, ben, proven):
    claim(session, event=cast.event, by=cast.rita, scan=live(session, cast.amina), now=clock.now())
    url = f"/events/{cast.event.id}/news"
    session.commit()
    assert "Rita Recruiter connected" in text(amina, url)
    do_block(session, cast, "recruiter", "attendee")
    assert "Rita Recruiter" not in text(amina, url)


def test_a_block_takes_back_what_its_maker_still_claims(cast, session, amina, ben):
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    do_block(session, cast)
    for browser in (amina, ben):
        assert browser.get(_url(said)).status_code == 404
        assert "Amina Diallo" not in text(ben, "/follow-up")
    assert "Ben Ng" not in text(amina, "/follow-up")


def test_a_lifted_block_opens_nothing_and_lets_both_begin_anew(
    cast, session, amina, ben, proven, evening
):
    do_block(session, cast)
    assert "Ben Ng" in text(amina, "/me")
    assert amina.submit(f"/me/blocked/{cast.other.id}/unblock").location == "/me"
    assert session.query(Block).count() == 0
    for browser in (amina, ben):
        assert "example.org" not in text(browser, "/people")
        assert "example.org" not in text(browser, _url(proven))
    evening.shift(timedelta(minutes=1))
    again = claim(
        session, event=cast.event, by=cast.ben, scan=live(session, cast.amina), now=clock.now()
    )
    session.commit()
    assert again.id != proven.id
    assert "amina.example.org" in text(ben, _url(again))


def test_only_ones_own_block_can_be_lifted(cast, session, ben, browser, browser_of, kept):
    do_block(session, cast)
    before, url = kept(), f"/me/blocked/{cast.attendee.id}/unblock"
    ben.send(url)
    browser_of(cast.stranger).send(f"/me/blocked/{cast.other.id}/unblock")
    assert browser.send(url).location == "/sign-in"
    assert ben.get(url).status_code == 405
    assert ben.post(url).status_code == 400
    assert kept() == before


def test_a_block_holds_at_every_event(cast, session, ben, evening):
    do_block(session, cast)
    evening.shift(HOUR)
    other = make_event(session, name="Next Month")
    amina = make_attendee(session, event=other, person=cast.attendee)
    by = make_attendee(session, event=other, person=cast.other)
    said = claim(session, event=other, by=by, scan=live(session, amina), now=clock.now())
    session.commit()
    assert said.evidence is Evidence.CLAIMED
    assert "example.org" not in text(ben, _url(said))


def test_a_block_made_before_a_guest_claims_their_badge_holds_after_it(cast, session, amina):
    """Ben blocks Amina; her second place, still a guest's, was in a claim of his."""
    other = make_event(session, name="Next Month")
    guest = make_attendee(session, event=other, name="A Guest")
    by = make_attendee(session, event=other, person=cast.other)
    said = say_talked(session, event=other, by=by, about=guest)
    do_block(session, cast, "other", "attendee")
    guest.person_id = cast.attendee.id
    session.commit()
    assert "Ben Ng" not in text(amina, "/follow-up")
    assert amina.get(_url(said)).status_code == 404
    back = claim(session, event=other, by=guest, scan=printed(session, by), now=clock.now())
    assert back.id != said.id
    assert {back.evidence, said.evidence} == {Evidence.CLAIMED}


def test_blocking_twice_is_one_block(cast, session):
    for _ in range(2):
        do_block(session, cast)
    assert session.query(Block).count() == 1


def _url(said):
    return f"/events/{said.event_id}/talks/{said.id}"
