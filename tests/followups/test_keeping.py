"""A5: a note, a promise and a depth are kept by one tap, and each is seen by whom it is for."""

from datetime import date, timedelta

import pytest

from people import say_talked, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.followups.models import Depth, PromiseKind, TieSide
from webapp.followups.rules.promises import LONGEST_WORDS, MOST_OPEN
from webapp.ties.models import Note
from webapp.ties.services import untie

IN_A_WEEK = date(2026, 11, 26)


def place_of(said):
    return f"/events/{said.event_id}/talks/{said.id}"


def keep(browser, said, *, status=303, hx=False, **typed):
    assert browser.get(place_of(said)).status_code == 200
    answer = browser.submit(f"{place_of(said)}/keep", hx=hx, **typed)
    assert answer.status_code == status
    return answer


def notes(session):
    session.expire_all()
    return [note.text for note in session.query(Note)]


def depths(session):
    session.expire_all()
    return [side.depth for side in session.query(TieSide)]


def test_a_tap_on_a_chip_is_a_promise_for_in_a_week(cast, browser_of, tie, proven, promises):
    keep(browser_of(cast.attendee), proven, kind="send_link")
    (made,) = promises()
    assert (made.kind, made.text, made.due_on) == (PromiseKind.SEND_LINK, "", IN_A_WEEK)
    assert (made.by_id, made.to_id, made.tie_id) == (cast.attendee.id, cast.other.id, tie.id)
    assert made.event_id == cast.event.id


def test_both_see_a_promise_on_the_talk_and_on_the_person(cast, browser_of, tie, proven):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    keep(amina, proven, kind="send_link", words="the paper on choirs")
    for url in (place_of(proven), f"/people/{tie.id}"):
        amina.get(url)
        assert "Send a link: the paper on choirs" in amina.text
        assert "You promised Ben Ng · by Thu, Nov 26" in amina.text
        ben.get(url)
        assert "Send a link: the paper on choirs" in ben.text
        assert "Amina Diallo promised you · by Thu, Nov 26" in ben.text


def test_one_tap_keeps_note_promise_and_depth(cast, session, browser_of, tie, proven, promises):
    amina = browser_of(cast.attendee)
    keep(amina, proven, note="A venue", kind="meet_again", due="tomorrow", depth="ideas")
    assert notes(session) == ["A venue"]
    assert depths(session) == [Depth.IDEAS]
    assert [one.due_on for one in promises()] == [date(2026, 11, 20)]
    amina.get(place_of(proven))
    assert "Kept. Ben Ng sees your promise." in amina.text


@pytest.mark.parametrize(
    ("due", "day"),
    [("month", date(2026, 12, 19)), ("none", None), ("date", date(2027, 3, 1))],
)
def test_a_day_can_be_chosen_or_left_out(cast, browser_of, tie, proven, promises, due, day):
    keep(browser_of(cast.attendee), proven, kind="introduce", due=due, due_on="2027-03-01")
    assert [one.due_on for one in promises()] == [day]


def test_own_words_alone_are_a_promise(cast, browser_of, tie, proven, promises):
    keep(browser_of(cast.attendee), proven, words="  Water  her\tplants ")
    assert [(one.kind, one.text) for one in promises()] == [
        (PromiseKind.OWN_WORDS, "Water her plants")
    ]


def test_nothing_tapped_and_nothing_typed_promises_nothing(
    cast, session, browser_of, tie, proven, promises
):
    keep(browser_of(cast.attendee), proven, note="A venue", due="date", due_on="1999-01-01")
    assert promises() == []
    assert notes(session) == ["A venue"]


WRONG = [
    ({"words": "x" * (LONGEST_WORDS + 1)}, "longer than 200 characters"),
    ({"kind": "send_link", "due": "date", "due_on": ""}, "Please say which day."),
    ({"kind": "send_link", "due": "date", "due_on": "soon"}, "Please say which day."),
    ({"kind": "send_link", "due": "date", "due_on": "2026-11-18"}, "today or a later day"),
    ({"kind": "send_link", "due": "date", "due_on": "2126-11-18"}, "today or a later day"),
    ({"kind": "send_everything"}, "Not a valid choice"),
    ({"kind": "send_link", "due": "never"}, "Not a valid choice"),
    ({"depth": "abysmal"}, "Not a valid choice"),
    ({"note": "é" * 2001}, "longer than 2000 characters"),
]


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_an_error_in_one_field_keeps_nothing_and_loses_nothing(
    cast, session, browser_of, tie, proven, promises, wrong, told, hx
):
    amina = browser_of(cast.attendee)
    typed = {"note": "A venue", "words": "Water her plants", "depth": "ideas"} | wrong
    keep(amina, proven, status=422, hx=hx, **typed)
    assert "Nothing is kept yet." in amina.text
    assert told in amina.text
    fields = {one.get("name"): one for one in amina.page.all("input")}
    assert fields["words"].get("value") == typed["words"]
    (area,) = amina.page.all("textarea")
    assert area.text == typed["note"]
    if "depth" not in wrong:
        assert _checked(amina, "depth") == ["ideas"]
    assert (promises(), notes(session), depths(session)) == ([], [], [])


def _checked(browser, name):
    radios = [one for one in browser.page.all("input") if one.get("name") == name]
    return [one.get("value") for one in radios if one.get("checked") is not None]


def test_with_htmx_the_form_comes_back_with_the_promise_above_it(
    cast, browser_of, tie, proven, promises
):
    amina = browser_of(cast.attendee)
    keep(amina, proven, status=200, hx=True, note="A venue", kind="meet_again")
    assert "Kept. Ben Ng sees your promise." in amina.text
    assert "Meet again" in amina.text
    assert _checked(amina, "kind") == ["nothing"]
    assert len(promises()) == 1


def test_the_same_promise_twice_is_one(cast, browser_of, tie, proven, promises):
    amina = browser_of(cast.attendee)
    for due in ("week", "tomorrow"):
        keep(amina, proven, kind="meet_again", due=due)
    keep(browser_of(cast.other), proven, kind="meet_again")
    mine, theirs = sorted(promises(), key=lambda one: one.by_id != cast.attendee.id)
    assert (mine.due_on, theirs.due_on) == (date(2026, 11, 20), IN_A_WEEK)


def test_a_kept_promise_can_be_made_again(cast, session, browser_of, tie, proven, make, promises):
    made = make(cast.attendee)
    made.kept_at = clock.now()
    keep(browser_of(cast.attendee), proven, words=made.text)
    assert len(promises()) == 2


def test_twenty_open_promises_to_one_person_are_enough(
    cast, browser_of, tie, proven, make, promises
):
    for number in range(MOST_OPEN):
        make(cast.attendee, text=f"Number {number}")
        make(cast.other, text=f"Number {number}")
    amina = browser_of(cast.attendee)
    keep(amina, proven, words="One more", status=422)
    assert "20 open promises are enough." in amina.text
    assert len(promises()) == 2 * MOST_OPEN


def test_the_answer_kept_before_stays_if_a_form_does_not_name_it(
    cast, session, browser_of, tie, proven
):
    amina = browser_of(cast.attendee)
    keep(amina, proven, depth="mattered")
    keep(amina, proven, note="A venue")
    assert depths(session) == [Depth.MATTERED]
    keep(amina, proven, depth="")
    assert depths(session) == [None]


def test_while_a_claim_waits_only_a_note_is_kept(cast, session, browser_of, promises):
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    amina = browser_of(cast.attendee)
    amina.get(place_of(said))
    assert "I promised to" not in amina.text
    assert "How deep" not in amina.text
    amina.send(f"{place_of(said)}/keep", note="A venue", kind="meet_again", depth="ideas")
    assert notes(session) == ["A venue"]
    assert (promises(), depths(session)) == ([], [])


@pytest.mark.parametrize("by", ["attendee", "other"])
def test_after_untying_both_pages_show_no_promise_and_tied_again_they_are_back(
    cast, session, browser_of, tie, proven, make, evening, by
):
    make(cast.attendee, text="Water her plants")
    make(cast.other, text="Read his draft")
    untie(session, tie=tie, by=getattr(cast, by), now=clock.now())
    browsers = browser_of(cast.attendee), browser_of(cast.other)
    for browser in browsers:
        assert browser.get(place_of(proven)).status_code == 200
        for words in ("Water her plants", "Read his draft", "I promised to", "How deep"):
            assert words not in browser.text
        browser.send(f"{place_of(proven)}/keep", note="", kind="meet_again")
        browser.get(place_of(proven))
        assert "so this is not promised: meet again" in browser.text
        browser.get(f"/people/{tie.id}")
        assert "plants" not in browser.text
    evening.shift(timedelta(minutes=1))
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    for browser in browsers:
        browser.get(f"/people/{tie.id}")
        assert "Water her plants" in browser.text
        assert "Read his draft" in browser.text
        assert "Meet again" not in browser.text


def test_a_note_and_an_answer_reach_nobody_else(cast, session, browser_of, tie, proven, secret):
    keep(browser_of(cast.attendee), proven, note=secret, depth="mattered")
    keep(browser_of(cast.other), proven, kind="meet_again")
    for somebody in (cast.other, cast.recruiter, cast.organiser, cast.stranger):
        browser = browser_of(somebody)
        for url in (place_of(proven), f"/people/{tie.id}", "/people", "/follow-up", "/me"):
            browser.get(url, follow_redirects=True)
            assert secret not in browser.text
            assert "agreed depth" not in browser.text
    ben = browser_of(cast.other)
    ben.get(place_of(proven))
    assert _checked(ben, "depth") == [""]


def test_nobody_else_keeps_anything(cast, session, browser_of, tie, proven, promises):
    for somebody, status in ((cast.recruiter, 404), (cast.organiser, 403), (cast.stranger, 404)):
        answer = browser_of(somebody).send(f"{place_of(proven)}/keep", words="mine", note="mine")
        assert answer.status_code == status
    assert (promises(), notes(session)) == ([], [])


def test_somebody_signed_out_is_asked_to_sign_in(browser, tie, proven, promises):
    answer = browser.send(f"{place_of(proven)}/keep", words="mine")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
    assert promises() == []


@pytest.mark.parametrize("blocker", ["attendee", "other"])
def test_across_a_block_nothing_is_shown_or_kept(
    cast, session, browser_of, tie, proven, make, promises, blocker
):
    made = make(cast.attendee, text="Water her plants")
    one = getattr(cast, blocker).id
    (two,) = {cast.attendee.id, cast.other.id} - {one}
    talks.block(session, blocker_id=one, blocked_id=two, now=clock.now())
    for person in (cast.attendee, cast.other):
        browser = browser_of(person)
        assert browser.send(f"{place_of(proven)}/keep", words="mine").status_code == 404
        for action in ("", "/keep", "/drop", "/confirm", "/take-back"):
            url = f"/people/{tie.id}/promises/{made.id}{action}"
            assert browser.send(url).status_code == 404
        for url in (f"/people/{tie.id}", f"/people/{tie.id}/promises/{made.id}"):
            assert browser.get(url).status_code == 404
        for name in ("promises", "depth", "opened"):
            assert browser.send(f"/people/{tie.id}/{name}", words="mine").status_code == 404
    (left,) = promises()
    assert left.is_open


def test_keeping_is_never_a_get(cast, browser_of, tie, proven):
    assert browser_of(cast.attendee).get(f"{place_of(proven)}/keep").status_code == 405


def test_markup_in_a_promise_is_text(cast, browser_of, tie, proven):
    text = "<script>alert(1)</script> & <b>"
    keep(browser_of(cast.attendee), proven, words=text)
    ben = browser_of(cast.other)
    ben.get(place_of(proven))
    assert text in ben.text
