"""Who joined at the door and then finds their printed badge has one place, and nothing is lost."""

from datetime import timedelta

import pytest
from desk.steps import fresh, noted

from people import badge_of, live, make_attendee, make_person, printed, say_talked
from webapp.badges import codes
from webapp.badges.desk.services import check_in
from webapp.badges.printing.services import Which, ask_for_print
from webapp.badges.services import join_event
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.conversations.services import block, claim
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.exchange.guests.models import GuestSource
from webapp.security.limits import limiter
from webapp.ties.models import Tie


@pytest.fixture
def nia(session):
    return make_person(session, name="Nia New", address="nia@example.org")


@pytest.fixture
def walk_in(cast, session, nia):
    """Nia's place: she joined by the code at the door."""
    said = {"name": "Nia", "organisation": "", "headline": ""}
    return join_event(session, event=cast.event, person=nia, now=clock.now(), **said)


@pytest.fixture
def guest(cast, session):
    """The place the guest list has for Nia."""
    return make_attendee(session, event=cast.event, name="Dr. Nia New", group_name="Speakers")


@pytest.fixture
def claim_it(session, browser_of, nia, guest):
    """Let Nia claim the printed badge by the code on its back."""
    badge = badge_of(session, guest)
    url, code = f"/B/{codes.printed_code(badge)}/claim", codes.claim_code(badge)
    return lambda: browser_of(nia).send(url, claim_code=code)


def places_of(session, person):
    session.expire_all()
    return session.query(Attendee).filter_by(person_id=person.id).all()


def test_a_walk_in_who_claims_their_printed_badge_has_one_place_as_it_is_printed(
    cast, session, nia, walk_in, guest, claim_it
):
    walk_in_id, guest_id, badge_id = walk_in.id, guest.id, badge_of(session, guest).id
    answer = claim_it()
    assert (answer.status_code, answer.location) == (303, f"/events/{cast.event.id}/meet")
    (place,) = places_of(session, nia)
    assert place.id == walk_in_id
    assert (place.name, place.group_name) == ("Dr. Nia New", "Speakers")
    assert badge_of(session, place).id == badge_id
    assert session.get(Attendee, (cast.event.id, guest_id)) is None


def test_a_walk_in_who_scans_a_badge_may_say_that_it_is_their_own(
    cast, session, nia, walk_in, guest, browser_of
):
    badge = badge_of(session, guest)
    browser, url = browser_of(nia), f"/B/{codes.printed_code(badge)}"
    browser.get(url)
    assert "Did you talk with Dr. Nia New?" in browser.text
    (link,) = [one for one in browser.page.links() if one.endswith("own=1")]
    browser.get(link)
    answer = browser.submit(f"{url}/claim", claim_code=codes.claim_code(badge))
    assert answer.status_code == 303
    assert len(places_of(session, nia)) == 1


def test_the_way_to_claim_tells_nothing_about_the_badge(
    cast, session, nia, walk_in, guest, browser_of
):
    browser, pages = browser_of(nia), set()
    for about in (guest, cast.amina):
        url = f"/B/{codes.printed_code(badge_of(session, about))}"
        browser.get(url)
        assert [one for one in browser.page.links() if one.endswith("own=1")]
        browser.get(f"{url}?own=1")
        pages.add(browser.text)
    browser.get(f"/B/{'0' * 16}?own=1")
    assert pages == {browser.text}


def test_who_is_on_the_list_is_asked_about_talks_alone(cast, session, guest, browser_of):
    cast.amina.address = "amina@example.org"
    browser = browser_of(cast.attendee)
    browser.get(f"/B/{codes.printed_code(badge_of(session, guest))}")
    assert [one for one in browser.page.links() if one.endswith("own=1")] == []


def test_the_printed_badge_reads_as_them_and_the_code_of_the_phone_is_new(
    cast, session, walk_in, guest, claim_it, browser_of
):
    printed_url = f"/B/{codes.printed_code(badge_of(session, guest))}"
    old = codes.live_code(badge_of(session, walk_in), codes.step_at(clock.now()))
    claim_it()
    amina = browser_of(cast.attendee)
    amina.get(printed_url)
    assert "Did you talk with Dr. Nia New?" in amina.text
    amina.get(f"/L/{cast.event.code}/{old}")
    assert "This code has run out." in amina.text


def test_the_earlier_check_in_counts(cast, session, nia, walk_in, guest, claim_it, evening):
    came_at = clock.now()
    check_in(session, attendee=guest, by=cast.desk, at=came_at, now=came_at)
    walk_in.checked_in_at = came_at + timedelta(minutes=5)
    claim_it()
    (place,) = places_of(session, nia)
    assert place.checked_in_at == came_at


def test_a_claim_that_waits_for_the_printed_badge_follows(
    cast, session, nia, walk_in, guest, claim_it, browser_of
):
    said = say_talked(session, event=cast.event, by=cast.amina, about=guest)
    claim_it()
    browser = browser_of(nia)
    browser.get("/follow-up")
    assert "Amina Diallo" in browser.text
    answer = browser.submit(f"/events/{cast.event.id}/talks/{said.id}/confirm")
    assert answer.status_code == 303
    session.expire_all()
    assert session.query(Conversation).one().evidence is Evidence.CONFIRMED
    assert {claim.about_id for claim in session.query(Claim)} == {walk_in.id}
    assert session.query(Tie).count() == 1


def test_a_proven_talk_of_the_walk_in_stays_and_a_later_scan_of_the_badge_joins_it(
    cast, session, nia, walk_in, guest, claim_it
):
    claim(session, event=cast.event, by=walk_in, scan=live(session, cast.amina), now=clock.now())
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    claim_it()
    session.expire_all()
    talk = session.query(Conversation).one()
    assert talk.evidence is Evidence.LIVE
    assert {talk.low_id, talk.high_id} == {walk_in.id, cast.amina.id}
    assert {claim.conversation_id for claim in session.query(Claim)} == {talk.id}


def test_each_scanned_the_other_before_so_the_talk_is_mutual(
    cast, session, nia, walk_in, guest, claim_it
):
    say_talked(session, event=cast.event, by=walk_in, about=cast.amina)
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    claim_it()
    session.expire_all()
    assert session.query(Conversation).one().evidence is Evidence.MUTUAL
    assert session.query(Tie).count() == 1


def test_two_claims_of_one_person_about_both_badges_are_one(
    cast, session, nia, walk_in, guest, claim_it
):
    for about in (walk_in, guest):
        say_talked(session, event=cast.event, by=cast.amina, about=about)
    claim_it()
    session.expire_all()
    assert session.query(Conversation).one().evidence is Evidence.CLAIMED
    assert session.query(Claim).count() == 2


def test_a_blocked_persons_claim_proves_nothing_and_still_waits(
    cast, session, nia, walk_in, guest, claim_it
):
    say_talked(session, event=cast.event, by=walk_in, about=cast.amina)
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    block(session, blocker_id=nia.id, blocked_id=cast.attendee.id, now=clock.now())
    claim_it()
    session.expire_all()
    waiting = session.query(Conversation).filter_by(undone_at=None).one()
    assert waiting.evidence is Evidence.CLAIMED
    assert waiting.claimed_by_id == cast.amina.id
    assert session.query(Tie).count() == 0


def test_after_a_block_a_claim_goes_on_waiting_whatever_was_proven_before(
    cast, session, nia, walk_in, guest, claim_it, evening
):
    claim(session, event=cast.event, by=walk_in, scan=live(session, cast.amina), now=clock.now())
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    evening.shift(timedelta(minutes=1))
    block(session, blocker_id=nia.id, blocked_id=cast.attendee.id, now=clock.now())
    claim_it()
    session.expire_all()
    waiting = session.query(Conversation).filter_by(proven_at=None).one()
    assert (waiting.claimed_by_id, waiting.undone_at) == (cast.amina.id, None)


def test_who_scanned_their_own_printed_badge_has_talked_with_nobody(
    cast, session, walk_in, guest, claim_it
):
    scan = printed(session, guest)
    claim(session, event=cast.event, by=walk_in, scan=scan, now=clock.now())
    assert claim_it().status_code == 303
    assert session.query(Conversation).count() == session.query(Claim).count() == 0


def test_what_sources_and_the_log_know_follows(cast, session, nia, walk_in, guest, claim_it):
    source = GuestSource(event_id=cast.event.id, source="luma", key="gst-1", attendee_id=guest.id)
    session.add(source)
    check_in(session, attendee=guest, by=cast.desk, at=clock.now(), now=clock.now())
    claim_it()
    session.expire_all()
    assert session.query(GuestSource).one().attendee_id == walk_in.id
    (entry,) = noted(session, "checked_in")
    assert entry.attendee_id == walk_in.id


def test_by_the_mail_of_the_list_one_tap_merges(cast, session, nia, walk_in, guest, browser_of):
    guest.address = "nia@example.org"
    url = f"/B/{codes.printed_code(badge_of(session, guest))}/claim"
    assert browser_of(nia).send(url).status_code == 303
    assert len(places_of(session, nia)) == 1
    assert fresh(session, walk_in).address == "nia@example.org"


def test_the_desk_merges_by_the_live_code_of_the_walk_in(
    cast, session, nia, walk_in, guest, desk, url
):
    code = codes.live_code(badge_of(session, walk_in), codes.step_at(clock.now()))
    answer = desk.send(f"{url}/{guest.id}/vouch", code=code)
    assert (answer.status_code, answer.location) == (303, f"{url}/{walk_in.id}/badge")
    (place,) = places_of(session, nia)
    assert place.name == "Dr. Nia New"


@pytest.mark.parametrize("known_by", ["address", "group", "print"])
def test_who_is_on_the_guest_list_already_swallows_nobody_elses_place(
    cast, session, nia, walk_in, guest, claim_it, known_by
):
    if known_by == "address":
        walk_in.address = "nia@example.org"
    elif known_by == "group":
        walk_in.group_name = "Press"
    else:
        ask_for_print(
            session,
            event=cast.event,
            layout="a4-8",
            has_backs=True,
            has_groups=True,
            which=Which.ALL,
            attendee_id=None,
            by=cast.organiser,
            now=clock.now(),
        )
    answer = claim_it()
    assert answer.status_code == 422
    assert fresh(session, guest).person_id is None
    assert [one.id for one in places_of(session, nia)] == [walk_in.id]


def test_a_badge_somebody_has_claimed_is_not_merged(
    cast, session, nia, walk_in, guest, claim_it, browser_of
):
    other = make_person(session, name="Other")
    badge = badge_of(session, guest)
    browser_of(other).send(
        f"/B/{codes.printed_code(badge)}/claim", claim_code=codes.claim_code(badge)
    )
    limiter.reset()
    assert claim_it().status_code == 422
    assert fresh(session, guest).person_id == other.id
    assert [one.id for one in places_of(session, nia)] == [walk_in.id]
