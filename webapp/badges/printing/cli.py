"""`flask --app app badges EVENT --layout LAYOUT --out FILE.pdf`."""

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.orm import Session

from webapp.badges.printing import queries, services
from webapp.badges.printing.models import BadgePrint
from webapp.badges.printing.pages import pdf_of
from webapp.badges.printing.services import Which
from webapp.badges.sheets.layouts import LAYOUTS, USUAL
from webapp.badges.sheets.text import unprintable
from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.core.errors import DomainError
from webapp.events.models import Event
from webapp.events.queries import event_by_code
from webapp.security.tokens import as_typed

OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(badges)


@click.command("badges")
@click.argument("event")
@click.option("--layout", type=click.Choice(list(LAYOUTS)), default=USUAL, show_default=True)
@click.option("--out", type=OUT, required=True, help="Where the PDF goes.")
@click.option("--only-new", is_flag=True, help="The late batch: badges never printed before.")
@click.option("--backs/--no-backs", default=None, help="By default all but labels have backs.")
@click.option("--groups/--no-groups", default=True, show_default=True)
@with_appcontext
def badges(
    event: str, layout: str, out: Path, *, only_new: bool, backs: bool | None, groups: bool
) -> None:
    """Print the badges of EVENT (its code or id) into a PDF, and note that they are printed."""
    has_backs = LAYOUTS[layout].has_backs if backs is None else backs
    with transaction() as session, force_locale("en"):
        found = _event(session, event)
        try:
            asked = services.ask_for_print(
                session,
                event=found,
                layout=layout,
                has_backs=has_backs,
                has_groups=groups,
                which=Which.NEW if only_new else Which.ALL,
                attendee_id=None,
                by=None,
                now=clock.now(),
            )
        except DomainError as error:
            raise click.ClickException(str(error.message)) from error
        event_id, print_id = found.id, asked.id
    with reading() as session, force_locale("en"):
        count = _draw(session, event_id=event_id, print_id=print_id, out=out)
    click.echo(f"Badges in {out}: {count}")


def _draw(session: Session, *, event_id: str, print_id: str, out: Path) -> int:
    """Write the PDF while others may write to the database; return how many badges are in it."""
    event = session.get_one(Event, event_id)
    asked = session.get_one(BadgePrint, (event_id, print_id))
    _warn(unprintable(queries.texts_of(session, event)))
    rows = queries.badges_in(session, asked)
    with out.open("wb") as file:
        file.writelines(pdf_of(event, asked, rows))
    return len(rows)


def _event(session: Session, code: str) -> Event:
    found = event_by_code(session, as_typed(code)) or session.get(Event, code)
    if found is None or found.is_erased:
        raise click.ClickException(f"There is no event with the code {code}.")
    return found


def _warn(blank: list[str]) -> None:
    if blank:
        sys.stderr.write(f"Left blank, as no font here has their script: {', '.join(blank)}\n")
