"""What a helper's phone did without a network: each item counts once, answered for itself."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from desk.steps import fresh, item, noted, send
from sqlalchemy.exc import IntegrityError

from people import badge_of, make_attendee, make_event, make_person, sign_in
from webapp.accounts.access import tag_of
from webapp.badges import codes
from webapp.badges.desk import services
from webapp.badges.desk.models import DeskItem
from webapp.badges.desk.rules import second_of
from webapp.badges.services import issue_badge
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import grant_role

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def printed_of(session, attendee):
    return codes.printed_code(badge_of(session, attendee))


def test_a_check_in_counts_from_when_it_was_made(cast, session, desk, url, late):
    (told,) = send(desk, url, cast.desk, item("in", late, ago=1200))
    came_at = clock.now() - 20 * MINUTE
    assert (told["state"], told["first"]) == ("counted", True)
    assert told["guest"] == [late.id, "Lars Late", "Kora Labs", second_of(came_at)]
    assert fresh(session, late).checked_in_at == came_at
    (entry,) = noted(session, "checked_in")
    assert (entry.actor_id, entry.attendee_id) == (cast.desk.id, late.id)
    assert entry.done_at == came_at
    assert entry.details == {"came_at": clock.now().isoformat()}


def test_a_badge_that_was_scanned_is_checked_in(cast, session, desk, url, late):
    (told,) = send(desk, url, cast.desk, item("in", code=printed_of(session, late), ago=60))
    assert told["guest"][1] == "Lars Late"
    assert fresh(session, late).is_checked_in


def test_a_live_code_shown_earlier_is_checked_in(cast, session, desk, url, late):
    badge = badge_of(session, late)
    code = codes.live_code(badge, codes.step_at(clock.now() - HOUR))
    (told,) = send(desk, url, cast.desk, item("in", code=code, ago=3600))
    assert told["state"] == "counted"
    (told,) = send(desk, url, cast.desk, item("in", code=code, ago=60))
    assert (told["state"], told["words"]) == (
        "refused",
        "This code has run out. Ask them to show it again.",
    )


def test_of_two_desks_the_first_time_counts_whichever_comes_first(
    cast, session, desk, other_desk, url, late
):
    (second,) = send(other_desk, url, cast.co_organiser, item("in", late, ago=60))
    (first,) = send(desk, url, cast.desk, item("in", late, ago=600))
    (third,) = send(other_desk, url, cast.co_organiser, item("in", late, ago=30))
    assert [one["first"] for one in (second, first, third)] == [True, True, False]
    assert fresh(session, late).checked_in_at == clock.now() - 10 * MINUTE
    assert {one["state"] for one in (second, first, third)} == {"counted"}


def test_five_uploads_count_once(cast, session, desk, url, late, evening):
    made = item("in", late, ago=60)
    answers = []
    for _ in range(5):
        answers += send(desk, url, cast.desk, made)
        evening.shift(MINUTE)
    assert {one["state"] for one in answers} == {"counted"}
    assert {one["first"] for one in answers} == {True}
    assert session.query(DeskItem).count() == len(noted(session, "checked_in")) == 1
    assert fresh(session, late).checked_in_at == clock.now() - 6 * MINUTE


def test_the_same_key_with_something_else_in_it_is_refused(cast, session, desk, url, late):
    made = item("in", late, ago=60)
    send(desk, url, cast.desk, made)
    (told,) = send(desk, url, cast.desk, made | {"guest": cast.ben.id})
    assert told["state"] == "refused"
    assert "already sent with something else" in told["words"]


def test_the_keys_of_two_helpers_are_apart(cast, session, desk, other_desk, url, late):
    made = item("in", late, ago=60)
    send(desk, url, cast.desk, made)
    (told,) = send(other_desk, url, cast.co_organiser, made | {"guest": cast.ben.id})
    assert told["state"] == "counted"


def test_what_was_undone_stays_undone_when_a_check_in_comes_again(cast, session, desk, url, late):
    made = item("in", late, ago=600)
    send(desk, url, cast.desk, made)
    seen = fresh(session, late).checked_in_at
    (undone,) = send(desk, url, cast.desk, item("undo", late, ago=300, seen=seen))
    (again,) = send(desk, url, cast.desk, made)
    assert (undone["state"], undone["guest"][3]) == ("counted", None)
    assert (again["state"], again["guest"][3]) == ("counted", None)
    assert fresh(session, late).checked_in_at is None
    (entry,) = noted(session, "check_in_undone")
    assert entry.done_at == clock.now() - 5 * MINUTE


def test_an_undo_of_ones_own_check_in_whose_answer_was_lost(cast, session, desk, url, late):
    made = item("in", late, ago=600)
    undo = item("undo", late, ago=300, of=made["nonce"])
    answers = send(desk, url, cast.desk, made, undo)
    assert [one["state"] for one in answers] == ["counted", "counted"]
    assert fresh(session, late).checked_in_at is None


def test_an_undo_of_a_check_in_that_never_came_is_refused(cast, session, desk, url, late):
    send(desk, url, cast.desk, item("in", late, ago=600))
    (told,) = send(desk, url, cast.desk, item("undo", late, of="never-came-here"))
    assert told["state"] == "refused"
    assert fresh(session, late).is_checked_in


def test_an_undo_leaves_what_another_desk_did_since(cast, session, desk, other_desk, url, late):
    send(desk, url, cast.desk, item("in", late, ago=600))
    seen = fresh(session, late).checked_in_at
    send(other_desk, url, cast.co_organiser, item("undo", late, ago=500, seen=seen))
    send(other_desk, url, cast.co_organiser, item("in", late, ago=400))
    (told,) = send(desk, url, cast.desk, item("undo", late, ago=300, seen=seen))
    assert told["state"] == "refused"
    assert "Another desk has checked Lars Late in." in told["words"]
    assert told["guest"][3] == second_of(clock.now()) - 400
    assert fresh(session, late).is_checked_in


@pytest.mark.parametrize("ago", [1, 600])
def test_a_badge_that_was_replaced_counts_if_it_was_worn_then(
    cast, session, desk, url, late, evening, ago
):
    code = printed_of(session, late)
    evening.shift(5 * MINUTE)
    issue_badge(session, attendee=late, now=clock.now() - 5 * MINUTE)
    (told,) = send(desk, url, cast.desk, item("in", code=code, ago=ago))
    if ago > 300:
        assert told["state"] == "counted"
    else:
        assert told["words"] == "This badge of Lars Late was replaced by a new one."
        assert not fresh(session, late).is_checked_in


def test_a_badge_of_another_event_and_one_nobody_knows_are_told_apart(cast, session, desk, url):
    other = make_attendee(session, event=make_event(session, by=cast.desk), name="Olaf Other")
    unknown, elsewhere = send(
        desk,
        url,
        cast.desk,
        item("in", code="0" * 16),
        item("in", code=printed_of(session, other)),
    )
    assert unknown["words"] == "We do not know this badge."
    assert elsewhere["words"] == "This badge is of another event."
    assert elsewhere["guest"] is None
    assert not fresh(session, other).is_checked_in


def test_a_guest_of_another_event_is_not_checked_in_by_id(cast, session, desk, url):
    other = make_attendee(session, event=make_event(session, by=cast.desk), name="Olaf Other")
    (told,) = send(desk, url, cast.desk, item("in", other))
    assert told["state"] == "refused"
    assert not fresh(session, other).is_checked_in


def test_one_bad_item_never_blocks_the_next(cast, session, desk, url, late):
    bad = [None, [], "x", {}, {"nonce": "short", "verb": "in"}, item("out", late)]
    bad += [item("in"), item("undo", late), item("in", late, nonce="?" * 12)]
    bad += [item("undo", late, seen=-1), {**item("undo", late), "seen": "1"}]
    bad += [item("in", "x" * 40), item("in", code="x" * 99), item("in", "nobodyatall")]
    answers = send(desk, url, cast.desk, *bad, item("in", late))
    assert [one["state"] for one in answers] == ["refused"] * len(bad) + ["counted"]
    assert session.query(DeskItem).count() == 1


def test_an_item_the_database_refuses_is_asked_for_again_and_the_others_count(
    cast, session, desk, url, late, monkeypatch
):
    plain = services.check_in

    def fail_for_ben(session, *, attendee, **more):
        arrival = plain(session, attendee=attendee, **more)
        if attendee.id == ben_id:
            raise IntegrityError("", {}, Exception())
        return arrival

    ben_id = cast.ben.id
    cast.ben.checked_in_at = None
    session.commit()
    monkeypatch.setattr(services, "check_in", fail_for_ben)
    first, second = send(desk, url, cast.desk, item("in", cast.ben), item("in", late))
    assert (first["state"], second["state"]) == ("later", "counted")
    assert first["seconds"] > 0
    assert fresh(session, cast.ben).checked_in_at is None
    assert fresh(session, late).is_checked_in
    assert session.query(DeskItem).count() == 1


@pytest.mark.parametrize("age", [-1, float("nan"), float("inf"), 1e300, True, None, "60", 259201])
def test_an_age_that_is_none_or_too_great_is_refused(cast, session, desk, url, late, age):
    (told,) = send(desk, url, cast.desk, item("in", late) | {"age": age})
    assert told["state"] == "refused"
    assert not fresh(session, late).is_checked_in


@pytest.mark.parametrize("sent", ["", "?", "{}", "null", "[" * 100_000, json.dumps([{}] * 51)])
def test_an_upload_that_is_no_short_list_is_refused_as_a_whole(cast, desk, url, sent):
    assert desk.send(f"{url}/inbox", me=tag_of(cast.desk.id), items=sent).status_code == 422


def test_what_one_helper_kept_is_not_taken_from_another(cast, session, desk, url, late):
    sent = json.dumps([item("in", late)])
    answer = desk.send(f"{url}/inbox", me=tag_of(cast.co_organiser.id), items=sent)
    assert answer.status_code == 409
    assert not fresh(session, late).is_checked_in


def test_whose_phone_it_is_and_the_time_come_with_the_key(cast, desk, url):
    told = desk.get(f"{url}/inbox").get_json()
    assert (told["me"], told["most"]) == (tag_of(cast.desk.id), 50)
    assert told["now"] == int(clock.now().timestamp() * 1000)
    assert desk.post(f"{url}/inbox", data={"items": "[]"}).status_code == 400


def test_who_helps_no_more_sends_nothing_more(cast, session, browser_of, url, late):
    helper = make_person(session, name="Hal Helper")
    browser = browser_of(helper)
    sent = json.dumps([item("in", late)])
    answer = browser.send(f"{url}/inbox", me=tag_of(helper.id), items=sent)
    assert answer.status_code == 404
    grant_role(session, event=cast.event, person=helper, name=RoleName.RECRUITER, now=clock.now())
    session.commit()
    answer = browser.send(f"{url}/inbox", me=tag_of(helper.id), items=sent)
    assert answer.status_code == 403
    assert not fresh(session, late).is_checked_in


def test_trying_badges_through_the_inbox_is_stopped(cast, desk, url):
    for _ in range(60):
        send(desk, url, cast.desk, item("in", code="0" * 16))
    answer = desk.send(f"{url}/inbox", me=tag_of(cast.desk.id), items="[]")
    assert answer.status_code == 429


def test_two_hundred_guests_at_four_desks_sent_five_times_at_once_count_once_each(
    app, cast, session, url
):
    guests = [make_attendee(session, event=cast.event, name=f"Guest {n}") for n in range(200)]
    sent = [item("in", guest, ago=600 + number) for number, guest in enumerate(guests)]
    batches = [sent[start : start + 50] for start in range(0, 200, 50)] * 5
    browsers, tag = [], tag_of(cast.desk.id)
    for _ in range(4):
        browsers.append(app.test_client())
        sign_in(browsers[-1], session, cast.desk)
    wanted = {guest.id: 600 + number for number, guest in enumerate(guests)}
    now = clock.now()
    session.commit()

    def run(number):
        told = []
        with app.app_context():
            for batch in batches[number::4]:
                answer = browsers[number].send(f"{url}/inbox", me=tag, items=json.dumps(batch))
                told += answer.get_json()["answers"]
        return told

    with ThreadPoolExecutor(4) as threads:
        told = [one for answers in threads.map(run, range(4)) for one in answers]
    assert len(told) == 1000
    assert {one["state"] for one in told} <= {"counted", "later"}
    assert session.query(DeskItem).count() == len(noted(session, "checked_in")) == 200
    for guest in guests:
        assert fresh(session, guest).checked_in_at == now - timedelta(seconds=wanted[guest.id])
