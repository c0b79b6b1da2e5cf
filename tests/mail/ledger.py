"""An SMTP server in a process of its own thread that writes down, for good, what it took."""

import asyncio
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

MESSAGE_ID = re.compile(rb"^Message-ID: <([a-z0-9]+)@", re.MULTILINE | re.IGNORECASE)


@dataclass
class Ledger:
    """Every message a server said 250 to, and every one it was offered, by the mail's id."""

    taken: Counter[str] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    faults: random.Random = field(default_factory=lambda: random.Random(5))
    share_of_faults: float = 0.0
    seconds: float = 0.004
    """How long the server thinks before it answers."""
    has_news: threading.Event = field(default_factory=threading.Event)
    connections: int = 0
    """At 0 everything a dead worker sent has been read."""
    dropped_after: Counter[str] = field(default_factory=Counter)
    """Those whose sender never heard that they were taken."""
    ids_of: dict[str, set[str]] = field(default_factory=dict)
    """The Message-IDs each recipient has got."""
    seen_faults: Counter[str] = field(default_factory=Counter)

    FAULTS = ("421", "451", "drop before", "drop after", "slow")

    def fault(self) -> str:
        """Choose what goes wrong with the next message, if anything does."""
        if self.faults.random() >= self.share_of_faults:
            return ""
        return self.faults.choice(self.FAULTS)

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        self.has_news.set()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        (found,) = MESSAGE_ID.findall(envelope.content)
        mail_id, fault = found.decode(), self.fault()
        self.offered[mail_id] += 1
        self.seen_faults[fault] += 1
        await asyncio.sleep(self.seconds * (20 if fault == "slow" else 1))
        if fault in {"421", "451"}:
            return f"{fault} later"
        if fault == "drop before":
            server.transport.abort()
            return "451 dropped"
        self.taken[mail_id] += 1
        self.ids_of.setdefault(envelope.rcpt_tos[0], set()).add(mail_id)
        if fault == "drop after":
            self.dropped_after[mail_id] += 1
            server.transport.abort()
        else:
            await asyncio.sleep(self.seconds)
        return "250 OK"


class _Counted(SMTP):
    """A server that knows how many senders are connected."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.connections -= 1


class LedgerServer(Controller):
    """The server that keeps a ledger."""

    def factory(self) -> SMTP:
        return _Counted(self.handler, **self.SMTP_kwargs)
