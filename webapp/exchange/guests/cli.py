"""`flask --app app import EVENT FILE`."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.core.errors import DomainError
from webapp.events.models import Event
from webapp.exchange.guests.forms import CHOICES
from webapp.exchange.guests.opening import OpenList, open_table
from webapp.exchange.guests.queries import find_event
from webapp.exchange.guests.rules.comparing import Fate
from webapp.exchange.guests.rules.matching import match
from webapp.exchange.guests.rules.tables import MOST_BYTES, Table
from webapp.exchange.guests.rules.words import Field, plain
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import import_guests, note_import

NOT_IMPORTED = "none"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(import_command)


@click.command("import")
@click.argument("event")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option(
    "--map",
    "said",
    multiple=True,
    metavar="HEADER=FIELD",
    help=f"Where a column goes: {', '.join(Field)}, or {NOT_IMPORTED}.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@with_appcontext
def import_command(
    event: str, file: Path, *, dry_run: bool, said: Sequence[str], as_json: bool
) -> None:
    """Import the guest list FILE into EVENT (its code or id); importing it again updates."""
    try:
        opened = _open(file, said)
        event_id = _event_id(event)
        fates = _foresee(event_id, opened) if dry_run else _import(event_id, opened)
    except DomainError as error:
        raise click.ClickException(str(error.message)) from error
    report = _report(opened, fates)
    click.echo(json.dumps(report, indent=1, ensure_ascii=False) if as_json else _told(report))


def _open(file: Path, said: Sequence[str]) -> OpenList:
    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException("The file is larger than 10 MB.")
    table = read_table(file.read_bytes())
    opened = open_table(table, _chosen(table, said))
    for question in opened.match.questions:
        headers = " and ".join(f'"{header}"' for header in question.headers)
        raise click.ClickException(
            f"{headers} could both be the {question.field}; choose with "
            f'--map "{question.headers[0]}={question.field}".'
        )
    if not opened.match.has_names:
        raise click.ClickException('No column holds the names; choose with --map "Header=name".')
    return opened


def _chosen(table: Table, said: Sequence[str]) -> dict[int, Field | None]:
    """Read `Header=field` pairs; a header may be written without care for case or accents."""
    if not said:
        return {}
    numbers = {plain(one.header): one.number for one in match(table).columns}
    chosen: dict[int, Field | None] = {}
    for pair in said:
        header, _, field = pair.rpartition("=")
        if plain(header) not in numbers:
            raise click.ClickException(f'There is no column "{header}" in this file.')
        if field != NOT_IMPORTED and field not in set(Field):
            raise click.ClickException(
                f'"{field}" is no field; use {", ".join(Field)} or {NOT_IMPORTED}.'
            )
        chosen[numbers[plain(header)]] = CHOICES.get(field)
    return chosen


def _event_id(said: str) -> str:
    with reading() as session:
        found: Event | None = find_event(session, said)
        if found is None:
            raise click.ClickException(f"There is no event with the code or id {said}.")
        return found.id


def _foresee(event_id: str, opened: OpenList) -> Counter[Fate]:
    with reading() as session:
        return opened.fates(session, event_id)


def _import(event_id: str, opened: OpenList) -> Counter[Fate]:
    """Import in small transactions, so that nobody at the event waits for long."""
    fates: Counter[Fate] = Counter()
    for chunk in opened.chunks():
        with transaction() as session:
            event = session.get_one(Event, event_id)
            fates += import_guests(
                session,
                event=event,
                guests=chunk.guests,
                source=opened.source,
                now=clock.now(),
            )
        done, total = min(chunk.stop, len(opened.match.lines)), len(opened.match.lines)
        sys.stderr.write(f"\r{done} of {total} rows" + ("\n" if chunk.is_last else ""))
        sys.stderr.flush()
    with transaction() as session:
        event = session.get_one(Event, event_id)
        tally = {fate.value: count for fate, count in fates.items()}
        note_import(session, event=event, tally=tally, by=None, now=clock.now())
    return fates


def _report(opened: OpenList, fates: Counter[Fate]) -> dict[str, Any]:
    checked, found = opened.checked, opened.match
    return {
        "source": opened.source,
        "encoding": opened.table.encoding,
        "separator": opened.table.separator,
        "rows": len(found.lines),
        "mapping": [
            {"column": one.header, "field": one.field, "why": one.why} for one in found.columns
        ],
        "new": fates[Fate.NEW],
        "updated": fates[Fate.UPDATED],
        "unchanged": fates[Fate.UNCHANGED] + fates[Fate.THEIRS],
        "claimed_and_left_alone": fates[Fate.THEIRS],
        "not_coming": checked.not_counted,
        "rejected": [
            {
                "row": one.row,
                "column": one.column,
                "expected": str(one.expected),
                "found": one.found,
            }
            for one in checked.rejected
        ],
    }


def _told(report: dict[str, Any]) -> str:
    """Say the same in lines for people."""
    counted = ("new", "updated", "unchanged", "not_coming")
    facts = [f"{report[name]} {name.replace('_', ' ')}" for name in counted]
    lines = [", ".join([*facts, f"{len(report['rejected'])} rejected"])]
    lines += [
        f'row {one["row"]}, {one["column"]}: expected {one["expected"]}, found "{one["found"]}"'
        for one in report["rejected"]
    ]
    return "\n".join(lines)
