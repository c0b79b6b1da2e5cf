"""`flask --app app worker`."""

import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from webapp.worker.jobs import jobs_of


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(worker)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver mail and do all that is due until told to stop."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    jobs_of(current_app).work_until(stopping)
