"""Workers are killed at random moments while they send: no mail is lost, and none sent in vain."""

import logging
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from mail.killing import Post, kill_workers, post_office

import services
from webapp.factory import create_app
from webapp.mail.models import Mail
from webapp.mail.rules import FIRST_WAIT, LEASE

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "3"))
"""On each of the two databases; 50 once, by hand."""


@pytest.fixture(params=["sqlite", "postgresql"])
def own_url(request, tmp_path):
    """A database of its own: workers in other processes use it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bowline.sqlite'}"
    server_url = request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(
        server_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS killed WITH (FORCE)"))
        connection.execute(sa.text("CREATE DATABASE killed"))
    engine.dispose()
    return server_url.replace("/postgres?", "/killed?")


@pytest.fixture
def post(tmp_path, own_url) -> Iterator[Post]:
    with post_office(tmp_path, own_url) as opened:
        yield opened


def test_of_workers_killed_at_random_no_mail_is_lost_and_only_the_gap_repeats_one(post):
    chance = random.Random(os.environ.get("SEED", "5"))
    delivered = kill_workers(post, kills=KILLS, chance=chance)
    log.info("%s kills: %s", KILLS, delivered)
    assert delivered.is_fine, delivered


def test_two_workers_and_a_server_full_of_faults(post):
    ledger = post.ledger
    ledger.share_of_faults = 0.3
    post.queue(60)
    everything = post.unsent()
    workers = [post.start(), post.start()]

    def is_done() -> bool:
        post.let_pass(FIRST_WAIT - LEASE / 2)
        return not post.unsent()

    post.wait_until(is_done)
    for worker in workers:
        post.end(worker)
    assert ledger.taken.keys() == everything
    assert {*ledger.FAULTS, ""} == ledger.seen_faults.keys()
    assert all(times == 1 + ledger.dropped_after[one] for one, times in ledger.taken.items())
    assert ledger.offered.total() > ledger.taken.total()


def test_a_worker_told_to_stop_finishes_what_it_carries(post):
    post.ledger.seconds = 1
    post.queue(20)
    worker = post.start()
    post.wait_until(post.ledger.has_news.is_set)
    post.end(worker, seconds=10)
    sent = post.ids(Mail.sent_at.is_not(None))
    assert 1 <= len(sent) < 20
    assert post.ledger.taken == Counter(dict.fromkeys(sent, 1))
    assert post.ledger.offered == post.ledger.taken


@pytest.fixture(params=["file", "redis", "redis is away"])
def queued_post(request, post, tmp_path) -> Iterator[Post]:
    """The same with each kind of queue between the web and the worker."""
    if request.param == "file":
        yield post
        return
    with services.redis(tmp_path) as url:
        config = replace(post.app.extensions["bowline"], redis_url=url)
        if request.param == "redis":
            post.app = create_app(config)
            yield post
            return
    post.app = create_app(config)
    yield post


def test_mail_leaves_as_soon_as_its_transaction_is_over(queued_post):
    post = queued_post
    post.queue(1)
    worker = post.start()
    post.wait_until(lambda: not post.unsent())
    waits = []
    for _ in range(3):
        post.queue(1)
        began = time.monotonic()
        post.wait_until(lambda: not post.unsent())
        waits.append(time.monotonic() - began)
    post.end(worker)
    assert max(waits) < 5, "the worker waits for its round"
