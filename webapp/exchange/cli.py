"""`flask --app app replay FILE`."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from webapp.core import clock
from webapp.core.db import transaction
from webapp.events.rules import Printed
from webapp.exchange import sociopatterns
from webapp.exchange.replay import AFTER_THE_LAST, Recorder, Script, duration, prepare
from webapp.exchange.sociopatterns import MalformedRow, UnreadableFile

PROGRESS_EVERY = 100
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(replay_command)


@click.command("replay")
@click.argument("file", type=FILE)
@click.option("--groups", type=FILE, help="Rows `id group`; labels people, adds nobody.")
@click.option("--name", default="Replayed event", show_default=True)
@click.option("--starts-at", help="When the first talk starts (ISO); by default, it all ends now.")
@with_appcontext
def replay_command(file: Path, groups: Path | None, name: str, starts_at: str | None) -> None:
    """Replay a SocioPatterns contact FILE (rows `t i j`, plain or gzipped) as an event."""
    began = time.monotonic()
    try:
        contacts = sociopatterns.read_contacts(file)
        labels = sociopatterns.read_groups(groups) if groups else {}
    except (MalformedRow, UnreadableFile) as error:
        raise click.ClickException(str(error)) from error
    talks = sociopatterns.form_conversations(contacts)
    if not talks:
        raise click.ClickException("There is no conversation in this file, so nothing was written.")
    start = _moment(starts_at) if starts_at else clock.now() - duration(talks)
    script = Script(
        name=name,
        starts_at=start,
        ends_at=start + duration(talks) + AFTER_THE_LAST,
        people=sociopatterns.people(contacts),
        printed=lambda one: Printed(f"Person {one}", labels.get(one, ""), ""),
        groups=labels,
        conversations=talks,
    )
    with transaction() as session:
        cast = prepare(session, script)
        claims = 0
        for claims in Recorder(cast).record(session, talks):
            _show(claims, len(talks))
        result = {
            "event": cast.event_code,
            "people": len(cast.guests),
            "claims": claims,
            "conversations": len(talks),
            "seconds": round(time.monotonic() - began, 2),
        }
    click.echo(json.dumps(result))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.ClickException(f"--starts-at is {text!r}; use 2026-11-21T09:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show(number: int, total: int) -> None:
    """Show progress on standard error, so that standard output stays one line of JSON."""
    if number % PROGRESS_EVERY == 0 or number == total:
        end = "\n" if number == total else ""
        sys.stderr.write(f"\r{number} of {total} conversations{end}")
        sys.stderr.flush()
