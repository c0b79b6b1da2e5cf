"""Yes opens both people's links; no looks like silence, and both can be taken back."""

from datetime import timedelta

import pytest

from people import say_talked
from webapp.conversations.models import Conversation, Evidence
from webapp.ties.models import Tie

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def fresh(session, talk):
    session.rollback()
    return session.get_one(Conversation, (talk.event_id, talk.id), populate_existing=True)


def asks(browser):
    """Whether the page of answers names Ben."""
    browser.get("/follow-up")
    return "Ben Ng" in browser.text


def test_yes_without_htmx_goes_to_the_talk_with_the_links(amina, ben, talk_url, session, waiting):
    amina.get("/follow-up")
    answer = amina.submit(f"{talk_url}/confirm")
    assert (answer.status_code, answer.location) == (303, talk_url)
    amina.get(talk_url)
    assert "ben.example.org" in amina.text
    ben.get(talk_url)
    assert "amina.example.org" in ben.text
    assert fresh(session, waiting).evidence is Evidence.CONFIRMED


def test_yes_with_htmx_puts_the_links_where_the_question_was(amina, talk_url, session, waiting):
    amina.get("/follow-up")
    form = amina.page.form(f"{talk_url}/confirm")
    assert form.get("hx-target") == f"#claim-{waiting.id}"
    answer = amina.submit(f"{talk_url}/confirm", hx=True)
    assert answer.status_code == 200
    assert "ben.example.org" in amina.text
    assert fresh(session, waiting).is_proven


def test_yes_can_be_said_on_the_page_of_the_talk(amina, talk_url):
    amina.get(talk_url)
    assert "Ben Ng says you talked" in amina.text
    assert "ben.example.org" not in amina.text
    assert amina.submit(f"{talk_url}/confirm").status_code == 303


@pytest.mark.parametrize("hx", [False, True])
def test_yes_twice_changes_nothing(amina, talk_url, kept, hx):
    amina.send(f"{talk_url}/confirm")
    before = kept()
    assert amina.send(f"{talk_url}/confirm", hx=hx).status_code == (200 if hx else 303)
    assert kept() == before


@pytest.mark.parametrize("hx", [False, True])
def test_yes_again_after_untying_opens_nothing(amina, talk_url, session, kept, hx):
    amina.send(f"{talk_url}/confirm")
    amina.send(f"/people/{session.query(Tie).one().id}/untie")
    before = kept()
    answer = amina.send(f"{talk_url}/confirm", hx=hx)
    assert answer.status_code < 400
    assert b"example.org" not in answer.data
    assert kept() == before


def test_no_without_htmx_goes_back_to_the_list(amina, talk_url, session, waiting):
    amina.get("/follow-up")
    answer = amina.submit(f"{talk_url}/refuse")
    assert (answer.status_code, answer.location) == (303, "/follow-up")
    assert not asks(amina)
    assert fresh(session, waiting).refusals == 1


def test_no_with_htmx_offers_to_take_it_back(amina, talk_url):
    amina.get("/follow-up")
    assert amina.submit(f"{talk_url}/refuse", hx=True).status_code == 200
    assert "Ben Ng is not told that you said no" in amina.text
    assert amina.submit(f"{talk_url}/unrefuse").location == "/follow-up"
    assert asks(amina)


@pytest.mark.parametrize("hx", [False, True])
def test_a_no_taken_back_counts_as_never_said(amina, talk_url, session, waiting, hx):
    amina.send(f"{talk_url}/refuse")
    answer = amina.send(f"{talk_url}/unrefuse", hx=hx)
    where = answer.headers["HX-Redirect"] if hx else answer.location
    assert where == "/follow-up"
    talk = fresh(session, waiting)
    assert (talk.refusals, talk.refused_at) == (0, None)
    assert amina.send(f"{talk_url}/unrefuse").status_code == 303
    assert fresh(session, waiting).refusals == 0


def test_no_twice_counts_once(amina, talk_url, session, waiting):
    for _ in range(2):
        assert amina.send(f"{talk_url}/refuse").status_code == 303
    assert fresh(session, waiting).refusals == 1


def test_after_a_no_one_may_still_say_yes(amina, talk_url, session, waiting):
    amina.send(f"{talk_url}/refuse")
    assert amina.send(f"{talk_url}/confirm").status_code == 303
    assert fresh(session, waiting).is_proven


def test_after_a_yes_there_is_no_no(amina, talk_url, kept):
    amina.send(f"{talk_url}/confirm")
    before = kept()
    assert amina.send(f"{talk_url}/refuse").status_code == 409
    assert kept() == before


@pytest.mark.parametrize("action", ["confirm", "refuse"])
def test_after_seven_days_nobody_is_asked_and_nobody_can_answer(
    action, amina, browser_of, cast, talk_url, evening, kept
):
    evening.shift(7 * DAY - SECOND)
    assert asks(amina)
    evening.shift(SECOND)
    assert not asks(amina)
    before = kept()
    assert browser_of(cast.attendee).send(f"{talk_url}/{action}").status_code == 409
    assert kept() == before


def test_answers_are_taken_after_the_event(amina, talk_url, evening, session, waiting):
    evening.shift(6 * DAY)
    assert amina.send(f"{talk_url}/confirm").status_code == 303
    assert fresh(session, waiting).is_proven


def test_a_claim_repeated_within_a_day_of_a_no_asks_nobody(
    cast, session, amina, talk_url, evening, waiting
):
    amina.send(f"{talk_url}/refuse")
    cast.event.ends_at += 3 * DAY
    session.commit()
    for _ in range(23):
        evening.shift(HOUR)
        say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
        session.commit()
        assert not asks(amina)
    evening.shift(HOUR)
    assert not asks(amina)
    say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
    session.commit()
    assert asks(amina)
    assert fresh(session, waiting).refused_at is None


def test_a_hundred_claims_after_a_no_bring_no_new_notice(
    cast, session, amina, ben, talk_url, evening
):
    amina.send(f"{talk_url}/refuse")
    url = talk_url
    for number in range(100):
        evening.shift(timedelta(minutes=1))
        if number % 3 == 0:
            assert ben.send(f"{url}/undo").status_code == 303
        talk = say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
        session.commit()
        url = f"/events/{talk.event_id}/talks/{talk.id}"
        if number % 10 == 0:
            assert not asks(amina)
    amina.get(f"/events/{cast.event.id}/meet")
    assert "says you talked" not in amina.text


def test_the_third_no_offers_a_block(cast, session, amina, talk_url, evening):
    cast.event.ends_at += 5 * DAY
    session.commit()
    for number in range(3):
        say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
        session.commit()
        amina.get("/follow-up")
        amina.submit(f"{talk_url}/refuse", hx=True)
        assert ("Block them" in amina.text) == (number == 2)
        evening.shift(DAY)
    assert amina.submit(f"{talk_url}/block").location == "/follow-up"
    assert not asks(amina)


def test_nothing_answers_all_claims_at_once(cast, session, amina, browser_of, waiting):
    say_talked(session, event=cast.event, by=cast.rita, about=cast.amina)
    session.commit()
    amina.get("/follow-up")
    actions = [form.get("action") for form in amina.page.all("form")]
    assert sorted(url.rpartition("/")[2] for url in actions) == [
        "confirm",
        "confirm",
        "refuse",
        "refuse",
    ]
    assert "Recruiter" in amina.text
