"""Fields that a form does not have change nothing, whatever they are called."""

import pytest
import sqlalchemy as sa

from people import badge_of, say_talked, talk
from webapp.badges import codes
from webapp.conversations.models import Block
from webapp.core.db import Base
from webapp.ties.models import Tie

TEXT = "poured"
OFTEN_NEW = {"id", "nonce", "token_digest", "key", "public_id"}


@pytest.fixture
def rows(session):
    """Return every row, without what is made anew each time."""

    def read():
        session.rollback()
        found = {}
        for table in Base.metadata.sorted_tables:
            columns = [one for one in table.columns if one.name not in OFTEN_NEW]
            asked = session.execute(sa.select(*columns)).mappings() if columns else []
            found[table.name] = [dict(row) for row in asked]
        return found

    return read


def every_column(somebody):
    """Return a field for every column there is, with a value it would take."""
    fields = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_id = isinstance(column.type, sa.String) and column.type.length == 16
            is_yes = isinstance(column.type, sa.Boolean)
            fields[column.name] = somebody if is_id else "y" if is_yes else TEXT
    return fields


def trues(found, table, name):
    return sum(row[name] is True for row in found[table])


FORMS = {
    "card": ("/me", {"name": "Amina", "organisation": "", "headline": ""}),
    "link": ("/me/links", {"url": "https://new.example.org", "kind": "", "audience": ""}),
    "claim": ("/events/{event}/talks", {"code": "{code}", "nonce": "nonce-of-poured"}),
    "confirm": ("/events/{event}/talks/{talk}/confirm", {}),
    "refuse": ("/events/{event}/talks/{talk}/refuse", {}),
    "untie": ("/people/{tie}/untie", {}),
    "block": ("/people/{tie}/block", {}),
    "join": ("/E/{other}", {"name": "Amina", "organisation": "", "headline": ""}),
    "sign out": ("/me/devices/sign-out-all", {}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_field_for_every_column_changes_nothing_more(form, cast, session, browser_of, rows):
    url, fields = FORMS[form]
    waiting = say_talked(session, event=cast.event, by=cast.ben, about=cast.amina)
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    session.commit()
    known = {
        "event": cast.event.id,
        "talk": waiting.id,
        "tie": session.query(Tie).one().id,
        "other": cast.event.code,
        "code": codes.printed_code(badge_of(session, cast.ben)),
    }
    before, me = rows(), browser_of(cast.attendee)
    sent = {name: value.format(**known) for name, value in fields.items()}
    more = every_column(cast.stranger.id)
    answer = me.send(url.format(**known), **more | sent)
    assert answer.status_code in {200, 303, 422}
    after = rows()
    new = [
        (table, name, value)
        for table, held in after.items()
        for row in held
        if row not in before[table]
        for name, value in row.items()
        if value in {TEXT, cast.stranger.id}
        or (value is True and trues(after, table, name) > trues(before, table, name))
    ]
    assert new == []
    assert session.query(Block).filter_by(blocked_id=cast.stranger.id).count() == 0
