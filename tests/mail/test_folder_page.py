"""The page that shows the mail folder, there only where no server sends mail."""

import pytest

from webapp.core.config import Mode


@pytest.fixture(autouse=True)
def empty_folder(outbox, tmp_path):
    outbox.change(data_folder=tmp_path)


def letters(browser):
    return [
        {part.tag: " ".join("".join(part.itertext()).split()) for part in letter}
        for letter in browser.page.all("article")
    ]


def test_an_empty_folder_says_so(browser):
    assert browser.get("/mail").status_code == 200
    assert "Nothing yet." in browser.text


def test_mail_is_readable_where_no_server_sends_it(browser, outbox):
    outbox.put(subject="1111 2222 is your code", code="1111 2222")
    outbox.deliver()
    outbox.clock.shift(60)
    outbox.put("ben@example.org", subject="<b>Later</b> & more", code="3333 4444")
    outbox.deliver()
    assert browser.get("/mail").status_code == 200
    later, first = letters(browser)
    assert later["h2"] == "<b>Later</b> & more"
    assert later["p"].startswith("To ben@example.org, Thu, Nov 19, 6:01")
    assert later["pre"].startswith("3333 4444")
    assert first["pre"].startswith("1111 2222")


def test_only_the_newest_thirty_are_shown(browser, outbox):
    for number in range(32):
        outbox.put(f"p{number}@example.org")
        outbox.deliver()
    browser.get("/mail")
    shown = [letter["p"].split(",")[0] for letter in letters(browser)]
    assert shown == [f"To p{number}@example.org" for number in range(31, 1, -1)]


def test_a_mail_half_written_is_not_shown(browser, tmp_path, outbox):
    outbox.put()
    outbox.deliver()
    (tmp_path / "mail" / "other.part").write_text("Subject: half")
    assert browser.get("/mail").status_code == 200
    assert len(letters(browser)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": Mode.PRODUCTION},
        {"smtp_url": "smtp://127.0.0.1:9"},
        {"mode": Mode.PRODUCTION, "smtp_url": "smtp://127.0.0.1:9"},
    ],
    ids=["production", "with a server", "both"],
)
def test_elsewhere_there_is_no_such_page(changes, browser, outbox):
    outbox.put(code="1111 2222")
    outbox.deliver()
    outbox.change(**changes)
    answer = browser.get("/mail")
    assert answer.status_code == 404
    assert "1111" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("198.51.100.7", {}, 404),
        ("192.168.0.7", {}, 404),
        ("2001:db8::1", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 404),
    ],
)
def test_only_its_own_machine_may_read_it(address, headers, status, outbox, browser):
    outbox.put(code="1111 2222")
    outbox.deliver()
    answer = browser.get("/mail", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("1111 2222" in answer.get_data(as_text=True)) == (status == 200)


@pytest.mark.parametrize("is_readable", [True, False])
def test_the_code_page_leads_to_it_only_where_it_is(is_readable, outbox, browser):
    if not is_readable:
        outbox.change(smtp_url="smtp://127.0.0.1:9")
    browser.get("/sign-in")
    browser.submit("/sign-in", address="amina@example.org")
    browser.get("/sign-in/code")
    assert ("/mail" in browser.page.links()) is is_readable
