"""Untying closes everything for both at once; only the one who untied can undo it, in time."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from people import say_talked, talk
from webapp.conversations import services as talks
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.ties.models import Closing, Tie
from webapp.ties.rules import may_retie

SECRETS = ("amina.example.org", "ben.example.org")
TEN_MINUTES, TICK = timedelta(minutes=10), timedelta(microseconds=1)


@dataclass
class Tied:
    """An open tie, its page (the same path for both) and the talk it rests on."""

    person: str
    talk: Conversation

    @property
    def talk_page(self):
        return f"/events/{self.talk.event_id}/talks/{self.talk.id}"


@pytest.fixture
def tied(cast, session):
    said = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    return Tied(f"/people/{session.query(Tie).one().id}", said)


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def ben(cast, browser_of):
    return browser_of(cast.other)


def untie(browser, tied):
    browser.get(tied.person)
    answer = browser.submit(f"{tied.person}/untie")
    assert (answer.status_code, answer.location) == (303, tied.person)


def places(tied):
    return [tied.person, f"{tied.person}/card.vcf", "/people", tied.talk_page, "/follow-up"]


def shown(browser, urls):
    return [browser.get(url).get_data(as_text=True) for url in urls]


def is_open(browser, tied, link):
    """Whether the link of the other is shown, on all pages that could show it or on none."""
    page, card, people, talk_page, _follow_up = shown(browser, places(tied))
    found = {link in page, link in card, tied.person in people, link in talk_page}
    assert len(found) == 1
    return found.pop()


def test_untying_closes_pages_and_card_for_both_at_once(amina, ben, tied):
    assert is_open(amina, tied, "ben.example.org")
    assert is_open(ben, tied, "amina.example.org")
    untie(amina, tied)
    for browser in (amina, ben):
        for text in shown(browser, places(tied)):
            assert not any(secret in text for secret in SECRETS)
        assert browser.get(f"{tied.person}/card.vcf").status_code == 404
        browser.get("/people")
        assert "Nobody yet" in browser.text


def test_only_the_one_who_untied_is_told(amina, ben, tied):
    untie(amina, tied)
    assert amina.get(tied.person).status_code == 200
    assert "no longer see each other's links" in amina.text
    assert ben.get(tied.person).status_code == 404
    unknown = ben.get("/people/0000000000000000").get_data()
    assert ben.get(tied.person).get_data() == unknown


def test_undoing_it_within_ten_minutes_opens_the_tie_for_both(amina, ben, tied, evening):
    untie(amina, tied)
    evening.shift(TEN_MINUTES - TICK)
    amina.get(tied.person)
    assert amina.submit(f"{tied.person}/retie").status_code == 303
    assert is_open(amina, tied, "ben.example.org")
    assert is_open(ben, tied, "amina.example.org")


def test_after_ten_minutes_it_is_too_late(amina, ben, tied, evening, session):
    untie(amina, tied)
    evening.shift(TEN_MINUTES)
    assert amina.get(tied.person).status_code == 404
    assert amina.send(f"{tied.person}/retie").status_code == 409
    assert not is_open(amina, tied, "ben.example.org")
    assert not is_open(ben, tied, "amina.example.org")
    assert session.query(Tie).one().closing is Closing.UNTIED


def test_nobody_else_can_undo_it(cast, browser_of, amina, ben, tied):
    untie(amina, tied)
    for browser in (ben, browser_of(cast.recruiter), browser_of(cast.stranger)):
        assert browser.send(f"{tied.person}/retie").status_code == 404
    assert not is_open(ben, tied, "amina.example.org")


def test_nobody_else_can_untie(cast, browser_of, ben, tied):
    for somebody in (cast.recruiter, cast.organiser, cast.stranger):
        assert browser_of(somebody).send(f"{tied.person}/untie").status_code == 404
    assert is_open(ben, tied, "amina.example.org")


def test_untying_again_or_by_the_other_changes_nothing(amina, ben, tied, session, evening):
    untie(amina, tied)
    closed_at = session.query(Tie).one().closed_at
    evening.shift(timedelta(minutes=1))
    for browser in (amina, ben):
        assert browser.send(f"{tied.person}/untie").status_code == 404
    tie = session.query(Tie).one()
    assert (tie.closed_at, tie.closing) == (closed_at, Closing.UNTIED)


def test_undoing_twice_is_a_404_and_leaves_the_tie_open(amina, ben, tied):
    untie(amina, tied)
    assert amina.send(f"{tied.person}/retie").status_code == 303
    assert amina.send(f"{tied.person}/retie").status_code == 404
    assert is_open(ben, tied, "amina.example.org")


@pytest.mark.parametrize("by", ["attendee", "other"])
def test_a_block_after_the_untying_cannot_be_undone_with_it(cast, session, amina, tied, by):
    untie(amina, tied)
    one = getattr(cast, by).id
    two = ({cast.attendee.id, cast.other.id} - {one}).pop()
    talks.block(session, blocker_id=one, blocked_id=two, now=clock.now())
    assert amina.send(f"{tied.person}/retie").status_code == 404
    assert session.query(Tie).one().closing is Closing.BLOCKED


def test_an_undone_talk_cannot_be_retied(cast, session, amina, ben, tied):
    talks.undo(session, talk=tied.talk, by=cast.amina, now=clock.now())
    for browser in (amina, ben):
        assert browser.send(f"{tied.person}/retie").status_code == 404
        assert browser.get(tied.person).status_code == 404
    assert session.query(Tie).one().closing is Closing.UNDONE


def test_untying_takes_ones_own_waiting_claim_along(cast, session, browser_of, tied, evening):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    evening.shift(timedelta(hours=1))
    waiting = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    url = f"/events/{cast.event.id}/talks/{waiting.id}"
    untie(amina, tied)
    assert ben.send(f"{url}/confirm").status_code == 404
    ben.get("/follow-up")
    assert "Amina Diallo" not in ben.text
    assert session.query(Tie).one().closing is Closing.UNTIED


def test_get_unties_nothing(amina, ben, tied):
    for url in (f"{tied.person}/untie", f"{tied.person}/retie"):
        assert amina.get(url).status_code == 405
    assert is_open(ben, tied, "amina.example.org")


def test_only_an_untying_of_ones_own_may_be_taken_back():
    now = clock.now()
    for closing in Closing:
        tie = Tie(closing=closing, closed_by_id="amina", closed_at=now)
        assert may_retie(tie, by_id="amina", now=now) is (closing is Closing.UNTIED)
        assert not may_retie(tie, by_id="ben", now=now)
    assert not may_retie(Tie(), by_id="amina", now=now)
