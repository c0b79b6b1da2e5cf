"""Saying what one likes to talk about, and wanting to be suggested or not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from people import make_attendee, make_event
from webapp.core import clock
from webapp.core import db as database
from webapp.topics.models import Looking, Side, Topic

WAIT = 30
NOBODY = "We can name up to three people here you might like to talk with"
SAID = {"offers": "Vector search, choirs", "seeks": "PostgreSQL"}


@pytest.fixture
def kept(session):
    """Return what is kept of an attendee: what they offer, what they seek, and their wish."""

    def read(attendee):
        session.expire_all()
        of_them = {"event_id": attendee.event_id, "attendee_id": attendee.id}
        topics = session.query(Topic).filter_by(**of_them).order_by(Topic.place)
        sides = [[one.text for one in topics if one.side is side] for side in Side]
        return (*sides, session.query(Looking).filter_by(**of_them).count() == 1)

    return read


def value_of(browser, name):
    (field,) = [one for one in browser.page.all("input") if one.get("name") == name]
    return field.get("checked") is not None if name == "is_looking" else field.get("value")


@pytest.mark.parametrize("hx", [False, True])
def test_topics_are_kept_as_typed_and_the_tick_is_off_at_first(cast, amina, look_for, kept, hx):
    amina.get(look_for)
    assert NOBODY in amina.text
    assert value_of(amina, "is_looking") is False
    answer = amina.submit(look_for, hx=hx, **SAID)
    assert answer.status_code == (200 if hx else 303)
    assert (answer.headers["HX-Redirect"] if hx else answer.location) == look_for
    assert kept(cast.amina) == (["Vector search", "choirs"], ["PostgreSQL"], False)
    amina.get(look_for)
    assert "Kept." in amina.text
    assert value_of(amina, "offers") == "Vector search, choirs"
    assert value_of(amina, "seeks") == "PostgreSQL"
    assert value_of(amina, "is_looking") is False


def test_what_is_said_again_takes_the_place_of_what_was_said(
    cast, session, amina, look_for, kept, evening
):
    amina.get(look_for)
    amina.submit(look_for, **SAID, is_looking="y")
    began_at = session.query(Looking.began_at).scalar()
    evening.shift(timedelta(minutes=5))
    amina.get(look_for)
    assert value_of(amina, "is_looking") is True
    amina.submit(look_for, offers="choirs, chess", seeks="", is_looking="y")
    assert kept(cast.amina) == (["choirs", "chess"], [], True)
    assert session.query(Looking.began_at).scalar() == began_at


def test_the_same_topic_may_be_on_both_sides(cast, amina, look_for, kept):
    amina.get(look_for)
    amina.submit(look_for, offers="chess", seeks="Chess")
    assert kept(cast.amina) == (["chess"], ["Chess"], False)


TOO_MANY = "5 topics are enough. Keep those you like best."
LENGTH = "A topic has 2 to 40 characters: "


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize("side", ["offers", "seeks"])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("one, two, three, four, five, six", TOO_MANY),
        ("chess, R, choirs", LENGTH + "R"),
        ("x" * 41, LENGTH + "x" * 41),
        ("...", LENGTH + "..."),
        ("<b>bold</b>" * 5, LENGTH + "<b>bold</b>" * 5),
    ],
)
def test_what_cannot_be_taken_stays_typed(cast, amina, look_for, kept, side, typed, told, hx):
    amina.get(look_for)
    amina.submit(look_for, **SAID)
    before = kept(cast.amina)
    amina.get(look_for)
    answer = amina.submit(look_for, hx=hx, **{side: typed}, is_looking="y")
    assert answer.status_code == 422
    assert told in amina.text
    assert value_of(amina, side) == typed
    assert value_of(amina, "is_looking") is True
    assert kept(cast.amina) == before


def test_five_topics_of_forty_characters_are_taken(cast, amina, look_for, kept):
    five = [letter * 40 for letter in "abcde"]
    amina.get(look_for)
    answer = amina.submit(look_for, offers=", ".join([*five, "A" * 40]), seeks=",".join(five))
    assert answer.status_code == 303
    assert kept(cast.amina) == (five, five, False)


def test_taking_the_tick_off_acts_at_once_even_with_a_topic_that_cannot_be_taken(
    cast, amina, look_for, kept
):
    amina.get(look_for)
    amina.submit(look_for, **SAID, is_looking="y")
    amina.get(look_for)
    assert amina.submit(look_for, offers="R", seeks="").status_code == 303
    assert kept(cast.amina) == (["Vector search", "choirs"], ["PostgreSQL"], False)
    amina.get(look_for)
    assert "You are not suggested to anybody any more." in amina.text
    assert "Kept." not in amina.text


def test_taking_the_tick_off_keeps_the_topics_for_later(cast, amina, look_for, kept):
    amina.get(look_for)
    amina.submit(look_for, **SAID, is_looking="y")
    amina.get(look_for)
    amina.submit(look_for)
    assert kept(cast.amina) == (["Vector search", "choirs"], ["PostgreSQL"], False)
    amina.get(look_for)
    assert "Kept." in amina.text
    assert "You are not suggested to anybody any more." in amina.text


def test_topics_can_be_said_before_the_event_and_the_tick_taken_off_after_it(
    cast, session, browser_of, kept
):
    amina = browser_of(cast.attendee)
    now = clock.now()
    for days in (3, -3):
        starts_at = now + timedelta(days=days)
        event = make_event(session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
        attendee = make_attendee(session, event=event, person=cast.attendee)
        url = f"/events/{event.id}/look-for"
        amina.get(url)
        amina.submit(url, **SAID, is_looking="y")
        assert kept(attendee)[2]
        amina.get(url)
        amina.submit(url)
        assert not kept(attendee)[2]


def test_at_another_event_nothing_of_it_is_known(cast, session, amina, look_for):
    amina.get(look_for)
    amina.submit(look_for, **SAID, is_looking="y")
    elsewhere = make_event(session, name="Elsewhere")
    make_attendee(session, event=elsewhere, person=cast.attendee)
    session.commit()
    amina.get(f"/events/{elsewhere.id}/look-for")
    assert not value_of(amina, "offers")
    assert value_of(amina, "is_looking") is False


OUTSIDERS = {"stranger": 404, "organiser": 403, "co_organiser": 403, "desk": 403}


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(("persona", "status"), OUTSIDERS.items())
def test_it_is_for_attendees_alone(cast, session, browser_of, look_for, persona, status, hx):
    browser = browser_of(getattr(cast, persona))
    assert browser.get(look_for).status_code == status
    assert browser.send(look_for, hx=hx, **SAID, is_looking="y").status_code == status
    assert session.query(Topic).count() == session.query(Looking).count() == 0


def test_signed_out_people_are_sent_to_sign_in(session, browser, look_for):
    assert browser.get(look_for).location == f"/sign-in?next={look_for}"
    assert browser.send(look_for, **SAID).location == "/sign-in"
    assert browser.send(look_for, hx=True, **SAID).status_code == 403
    assert session.query(Topic).count() == 0


def test_an_event_that_is_not_there_is_a_404(amina):
    assert amina.get("/events/aaaaaaaaaaaaaaaa/look-for").status_code == 404
    assert amina.send("/events/aaaaaaaaaaaaaaaa/look-for", **SAID).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_there_is_no_other_way(session, amina, look_for, method):
    data = SAID | {"csrf_token": amina.token()}
    assert getattr(amina, method)(look_for, data=data).status_code == 405
    assert session.query(Topic).count() == 0


def test_without_the_token_of_the_form_nothing_happens(session, amina, look_for):
    assert amina.post(look_for, data=SAID | {"is_looking": "y"}).status_code == 400
    assert session.query(Topic).count() == session.query(Looking).count() == 0


def send(browser, look_for, number, **more):
    return browser.send(look_for, offers=f"topic {number}", **more).status_code


def test_topics_are_changed_ten_times_an_hour(cast, session, amina, ben, look_for, kept, evening):
    elsewhere = make_event(session, name="Elsewhere")
    make_attendee(session, event=elsewhere, person=cast.attendee)
    session.commit()
    urls = [look_for, f"/events/{elsewhere.id}/look-for"] * 5
    tries = [send(amina, url, number, is_looking="y") for number, url in enumerate(urls)]
    assert tries == [303] * 10
    answer = amina.send(look_for, offers="once more", is_looking="y")
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3601
    assert "Please wait a moment, then try again." in amina.text
    assert kept(cast.amina) == (["topic 8"], [], True)
    assert send(ben, look_for, 1, is_looking="y") == 303
    evening.shift(timedelta(minutes=61))
    assert send(amina, look_for, 11, is_looking="y") == 303


def test_the_tick_can_be_taken_off_however_often_topics_were_changed(cast, amina, look_for, kept):
    for number in range(11):
        status = send(amina, look_for, number, is_looking="y")
    assert status == 429
    assert amina.send(look_for, offers="topic 9").status_code == 303
    assert kept(cast.amina) == (["topic 9"], [], False)
    assert send(amina, look_for, 12, is_looking="y") == 429


def test_what_cannot_be_taken_uses_nothing_up(cast, amina, look_for):
    for _ in range(12):
        assert amina.send(look_for, offers="R", is_looking="y").status_code == 422
    assert send(amina, look_for, 1, is_looking="y") == 303


def test_two_taps_at_once_are_one(app, cast, session, browser_of, look_for, kept):
    session.commit()
    phones, line = [browser_of(cast.attendee) for _ in range(6)], Barrier(6)

    def tap(phone):
        with app.app_context():
            token = phone.token()
            database.session().commit()
            line.wait(WAIT)
            data = SAID | {"is_looking": "y", "csrf_token": token}
            return phone.post(look_for, data=data).status_code

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(tap, phones, timeout=WAIT)) == [303] * 6
    assert kept(cast.amina) == (["Vector search", "choirs"], ["PostgreSQL"], True)
