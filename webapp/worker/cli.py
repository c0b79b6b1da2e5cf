"""`flask --app app worker`."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from webapp.core import clock
from webapp.exchange.guests.tasks import forget_guest_lists
from webapp.insights.tasks import freeze_summaries
from webapp.mail.tasks import deliver_due

log = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
FREEZE_EVERY = timedelta(minutes=5)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(worker)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver mail and freeze summaries until told to stop."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    work_until(stopping)


def work_until(stopping: threading.Event, *, may_freeze: Callable[[], bool] = lambda: True) -> None:
    """Go round once a second; a database that is away is waited for."""
    frozen_at = None
    while not stopping.wait(ROUND_SECONDS):
        try:
            deliver_due()
            is_due = frozen_at is None or clock.now() - frozen_at >= FREEZE_EVERY
            if is_due and may_freeze():
                freeze_summaries()
                forget_guest_lists()
                frozen_at = clock.now()
        except SQLAlchemyError:
            log.exception("the database did not answer; trying again")
