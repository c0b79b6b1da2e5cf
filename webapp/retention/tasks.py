"""The worker's part: what is due is erased, a few rows at a time."""

from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.retention.policy import STEPS, Step
from webapp.retention.queries import events_to_erase
from webapp.retention.services import close_for_good, note_erased, take_step


def erase_events() -> None:
    """Erase the events whose time has come; what is cut short goes on at the next round."""
    with reading() as session:
        due = events_to_erase(session, now=clock.now())
    for event_id in due:
        with transaction() as session:
            close_for_good(session, event_id=event_id, now=clock.now())
        for step in STEPS:
            while _take(step, event_id):
                pass
        with transaction() as session:
            note_erased(session, event_id=event_id, now=clock.now())


def _take(step: Step, event_id: str) -> bool:
    with transaction() as session:
        return take_step(session, step, event_id=event_id)
