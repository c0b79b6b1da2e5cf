"""Leaving, taking it back within a day, and what is left to erase after it."""

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.accounts.models import Erasure, Person
from webapp.core.db import Base, savepoint
from webapp.core.errors import Conflict
from webapp.core.languages import USUAL
from webapp.events.models import Event
from webapp.exchange.mydata.keeping import Row, packed, unpacked
from webapp.exchange.mydata.leaving import AT_ONCE, FINALLY, Deleted, Emptied, Step
from webapp.exchange.mydata.mine import Me
from webapp.exchange.mydata.queries import UNDO_FOR, events_to_settle, me_of
from webapp.mail.models import Mail

SHORTEST_NAME = 3
CODES = "accounts/sign_in_code"


def leave(session: Session, *, person: Person, now: datetime) -> None:
    """Hide a Person everywhere at once; what they had is put aside for a day.

    Raises:
        Conflict: they are the organiser of an event that somebody else has to answer for.
    """
    _hold(session, person)
    if person.leaving_at is not None:
        return
    if events_to_settle(session, person.id):
        raise Conflict(_("You organise an event. Please hand it over or erase it first."))
    me = me_of(session, person)
    kept = [_take_naming(session, person)]
    kept += [_take(session, step, me=me, now=now) for step in AT_ONCE]
    session.merge(Erasure(person_id=person.id, asked_at=now, done_at=None, kept={"steps": kept}))
    person.leaving_at = now
    session.flush()


def take_back(session: Session, *, person: Person, now: datetime) -> None:
    """Bring back everything that was put aside.

    Raises:
        Conflict: the day is over.
    """
    _hold(session, person)
    if person.leaving_at is None:
        return
    erasure = session.get_one(Erasure, person.id)
    if erasure.kept is None or now >= erasure.asked_at + UNDO_FOR:
        raise Conflict(_("The 24 hours are over; the account is deleted."))
    steps: list[Row] = erasure.kept["steps"]
    gone = _erased_since(session, erasure.asked_at)
    for step in reversed(steps):
        _put_back(session, step, gone=gone)
    session.delete(erasure)
    person.leaving_at = None
    session.flush()
    session.expire_all()


def erase(session: Session, *, person_id: str, now: datetime) -> None:
    """End an account for good; once more does no harm, after an older copy was brought back."""
    person = session.get(Person, person_id)
    if person is None:
        return
    _hold(session, person)
    erasure = session.get(Erasure, person_id)
    if erasure is None or (erasure.done_at is None and person.leaving_at is None):
        return
    me = me_of(session, person)
    _take_naming(session, person)
    for step in (*AT_ONCE, *FINALLY):
        _change(session, step, me=me, now=now)
    person.leaving_at = person.leaving_at or now
    erasure.kept, erasure.done_at = None, erasure.done_at or now
    session.flush()
    session.expire_all()


def erase_again(session: Session, *, person_id: str, asked_at: datetime, now: datetime) -> None:
    """Erase somebody who had left before an older copy of the database was brought back."""
    person = session.get(Person, person_id)
    if person is None:
        return
    session.merge(Erasure(person_id=person_id, asked_at=asked_at, done_at=None, kept=None))
    person.leaving_at = asked_at
    session.flush()
    erase(session, person_id=person_id, now=now)


def _hold(session: Session, person: Person) -> None:
    session.refresh(person, with_for_update=True)


def _nameless() -> str:
    with force_locale(USUAL):
        return str(_("Someone who left"))


def _take(session: Session, step: Step, *, me: Me, now: datetime) -> Row:
    """Take one step, and return what stood there."""
    table = _table(step.model)
    columns = list(table.c)
    if isinstance(step, Emptied):
        columns = [*table.primary_key, *(table.c[name] for name in step.values)]
    found = session.execute(sa.select(*columns).where(step.which(step.model, me)))
    rows = [packed(row) for row in found.mappings()]
    if rows:
        _change(session, step, me=me, now=now)
    return {"table": table.name, "is_deleted": isinstance(step, Deleted), "rows": rows}


def _change(session: Session, step: Step, *, me: Me, now: datetime) -> None:
    table, which = _table(step.model), step.which(step.model, me)
    if isinstance(step, Deleted):
        session.execute(sa.delete(table).where(which))
    else:
        values = step.filled(me=me, name=_nameless(), now=now)
        session.execute(sa.update(table).where(which).values(values))


def _take_naming(session: Session, person: Person) -> Row:
    """Drop the mails to others that wait and name a Person, and return them."""
    table = _table(Mail)
    rows: list[Row] = []
    if len(person.name) >= SHORTEST_NAME and person.name != _nameless():
        waits = Mail.sent_at.is_(None) & Mail.gave_up_at.is_(None) & (Mail.kind != CODES)
        about = Mail.text.contains(person.name, autoescape=True)
        found = session.execute(sa.select(*table.c).where(waits, about)).mappings()
        named = re.compile(rf"(?<!\w){re.escape(person.name)}(?!\w)")
        rows = [packed(row) for row in found if named.search(row["text"])]
        session.execute(sa.delete(table).where(table.c.id.in_([row["id"] for row in rows])))
    return {"table": table.name, "is_deleted": True, "rows": rows}


def _erased_since(session: Session, asked_at: datetime) -> set[str]:
    """Return the events that were erased meanwhile: what they erased stays so."""
    found = sa.select(Event.id).where(
        sa.or_(Event.erased_at >= asked_at, Event.erasure_asked_at >= asked_at)
    )
    return set(session.scalars(found))


def _put_back(session: Session, step: Row, *, gone: set[str]) -> None:
    table = Base.metadata.tables[step["table"]]
    stands = [row for row in step["rows"] if row.get("event_id") not in gone or _lasts(table)]
    rows = [unpacked(table, _outlasting(table, row, gone)) for row in stands]
    if not rows:
        return
    put = _insert if step["is_deleted"] else _update
    try:
        with savepoint(session):
            put(session, table, rows)
    except IntegrityError:
        for row in rows:
            _put_one(session, table, row, put)


def _put_one(session: Session, table: sa.Table, row: Row, put: Any) -> None:
    """Put one row back, unless something else has taken its place or all it hung on is gone."""
    try:
        with savepoint(session):
            put(session, table, [row])
    except IntegrityError:
        return


def _lasts(table: sa.Table) -> bool:
    """Tell whether rows of a table outlast their event."""
    return table.name in {"attendee", "note", "promise", "outcome"}


def _outlasting(table: sa.Table, row: Row, gone: set[str]) -> Row:
    """Return what of a row an erased event would have left."""
    if table.name != "attendee" or row["event_id"] not in gone:
        return row
    return {column: row[column] for column in ("event_id", "id", "name")}


def _insert(session: Session, table: sa.Table, rows: list[Row]) -> None:
    session.execute(sa.insert(table), rows)


def _update(session: Session, table: sa.Table, rows: list[Row]) -> None:
    keys = [column.name for column in table.primary_key]
    changed = [name for name in rows[0] if name not in keys]
    statement = (
        sa.update(table)
        .where(*(table.c[key] == sa.bindparam(f"key_{key}") for key in keys))
        .values({name: sa.bindparam(f"new_{name}") for name in changed})
    )
    told = [
        {f"{'key' if name in keys else 'new'}_{name}": value for name, value in row.items()}
        for row in rows
    ]
    session.connection().execute(statement, told)


def _table(model: type[Base]) -> sa.Table:
    table = model.__table__
    assert isinstance(table, sa.Table)  # noqa: S101  # every model has one
    return table
