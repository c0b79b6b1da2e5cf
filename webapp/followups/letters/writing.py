"""Queuing the letters of a morning, and noting what they tell."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, tuple_, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.badges.codes import printed_code
from webapp.core.urls import absolute
from webapp.events.models import Event
from webapp.followups.letters.models import Morning, Told, Topic
from webapp.followups.letters.pages import (
    GuestPage,
    Known,
    known_of,
    letter_page,
    parts_of,
    subject_of,
)
from webapp.followups.letters.queries.candidates import (
    Candidate,
    known_mornings,
    persons_there,
    zone_of,
)
from webapp.followups.letters.queries.guests import guest_at
from webapp.followups.letters.queries.reading import address_of, spans_ahead, told
from webapp.followups.letters.queries.waiting import overtaken_letters
from webapp.followups.letters.rules import (
    KEPT_FOR,
    OF_EVENTS,
    TOLD_LATE,
    Facts,
    Key,
    Plan,
    day_at,
    expires_at,
    is_morning,
    plan,
)
from webapp.followups.rules.writing import called
from webapp.mail.models import LetterKind, Mail, Trouble
from webapp.mail.queries import wishes_of
from webapp.mail.rules import Reader
from webapp.mail.services import give_up, queue_letter
from webapp.mail.stopping import address_digest


def write_morning(
    session: Session, *, person_id: str, hints: Collection[Topic], zone: str, now: datetime
) -> Mail | None:
    """Look at what is due for a Person this morning, and queue the letter if there is one."""
    me = session.get(Person, person_id, with_for_update={"key_share": True})
    if me is None or me.leaving_at is not None or zone_of(session, person_id, now) != zone:
        return None
    looked = session.get(Morning, person_id, populate_existing=True)
    day = day_at(zone, now)
    if looked is not None and looked.looked_on >= day:
        return None
    if looked is None:
        looked = Morning(person_id=person_id, looked_on=day)
        session.add(looked)
    looked.looked_on = day
    session.flush()
    mail = _write(session, me=me, hints=hints, zone=zone, wrote_at=looked.wrote_at, now=now)
    if mail is not None:
        looked.wrote_at = now
    session.flush()
    return mail


def _write(
    session: Session,
    *,
    me: Person,
    hints: Collection[Topic],
    zone: str,
    wrote_at: datetime | None,
    now: datetime,
) -> Mail | None:
    address = address_of(session, me.id)
    if address is None:
        return None
    known = known_of(session, me=me, hints=hints, now=now)
    facts = Facts(
        zone=zone,
        spans=spans_ahead(session, person_id=me.id, now=now),
        parts=parts_of(known, me=me, day=day_at(zone, now), now=now),
        told=told(session, [me.id])[me.id],
        wishes=wishes_of(session, me.id),
        wrote_at=wrote_at,
    )
    letter = plan(facts, now=now)
    if letter is None:
        return None
    return _queue(session, me=me, address=address, letter=letter, known=known, now=now)


def _queue(
    session: Session, *, me: Person, address: str, letter: Plan, known: Known, now: datetime
) -> Mail | None:
    mail = queue_letter(
        session,
        letter=letter.letter,
        kind="followups/morning",
        to=Reader(address, me.id),
        subject=subject_of(letter, known),
        day=letter.day,
        now=now,
        expires_at=letter.expires_at,
        page=letter_page(letter, known, me=me, now=now),
    )
    if not isinstance(mail, Mail):
        return None
    note_told(session, reader=me.id, keys=letter.keys, mail=mail, now=now)
    return mail


def note_told(
    session: Session, *, reader: str, keys: Collection[Key], mail: Mail, now: datetime
) -> None:
    """Note what a reader is told in a letter, also if one that never left said it before."""
    again = tuple_(Told.topic, Told.about).in_([tuple(key) for key in keys])
    session.execute(
        delete(Told).where(Told.reader == reader, again),
        execution_options={"synchronize_session": False},
    )
    session.add_all(
        Told(reader=reader, topic=key.topic, about=key.about, mail_id=mail.id, told_at=now)
        for key in keys
    )
    session.flush()


def note_looked(session: Session, found: Sequence[Candidate], *, day: date) -> None:
    """Note of Persons for whom nothing can be due that the app has looked, in few statements."""
    there = persons_there(session, [one.person_id for one in found])
    known = set(known_mornings(session, there))
    session.execute(update(Morning).where(Morning.person_id.in_(known)).values(looked_on=day))
    session.add_all(Morning(person_id=one, looked_on=day) for one in there if one not in known)
    session.flush()


def drop_overtaken(session: Session, *, now: datetime) -> int:
    """Give up letters that wait and are no longer true; what still holds is told another day."""
    found = overtaken_letters(session)
    for mail in found:
        give_up(mail, trouble=Trouble.TOO_LATE, now=now)
    session.flush()
    return len(found)


def write_to_guest(
    session: Session, *, event_id: str, attendee_id: str, now: datetime
) -> Mail | None:
    """Queue the one letter a guest without an account may get after an event.

    It is the same whether or not anybody says they talked with them.
    """
    guest = guest_at(session, event_id=event_id, attendee_id=attendee_id)
    if guest is None or not is_morning(guest.event.time_zone, now):
        return None
    event, address = guest.event, guest.place.address or ""
    mail = queue_letter(
        session,
        letter=LetterKind.GUEST,
        kind="followups/guest",
        to=Reader(address),
        subject=_guest_subject(event),
        day=day_at(event.time_zone, now),
        now=now,
        expires_at=expires_at(event.time_zone, [], now=now),
        page=GuestPage(
            name=called(guest.place.name),
            event=event,
            url=absolute(f"/B/{printed_code(guest.badge)}"),
        ),
    )
    if not isinstance(mail, Mail):
        return None
    key = Key(Topic.GUEST, event.id)
    note_told(session, reader=address_digest(address), keys=[key], mail=mail, now=now)
    return mail


def _guest_subject(event: Event) -> str:
    if event.has_discreet_subjects:
        return str(_("Your badge"))
    return str(_("Your badge of %(event)s", event=event.name))


def forget_told(session: Session, *, now: datetime) -> None:
    """Forget what was told so long ago that it cannot come due again."""
    is_of_event = Told.topic.in_(OF_EVENTS)
    session.execute(delete(Told).where(is_of_event, Told.told_at < now - TOLD_LATE))
    session.execute(delete(Told).where(Told.told_at < now - KEPT_FOR))
