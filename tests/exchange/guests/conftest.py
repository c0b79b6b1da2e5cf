"""An event, and lists for it."""

from collections import Counter

import pytest

from webapp.core import clock
from webapp.events.models import Attendee
from webapp.exchange.guests.opening import OpenList, open_table
from webapp.exchange.guests.rules.comparing import Fate
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import import_guests


def opened(text: str | bytes) -> OpenList:
    return open_table(read_table(text.encode() if isinstance(text, str) else text), {})


@pytest.fixture
def take_in(session, cast):
    """Import a list into the event of the cast, chunk by chunk; return what became of it."""

    def do(text) -> dict[str, int]:
        found, fates = opened(text), Counter()
        foreseen = found.fates(session, cast.event.id)
        for chunk in found.chunks():
            fates += import_guests(
                session,
                event=cast.event,
                guests=chunk.guests,
                source=found.source,
                now=clock.now(),
            )
        session.commit()
        assert fates == foreseen
        return {Fate(fate).value: number for fate, number in fates.items()}

    return do


@pytest.fixture
def listed(session, cast):
    """Return what stands on the badges of those who came by a list, in the order of names."""

    def do() -> list[tuple[str, ...]]:
        session.expire_all()
        found = session.query(Attendee).filter_by(event_id=cast.event.id)
        own = {cast.amina.id, cast.ben.id, cast.rita.id}
        return sorted(
            (one.name, one.organisation, one.headline, one.group_name or "", one.address or "")
            for one in found
            if one.id not in own
        )

    return do
