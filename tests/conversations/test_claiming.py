"""From what was read to a claim or a proven talk, by every way in, and by none that is closed."""

import re
from datetime import timedelta

import pytest

from pages import HX
from people import badge_of, make_attendee, make_event, make_person, printed, say_talked
from webapp.badges import codes
from webapp.badges.services import issue_badge
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.conversations.services import block, claim
from webapp.core import clock
from webapp.events.services import check_in
from webapp.ties.models import Tie

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
NONCE = "nonce-of-one-tap"
TOKEN = re.compile(r'(name="csrf_token" value="|data-me=")[^"]*')


@pytest.fixture
def place(cast):
    return f"/events/{cast.event.id}/talks"


@pytest.fixture
def badge(cast, session):
    """Amina's badge."""
    return badge_of(session, cast.amina)


@pytest.fixture
def new_guest(cast, session, browser_of):
    """One more attendee of the evening, with a browser."""

    def make(name):
        person = make_person(session, name=name)
        return make_attendee(session, event=cast.event, person=person), browser_of(person)

    return make


def printed_code(badge):
    return codes.printed_code(badge)


def live_code(badge, *, ago=timedelta(0)):
    return codes.live_code(badge, codes.step_at(clock.now() - ago))


def the_talk(session):
    session.rollback()
    return session.query(Conversation).populate_existing().one()


def text(browser, url):
    browser.get(url)
    return browser.text


def camera(browser, event, badge):
    browser.get(f"/B/{printed_code(badge)}")


def camera_in_small_letters(browser, event, badge):
    browser.get(f"/b/{printed_code(badge).lower()}")


def typed_from_the_badge(browser, event, badge):
    browser.get(f"/events/{event.id}/scan")
    code = codes.short_code(badge)
    browser.submit(f"/events/{event.id}/ask", code=f" {code[:4].lower()}-{code[4:]} ")


def camera_on_a_screen(browser, event, badge):
    browser.get(f"/L/{event.code}/{live_code(badge)}")


def typed_from_a_screen(browser, event, badge):
    browser.get(f"/events/{event.id}/scan")
    browser.submit(f"/events/{event.id}/ask", code=live_code(badge, ago=15 * SECOND))


@pytest.mark.parametrize(
    ("way_in", "evidence"),
    [
        (camera, Evidence.CLAIMED),
        (camera_in_small_letters, Evidence.CLAIMED),
        (typed_from_the_badge, Evidence.CLAIMED),
        (camera_on_a_screen, Evidence.LIVE),
        (typed_from_a_screen, Evidence.LIVE),
    ],
)
def test_every_way_in_asks_and_records_with_one_tap(
    way_in, evidence, cast, session, ben, badge, place, kept
):
    before = kept()
    way_in(ben, cast.event, badge)
    assert "Did you talk with Amina Diallo?" in ben.text
    assert "Data engineer, Kora Labs" in ben.text
    assert "amina.example.org" not in ben.text
    assert kept() == before
    answer = ben.submit(place)
    talk = the_talk(session)
    assert (answer.status_code, answer.location) == (303, f"{place}/{talk.id}")
    assert talk.evidence is evidence
    is_open = evidence is Evidence.LIVE
    assert ("amina.example.org" in text(ben, answer.location)) == is_open


def test_inside_the_scanner_the_answer_says_what_was_saved(session, ben, badge, place):
    assert ben.send(place, hx=True, code=printed_code(badge), nonce=NONCE).status_code == 200
    assert "You said you talked with Amina Diallo" in ben.page.text
    assert f"{place}/{the_talk(session).id}" in ben.page.links()


def test_the_scanner_asks_without_leaving_its_page(cast, ben, badge):
    ben.get(f"/B/{printed_code(badge)}", headers=HX)
    assert ben.page.root[0].get("id") == "found"
    assert "Did you talk with Amina Diallo?" in ben.page.text


@pytest.mark.parametrize(
    ("code", "words"),
    [("0000000000", "This code has run out."), ("00000000", "We do not know this code.")],
)
def test_the_scanner_says_on_its_own_page_what_is_wrong_with_a_code(cast, ben, code, words):
    answer = ben.get(f"/events/{cast.event.id}/ask?code={code}", headers=HX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#status"
    assert words in ben.page.text


def test_a_claim_opens_nothing_and_asks_the_other_side_quietly(amina, ben, badge, place):
    ben.send(place, code=printed_code(badge), nonce=NONCE)
    for url in ("/people", "/follow-up"):
        assert "amina.example.org" not in text(ben, url)
        assert "ben.example.org" not in text(amina, url)
    assert "Ben Ng Data engineer, Kora Labs says you talked at PyMeetup Nov" in amina.text
    assert "Amina Diallo" in text(ben, "/follow-up")


def test_scanning_back_is_mutual_and_opens_both(cast, session, amina, ben, place):
    for browser, about in ((ben, cast.amina), (amina, cast.ben)):
        browser.send(place, code=printed_code(badge_of(session, about)), nonce=NONCE)
    talk = the_talk(session)
    assert talk.evidence is Evidence.MUTUAL
    assert "amina.example.org" in text(ben, f"{place}/{talk.id}")
    assert "ben.example.org" in text(amina, f"{place}/{talk.id}")


def test_a_claim_about_a_guest_waits_until_they_claim_their_badge(
    cast, session, ben, browser_of, place
):
    guest = make_attendee(session, event=cast.event, name="Gaia Guest")
    ben.send(place, code=printed_code(badge_of(session, guest)), nonce=NONCE)
    guest.person_id = make_person(session, name="Gaia Guest").id
    session.commit()
    gaia = browser_of(session.get_one(type(cast.attendee), guest.person_id))
    assert "Ben Ng" in text(gaia, "/follow-up")
    assert gaia.submit(f"{place}/{the_talk(session).id}/confirm").status_code == 303


def test_ones_own_badge_is_refused(cast, session, ben, place, kept):
    own, before = badge_of(session, cast.ben), kept()
    for code in (printed_code(own), live_code(own)):
        assert ben.send(place, code=code, nonce=NONCE).status_code == 422
        asked = ben.get(f"/events/{cast.event.id}/ask?code={code}")
        assert asked.location == f"/events/{cast.event.id}/meet"
    assert kept() == before


BAD_FORMS = {
    "no code": {"code": ""},
    "a code that is far too long": {"code": "A" * 65},
    "no key": {"nonce": ""},
    "a short key": {"nonce": "seven77"},
    "a long key": {"nonce": "n" * 65},
    "a key with a line break": {"nonce": "nonce-1234\n"},
    "a key with other letters": {"nonce": "nonce-\u00e9\u00e9\u00e9\u00e9"},
}


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize("change", BAD_FORMS.values(), ids=BAD_FORMS)
def test_what_came_through_broken_is_refused_and_nothing_saved(change, hx, ben, badge, place, kept):
    before = kept()
    data = {"code": printed_code(badge), "nonce": NONCE} | change
    assert ben.send(place, hx=hx, **data).status_code == 422
    assert "did not come through whole" in ben.text
    assert kept() == before


@pytest.mark.parametrize("code", ["ABCD1234", "ABCDEFGHJK", "A" * 16, "?", "\u202ezip"])
def test_an_unknown_code_stays_typed_and_saves_nothing(code, ben, place, kept):
    before = kept()
    assert ben.send(place, code=code, nonce=NONCE).status_code == 422
    (typed,) = [one for one in ben.page.all("input") if one.get("name") == "code"]
    assert typed.get("value") == code
    assert kept() == before


def test_a_badge_of_another_event_is_unknown_here(session, ben, place, kept):
    elsewhere = make_attendee(session, event=make_event(session, name="Elsewhere"))
    there = badge_of(session, elsewhere)
    session.commit()
    before = kept()
    for code in (printed_code(there), codes.short_code(there), live_code(there)):
        assert ben.send(place, code=code, nonce=NONCE).status_code == 422
    assert kept() == before


@pytest.mark.parametrize(
    ("persona", "status"), [("stranger", 404), ("organiser", 403), ("desk", 403)]
)
def test_only_attendees_claim(persona, status, cast, browser_of, badge, place, kept):
    browser, before = browser_of(getattr(cast, persona)), kept()
    for hx in (False, True):
        answer = browser.send(place, hx=hx, code=printed_code(badge), nonce=NONCE)
        assert answer.status_code == status
    assert kept() == before


def test_claiming_is_a_post_with_a_token_by_somebody_signed_in(ben, browser, badge, place, kept):
    before, data = kept(), {"code": printed_code(badge), "nonce": NONCE}
    assert ben.get(place, query_string=data).status_code == 405
    assert ben.post(place, data=data).status_code == 400
    assert browser.send(place, **data).location == "/sign-in"
    elsewhere = "/events/aaaaaaaaaaaaaaaa/talks"
    assert ben.send(elsewhere, **data).status_code == 404
    assert kept() == before


@pytest.mark.parametrize(
    ("after_the_end", "is_open"),
    [(timedelta(0), True), (12 * HOUR, True), (12 * HOUR + SECOND, False)],
)
def test_talks_are_recorded_up_to_twelve_hours_after_the_end(
    after_the_end, is_open, cast, ben, badge, place, evening, kept
):
    evening.move_to(cast.event.ends_at + after_the_end)
    ask, before = f"/events/{cast.event.id}/ask?code={printed_code(badge)}", kept()
    assert ("Did you talk with" in text(ben, ask)) == is_open
    assert ("Amina Diallo" in ben.text) == is_open
    answer = ben.send(place, code=printed_code(badge), nonce=NONCE)
    assert answer.status_code == (303 if is_open else 403)
    assert (kept() == before) != is_open


def test_before_the_event_begins_nothing_is_recorded_or_told(
    cast, session, ben, badge, place, kept
):
    cast.event.starts_at = clock.now() + SECOND
    session.commit()
    before = kept()
    assert ben.send(place, code=live_code(badge), nonce=NONCE).status_code == 403
    assert "Amina Diallo" not in text(ben, f"/L/{cast.event.code}/{live_code(badge)}")
    assert kept() == before


def test_where_check_in_is_needed_one_scans_after_it(cast, session, ben, badge, place, kept):
    cast.event.needs_check_in = True
    cast.ben.checked_in_at = None
    session.commit()
    before = kept()
    assert ben.send(place, code=printed_code(badge), nonce=NONCE).status_code == 403
    assert "check in at the desk first" in ben.text
    assert kept() == before
    check_in(
        session,
        attendee=session.get_one(type(cast.ben), (cast.event.id, cast.ben.id)),
        now=clock.now(),
    )
    assert ben.send(place, code=printed_code(badge), nonce=NONCE).status_code == 303


@pytest.mark.parametrize(
    ("ago", "status"), [(timedelta(0), 303), (15 * SECOND, 303), (30 * SECOND, 422)]
)
def test_a_live_code_lives_for_two_steps(ago, status, ben, badge, place):
    code = live_code(badge, ago=ago)
    assert ben.send(place, code=code, nonce=NONCE).status_code == status
    assert ("has run out" in ben.text if ben.page else False) == (status == 422)


@pytest.mark.parametrize(
    ("later", "evidence"),
    [(120 * SECOND, Evidence.LIVE), (121 * SECOND, Evidence.CLAIMED), (5 * HOUR, Evidence.CLAIMED)],
)
def test_the_tap_may_come_two_minutes_after_the_scan_then_it_is_a_claim(
    later, evidence, cast, session, ben, badge, place, evening
):
    ben.get(f"/L/{cast.event.code}/{live_code(badge)}")
    evening.shift(later)
    answer = ben.submit(place)
    assert the_talk(session).evidence is evidence
    assert ("amina.example.org" in text(ben, answer.location)) == (evidence is Evidence.LIVE)


def test_a_ticket_is_for_whoever_scanned(cast, ben, browser_of, badge, place, evening, kept):
    ben.get(f"/L/{cast.event.code}/{live_code(badge)}")
    hidden = {one.get("name"): one.get("value") for one in ben.page.all("input")}
    del hidden["csrf_token"]
    evening.shift(MINUTE)
    before = kept()
    assert browser_of(cast.recruiter).send(place, **hidden).status_code == 422
    forged = hidden | {"ticket": hidden["ticket"][:-2] + "xx"}
    assert ben.send(place, **forged).status_code == 422
    assert kept() == before
    assert ben.send(place, **hidden).status_code == 303


@pytest.mark.parametrize("later", [10 * SECOND, 3 * MINUTE])
def test_a_ticket_is_worth_nothing_once_the_badge_is_revoked(
    later, cast, session, ben, badge, place, evening, kept
):
    ben.get(f"/L/{cast.event.code}/{live_code(badge)}")
    issue_badge(session, attendee=cast.amina, now=clock.now())
    session.commit()
    evening.shift(later)
    before = kept()
    assert ben.submit(place).status_code == 422
    assert kept() == before


def test_eight_people_may_use_one_live_code_and_the_ninth_makes_a_claim(
    session, badge, place, new_guest
):
    code, seen = live_code(badge), []
    for number in range(9):
        _guest, browser = new_guest(f"Guest {number}")
        url = browser.send(place, code=code, nonce=NONCE).location
        seen.append("amina.example.org" in text(browser, url))
    assert seen == [True] * 8 + [False]
    session.rollback()
    assert session.query(Claim).count() == 9


def test_the_next_step_has_room_for_eight_more(badge, place, new_guest, evening):
    for number in range(9):
        _guest, browser = new_guest(f"Guest {number}")
        url = browser.send(place, code=live_code(badge), nonce=NONCE).location
        evening.shift(2 * SECOND)
    assert "amina.example.org" in text(browser, url)


def test_one_live_code_proves_one_talk_for_one_scanner(session, ben, badge, place):
    code = live_code(badge)
    first = ben.send(place, code=code, nonce=NONCE).location
    assert ben.send(place, code=code, nonce="another-nonce").location == first
    ben.send(f"{first}/undo")
    again = ben.send(place, code=code, nonce="a-third-nonce").location
    assert again != first
    assert "You said you talked with Amina Diallo" in text(ben, again)
    session.rollback()
    assert session.query(Tie).one().closed_at is not None


def test_a_live_code_of_who_has_blocked_looks_like_a_tap_that_came_late(
    cast, session, ben, badge, place, new_guest, evening
):
    _other, late = new_guest("Ben Ng")
    late.get(f"/L/{cast.event.code}/{live_code(badge)}")
    evening.shift(3 * MINUTE)
    block(session, blocker_id=cast.attendee.id, blocked_id=cast.other.id, now=clock.now())
    session.commit()
    ben.get(f"/L/{cast.event.code}/{live_code(badge)}")
    told = []
    for browser in (ben, late):
        answer = browser.submit(place)
        url = answer.location
        pages = [browser.get(url), browser.get("/follow-up"), browser.get("/people")]
        told.append([answer.status] + [_plain(page, url) for page in pages])
    assert told[0] == told[1]


def test_the_twenty_first_scan_of_a_minute_has_to_wait(cast, ben, badge, place, evening, kept):
    for number in range(20):
        assert (
            ben.send(place, code=printed_code(badge), nonce=f"{NONCE}-{number}").status_code == 303
        )
        evening.shift(SECOND)
    before = kept()
    answer = ben.send(place, code=printed_code(badge), nonce=NONCE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert kept() == before
    evening.shift(MINUTE)
    assert ben.send(place, code=printed_code(badge), nonce=NONCE).status_code == 303


def test_who_sweeps_a_table_of_badges_needs_live_codes_for_ten_minutes(
    cast, session, ben, badge, place, evening, kept
):
    guests = [make_attendee(session, event=cast.event, name=f"Guest {n}") for n in range(7)]
    for guest in guests:
        code = printed_code(badge_of(session, guest))
        assert ben.send(place, code=code, nonce=NONCE + guest.id).status_code == 303
        evening.shift(8 * SECOND)
    before = kept()
    answer = ben.send(place, code=printed_code(badge), nonce=NONCE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert kept() == before
    assert ben.send(place, code=live_code(badge), nonce=NONCE).status_code == 303
    evening.shift(10 * MINUTE)
    rita = printed_code(badge_of(session, cast.rita))
    assert ben.send(place, code=rita, nonce="after-ten-minutes").status_code == 303


def test_twenty_people_who_have_not_answered_are_enough(
    cast, session, ben, badge, place, evening, kept
):
    cast.event.ends_at += timedelta(days=8)
    claims = []
    for number in range(20):
        guest = make_attendee(session, event=cast.event, name=f"Guest {number}")
        claims.append(say_talked(session, event=cast.event, by=cast.ben, about=guest))
        evening.shift(MINUTE)
    session.commit()
    before = kept()
    assert ben.send(place, code=printed_code(badge), nonce=NONCE).status_code == 429
    assert "20 people have not answered you yet" in ben.text
    assert kept() == before
    again = printed(
        session, session.get_one(type(cast.amina), (cast.event.id, claims[0].claimed_about_id))
    )
    assert claim(session, event=cast.event, by=cast.ben, scan=again, now=clock.now()) is claims[0]
    assert ben.send(place, code=live_code(badge), nonce=NONCE).status_code == 303
    rita = printed_code(badge_of(session, cast.rita))
    assert ben.send(place, code=rita, nonce="nonce-for-rita").status_code == 429
    ben.send(f"{place}/{claims[0].id}/undo")
    assert ben.send(place, code=rita, nonce="nonce-for-rita").status_code == 303


def _plain(answer, url):
    return answer.status, TOKEN.sub(r"\1", answer.get_data(as_text=True)).replace(url, "URL")
