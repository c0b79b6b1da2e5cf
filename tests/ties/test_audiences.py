"""Everyone, one by one, or never recruiters: a link goes to those its owner chose, nobody else."""

from datetime import timedelta

import pytest

from people import make_attendee, make_event, say_talked, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import grant_role, remove_role
from webapp.ties import gate, queries, services
from webapp.ties.models import Audience, Link, LinkAnswer, LinkKind
from webapp.ties.rules import CheckedLink

LINKS = {
    Audience.EVERYONE: "https://for-everyone.example.org",
    Audience.ASK: "https://for-some.example.org",
    Audience.NEVER_RECRUITERS: "https://for-no-recruiter.example.org",
}
EVERYONE, ASK, NEVER = LINKS.values()


@pytest.fixture
def links(cast, session):
    """Amina's links, one of each audience."""
    session.query(Link).delete()
    for audience, url in LINKS.items():
        link = CheckedLink(LinkKind.WEBSITE, url)
        services.add_link(
            session, person=cast.attendee, link=link, audience=audience, now=clock.now()
        )
    return {link.audience: link for link in session.query(Link)}


@pytest.fixture
def tie(cast, session, links):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    return tie_of(session, cast.attendee, cast.other)


def tie_of(session, one, other):
    return queries.tie_between(session, *sorted((one.id, other.id)))


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def ben(cast, browser_of):
    return browser_of(cast.other)


def got(browser, tie):
    """Which of Amina's links stand on a page and in the vCard; both have to agree."""
    texts = [
        browser.get(f"/people/{tie.id}{more}").get_data(as_text=True) for more in ("", "/card.vcf")
    ]
    found = [[url for url in LINKS.values() if url in text] for text in texts]
    assert found[0] == found[1]
    return found[0]


def offer(tie, link, answer):
    return f"/people/{tie.id}/links/{link.id}/{answer}"


def test_at_a_new_tie_nothing_is_seen_of_a_link_i_want_to_be_asked_about(ben, tie, cast, session):
    assert got(ben, tie) == [EVERYONE, NEVER]
    (said,) = session.query(talks.Conversation)
    talk_page = f"/events/{cast.event.id}/talks/{said.id}"
    for url in (f"/people/{tie.id}", talk_page, "/people", "/follow-up"):
        text = ben.get(url).get_data(as_text=True)
        assert "for-some" not in text
        assert "/links/" not in text


@pytest.mark.parametrize("hx", [False, True])
def test_giving_opens_the_link_at_once_and_taking_it_back_hides_it_at_once(
    amina, ben, tie, links, hx
):
    amina.get(f"/people/{tie.id}")
    assert "Give Ben Ng your website?" in amina.text
    answer = amina.submit(offer(tie, links[Audience.ASK], "give"), hx=hx)
    assert answer.status_code == (200 if hx else 303)
    assert got(ben, tie) == [EVERYONE, ASK, NEVER]
    amina.get(f"/people/{tie.id}")
    assert "Ben Ng has your website" in amina.text
    answer = amina.submit(offer(tie, links[Audience.ASK], "keep-back"), hx=hx)
    assert got(ben, tie) == [EVERYONE, NEVER]
    if not hx:
        amina.get(answer.location)
    assert "Ben Ng does not have your website" in amina.text


def test_not_now_gives_nothing_and_asks_no_more_but_i_can_still_give(amina, ben, tie, links):
    amina.get(f"/people/{tie.id}")
    amina.submit(offer(tie, links[Audience.ASK], "keep-back"))
    assert got(ben, tie) == [EVERYONE, NEVER]
    amina.get(f"/people/{tie.id}")
    assert "?" not in "".join(one for one in amina.page.text.split(".") if "website" in one)
    amina.submit(offer(tie, links[Audience.ASK], "give"))
    assert got(ben, tie) == [EVERYONE, ASK, NEVER]


def test_i_am_asked_on_the_page_of_the_talk_too(cast, session, amina, tie, links):
    (said,) = session.query(talks.Conversation)
    amina.get(f"/events/{cast.event.id}/talks/{said.id}")
    assert "Give Ben Ng your website?" in amina.text
    amina.submit(offer(tie, links[Audience.ASK], "give"), hx=True)
    assert "Ben Ng has your website" in amina.text


def test_what_is_given_to_one_is_not_given_to_another(cast, session, amina, tie, links):
    chen = make_attendee(session, event=cast.event, person=cast.stranger)
    talk(session, event=cast.event, by=cast.amina, about=chen)
    other = tie_of(session, cast.attendee, cast.stranger)
    amina.send(offer(tie, links[Audience.ASK], "give"))
    over = gate.links_over_all(session, person_id=cast.stranger.id)
    assert [link.url for link in over[other.id]] == [EVERYONE, NEVER]


def test_a_link_given_once_is_not_given_over_a_tie_that_begins_anew(
    cast, session, amina, ben, tie, links, evening
):
    amina.send(offer(tie, links[Audience.ASK], "give"))
    services.untie(session, tie=tie, by=cast.other, now=clock.now())
    services.retie(session, tie=tie, by=cast.other, now=clock.now())
    assert got(ben, tie) == [EVERYONE, ASK, NEVER]
    services.untie(session, tie=tie, by=cast.other, now=clock.now())
    evening.shift(timedelta(hours=1))
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    assert got(ben, tie) == [EVERYONE, NEVER]


def test_a_link_i_am_not_asked_about_any_more_is_forgotten_to_have_been_given(
    cast, session, amina, ben, tie, links
):
    link = links[Audience.ASK]
    amina.send(offer(tie, link, "give"))
    for audience in ("never_recruiters", "ask"):
        amina.get("/me")
        amina.submit(f"/me/links/{link.id}", audience=audience)
    assert got(ben, tie) == [EVERYONE, NEVER]
    assert session.query(LinkAnswer).count() == 0


def test_a_new_address_goes_to_those_who_were_given_the_old_one(amina, ben, tie, links):
    link = links[Audience.ASK]
    amina.send(offer(tie, link, "give"))
    amina.get("/me")
    amina.submit(f"/me/links/{link.id}", url="https://moved.example.org")
    text = ben.get(f"/people/{tie.id}").get_data(as_text=True)
    assert "moved.example.org" in text
    assert ASK not in text


def test_making_a_link_narrower_hides_it_at_once(amina, ben, tie, links):
    link = links[Audience.EVERYONE]
    amina.get("/me")
    amina.submit(f"/me/links/{link.id}", audience="ask")
    assert got(ben, tie) == [NEVER]


def recruit(session, event, person):
    grant_role(session, event=event, person=person, name=RoleName.RECRUITER, now=clock.now())


@pytest.mark.parametrize("where", ["the same event", "an event of long ago", "no longer"])
def test_whoever_is_or_was_a_recruiter_anywhere_never_gets_it(cast, session, ben, tie, where):
    event = cast.event if where == "the same event" else make_event(session, name="Another")
    recruit(session, event, cast.other)
    if where == "no longer":
        assert remove_role(session, event=event, person_id=cast.other.id, name=RoleName.RECRUITER)
    assert got(ben, tie) == [EVERYONE]


@pytest.mark.parametrize("name", [one for one in RoleName if one is not RoleName.RECRUITER])
def test_other_roles_take_nothing_away(cast, session, ben, tie, name):
    event = make_event(session, name="Another")
    grant_role(session, event=event, person=cast.other, name=name, now=clock.now())
    assert got(ben, tie) == [EVERYONE, NEVER]


def test_that_i_recruit_myself_changes_nothing_for_others(cast, session, ben, tie):
    recruit(session, cast.event, cast.attendee)
    assert got(ben, tie) == [EVERYONE, NEVER]


def test_a_recruiter_gets_a_link_that_was_given_to_them(cast, session, amina, ben, tie, links):
    recruit(session, cast.event, cast.other)
    amina.send(offer(tie, links[Audience.ASK], "give"))
    assert got(ben, tie) == [EVERYONE, ASK]


@pytest.mark.parametrize("answer", ["give", "keep-back"])
def test_only_i_give_only_my_links_only_over_my_open_ties(
    cast, session, browser_of, amina, ben, tie, links, answer
):
    link = links[Audience.ASK]
    for nosy in (ben, browser_of(cast.recruiter), browser_of(cast.stranger)):
        assert nosy.send(offer(tie, link, answer)).status_code == 404
    for other in (links[Audience.EVERYONE], links[Audience.NEVER_RECRUITERS]):
        assert amina.send(offer(tie, other, answer)).status_code == 404
    assert amina.get(offer(tie, link, answer)).status_code == 405
    amina.send(f"/me/links/{link.id}/remove")
    assert amina.send(offer(tie, link, answer)).status_code == 404
    amina.send(f"/me/links/{link.id}/restore")
    services.untie(session, tie=tie, by=cast.other, now=clock.now())
    assert amina.send(offer(tie, link, answer)).status_code == 404
    assert session.query(LinkAnswer).count() == 0


def test_over_a_tie_that_waits_nothing_can_be_given(cast, session, amina, links):
    say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert queries.own_open_offers(session, person_id=cast.attendee.id, since=clock.now()) == []


def test_open_questions_are_those_of_new_ties_without_an_answer(
    cast, session, amina, tie, links, evening
):
    me, opened_at = cast.attendee.id, tie.opened_at

    def asked(since):
        found = queries.own_open_offers(session, person_id=me, since=since)
        return [(one.other.name, one.link.url) for one in found]

    assert asked(opened_at) == [("Ben Ng", ASK)]
    assert asked(opened_at + timedelta(microseconds=1)) == []
    services.answer_offer(
        session,
        offer=queries.own_offer(
            session, person_id=me, tie_id=tie.id, link_id=links[Audience.ASK].id
        ),
        is_given=False,
        now=clock.now(),
    )
    assert asked(opened_at) == []
