"""Many people and talks at once: rows written in bulk, as the services leave them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from people import make_event
from webapp.accounts.models import Person
from webapp.conversations.models import Conversation, Evidence, Word
from webapp.core import clock
from webapp.core.ids import new_id
from webapp.events.models import Attendee, Event
from webapp.insights.services import freeze_summary

HOUR = timedelta(hours=1)


class Said(NamedTuple):
    """Two attendees of a crowd, by number, when they talked, and whether both say so."""

    at: datetime
    one: int
    other: int
    is_proven: bool = True


def make_crowd(
    session: Session,
    *,
    event: Event,
    groups: Sequence[str | None],
    without_account: Collection[int] = (),
) -> list[str]:
    """Let a person come for each group named; some never claim their badge. Returns their ids."""
    now = event.starts_at
    people = [new_id() for _ in groups]
    ids = [new_id() for _ in groups]
    persons = [
        {"id": one, "name": f"Guest Number{at:05}", "created_at": now}
        for at, one in enumerate(people)
        if at not in without_account
    ]
    session.execute(sa.insert(Person), persons)
    session.execute(
        sa.insert(Attendee),
        [
            {
                "event_id": event.id,
                "id": ids[at],
                "person_id": None if at in without_account else people[at],
                "name": f"Guest Number{at:05}",
                "group_name": group,
                "added_at": now,
                "checked_in_at": now,
            }
            for at, group in enumerate(groups)
        ],
    )
    return ids


def let_talk(session: Session, *, event: Event, ids: Sequence[str], said: Iterable[Said]) -> None:
    """Record talks of a crowd; a minute after each its claim is answered."""
    rows = [_row(event, ids, one) for one in said]
    session.execute(sa.insert(Conversation), rows)


def _row(event: Event, ids: Sequence[str], said: Said) -> dict[str, object]:
    by, about = ids[said.one], ids[said.other]
    low, high = sorted((by, about))
    words = {by: Word.SCANNED, about: Word.ANSWERED if said.is_proven else None}
    return {
        "event_id": event.id,
        "id": new_id(),
        "low_id": low,
        "high_id": high,
        "claimed_by_id": by,
        "claimed_about_id": about,
        "low_word": words[low],
        "high_word": words[high],
        "evidence": Evidence.CONFIRMED if said.is_proven else Evidence.CLAIMED,
        "started_at": said.at,
        "last_at": said.at,
        "proven_at": said.at + timedelta(minutes=1) if said.is_proven else None,
    }


def hold_party(
    session: Session,
    *,
    by: Person | None = None,
    days_ago: int = 1,
    size: int = 120,
    groups: int = 3,
    using: float = 0.8,
    **changes: object,
) -> Event:
    """Hold an event at which all who use the app talk in rings, with a summary after its end.

    Some talk again with the same person, a tenth with nobody; some claims stay unanswered.
    """
    ends_at = clock.now() - timedelta(days=days_ago)
    event = make_event(session, by=by, starts_at=ends_at - 4 * HOUR, ends_at=ends_at, **changes)
    users = int(size * using)
    ids = make_crowd(
        session,
        event=event,
        groups=[f"Group {at % groups}" for at in range(size)],
        without_account=range(users, size),
    )
    talkers = users - size // 10
    said = [
        Said(_moment(event, step, at), at, (at + step) % talkers)
        for step in (1, 2, 3, 4, talkers + 1)
        for at in range(talkers)
    ]
    said += [Said(_moment(event, 5, at), at, (at + 7) % talkers, False) for at in range(talkers)]
    let_talk(session, event=event, ids=ids, said=said)
    freeze_summary(session, event=event, now=clock.now())
    session.commit()
    return event


def _moment(event: Event, step: int, at: int) -> datetime:
    """Spread talks over three hours, more of them early than late."""
    return event.starts_at + timedelta(minutes=(30 * (step % 6) + at * at // 97) % 180)
