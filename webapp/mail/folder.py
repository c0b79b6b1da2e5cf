"""Reading the mail folder of the embedded default."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path

from flask import request

from webapp.core.urls import config

MOST_SHOWN = 30
FORWARDED = ("forwarded", "x-forwarded", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """One mail of the folder, as a reader sees it."""

    id: str
    recipient: str
    subject: str
    written_at: datetime
    text: str


def is_readable_here() -> bool:
    """Tell whether this request may read the folder: never in production, never from elsewhere.

    A sign-in code lies in it; whoever starts the app for a whole network must not show it around.
    """
    if config().is_production or config().mail_folder is None:
        return False
    is_forwarded = any(name.lower().startswith(FORWARDED) for name, _ in request.headers)
    return not is_forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104  # nosec B104


def latest(folder: Path) -> list[WrittenMail]:
    """Return the newest mails of the folder, newest first, at most 30."""
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in paths[:MOST_SHOWN]]


def _read(path: Path) -> WrittenMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return WrittenMail(
        id=path.stem,
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        written_at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content() if body else "",
    )
