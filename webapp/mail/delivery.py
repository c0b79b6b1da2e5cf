"""Carrying mail out: to an SMTP server, or into a folder one can read."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from webapp.core.config import Config
from webapp.mail.models import Mail

TIMEOUT_SECONDS = 20
FIRST_FINAL_CODE = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail was not taken, and whether trying again is of no use."""

    problem: str
    is_final: bool


def as_message(mail: Mail, config: Config) -> EmailMessage:
    """Build the message; its Message-ID stays the same however often it is tried."""
    message = EmailMessage()
    message["From"] = config.mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = f"<{mail.id}@{config.host.partition(':')[0]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def carry(message: EmailMessage, *, mail_id: str, config: Config) -> Failure | None:
    """Try one mail; hold no transaction meanwhile, a mail server may take its time."""
    try:
        _carry(message, mail_id, config)
    except smtplib.SMTPResponseException as error:
        return Failure(str(error), is_final=error.smtp_code >= FIRST_FINAL_CODE)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        is_final = all(code >= FIRST_FINAL_CODE for code in codes)
        return Failure(f"recipient refused: {codes}", is_final=is_final)
    except (OSError, smtplib.SMTPException) as error:
        return Failure(str(error), is_final=False)
    return None


def _carry(message: EmailMessage, mail_id: str, config: Config) -> None:
    if config.smtp_url:
        _send(message, config.smtp_url)
    elif config.mail_folder:
        _write(message, config.mail_folder / f"{mail_id}.eml")


def _write(message: EmailMessage, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(path)


def _send(message: EmailMessage, url: str) -> None:
    """Send by `smtp://` (STARTTLS where the server offers it) or `smtps://`."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo_or_helo_if_needed()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
