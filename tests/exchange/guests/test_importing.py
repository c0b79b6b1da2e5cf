"""Guests on the list of an event: never doubled, never deleted, and what is claimed stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from crawl.test_query_counts import counted
from exchange.guests.conftest import opened
from exchange.guests.test_reading import DATA

from people import badge_of, make_attendee, make_event
from webapp.accounts.models import Person
from webapp.badges.models import Badge
from webapp.badges.services import claim_badge, issue_badges
from webapp.core import clock
from webapp.core import db as database
from webapp.core.db import transaction
from webapp.events.models import Attendee, Event
from webapp.exchange.guests import services
from webapp.exchange.guests.models import GuestList, GuestSource
from webapp.exchange.guests.packing import pack
from webapp.exchange.guests.services import (
    forget_old_lists,
    import_chunk,
    import_guests,
    keep_list,
)

HEADER = "Name,E-mail,Company,Job title,Group\n"
ZOE = "Zoë Zephyr,zoe@example.org,Kora Labs,Pilot,Crew\n"
KEYED = "ID,First Name,Last Name,Email,Status,Check Ins,Product ID,Product Name\n"


def test_everybody_gets_a_badge_of_their_own(take_in, listed, session, cast):
    assert take_in(HEADER + ZOE + "yara,,,,\n") == {"new": 2}
    assert listed() == [
        ("Zoë Zephyr", "Kora Labs", "Pilot", "Crew", "zoe@example.org"),
        ("yara", "", "", "", ""),
    ]
    guests = session.query(Attendee).filter(Attendee.name.in_(["Zoë Zephyr", "yara"]))
    badges = {badge_of(session, guest) for guest in guests}
    assert len({badge.handle for badge in badges} | {badge.code_digest for badge in badges}) == 4
    assert all(guest.checked_in_at is None and guest.person_id is None for guest in guests)


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_the_same_list_again_changes_nothing(take_in, listed, session, cast, path):
    cast.amina.organisation = cast.ben.organisation = "Elsewhere"
    first = take_in(path.read_bytes())
    before, badges = listed(), session.query(Badge).count()
    assert first.keys() == {"new"}
    assert take_in(path.read_bytes()) == {"unchanged": first["new"]}
    assert listed() == before
    assert session.query(Badge).count() == badges


def test_a_newer_list_updates_and_leaves_what_it_does_not_mention(take_in, listed):
    take_in(HEADER + ZOE + "Yara,y@example.org,Acme,,\n")
    newer = "Name,E-mail,Company,Job title\nZoé Zephyr,ZOE@example.org,,Captain\n"
    assert take_in(newer) == {"updated": 1}
    assert listed() == [
        ("Yara", "Acme", "", "", "y@example.org"),
        ("Zoé Zephyr", "Kora Labs", "Captain", "Crew", "zoe@example.org"),
    ]


def test_a_key_finds_somebody_whose_name_and_address_changed(take_in, listed):
    take_in(KEYED + "11,Zoe,Zephyr,zoe@example.org,ACTIVE,,5,General\n")
    assert take_in(KEYED + "11,Zoë,Zéphyr,new@example.org,ACTIVE,,5,General\n") == {"updated": 1}
    assert listed() == [("Zoë Zéphyr", "", "", "", "new@example.org")]


def test_one_address_may_stand_for_several_people_of_one_order(take_in, listed):
    rows = (
        "11,Zoe,Zephyr,office@example.org,ACTIVE,,5,General\n"
        "12,Yara,Yew,office@example.org,ACTIVE,,5,General\n"
    )
    assert take_in(KEYED + rows) == {"new": 2}
    assert take_in(KEYED + rows) == {"unchanged": 2}
    assert take_in("Name,E-mail\nYara Yew,office@example.org\n") == {"unchanged": 1}
    assert take_in("Name,E-mail\nXaver,office@example.org\n") == {"new": 1}
    assert [row[0] for row in listed()] == ["Xaver", "Yara Yew", "Zoe Zephyr"]


def test_who_was_added_at_the_desk_is_found_and_remembered_by_the_key(
    take_in, listed, session, cast
):
    make_attendee(session, event=cast.event, name="Zoe Zephyr", address="zoe@example.org")
    assert take_in(KEYED + "11,Zoe,Zephyr,zoe@example.org,ACTIVE,,5,General\n") == {"unchanged": 1}
    assert take_in(KEYED + "11,Zoë,Zephyr,other@example.org,ACTIVE,,5,General\n") == {"updated": 1}
    assert len(listed()) == 1


def test_an_address_is_added_to_who_had_none(take_in, listed):
    take_in("Name,Company\nZoe,Kora Labs\n")
    assert take_in("Name,Company,E-mail\nZoe,Kora Labs,zoe@example.org\n") == {"updated": 1}
    assert listed() == [("Zoe", "Kora Labs", "", "", "zoe@example.org")]


def test_two_people_of_one_name_without_addresses_stay_two(take_in, listed):
    text = (DATA / "meetup.csv").read_bytes()
    assert take_in(text) == {"new": 3}
    assert [row[0] for row in listed()] == ["Alex", "Alex", "Amina Diallo"]


def test_a_namesake_who_comes_later_is_somebody_else(take_in, listed):
    header = "Name,User ID,RSVP\n"
    assert take_in(header + "Alex,user 1,Yes\n") == {"new": 1}
    assert take_in(header + "Alex,user 2,Yes\n") == {"new": 1}
    assert [row[0] for row in listed()] == ["Alex", "Alex"]


def test_what_a_claimed_badge_says_is_its_owners(take_in, listed, session, cast):
    take_in(HEADER + ZOE)
    guest = session.query(Attendee).filter_by(name="Zoë Zephyr").one()
    claim_badge(session, attendee=guest, event=cast.event, person=cast.stranger, now=clock.now())
    session.commit()
    before = listed()
    assert take_in(HEADER + "Zoe Z.,zoe@example.org,Acme,Captain,Other\n") == {"theirs": 1}
    assert take_in(HEADER + ZOE) == {"unchanged": 1}
    assert listed() == before


def test_a_badge_claimed_while_the_list_is_read_stays(session, cast, take_in, listed, monkeypatch):
    take_in(HEADER + ZOE)
    guest = session.query(Attendee).filter_by(name="Zoë Zephyr").one()
    before, plain = listed(), services._bring_up_to_date

    def claim_first(*args):
        session.execute(
            sa.update(Attendee)
            .where(Attendee.id == guest.id)
            .values(person_id=cast.stranger.id)
            .execution_options(synchronize_session=False)
        )
        plain(*args)

    monkeypatch.setattr(services, "_bring_up_to_date", claim_first)
    chunk = opened(HEADER + "Zoe Z.,zoe@example.org,,,\n").chunk(0)
    import_guests(session, event=cast.event, guests=chunk.guests, source="sheet", now=clock.now())
    session.commit()
    assert listed() == before


def test_who_joined_at_the_door_is_found_by_name_and_organisation(take_in, listed, cast):
    said = f"{cast.amina.name},amina@kora.example.org,{cast.amina.organisation},Boss,\n"
    assert take_in(HEADER + said) == {"theirs": 1}
    assert take_in(HEADER + said) == {"theirs": 1}
    assert listed() == []


def test_a_list_stays_at_its_event(take_in, session, cast):
    other = make_event(session, name="Elsewhere")
    make_attendee(session, event=other, name="Zoë Zephyr", address="zoe@example.org")
    assert take_in(HEADER + ZOE) == {"new": 1}


def test_badges_for_many_at_once_replace_the_old_ones_and_share_no_handle(
    session, cast, monkeypatch
):
    old = badge_of(session, cast.amina)
    tries = iter(["TAKE", "TAKE", "FREE", "BOTH", "BOTH", "LAST"])
    old.handle = "TAKE"
    session.flush()
    monkeypatch.setattr("webapp.badges.services._handle_of", lambda *_: next(tries))
    new = issue_badges(session, attendees=[cast.amina, cast.ben, cast.rita], now=clock.now())
    assert {badge.handle for badge in new} == {"FREE", "BOTH", "LAST"}
    assert [badge.attendee_id for badge in new] == [cast.amina.id, cast.ben.id, cast.rita.id]
    assert old.revoked_at is not None
    assert issue_badges(session, attendees=[], now=clock.now()) == []


@pytest.fixture
def waiting(session, cast):
    def keep(text):
        kept = keep_list(
            session,
            event=cast.event,
            by=cast.organiser,
            file_name="guests.csv",
            content=pack(opened(text).table),
            now=clock.now(),
        )
        list_id = kept.id
        session.commit()
        return list_id

    return keep


@pytest.fixture
def go_on(app):
    """Import a chunk as a request does, with a session of its own."""

    def do(event_id, list_id, text, start=0):
        with app.app_context(), transaction() as own:
            event, found = own.get_one(Event, event_id), opened(text)
            left = import_chunk(
                own,
                event=event,
                list_id=list_id,
                chunk=found.chunk(start),
                source=found.source,
                by=own.query(Person).first(),
                now=clock.now(),
            )
            return left.tally if left else None

    return do


def test_a_chunk_sent_twice_counts_once(session, cast, waiting, go_on, monkeypatch):
    monkeypatch.setattr("webapp.exchange.guests.opening.CHUNK_ROWS", 2)
    text = HEADER + "".join(f"Guest {number},,,,\n" for number in range(5))
    event_id, list_id = cast.event.id, waiting(text)
    assert go_on(event_id, list_id, text, 0) == {"new": 2}
    assert go_on(event_id, list_id, text, 0) == {"new": 2}
    assert go_on(event_id, list_id, text, 2) == {"new": 4}
    assert go_on(event_id, list_id, text, 4) == {"new": 5}
    assert go_on(event_id, list_id, text, 4) is None
    session.expire_all()
    assert session.query(Attendee).filter(Attendee.name.like("Guest %")).count() == 5
    assert session.query(GuestList).count() == 0


def test_a_chunk_that_fails_leaves_nothing(session, cast, waiting, go_on, monkeypatch):
    text = KEYED + "11,Zoe,Zephyr,zoe@example.org,ACTIVE,,5,General\n"
    event_id, list_id = cast.event.id, waiting(text)
    before = session.query(Attendee).count(), session.query(Badge).count()
    session.commit()

    def fail(*_):
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "_remember_keys", fail)
    with pytest.raises(RuntimeError):
        go_on(event_id, list_id, text, 0)
    session.expire_all()
    assert (session.query(Attendee).count(), session.query(Badge).count()) == before
    assert session.query(GuestList).one().next_row == 0
    assert session.query(GuestSource).count() == 0


def test_two_imports_at_once_do_not_double_anybody(session, cast, waiting, go_on):
    text = HEADER + "".join(f"Guest {number},g{number}@example.org,,,\n" for number in range(50))
    event_id, lists = cast.event.id, [waiting(text)]
    second = GuestList(
        event_id=event_id,
        uploaded_by_id=cast.co_organiser.id,
        file_name="again.csv",
        content=session.query(GuestList).one().content,
        created_at=clock.now(),
    )
    session.add(second)
    session.flush()
    lists.append(second.id)
    session.commit()

    with ThreadPoolExecutor(2) as pool:
        tallies = list(pool.map(lambda list_id: go_on(event_id, list_id, text), lists))
    session.expire_all()
    assert session.query(Attendee).filter(Attendee.name.like("Guest %")).count() == 50
    assert sorted(map(str, tallies)) == ["{'new': 50}", "{'unchanged': 50}"]


def test_a_list_nobody_imported_is_forgotten_after_a_day(session, waiting, evening):
    waiting(HEADER + ZOE)
    evening.shift(23 * 3600)
    forget_old_lists(session, now=clock.now())
    assert session.query(GuestList).count() == 1
    evening.shift(3600)
    forget_old_lists(session, now=clock.now())
    assert session.query(GuestList).count() == 0


def test_each_chunk_of_a_long_list_asks_the_database_as_few_questions(session, app, cast, waiting):
    text = HEADER + "".join(
        f"Guest Numbér {number},g{number}@firm{number % 50}.example.org,Firm {number % 50},Job,\n"
        for number in range(2_500)
    )
    list_id, asked = waiting(text), []
    event_id, organiser_id = cast.event.id, cast.organiser.id
    session.rollback()
    for chunk in opened(text).chunks():
        with app.app_context(), counted(database.db.engine) as statements, transaction() as own:
            event = own.get_one(Event, event_id)
            import_chunk(
                own,
                event=event,
                list_id=list_id,
                chunk=chunk,
                source="sheet",
                by=own.get_one(Person, organiser_id),
                now=clock.now(),
            )
        asked.append(len(statements))
    assert session.query(Attendee).filter_by(event_id=event_id).count() == 2_503
    assert len(asked) == 5
    assert max(asked[:-1]) - min(asked) <= 2, "the last one also ends the list"
    assert max(asked) < 25
