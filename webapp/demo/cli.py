"""`flask --app app demo`: a working event in the browser, made from real data."""

import shutil
import socket
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.serving import make_server

from webapp.core import tables
from webapp.core.config import Config, Mode
from webapp.core.urls import config
from webapp.demo.stage import STAGE, Stage, set_stage, start_recording
from webapp.worker.jobs import jobs_of
from webapp.worker.tasks import DELIVERY

FIRST_PORT, PORTS = 5000, 20


def init_app(app: Flask, make_app: object) -> None:
    """Add the command; `make_app` builds the app of the demo from its own settings."""
    app.extensions["bowline-make-app"] = make_app
    app.cli.add_command(demo)


@click.command("demo")
@click.option("--port", type=int, help="By default the first free one from 5000.")
@with_appcontext
def demo(port: int | None) -> None:
    """Start the demo: a real conference, replayed with invented people."""
    began = time.monotonic()
    settings = config()
    if settings.is_production:
        raise click.ClickException("The demo does not run in production: anybody may be anybody.")
    port = port or _free_port()
    app = current_app.extensions["bowline-make-app"](_demo_settings(settings, port))
    with app.app_context():
        tables.bring_up_to_date()
        app.extensions[STAGE] = stage = set_stage()
    start_recording(app, stage)
    stopping = threading.Event()
    threading.Thread(target=partial(_work, app, stage, stopping), daemon=True).start()
    server = make_server("127.0.0.1", port, app, threaded=True)
    click.echo(f"\n  Bowline is ready ({time.monotonic() - began:.1f} s).")
    click.echo(f"  Open http://localhost:{port} in your browser. Stop with Ctrl-C.\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        stopping.set()


def _demo_settings(settings: Config, port: int) -> Config:
    """Return settings with a fresh database of the demo's own, and mail one can read."""
    folder: Path = settings.data_folder / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    return replace(
        settings,
        mode=Mode.DEMO,
        origin=f"http://localhost:{port}",
        data_folder=folder,
        database_url=f"sqlite:///{folder / 'bowline.sqlite'}",
        redis_url=None,
        smtp_url=None,
    )


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise click.ClickException("No port from 5000 to 5019 is free; name one with --port.")


def _work(app: Flask, stage: Stage, stopping: threading.Event) -> None:
    """Run the worker; all but mail waits until the conference is recorded."""
    jobs = jobs_of(app)
    jobs.may_run = lambda task: task is DELIVERY or stage.is_complete.is_set()
    jobs.work_until(stopping)
