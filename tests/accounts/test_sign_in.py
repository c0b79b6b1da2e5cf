"""Signing in with an e-mailed code."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa

from people import make_person
from webapp.accounts import services
from webapp.accounts.models import Device, EmailAddress, Identity, Person, SignInCode
from webapp.accounts.services import Vouched, connect, open_device, sign_in_vouched
from webapp.core import clock
from webapp.core.db import Base
from webapp.core.urls import same_origin_path
from webapp.mail.models import Mail
from webapp.mail.tasks import deliver_due

ADDRESS = "amina@example.org"
ASK, CODE = "/sign-in", "/sign-in/code"


def ask(browser, address=ADDRESS, **query):
    browser.get(ASK, query_string=query)
    return browser.submit(ASK, address=address)


def try_code(browser, code):
    browser.get(CODE)
    return browser.submit(CODE, code=code)


def wrong(code, step=1):
    return f"{(int(code) + step) % 10**8:08d}"


def is_signed_in(browser):
    return browser.get("/me").status_code == 200


def cookie_of(browser):
    with browser.session_transaction() as cookie:
        return dict(cookie)


def give_cookie(browser, content):
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(content)


def test_an_eight_digit_code_signs_in(browser, session, mailed_code):
    assert ask(browser).location == CODE
    code = mailed_code(ADDRESS)
    assert re.fullmatch(r"\d{8}", code)
    assert try_code(browser, code).location == "/"
    assert is_signed_in(browser)
    address = session.get_one(EmailAddress, ADDRESS)
    assert address.code_proven_at is not None
    assert session.query(Device).one().person_id == address.person_id


def test_two_pages_fetched_at_once_after_signing_in_both_work(browser, mailed_code):
    ask(browser)
    try_code(browser, mailed_code(ADDRESS))
    fresh = cookie_of(browser)
    pages = []
    for _ in range(2):
        give_cookie(browser, fresh)
        pages.append(browser.get("/me/devices"))
    tokens = {re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1] for page in pages}
    for token in tokens:
        answer = browser.post("/sign-out", data={"csrf_token": token})
        assert answer.status_code == 303


@pytest.mark.parametrize("form", ["{} {}", "{}-{}", " {}{} ", "{}.{}"])
def test_the_code_may_be_typed_as_it_is_read(form, browser, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    try_code(browser, form.format(code[:4], code[4:]))
    assert is_signed_in(browser)


def test_the_second_sign_in_is_the_same_person(app, session, mailed_code):
    for typed in (ADDRESS, " Amina@EXAMPLE.org "):
        browser = app.test_client()
        ask(browser, typed)
        try_code(browser, mailed_code(ADDRESS))
        assert is_signed_in(browser)
    assert session.query(Person).count() == 1
    assert session.query(Device).count() == 2


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "amina",
        "amina@",
        "@example.org",
        "a@b@c.org",
        "amina@example.org, b@c.org",
        "=?utf-8?q?victim?=@example.org",
        "=?utf-8?q?a=0d=0aBcc=3ab?=@example.org",
    ],
)
def test_what_is_no_address_is_422_and_nothing_is_saved(typed, browser, counts):
    before = counts()
    answer = ask(browser, typed)
    assert answer.status_code == 422
    assert "That does not look like an e-mail address." in browser.text
    assert browser.page.form(ASK).find(".//input[@name='address']").get("value") == typed
    assert counts() == before


def test_the_answer_is_the_same_for_known_and_unknown_addresses(app, session, evening):
    make_person(session, address="known@example.org")
    answers = []
    for address in ("known@example.org", "other@example.org"):
        browser = app.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{len(answers)}"
        asked = ask(browser, address)
        page = browser.get(CODE)
        answers.append([_neutral(one, address) for one in (asked, page)])
    assert answers[0] == answers[1]
    mails = session.query(Mail).order_by(Mail.recipient).all()
    assert [mail.recipient for mail in mails] == ["known@example.org", "other@example.org"]
    assert len({re.sub(r"\d", "0", mail.text + mail.subject) for mail in mails}) == 1


def _neutral(answer, address):
    text = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", answer.get_data(as_text=True))
    changing = {"Content-Length", "Set-Cookie"}
    headers = [header for header in answer.headers if header[0] not in changing]
    assert address in text or answer.status_code == 303
    return answer.status_code, headers, text.replace(address, "")


def test_a_new_code_every_time(browser, mailed_code):
    codes = []
    for number in range(5):
        ask(browser, f"p{number}@example.org")
        codes.append(mailed_code(f"p{number}@example.org"))
    assert len(set(codes)) == 5


def test_the_fifth_try_still_works(browser, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    for left in (4, 3, 2, 1):
        try_code(browser, wrong(code, left))
        browser.get(CODE)
        assert f"That is not the code. Tries left: {left}." in browser.text
    try_code(browser, code)
    assert is_signed_in(browser)


def test_the_sixth_try_fails_even_when_it_is_right(browser, session, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    for step in range(1, 6):
        answer = try_code(browser, wrong(code, step))
    assert answer.location == ASK
    answer = try_code(browser, code)
    assert answer.location == ASK
    browser.get(ASK)
    assert "That code cannot be used any more. Please ask for a new one." in browser.text
    assert not is_signed_in(browser)
    assert session.query(Person).count() == 0
    assert session.query(SignInCode).one().tries == 5


def test_a_wrong_try_is_counted_though_nothing_else_is_saved(browser, session, counts, mailed_code):
    ask(browser)
    before = counts()
    try_code(browser, wrong(mailed_code(ADDRESS)))
    assert counts() == before
    assert session.query(SignInCode).one().tries == 1


@pytest.mark.parametrize(("seconds", "works"), [(599, True), (600, False), (86_400, False)])
def test_a_code_lives_ten_minutes(seconds, works, browser, mailed_code, evening):
    ask(browser)
    code = mailed_code(ADDRESS)
    browser.get(CODE)
    evening.shift(seconds)
    browser.submit(CODE, code=code)
    assert is_signed_in(browser) is works


def test_a_code_works_only_in_the_browser_that_asked(app, browser, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    thief = app.test_client()
    ask(thief, "thief@example.org")
    give_cookie(thief, cookie_of(thief) | {"code": cookie_of(browser)["code"]})
    assert try_code(thief, code).location == ASK
    assert not is_signed_in(thief)
    try_code(browser, code)
    assert is_signed_in(browser)


def test_a_stranger_cannot_use_up_the_tries_of_another_browser(app, browser, session, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    thief = app.test_client()
    ask(thief, "thief@example.org")
    give_cookie(thief, cookie_of(thief) | {"code": cookie_of(browser)["code"]})
    for step in range(1, 7):
        thief.send(CODE, code=wrong(code, step))
    try_code(browser, code)
    assert is_signed_in(browser)


def test_a_code_is_used_once(app, browser, session, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    copied = cookie_of(browser)
    try_code(browser, code)
    again = app.test_client()
    give_cookie(again, copied)
    assert try_code(again, code).location == ASK
    assert not is_signed_in(again)
    assert session.query(Device).count() == 1


def at_once(app, copied, tries):
    """Send all tries from one browser's cookie in the same moment; returns the answers."""
    gate = threading.Barrier(len(tries))

    def send(code):
        with app.app_context():
            client = app.test_client()
            give_cookie(client, copied)
            token = client.token()
            gate.wait(30)
            return client.post(CODE, data={"code": code, "csrf_token": token}).location

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(send, tries))


def test_of_fifty_tries_at_once_at_most_five_are_evaluated(
    app, browser, session, mailed_code, monkeypatch
):
    ask(browser)
    code = mailed_code(ADDRESS)
    evaluated, plain = [], services._code_digest

    def counted(row, typed):
        evaluated.append(typed)
        return plain(row, typed)

    monkeypatch.setattr(services, "_code_digest", counted)
    answers = at_once(app, cookie_of(browser), [wrong(code, step) for step in range(1, 51)])
    assert len(evaluated) == 5
    assert sorted(answers) == [ASK] * 46 + [CODE] * 4
    assert session.query(SignInCode).one().tries == 5
    assert session.query(Device).count() == 0


def test_of_fifty_right_codes_at_once_one_signs_in(app, browser, session, mailed_code):
    ask(browser)
    answers = at_once(app, cookie_of(browser), [mailed_code(ADDRESS)] * 50)
    assert sorted(answers) == ["/"] + [ASK] * 49
    assert session.query(Device).count() == 1
    assert session.query(Person).count() == 1


def test_two_first_sign_ins_at_once_make_one_person(app, session, mailed_code):
    browsers = [app.test_client() for _ in range(2)]
    codes = []
    for browser in browsers:
        ask(browser)
        codes.append(mailed_code(ADDRESS))
        session.query(Mail).delete()
        session.commit()
    gate = threading.Barrier(2)

    def send(browser, code):
        with app.app_context():
            token = browser.token()
            gate.wait(10)
            return browser.post(CODE, data={"code": code, "csrf_token": token}).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(send, browsers, codes))
    assert 303 in statuses
    assert set(statuses) <= {303, 409}
    assert session.query(Person).count() == 1
    for browser, code, status in zip(browsers, codes, statuses, strict=True):
        if status == 409:
            try_code(browser, code)
        assert is_signed_in(browser)
    assert session.query(Person).count() == 1


def from_network(number):
    return {"REMOTE_ADDR": f"198.51.100.{number}"}


def test_codes_are_limited_per_account_wherever_they_are_asked_from(app, session):
    spellings = (
        ADDRESS,
        "AMINA@example.org",
        " amina@example.org",
        "amina@EXAMPLE.org\u202c",
        "ami\u2066na@example.org",
        "amina@example\u3002org",
    )
    statuses = []
    for number, address in enumerate(spellings):
        browser = app.test_client()
        answer = browser.post(
            ASK,
            data={"address": address, "csrf_token": browser.token()},
            environ_base=from_network(number),
        )
        statuses.append(answer.status_code)
    assert statuses == [303] * 5 + [429]
    assert int(answer.headers["Retry-After"]) > 0
    assert "Please wait a moment, then try again." in browser.text
    assert session.query(Mail).count() == 5
    assert {mail.recipient for mail in session.query(Mail)} == {ADDRESS}


def test_codes_are_limited_per_network_whoever_they_are_for(app, session):
    def send(number, network):
        browser = app.test_client()
        data = {"address": f"p{number}@example.org", "csrf_token": browser.token()}
        return browser.post(ASK, data=data, environ_base=from_network(network))

    answers = [send(number, 1) for number in range(31)]
    assert [answer.status_code for answer in answers] == [303] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert session.query(Mail).count() == 30
    assert send(31, 2).status_code == 303


def test_tries_are_limited_per_network_whatever_the_code(app, browser):
    statuses = [browser.send(CODE, code="00000000").status_code for _ in range(61)]
    assert statuses == [303] * 60 + [429]
    assert "Retry-After" in browser.page.response.headers


def test_limits_end_with_time(browser, evening):
    for _ in range(6):
        answer = browser.send(ASK, address=ADDRESS)
    assert answer.status_code == 429
    evening.shift(int(answer.headers["Retry-After"]))
    assert browser.send(ASK, address=ADDRESS).status_code == 303


def everything_stored(session):
    """Return every text of every table."""
    return [
        str(value)
        for table in Base.metadata.sorted_tables
        for row in session.execute(sa.select(table))
        for value in row
    ]


def test_a_code_is_stored_as_a_digest_only(app, browser, session, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    shown = f"{code[:4]} {code[4:]}"
    assert any(shown in value for value in everything_stored(session))
    session.commit()
    with app.app_context():
        assert deliver_due() == 1
    stored = everything_stored(session)
    assert stored
    assert not [value for value in stored if code in value or shown in value]
    try_code(browser, code)
    assert is_signed_in(browser)


def test_the_same_digits_have_another_digest_each_time(app, session, monkeypatch):
    monkeypatch.setattr(services.secrets, "randbelow", lambda _: 12345678)
    for _ in range(2):
        ask(app.test_client())
    first, second = session.query(SignInCode).all()
    assert first.code_digest != second.code_digest
    assert len(first.code_digest) == 64


def where_a_browser_goes(location):
    """Read a Location as browsers do: no control characters, and a backslash is a slash."""
    seen = location.strip("".join(map(chr, range(33))))
    for character in "\t\r\n":
        seen = seen.replace(character, "")
    return urlsplit(urljoin("http://localhost/sign-in", seen.replace("\\", "/")))


ELSEWHERE = [
    "https://example.com",
    "http:example.com",
    "http:/example.com",
    "HTTPS://example.com/",
    "//example.com",
    "///example.com",
    "////example.com",
    "/\\example.com",
    "\\/example.com",
    "\\\\example.com",
    "/\\/example.com",
    "/\t/example.com",
    "/\n/example.com",
    "/\r\n/example.com",
    "\t//example.com",
    " //example.com",
    "\x00//example.com",
    "/\x00/example.com",
    "/events\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "data:text/html,hi",
    "example.com",
    "@example.com",
    ".example.com",
    "?next=//example.com",
    "#//example.com",
    "//localhost@example.com",
    "http://localhost:80@example.com",
    "//[::1",
    "//example.com/%2f..",
    "",
]
HERE = ["/", "/events", "/events?a=1&b=2", "/a//b", "/@example.com", "/x?u=https://example.com"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_never_leads_elsewhere(target, browser_of, session):
    assert same_origin_path(target) is None
    browser = browser_of(make_person(session))
    answer = browser.get(ASK, query_string={"next": target})
    assert answer.location == "/"


@pytest.mark.parametrize("target", HERE)
def test_next_leads_to_any_page_here(target, browser_of, session):
    browser = browser_of(make_person(session))
    answer = browser.get(ASK, query_string={"next": target})
    assert answer.location == target
    assert where_a_browser_goes(answer.location).netloc == "localhost"


@pytest.mark.parametrize(
    "target", [*HERE, "/%09/example.com", "/.//example.com", "/%5cexample.com"]
)
def test_what_next_lets_through_stays_here_in_a_browser(target):
    assert where_a_browser_goes(same_origin_path(target) or "/").netloc == "localhost"


@pytest.mark.parametrize("target", ["//example.com", "https://example.com", "/\\example.com"])
def test_no_step_of_the_sign_in_carries_a_foreign_next(target, browser, mailed_code):
    assert "example.com" not in ask(browser, next=target).location
    browser.get(CODE, query_string={"next": target})
    assert "example.com" not in browser.page.response.get_data(as_text=True)
    token = browser.token()
    sent = {"code": mailed_code(ADDRESS), "next": target, "csrf_token": token}
    assert browser.post(CODE, data=sent).location == "/"


def test_the_sign_in_goes_on_where_one_was_sent_away(browser, mailed_code):
    sent_away = browser.get("/events?a=1")
    assert sent_away.location == "/sign-in?next=/events?a%3D1"
    browser.get(sent_away.location)
    asked = browser.submit(ASK, address=ADDRESS)
    browser.get(asked.location)
    browser.submit(CODE, code=wrong(mailed_code(ADDRESS)))
    browser.get(f"{CODE}?next=/events?a%3D1")
    assert browser.submit(CODE, code=mailed_code(ADDRESS)).location == "/events?a=1"


def test_nothing_of_the_cookie_before_survives_the_sign_in(browser, mailed_code):
    ask(browser)
    before = cookie_of(browser) | {"planted": "by somebody else"}
    give_cookie(browser, before)
    raw = browser.get_cookie("bowline").value
    try_code(browser, mailed_code(ADDRESS))
    after = cookie_of(browser)
    assert set(after) == {"device", "seen", "_permanent", "csrf_token"}
    assert not {str(value) for value in before.values()} & {str(value) for value in after.values()}
    assert browser.get_cookie("bowline").value != raw


def test_a_planted_device_is_not_taken_over(app, browser, session, mailed_code):
    mallory = make_person(session, name="Mallory")
    token = open_device(session, person=mallory, label="Test", now=clock.now())
    session.commit()
    ask(browser)
    give_cookie(browser, cookie_of(browser) | {"device": token, "seen": 0})
    browser.send(CODE, code=mailed_code(ADDRESS))
    assert cookie_of(browser)["device"] != token
    browser.get("/me")
    assert ADDRESS in browser.text
    assert session.query(Device).filter_by(person_id=mallory.id).count() == 0


def test_a_link_with_the_code_only_fills_it_in(browser, session, counts, mailed_code):
    ask(browser)
    code = mailed_code(ADDRESS)
    before = counts()
    for _ in range(7):
        browser.get(CODE, query_string={"code": code})
        browser.head(CODE, query_string={"code": code})
    browser.get(CODE, query_string={"code": code})
    assert browser.page.form(CODE).find(".//input[@name='code']").get("value") == code
    assert counts() == before
    assert session.query(SignInCode).one().tries == 0
    assert not is_signed_in(browser)
    browser.get(CODE, query_string={"code": code})
    browser.submit(CODE)
    assert is_signed_in(browser)


def test_there_is_nothing_to_enter_before_asking(browser, counts):
    before = counts()
    assert browser.get(CODE).location == ASK
    assert browser.send(CODE, code="12345678").location == ASK
    assert counts() == before


@pytest.mark.parametrize("path", ["/sign-out", "/me/devices/sign-out-all"])
def test_signing_out_is_no_get(path, browser_of, session):
    browser = browser_of(make_person(session))
    assert browser.get(path).status_code == 405
    assert is_signed_in(browser)


def vouched(subject, address):
    return Vouched(
        provider="Kora ID",
        issuer="https://id.example.org",
        subject=subject,
        name="",
        address=address,
    )


@pytest.fixture
def squatter(session):
    """Somebody for whom a provider vouched with Amina's address before she ever came."""
    return sign_in_vouched(
        session, vouched=vouched("squatter", ADDRESS), name="Squatter", now=clock.now()
    )


def sign_in_by_code(app, mailed_code, address=ADDRESS):
    browser = app.test_client()
    ask(browser, address)
    try_code(browser, mailed_code(address))
    assert is_signed_in(browser)
    return browser


def test_the_first_code_ends_older_devices(app, squatter, browser_of, mailed_code):
    before = browser_of(squatter)
    assert is_signed_in(before)
    reader = sign_in_by_code(app, mailed_code)
    assert not is_signed_in(before)
    assert is_signed_in(reader)


def test_the_first_code_ends_identities_others_connected(app, squatter, session, mailed_code):
    connect(session, person=squatter, vouched=vouched("second", None), now=clock.now())
    sign_in_by_code(app, mailed_code)
    assert session.query(Identity).count() == 0
    assert session.get_one(EmailAddress, ADDRESS).code_proven_at is not None


def test_an_address_others_proved_leads_to_their_account_only(
    app, squatter, browser_of, session, mailed_code
):
    own = EmailAddress(
        address="squatter@example.org",
        person_id=squatter.id,
        proven_at=clock.now(),
        code_proven_at=clock.now(),
    )
    session.add(own)
    before = browser_of(squatter)
    reader = sign_in_by_code(app, mailed_code)
    session.expire_all()
    assert session.get_one(EmailAddress, ADDRESS).person_id != squatter.id
    assert is_signed_in(before)
    before.get("/me")
    assert ADDRESS not in before.text
    reader.get("/me")
    assert "squatter@example.org" not in reader.text
    theirs = sign_in_by_code(app, mailed_code, "squatter@example.org")
    theirs.get("/me")
    assert ADDRESS not in theirs.text


def test_another_address_a_provider_vouched_for_does_not_lead_in_later(
    app, squatter, session, mailed_code
):
    other = "squatter@example.org"
    connect(session, person=squatter, vouched=vouched("second", other), now=clock.now())
    session.commit()
    reader = sign_in_by_code(app, mailed_code)
    late = sign_in_by_code(app, mailed_code, other)
    late.get("/me")
    assert ADDRESS not in late.text
    assert is_signed_in(reader)
    session.expire_all()
    assert session.get_one(EmailAddress, other).person_id != squatter.id


def test_a_later_code_leaves_devices_and_identities_alone(app, session, mailed_code):
    first = sign_in_by_code(app, mailed_code)
    person = session.get_one(Person, session.get_one(EmailAddress, ADDRESS).person_id)
    connect(session, person=person, vouched=vouched("own", ADDRESS), now=clock.now())
    session.commit()
    sign_in_by_code(app, mailed_code)
    assert is_signed_in(first)
    assert session.query(Identity).one().person_id == person.id
