"""Copies of PostgreSQL by its own tools, and a schema that takes the place of another."""

import shutil
import subprocess
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from webapp.core import pooler
from webapp.operating.backup.archive import Unusable

LIVE = "public"
ASIDE = "before_"
"""What schemas of databases that were replaced begin with; a backup leaves them out."""


def plain(url: str) -> str:
    """Return the URL as PostgreSQL's own programs read it."""
    parts = sa.make_url(url).set(drivername="postgresql")
    return parts.render_as_string(hide_password=False)


def refuse_pooler(url: str) -> None:
    """Refuse to work through a pooler: what these programs set would stay behind for the app.

    Raises:
        Unusable: there is one.
    """
    if pooler.stands_before(url):
        raise Unusable(
            "A pooler such as PgBouncer stands between. For this command let DATABASE_URL name"
            " PostgreSQL itself."
        )


def copy_out(url: str, copy: Path) -> None:
    """Copy the database as it is at one moment."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"]
    _run("pg_dump", url, [*options, f"--file={copy}"], beside=copy)


def bring_in(url: str, copy: Path) -> None:
    """Fill the empty schema from a copy, all or nothing."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", url, [*options, str(copy)], beside=copy)


def _run(program: str, url: str, options: list[str], *, beside: Path) -> None:
    """Run a client program; the password goes by a file, not by the list of processes.

    Raises:
        Unusable: it is not installed, or it failed.
    """
    found = shutil.which(program)
    if found is None:
        raise Unusable(
            f"{program} is not installed; it comes with PostgreSQL's client programs"
            " (postgresql-client), as new as the server or newer."
        )
    target = {name: str(value) for name, value in conninfo_to_dict(plain(url)).items()}
    password, passwords = target.pop("password", None), beside.with_name("passwords")
    if password is not None:
        passwords.touch(mode=0o600)
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        passwords.write_text(f"*:*:*:*:{escaped}\n")
        target["passfile"] = str(passwords)
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # found on the PATH, arguments of our own
            [found, f"--dbname={make_conninfo(**target)}", *options],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        passwords.unlink(missing_ok=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise Unusable(f"{program} failed: {lines[0]}")


def move_aside(url: str, schema: str) -> None:
    """Give the schema another name, and put an empty one in its place."""
    live, aside = sql.Identifier(LIVE), sql.Identifier(schema)
    renamed = sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(live, aside)
    _execute(url, renamed, sql.SQL("CREATE SCHEMA {}").format(live))


def move_back(url: str, schema: str) -> None:
    """Undo it: what is in the live schema goes."""
    live, aside = sql.Identifier(LIVE), sql.Identifier(schema)
    renamed = sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(aside, live)
    _execute(url, sql.SQL("DROP SCHEMA {} CASCADE").format(live), renamed)


def _execute(url: str, *statements: sql.Composed) -> None:
    with psycopg.connect(plain(url)) as connection:
        for statement in statements:
            connection.execute(statement)
