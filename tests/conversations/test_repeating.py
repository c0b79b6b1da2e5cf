"""The same scan twice, the same people again: what counts once and what is new."""

from datetime import timedelta

import pytest

from people import badge_of, make_attendee, make_event, printed, say_talked, talk
from webapp.badges import codes
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.conversations.services import claim
from webapp.core import clock
from webapp.ties.models import Tie

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = timedelta(days=1)
NONCE = "nonce-of-one-tap"


@pytest.fixture
def send(cast, session, ben):
    """Send Ben's scan of Amina's printed badge."""
    place, code = (
        f"/events/{cast.event.id}/talks",
        codes.printed_code(badge_of(session, cast.amina)),
    )

    def post(nonce=NONCE, **data):
        return ben.send(place, **({"code": code, "nonce": nonce} | data))

    return post


def talks(session):
    session.rollback()
    return session.query(Conversation).populate_existing().order_by(Conversation.started_at).all()


def test_a_tap_sent_again_gets_the_same_answer_and_changes_nothing(send, ben, kept, evening):
    first = send()
    before = kept()
    for later in (SECOND, 11 * MINUTE, 3 * HOUR):
        evening.shift(later)
        again = send()
        assert (again.status_code, again.location) == (first.status_code, first.location)
        send(hx=True)
        assert first.location in ben.page.links()
    assert kept() == before


def test_a_tap_sent_again_after_the_event_still_gets_its_answer(cast, send, kept, evening):
    first = send()
    before = kept()
    evening.move_to(cast.event.ends_at + DAY)
    assert send().location == first.location
    assert send("a-new-nonce").status_code == 403
    assert kept() == before


def test_a_tap_sent_again_after_its_code_has_run_out_still_gets_its_answer(
    cast, session, send, kept, evening
):
    code = codes.live_code(badge_of(session, cast.amina), codes.step_at(clock.now()))
    first = send(code=code)
    before = kept()
    evening.shift(3 * MINUTE)
    assert send(code=code).location == first.location
    assert send("a-new-nonce", code=code).status_code == 422
    assert kept() == before


def test_a_tap_sent_again_with_another_code_is_refused(cast, session, send, kept):
    send()
    rita, before = codes.printed_code(badge_of(session, cast.rita)), kept()
    for code in (rita, "UNKNOWN1", codes.short_code(badge_of(session, cast.amina))):
        assert send(code=code).status_code == 422
    assert kept() == before


def test_two_people_may_use_the_same_key(cast, session, send, browser_of):
    send()
    code = codes.printed_code(badge_of(session, cast.amina))
    rita = browser_of(cast.recruiter)
    rita.send(f"/events/{cast.event.id}/talks", code=code, nonce=NONCE)
    assert {one.by_id for one in session.query(Claim)} == {cast.ben.id, cast.rita.id}


def test_one_key_may_be_used_at_two_events(cast, session, send, ben):
    send()
    other = make_event(session, name="Another Evening")
    amina = make_attendee(session, event=other, person=cast.attendee)
    make_attendee(session, event=other, person=cast.other)
    code = codes.printed_code(badge_of(session, amina))
    assert ben.send(f"/events/{other.id}/talks", code=code, nonce=NONCE).status_code == 303
    assert {one.event_id for one in talks(session)} == {cast.event.id, other.id}


@pytest.mark.parametrize(("later", "number"), [(10 * MINUTE - SECOND, 1), (10 * MINUTE, 2)])
def test_talking_again_after_ten_minutes_is_a_new_talk(cast, session, evening, later, number):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    evening.shift(later)
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    assert len(talks(session)) == number
    assert session.query(Tie).count() == 1


def test_each_scan_begins_the_ten_minutes_anew(cast, session, evening):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    for _ in range(5):
        evening.shift(9 * MINUTE)
        say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    (one,) = talks(session)
    assert one.evidence is Evidence.MUTUAL


def test_the_list_of_people_names_the_latest_talk(cast, session, evening, amina):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    evening.shift(HOUR)
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    session.commit()
    tie = session.query(Tie).one()
    amina.get(f"/people/{tie.id}")
    assert amina.text.count("both said yes") == 2
    assert tie.last_talk_at == clock.now()


def test_a_claim_repeated_while_it_waits_is_the_same_claim(cast, session, send, evening, amina):
    cast.event.ends_at += 8 * DAY
    session.commit()
    for number in range(6):
        assert send(f"nonce-on-day-{number}").status_code == 303
        evening.shift(DAY)
    (one,) = talks(session)
    assert one.evidence is Evidence.CLAIMED
    amina.get("/follow-up")
    assert amina.text.count("says you talked") == 1
    evening.shift(DAY)
    assert send("nonce-after-a-week").status_code == 303
    old, new = talks(session)
    assert (old.id, old.expired_at) == (one.id, clock.now())
    assert new.evidence is Evidence.CLAIMED
    amina.get("/follow-up")
    assert amina.text.count("says you talked") == 1


def test_a_live_code_later_proves_a_talk_of_its_own_and_the_claim_goes_on_waiting(
    cast, session, send, evening, amina, ben
):
    send()
    evening.shift(11 * MINUTE)
    badge = badge_of(session, cast.amina)
    send("nonce-of-the-live-one", code=codes.live_code(badge, codes.step_at(clock.now())))
    claimed, shown = talks(session)
    assert (claimed.evidence, shown.evidence) == (Evidence.CLAIMED, Evidence.LIVE)
    amina.get("/follow-up")
    assert amina.text.count("says you talked at") == 1


def test_scanning_back_days_later_answers_the_claim(cast, session, send, evening):
    cast.event.ends_at += 8 * DAY
    session.commit()
    send()
    evening.shift(5 * DAY)
    back = claim(
        session, event=cast.event, by=cast.amina, scan=printed(session, cast.ben), now=clock.now()
    )
    assert back.evidence is Evidence.MUTUAL
    session.commit()
    assert len(talks(session)) == 1
