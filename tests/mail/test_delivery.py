"""Mail leaves the outbox once, for a folder or a server, whatever the server says."""

import ssl
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from webapp.accounts import services as account_services
from webapp.accounts import views as account_views
from webapp.accounts.models import SignInCode
from webapp.core import clock
from webapp.core.errors import Conflict
from webapp.mail import delivery, tasks
from webapp.mail.delivery import Failure, as_message
from webapp.mail.models import Mail, Trouble
from webapp.mail.rules import LEASE, wait_after
from webapp.mail.services import lease_next, note_failure

MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(app):
    """The app's mail folder, empty."""
    path = app.extensions["bowline"].mail_folder
    for file in path.glob("*") if path.exists() else ():
        file.unlink()
    return path


def read(path):
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def assert_waits(mail, *, tries):
    assert (mail.sent_at, mail.gave_up_at) == (None, None)
    assert mail.tries == tries
    assert mail.due_at == clock.now() + wait_after(tries)
    assert mail.text
    assert mail.problem


def test_without_a_server_mail_is_written_into_a_folder(folder, outbox):
    mail = outbox.put(subject="1234 5678 is your code")
    assert outbox.deliver() == 1
    (path,) = folder.iterdir()
    assert path.name == f"{mail.id}.eml"
    written = read(path)
    assert written["To"] == "amina@example.org"
    assert written["From"] == "Bowline <bowline@localhost>"
    assert written["Subject"] == "1234 5678 is your code"
    assert written["Message-ID"] == f"<{mail.id}@localhost>"
    assert written["Auto-Submitted"] == "auto-generated"
    assert written["Date"].datetime == clock.now()
    assert "1234 5678" in written.get_body(("plain",)).get_content()
    assert "<strong>1234 5678</strong>" in written.get_body(("html",)).get_content()
    assert outbox.fresh(mail).sent_at == clock.now()
    assert outbox.deliver() == 0


def test_a_folder_that_cannot_be_written_is_tried_again(app, tmp_path, outbox, monkeypatch):
    (tmp_path / "mail").write_text("a file where the folder should be")
    outbox.change(data_folder=tmp_path)
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert_waits(outbox.fresh(mail), tries=1)


def test_a_server_takes_mail_and_its_words_are_forgotten(sink, outbox):
    mail = outbox.put(subject="A subject with ümläuts")
    assert outbox.deliver() == 1
    (taken,) = sink.taken
    assert sink.recipients == ["amina@example.org"]
    assert taken["Subject"] == "A subject with ümläuts"
    assert taken["Message-ID"] == f"<{mail.id}@localhost>"
    assert "1234 5678" in taken.get_body(("plain",)).get_content()
    mail = outbox.fresh(mail)
    assert mail.sent_at == clock.now()
    assert (mail.subject, mail.text, mail.html, mail.problem) == ("", "", "", None)
    assert outbox.deliver() == 0
    assert len(sink.taken) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["550 no such mailbox", "554 not wanted", "552 too large"])
def test_a_final_word_ends_it_at_once(step, answer, sink, outbox):
    sink.answers[step] = [answer]
    mail = outbox.put()
    assert outbox.deliver() == 1
    mail = outbox.fresh(mail)
    assert mail.gave_up_at == clock.now()
    assert answer[:3] in mail.problem
    assert (mail.sent_at, mail.subject, mail.text, mail.html) == (None, "", "", "")
    outbox.clock.shift(timedelta(days=1))
    assert outbox.deliver() == 0
    assert sink.taken == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 try later", "452 full"])
def test_a_passing_word_is_tried_again(step, answer, sink, outbox):
    sink.answers[step] = [answer]
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert_waits(outbox.fresh(mail), tries=1)
    outbox.clock.shift(MINUTE)
    assert outbox.deliver() == 1
    assert outbox.fresh(mail).sent_at == clock.now()
    assert len(sink.taken) == 1


def test_a_refused_sender_is_our_fault_and_no_mails(sink, outbox):
    sink.answers["MAIL"] = ["550 sender not allowed", "530 log in first"]
    mail = outbox.put()
    for tries in (1, 2):
        assert outbox.deliver() == 1
        assert_waits(outbox.fresh(mail), tries=tries)
        outbox.clock.shift(wait_after(tries))
    assert outbox.deliver() == 1
    assert outbox.fresh(mail).sent_at


@pytest.mark.parametrize(
    "script",
    [
        {"greeting": ""},
        {"greeting": "421 later"},
        {"greeting": "554 nobody home"},
        {"greeting": "what?"},
        {"EHLO": "", "HELO": ""},
        {"EHLO": "550 no", "HELO": "550 no"},
        {"RCPT": ""},
        {"DATA": ""},
        {"body": ""},
        {"body": "..."},
        {"greeting": "..."},
    ],
    ids=str,
)
def test_a_lost_connection_is_tried_again(script, talker, outbox, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(delivery, "PATIENCE_SECONDS", 0.3)
    outbox.send_to(f"smtp://127.0.0.1:{talker(script)}")
    mail = outbox.put()
    started = time.perf_counter()
    assert outbox.deliver() == 1
    assert time.perf_counter() - started < 15
    assert_waits(outbox.fresh(mail), tries=1)


def test_nobody_listening_is_tried_again(outbox):
    outbox.send_to("smtp://127.0.0.1:9")
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert_waits(outbox.fresh(mail), tries=1)


def test_a_connection_dropped_in_the_middle_is_tried_again(sink, outbox):
    sink.answers["DATA"] = ["drop"]
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert_waits(outbox.fresh(mail), tries=1)
    outbox.clock.shift(MINUTE)
    assert outbox.deliver() == 1
    assert [one["Message-ID"] for one in sink.offered] == [f"<{mail.id}@localhost>"] * 2
    assert len(sink.taken) == 1


@pytest.mark.parametrize("goodbye", ["421 too late", "500 what?", "250 OK", ""])
def test_a_mail_that_was_taken_is_sent_whatever_the_goodbye(goodbye, talker, outbox):
    outbox.send_to(f"smtp://127.0.0.1:{talker({'QUIT': goodbye})}")
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert outbox.fresh(mail).sent_at
    assert outbox.fresh(mail).tries == 0


def test_retries_wait_longer_each_time_and_end_after_four_days(sink, outbox):
    sink.answers["DATA"] = ["451 later"] * 1000
    mail = outbox.put()
    queued_at, waits = clock.now(), []
    while outbox.fresh(mail).gave_up_at is None:
        assert outbox.deliver() == 1
        row = outbox.fresh(mail)
        if row.gave_up_at is None:
            waits.append(row.due_at - clock.now())
            outbox.clock.move_to(row.due_at - timedelta(seconds=1))
            assert outbox.deliver() == 0
            outbox.clock.shift(1)
    minutes = [int(wait / MINUTE) for wait in waits]
    assert minutes[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(minutes[9:]) == {360}
    assert timedelta(days=4) < clock.now() - queued_at <= timedelta(days=4, hours=6)
    assert len(sink.offered) == len(waits) + 1
    assert {one["Message-ID"] for one in sink.offered} == {f"<{mail.id}@localhost>"}
    assert row.text == row.html == row.subject == ""
    outbox.clock.shift(timedelta(days=30))
    assert outbox.deliver() == 0


def test_one_mail_that_fails_does_not_hold_up_the_next(sink, outbox):
    sink.answers["RCPT"] = ["451 later", "550 never"]
    mails = [outbox.put(f"p{number}@example.org") for number in range(4)]
    assert outbox.deliver() == 4
    assert len(sink.recipients) == 2
    assert [outbox.fresh(mail).sent_at is not None for mail in mails].count(True) == 2


EVIL_RECIPIENTS = [
    "a@b.example\r\nBcc: victim@example.org",
    "a@b.example\nSubject: other",
    "a@b.example\r\n\r\nbody",
    "a@b.example\rX: y",
    "",
    "@",
    "a@\ud800.example",
    "=?utf-8?q?a=0d=0aBcc=3a_victim=40example=2eorg?=@b.example",
    "=?utf-8?q?victim=40example=2eorg=2c?=@b.example",
    "a@b.example, victim@example.org",
    "victim@example.org <a@b.example>",
    "a(victim@example.org)@b.example",
]


@pytest.mark.parametrize("recipient", EVIL_RECIPIENTS, ids=range(len(EVIL_RECIPIENTS)))
def test_a_recipient_cannot_smuggle_headers(recipient, app, outbox):
    row = Mail(id="x", recipient=recipient, subject="s", text="t", html="h", queued_at=clock.now())
    built = as_message(row, app.extensions["bowline"])
    assert isinstance(built, Failure), built.as_string()
    assert built.trouble is Trouble.UNWRITABLE


def test_a_mail_with_headers_of_its_own_is_not_sent(app, outbox, monkeypatch):
    amina = "amina@example.org"
    row = Mail(id="x", recipient=amina, subject="s", text="t", html="h", queued_at=clock.now())
    plain = delivery.email.message_from_bytes

    def read_otherwise(*given, **more):
        message = plain(*given, **more)
        message["Bcc"] = "victim@example.org"
        return message

    assert not isinstance(as_message(row, app.extensions["bowline"]), Failure)
    monkeypatch.setattr(delivery.email, "message_from_bytes", read_otherwise)
    built = as_message(row, app.extensions["bowline"])
    assert isinstance(built, Failure)
    assert "read differently" in built.problem


def test_a_mail_that_cannot_be_written_is_given_up_and_the_rest_goes_on(sink, outbox):
    poisoned = outbox.put()
    poisoned.recipient = "a@b.example\r\nBcc: victim@example.org"
    healthy = outbox.put("ben@example.org")
    assert outbox.deliver() == 2
    assert outbox.fresh(poisoned).gave_up_at == clock.now()
    assert "cannot be written" in outbox.fresh(poisoned).problem
    assert outbox.fresh(healthy).sent_at == clock.now()
    assert sink.recipients == ["ben@example.org"]


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: victim@example.org",
        "Hello\nBcc: victim@example.org",
        "Hello\rBcc: victim@example.org",
        "Hello\x0bBcc: victim@example.org",
        "Hello\x85Bcc: victim@example.org",
        "Hello\u2028Bcc: victim@example.org",
        "Hello\x00Bcc: victim@example.org",
        "Hello\x1b[31m\u202eBcc: victim@example.org",
        "Hello " + "x" * 2000 + "\r\nBcc: victim@example.org",
        "=?utf-8?q?Hello=0D=0ABcc:_victim=40example.org?=",
    ],
    ids=range(10),
)
def test_a_subject_cannot_smuggle_headers(subject, sink, outbox):
    outbox.put(subject=subject)
    assert outbox.deliver() == 1
    assert len(sink.taken) == 1
    (taken,) = sink.taken
    assert sink.recipients == ["amina@example.org"]
    assert taken["Bcc"] is None
    assert len(taken.get_all("Subject")) == 1
    raw = taken.as_bytes().partition(b"\n\n")[0]
    assert not [byte for byte in raw if byte < 32 and byte not in b"\r\n"]


def test_text_of_a_mail_cannot_end_it(sink, outbox):
    outbox.put(code="1\r\n.\r\nMAIL FROM:<evil@example.org>\r\n.")
    outbox.put("ben@example.org")
    assert outbox.deliver() == 2
    assert sorted(sink.recipients) == ["amina@example.org", "ben@example.org"]
    (long,) = (mail for mail in sink.taken if mail["To"] == "amina@example.org")
    assert "MAIL FROM" in long.get_body(("plain",)).get_content()


def test_a_domain_in_other_letters_goes_out_as_punycode(make_sink, outbox):
    sink = make_sink(enable_SMTPUTF8=False)
    outbox.send_to(sink.url)
    outbox.put("amina@bücher.example")
    assert outbox.deliver() == 1
    assert sink.recipients == ["amina@xn--bcher-kva.example"]


def test_an_address_a_server_cannot_take_is_told(make_sink, outbox):
    outbox.send_to(make_sink(enable_SMTPUTF8=False).url)
    mail = outbox.put("ämina@example.org")
    assert outbox.deliver() == 1
    assert "SMTPUTF8" in outbox.fresh(mail).problem


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://meet.example.org:8443", "meet.example.org"),
        ("http://[::1]:5000", "[IPv6:::1]"),
        ("http://127.0.0.1:5000", "127.0.0.1"),
    ],
)
def test_the_message_id_names_our_host(origin, name, app, outbox):
    settings = replace(app.extensions["bowline"], origin=origin)
    mail = outbox.put()
    assert as_message(mail, settings)["Message-ID"] == f"<{mail.id}@{name}>"


def test_two_workers_carry_each_mail_once(app, sink, outbox):
    for number in range(40):
        outbox.put(f"p{number}@example.org")
    outbox.session.commit()
    gate, tried = threading.Barrier(2), []

    def work():
        with app.app_context():
            gate.wait(10)
            tried.append(tasks.deliver_due())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(sink.recipients) == sorted(f"p{number}@example.org" for number in range(40))
    assert sum(tried) == 40
    assert min(tried) > 0


def test_a_leased_mail_is_left_alone_until_the_lease_is_over(sink, outbox):
    mail = outbox.put()
    assert lease_next(outbox.session, now=clock.now()).id == mail.id
    outbox.session.commit()
    assert outbox.deliver() == 0
    outbox.clock.shift(LEASE - timedelta(seconds=1))
    assert outbox.deliver() == 0
    outbox.clock.shift(1)
    assert outbox.deliver() == 1
    assert sink.taken[0]["Message-ID"] == f"<{mail.id}@localhost>"


def test_a_worker_killed_after_the_server_took_it_repeats_the_same_message_id(
    sink, outbox, monkeypatch
):
    mail = outbox.put()

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "note_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver()
    outbox.clock.shift(LEASE)
    assert outbox.deliver() == 1
    assert [one["Message-ID"] for one in sink.taken] == [f"<{mail.id}@localhost>"] * 2


def test_a_slow_server_keeps_nobody_from_writing(app, outbox, monkeypatch):
    outbox.put()
    took = []

    def carry(*_args, **_kwargs):
        def write():
            with app.app_context(), tasks.transaction() as other:
                other.execute(sa.update(Mail).values(problem="written meanwhile"))
            took.append(True)

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(3)
        assert took, "the worker holds a lock while it talks to the server"

    monkeypatch.setattr(tasks, "carry", carry)
    assert outbox.deliver() == 1


def test_a_mail_on_its_way_is_kept_by_signs_of_life(outbox, monkeypatch):
    row, renewed = outbox.put(), threading.Event()
    monkeypatch.setattr(tasks, "LEASE", timedelta(seconds=0.03))
    monkeypatch.setattr(tasks, "renew_lease", lambda *_, **__: renewed.set())
    waited = []
    monkeypatch.setattr(tasks, "carry", lambda *_, **__: waited.append(renewed.wait(5)))
    assert outbox.deliver() == 1
    assert waited == [True]
    assert outbox.fresh(row).sent_at == clock.now()


def test_mail_of_a_request_that_breaks_is_not_sent(browser, outbox, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("after the mail was queued")

    browser.get("/sign-in")
    monkeypatch.setattr(account_views, "redirect", broken)
    with pytest.raises(RuntimeError, match="after the mail"):
        browser.submit("/sign-in", address="amina@example.org")
    assert outbox.session.query(Mail).count() == 0
    assert outbox.session.query(SignInCode).count() == 0
    assert outbox.deliver() == 0


def test_mail_of_a_request_that_is_refused_is_not_sent(browser, sink, outbox, monkeypatch):
    queue_and_go_on = account_services.ask_for_code

    def refused(*args, **kwargs):
        queue_and_go_on(*args, **kwargs)
        raise Conflict("too late")

    with monkeypatch.context() as patch:
        patch.setattr(account_services, "ask_for_code", refused)
        browser.get("/sign-in")
        assert browser.submit("/sign-in", address="amina@example.org").status_code == 409
    assert outbox.session.query(Mail).count() == 0
    assert outbox.deliver() == 0
    browser.get("/sign-in")
    browser.submit("/sign-in", address="amina@example.org")
    assert outbox.deliver() == 1
    assert sink.recipients == ["amina@example.org"]


@pytest.fixture
def certificate(tmp_path):
    """A certificate for localhost that nobody but this test trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture
def tls_sink(make_sink, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return make_sink(tls_context=context, asks_for_password=True)


def test_a_server_with_a_certificate_is_spoken_to_in_private(
    tls_sink, certificate, outbox, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    outbox.send_to(f"smtp://localhost:{tls_sink.port}")
    outbox.put()
    assert outbox.deliver() == 1
    assert tls_sink.encrypted == [True]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_server_nobody_vouches_for_gets_nothing(host, tls_sink, certificate, outbox, monkeypatch):
    if host == "127.0.0.1":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    outbox.send_to(f"smtp://amina:secret@{host}:{tls_sink.port}")
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert tls_sink.offered == tls_sink.logins == []
    assert_waits(outbox.fresh(mail), tries=1)


def test_smtps_is_private_from_the_first_word(make_sink, certificate, outbox, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    sink = make_sink(ssl_context=context, hostname="localhost")
    outbox.send_to(f"smtps://localhost:{sink.port}")
    outbox.put()
    assert outbox.deliver() == 1
    assert len(sink.taken) == 1


def test_name_and_password_are_sent_as_they_were_meant(make_sink, outbox):
    sink = make_sink(asks_for_password=True)
    outbox.send_to(f"smtp://amina%40example.org:p%3Aw%2F@127.0.0.1:{sink.port}")
    outbox.put()
    assert outbox.deliver() == 1
    assert sink.logins == [(b"amina@example.org", b"p:w/")]
    assert len(sink.taken) == 1


def test_a_refused_password_is_our_fault_and_no_mails(make_sink, outbox):
    sink = make_sink(asks_for_password=True)
    sink.answers["AUTH"] = ["no"] * 9
    outbox.send_to(f"smtp://amina:old@127.0.0.1:{sink.port}")
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert "535" in outbox.fresh(mail).problem
    assert_waits(outbox.fresh(mail), tries=1)
    sink.answers.clear()
    outbox.clock.shift(MINUTE)
    assert outbox.deliver() == 1
    assert outbox.fresh(mail).sent_at


def test_no_password_goes_over_a_network_in_the_clear(make_sink, outbox, monkeypatch):
    monkeypatch.setattr(delivery, "THIS_MACHINE", frozenset())
    sink = make_sink(asks_for_password=True)
    outbox.send_to(f"smtp://amina:secret@127.0.0.1:{sink.port}")
    mail = outbox.put()
    assert outbox.deliver() == 1
    assert sink.logins == sink.taken == []
    assert "no password was sent" in outbox.fresh(mail).problem
    assert_waits(outbox.fresh(mail), tries=1)


def test_the_wait_doubles_from_a_minute_to_six_hours():
    assert [wait_after(tries) / MINUTE for tries in (1, 2, 3, 9, 10, 11, 1000)] == [
        1,
        2,
        4,
        256,
        360,
        360,
        360,
    ]


def test_a_long_complaint_is_cut(outbox):
    mail = outbox.put()
    note_failure(mail, trouble=Trouble.LATER, problem="x" * 5000, now=clock.now())
    assert len(mail.problem) == 500
