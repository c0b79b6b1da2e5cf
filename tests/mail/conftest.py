"""An SMTP server that keeps what it is given and refuses what it is told to refuse."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask
from sqlalchemy.orm import Session

import services
from webapp.core import clock
from webapp.mail.models import Mail
from webapp.mail.services import queue_mail
from webapp.mail.tasks import deliver_due


@dataclass
class Sink:
    """What an SMTP server was told, and how it answers each step."""

    port: int = 0
    answers: dict[str, list[str]] = field(default_factory=dict)
    offered: list[EmailMessage] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _answer(self, step: str, usual: str) -> str:
        waiting = self.answers.get(step, [])
        return waiting.pop(0) if waiting else usual

    async def handle_MAIL(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        envelope.mail_from = address
        return self._answer("MAIL", "250 OK")

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        answer = self._answer("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        message: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.offered.append(message)
        answer = self._answer("DATA", "250 OK")
        if answer == "drop":
            server.transport.abort()
        if answer.startswith("250"):
            self.taken.append(message)
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None)
        return answer

    def login(self, _server, _session, _envelope, _mechanism, given) -> AuthResult:
        self.logins.append((given.login, given.password))
        return AuthResult(success=self._answer("AUTH", "yes") == "yes", handled=False)


@dataclass
class Outbox:
    """The outbox and its worker, with the clock standing still."""

    app: Flask
    session: Session
    clock: time_machine.Traveller
    patch: pytest.MonkeyPatch

    def put(self, recipient: str = "amina@example.org", **more: Any) -> Mail:
        """Queue a mail and commit."""
        said = {"subject": "Hello", "code": "1234 5678"} | more
        mail = queue_mail(
            self.session,
            kind="accounts/sign_in_code",
            recipient=recipient,
            now=clock.now(),
            **said,
        )
        self.session.commit()
        return mail

    def deliver(self) -> int:
        """Let the worker go round once."""
        self.session.commit()
        with self.app.app_context():
            return deliver_due()

    def fresh(self, mail: Mail) -> Mail:
        """Read a mail again."""
        self.session.expire_all()
        return self.session.get_one(Mail, mail.id)

    def change(self, **settings: Any) -> None:
        """Change the app's settings until the end of the test."""
        changed = replace(self.app.extensions["bowline"], **settings)
        self.patch.setitem(self.app.extensions, "bowline", changed)

    def send_to(self, url: str) -> None:
        """Send by a server from now on."""
        self.change(smtp_url=url)


@pytest.fixture
def outbox(app, session, evening, monkeypatch) -> Outbox:
    return Outbox(app, session, evening, monkeypatch)


@pytest.fixture
def make_sink() -> Iterator[Callable[..., Sink]]:
    running = []

    def make(*, asks_for_password: bool = False, **more: Any) -> Sink:
        sink = Sink(port=services.free_port())
        if asks_for_password:
            more |= {"authenticator": sink.login, "auth_require_tls": False}
        options = {"hostname": "127.0.0.1", "port": sink.port} | more
        controller = Controller(sink, **options)
        controller.start()
        running.append(controller)
        return sink

    yield make
    for controller in running:
        controller.stop()


@pytest.fixture
def sink(make_sink: Callable[..., Sink], outbox: Outbox) -> Sink:
    """A server that takes everything, and the app sending to it."""
    sink = make_sink()
    outbox.send_to(sink.url)
    return sink


@pytest.fixture
def talker() -> Iterator[Callable[[dict[str, str]], int]]:
    """Start a server that says what a script tells it; an empty word hangs up, `...` is silent."""
    closing: list[Callable[[], None]] = []

    def start(script: dict[str, str]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        stopping = threading.Event()
        thread = threading.Thread(target=_talk, args=(listener, script, stopping))
        thread.start()

        def close() -> None:
            stopping.set()
            with socket.socket() as wake:
                wake.connect_ex(listener.getsockname())
            thread.join()
            listener.close()

        closing.append(close)
        return int(listener.getsockname()[1])

    yield start
    for close in closing:
        close()


def _talk(listener: socket.socket, script: dict[str, str], stopping: threading.Event) -> None:
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as lines:
            if stopping.is_set():
                return
            try:
                _answer_lines(lines, script, stopping)
            except OSError:
                continue


def _answer_lines(lines: Any, script: dict[str, str], stopping: threading.Event) -> None:
    usual = {"greeting": "220 hello", "EHLO": "250 hello", "DATA": "354 go on", "QUIT": "221 bye"}
    command, is_data = "greeting", False
    while True:
        if not is_data:
            answer = script.get(command, usual.get(command, "250 OK"))
            if answer == "...":
                stopping.wait(5)
            if not answer or answer == "...":
                return
            lines.write(answer.encode() + b"\r\n")
            lines.flush()
        line = lines.readline()
        if not line:
            return
        if is_data and line != b".\r\n":
            continue
        is_data = command == "DATA" and not is_data
        command = "body" if line == b".\r\n" else line[:4].decode().strip().upper()
