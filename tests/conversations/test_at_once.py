"""What happens at the same moment happens in some order, once, and nobody sees an error of ours."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from people import badge_of, make_attendee, make_person, say_talked
from webapp.badges import codes
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.core import db as database
from webapp.ties.models import Tie

NONCE = "nonce-of-one-tap"
WAIT = 30


@pytest.fixture
def at_once(app, session):
    """Send posts from threads of their own, all at one moment, and return their answers."""

    def send_all(*posts):
        session.commit()
        line = Barrier(len(posts))

        def send(browser, url, data):
            with app.app_context():
                token = browser.token()
                database.session().commit()
                line.wait(WAIT)
                return browser.post(url, data=data | {"csrf_token": token})

        with ThreadPoolExecutor(len(posts)) as threads:
            running = [threads.submit(send, *post) for post in posts]
            answers = [one.result(WAIT) for one in running]
        session.expire_all()
        assert not {answer.status_code for answer in answers} & {500, 503}
        return answers

    return send_all


@pytest.fixture
def new_pair(cast, session, browser_of):
    """Two more attendees of the evening, each with a browser."""

    def make():
        persons = [make_person(session, name=name) for name in ("Chen Li", "Dora Maar")]
        attendees = [make_attendee(session, event=cast.event, person=one) for one in persons]
        return attendees, [browser_of(one) for one in persons]

    return make


def claim_post(session, browser, about, nonce=NONCE):
    code = codes.printed_code(badge_of(session, about))
    return browser, f"/events/{about.event_id}/talks", {"code": code, "nonce": nonce}


def rows(session):
    """Everything that is kept about talks."""
    return [
        sorted(session.query(*model.__table__.columns), key=str)
        for model in (Claim, Conversation, Tie)
    ]


@pytest.mark.parametrize("_round", range(4))
def test_two_who_scan_each_other_at_the_same_moment_have_one_mutual_talk(
    session, at_once, new_pair, _round
):
    (chen, dora), (of_chen, of_dora) = new_pair()
    answers = at_once(claim_post(session, of_chen, dora), claim_post(session, of_dora, chen))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert session.query(Conversation).one().evidence is Evidence.MUTUAL
    assert session.query(Tie).one().closed_at is None
    assert {claim.by_id for claim in session.query(Claim)} == {chen.id, dora.id}


def test_twenty_posts_of_one_tap_are_one_claim_and_one_answer(cast, session, browser_of, at_once):
    phones = [browser_of(cast.attendee) for _ in range(20)]
    answers = at_once(*[claim_post(session, phone, cast.ben) for phone in phones])
    talk, claim = session.query(Conversation).one(), session.query(Claim).one()
    assert (claim.conversation_id, claim.nonce) == (talk.id, NONCE)
    place = f"/events/{cast.event.id}/talks/{talk.id}"
    assert Counter((a.status_code, a.location) for a in answers) == {(303, place): 20}


def test_twenty_taps_at_once_on_different_keys_are_one_talk(cast, session, browser_of, at_once):
    phones = [browser_of(cast.attendee) for _ in range(20)]
    posts = [claim_post(session, phone, cast.ben, f"{NONCE}-{n}") for n, phone in enumerate(phones)]
    answers = at_once(*posts)
    assert len({answer.location for answer in answers}) == 1
    assert session.query(Conversation).one().evidence is Evidence.CLAIMED
    assert session.query(Claim).count() == 20
    assert session.query(Tie).count() == 0


def test_one_tap_sent_a_hundred_times_in_a_row_is_one_claim(cast, session, browser_of, evening):
    browser, url, data = claim_post(session, browser_of(cast.attendee), cast.ben)
    answers = []
    for _ in range(100):
        answers.append(browser.send(url, **data))
        evening.shift(timedelta(seconds=2))  # no faster than the limit for people
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert session.query(Claim).count() == session.query(Conversation).count() == 1


def test_the_same_key_with_another_code_is_refused_and_changes_nothing(cast, session, browser_of):
    browser, url, data = claim_post(session, browser_of(cast.attendee), cast.ben)
    assert browser.send(url, **data).status_code == 303
    before = rows(session)
    for code in (codes.printed_code(badge_of(session, cast.rita)), "ABCD1234", data["code"] + "X"):
        assert browser.send(url, nonce=NONCE, code=code).status_code == 422
        session.expire_all()
        assert rows(session) == before
    assert [len(kept) for kept in before] == [1, 1, 0]


def test_the_same_key_with_two_codes_at_once_counts_for_one_of_them(
    cast, session, browser_of, at_once
):
    phones = [browser_of(cast.attendee) for _ in range(2)]
    posts = [claim_post(session, *each) for each in zip(phones, (cast.ben, cast.rita), strict=True)]
    answers = at_once(*posts)
    taken = [answer for answer in answers if answer.status_code == 303]
    assert sorted(answer.status_code for answer in answers)[1] in {409, 422}
    assert len(taken) == 1
    talk = session.query(Conversation).one()
    assert taken[0].location.endswith(talk.id)
    assert session.query(Claim).one().conversation_id == talk.id


@pytest.mark.parametrize("_round", range(4))
def test_a_yes_and_an_undo_at_the_same_moment_leave_no_tie_open(
    cast, session, at_once, new_pair, _round
):
    (chen, dora), (of_chen, of_dora) = new_pair()
    talk = say_talked(session, event=cast.event, by=chen, about=dora)
    place = f"/events/{cast.event.id}/talks/{talk.id}"
    yes, undone = at_once((of_dora, f"{place}/confirm", {}), (of_chen, f"{place}/undo", {}))
    assert undone.status_code == 303
    assert yes.status_code in {303, 404, 409}
    assert talk.undone_at is not None
    tie = session.query(Tie).one_or_none()
    assert (tie is not None) == (yes.status_code == 303) == (talk.proven_at is not None)
    assert tie is None or tie.closed_at is not None
    assert not talk.is_proven


@pytest.mark.parametrize("_round", range(4))
def test_a_yes_and_a_no_at_the_same_moment_agree_on_one_answer(
    cast, session, at_once, new_pair, browser_of, _round
):
    (chen, dora), _browsers = new_pair()
    talk = say_talked(session, event=cast.event, by=chen, about=dora)
    place = f"/events/{cast.event.id}/talks/{talk.id}"
    person = session.get_one(type(cast.attendee), dora.person_id)
    phones = [browser_of(person) for _ in range(2)]
    yes, no = at_once((phones[0], f"{place}/confirm", {}), (phones[1], f"{place}/refuse", {}))
    assert yes.status_code == 303
    assert no.status_code in {303, 409}
    assert talk.is_proven
    assert talk.refused_at is None
    assert session.query(Tie).one().closed_at is None
