"""A promise is changed, kept or dropped by its maker and confirmed by its receiver."""

import re
from datetime import date, timedelta

import pytest

from people import make_attendee, make_person, talk
from webapp.core import clock
from webapp.followups.models import PromiseKind
from webapp.followups.queries.promises import MOST_SETTLED, open_promises_of
from webapp.followups.rules.promises import Standing, standing
from webapp.ties.models import Tie
from webapp.ties.services import untie


@pytest.fixture
def both(cast, browser_of):
    return browser_of(cast.attendee), browser_of(cast.other)


def person_of(tie):
    return f"/people/{tie.id}"


def url_of(promise, action=""):
    return f"/people/{promise.tie_id}/promises/{promise.id}{action}"


def act(browser, promise, action, *, hx=False):
    """Tap a button of the person's page."""
    browser.get(f"/people/{promise.tie_id}")
    answer = browser.submit(url_of(promise, action), hx=hx)
    assert answer.status_code == (200 if hx else 303)
    return answer


def actions(browser, promise):
    browser.get(f"/people/{promise.tie_id}")
    start = url_of(promise, "/")
    return {
        form.get("action").removeprefix(start)
        for form in browser.page.all("form")
        if form.get("action").startswith(start)
    }


def test_something_is_promised_later_from_the_persons_page(cast, tie, both, promises):
    amina, ben = both
    amina.get(person_of(tie))
    assert amina.submit(f"{person_of(tie)}/promises", words="Read his draft").status_code == 303
    ben.get(person_of(tie))
    assert "Read his draft" in ben.text
    assert [one.due_on for one in promises()] == [date(2026, 11, 26)]


def test_an_empty_promise_is_none(cast, tie, both, promises):
    amina, _ben = both
    for hx in (False, True):
        amina.get(person_of(tie))
        assert amina.submit(f"{person_of(tie)}/promises", hx=hx).status_code == 422
        assert "Tap what you promise" in amina.text
    assert promises() == []


def test_with_htmx_the_promises_come_back(cast, tie, both, promises):
    amina, _ben = both
    amina.get(person_of(tie))
    answer = amina.submit(f"{person_of(tie)}/promises", hx=True, kind="send_link")
    assert answer.status_code == 200
    assert "Send a link" in amina.text
    assert "You promised Ben Ng" in amina.text


def test_kept_by_its_maker_then_confirmed_by_its_receiver(cast, make, both, promises, evening):
    (amina, ben), made = both, make(cast.attendee)
    assert actions(amina, made) == {"keep", "drop"}
    assert actions(ben, made) == {"confirm"}
    act(amina, made, "/keep")
    ben.get(person_of_promise(made))
    assert "Amina Diallo says it is done. Yes, thank you" in ben.text
    evening.shift(timedelta(hours=1))
    act(ben, made, "/confirm")
    amina.get(person_of_promise(made))
    assert "Ben Ng says it is done." in amina.text
    assert actions(amina, made) == set()
    assert actions(ben, made) == {"take-back"}
    (left,) = promises()
    assert standing(left) is Standing.CONFIRMED
    assert left.confirmed_at - left.kept_at == timedelta(hours=1)


def person_of_promise(promise):
    return f"/people/{promise.tie_id}"


def test_its_receiver_may_say_first_that_it_is_done(cast, make, both, promises, evening):
    (_amina, ben), made = both, make(cast.attendee)
    act(ben, made, "/confirm")
    assert [standing(one) for one in promises()] == [Standing.CONFIRMED]
    evening.shift(timedelta(minutes=1))
    act(ben, made, "/take-back")
    assert [standing(one) for one in promises()] == [Standing.OPEN]


def test_taking_a_thank_you_back_leaves_the_makers_word(cast, make, both, promises, evening):
    (amina, ben), made = both, make(cast.attendee)
    act(amina, made, "/keep")
    evening.shift(timedelta(minutes=1))
    act(ben, made, "/confirm")
    act(ben, made, "/take-back")
    assert [standing(one) for one in promises()] == [Standing.KEPT]


@pytest.mark.parametrize("action", ["/keep", "/drop"])
@pytest.mark.parametrize("hx", [False, True])
def test_what_its_maker_said_can_be_undone(cast, make, both, promises, action, hx):
    (amina, _ben), made = both, make(cast.attendee)
    act(amina, made, action, hx=hx)
    assert [one.is_open for one in promises()] == [False]
    act(amina, made, "/take-back", hx=hx)
    assert [one.is_open for one in promises()] == [True]


def test_a_dropped_promise_is_told_kindly_and_cannot_be_confirmed(cast, make, both, promises):
    (amina, ben), made = both, make(cast.attendee)
    act(amina, made, "/drop")
    ben.get(person_of_promise(made))
    assert "Amina Diallo let it go." in ben.text
    assert actions(ben, made) == set()
    assert ben.send(url_of(made, "/confirm")).status_code == 409
    assert [standing(one) for one in promises()] == [Standing.DROPPED]


def test_the_same_word_twice_is_one(cast, make, both, promises, evening):
    (amina, ben), made = both, make(cast.attendee)
    for browser, action in ((amina, "/keep"), (ben, "/confirm")):
        for _ in range(2):
            assert browser.send(url_of(made, action)).status_code == 303
            evening.shift(timedelta(minutes=1))
    (left,) = promises()
    assert left.kept_at == made.made_at
    assert left.confirmed_at == made.made_at + timedelta(minutes=2)


def test_two_tabs_do_not_undo_each_other(cast, make, both, promises, evening):
    (amina, ben), made = both, make(cast.attendee)
    act(amina, made, "/keep")
    assert amina.send(url_of(made, "/drop")).status_code == 409
    evening.shift(timedelta(minutes=1))
    act(ben, made, "/confirm")
    for action in ("/drop", "/take-back", ""):
        answer = amina.send(url_of(made, action), words="Something else")
        assert answer.status_code in {404, 409}
    assert [standing(one) for one in promises()] == [Standing.CONFIRMED]
    act(ben, made, "/take-back")
    act(amina, made, "/take-back")
    act(amina, made, "/drop")
    assert amina.send(url_of(made, "/keep")).status_code == 409


def test_taking_back_what_is_open_changes_nothing(cast, make, both, promises):
    made = make(cast.attendee)
    for browser in both:
        assert browser.send(url_of(made, "/take-back")).status_code == 303
    assert [one.is_open for one in promises()] == [True]


def test_its_maker_changes_an_open_promise(cast, make, both, promises):
    (amina, ben), made = both, make(cast.attendee, due_on=date(2026, 11, 30))
    amina.get(url_of(made))
    fields = {one.get("name"): one.get("value") for one in amina.page.all("input")}
    assert (fields["words"], fields["due_on"]) == ("Read their draft", "2026-11-30")
    answer = amina.submit(url_of(made), kind="send_link", words="my draft", due="none")
    assert answer.status_code == 303
    (left,) = promises()
    assert (left.kind, left.text, left.due_on) == (PromiseKind.SEND_LINK, "my draft", None)
    ben.get(person_of_promise(made))
    assert "Send a link: my draft" in ben.text
    assert "Read their draft" not in ben.text


@pytest.mark.parametrize("hx", [False, True])
def test_a_change_that_cannot_be_taken_changes_nothing(cast, make, both, promises, hx):
    (amina, _ben), made = both, make(cast.attendee)
    for wrong in ({"words": ""}, {"words": "x" * 201}, {"due": "date", "due_on": "1999-01-01"}):
        amina.get(url_of(made))
        typed = {"words": "New words", "kind": "nothing", "due": "week"} | wrong
        assert amina.submit(url_of(made), hx=hx, **typed).status_code == 422
        values = [one.get("value") for one in amina.page.all("input")]
        assert typed["words"] in values
    assert [one.text for one in promises()] == ["Read their draft"]


def test_a_settled_promise_is_not_changed(cast, make, both, promises):
    (amina, _ben), made = both, make(cast.attendee)
    act(amina, made, "/keep")
    assert amina.get(url_of(made)).status_code == 404
    answer = amina.send(url_of(made), words="New words", due="none")
    assert answer.status_code == 409
    assert [one.text for one in promises()] == ["Read their draft"]


def test_its_receiver_has_no_word_in_it_and_its_maker_does_not_thank_themselves(
    cast, make, both, promises
):
    (amina, ben), made = both, make(cast.attendee)
    assert ben.get(url_of(made)).status_code == 403
    for action in ("", "/keep", "/drop"):
        assert ben.send(url_of(made, action), words="New words").status_code == 403
    assert amina.send(url_of(made, "/confirm")).status_code == 403
    (left,) = promises()
    assert (left.is_open, left.text) == (True, "Read their draft")


ACTIONS = ("", "/keep", "/drop", "/confirm", "/take-back")


@pytest.mark.parametrize("who", ["recruiter", "organiser", "stranger"])
def test_nobody_else_finds_a_promise(cast, make, browser_of, promises, who):
    made, browser = make(cast.attendee), browser_of(getattr(cast, who))
    assert browser.get(url_of(made)).status_code == 404
    for action in ACTIONS:
        assert browser.send(url_of(made, action), words="New words").status_code == 404
    answer = browser.send(f"/people/{made.tie_id}/promises", words="Mine")
    assert answer.status_code == 404
    assert [one.is_open for one in promises()] == [True]


def test_a_promise_is_found_over_its_own_tie_alone(cast, session, make, both, promises):
    made = make(cast.attendee)
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    (other,) = session.query(Tie).filter(Tie.id != made.tie_id)
    amina, _ben = both
    for action in ACTIONS:
        url = f"/people/{other.id}/promises/{made.id}{action}"
        assert amina.send(url, words="New words").status_code == 404
    assert amina.send(url_of(made).replace(made.id, "zzzzzzzzzzzzzzzz")).status_code == 404
    assert [one.is_open for one in promises()] == [True]


def test_somebody_signed_out_is_asked_to_sign_in(cast, make, browser, promises):
    made = make(cast.attendee)
    for action in ACTIONS:
        answer = browser.send(url_of(made, action))
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in")
    assert [one.is_open for one in promises()] == [True]


def test_a_word_about_a_promise_is_never_a_get(cast, make, both, promises):
    made = make(cast.attendee)
    for action in ACTIONS[1:]:
        assert both[0].get(url_of(made, action)).status_code == 405
    assert both[0].get(f"/people/{made.tie_id}/promises").status_code == 405


@pytest.mark.parametrize("by", ["attendee", "other"])
def test_after_untying_every_route_of_a_promise_is_gone(cast, session, tie, make, both, by):
    made = make(cast.attendee)
    untie(session, tie=tie, by=getattr(cast, by), now=clock.now())
    for browser in both:
        assert browser.get(url_of(made)).status_code == 404
        for action in ACTIONS:
            assert browser.send(url_of(made, action), words="New words").status_code == 404
    for person in (cast.attendee, cast.other):
        assert open_promises_of(session, person.id) == []


def test_settled_promises_move_to_earlier_after_a_day(cast, make, both, evening):
    (amina, _ben), made = both, make(cast.attendee)
    act(amina, made, "/keep")
    amina.get(person_of_promise(made))
    assert "Earlier" not in amina.text
    evening.shift(timedelta(days=1))
    amina.get(person_of_promise(made))
    assert "Earlier Read their draft" in amina.text


def test_a_late_thank_you_is_the_last_word(cast, make, both, evening):
    (amina, ben), made = both, make(cast.attendee)
    act(amina, made, "/keep")
    evening.shift(timedelta(days=2))
    act(ben, made, "/confirm")
    for browser in both:
        browser.get(person_of_promise(made))
        assert "Earlier" not in browser.text


def test_a_day_that_is_over_is_told_as_such(cast, make, both, evening):
    (amina, ben), made = both, make(cast.attendee, due_on=date(2026, 11, 20))
    evening.shift(timedelta(days=2))
    for browser in (amina, ben):
        browser.get(person_of_promise(made))
        assert "was due Fri, Nov 20" in browser.text


def test_a_day_of_another_year_says_the_year(cast, make, both):
    made = make(cast.attendee, due_on=date(2027, 1, 15))
    both[0].get(person_of_promise(made))
    assert "by Fri, Jan 15, 2027" in both[0].text


def test_on_a_persons_page_the_next_day_comes_first(cast, make, both, evening):
    for by, text, day in (
        (cast.attendee, "No day", None),
        (cast.other, "Later", date(2026, 12, 24)),
        (cast.attendee, "Sooner", date(2026, 11, 20)),
        (cast.attendee, "As soon", date(2026, 11, 20)),
        (cast.attendee, "Again no day", None),
    ):
        made = make(by, text=text, due_on=day)
        evening.shift(timedelta(minutes=1))
    told = ["Sooner", "As soon", "Later", "No day", "Again no day"]
    for browser in both:
        browser.get(person_of_promise(made))
        assert re.findall("|".join(told), browser.text)[: len(told)] == told


def test_of_what_was_settled_the_last_twenty_are_told_the_latest_first(cast, make, both, evening):
    amina, _ben = both
    for number in range(MOST_SETTLED + 2):
        act(amina, make(cast.attendee, text=f"Draft {number:02}"), "/keep")
        evening.shift(timedelta(minutes=1))
    evening.shift(timedelta(days=1))
    amina.get(person_of_promise(make(cast.attendee)))
    last = [f"Draft {number:02}" for number in range(MOST_SETTLED + 1, 1, -1)]
    assert re.findall(r"Draft \d\d", amina.text) == last


def test_all_i_owe_and_am_owed_comes_in_order_over_open_ties(cast, session, tie, make):
    make(cast.attendee, text="No day")
    make(cast.other, text="Later", due_on=date(2026, 12, 24))
    make(cast.attendee, text="Sooner", due_on=date(2026, 11, 20))
    done = make(cast.attendee, text="Done")
    done.kept_at = clock.now()
    for person, other in ((cast.attendee, cast.other), (cast.other, cast.attendee)):
        rows = open_promises_of(session, person.id)
        assert [row.promise.text for row in rows] == ["Sooner", "Later", "No day"]
        assert {(row.other.id, row.time_zone) for row in rows} == {(other.id, "Europe/Berlin")}
    carol = make_attendee(session, event=cast.event, person=make_person(session, name="Carol"))
    talk(session, event=cast.event, by=carol, about=cast.ben)
    assert open_promises_of(session, carol.person_id) == []
