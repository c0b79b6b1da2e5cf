"""What shows much of others asks for more than a mailbox, what cannot be undone for it just now."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from accounts.soft_keys import SoftKey, add_key
from crawl.crawler import no_limits

from pages import HX
from people import make_attendee, make_person, sign_in
from webapp.accounts.access import LONGEST_BACK
from webapp.accounts.keys.models import Passkey
from webapp.accounts.models import Device, Identity, Person, Proof
from webapp.accounts.services import Vouched
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import grant_role
from webapp.recruiting.services.teams import grant_team, join

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Who is let in is decided before a database is asked."""

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
UNKNOWN = "zzzzzzzzzzzzzzzz"
NEEDED = "One more step"
STALE = timedelta(minutes=10)


@pytest.fixture
def gathered(cast, session, app, monkeypatch):
    """The cast, with a team that Rita leads, and Otto, who looks after the installation."""
    event, now = cast.event, clock.now()
    asked = {"name": "Kora Labs", "address": "rita@example.org", "by": cast.organiser, "now": now}
    team = grant_team(session, event=event, **asked)
    rita = make_person(session, name="Ada Admin", address="rita@example.org")
    make_attendee(session, event=event, person=rita)
    join(session, event=event, team=team, person=rita, now=now)
    otto = make_person(session, name="Otto Operator", address="otto@example.org")
    session.commit()
    settings = app.extensions["bowline"]
    object.__setattr__(settings, "operators", frozenset({"otto@example.org"}))
    yield {"organiser": cast.organiser, "recruiter": rita, "operator": otto}
    object.__setattr__(settings, "operators", frozenset())


ABOUT_ONESELF = ("/me", "/sign-", "/static")


def requests_of(app, event_id):
    """Give every route as method and URL, with our event and things nobody knows."""
    known = {"event_id": event_id}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(ABOUT_ONESELF):
            continue
        url = ARGUMENT.sub(lambda name: known.get(name[1], UNKNOWN), rule.rule)
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule.endpoint, method, url


def asked(browser, method, url, **headers):
    if method == "GET":
        return browser.get(url, headers=headers)
    token = browser.token()
    return browser.post(url, headers={"X-CSRFToken": token} | headers)


def texts_of_others(session, own):
    """Return names, addresses and links of everybody else."""
    others = session.query(Person).filter(Person.id != own.id)
    return {one.name for one in others} - {own.name}


def guarded(app, browser, event_id):
    """Return the routes an attendee's role does not include, or that are not there for them."""
    for endpoint, method, url in requests_of(app, event_id):
        status = asked(browser, method, url).status_code
        is_refused = status == 403 or (status == 404 and url.startswith("/operator"))
        if is_refused:
            yield endpoint, method, url


def test_no_route_of_those_who_see_others_opens_to_a_mailbox_alone(
    app, cast, session, browser_of, gathered
):
    with no_limits():
        routes = list(guarded(app, browser_of(cast.attendee), cast.event.id))
        assert len(routes) > 70
        led_on = set()
        for person in gathered.values():
            weak = browser_of(person, proof=Proof.CODE)
            names = texts_of_others(session, person)
            for endpoint, method, url in routes:
                answer = asked(weak, method, url)
                text = answer.get_data(as_text=True)
                assert answer.status_code in {403, 404}, (person.name, method, url)
                assert not [name for name in names if name in text], (person.name, method, url)
                led_on |= {(endpoint, method)} if NEEDED in text else set()
        assert led_on == {(endpoint, method) for endpoint, method, _url in routes}


def test_inside_a_page_the_answer_is_a_line(cast, browser_of):
    weak = browser_of(cast.organiser, proof=Proof.CODE)
    answer = weak.get(f"/events/{cast.event.id}/desk", headers=HX)
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#status"
    assert "Please reload the page and prove that it is you." in weak.text


@pytest.mark.parametrize("proof", [Proof.PASSKEY, Proof.AUTHENTICATOR, Proof.RECOVERY_CODE])
def test_any_stronger_proof_opens_them(cast, browser_of, gathered, proof):
    here = f"/events/{cast.event.id}"
    for who, path in (
        ("organiser", f"{here}/desk"),
        ("recruiter", f"{here}/candidates"),
        ("operator", "/operator"),
    ):
        assert browser_of(gathered[who], proof=proof).get(path).status_code == 200


@pytest.mark.parametrize("proof", [Proof.CODE, Proof.PROVIDER])
def test_a_mailbox_or_a_provider_does_not(cast, browser_of, gathered, proof):
    for who in ("organiser", "recruiter"):
        page = "desk" if who == "organiser" else "candidates"
        weak = browser_of(gathered[who], proof=proof)
        assert weak.get(f"/events/{cast.event.id}/{page}").status_code == 403


def test_strangers_learn_nothing_from_it(cast, browser_of):
    weak = browser_of(cast.stranger, proof=Proof.CODE)
    assert weak.get(f"/events/{cast.event.id}/desk").status_code == 404
    assert weak.get("/operator").status_code == 404


def test_who_only_helps_at_the_desk_does_so_on_any_phone(cast, browser_of):
    dan = browser_of(cast.desk, proof=Proof.CODE)
    assert dan.get(f"/events/{cast.event.id}/desk").status_code == 200
    assert dan.get(f"/events/{cast.event.id}/hosting").status_code == 200


def test_who_also_organises_proves_it_at_the_desk_too(cast, session, browser_of):
    grant_role(
        session, event=cast.event, person=cast.desk, name=RoleName.CO_ORGANISER, now=clock.now()
    )
    dan = browser_of(cast.desk, proof=Proof.CODE)
    assert dan.get(f"/events/{cast.event.id}/desk").status_code == 403


def way_on(browser):
    (link,) = [one for one in browser.page.links() if "next=" in one]
    parts = urlsplit(link)
    return parts.path, parse_qs(parts.query)["next"][0]


def test_who_creates_an_event_is_led_to_set_it_up_and_is_then_there(session, browser_of, evening):
    ada = browser_of(make_person(session, name="Ada"), proof=Proof.CODE)
    ada.get("/events/new")
    created = ada.submit("/events/new", name="A first one", place="Here")
    assert created.status_code == 303
    assert ada.get(created.location).status_code == 403
    assert way_on(ada) == ("/me/keys/new", created.location)
    assert ada.get(f"/me/keys/new?next={created.location}").status_code == 200
    assert add_key(ada, SoftKey(), next=created.location).location == created.location
    assert ada.get(created.location).status_code == 200
    assert "you can make recovery codes" in ada.text


def test_who_has_something_is_led_to_prove_it(cast, browser_of):
    add_key(browser_of(cast.organiser), SoftKey())
    weak = browser_of(cast.organiser, proof=Proof.CODE)
    weak.get(f"/events/{cast.event.id}/desk?q=ben")
    assert way_on(weak) == ("/sign-in/prove", f"/events/{cast.event.id}/desk?q=ben")
    assert weak.get("/sign-in/prove").status_code == 200


def test_after_a_form_one_is_led_back_to_its_page(cast, browser_of):
    weak = browser_of(cast.organiser, proof=Proof.CODE)
    page = f"/events/{cast.event.id}/settings"
    asked(weak, "POST", f"/events/{cast.event.id}/archive", Referer=f"http://localhost{page}")
    assert way_on(weak) == ("/me/keys/new", page)


@pytest.mark.parametrize("elsewhere", ["http://evil.example.org/x", "//evil.example.org", ""])
def test_never_to_another_site(cast, browser_of, elsewhere):
    weak = browser_of(cast.organiser, proof=Proof.CODE)
    asked(weak, "POST", f"/events/{cast.event.id}/archive", Referer=elsewhere)
    assert [one for one in weak.page.links() if "evil" in one] == []


def test_who_has_nothing_to_prove_with_is_led_to_set_it_up(browser_of, cast):
    weak = browser_of(cast.attendee, proof=Proof.CODE)
    assert weak.get("/sign-in/prove?next=/people").location == "/me/keys/new?next=/people"


def sign_in_by_code(browser, address, mailed_code):
    browser.send("/sign-in/again")
    browser.send("/sign-in/code", code=mailed_code(address))


def test_a_code_in_between_takes_nothing_from_what_was_proven_here(
    cast, session, browser_of, mailed_code
):
    strong = browser_of(cast.organiser)
    sign_in_by_code(strong, "olga@example.org", mailed_code)
    assert session.query(Device).filter_by(person_id=cast.organiser.id).one().proof is Proof.PASSKEY
    assert strong.get(f"/events/{cast.event.id}/desk").status_code == 200


def test_what_somebody_else_proved_on_this_device_is_not_mine(
    cast, session, browser_of, mailed_code
):
    browser = browser_of(cast.attendee)
    browser.send("/sign-in", address="olga@example.org")
    browser.send("/sign-in/code", code=mailed_code("olga@example.org"))
    assert session.query(Device).filter_by(person_id=cast.organiser.id).one().proof is Proof.CODE
    assert browser.get(f"/events/{cast.event.id}/desk").status_code == 403


CHANGES = (
    ("GET", "/me/keys/new"),
    ("POST", "/me/keys/begin"),
    ("POST", "/me/keys/new"),
    ("GET", "/me/keys/app"),
    ("POST", "/me/keys/app"),
    ("GET", "/me/keys/app/remove"),
    ("POST", "/me/keys/app/remove"),
    ("GET", "/me/keys/recovery"),
    ("POST", "/me/keys/recovery"),
    ("GET", "/me/keys/KEY/remove"),
    ("POST", "/me/keys/KEY/remove"),
)


def with_key(url, session):
    return url.replace("KEY", session.query(Passkey).one().id)


@pytest.mark.parametrize(("method", "url"), CHANGES)
def test_a_mailbox_changes_nothing_of_what_proves_more(cast, session, browser_of, method, url):
    add_key(browser_of(cast.attendee), SoftKey())
    weak = browser_of(cast.attendee, proof=Proof.CODE)
    answer = asked(weak, method, with_key(url, session))
    assert answer.status_code == 403
    assert way_on(weak)[0] == "/sign-in/prove" if method == "GET" else NEEDED in weak.text
    assert session.query(Passkey).count() == 1


@pytest.mark.parametrize(("method", "url"), CHANGES)
def test_what_proves_more_is_changed_by_whoever_has_just_signed_in(
    cast, session, browser_of, evening, method, url
):
    browser = browser_of(cast.attendee)
    add_key(browser, SoftKey())
    evening.shift(STALE)
    answer = asked(browser, method, with_key(url, session))
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in/again")
    assert session.query(Passkey).count() == 1


def test_every_change_of_keys_is_tried_above(app):
    known = {(method, url) for method, url in CHANGES}
    here = {
        (method, rule.rule.replace("<passkey_id>", "KEY"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/me/keys")
        for method in rule.methods & {"GET", "POST"}
    }
    assert here - known == {("GET", "/me/keys")}


def test_a_file_of_candidates_asks_who_takes_it(cast, browser_of, gathered, evening):
    rita = browser_of(gathered["recruiter"])
    here = f"/events/{cast.event.id}/export"
    assert rita.get(f"{here}?words=x").status_code == 200
    evening.shift(STALE)
    assert rita.get(f"{here}?words=x").location == f"/sign-in/again?next={here}?words%3Dx"
    assert rita.get(f"{here}/check").location.startswith("/sign-in/again")
    assert rita.send(here, preset="csv").location == f"/sign-in/again?next={here}"
    long = f"{here}?person={'x' * LONGEST_BACK}"
    assert rita.get(long).location == f"/sign-in/again?next={here}"


def test_ones_own_data_is_not_given_to_a_mailbox_where_there_is_more(cast, browser_of):
    weak = browser_of(cast.attendee, proof=Proof.CODE)
    assert weak.send("/me/data").status_code == 200
    add_key(browser_of(cast.attendee), SoftKey())
    assert asked(weak, "POST", "/me/data", Referer="http://localhost/me/data").status_code == 403
    assert way_on(weak) == ("/sign-in/prove", "/me/data")


def test_erasing_an_event_asks_who_does_it(cast, browser_of, evening):
    evening.move_to(cast.event.ends_at + timedelta(days=1))
    olga = browser_of(cast.organiser)
    evening.shift(STALE)
    page = f"/events/{cast.event.id}/settings"
    answer = asked(
        olga, "POST", f"/events/{cast.event.id}/erase", Referer=f"http://localhost{page}"
    )
    assert answer.location == f"/sign-in/again?next={page}"
    assert asked(olga, "POST", f"/events/{cast.event.id}/erase").location == "/sign-in/again"


def test_another_way_to_sign_in_is_added_by_whoever_has_just_signed_in(
    app, cast, session, browser_of, evening
):
    browser = browser_of(cast.attendee)
    assert browser.get("/me/connect/linkedin").location == "/sign-in/with/linkedin"
    evening.shift(STALE)
    assert browser.get("/me/connect/linkedin").location == (
        "/sign-in/again?next=/me/connect/linkedin"
    )
    vouched = Vouched(
        provider="LinkedIn", issuer="https://x.example.org", subject="x", name="", address=None
    )
    with browser.session_transaction() as cookie:
        cookie["vouched"] = {name: getattr(vouched, name) for name in vouched.__slots__}
        cookie["vouched_at"] = int(clock.now().timestamp())
    answer = browser.send("/sign-in/welcome", name="Amina Diallo")
    assert answer.location == "/sign-in/again?next=/me"
    assert session.query(Identity).count() == 0


def test_is_it_you_offers_what_one_has(cast, browser_of):
    plain = browser_of(cast.attendee)
    plain.get("/sign-in/again")
    assert "Use a passkey" not in plain.text
    add_key(plain, SoftKey())
    plain.get("/sign-in/again?next=/me/data")
    assert "Use a passkey" in plain.text
    assert "We send a code to amina@example.org." in plain.text
    assert "The 6 digits in your app" not in plain.text


def test_who_stepped_into_somebody_of_the_demo_has_proven_it(app, cast, session, evening):
    browser = app.test_client()
    sign_in(browser, session, cast.organiser, proof=Proof.DEMO)
    assert browser.get(f"/events/{cast.event.id}/desk").status_code == 200
    evening.shift(timedelta(days=1))
    assert browser.get("/me/leave").status_code == 200
