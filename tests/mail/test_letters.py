"""Letters go to who wants them, one a day, and stop at one tap."""

import threading
from datetime import date, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest

from people import make_person
from webapp.core import clock
from webapp.core import db as database
from webapp.mail import services
from webapp.mail.delivery import as_message
from webapp.mail.models import LetterKind, Mail, Trouble
from webapp.mail.queries import queue, wants
from webapp.mail.rules import Reader, Unsent, masked, trouble_of, without_addresses

TODAY = date(2026, 11, 20)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def amina(evening, session):
    return make_person(session, name="Amina Diallo", address="amina@example.org")


@pytest.fixture(autouse=True)
def letter_templates(app, tmp_path, monkeypatch):
    """A letter of the tests' own, built as every letter is."""
    folder = tmp_path / "templates" / "tests" / "mail"
    folder.mkdir(parents=True)
    for kind in ("txt", "html"):
        base = f'{{% extends "mail/_letter.{kind}" %}}'
        (folder / f"letter.{kind}").write_text(
            base + "{% block letter %}Hello {{ name }}{% endblock %}"
        )
    loader = app.jinja_env.loader
    monkeypatch.setattr(
        loader.app.jinja_loader,
        "searchpath",
        [*loader.app.jinja_loader.searchpath, str(tmp_path / "templates")],
    )


@pytest.fixture
def write(session):
    """Write a letter, as a task of a feature would."""

    def to(reader, *, letter=LetterKind.MORNING, day=TODAY):
        return services.queue_letter(
            session,
            letter=letter,
            kind="tests/letter",
            to=reader,
            subject="Whom you met",
            day=day,
            now=clock.now(),
            name="Amina",
        )

    return to


def reader_of(person, address="amina@example.org"):
    return Reader(address, person.id)


GUEST = Reader("guest@example.org")


def path_of(mail):
    return urlsplit(mail.stop_url).path


def test_a_letter_says_how_to_stop_it(app, amina, write):
    mail = write(reader_of(amina))
    message = as_message(mail, app.extensions["bowline"])
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert read["List-Unsubscribe"] == f"<{mail.stop_url}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Auto-Submitted"] == "auto-generated"
    assert "Precedence" not in read
    for kind in ("plain", "html"):
        content = read.get_body((kind,)).get_content()
        assert mail.stop_url in content
        assert "Hello Amina" in content


def test_the_address_to_stop_stands_in_the_header_as_it_is_however_long(app, outbox, amina, write):
    outbox.change(origin="https://meet.a-very-long-name-of-a-conference.example.org")
    mail = write(reader_of(amina))
    raw = as_message(mail, app.extensions["bowline"]).as_bytes()
    assert f"\nList-Unsubscribe: <{mail.stop_url}>\n".encode() in raw


def test_a_code_to_sign_in_is_no_letter(app, outbox):
    message = as_message(outbox.put(), app.extensions["bowline"])
    assert "List-Unsubscribe" not in message
    assert "No more of these" not in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("other", [LetterKind.MORNING, LetterKind.REMINDER])
def test_there_is_one_letter_a_day(other, amina, write):
    assert isinstance(write(reader_of(amina)), Mail)
    assert write(reader_of(amina), letter=other) is Unsent.HAD_ONE
    assert write(reader_of(amina, "other@example.org")) is Unsent.HAD_ONE
    assert write(Reader("Amina@example.org "), letter=LetterKind.GUEST) is Unsent.HAD_ONE
    assert isinstance(write(reader_of(amina), day=TODAY + timedelta(days=1)), Mail)


def test_two_workers_write_one_letter(app, session, amina, write):
    reader, gate, got = reader_of(amina), threading.Barrier(2), []
    session.commit()

    def work():
        with app.app_context():
            gate.wait(10)
            with database.transaction() as own:
                done = services.queue_letter(
                    own,
                    letter=LetterKind.MORNING,
                    kind="tests/letter",
                    to=reader,
                    subject="Whom you met",
                    day=TODAY,
                    now=clock.now(),
                    name="Amina",
                )
                got.append(type(done))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(one.__name__ for one in got) == ["Mail", "Unsent"]
    assert session.query(Mail).count() == 1


def test_a_letter_that_was_not_kept_leaves_the_day_free(session, amina, write):
    session.commit()
    write(reader_of(amina))
    session.rollback()
    assert isinstance(write(reader_of(amina)), Mail)


def test_the_round_up_comes_to_who_asked_for_it(session, amina, write):
    assert write(reader_of(amina), letter=LetterKind.ROUND_UP) is Unsent.UNWANTED
    services.keep_wishes(session, person_id=amina.id, wanted={"round_up"}, now=clock.now())
    assert write(reader_of(amina)) is Unsent.UNWANTED
    assert isinstance(write(reader_of(amina), letter=LetterKind.ROUND_UP), Mail)


@pytest.mark.parametrize("kind", list(LetterKind)[:3])
@pytest.mark.parametrize("said", [None, True, False])
def test_a_query_knows_who_wants_a_letter(kind, said, session, amina):
    usual = kind is not LetterKind.ROUND_UP
    if said is not None:
        wanted = {kind} if said else set()
        services.keep_wishes(session, person_id=amina.id, wanted=wanted, now=clock.now())
    person = type(amina)
    found = session.query(person).filter(wants(kind, person.id)).count()
    assert bool(found) is (usual if said is None else said)


def test_opening_the_address_stops_nothing(browser, session, amina, write):
    mail = write(reader_of(amina))
    browser.get(path_of(mail))
    browser.head(path_of(mail))
    assert "No more of these mails?" in browser.text
    assert isinstance(write(reader_of(amina), day=TODAY + timedelta(days=1)), Mail)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}], ids=["program", "site"])
def test_a_mail_program_stops_them_without_a_cookie_or_a_token(
    headers, browser, session, amina, write
):
    mail = write(reader_of(amina))
    answer = browser.post(path_of(mail), data=ONE_CLICK, headers=headers)
    assert answer.status_code == 200
    assert write(reader_of(amina), day=TODAY + timedelta(days=1)) is Unsent.UNWANTED
    tomorrow = TODAY + timedelta(days=1)
    assert isinstance(write(reader_of(amina), letter=LetterKind.REMINDER, day=tomorrow), Mail)


def test_a_guest_stops_them_for_good(browser, session, write):
    mail = write(GUEST, letter=LetterKind.GUEST)
    browser.get(path_of(mail))
    browser.submit(path_of(mail))
    later = TODAY + timedelta(days=300)
    assert write(GUEST, letter=LetterKind.GUEST, day=later) is Unsent.UNWANTED
    assert isinstance(write(Reader("ben@example.org"), letter=LetterKind.GUEST), Mail)


def test_what_waits_is_not_sent_to_who_said_no(browser, sink, outbox, amina, write):
    mail = write(reader_of(amina))
    browser.post(path_of(mail), data=ONE_CLICK)
    assert outbox.deliver() == 0
    row = outbox.fresh(mail)
    assert (row.trouble, row.text, row.stop_url) == (Trouble.UNWANTED, "", None)


def test_it_can_be_taken_back(browser, session, amina, write):
    mail = write(reader_of(amina))
    path = path_of(mail)
    browser.post(path, data=ONE_CLICK)
    browser.get(path)
    assert browser.submit(path.replace("/stop/", "/resume/")).status_code == 303
    assert isinstance(write(reader_of(amina), day=TODAY + timedelta(days=1)), Mail)


def test_an_address_somebody_made_up_stops_nothing(browser, session, amina, write):
    *_, kind, reader, proof = path_of(write(reader_of(amina))).split("/")
    for made_up in (
        f"/mails/stop/{kind}/{reader}/{'0' * 32}",
        f"/mails/stop/reminder/{reader}/{proof}",
        f"/mails/stop/{kind}/{'a' * 16}/{proof}",
        f"/mails/stop/everything/{reader}/{proof}",
    ):
        assert browser.post(made_up, data=ONE_CLICK).status_code == 404
        assert browser.get(made_up).status_code == 404
    assert isinstance(write(reader_of(amina), day=TODAY + timedelta(days=1)), Mail)


def test_an_address_that_bounced_gets_no_letters_until_its_owner_signs_in(
    browser, sink, outbox, session, amina, write
):
    sink.answers["RCPT"] = ["550 5.1.1 no such mailbox"]
    write(reader_of(amina))
    outbox.deliver()
    tomorrow = TODAY + timedelta(days=1)
    assert write(reader_of(amina), day=tomorrow) is Unsent.UNDELIVERABLE
    assert isinstance(write(reader_of(amina, "new@example.org"), day=tomorrow), Mail)
    session.commit()
    browser.get("/sign-in")
    browser.submit("/sign-in", address="amina@example.org")
    outbox.deliver()
    browser.get("/sign-in/code")
    (code,) = (mail["Subject"] for mail in sink.taken if "is your Bowline code" in mail["Subject"])
    browser.submit("/sign-in/code", code=code.split(" is")[0])
    assert isinstance(write(reader_of(amina), day=TODAY + timedelta(days=2)), Mail)


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 relaying denied", "554 5.7.1 not allowed", "451 later"]
)
def test_a_rule_of_the_server_is_not_held_against_an_address(
    answer, sink, outbox, session, amina, write
):
    sink.answers["RCPT"] = [answer]
    write(reader_of(amina))
    outbox.deliver()
    assert isinstance(write(reader_of(amina), day=TODAY + timedelta(days=1)), Mail)


def test_a_code_is_not_tried_after_its_ten_minutes(browser, sink, outbox, session):
    sink.answers["RCPT"] = ["451 later"] * 99
    browser.get("/sign-in")
    browser.submit("/sign-in", address="amina@example.org")
    tries = 0
    for _ in range(12 * 6):
        tries += outbox.deliver()
        outbox.clock.shift(10)
    mail = session.query(Mail).one()
    assert (mail.trouble, mail.tries) == (Trouble.LATER, tries) == (Trouble.LATER, 4)
    assert mail.gave_up_at - mail.queued_at == timedelta(minutes=7)
    assert queue(session, clock.now()).total == 0


def test_a_code_nobody_delivered_in_time_is_not_sent(browser, sink, outbox, session):
    browser.get("/sign-in")
    browser.submit("/sign-in", address="amina@example.org")
    outbox.clock.shift(timedelta(minutes=10))
    outbox.deliver()
    assert sink.offered == []
    assert session.query(Mail).one().trouble is Trouble.TOO_LATE


def test_who_was_written_to_is_forgotten_after_a_month(app, outbox, session, amina, write, sink):
    write(reader_of(amina))
    outbox.deliver()
    outbox.clock.shift(timedelta(days=29))
    services.forget_old(session, now=clock.now())
    assert session.query(Mail).count() == 1
    outbox.clock.shift(timedelta(days=2))
    services.forget_old(session, now=clock.now())
    assert session.query(Mail).count() == 0


@pytest.mark.parametrize(
    ("code", "words", "trouble"),
    [
        (421, "", Trouble.LATER),
        (452, "4.2.2 full", Trouble.LATER),
        (550, "5.1.1 unknown", Trouble.NOBODY),
        (550, "no such user", Trouble.NOBODY),
        (550, "5.7.1 policy", Trouble.REFUSED),
        (554, "5.1.1 unknown", Trouble.REFUSED),
        (500, "what?", Trouble.REFUSED),
    ],
)
def test_what_a_servers_answer_means(code, words, trouble):
    assert trouble_of(code, words) is trouble


def test_addresses_are_masked_in_what_servers_say():
    assert masked("amina@kora.io") == "a***@kora.io"
    said = "550 5.1.1 <amina@kora.io>: Recipient rejected (was ben.ng@x.org)"
    assert (
        without_addresses(said) == "550 5.1.1 <a***@kora.io>: Recipient rejected (was b***@x.org)"
    )
