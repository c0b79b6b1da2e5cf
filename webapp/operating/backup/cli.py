"""`flask --app app backup` and `restore`."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from webapp.core import clock
from webapp.core.door import Occupied
from webapp.core.urls import config
from webapp.operating.backup.archive import Unusable

FILE = click.Path(dir_okay=False, path_type=Path)


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole database into FILE, while it is in use."""
    from webapp.operating.backup import services  # noqa: PLC0415

    try:
        made = services.back_up(config(), file.resolve(), now=clock.now())
    except (Unusable, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {made.people} people, {file.stat().st_size:,} bytes. Keep it as you would")
    click.echo("the people in it; SECRET_KEY and BADGE_KEY are not in it and are needed with it.")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--yes-replace", is_flag=True, help="Put aside the database there is.")
@click.option(
    "--withdrawn",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The list withdrawn.log of another machine; may be given several times.",
)
@with_appcontext
def restore(file: Path, *, yes_replace: bool, lists: tuple[Path, ...]) -> None:
    """Bring back the database of FILE; stop web and worker first."""
    from webapp.operating.backup import services  # noqa: PLC0415

    try:
        done = services.bring_back(
            config(),
            file.resolve(),
            lists=list(lists),
            may_replace=yes_replace,
            make_app=services.app_maker(),
            now=clock.now(),
        )
    except Occupied:
        raise click.ClickException(
            "Somebody is at work with the database. Stop web and worker, then try again."
        ) from None
    except (Unusable, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Brought back the copy of {done.made_at}, with {done.people} people.")
    told = ", ".join(f"{count} {kind}" for kind, count in done.again.items())
    click.echo(f"Taken back again since then: {told or 'nothing'}. Everybody signs in anew.")
    if done.aside:
        click.echo(f"The database of before is kept as {done.aside}; delete it when all is well.")
    if not done.has_same_key:
        click.echo("BADGE_KEY is another one than then: badges printed before cannot be read.")
