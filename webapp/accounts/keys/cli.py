"""`flask --app app forget-keys`: for whoever has lost all they prove with."""

import click
from flask import Flask
from flask.cli import with_appcontext

from webapp.accounts.keys.services import forget_all
from webapp.accounts.models import Person
from webapp.accounts.queries import email_address
from webapp.accounts.rules import normal_address
from webapp.core import clock
from webapp.core.db import transaction


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(forget_keys)


@click.command("forget-keys")
@click.argument("address")
@with_appcontext
def forget_keys(address: str) -> None:
    """Remove passkeys, app and recovery codes of whoever reads ADDRESS; sign them out everywhere.

    Be sure first, by another way than mail, that it is them who ask.
    """
    with transaction() as session:
        known = email_address(session, normal_address(address) or "")
        if known is None or known.code_proven_at is None:
            raise click.ClickException("Nobody signs in with a code sent there.")
        forget_all(session, person=session.get_one(Person, known.person_id), now=clock.now())
    click.echo("Done. They sign in with a code by mail, and set up something new.")
