"""The browsers one is signed in on: listing them, signing them out, and when they end."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from people import make_person, sign_in
from webapp.accounts.models import Device, Person, SignInCode
from webapp.accounts.rules import device_label, is_alive
from webapp.accounts.services import ask_for_code, open_device
from webapp.accounts.tasks import forget_sign_ins
from webapp.core import clock
from webapp.core import db as database
from webapp.security.tokens import plain_digest

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)


@pytest.fixture
def amina(session, evening):
    return make_person(session, name="Amina", address="amina@example.org")


@pytest.fixture
def ben(session, evening):
    return make_person(session, name="Ben", address="ben@example.org")


def is_signed_in(browser):
    return browser.get("/me").status_code == 200


def devices_of(session, person):
    found = list(session.scalars(sa.select(Device).where(Device.person_id == person.id)))
    session.expire_all()
    return found


def id_of_other(browser):
    """Return the id of the one device the list offers to sign out."""
    browser.get("/me/devices")
    actions = [form.get("action") for form in browser.page.all("form")]
    found = [one.split("/")[3] for one in actions if one.endswith("/sign-out") and "/me/" in one]
    assert len(found) == 1
    return found[0]


def test_the_list_shows_each_device_and_which_is_this(amina, ben, session, browser_of):
    phone = browser_of(amina)
    open_device(session, person=amina, label="Safari, iPhone", now=clock.now())
    open_device(session, person=ben, label="Firefox, Linux", now=clock.now())
    session.commit()
    phone.get("/me/devices")
    rows = [" ".join("".join(row.itertext()).split()) for row in phone.page.all("li")]
    assert len(rows) == 2
    assert sum("This device" in row for row in rows) == 1
    assert sum("Safari, iPhone" in row for row in rows) == 1
    assert "Firefox" not in phone.text


def test_the_list_takes_as_many_queries_for_two_as_for_twenty(amina, app, session, browser_of):
    phone = browser_of(amina)
    seen = []
    for more in (1, 18):
        for _ in range(more):
            open_device(session, person=amina, label="Test", now=clock.now())
        session.commit()
        seen.append(_queries(session, lambda: phone.get("/me/devices")))
    assert len(phone.page.all("li")) == 20
    assert seen[0] == seen[1] > 0


def _queries(session, action):
    engine, counted = session.get_bind(), []

    def count(_connection, _cursor, statement, *_):
        counted.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        action()
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len([statement for statement in counted if statement.startswith("SELECT")])


@pytest.mark.parametrize("hx", [False, True])
def test_signing_one_device_out(hx, amina, session, browser_of):
    phone, laptop = browser_of(amina), browser_of(amina)
    other = id_of_other(phone)
    answer = phone.submit(f"/me/devices/{other}/sign-out", hx=hx)
    assert answer.status_code == (200 if hx else 303)
    if hx:
        assert len(phone.page.all("li")) == 1
        assert phone.page.root[0].get("id") == "devices"
    assert is_signed_in(phone)
    assert not is_signed_in(laptop)
    assert len(devices_of(session, amina)) == 1


@pytest.mark.parametrize("hx", [False, True])
def test_signing_out_anothers_device_does_nothing(hx, amina, ben, session, browser_of):
    phone, theirs = browser_of(amina), browser_of(ben)
    device_id = devices_of(session, ben)[0].id
    answer = phone.send(f"/me/devices/{device_id}/sign-out", hx=hx)
    unknown = phone.send("/me/devices/aaaaaaaaaaaaaaaa/sign-out", hx=hx)
    assert answer.status_code == unknown.status_code
    assert answer.get_data().replace(device_id.encode(), b"") == unknown.get_data()
    assert is_signed_in(theirs)
    assert len(devices_of(session, ben)) == 1


def test_signing_this_device_out_by_its_id(amina, session, browser_of):
    phone = browser_of(amina)
    answer = phone.send(f"/me/devices/{devices_of(session, amina)[0].id}/sign-out")
    assert answer.status_code == 303
    assert not is_signed_in(phone)


def test_signing_out_everywhere(amina, ben, session, browser_of):
    phone, laptop, theirs = browser_of(amina), browser_of(amina), browser_of(ben)
    phone.get("/me/devices")
    assert phone.submit("/me/devices/sign-out-all").location == "/sign-in"
    phone.get("/sign-in")
    assert "You are signed out everywhere." in phone.text
    assert not is_signed_in(phone)
    assert not is_signed_in(laptop)
    assert is_signed_in(theirs)
    assert devices_of(session, amina) == []


def test_signing_out_here(amina, session, browser_of):
    phone, laptop = browser_of(amina), browser_of(amina)
    phone.get("/me/devices")
    assert phone.submit("/sign-out").status_code == 303
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)
    assert len(devices_of(session, amina)) == 1
    with phone.session_transaction() as cookie:
        assert "device" not in cookie


@pytest.mark.parametrize(
    "path", ["/sign-out", "/me/devices/x/sign-out", "/me/devices/sign-out-all"]
)
def test_signing_out_is_for_those_who_are_in(path, browser, counts):
    before = counts()
    assert browser.send(path).location == "/sign-in"
    assert browser.send(path, hx=True).status_code == 403
    assert counts() == before
    assert browser.get("/me/devices").location == "/sign-in?next=/me/devices"


@pytest.mark.parametrize(
    "path", ["/me/devices/x/sign-out", "/me/devices/sign-out-all", "/sign-out"]
)
def test_a_get_signs_nobody_out(path, amina, browser_of):
    phone = browser_of(amina)
    assert phone.get(path).status_code == 405
    assert is_signed_in(phone)


@pytest.mark.parametrize("way", ["here", "everywhere", "from elsewhere"])
def test_a_signed_out_token_is_dead_at_once(way, amina, app, browser_of):
    phone, laptop = browser_of(amina), browser_of(amina)
    with phone.session_transaction() as cookie:
        copied = dict(cookie)
    if way == "from elsewhere":
        laptop.send(f"/me/devices/{id_of_other(laptop)}/sign-out")
    else:
        phone.send({"here": "/sign-out", "everywhere": "/me/devices/sign-out-all"}[way])
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert not is_signed_in(thief)
    assert thief.send("/me", name="Thief").status_code in {303, 405}


def test_only_a_digest_of_the_token_is_stored(amina, session, browser_of):
    phone = browser_of(amina)
    with phone.session_transaction() as cookie:
        token = cookie["device"]
    row = devices_of(session, amina)[0]
    assert row.token_digest == plain_digest(token)
    assert token not in str(vars(row))
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("idle", "alive"),
    [
        (timedelta(days=13, hours=23), True),
        (timedelta(days=14), False),
        (timedelta(days=60), False),
    ],
)
def test_fourteen_idle_days_end_it(idle, alive, amina, browser_of, evening):
    phone = browser_of(amina)
    evening.shift(idle)
    assert is_signed_in(phone) is alive


@pytest.mark.parametrize("method", ["get", "post"])
def test_use_keeps_it_alive_up_to_ninety_days(method, amina, session, browser_of, evening):
    phone = browser_of(amina)
    for _ in range(8):
        evening.shift(timedelta(days=11))
        if method == "get":
            assert is_signed_in(phone)
        else:
            phone.send("/me/devices/aaaaaaaaaaaaaaaa/sign-out")
            assert devices_of(session, amina)[0].seen_at == clock.now()
    evening.shift(timedelta(days=1, hours=23))
    assert is_signed_in(phone)
    evening.shift(timedelta(hours=1))
    assert not is_signed_in(phone)


def test_an_ended_device_can_do_nothing(amina, session, browser_of, counts, evening):
    phone = browser_of(amina)
    evening.shift(timedelta(days=15))
    before = counts()
    assert phone.send("/me/devices/sign-out-all").location == "/sign-in"
    assert counts() == before


def test_reading_writes_no_row_however_long_it_was(amina, session, browser_of, evening):
    phone = browser_of(amina)
    started = devices_of(session, amina)[0].seen_at
    evening.shift(timedelta(days=2))
    assert is_signed_in(phone)
    assert devices_of(session, amina)[0].seen_at == started


@pytest.mark.parametrize("token", ["", "unknown", 7, None, ["x"], {"a": 1}])
def test_a_cookie_that_names_no_device_is_nobody(token, browser):
    with browser.session_transaction() as cookie:
        cookie["device"] = token
    assert not is_signed_in(browser)


def test_a_forged_cookie_is_nobody(amina, browser_of, browser):
    phone = browser_of(amina)
    signed = phone.get_cookie("bowline").value
    flipped = signed[:-2] + ("AA" if signed[-2:] != "AA" else "BB")
    browser.set_cookie("bowline", flipped)
    assert not is_signed_in(browser)
    browser.set_cookie("bowline", signed)
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (IPHONE, "Safari, iPhone"),
        (ANDROID, "Chrome, Android"),
        (EDGE, "Edge, Windows"),
        ("", "Browser"),
        ("curl/8", "Browser"),
    ],
)
def test_a_device_is_named_in_words_its_owner_knows(agent, label):
    assert device_label(agent) == label


def test_the_device_is_named_when_it_signs_in(browser, session, mailed_code):
    agent = {"User-Agent": IPHONE}
    browser.post(
        "/sign-in",
        data={"address": "amina@example.org", "csrf_token": browser.token()},
        headers=agent,
    )
    code = mailed_code("amina@example.org")
    browser.post("/sign-in/code", data={"code": code, "csrf_token": browser.token()}, headers=agent)
    assert session.scalar(sa.select(Device.label)) == "Safari, iPhone"


def test_the_later_of_row_and_cookie_counts(amina, session):
    open_device(session, person=amina, label="Test", now=clock.now())
    row = devices_of(session, amina)[0]
    start = row.signed_in_at
    assert is_alive(row, seen_at=start + timedelta(days=10), now=start + timedelta(days=20))
    assert not is_alive(row, seen_at=start, now=start + timedelta(days=14))
    row.seen_at = start + timedelta(days=10)
    assert is_alive(row, seen_at=start, now=start + timedelta(days=20))
    assert not is_alive(row, seen_at=start + timedelta(days=89), now=start + timedelta(days=90))


def test_signing_in_again_opens_another_device(amina, session, app):
    for _ in range(2):
        sign_in(app.test_client(), session, amina)
    first, second = devices_of(session, amina)
    assert first.token_digest != second.token_digest


def forget():
    database.session().commit()
    forget_sign_ins()


def signed_in_on():
    found = sa.select(Device.label).order_by(Device.signed_in_at)
    return database.session().scalars(found).all()


def codes():
    return len(database.session().scalars(sa.select(SignInCode.id)).all())


def test_the_worker_forgets_what_signs_nobody_in_any_more(session, evening, amina):
    mine = amina.id
    open_device(session, person=amina, label="old", now=clock.now())
    ask_for_code(session, address="a@example.org", browser="b", now=clock.now())
    evening.shift(timedelta(days=1))
    forget()
    assert codes() == 1
    evening.shift(timedelta(seconds=1))
    forget()
    assert codes() == 0
    evening.shift(timedelta(days=89, seconds=-1))
    amina = database.session().get_one(Person, mine)
    open_device(database.session(), person=amina, label="young", now=clock.now())
    forget()
    assert signed_in_on() == ["old", "young"]
    evening.shift(timedelta(seconds=1))
    forget()
    assert signed_in_on() == ["young"]
