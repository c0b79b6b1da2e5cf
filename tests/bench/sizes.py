"""What a row weighs on PostgreSQL, by hand: `PYTHONPATH=tests python -m bench.sizes`.

One large event is loaded in bulk, as the app leaves it a week later; then each table and each of
its indexes is asked for its bytes. `docs/scale.md` reckons with the bytes a row.
"""

import secrets
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from crowds import Said, let_talk, make_crowd
from flask_migrate import upgrade
from sqlalchemy.orm import Session

import services
from bench import table
from people import make_event
from webapp.accounts.models import Device, EmailAddress
from webapp.badges.rules import Way
from webapp.badges.services import issue_badges
from webapp.conversations.models import Claim, Conversation
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import Config
from webapp.core.ids import new_id
from webapp.events.models import Attendee, Event
from webapp.factory import create_app
from webapp.followups.models import Promise, PromiseKind, TieSide
from webapp.security.tokens import plain_digest
from webapp.ties.models import Link, LinkKind, Note, Tie

PEOPLE, TALKS = 10_000, 100_000
LINKS = 2
ONE_NOTE_IN, ONE_PROMISE_IN = 3, 5
"""Of so many ties one has a note of one side, and one has a promise."""
NEED = "Looks for somebody who has run Postgres at this size; asked for the talk's slides."
AT_ONCE = 5_000
DAY = timedelta(days=1)
WEIGHTS = sa.text(
    "SELECT relname, n_live_tup, pg_table_size(relid), pg_indexes_size(relid),"
    " pg_total_relation_size(relid) FROM pg_stat_user_tables WHERE n_live_tup > 0"
    " ORDER BY pg_total_relation_size(relid) DESC"
)
INDEXES = sa.text(
    "SELECT s.relname, s.indexrelname, pg_relation_size(s.indexrelid) FROM pg_stat_user_indexes s"
    " ORDER BY pg_relation_size(s.indexrelid) DESC"
)


def main() -> None:
    """Load, weigh, and print."""
    commands = table.parser(__doc__)
    commands.add_argument("--people", type=int, default=PEOPLE)
    commands.add_argument("--talks", type=int, default=TALKS)
    commands.add_argument("--indexes", action="store_true", help="each index too")
    asked = commands.parse_args()
    with services.postgresql() as url, tempfile.TemporaryDirectory() as folder:
        app = create_app(Config.from_environment({"BOWLINE_DATA": folder, "DATABASE_URL": url}))
        with app.app_context():
            upgrade()
            with database.transaction() as session:
                load(session, people=asked.people, talks=asked.talks)
            table.show(weighed(indexes=asked.indexes), kept_in=asked.json)
            database.db.engine.dispose()


def load(session: Session, *, people: int, talks: int) -> None:
    """Hold one event at which everybody has a badge, and people talk in rings."""
    now = clock.now()
    event = make_event(session, starts_at=now - 8 * DAY, ends_at=now - 7 * DAY)
    ids = make_crowd(session, event=event, groups=[f"Group {at % 12}" for at in range(people)])
    places = session.query(Attendee).filter_by(event_id=event.id).all()
    badges = issue_badges(session, attendees=places, now=now - 8 * DAY)
    said = [
        Said(event.starts_at, at % people, (at + at // people + 1) % people) for at in range(talks)
    ]
    let_talk(session, event=event, ids=ids, said=said)
    person_of = {place.id: place.person_id or "" for place in places}
    badge_of = {badge.attendee_id: badge.id for badge in badges}
    accounts = list(person_of.values())
    _insert(session, EmailAddress, map(_address, accounts))
    _insert(session, Device, map(_device, accounts))
    _insert(session, Link, (_link(one, at) for one in accounts for at in range(LINKS)))
    found = session.query(Conversation).filter_by(event_id=event.id).all()
    _insert(session, Claim, (_claim(talk, badge_of) for talk in found))
    ties = [_tie(event, talk, person_of) for talk in found]
    _insert(session, Tie, ties)
    _insert(session, TieSide, (side for tie in ties for side in _sides(tie)))
    _insert(session, Note, (_note(talk) for talk in found[::ONE_NOTE_IN]))
    _insert(session, Promise, (_promise(event, tie) for tie in ties[::ONE_PROMISE_IN]))


def _insert(session: Session, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        session.execute(sa.insert(model), some)


def _address(person_id: str) -> dict[str, Any]:
    now = clock.now()
    address = f"first.last.{person_id}@example.org"
    return {"address": address, "person_id": person_id, "proven_at": now, "code_proven_at": now}


def _device(person_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "person_id": person_id,
        "token_digest": plain_digest(secrets.token_urlsafe(32)),
        "label": "Firefox on Android",
        "signed_in_at": clock.now(),
        "seen_at": clock.now(),
    }


def _link(person_id: str, at: int) -> dict[str, Any]:
    url = f"https://www.linkedin.com/in/firstname-lastname-{person_id[:8]}{at}"
    return {
        "id": new_id(),
        "person_id": person_id,
        "kind": LinkKind.WEBSITE,
        "url": url,
        "added_at": clock.now(),
        "place": at,
    }


def _claim(talk: Conversation, badge_of: dict[str, str]) -> dict[str, Any]:
    return {
        "event_id": talk.event_id,
        "by_id": talk.claimed_by_id,
        "nonce": new_id(),
        "conversation_id": talk.id,
        "about_id": talk.claimed_about_id,
        "badge_id": badge_of[talk.claimed_about_id],
        "way": Way.PRINTED,
        "body_digest": plain_digest(talk.id),
        "claimed_at": talk.started_at,
    }


def _tie(event: Event, talk: Conversation, person_of: dict[str, str]) -> dict[str, Any]:
    low, high = sorted((person_of[talk.low_id], person_of[talk.high_id]))
    return {
        "id": new_id(),
        "low_person_id": low,
        "high_person_id": high,
        "opened_at": talk.started_at,
        "last_talk_at": talk.last_at,
        "last_event_id": event.id,
    }


def _sides(tie: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for side in ("low_person_id", "high_person_id"):
        yield {"tie_id": tie["id"], "person_id": tie[side], "link_opened_at": clock.now()}


def _note(talk: Conversation) -> dict[str, Any]:
    return {
        "event_id": talk.event_id,
        "author_id": talk.low_id,
        "about_id": talk.high_id,
        "text": NEED,
        "changed_at": clock.now(),
    }


def _promise(event: Event, tie: dict[str, Any]) -> dict[str, Any]:
    return {
        "tie_id": tie["id"],
        "id": new_id(),
        "event_id": event.id,
        "by_id": tie["low_person_id"],
        "to_id": tie["high_person_id"],
        "kind": next(iter(PromiseKind)),
        "text": "Send the slides of the talk",
        "due_on": clock.now().date() + DAY,
        "made_at": clock.now(),
    }


def weighed(*, indexes: bool) -> Sequence[dict[str, Any]]:
    """Return what each table weighs, and each index if asked for."""
    with database.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
        rows = [_row(*found) for found in connection.execute(WEIGHTS)]
        if indexes:
            rows += [_row(f"{of}: {name}", 0, 0, size, size) for of, name, size in _all(connection)]
    return rows


def _all(connection: sa.Connection) -> list[Any]:
    return [one for one in connection.execute(INDEXES) if one[2] > AT_ONCE * 10]


def _row(name: str, rows: int, table_bytes: int, index_bytes: int, total: int) -> dict[str, Any]:
    return {
        "table": name,
        "rows": rows,
        "table MB": table_bytes / 1e6,
        "index MB": index_bytes / 1e6,
        "bytes a row": round(total / rows) if rows else "",
    }


if __name__ == "__main__":
    main()
