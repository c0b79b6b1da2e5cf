"""Which talk the URL names, and that the signed-in Person is a side of it."""

from flask import abort

from webapp.accounts.access import current_person
from webapp.conversations.queries import TalkSides, talk_of
from webapp.core import db as database
from webapp.events.access import current_event


def may_block(sides: TalkSides) -> bool:
    """Tell whether I may block the other side: a claim of my own must not tell who they are."""
    return sides.talk.is_proven or sides.talk.claimed_about_id == sides.mine.id


def current_talk(talk_id: str) -> TalkSides:
    """Return the talk of the URL with me on one side; anybody else gets a 404."""
    return talk_of(
        database.session(),
        event_id=current_event().id,
        talk_id=talk_id,
        person_id=current_person().id,
    ) or abort(404)
