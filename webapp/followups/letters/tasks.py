"""The worker's part: whoever it is morning for gets their letter, one short transaction each."""

import time

from webapp.core import clock
from webapp.core.db import reading, transaction
from webapp.followups.letters.queries.candidates import (
    Candidate,
    candidates,
    zones_in_the_morning,
)
from webapp.followups.letters.queries.guests import events_to_write_about, guests_to_write_to
from webapp.followups.letters.queries.waiting import has_overtaken_letters
from webapp.followups.letters.rules import day_at
from webapp.followups.letters.writing import (
    drop_overtaken,
    forget_told,
    note_looked,
    write_morning,
    write_to_guest,
)

BATCH = 200
PAUSE_SECONDS = 0.002
"""Between two letters, so that whoever else waits to write on SQLite comes first."""


def write_letters() -> int:
    """Write the letters of this morning where it is morning; return how many."""
    with reading() as session:
        zones = zones_in_the_morning(session, clock.now())
        has_overtaken = has_overtaken_letters(session)
        events = [event.id for event in events_to_write_about(session, clock.now())]
    if has_overtaken:
        with transaction() as session:
            drop_overtaken(session, now=clock.now())
    written = sum(_write_in(zone) for zone in zones)
    return written + sum(_write_to_guests(event_id) for event_id in events)


def _write_in(zone: str) -> int:
    written, after = 0, ""
    while True:
        now = clock.now()
        day = day_at(zone, now)
        with reading() as session:
            batch = candidates(session, zone=zone, day=day, now=now, after=after, limit=BATCH)
        if not batch:
            return written
        after = batch[-1].person_id
        if idle := [one for one in batch if not one.hints]:
            with transaction() as session:
                note_looked(session, idle, day=day)
        for one in batch:
            if one.hints:
                written += _write_one(one, zone)
        if len(batch) < BATCH:
            return written


def _write_one(one: Candidate, zone: str) -> bool:
    with transaction() as session:
        mail = write_morning(
            session, person_id=one.person_id, hints=one.hints, zone=zone, now=clock.now()
        )
        is_written = mail is not None
    time.sleep(PAUSE_SECONDS)
    return is_written


def _write_to_guests(event_id: str) -> int:
    written, after = 0, ""
    while True:
        with reading() as session:
            batch = guests_to_write_to(
                session, event_id=event_id, now=clock.now(), after=after, limit=BATCH
            )
        if batch.last_id is None:
            return written
        after = batch.last_id
        for attendee_id in batch.place_ids:
            with transaction() as session:
                mail = write_to_guest(
                    session, event_id=event_id, attendee_id=attendee_id, now=clock.now()
                )
                written += mail is not None
            time.sleep(PAUSE_SECONDS)


def forget_what_was_told() -> None:
    """Forget what was told and cannot come due again."""
    with transaction() as session:
        forget_told(session, now=clock.now())
