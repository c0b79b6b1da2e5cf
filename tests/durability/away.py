"""What the app leans on goes away while people scan: Redis, the mail server, the provider."""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import sqlalchemy as sa

import services
from durability.acts import FEWEST_GUESTS, everything
from durability.client import Client
from durability.figures import Figure
from durability.guests import Party, hold_party
from durability.installation import Installation
from durability.ledger import Ledger, judge
from durability.load import load
from durability.servers import few_processes, on_sqlite
from webapp.core import db as database
from webapp.mail.models import Mail

ENOUGH, ENOUGH_SHORT = 2_000, 60
"""Acknowledgements with Redis there, and as many with it gone."""


def measure(*, is_short: bool) -> Iterator[Figure]:
    """Nobody answers for mail and sign-in; Redis is killed half way."""
    nobody = services.free_port()
    away = few_processes(is_short=is_short) | {
        "SMTP_URL": f"smtp://127.0.0.1:{nobody}",
        "OIDC_DISCOVERY_URL": f"http://127.0.0.1:{nobody}/.well-known/openid-configuration",
        "OIDC_CLIENT_ID": "bowline",
        "OIDC_CLIENT_SECRET": "s" * 40,
    }
    with tempfile.TemporaryDirectory(prefix="bowline-redis-") as name:
        redis = ExitStack()
        url = redis.enter_context(services.redis(Path(name)))
        with redis, on_sqlite(**away, REDIS_URL=url) as one:
            yield _figure(one, redis.close, ENOUGH_SHORT if is_short else ENOUGH)


def _figure(one: Installation, kill_redis: Callable[[], None], enough: int) -> Figure:
    ledger = Ledger()
    party = hold_party(one.app, FEWEST_GUESTS)
    one.start()
    with load(one.port, everything(party, random.Random(5)), ledger) as running:
        running.wait_until(enough)
        kill_redis()
        running.wait_until(2 * enough)
    waiting, statuses = _sign_in(one, party)
    one.stop()
    verdict = judge(one.app, ledger)
    failed = ledger.odd | ledger.without_answer | Counter(busy=ledger.asked_to_wait)
    return Figure(
        what="SMTP, OIDC and Redis down",
        asked=f"{2 * enough} acknowledged, Redis killed half way: scanning goes on; mail waits",
        measured=(
            f"{ledger.acknowledged} acknowledged, {dict(+failed) or 'none'} failed, "
            f"{verdict.lost} lost; "
            f"sign-in answers {statuses}, {waiting} mail waits"
        ),
        is_met=verdict.is_fine and not +failed and waiting == 1 and max(statuses) < 500,
    )


def _sign_in(one: Installation, party: Party) -> tuple[int, list[int]]:
    """Ask for a code by mail, and for the provider; gives the mails that wait, and the answers."""
    client, guest = Client(one.port), party.guests[0]
    asked = client.post("/sign-in", guest, address="amina@example.org")
    provided = client.get("/sign-in/with/oidc", guest)
    client.close()
    unsent = sa.select(sa.func.count()).select_from(Mail).where(Mail.sent_at.is_(None))
    with one.app.app_context(), database.reading() as session:
        return session.scalar(unsent) or 0, [asked.status, provided.status]
