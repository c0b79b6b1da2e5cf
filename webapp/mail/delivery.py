"""Carrying mail out: to an SMTP server, or into a folder one can read."""

import email
import email.policy
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from webapp.core.config import Config
from webapp.mail.models import Mail, Trouble
from webapp.mail.rules import FIRST_FINAL_CODE, trouble_of

TIMEOUT_SECONDS = 20
PATIENCE_SECONDS = 600
"""For the answer to a whole message (RFC 5321 4.5.3.2.6): who hangs up early sends it twice."""
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail was not taken: of which kind the trouble is, and in the server's words."""

    trouble: Trouble
    problem: str


class _Unfolded(UniqueUnstructuredHeader):
    """A header that stays on one line: a long address folded is an encoded word to nobody's use."""

    name: str

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write name and value as they are."""
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", cast("Any", _Unfolded))
POLICY = email.policy.default.clone(header_factory=_headers)


def as_message(mail: Mail, config: Config) -> EmailMessage | Failure:
    """Build the message; its Message-ID stays the same however often it is tried.

    A mail that cannot be written is a failure of its own: it must not hold up the others.
    """
    try:
        message = _message(mail, config)
        _refuse_other_reading(message, _in_ascii(mail.recipient))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        return Failure(Trouble.UNWRITABLE, f"cannot be written: {error}")
    return message


def _message(mail: Mail, config: Config) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message["From"] = config.mail_from
    message["To"] = _in_ascii(mail.recipient)
    message["Subject"] = mail.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = f"<{mail.id}@{_host(config)}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _refuse_other_reading(message: EmailMessage, recipient: str) -> None:
    """Read the message as its receiver will: a typed `=?...?=` is decoded, line ends and all."""
    read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    if read.keys() != message.keys():
        raise ValueError("its headers would be read differently")
    if [address.addr_spec for address in read["To"].addresses] != [recipient]:
        raise ValueError("its recipient would be read differently")


def _in_ascii(address: str) -> str:
    """Write the domain as punycode: few servers take it any other way."""
    local, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}@{idna.encode(domain, uts46=True).decode()}"


def _host(config: Config) -> str:
    host = urlsplit(config.origin).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host


def carry(message: EmailMessage, *, mail_id: str, config: Config) -> Failure | None:
    """Try one mail; hold no transaction meanwhile, a mail server may take its time.

    Only a word about the recipient or the content is final. A refused greeting, password or
    sender is about our own settings: somebody mends them, and the mail still goes out.
    """
    try:
        _carry(message, mail_id, config)
    except (OSError, ValueError) as error:
        return _failure_of(error)
    return None


def _failure_of(error: OSError | ValueError) -> Failure:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
        return Failure(trouble_of(code, _text(words)), f"{code} {_text(words)}")
    if isinstance(error, smtplib.SMTPResponseException):
        is_about_mail = isinstance(error, smtplib.SMTPDataError)
        final = Trouble.REFUSED if is_about_mail else Trouble.OURS
        trouble = final if error.smtp_code >= FIRST_FINAL_CODE else Trouble.LATER
        return Failure(trouble, f"{error.smtp_code} {_text(error.smtp_error)}")
    if isinstance(error, OSError):
        is_lost = not isinstance(error, smtplib.SMTPNotSupportedError)
        return Failure(Trouble.AWAY if is_lost else Trouble.OURS, str(error))
    return Failure(Trouble.UNWRITABLE, f"cannot be written: {error}")


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _carry(message: EmailMessage, mail_id: str, config: Config) -> None:
    if config.smtp_url:
        _send(message, urlsplit(config.smtp_url), own_name=_host(config))
    elif config.mail_folder:
        _write(message, config.mail_folder / f"{mail_id}.eml")


def _write(message: EmailMessage, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(path)


class _Patient(smtplib.SMTP):
    """A connection that waits long for the answer to a whole message, and for nothing else."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message and wait for what the server says to it."""
        if self.sock is not None:
            self.sock.settimeout(PATIENCE_SECONDS)
        return super().data(msg)


class _PatientSsl(_Patient, smtplib.SMTP_SSL):
    """The same, private from the first word."""


def _send(message: EmailMessage, url: SplitResult, *, own_name: str) -> None:
    """Send by `smtp://` (STARTTLS where the server offers it) or `smtps://`."""
    host, context = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = _PatientSsl(
            host, url.port or 465, own_name, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = _Patient(host, url.port or 25, own_name, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
        if url.username:
            _log_in(server, host, unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
    finally:
        _leave(server)


def _log_in(server: smtplib.SMTP, host: str, user: str, password: str) -> None:
    """Log in, but never send the password over a network in the clear."""
    if not isinstance(server.sock, ssl.SSLSocket) and host not in THIS_MACHINE:
        raise smtplib.SMTPNotSupportedError("the server offers no TLS, so no password was sent")
    server.login(user, password)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; whatever a server answers to that takes no mail back."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()
