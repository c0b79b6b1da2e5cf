"""Introductions: both say yes before a name is told, and a no looks like silence to everybody."""

from datetime import timedelta

import pytest

from people import make_attendee, make_event, make_person, sign_in, talk
from webapp.conversations.services import block
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.followups.models import Introduction
from webapp.followups.queries.strength import grown
from webapp.followups.services.introductions import propose
from webapp.ties.models import Tie
from webapp.ties.queries import tie_between
from webapp.ties.services import untie

DAY = timedelta(days=1)
WHY = "Both of you sing"


@pytest.fixture
def chen(cast, session, tie):
    """Somebody Ben knows, and Amina does not."""
    person = make_person(session, name="Chen Wei")
    person.organisation = "Wei Works"
    place = make_attendee(session, event=cast.event, person=person)
    talk(session, event=cast.event, by=place, about=cast.ben)
    session.commit()
    return person


@pytest.fixture
def people(cast, app, chen, evening):
    """Browsers of the three on the morning after: Ben knows both others."""
    evening.shift(timedelta(hours=14))
    owners = {"amina": cast.attendee, "ben": cast.other, "chen": chen}
    browsers = {name: app.test_client() for name in owners}
    for name, browser in browsers.items():
        browser.owner = owners[name]
        sign_in(browser, database.session(), browser.owner)
    return browsers


def tie_of(session, one, other):
    return tie_between(session, *sorted((one.id, other.id)))


@pytest.fixture
def proposed(cast, session, chen, people):
    """Ben proposes Amina and Chen to each other."""
    one, other = tie_of(session, cast.other, cast.attendee), tie_of(session, cast.other, chen)
    people["ben"].get(f"/people/{one.id}/introduce")
    answer = people["ben"].submit(f"/people/{one.id}/introductions", to=other.id, reason=WHY)
    assert (answer.status_code, answer.location) == (303, "/follow-up")
    shown(people["ben"])
    return f"/introductions/{session.query(Introduction).one().id}"


def shown(browser):
    """What somebody reads who signs in again if they were away for long."""
    sign_in(browser, database.session(), browser.owner)
    assert browser.get("/follow-up").status_code == 200
    return browser.text


def say(browser, url, answer, *, hx=False):
    shown(browser)
    done = browser.submit(f"{url}/{answer}", hx=hx)
    assert done.status_code in {200, 303}
    return browser.text


def test_before_both_say_yes_each_reads_who_and_why_and_no_name(people, proposed):
    for one, other in (("amina", "Chen"), ("chen", "Amina")):
        text = shown(people[one])
        assert "Ben Ng would like to introduce you to somebody" in text
        assert WHY in text
        assert other not in text.replace("Amina Diallo Me", "")
        assert "Wei Works" not in text
    assert "Amina Diallo and Chen Wei" in " ".join(sorted([shown(people["ben"])])) or (
        "Chen Wei and Amina Diallo" in shown(people["ben"])
    )


@pytest.mark.parametrize("hx", [True, False])
def test_once_both_say_yes_each_reads_the_others_name_and_where_both_will_be(
    cast, session, chen, people, proposed, hx
):
    event = make_event(
        session, name="Choir Night", starts_at=clock.now() + DAY, ends_at=clock.now() + 2 * DAY
    )
    for person in (cast.attendee, chen):
        make_attendee(session, event=event, person=person)
    say(people["amina"], proposed, "accept", hx=hx)
    assert "Chen" not in shown(people["amina"])
    assert "You said yes." in people["amina"].text
    say(people["chen"], proposed, "accept", hx=hx)
    for one, other in (("amina", "Chen Wei"), ("chen", "Amina Diallo")):
        text = shown(people[one])
        assert other in text
        assert WHY in text
        assert "You will both be at Choir Night" in text
    assert "Both said yes." in shown(people["ben"])
    assert tie_of(session, cast.attendee, chen) is None
    assert people["amina"].get("/people").get_data(as_text=True).count("Chen") == 0


def test_without_an_event_of_both_none_is_named(cast, session, chen, people, proposed):
    cast.event.ends_at = clock.now() - timedelta(hours=1)
    make_attendee(
        session,
        event=make_event(session, name="Not for both", ends_at=clock.now() + DAY),
        person=chen,
    )
    for one in ("amina", "chen"):
        say(people[one], proposed, "accept")
    assert "Not for both" not in shown(people["amina"])
    assert "You are not on the list of the same event yet." in people["amina"].text


def test_a_no_looks_like_silence_to_the_other_and_to_the_proposer(people, proposed):
    before = {who: shown(people[who]) for who in ("amina", "ben")}
    say(people["chen"], proposed, "decline")
    assert {who: shown(people[who]) for who in ("amina", "ben")} == before
    say(people["amina"], proposed, "accept")
    assert "You said yes." in shown(people["amina"])
    assert shown(people["ben"]) == before["ben"]


def test_a_no_is_taken_back_on_the_spot(people, proposed, evening):
    say(people["chen"], proposed, "decline")
    assert "Nobody is told." in shown(people["chen"])
    say(people["chen"], proposed, "take-back")
    assert "Yes, please" in shown(people["chen"])
    say(people["chen"], proposed, "decline")
    evening.shift(timedelta(minutes=10))
    assert WHY not in shown(people["chen"])


def test_a_yes_taken_back_hides_the_names_again(people, proposed):
    for one in ("amina", "chen"):
        say(people[one], proposed, "accept")
    say(people["amina"], proposed, "take-back")
    assert "Amina Diallo" not in shown(people["chen"])
    assert "Both said yes." not in shown(people["ben"])


def test_after_thirty_days_it_is_gone_everywhere(people, proposed, evening):
    say(people["amina"], proposed, "accept")
    evening.shift(30 * DAY)
    for browser in people.values():
        assert WHY not in shown(browser)
    assert people["chen"].send(f"{proposed}/accept").status_code == 404


@pytest.mark.parametrize("is_made", [True, False])
def test_withdrawn_it_is_gone_for_all_three(people, proposed, is_made):
    for one in ("amina", "chen") if is_made else ():
        say(people[one], proposed, "accept")
    say(people["ben"], proposed, "withdraw")
    for browser in people.values():
        assert WHY not in shown(browser)
    assert people["chen"].send(f"{proposed}/accept").status_code == 404


@pytest.mark.parametrize("is_made", [True, False])
@pytest.mark.parametrize("by", ["amina", "ben"])
def test_when_the_proposers_tie_with_one_ends_it_is_gone_everywhere(
    cast, session, people, proposed, by, is_made
):
    for one in ("amina", "chen") if is_made else ():
        say(people[one], proposed, "accept")
    who = {"amina": cast.attendee, "ben": cast.other}[by]
    untie(session, tie=tie_of(session, cast.attendee, cast.other), by=who, now=clock.now())
    for one in ("amina", "chen", "ben"):
        assert WHY not in shown(people[one])
    assert people["chen"].send(f"{proposed}/accept").status_code == 404


@pytest.mark.parametrize("is_made", [True, False])
@pytest.mark.parametrize("by", ["amina", "chen"])
def test_over_a_block_between_the_two_only_the_proposer_still_sees_it_wait(
    cast, session, chen, people, proposed, by, is_made
):
    for one in ("amina", "chen") if is_made else ():
        say(people[one], proposed, "accept")
    before = shown(people["ben"])
    blocker, blocked = (cast.attendee, chen) if by == "amina" else (chen, cast.attendee)
    block(session, blocker_id=blocker.id, blocked_id=blocked.id, now=clock.now())
    assert shown(people["ben"]) == before
    for one in ("amina", "chen"):
        assert WHY not in shown(people[one])
        assert people[one].send(f"{proposed}/accept").status_code == 404


def test_once_the_two_have_talked_it_is_done(cast, session, chen, people, proposed, evening):
    for one in ("amina", "chen"):
        say(people[one], proposed, "accept")
    evening.shift(DAY)
    event = make_event(session, name="Choir Night")
    mine, theirs = (make_attendee(session, event=event, person=p) for p in (cast.attendee, chen))
    talk(session, event=event, by=mine, about=theirs)
    evening.shift(DAY)
    assert WHY not in shown(people["amina"])
    assert "Chen Wei" in people["amina"].text


def test_the_same_two_wait_once(cast, session, chen, people, proposed):
    one, other = tie_of(session, cast.other, cast.attendee), tie_of(session, cast.other, chen)
    for first, second in ((one, other), (other, one)):
        people["ben"].get(f"/people/{first.id}/introduce")
        assert (
            people["ben"]
            .submit(f"/people/{first.id}/introductions", to=second.id, reason="x")
            .status_code
            == 422
        )
    assert session.query(Introduction).count() == 1


def test_what_was_typed_stays_when_it_cannot_be_proposed(cast, session, chen, people, proposed):
    one, other = tie_of(session, cast.other, cast.attendee), tie_of(session, cast.other, chen)
    people["ben"].get(f"/people/{one.id}/introduce")
    people["ben"].submit(f"/people/{one.id}/introductions", to=other.id, reason="A new reason")
    assert "You have proposed these two already." in people["ben"].text
    assert [area.text.strip() for area in people["ben"].page.all("textarea")] == ["A new reason"]
    (chosen,) = [one for one in people["ben"].page.all("input") if "checked" in one.attrib]
    assert chosen.get("value") == other.id


@pytest.mark.parametrize(("days", "is_asked"), [(89, False), (90, True)])
def test_after_a_no_the_same_two_are_left_alone_for_ninety_days(
    cast, session, chen, people, proposed, evening, days, is_asked
):
    say(people["chen"], proposed, "decline")
    evening.shift(days * DAY)
    before = shown(people["ben"])
    assert WHY not in before
    propose(session, by=cast.other, pair=(chen, cast.attendee), reason=WHY, now=clock.now())
    assert WHY in shown(people["ben"])
    assert {WHY in shown(people[one]) for one in ("amina", "chen")} == {is_asked}


def test_ten_wait_at_most(cast, session, chen, people, evening):
    for number in range(10):
        person = make_person(session, name=f"Singer {number}")
        place = make_attendee(session, event=cast.event, person=person)
        cast.event.ends_at = clock.now() + DAY
        talk(session, event=cast.event, by=place, about=cast.ben)
        propose(session, by=cast.other, pair=(chen, person), reason=WHY, now=clock.now())
    with pytest.raises(DomainError, match="10 introductions wait already"):
        propose(session, by=cast.other, pair=(chen, cast.attendee), reason=WHY, now=clock.now())


def test_only_my_own_people_can_be_introduced(cast, session, chen, people, browser_of):
    mine = tie_of(session, cast.other, cast.attendee)
    theirs = tie_of(session, cast.other, chen)
    assert people["amina"].get(f"/people/{mine.id}/introduce").status_code == 200
    answer = people["amina"].send(f"/people/{mine.id}/introductions", to=theirs.id, reason=WHY)
    assert answer.status_code == 422
    assert (
        people["amina"]
        .send(f"/people/{theirs.id}/introductions", to=mine.id, reason=WHY)
        .status_code
        == 404
    )
    assert (
        people["ben"].send(f"/people/{mine.id}/introductions", to=mine.id, reason=WHY).status_code
        == 422
    )
    assert session.query(Introduction).count() == 0


def test_the_reason_is_needed_and_short(cast, session, chen, people):
    one, other = tie_of(session, cast.other, cast.attendee), tie_of(session, cast.other, chen)
    for reason in ("", "x" * 301):
        people["ben"].get(f"/people/{one.id}/introduce")
        answer = people["ben"].submit(f"/people/{one.id}/introductions", to=other.id, reason=reason)
        assert answer.status_code == 422
        assert session.query(Introduction).count() == 0


def test_people_are_found_by_letters_of_their_name(cast, session, chen, people):
    one = tie_of(session, cast.other, cast.attendee)
    assert "Chen Wei" in people["ben"].get(f"/people/{one.id}/introduce?letters=wei").text
    assert "Chen Wei" not in people["ben"].get(f"/people/{one.id}/introduce?letters=zz%25").text


@pytest.mark.parametrize("action", ["accept", "decline", "take-back"])
def test_nobody_answers_for_somebody_else(cast, people, proposed, browser_of, browser, action):
    for somebody in (cast.recruiter, cast.organiser, cast.stranger, cast.other):
        assert browser_of(somebody).send(f"{proposed}/{action}").status_code == 404
    assert browser.send(f"{proposed}/{action}").location.startswith("/sign-in")
    assert people["chen"].send(f"/introductions/zzzz/{action}").status_code == 404
    assert people["chen"].get(f"{proposed}/{action}").status_code == 405


def test_nobody_but_the_proposer_withdraws(people, proposed):
    for one in ("amina", "chen"):
        assert people[one].send(f"{proposed}/withdraw").status_code == 404


def test_once_made_it_counts_for_the_proposers_two_ties_alone(
    cast, session, chen, people, proposed
):
    def services(one, other):
        found = grown(
            session, tie=tie_of(session, one, other), people=(one, other), now=clock.now()
        )
        return found.inputs.services

    assert services(cast.other, chen) == 0
    for one in ("amina", "chen"):
        say(people[one], proposed, "accept")
    session.expire_all()
    assert services(cast.other, chen) == services(cast.other, cast.attendee) == 1
    assert session.query(Tie).count() == 2
