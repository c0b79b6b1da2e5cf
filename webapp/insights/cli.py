"""`flask --app app report EVENT`."""

import json
from dataclasses import asdict

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from webapp.core import clock
from webapp.core.db import reading
from webapp.events.models import Event
from webapp.events.queries import event_by_code
from webapp.events.rules import is_over
from webapp.insights.figures import exact_figures
from webapp.insights.publishing.report import publish
from webapp.insights.queries import event_facts
from webapp.insights.services import counts_of
from webapp.security.tokens import as_typed


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(report)


@click.command("report")
@click.argument("event")
@click.option("--exact", is_flag=True, help="Exact figures, for an operator's eyes only.")
@with_appcontext
def report(event: str, *, exact: bool) -> None:
    """Print the figures of EVENT (its code) as JSON."""
    with reading() as session:
        found = event_by_code(session, as_typed(event))
        if found is None:
            raise click.ClickException(f"There is no event with the code {event}.")
        figures = _exact(session, found) if exact else _published(session, found)
    click.echo(json.dumps(figures, indent=1))


def _exact(session: Session, event: Event) -> object:
    facts = event_facts(session, event, by=max(clock.now(), event.ends_at))
    groups = {person: group for person, group in facts.here.items() if group}
    pairs = [(low, high) for _, low, high in facts.talks]
    return exact_figures(list(facts.here), pairs, groups or None)


def _published(session: Session, event: Event) -> object:
    now = clock.now()
    counts = counts_of(event_facts(session, event, by=now))
    return asdict(publish(counts, k=event.k, is_over=is_over(event, now)))
