"""One installation on two nodes, with PgBouncer, Redis and a proxy as operators set them up."""

import json
import re
import secrets
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mail.killing import Outbox
from mail.ledger import Ledger, LedgerServer

import services
from durability.client import Address
from durability.installation import Installation, installation
from durability.proxies import ORIGIN, Proxy
from durability.servers import cluster, few_processes, fresh_database
from webapp.core.config import Config
from webapp.worker import jobs

TOKEN = secrets.token_urlsafe(24)
ANSWERED = re.compile(r"^bowline_request_seconds_count\{(.*)\} (\d+)$", re.MULTILINE)
VISITOR = "203.0.113.9"
"""Somebody on a network of their own."""


@dataclass
class Site:
    """All nodes, and what is before and behind them."""

    nodes: list[Installation]
    address: Address
    post: Outbox

    def start(self) -> None:
        """Start web and a worker on each node, all at once."""
        for node in self.nodes:
            node.start_worker()
        with ThreadPoolExecutor() as threads:
            list(threads.map(Installation.start, self.nodes))

    def straight_to(self, node: Installation) -> Address:
        """Return a node as the proxy sees it."""
        more = {"X-Forwarded-For": VISITOR, "X-Forwarded-Proto": "https"}
        return Address(node.port, ORIGIN, more=more)


def answered(node: Installation, *words: str) -> int:
    """Return how often a node has answered, of what its figures name with these words."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{node.port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
        figures = ANSWERED.findall(answer.read().decode())
    return sum(int(times) for labels, times in figures if all(word in labels for word in words))


def lines_of(node: Installation) -> Iterator[dict[str, object]]:
    """Give what the workers of a node wrote into their log."""
    for line in node.worker_log.read_text().splitlines():
        if line.startswith("{"):
            yield json.loads(line)


@contextmanager
def site(proxy: Proxy, *, is_short: bool) -> Iterator[Site]:
    """Set everything up; nothing is started but what the nodes lean on."""
    with ExitStack() as stack:

        def folder() -> Path:
            return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bowline-site-")))

        server = stack.enter_context(cluster())
        pooler = services.pgbouncer(fresh_database(server), services.told_operators("ini"))
        database_url = stack.enter_context(pooler)
        redis_url = stack.enter_context(services.redis(folder()))
        ledger, smtp = Ledger(), services.free_port()
        sink = LedgerServer(ledger, hostname="127.0.0.1", port=smtp)
        sink.start()
        stack.callback(sink.stop)
        settings = few_processes(is_short=is_short) | {
            "BOWLINE_MODE": "production",
            "BOWLINE_ORIGIN": ORIGIN,
            "BOWLINE_TRUSTED_PROXIES": "1",
            "MAIL_FROM": "Bowline <hello@meet.example.org>",
            "METRICS_TOKEN": TOKEN,
            "REDIS_URL": redis_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        }
        nodes = [
            stack.enter_context(installation(folder(), database_url, **settings)) for _ in range(2)
        ]
        _share_queue(nodes[0])
        address = stack.enter_context(proxy(folder(), [node.port for node in nodes]))
        yield Site(nodes, address, Outbox(nodes[0].app, ledger))


def _share_queue(node: Installation) -> None:
    """Let our own app wake the workers as the nodes do; it counts no limits."""
    jobs.init_app(node.app, Config.from_environment(node.settings))
