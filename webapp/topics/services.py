"""Keeping topics, and the wish to be suggested."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.events.models import Attendee
from webapp.topics.models import Looking, Side, Topic
from webapp.topics.rules import OwnTopics


def keep_topics(session: Session, *, attendee: Attendee, said: OwnTopics, now: datetime) -> None:
    """Keep what an attendee says in place of what they said before, and their wish."""
    session.refresh(attendee, ["id"], with_for_update={"key_share": True})
    event_id, attendee_id = attendee.event_id, attendee.id
    session.execute(
        delete(Topic).where(Topic.event_id == event_id, Topic.attendee_id == attendee_id)
    )
    session.add_all(
        Topic(
            event_id=event_id,
            attendee_id=attendee_id,
            side=side,
            key=one.key,
            text=one.text,
            place=place,
        )
        for side, topics in ((Side.OFFERS, said.offers), (Side.SEEKS, said.seeks))
        for place, one in enumerate(topics)
    )
    if not said.is_looking:
        stop_looking(session, attendee=attendee)
    elif session.get(Looking, (event_id, attendee_id)) is None:
        session.add(Looking(event_id=event_id, attendee_id=attendee_id, began_at=now))
    session.flush()


def stop_looking(session: Session, *, attendee: Attendee) -> None:
    """Take the wish back: from now on the attendee is suggested to nobody, and nobody to them."""
    session.execute(
        delete(Looking).where(
            Looking.event_id == attendee.event_id, Looking.attendee_id == attendee.id
        )
    )
