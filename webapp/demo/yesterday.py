"""A talk of yesterday evening, so that the worker of the demo has a morning letter to write."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp.accounts.models import EmailAddress
from webapp.demo.names import COMPANIES, TRADES
from webapp.events.models import Event
from webapp.events.rules import Printed
from webapp.exchange.replay import Recorder, Script, prepare
from webapp.exchange.sociopatterns import ContactConversation

NAME, PLACE = "Reading Evening", "Room 4"
BREAKFAST = 10
ENDED_AGO, LASTED = timedelta(hours=13), timedelta(hours=2)
TALK = ContactConversation(start_s=0, end_s=900, a="Idris Bell", b="Nora Winter", contact_s=900)


def add_yesterday(session: Session, *, now: datetime) -> None:
    """Let two people have talked yesterday, in a time zone in which it is breakfast time now."""
    script = Script(
        name=NAME,
        place=PLACE,
        starts_at=now - ENDED_AGO - LASTED,
        ends_at=now - ENDED_AGO,
        people=[TALK.a, TALK.b],
        printed=lambda name: Printed(name, COMPANIES[0], TRADES[0]),
        groups={},
        conversations=[TALK],
    )
    cast = prepare(session, script)
    session.get_one(Event, cast.event_id).time_zone = _zone_at_breakfast(now)
    for name, guest in cast.guests.items():
        address = f"{name.lower().replace(' ', '.')}@example.org"
        session.add(EmailAddress(address=address, person_id=guest.person_id, proven_at=now))
    list(Recorder(cast).record(session, [TALK]))


def _zone_at_breakfast(now: datetime) -> str:
    """Return a time zone in which it is between ten and eleven; the sign is that of POSIX."""
    west = (now.hour - BREAKFAST + 12) % 24 - 12
    return f"Etc/GMT{west:+d}" if west else "UTC"
