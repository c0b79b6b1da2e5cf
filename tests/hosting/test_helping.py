"""Hosts help people in: whom they see, in which order, and who is on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hosting.conftest import cards_of

from pages import HX
from people import make_attendee, make_event, make_person
from webapp.conversations.services import block
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import RoleName
from webapp.events.services import check_in, grant_role, undo_check_in
from webapp.hosting.models import Asking
from webapp.hosting.queries import MOST_LISTED, count_waiting
from webapp.hosting.services import let_be, note_introduction, undo_introduction
from webapp.security.models import Action, AuditEntry

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WAIT = 30
NOBODY = "Nobody asks to be introduced just now."
AMINA = "Amina Diallo"


@pytest.fixture
def do(cast, hosting):
    """Let a host tap a button about Amina, also one that is not on the page."""

    def tap(browser, action, *, about=None, **more):
        return browser.send(f"{hosting}/{(about or cast.amina).id}/{action}", **more)

    return tap


def state_of(session, attendee):
    session.expire_all()
    asking = session.get_one(Asking, (attendee.event_id, attendee.id))
    return asking.helper_id, asking.taken_at, asking.introduced_at


def test_a_card_shows_what_the_person_let_hosts_see(cast, asks, olga, shown):
    asks(cast.amina, "Anybody from Ghana", offers="chess", seeks="choirs", has_met_nobody=True)
    asks(cast.ben)
    cards = shown(olga)
    assert cards[AMINA] == (
        "Amina Diallo Data engineer, Kora Labs waits 1 minute says: met nobody yet "
        "“Anybody from Ghana” Can be asked about: chess Looks for: choirs I will help"
    )
    assert cards["Ben Ng"] == "Ben Ng Data engineer, Kora Labs waits 1 minute I will help"
    assert "2 people would like to be introduced." in olga.text


def test_what_the_badge_does_not_show_hosts_do_not_see(cast, asks, olga, shown):
    cast.event.has_organisations = cast.event.has_headlines = False
    asks(cast.amina)
    assert shown(olga)[AMINA] == "Amina Diallo waits 1 minute I will help"


def test_what_people_typed_is_shown_as_text_alone(cast, asks, olga, shown):
    cast.amina.name = "<b>Bold</b>"
    asks(cast.amina, "<i>line</i>", offers='"><script>1</script>')
    (card,) = shown(olga).values()
    assert "<b>Bold</b>" in card
    assert "“<i>line</i>”" in card
    assert [one for one in olga.page.all("script") if one.get("src") is None] == []


def test_who_waits_longest_comes_first(cast, session, asks, guest, olga, shown, evening):
    cast.ben.checked_in_at = None
    asks(cast.ben)
    evening.shift(5 * MINUTE)
    asks(guest("Chen Li"))
    evening.shift(5 * MINUTE)
    check_in(session, attendee=cast.ben, now=clock.now())
    evening.shift(5 * MINUTE)
    asks(cast.amina, has_met_nobody=True)
    evening.shift(50 * MINUTE)
    cards = shown(olga)
    assert list(cards) == ["Chen Li", "Ben Ng", AMINA]
    waits = ["waits 60 minutes", "waits 55 minutes", "waits 50 minutes"]
    assert [words for words, card in zip(waits, cards.values(), strict=True) if words in card] == (
        waits
    )


def test_only_who_asked_and_is_here_is_listed(cast, session, asks, olga, shown):
    asks(cast.ben)
    asks(cast.amina)
    undo_check_in(session, attendee=cast.ben)
    session.commit()
    assert list(shown(olga)) == [AMINA]


def test_nobody_of_another_event_is_listed(cast, session, asks, olga, shown):
    elsewhere = make_event(session, name="Elsewhere")
    asks(make_attendee(session, event=elsewhere, person=cast.other), "elsewhere")
    assert shown(olga) == {}
    assert NOBODY in olga.text


def test_a_host_does_not_see_themselves(cast, session, asks, browser_of, shown, olga):
    grant_role(session, event=cast.event, person=cast.attendee, name=RoleName.DESK, now=clock.now())
    asks(cast.amina)
    assert shown(browser_of(cast.attendee)) == {}
    assert list(shown(olga)) == [AMINA]


@pytest.mark.parametrize("blocks", ["host", "person"])
def test_over_a_block_host_and_person_do_not_find_each_other(
    cast, session, asks, olga, dan, shown, do, blocks
):
    asks(cast.amina, "canary line")
    pair = (cast.organiser.id, cast.attendee.id)
    blocker, blocked = pair if blocks == "host" else reversed(pair)
    block(session, blocker_id=blocker, blocked_id=blocked, now=clock.now())
    session.commit()
    assert shown(olga) == {}
    assert NOBODY in olga.text
    count = {"session": session, "event_id": cast.event.id}
    assert count_waiting(**count, host_id=cast.organiser.id) == 0
    assert count_waiting(**count, host_id=cast.desk.id) == 1
    unknown = do(olga, "help", about=cast.rita)
    answer = do(olga, "help")
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert len(answer.data) == len(unknown.data)
    assert list(shown(dan)) == [AMINA]


@pytest.mark.parametrize(
    ("after_start", "words"),
    [
        (-MINUTE, "When the event is on, you find here"),
        (0 * MINUTE, None),
        (15 * HOUR, None),
        (15 * HOUR + MINUTE, "This event is over."),
    ],
)
def test_people_are_listed_while_the_event_is_on(
    cast, session, asks, browser_of, evening, after_start, words
):
    starts_at = clock.now() + HOUR
    event = make_event(
        session, by=cast.organiser, starts_at=starts_at, ends_at=starts_at + 3 * HOUR
    )
    attendee = make_attendee(session, event=event, person=cast.attendee)
    asks(attendee)
    evening.move_to(starts_at + after_start)
    olga = browser_of(cast.organiser)
    url = f"/events/{event.id}/hosting"
    olga.get(url)
    assert (AMINA in olga.text) == (words is None)
    assert (words or AMINA) in olga.text
    status = olga.send(f"{url}/{attendee.id}/help").status_code
    assert status == (303 if words is None else 404)


@pytest.mark.parametrize("hx", [False, True])
def test_a_host_is_on_it_introduces_undoes_and_lets_be(
    cast, session, asks, olga, dan, hosting, shown, evening, hx
):
    asks(cast.amina)
    shown(olga)
    here = f"{hosting}/{cast.amina.id}"

    def tap(action):
        answer = olga.submit(f"{here}/{action}", hx=hx)
        assert answer.status_code == (200 if hx else 303)
        if hx:
            (card,) = cards_of(olga).values()
            shown(olga)
            return card
        assert answer.location == hosting
        return shown(olga)[AMINA]

    taken_at = clock.now()
    assert "You are on it since 7:00" in tap("help").replace("\u202f", " ")
    assert state_of(session, cast.amina) == (cast.organiser.id, taken_at, None)
    assert "Olga Organiser is on it since 7:00" in shown(dan)[AMINA].replace("\u202f", " ")
    evening.shift(5 * MINUTE)
    assert "You introduced them at 7:05" in tap("introduced").replace("\u202f", " ")
    assert state_of(session, cast.amina) == (cast.organiser.id, taken_at, clock.now())
    assert shown(dan) == {}
    assert "Let it be" in tap("undo-introduced")
    assert state_of(session, cast.amina) == (cast.organiser.id, taken_at, None)
    assert "I will help" in tap("let-be")
    assert state_of(session, cast.amina) == (None, None, None)
    steps = session.query(AuditEntry).filter_by(action=Action.HELPED_IN)
    told = {one.details["step"]: (one.actor_id, one.attendee_id) for one in steps}
    whom = (cast.organiser.id, cast.amina.id)
    assert told == dict.fromkeys(("began", "introduced", "undone", "left"), whom)


def test_whom_i_introduced_i_find_for_ten_minutes(cast, session, asks, helps, olga, shown, evening):
    asking = asks(cast.amina)
    helps(cast.organiser, asking)
    note_introduction(session, asking=asking, by=cast.organiser, now=clock.now())
    evening.shift(10 * MINUTE - timedelta(seconds=1))
    assert "Undo" in shown(olga)[AMINA]
    assert NOBODY in olga.text
    evening.shift(timedelta(seconds=1))
    assert shown(olga) == {}


@pytest.mark.parametrize("hx", [False, True])
def test_the_second_of_two_hosts_sees_the_first_and_may_take_over(
    cast, session, asks, olga, dan, hosting, shown, evening, hx
):
    asks(cast.amina)
    here = f"{hosting}/{cast.amina.id}/help"
    shown(olga)
    shown(dan)
    first_at = clock.now()
    dan.submit(here)
    evening.shift(MINUTE)
    answer = olga.submit(here, hx=hx)
    assert answer.status_code == (200 if hx else 303)
    assert state_of(session, cast.amina)[:2] == (cast.desk.id, first_at)
    card = shown(olga)[AMINA]
    assert "Dan Desk is on it since" in card
    assert "Take over" in card
    olga.submit(here, hx=hx)
    assert state_of(session, cast.amina)[:2] == (cast.organiser.id, clock.now())
    assert "Olga Organiser is on it since" in shown(dan)[AMINA]


def test_helping_again_keeps_the_moment_it_began(cast, session, asks, helps, olga, do, evening):
    helps(cast.organiser, asks(cast.amina))
    before = state_of(session, cast.amina)
    evening.shift(MINUTE)
    assert do(olga, "help", instead_of=cast.organiser.id).status_code == 303
    assert state_of(session, cast.amina) == before
    assert session.query(AuditEntry).filter_by(action=Action.HELPED_IN).count() == 1


@pytest.mark.parametrize("action", ["let-be", "introduced", "undo-introduced"])
def test_who_is_not_on_it_cannot_end_it(cast, session, asks, helps, olga, do, action):
    asking = asks(cast.amina)
    helps(cast.desk, asking)
    if action == "undo-introduced":
        note_introduction(session, asking=asking, by=cast.desk, now=clock.now())
    before = state_of(session, cast.amina)
    do(olga, action)
    assert state_of(session, cast.amina) == before
    for service in (let_be, note_introduction, undo_introduction):
        service(session, asking=asking, by=cast.organiser, now=clock.now())
    assert state_of(session, cast.amina) == before


def test_of_two_hosts_at_the_same_moment_one_is_on_it(
    app, cast, session, asks, browser_of, hosting
):
    asks(cast.amina)
    hosts = [cast.organiser, cast.co_organiser, cast.desk] * 2
    phones, line = [browser_of(one) for one in hosts], Barrier(len(hosts))
    url = f"{hosting}/{cast.amina.id}/help"
    session.commit()

    def tap(phone):
        with app.app_context():
            token = phone.token()
            database.session().commit()
            line.wait(WAIT)
            data = {"instead_of": "", "csrf_token": token}
            return phone.post(url, data=data).status_code

    with ThreadPoolExecutor(len(hosts)) as threads:
        assert list(threads.map(tap, phones, timeout=WAIT)) == [303] * len(hosts)
    helper = state_of(session, cast.amina)[0]
    assert helper in {one.id for one in hosts}
    begun = session.query(AuditEntry).filter_by(action=Action.HELPED_IN)
    assert [one.actor_id for one in begun] == [helper]


def test_ideas_are_for_the_host_who_is_on_it_and_among_those_who_asked(
    cast, session, asks, say, helps, guest, olga, dan, shown
):
    asking = asks(cast.amina, offers="chess", seeks="choirs")
    asks(cast.ben, offers="Choirs")
    say(guest("Chen Li"), offers="choirs")
    away = guest("Ada Away")
    asks(away, offers="choirs")
    undo_check_in(session, attendee=away)
    session.commit()
    assert "choirs, which they look for" not in shown(olga)[AMINA]
    helps(cast.organiser, asking)
    card = shown(olga)[AMINA]
    assert "Perhaps bring them to Ben Ng Data engineer, Kora Labs knows choirs, which they" in card
    assert "Perhaps they have met already: we do not tell." in card
    assert "Chen" not in card
    assert "Ada" not in card
    assert "Perhaps bring" not in shown(dan)[AMINA]


def test_without_a_topic_in_common_there_is_no_idea(cast, asks, helps, olga, shown):
    helps(cast.organiser, asks(cast.amina, offers="chess"))
    asks(cast.ben, offers="choirs")
    assert "nobody names a topic of theirs" in shown(olga)[AMINA]


def test_whom_somebody_blocked_is_no_idea(cast, session, asks, helps, olga, shown):
    helps(cast.organiser, asks(cast.amina, offers="chess"))
    asks(cast.ben, offers="chess")
    assert "both know chess" in shown(olga)[AMINA]
    pair = {"blocker_id": cast.other.id, "blocked_id": cast.attendee.id}
    block(session, **pair, now=clock.now())
    session.commit()
    assert "Ben Ng" not in shown(olga)[AMINA]


def test_an_open_screen_asks_again_and_gets_the_list(cast, asks, olga, hosting):
    olga.get(hosting)
    (part,) = [one for one in olga.page.all("div") if one.get("id") == "hosting"]
    url = part.get("hx-get")
    asks(cast.amina)
    answer = olga.get(url, headers=HX)
    assert answer.status_code == 200
    assert list(cards_of(olga)) == [AMINA]
    assert not answer.get_data(as_text=True).lstrip().lower().startswith("<!doctype")


def test_the_list_has_an_end(cast, session, asks, olga, shown):
    for number in range(MOST_LISTED + 2):
        person = make_person(session, name=f"Guest {number}")
        asks(make_attendee(session, event=cast.event, person=person))
    assert len(shown(olga)) == MOST_LISTED


ROLES = {"organiser": 303, "co_organiser": 303, "desk": 303}
OTHERS = {"attendee": 403, "other": 403, "recruiter": 403, "stranger": 404}


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize(("persona", "status"), (ROLES | OTHERS).items())
def test_it_is_for_hosts_alone(cast, session, asks, browser_of, hosting, do, persona, status, hx):
    asks(cast.ben if persona == "attendee" else cast.amina, "canary line")
    about = cast.ben if persona == "attendee" else cast.amina
    browser = browser_of(getattr(cast, persona))
    expected = 200 if status == 303 else status
    for url in (hosting, f"{hosting}-now"):
        answer = browser.get(url)
        assert answer.status_code == expected
        assert ("canary line" in answer.get_data(as_text=True)) == (status == 303)
    for action in ("help", "introduced", "undo-introduced", "let-be"):
        answer = do(browser, action, about=about, hx=hx)
        assert answer.status_code == (200 if hx and status == 303 else status)
    assert (session.query(AuditEntry).filter_by(action=Action.HELPED_IN).count() > 0) == (
        status == 303
    )


@pytest.mark.parametrize("action", ["help", "introduced", "undo-introduced", "let-be"])
def test_who_never_asked_looks_like_nobody(cast, session, olga, hosting, do, action):
    for hx in (False, True):
        answer = do(olga, action, hx=hx)
        assert answer.status_code == 404
        assert "They are not on the list any more." in olga.text
        unknown = olga.send(f"{hosting}/aaaaaaaaaaaaaaaa/{action}", hx=hx)
        assert (unknown.status_code, len(unknown.data)) == (404, len(answer.data))
    assert olga.get(f"{hosting}/{cast.amina.id}/{action}").status_code == 405


def test_signed_out_people_are_sent_to_sign_in(cast, session, browser, asks, hosting, do):
    asks(cast.amina)
    assert browser.get(hosting).location == f"/sign-in?next={hosting}"
    assert do(browser, "help").location == "/sign-in"
    assert do(browser, "help", hx=True).status_code == 403
    assert state_of(session, cast.amina)[0] is None


def test_without_the_token_of_the_form_nothing_happens(cast, session, asks, olga, hosting):
    asks(cast.amina)
    assert olga.post(f"{hosting}/{cast.amina.id}/help").status_code == 400
    assert state_of(session, cast.amina)[0] is None


@pytest.mark.parametrize("is_helping", [False, True])
def test_the_list_asks_as_much_for_twenty_as_for_two(
    cast, session, asks, helps, guest, olga, hosting, asked, is_helping
):
    if is_helping:
        helps(cast.organiser, asks(cast.amina, offers="chess"))
    counted = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            asking = asks(guest(f"Guest {number}"), "a line", offers="chess", seeks="choirs")
            if is_helping:
                helps(cast.organiser, asking)
        session.commit()
        with asked() as statements:
            olga.get(hosting)
        assert len(cards_of(olga)) == numbers.stop + is_helping
        counted.append(len(statements))
    assert counted[0] == counted[1]
