"""Whom to look for: three at most, both ways, and nothing that tells what others said or did."""

import re
from datetime import timedelta

import pytest

from pages import HX
from people import (
    live,
    make_attendee,
    make_event,
    make_link,
    make_person,
    printed,
    say_talked,
    talk,
)
from webapp.conversations.services import block, claim, confirm, refuse, undo
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.events.services import check_in, undo_check_in
from webapp.ties.models import LinkKind, Tie
from webapp.ties.services import keep_note, untie
from webapp.topics.queries import candidates, own_topics

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
NOBODY = "Nobody to name just now."
CARD = ["Ben Ng", "Data engineer, Kora Labs"]


def whole(browser, url):
    """Return what an answer says, without what is new in each."""
    answer = browser.get(url)
    assert answer.status_code == 200
    return TOKEN.sub("", answer.get_data(as_text=True))


def card_of(browser):
    (card,) = [one for one in browser.page.all("li") if one.get("class") == "card"]
    return [" ".join("".join(part.itertext()).split()) for part in card]


@pytest.mark.parametrize("headers", [{}, HX])
def test_both_are_named_to_each_other_with_a_reason_and_a_question(
    amina, ben, look_for, pair, headers
):
    assert amina.get(look_for, headers=headers).status_code == 200
    knows = "Knows PostgreSQL, which you look for."
    first = "Ask: what should somebody new to PostgreSQL try first?"
    assert card_of(amina) == [*CARD, knows, first]
    assert ben.get(look_for, headers=headers).status_code == 200
    looks = "Looks for PostgreSQL, which you know about."
    brought = "Ask: what brought you to PostgreSQL?"
    assert card_of(ben) == ["Amina Diallo", CARD[1], looks, brought]


@pytest.mark.parametrize(
    ("side", "told"),
    [
        ("offers", ["You both know chess.", "Ask: what are you doing with chess these days?"]),
        ("seeks", ["You both look for chess.", "Ask: any luck with chess yet?"]),
    ],
)
def test_what_is_shared_is_a_reason_too(cast, say, amina, named, side, told):
    say(cast.amina, **{side: "chess"})
    say(cast.ben, **{side: "Chess!"})
    named(amina)
    assert card_of(amina) == [*CARD, *told]


def test_of_several_reasons_one_is_told(cast, say, amina, named):
    say(cast.amina, offers="chess, choirs", seeks="PostgreSQL")
    say(cast.ben, offers="choirs, chess, PostgreSQL, dance", seeks="chess, dance")
    named(amina)
    assert card_of(amina)[2:3] == ["Knows PostgreSQL, which you look for."]
    assert "dance" not in amina.text
    assert amina.text.count("Ask:") == 1


def test_what_others_typed_is_shown_as_text_alone(session, cast, say, amina, guest, named):
    other = guest("<b>Bold</b>")
    other.organisation, other.headline = "<i>Org</i>", "\u05d0\u05d1 & Co"
    say(other, offers='"><script>1</script>')
    say(cast.amina, seeks='"><script>1</script>')
    assert named(amina) == ["<b>Bold</b>"]
    assert 'Knows "><script>1</script>, which you look for.' in amina.text
    assert [one for one in amina.page.all("script") if one.get("src") is None] == []
    isolated = {"".join(one.itertext()) for one in amina.page.all("bdi")}
    typed = {"<b>Bold</b>", "<i>Org</i>", "\u05d0\u05d1 & Co", '"><script>1</script>'}
    assert typed <= isolated


def test_without_a_topic_in_common_nobody_is_named(cast, say, amina, named):
    say(cast.amina, offers="chess")
    say(cast.ben, offers="choirs")
    assert named(amina) == []
    assert NOBODY in amina.text


def test_without_my_tick_i_see_nobody_and_nobody_sees_me(cast, say, amina, ben, named, pair):
    say(cast.amina, seeks="PostgreSQL", is_looking=False)
    assert named(amina) == named(ben) == []
    assert "We can name up to three people here" in amina.text
    assert NOBODY in ben.text


def test_taking_the_tick_off_hides_me_at_once_and_putting_it_on_shows_me_again(
    amina, ben, look_for, named, pair
):
    assert named(ben) == ["Amina Diallo"]
    named(amina)
    amina.submit(look_for)
    assert named(amina) == named(ben) == []
    amina.submit(look_for, is_looking="y")
    assert named(amina) == ["Ben Ng"]
    assert named(ben) == ["Amina Diallo"]


def test_without_topics_i_am_asked_for_some(cast, say, amina, ben, named, pair):
    say(cast.amina)
    assert named(amina) == named(ben) == []
    assert "Name a topic or two below" in amina.text


def test_who_is_not_checked_in_sees_nobody_and_is_seen_by_nobody(
    cast, session, amina, ben, named, pair
):
    undo_check_in(session, attendee=cast.amina)
    assert named(amina) == named(ben) == []
    assert "Once you are checked in at the desk" in amina.text
    check_in(session, attendee=cast.amina, now=clock.now())
    assert named(amina) == ["Ben Ng"]
    assert named(ben) == ["Amina Diallo"]


def test_who_has_not_claimed_their_badge_is_never_named(cast, session, say, amina, named):
    guest = make_attendee(session, event=cast.event, name="A Guest")
    check_in(session, attendee=guest, now=clock.now())
    say(guest, offers="chess")
    say(cast.amina, seeks="chess")
    assert named(amina) == []
    guest.person_id = make_person(session).id
    assert named(amina) == ["A Guest"]


def test_i_am_not_named_to_myself(cast, say, amina, named):
    say(cast.amina, offers="chess", seeks="chess")
    assert named(amina) == []


def test_nobody_of_another_event_is_named(cast, session, say, amina, named):
    say(cast.amina, seeks="chess")
    elsewhere = make_event(session, name="Elsewhere")
    say(make_attendee(session, event=elsewhere, person=cast.other), offers="chess")
    assert named(amina) == []
    say(cast.ben, offers="chess")
    assert named(amina) == ["Ben Ng"]


@pytest.mark.parametrize(
    ("after_start", "told"),
    [
        (-MINUTE, "When the event is on, you find up to three people here."),
        (0 * MINUTE, None),
        (15 * HOUR, None),
        (15 * HOUR + MINUTE, "This event is over."),
    ],
)
def test_people_are_named_only_while_talks_can_be_recorded(
    session, cast, say, browser_of, evening, after_start, told
):
    starts_at = clock.now() + HOUR
    event = make_event(session, starts_at=starts_at, ends_at=starts_at + 3 * HOUR)
    for person in (cast.attendee, cast.other):
        say(make_attendee(session, event=event, person=person), offers="chess")
    evening.move_to(starts_at + after_start)
    browser = browser_of(cast.attendee)
    browser.get(f"/events/{event.id}/look-for")
    assert ("Ben Ng" in browser.text) == (told is None)
    assert (told or "Ben Ng") in browser.text


@pytest.mark.parametrize(("blocker", "blocked"), [("attendee", "other"), ("other", "attendee")])
def test_a_block_hides_both_from_each_other(
    cast, session, amina, ben, named, pair, blocker, blocked
):
    persons = {"blocker_id": getattr(cast, blocker).id, "blocked_id": getattr(cast, blocked).id}
    block(session, **persons, now=clock.now())
    assert named(amina) == named(ben) == []
    assert NOBODY in amina.text
    assert NOBODY in ben.text


@pytest.mark.parametrize("by", ["amina", "ben"])
@pytest.mark.parametrize("way", [printed, live])
def test_once_the_two_have_talked_it_is_gone_for_both(
    cast, session, amina, ben, named, pair, by, way
):
    by, about = (cast.amina, cast.ben) if by == "amina" else (cast.ben, cast.amina)
    said = claim(session, event=cast.event, by=by, scan=way(session, about), now=clock.now())
    if not said.is_proven:
        confirm(session, talk=said, by=about, now=clock.now())
    assert named(amina) == named(ben) == []


def test_it_stays_gone_when_the_two_untie(cast, session, amina, ben, named, pair):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    untie(session, tie=session.query(Tie).one(), by=cast.attendee, now=clock.now())
    assert named(amina) == named(ben) == []


def test_a_talk_that_was_undone_brings_it_back_for_both(cast, session, amina, ben, named, pair):
    said = talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    undo(session, talk=said, by=cast.amina, now=clock.now())
    assert named(amina) == ["Ben Ng"]
    assert named(ben) == ["Amina Diallo"]


def test_a_talk_at_another_event_does_not_count(cast, session, amina, named, pair):
    before = make_event(session, name="Before")
    them = [make_attendee(session, event=before, person=one) for one in (cast.attendee, cast.other)]
    talk(session, event=before, by=them[0], about=them[1])
    assert named(amina) == ["Ben Ng"]


def test_my_claim_hides_them_for_me_and_changes_nothing_for_them(
    cast, session, amina, ben, look_for, named, pair
):
    before = whole(ben, look_for)
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert named(amina) == []
    assert whole(ben, look_for) == before
    undo(session, talk=said, by=cast.amina, now=clock.now())
    assert named(amina) == ["Ben Ng"]


def test_a_claim_hides_nothing_from_the_one_it_is_about_also_after_their_no(
    cast, session, amina, ben, look_for, named, pair
):
    before = whole(ben, look_for)
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    refuse(session, talk=said, by=cast.ben, now=clock.now())
    assert whole(ben, look_for) == before
    assert named(amina) == []


def leave_waiting(cast, session, said, evening):
    pass


def say_no(cast, session, said, evening):
    refuse(session, talk=said, by=cast.ben, now=clock.now())


def answer_with_a_block(cast, session, said, evening):
    block(session, blocker_id=cast.other.id, blocked_id=cast.attendee.id, now=clock.now())


def let_it_expire(cast, session, said, evening):
    evening.shift(8 * DAY)


def let_it_expire_and_say_it_again(cast, session, said, evening):
    evening.shift(8 * DAY)
    say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)


FATES = [
    leave_waiting,
    say_no,
    answer_with_a_block,
    let_it_expire,
    let_it_expire_and_say_it_again,
]


@pytest.mark.parametrize("fate", FATES)
def test_whatever_became_of_my_claim_looks_the_same_to_me(
    cast, session, say, guest, browser_of, look_for, named, pair, evening, fate
):
    cast.event.ends_at += 20 * DAY
    say(guest("Chen Li"), offers="PostgreSQL")
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    fate(cast, session, said, evening)
    amina = browser_of(cast.attendee)
    assert named(amina) == ["Chen Li"]
    without = whole(amina, look_for)
    say(cast.ben, offers="PostgreSQL", is_looking=False)
    assert whole(amina, look_for) == without


@pytest.mark.parametrize("fate", [one for one in FATES if one is not answer_with_a_block])
def test_what_others_say_about_me_or_each_other_changes_nothing_of_what_i_see(
    cast, session, say, guest, browser_of, look_for, pair, evening, fate
):
    cast.event.ends_at += 20 * DAY
    chen = guest("Chen Li")
    say(chen, seeks="PostgreSQL")
    before = whole(browser_of(cast.other), look_for)
    assert "Chen Li" in before
    assert "Amina Diallo" in before
    say_talked(session, event=cast.event, by=cast.amina, about=chen)
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    fate(cast, session, said, evening)
    assert whole(browser_of(cast.other), look_for) == before


def test_there_are_never_more_than_three(cast, say, amina, guest, look_for, named):
    say(cast.amina, offers="chess", seeks="choirs")
    for number in range(12):
        say(guest(f"Guest {number}"), offers="choirs", seeks="chess" if number > 8 else "")
    found = named(amina)
    assert sorted(found) == ["Guest 10", "Guest 11", "Guest 9"]
    assert named(amina) == found
    for query in ("?page=2", "?limit=50", "?offset=3", "?q=Guest"):
        amina.get(look_for + query)
        assert amina.text.count("Guest ") == 3
    assert not re.search(r"\b12\b", amina.text)


def test_a_better_match_is_found_among_very_many_equals(cast, say, amina, guest, named):
    say(cast.amina, offers="chess", seeks="choirs, PostgreSQL")
    for number in range(60):
        say(guest(f"Guest {number}"), offers="choirs")
    say(guest("The Best"), offers="PostgreSQL", seeks="chess")
    found = named(amina)
    assert found[0] == "The Best"
    assert len(found) == 3


def test_of_too_many_equals_everybody_reads_others_from_their_own_place_on(
    cast, session, say, guest
):
    say(cast.amina, seeks="choirs")
    for number in range(60):
        say(guest(f"Guest {number}"), offers="choirs")
    own = own_topics(session, attendee=cast.amina)
    order = sorted(one.id for one in session.query(Attendee).filter(Attendee.name.like("Guest%")))
    for place in (0, 30, 59):
        found = candidates(session, me=cast.amina, own=own, starting_id=order[place])
        assert {one.attendee_id for one in found} == set((order + order)[place : place + 50])


def test_those_i_have_talked_with_take_nobodys_place(cast, session, say, amina, guest, named):
    say(cast.amina, seeks="choirs, PostgreSQL")
    starts_at = cast.event.starts_at
    for number in range(55):
        one = guest(f"Guest {number}")
        say(one, offers="choirs, PostgreSQL")
        at = starts_at + number * MINUTE
        scan = live(session, one)
        claim(session, event=cast.event, by=cast.amina, scan=scan, now=at)
    say(guest("The Last"), offers="choirs")
    assert named(amina) == ["The Last"]


def test_no_way_to_reach_anybody_is_told(cast, session, say, browser_of, guest, named, secret):
    """Only what is printed on the badge, the topic and the question."""
    other = guest("Chen Li", address=f"{secret}@example.org", group_name=secret)
    person = other.person_id
    for kind, url in {
        LinkKind.WEBSITE: f"https://{secret}.example.org",
        LinkKind.LINKEDIN: f"https://www.linkedin.com/in/{secret}",
        LinkKind.GITHUB: f"https://github.com/{secret}",
        LinkKind.EMAIL: f"mailto:{secret}@example.org",
    }.items():
        make_link(session, person=session.get_one(type(cast.other), person), url=url, kind=kind)
    account = session.get_one(type(cast.other), person)
    account.organisation = account.headline = f"Card {secret}"
    keep_note(session, author=other, about_id=cast.amina.id, text=secret, now=clock.now())
    say(other, offers=f"PostgreSQL, {secret}", seeks=f"choirs {secret}")
    say(cast.amina, seeks="PostgreSQL")
    amina = browser_of(cast.attendee)
    before = set(_links(amina, named, cast, say, other))
    text = amina.get(f"/events/{cast.event.id}/look-for").get_data(as_text=True)
    assert "Chen Li" in text
    assert secret not in text
    for opaque in (other.id, person, account.created_at.isoformat()):
        assert opaque not in text
    assert set(amina.page.links()) == before
    assert amina.page.all("img") == []


def _links(browser, named, cast, say, other):
    """Return the links of the page with nobody on it."""
    say(other, is_looking=False)
    assert named(browser) == []
    found = browser.page.links()
    say(other, offers="PostgreSQL")
    assert named(browser) == ["Chen Li"]
    return found


def test_a_suggestion_opens_no_page_of_theirs(cast, ben, amina, look_for, named, pair, session):
    assert named(amina) == ["Ben Ng"]
    session.expire_all()
    assert session.query(Tie).count() == 0
    assert "Ben Ng" not in _text(amina, "/people")
    assert "Ben Ng" not in _text(amina, "/follow-up")


def _text(browser, url):
    browser.get(url)
    return browser.text


def test_the_page_asks_as_much_for_twenty_as_for_two(cast, say, amina, guest, look_for, asked):
    say(cast.amina, offers="chess", seeks="choirs")
    ruled_alike = look_for.replace("look-for", "scan")
    amina.get(ruled_alike)
    with asked() as of_the_rule:
        amina.get(ruled_alike)
    counted = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            say(guest(f"Guest {number}"), offers="chess, choirs", seeks="chess, choirs")
        with asked() as statements:
            amina.get(look_for)
        assert amina.text.count("Guest ") == min(3, numbers.stop)
        counted.append(len(statements))
    assert counted == [len(of_the_rule) + 2] * 2
