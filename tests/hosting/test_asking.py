"""Asking to be introduced: off at first, kept as said, and taken back with effect everywhere."""

from datetime import timedelta

import pytest

from people import make_attendee, make_event
from webapp.core import clock, signals
from webapp.core import db as database
from webapp.events.models import Role, RoleName
from webapp.events.services import grant_role, undo_check_in
from webapp.hosting.models import Asking
from webapp.hosting.services import forget_old, note_introduction, stop_asking
from webapp.hosting.tasks import forget_askings
from webapp.security.models import Action, AuditEntry

HOUR = timedelta(hours=1)
SAID = {"line": "Vector search, or anybody from Ghana", "may_introduce": "y"}
SEEN = "Hosts see that you would like to be introduced."


@pytest.fixture
def kept(session):
    """Return what is kept of an attendee's wish."""

    def read(attendee):
        session.expire_all()
        asking = session.get(Asking, (attendee.event_id, attendee.id))
        return asking and (asking.line, asking.has_met_nobody)

    return read


def ticked(browser):
    boxes = [one for one in browser.page.all("input") if one.get("type") == "checkbox"]
    return {one.get("name"): one.get("checked") is not None for one in boxes}


def line_of(browser):
    (field,) = browser.page.all("textarea")
    return (field.text or "").strip()


@pytest.mark.parametrize("hx", [False, True])
def test_the_tick_is_off_at_first_and_kept_as_said(cast, amina, mine, kept, hx):
    amina.get(mine)
    assert ticked(amina) == {"may_introduce": False, "has_met_nobody": False}
    answer = amina.submit(mine, hx=hx, **SAID, has_met_nobody="y")
    assert answer.status_code == (200 if hx else 303)
    assert (answer.headers["HX-Redirect"] if hx else answer.location) == mine
    assert kept(cast.amina) == (SAID["line"], True)
    amina.get(mine)
    assert SEEN in amina.text
    assert ticked(amina) == {"may_introduce": True, "has_met_nobody": True}
    assert line_of(amina) == SAID["line"]


def test_without_the_tick_nothing_is_kept(cast, amina, mine, kept):
    amina.get(mine)
    amina.submit(mine, line=SAID["line"], has_met_nobody="y")
    assert kept(cast.amina) is None


def test_the_screen_says_before_what_hosts_will_see(cast, amina, mine, say):
    say(cast.amina, offers="chess", seeks="<b>choirs</b>")
    amina.get(mine)
    assert "what is on your badge, this line, and your topics" in amina.text
    assert "Your topics: chess, <b>choirs</b>" in amina.text


@pytest.mark.parametrize("from_page", ["meet", "look-for"])
def test_it_is_found_from_the_screens_before_it(cast, amina, mine, asks, from_page):
    asks(cast.amina)
    amina.get(f"/events/{cast.event.id}/{from_page}")
    assert mine in amina.page.links()


def test_said_again_it_changes_the_words_and_nobodys_turn(
    cast, session, amina, mine, kept, asks, evening
):
    asked_at = asks(cast.amina, "choirs").asked_at
    evening.shift(HOUR)
    amina.get(mine)
    amina.submit(mine, line="chess", may_introduce="y")
    assert kept(cast.amina) == ("chess", False)
    assert session.query(Asking.asked_at).scalar() == asked_at


@pytest.mark.parametrize("hx", [False, True])
def test_a_line_that_is_too_long_stays_typed(cast, amina, mine, kept, hx):
    amina.get(mine)
    assert amina.submit(mine, hx=hx, line="x" * 121, may_introduce="y").status_code == 422
    assert "longer than 120 characters" in amina.text
    assert line_of(amina) == "x" * 121
    assert kept(cast.amina) is None


def test_taking_it_back_works_whatever_else_is_typed(cast, amina, mine, kept, asks):
    asks(cast.amina, "choirs")
    amina.get(mine)
    assert amina.submit(mine, line="x" * 121).status_code == 303
    assert kept(cast.amina) is None


def test_thanks_ends_it(cast, amina, mine, kept, asks, helps):
    helps(cast.desk, asks(cast.amina, "choirs"))
    amina.get(mine)
    answer = amina.submit(f"{mine}/thanks")
    assert answer.location == f"/events/{cast.event.id}/meet"
    assert kept(cast.amina) is None
    amina.get(answer.location)
    assert "Lovely." in amina.text
    assert "introduce" not in amina.text.replace("Lovely. No host sees you on their list", "")


@pytest.mark.parametrize("way", ["untick", "thanks", "undo check-in"])
def test_taken_back_it_is_gone_from_every_hosts_view_at_once(
    cast, session, amina, mine, asks, helps, browser_of, hosting, secret, way
):
    asking = asks(cast.amina, secret, offers=secret)
    hosts = [browser_of(one) for one in (cast.organiser, cast.co_organiser, cast.desk)]
    helps(cast.desk, asking)
    for host in hosts:
        assert secret in host.get(hosting).get_data(as_text=True)
    if way == "untick":
        amina.send(mine, line=secret)
    elif way == "thanks":
        amina.send(f"{mine}/thanks")
    else:
        undo_check_in(session, attendee=cast.amina)
        session.commit()
    for host in hosts:
        for url in (hosting, f"{hosting}-now"):
            text = host.get(url).get_data(as_text=True)
            assert secret not in text
            assert "Amina" not in text
        for action in ("help", "let-be", "introduced", "undo-introduced"):
            answer = host.send(f"{hosting}/{cast.amina.id}/{action}")
            assert answer.status_code == 404
            assert secret not in answer.get_data(as_text=True)


def test_taken_back_the_log_keeps_what_was_done_and_forgets_for_whom(
    cast, session, amina, mine, asks, helps
):
    helps(cast.desk, asks(cast.amina))
    helps(cast.desk, asks(cast.ben))
    entries = session.query(AuditEntry).filter_by(action=Action.HELPED_IN)
    assert {one.attendee_id for one in entries} == {cast.amina.id, cast.ben.id}
    amina.send(mine)
    session.expire_all()
    assert {one.attendee_id for one in entries} == {None, cast.ben.id}
    assert {one.actor_id for one in entries} == {cast.desk.id}


def test_the_log_tells_the_person_who_helped_and_the_organisers_nobodys_name(
    cast, session, amina, olga, asks, helps, mine
):
    asking = asks(cast.amina)
    helps(cast.desk, asking)
    note_introduction(session, asking=asking, by=cast.desk, now=clock.now())
    session.commit()
    olga.get(f"/events/{cast.event.id}/log")
    assert "Helped somebody in (introduction made)" in olga.text
    assert "Dan Desk" in olga.text
    assert "Amina" not in olga.text
    amina.get("/me/log")
    assert "helped you in (began)" in amina.text
    assert "Dan Desk" in amina.text
    amina.send(mine)
    amina.get("/me/log")
    assert "helped you in" not in amina.text


@pytest.mark.parametrize("is_asking", [True, False])
def test_who_asked_has_used_their_place(cast, session, asks, is_asking):
    if is_asking:
        asks(cast.amina)
    said = [one for _to, one in signals.place_used.send(cast.amina, session=session)]
    assert any(said) == is_asking


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (RoleName.ORGANISER, "Olga Organiser, the organiser, will introduce you"),
        (RoleName.CO_ORGANISER, "Cleo Cohost, co-organiser, will introduce you"),
        (RoleName.DESK, "Dan Desk from the desk will introduce you"),
    ],
)
def test_the_person_sees_who_will_introduce_them(cast, amina, mine, asks, helps, role, words):
    meet = f"/events/{cast.event.id}/meet"
    asking = asks(cast.amina)
    amina.get(meet)
    assert "You asked to be introduced" in amina.text
    helps({"organiser": cast.organiser, "desk": cast.desk}.get(role, cast.co_organiser), asking)
    for url in (meet, f"/events/{cast.event.id}/news", mine):
        amina.get(url)
        assert words in amina.text


def test_of_several_roles_the_first_is_told(cast, session, amina, mine, asks, helps):
    for name in (RoleName.CO_ORGANISER, RoleName.RECRUITER):
        grant_role(session, event=cast.event, person=cast.desk, name=name, now=clock.now())
    helps(cast.desk, asks(cast.amina))
    amina.get(mine)
    assert "Dan Desk, co-organiser, will introduce you" in amina.text


def test_who_is_no_host_any_more_helps_nobody(cast, session, amina, olga, mine, asks, helps, shown):
    helps(cast.desk, asks(cast.amina))
    assert "Dan Desk is on it" in shown(olga)["Amina Diallo"]
    session.query(Role).filter_by(person_id=cast.desk.id).delete()
    session.commit()
    amina.get(mine)
    assert SEEN in amina.text
    card = shown(olga)["Amina Diallo"]
    assert "Dan Desk" not in amina.text + card
    olga.submit(f"/events/{cast.event.id}/hosting/{cast.amina.id}/help")
    amina.get(mine)
    assert "Olga Organiser, the organiser, will introduce you" in amina.text


def test_once_introduced_one_can_ask_again_and_waits_anew(
    cast, session, amina, mine, asks, helps, evening
):
    asking = asks(cast.amina, "choirs")
    helps(cast.desk, asking)
    note_introduction(session, asking=asking, by=cast.desk, now=clock.now())
    session.commit()
    amina.get(f"/events/{cast.event.id}/meet")
    assert "introduce" not in amina.text
    amina.get(mine)
    assert "You were introduced." in amina.text
    assert ticked(amina)["may_introduce"] is False
    evening.shift(HOUR)
    amina.submit(mine, may_introduce="y")
    session.expire_all()
    assert (asking.asked_at, asking.helper_id, asking.introduced_at) == (clock.now(), None, None)


def test_other_attendees_see_nothing_of_it(cast, browser_of, asks, helps, secret):
    helps(cast.desk, asks(cast.amina, secret))
    ben = browser_of(cast.other)
    for page in ("introduce-me", "meet", "news", "look-for"):
        text = ben.get(f"/events/{cast.event.id}/{page}").get_data(as_text=True)
        assert secret not in text
        assert "Amina" not in text
        assert "Dan Desk" not in text


def test_at_another_event_nothing_of_it_is_known(cast, session, amina, asks):
    asks(cast.amina, "choirs")
    elsewhere = make_event(session, name="Elsewhere")
    make_attendee(session, event=elsewhere, person=cast.attendee)
    session.commit()
    amina.get(f"/events/{elsewhere.id}/introduce-me")
    assert ticked(amina)["may_introduce"] is False
    assert not line_of(amina)


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "when the event is on, somebody of its team introduces you"), (-3, "This event is over.")],
)
def test_before_the_event_one_can_ask_and_after_it_no_more(
    cast, session, browser_of, kept, days, words
):
    starts_at = clock.now() + timedelta(days=days)
    event = make_event(session, starts_at=starts_at, ends_at=starts_at + 3 * HOUR)
    attendee = make_attendee(session, event=event, person=cast.attendee)
    amina = browser_of(cast.attendee)
    url = f"/events/{event.id}/introduce-me"
    amina.get(url)
    assert words in amina.text
    amina.send(url, **SAID)
    assert (kept(attendee) is not None) == (days > 0)


def wipe():
    with database.transaction() as session:
        forget_old(session, now=clock.now())


@pytest.mark.parametrize("forget", [wipe, forget_askings])
def test_twelve_hours_after_the_event_it_is_wiped(cast, session, asks, helps, evening, forget):
    later = make_event(session, name="Later", ends_at=clock.now() + 4 * HOUR)
    asks(make_attendee(session, event=later, person=cast.attendee), "chess")
    helps(cast.desk, asks(cast.amina, "choirs"))
    later_id = later.id
    evening.move_to(cast.event.ends_at + 12 * HOUR)
    session.commit()
    forget()
    assert database.session().query(Asking).count() == 2
    evening.shift(timedelta(seconds=1))
    forget()
    assert [one.event_id for one in database.session().query(Asking)] == [later_id]
    entries = database.session().query(AuditEntry).filter_by(action=Action.HELPED_IN)
    assert [one.attendee_id for one in entries] == [None]


def test_when_an_event_is_erased_it_is_wiped_too(cast, session, asks, helps):
    helps(cast.desk, asks(cast.amina, "choirs"))
    cast.event.erasure_asked_at = clock.now()
    forget_old(session, now=clock.now())
    assert session.query(Asking).count() == 0


OUTSIDERS = {"stranger": 404, "organiser": 403, "co_organiser": 403, "desk": 403}


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(("persona", "status"), OUTSIDERS.items())
def test_it_is_for_attendees_alone(cast, session, browser_of, mine, persona, status, hx):
    browser = browser_of(getattr(cast, persona))
    assert browser.get(mine).status_code == status
    assert browser.send(mine, hx=hx, **SAID).status_code == status
    assert browser.send(f"{mine}/thanks", hx=hx).status_code == status
    assert session.query(Asking).count() == 0


def test_signed_out_people_are_sent_to_sign_in(session, browser, mine):
    assert browser.get(mine).location == f"/sign-in?next={mine}"
    assert browser.send(mine, **SAID).location == "/sign-in"
    assert browser.send(mine, hx=True, **SAID).status_code == 403
    assert session.query(Asking).count() == 0


def test_an_event_that_is_not_there_is_a_404(amina):
    assert amina.get("/events/aaaaaaaaaaaaaaaa/introduce-me").status_code == 404
    assert amina.send("/events/aaaaaaaaaaaaaaaa/introduce-me", **SAID).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_there_is_no_other_way(session, amina, mine, method):
    data = SAID | {"csrf_token": amina.token()}
    assert getattr(amina, method)(mine, data=data).status_code == 405
    assert amina.get(f"{mine}/thanks").status_code == 405
    assert amina.post(mine, data=SAID).status_code == 400
    assert session.query(Asking).count() == 0


def test_it_is_changed_ten_times_an_hour_and_taken_back_at_any_time(cast, amina, mine, kept):
    for number in range(10):
        assert amina.send(mine, line=f"line {number}", may_introduce="y").status_code == 303
    assert amina.send(mine, line="once more", may_introduce="y").status_code == 429
    assert kept(cast.amina) == ("line 9", False)
    assert amina.send(mine).status_code == 303
    assert kept(cast.amina) is None


def test_taking_back_what_was_never_asked_does_nothing(cast, session, asks):
    asks(cast.ben)
    stop_asking(session, attendee=cast.amina)
    assert session.query(Asking.attendee_id).all() == [(cast.ben.id,)]
