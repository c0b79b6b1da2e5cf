"""A live code lives 30 s, a tap may take longer: a signed ticket remembers that it was seen."""

from itsdangerous import BadSignature, SignatureExpired

from webapp.badges.rules import TAP_SECONDS, Reading, Way
from webapp.events.models import Attendee
from webapp.security.keys import signer

PURPOSE = "live code was seen"


def ticket_for(reading: Reading, *, by: Attendee) -> str | None:
    """Return a ticket for a live code one attendee just read, or None for a printed one."""
    if reading.way is not Way.LIVE:
        return None
    seen = [reading.event_id, reading.attendee_id, reading.badge_id, reading.live_step, by.id]
    return signer(PURPOSE).dumps(seen)


def reading_of(ticket: str, *, by: Attendee) -> Reading | None:
    """Return what a ticket stands for: live for two minutes, later a claim like a printed one."""
    try:
        seen, way = signer(PURPOSE).loads(ticket, max_age=TAP_SECONDS), Way.LIVE
    except SignatureExpired as late:
        seen, way = signer(PURPOSE).load_payload(late.payload or b""), Way.PRINTED
    except BadSignature:
        return None
    event_id, attendee_id, badge_id, step, by_id = seen
    if event_id != by.event_id or by_id != by.id:
        return None
    return Reading(
        event_id=event_id,
        attendee_id=attendee_id,
        badge_id=badge_id,
        way=way,
        live_step=step if way is Way.LIVE else None,
    )
