"""A photo of somebody's badge tells what is printed on it, and collects nobody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from people import badge_of, make_attendee, make_link
from webapp.accounts.keys.models import Passkey
from webapp.accounts.models import Device, EmailAddress, Identity, Person
from webapp.badges import codes
from webapp.conversations.models import Claim
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.ties.models import Link, Note
from webapp.topics.models import Side, Topic

PRINTED = {"name", "organisation", "headline", "folded"}
"""What an attendee's row has that stands on the badge."""
NOT_WORDS = {
    "device.token_digest": "a digest",
    "topic.key": "what a topic is compared by",
}
NONCE = "nonce-of-a-photo"


@pytest.fixture
def profile(cast, session, secret):
    """Fill every column of text that tells of Amina and is not printed."""
    me, now = cast.attendee, clock.now()
    me.name, me.organisation, me.headline = (f"{secret} {n}" for n in range(3))
    cast.amina.address, cast.amina.group_name = f"{secret}@example.org", f"{secret} group"
    place = {"event_id": cast.event.id, "attendee_id": cast.amina.id}
    session.query(Link).filter_by(person_id=me.id).delete()
    make_link(session, person=me, url=f"https://{secret}.example.org")
    session.query(EmailAddress).filter_by(person_id=me.id).delete()
    session.add_all(
        [
            EmailAddress(address=f"{secret}@example.org", person_id=me.id, proven_at=now),
            Identity(
                issuer=f"https://{secret}.example.org",
                subject=secret,
                provider=secret,
                person_id=me.id,
                added_at=now,
            ),
            Passkey(
                person_id=me.id,
                credential_id=secret,
                public_key=secret.encode(),
                sign_count=0,
                name=secret,
                added_at=now,
            ),
            Device(
                person_id=me.id,
                token_digest="-",
                label=secret,
                proof="code",
                signed_in_at=now,
                seen_at=now,
            ),
            Topic(**place, side=Side.OFFERS, key="-", text=secret, place=0),
            Note(
                event_id=cast.event.id,
                author_id=cast.amina.id,
                about_id=cast.ben.id,
                text=secret,
                changed_at=now,
            ),
        ]
    )
    session.commit()
    return secret


def words_of(session, person, place):
    """Return every text that is kept of a person, by table and column."""
    found = {}
    owners = {
        Note: Note.author_id == place.id,
        Topic: Topic.attendee_id == place.id,
        Attendee: Attendee.id == place.id,
        Person: Person.id == person.id,
    }
    for model in (Person, EmailAddress, Identity, Device, Passkey, Link, Topic, Note, Attendee):
        mine = owners.get(model, getattr(model, "person_id", None) == person.id)
        for column in model.__table__.columns:
            is_word = isinstance(column.type, sa.Text | sa.String) and column.type.length is None
            is_printed = model is Attendee and column.name in PRINTED
            if is_word and not isinstance(column.type, sa.Enum) and not is_printed:
                (value,) = session.scalars(sa.select(column).where(mine))
                found[f"{model.__tablename__}.{column.name}"] = value
    return found


def test_every_word_of_a_profile_is_marked(cast, session, profile):
    found = words_of(session, cast.attendee, cast.amina)
    assert {name for name, value in found.items() if profile not in value} == NOT_WORDS.keys()
    assert len(found) > 12


def test_a_photo_tells_what_is_printed_and_nothing_of_the_profile(
    cast, session, browser_of, profile
):
    badge, ben = badge_of(session, cast.amina), browser_of(cast.other)
    place = f"/events/{cast.event.id}/talks"
    told = []
    for number, code in enumerate((codes.printed_code(badge), codes.short_code(badge))):
        asked = [ben.get(f"/events/{cast.event.id}/ask?code={code}")]
        if number == 0:
            asked.append(ben.get(f"/B/{code}"))
        for answer in asked:
            assert "Amina Diallo" in answer.get_data(as_text=True)
        saved = ben.send(place, code=code, nonce=f"{NONCE}-{number}")
        assert saved.status_code == 303
        pages = (saved.location, "/follow-up", "/people", f"/events/{cast.event.id}/meet")
        told += [*asked, saved, *(ben.get(url) for url in pages)]
    hx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    told.append(ben.send(place, headers=hx, code=codes.printed_code(badge), nonce=f"{NONCE}-hx"))
    assert len(told) == 14
    for answer in told:
        assert profile not in f"{answer.headers}{answer.get_data(as_text=True)}"


def test_the_201st_claim_of_an_hour_is_not_taken(cast, session, browser_of, evening):
    guests = [make_attendee(session, event=cast.event, name=f"Guest {n}") for n in range(2)]
    session.commit()
    began, nonces = clock.now(), iter(range(1000))
    first, code = guests[0], codes.printed_code(badge_of(session, guests[1]))
    ben = browser_of(cast.other)
    assert ben.send(f"/events/{cast.event.id}/talks", code=code, nonce=NONCE).status_code == 303
    one = session.query(Claim).one()
    session.add_all(
        Claim(
            event_id=one.event_id,
            by_id=one.by_id,
            nonce=f"{NONCE}-{next(nonces)}",
            conversation_id=one.conversation_id,
            about_id=first.id,
            badge_id=one.badge_id,
            way=one.way,
            body_digest=one.body_digest,
            claimed_at=began + timedelta(seconds=17 * number),
        )
        for number in range(1, 200)
    )
    session.commit()
    evening.shift(timedelta(minutes=58))
    again = ben.send(f"/events/{cast.event.id}/talks", code=code, nonce=f"{NONCE}-201")
    assert (again.status_code, again.headers["Retry-After"]) == (429, "3600")
