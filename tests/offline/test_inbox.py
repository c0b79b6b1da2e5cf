"""The inbox for scans a phone kept: each counts once, and is answered for itself."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest

from people import (
    badge_of,
    live,
    make_attendee,
    make_event,
    make_person,
    say_talked,
    sign_in,
    talk,
)
from webapp.accounts.access import tag_of
from webapp.badges import codes
from webapp.badges.services import issue_badge
from webapp.conversations import services
from webapp.conversations.models import Claim, Conversation, Evidence
from webapp.core import clock
from webapp.ties.models import Tie

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
UNKNOWN = "We do not know this code, or you have not joined its event."
_keys = count(1)


def kept(code, *, ago=MINUTE, event="", nonce=None):
    return {
        "nonce": nonce or f"kept-key-{next(_keys)}",
        "code": code,
        "event": event,
        "age": ago.total_seconds(),
    }


def send(browser, person, *scans):
    answer = browser.send("/inbox", me=tag_of(person.id), scans=json.dumps(scans))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["answers"]


def printed_of(session, attendee):
    return codes.printed_code(badge_of(session, attendee))


def shown_by(session, attendee, *, ago=MINUTE):
    """The live code an attendee's phone showed some time ago."""
    return codes.live_code(badge_of(session, attendee), codes.step_at(clock.now() - ago))


@pytest.fixture
def ben(cast, browser_of):
    return browser_of(cast.other)


def test_a_kept_scan_of_a_printed_badge_is_a_claim_made_when_it_was_scanned(cast, session, ben):
    (told,) = send(ben, cast.other, kept(printed_of(session, cast.amina), ago=20 * MINUTE))
    said = session.query(Conversation).one()
    assert told["state"] == "counted"
    assert told["url"] == f"/events/{cast.event.id}/talks/{said.id}"
    assert said.evidence is Evidence.CLAIMED
    assert said.started_at == clock.now() - 20 * MINUTE
    assert session.query(Tie).count() == 0


def test_a_kept_live_code_proves_when_it_was_shown_and_opens_the_tie(cast, session, ben):
    code = shown_by(session, cast.amina, ago=2 * HOUR)
    cast.event.starts_at -= 3 * HOUR
    (told,) = send(ben, cast.other, kept(code, ago=2 * HOUR, event=cast.event.code.lower()))
    said = session.query(Conversation).one()
    assert told["state"] == "counted"
    assert said.evidence is Evidence.LIVE
    assert said.started_at == codes.moment_of(codes.step_at(clock.now() - 2 * HOUR))
    assert session.query(Tie).count() == 1


@pytest.mark.parametrize(
    ("off", "is_counted"),
    [
        (-75 * SECOND, False),
        (-59 * SECOND, True),
        (timedelta(0), True),
        (59 * SECOND, True),
        (91 * SECOND, False),
    ],
)
def test_the_phones_clock_may_be_off_by_a_minute_from_what_a_live_code_proves(
    cast, session, ben, off, is_counted
):
    code = shown_by(session, cast.amina, ago=10 * MINUTE)
    (told,) = send(ben, cast.other, kept(code, ago=10 * MINUTE + off, event=cast.event.id))
    assert (told["state"] == "counted") is is_counted
    assert session.query(Claim).count() == is_counted
    shown = codes.moment_of(codes.step_at(clock.now() - 10 * MINUTE))
    assert [talk.started_at for talk in session.query(Conversation)] == [shown] * is_counted


def test_sent_again_after_the_badge_was_replaced_it_still_counts_once(cast, session, ben):
    item = kept(codes.printed_code(badge_of(session, cast.amina)), event=cast.event.id)
    (first,) = send(ben, cast.other, item)
    issue_badge(session, attendee=cast.amina, now=clock.now())
    session.commit()
    (again,) = send(ben, cast.other, item)
    assert (again["state"], again["url"]) == ("counted", first["url"])
    assert session.query(Claim).count() == 1


def test_a_live_code_of_the_future_proves_nothing(cast, session, ben):
    code = shown_by(session, cast.amina, ago=-30 * SECOND)
    (told,) = send(ben, cast.other, kept(code, ago=timedelta(0), event=cast.event.id))
    assert (told["state"], told["words"]) == ("refused", UNKNOWN)


@pytest.mark.parametrize(("ago", "is_counted"), [(3 * DAY, True), (3 * DAY + SECOND, False)])
def test_a_phone_has_three_days_to_send(cast, session, ben, ago, is_counted):
    cast.event.starts_at -= 4 * DAY
    session.commit()
    for code in (printed_of(session, cast.amina), shown_by(session, cast.rita, ago=ago)):
        (told,) = send(ben, cast.other, kept(code, ago=ago, event=cast.event.id))
        assert (told["state"] == "counted") is is_counted
    assert ("three days" in told["words"]) is not is_counted


@pytest.mark.parametrize(("after_end", "is_counted"), [(12, True), (12.1, False)])
def test_a_kept_scan_counts_if_it_was_made_while_talks_were_taken(
    cast, session, ben, evening, after_end, is_counted
):
    moment = cast.event.ends_at + after_end * HOUR
    evening.move_to(moment)
    codes_then = printed_of(session, cast.amina), shown_by(session, cast.rita, ago=timedelta(0))
    evening.shift(DAY)
    for code in codes_then:
        (told,) = send(ben, cast.other, kept(code, ago=DAY, event=cast.event.id))
        assert (told["state"] == "counted") is is_counted


def test_the_same_key_counts_once_and_another_code_under_it_is_refused(cast, session, ben):
    scan = kept(printed_of(session, cast.amina))
    other = {**scan, "code": printed_of(session, cast.rita)}
    answers = [send(ben, cast.other, one)[0] for one in (scan, scan, other, scan)]
    assert [told["state"] for told in answers] == ["counted", "counted", "refused", "counted"]
    assert "already sent with another code" in answers[2]["words"]
    assert len({told["url"] for told in answers if told["url"]}) == 1
    assert session.query(Claim).count() == 1


def test_a_tap_whose_answer_was_lost_and_its_kept_copy_count_once(cast, session, ben):
    code = printed_of(session, cast.amina)
    ben.send(f"/events/{cast.event.id}/talks", code=code, nonce="one-and-the-same")
    (told,) = send(ben, cast.other, kept(code, event=cast.event.id, nonce="one-and-the-same"))
    assert told["state"] == "counted"
    assert session.query(Claim).count() == 1


def test_one_bad_item_never_blocks_the_next(cast, session, ben):
    good = [printed_of(session, one) for one in (cast.amina, cast.rita)]
    broken = [None, [], "x", {}, {"nonce": "short", "code": 7}, {**kept(good[0]), "age": "old"}]
    own, unknown = kept(printed_of(session, cast.ben)), kept("0000000000000000")
    old = kept(good[0], ago=9 * DAY)
    answers = send(ben, cast.other, *broken, kept(good[0]), own, unknown, old, kept(good[1]))
    states = [told["state"] for told in answers]
    assert states == ["refused"] * 6 + ["counted", "refused", "refused", "refused", "counted"]
    assert {claim.about_id for claim in session.query(Claim)} == {cast.amina.id, cast.rita.id}


@pytest.mark.parametrize("age", [-1, float("nan"), float("inf"), 1e300, True, None, "60", [60]])
def test_an_age_that_is_none_is_refused(cast, session, ben, age):
    (told,) = send(ben, cast.other, {**kept(printed_of(session, cast.amina)), "age": age})
    assert told["state"] == "refused"
    assert session.query(Claim).count() == 0


def test_a_limit_that_protects_people_asks_to_send_it_later(cast, session, ben, monkeypatch):
    monkeypatch.setattr(services, "MOST_WAITING", 1)
    codes_ = [printed_of(session, one) for one in (cast.amina, cast.rita)]
    first, second = send(ben, cast.other, *(kept(code) for code in codes_))
    assert first["state"] == "counted"
    assert second["state"] == "later"
    assert second["seconds"] > 0
    assert session.query(Claim).count() == 1


def test_an_evening_of_printed_badges_sent_at_once_is_no_table_of_badges(cast, session, ben):
    cast.event.starts_at -= 3 * HOUR
    guests = [make_attendee(session, event=cast.event, name=f"Guest {n}") for n in range(12)]
    scans = [
        kept(printed_of(session, guest), ago=(10 + 10 * number) * MINUTE)
        for number, guest in enumerate(guests)
    ]
    assert {told["state"] for told in send(ben, cast.other, *scans)} == {"counted"}


def test_twelve_badges_scanned_within_a_minute_are_a_table_also_when_sent_later(cast, session, ben):
    guests = [make_attendee(session, event=cast.event, name=f"Guest {n}") for n in range(12)]
    scans = [
        kept(printed_of(session, guest), ago=30 * MINUTE - number * SECOND)
        for number, guest in enumerate(guests)
    ]
    states = [told["state"] for told in send(ben, cast.other, *scans)]
    assert states == ["counted"] * 7 + ["later"] * 5


def test_a_badge_replaced_since_keeps_what_its_phone_proved_before(cast, session, ben, evening):
    printed, shown = printed_of(session, cast.amina), shown_by(session, cast.rita)
    for one in (cast.amina, cast.rita):
        issue_badge(session, attendee=one, now=clock.now())
    answers = send(ben, cast.other, kept(printed), kept(shown, event=cast.event.id))
    assert [told["state"] for told in answers] == ["refused", "counted"]


def test_a_live_code_shown_after_its_badge_was_replaced_is_unknown(cast, session, ben, evening):
    badge = badge_of(session, cast.rita)
    issue_badge(session, attendee=cast.rita, now=clock.now())
    evening.shift(5 * MINUTE)
    code = codes.live_code(badge, codes.step_at(clock.now() - MINUTE))
    (told,) = send(ben, cast.other, kept(code, event=cast.event.id))
    assert (told["state"], told["words"]) == ("refused", UNKNOWN)


def test_a_scan_made_before_they_untied_does_not_tie_them_again(cast, session, ben, evening):
    code = shown_by(session, cast.amina, ago=timedelta(0))
    claimed = live(session, cast.amina)
    services.claim(session, event=cast.event, by=cast.ben, scan=claimed, now=clock.now())
    tie = session.query(Tie).one()
    evening.shift(5 * MINUTE)
    amina = ben.application.test_client()
    sign_in(amina, session, cast.attendee)
    amina.send(f"/people/{tie.id}/untie")
    send(ben, cast.other, kept(code, ago=5 * MINUTE, event=cast.event.id))
    session.expire_all()
    assert session.query(Tie).one().closed_at is not None


def test_who_does_not_attend_learns_no_more_than_from_an_unknown_code(cast, session, browser_of):
    sam = browser_of(cast.stranger)
    codes_ = [printed_of(session, cast.amina), "0000000000000000"]
    typed = [codes.short_code(badge_of(session, cast.amina)), "00000000"]
    answers = send(
        sam,
        cast.stranger,
        *(kept(code, nonce=f"same-key-{code}"[:12]) for code in codes_),
        *(kept(code, event=cast.event.id) for code in typed),
    )
    assert {(told["state"], told["words"], told["url"]) for told in answers} == {
        ("refused", UNKNOWN, "")
    }


def test_a_blocked_persons_kept_scan_looks_like_any_that_waits(cast, session, ben):
    services.block(session, blocker_id=cast.attendee.id, blocked_id=cast.other.id, now=clock.now())
    shown, printed = shown_by(session, cast.amina), printed_of(session, cast.rita)
    blocked, waits = send(ben, cast.other, kept(shown, event=cast.event.id), kept(printed))
    unlike = {"nonce", "url"}
    assert {k: v for k, v in blocked.items() if k not in unlike} == {
        k: v for k, v in waits.items() if k not in unlike
    }
    assert session.query(Tie).count() == 0


def test_what_one_person_kept_is_not_taken_from_another(cast, session, ben):
    scan = kept(printed_of(session, cast.rita))
    answer = ben.send("/inbox", me=tag_of(cast.attendee.id), scans=json.dumps([scan]))
    assert answer.status_code == 409
    assert session.query(Claim).count() == 0


@pytest.mark.parametrize("sent", ["", "?", "{}", "null", "[" * 100_000, json.dumps([{}] * 21)])
def test_an_upload_that_is_no_short_list_is_refused_as_a_whole(cast, session, ben, sent):
    answer = ben.send("/inbox", me=tag_of(cast.other.id), scans=sent)
    assert answer.status_code == 422


def test_whose_phone_it_is_and_the_time_come_with_the_key(cast, ben):
    told = ben.get("/inbox").get_json()
    assert told["me"] == tag_of(cast.other.id)
    assert told["now"] == int(clock.now().timestamp() * 1000)
    assert told["most"] == 20
    assert ben.post("/inbox", data={"scans": "[]"}).status_code == 400


def test_the_signed_out_have_no_inbox(browser):
    assert browser.get("/inbox").status_code == 303


def test_trying_codes_through_the_inbox_is_stopped(cast, session, ben):
    for _ in range(30):
        send(ben, cast.other, kept("00000000", event=cast.event.id))
    answer = ben.send("/inbox", me=tag_of(cast.other.id), scans="[]")
    assert answer.status_code == 429


def test_a_proven_talk_in_the_inbox_joins_what_was_said_at_the_time(cast, session, ben, evening):
    said = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    evening.shift(HOUR)
    (told,) = send(ben, cast.other, kept(printed_of(session, cast.amina), ago=HOUR - MINUTE))
    assert told["url"].endswith(said.id)
    assert session.query(Conversation).count() == 1


def test_scanning_back_from_the_inbox_is_mutual(cast, session, ben):
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    send(ben, cast.other, kept(printed_of(session, cast.amina)))
    session.refresh(said)
    assert said.evidence is Evidence.MUTUAL


def test_five_hundred_scans_sent_five_times_in_four_runs_at_once_count_once_each(
    app, session, evening, browser_of
):
    event = make_event(session, starts_at=clock.now() - DAY)
    ben = make_person(session, name="Ben Ng")
    make_attendee(session, event=event, person=ben)
    scans = []
    for number in range(500):
        guest = make_attendee(session, event=event, name=f"Guest {number}")
        ago = (number + 1) * MINUTE
        scans.append(kept(shown_by(session, guest, ago=ago), ago=ago, event=event.code))
    batches = [scans[start : start + 20] for start in range(0, len(scans), 20)] * 5
    phones, tag = [browser_of(ben) for _ in range(4)], tag_of(ben.id)
    session.commit()

    def run(number):
        told = []
        with app.app_context():
            for batch in batches[number::4]:
                answer = phones[number].send("/inbox", me=tag, scans=json.dumps(batch))
                told += answer.get_json()["answers"]
        return told

    with ThreadPoolExecutor(4) as threads:
        told = [one for answers in threads.map(run, range(4)) for one in answers]
    session.expire_all()
    assert len(told) == 2500
    assert session.query(Claim).count() == session.query(Conversation).count() == 500


def test_phones_that_met_the_same_people_do_not_wait_for_each_other_in_a_circle(
    app, session, evening, browser_of
):
    event = make_event(session, starts_at=clock.now() - DAY)
    people = [make_person(session, name=f"Guest {number}") for number in range(12)]
    places = [make_attendee(session, event=event, person=one) for one in people]
    uploads = []
    for at, person in enumerate(people):
        met = [(2 * at + step) % 12 for step in range(12) if (2 * at + step) % 12 != at]
        scans = []
        for number, other in enumerate(met):
            ago = (12 * at + number + 1) * MINUTE
            scans.append(kept(shown_by(session, places[other], ago=ago), ago=ago, event=event.code))
        uploads.append((browser_of(person), tag_of(person.id), json.dumps(scans)))
    session.commit()

    def send_all(upload):
        phone, tag, scans = upload
        with app.app_context():
            return phone.send("/inbox", me=tag, scans=scans)

    with ThreadPoolExecutor(len(people)) as threads:
        answers = list(threads.map(send_all, uploads))
    assert [answer.status_code for answer in answers] == [200] * len(people)
    states = [one["state"] for answer in answers for one in answer.get_json()["answers"]]
    assert states == ["counted"] * (12 * 11)
