"""A list of twenty rows takes as many queries as one of two."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from people import make_attendee, make_event, make_person, printed, say_talked, talk
from webapp.accounts.keys.models import Passkey
from webapp.accounts.models import Person
from webapp.accounts.services import open_device
from webapp.conversations.services import block, claim
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee, RoleName
from webapp.events.services import grant_role
from webapp.events.team.services import invite
from webapp.followups.models import Introduction, PromiseKind, Rhythm
from webapp.followups.rules.promises import Said
from webapp.followups.services.following import choose_rhythm, follow_up
from webapp.followups.services.promises import make_promise
from webapp.ties.models import Audience, Link, LinkKind, Tie

FEW, MANY = 2, 20


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def compare(session, browser_of):
    """Open a page with two rows and with twenty, and compare what it asks the database."""

    def do(url, add_row, *, person, shows="Row"):
        browser, asked = browser_of(person), []
        for wanted in (range(FEW), range(FEW, MANY)):
            for number in wanted:
                add_row(f"Row {number:02}")
            session.commit()
            with counted(database.db.engine) as statements:
                assert browser.get(url).status_code == 200
            asked.append(statements)
            assert browser.text.count(shows) >= wanted.stop
        assert 0 < len(asked[0]) == len(asked[1]), "\n".join(asked[1])

    return do


@pytest.fixture
def guest(cast, session):
    def make(name):
        return make_attendee(session, event=cast.event, person=make_person(session, name=name))

    return make


def test_what_i_sign_in_with(cast, session, compare):
    def add_row(name):
        row = {"person_id": cast.attendee.id, "name": name, "added_at": clock.now()}
        session.add(Passkey(**row, credential_id=name, public_key=b"-", sign_count=0))

    compare("/me/keys", add_row, person=cast.attendee)


def test_people_i_met(cast, session, compare, guest):
    def add_row(name):
        talk(session, event=cast.event, by=guest(name), about=cast.amina)

    compare("/people", add_row, person=cast.attendee)


def test_claims_about_me(cast, session, compare, guest):
    def add_row(name):
        say_talked(session, event=cast.event, by=guest(name), about=cast.amina)

    compare("/follow-up", add_row, person=cast.attendee)


def test_claims_of_mine_that_wait(cast, session, compare, guest):
    def add_row(name):
        about = guest(name)
        said_at = cast.event.starts_at + timedelta(minutes=2 * int(name[-2:]))
        scan = printed(session, about)
        claim(session, event=cast.event, by=cast.amina, scan=scan, now=said_at)

    compare("/follow-up", add_row, person=cast.attendee)


def test_the_desk(cast, session, compare):
    def add_row(name):
        make_attendee(session, event=cast.event, name=name)

    compare(f"/events/{cast.event.id}/desk?q=row", add_row, person=cast.desk)


def test_my_events(cast, session, compare):
    def add_row(name):
        event = make_event(session, name=name, by=cast.attendee)
        make_attendee(session, event=event, person=cast.attendee)

    compare("/events", add_row, person=cast.attendee)


def test_roles_that_wait_for_me(cast, session, compare):
    def add_row(name):
        event = make_event(session, name=name)
        invite(
            session,
            event=event,
            address="amina@example.org",
            name=RoleName.DESK,
            by=None,
            now=clock.now(),
        )

    compare("/events", add_row, person=cast.attendee)


def test_my_links(cast, session, compare):
    def add_row(name):
        url = f"https://{name.replace(' ', '-').lower()}.example.org"
        session.add(
            Link(person_id=cast.attendee.id, kind=LinkKind.WEBSITE, url=url, added_at=clock.now())
        )

    compare("/me", add_row, person=cast.attendee, shows="row-")


def test_what_i_may_give_to_one_person(cast, session, compare):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)

    def add_row(name):
        url = f"https://{name.replace(' ', '-').lower()}.example.org"
        asked = {"kind": LinkKind.WEBSITE, "audience": Audience.ASK, "added_at": clock.now()}
        session.add(Link(person_id=cast.attendee.id, url=url, **asked))

    tie_id = session.query(Tie.id).scalar()
    compare(f"/people/{tie_id}", add_row, person=cast.attendee, shows="row-")


def test_through_whose_eyes_i_may_look(cast, session, compare, guest):
    def add_row(name):
        talk(session, event=cast.event, by=guest(name), about=cast.amina)

    compare("/me/seen", add_row, person=cast.attendee)


def test_whom_i_blocked(cast, session, compare):
    def add_row(name):
        other = make_person(session, name=name)
        block(session, blocker_id=cast.attendee.id, blocked_id=other.id, now=clock.now())

    compare("/me", add_row, person=cast.attendee)


def test_my_devices(cast, session, compare):
    def add_row(name):
        open_device(session, person=cast.attendee, label=name, now=clock.now())

    compare("/me/devices", add_row, person=cast.attendee)


def test_who_helps(cast, session, compare):
    def add_row(name):
        helper = make_person(session, name=name)
        grant_role(session, event=cast.event, person=helper, name=RoleName.DESK, now=clock.now())

    compare(f"/events/{cast.event.id}/team", add_row, person=cast.organiser)


def test_who_is_asked_to_help(cast, session, compare):
    def add_row(name):
        address = f"{name.replace(' ', '-')}@example.org"
        invite(
            session,
            event=cast.event,
            address=address,
            name=RoleName.DESK,
            by=None,
            now=clock.now(),
        )

    compare(f"/events/{cast.event.id}/team", add_row, person=cast.organiser)


def test_talks_with_one_person(cast, session, compare, evening):
    cast.event.ends_at += timedelta(days=1)

    def add_row(_name):
        evening.shift(timedelta(minutes=11))
        talk(session, event=cast.event, by=cast.ben, about=cast.amina)

    add_row("the first opens the tie")
    session.commit()
    tie_id = session.query(Tie.id).scalar()
    compare(f"/people/{tie_id}", add_row, person=cast.attendee, shows="both said yes")


def test_promises_over_one_tie(cast, session, compare):
    talk(session, event=cast.event, by=cast.ben, about=cast.amina)
    tie = session.query(Tie).one()

    def add_row(name):
        said = Said(kind=PromiseKind.OWN_WORDS, text=name, due_on=None)
        for by in (cast.attendee, cast.other):
            make_promise(session, tie=tie, by=by, said=said, now=clock.now())

    compare(f"/people/{tie.id}", add_row, person=cast.attendee)


@pytest.fixture
def long_ago(cast, session, guest):
    """Let Amina have met somebody long ago, when the event is over."""
    met = set()

    def meet(name):
        talk(session, event=cast.event, by=guest(name), about=cast.amina)
        tie = next(one for one in session.query(Tie) if one.id not in met)
        met.add(tie.id)
        tie.opened_at = tie.last_talk_at = clock.now() - timedelta(days=40)
        session.flush()
        return tie

    return meet


def test_whom_i_met_and_what_we_owe_each_other(cast, session, compare, long_ago):
    def add_row(name):
        tie = long_ago(name)
        said = Said(kind=PromiseKind.SEND_LINK, text=name, due_on=None)
        for person_id in (tie.low_person_id, tie.high_person_id):
            by = session.get_one(Person, person_id)
            make_promise(session, tie=tie, by=by, said=said, now=clock.now())

    compare("/follow-up", add_row, person=cast.attendee)


def test_with_whom_to_check_in_and_what_came_of_it(cast, session, compare, long_ago, evening):
    def add_row(name):
        tie = long_ago(name)
        me, since = cast.attendee, tie.opened_at
        choose_rhythm(session, tie=tie, by=me, rhythm=Rhythm.MONTHLY, now=since)
        follow_up(session, tie=tie, by=me, now=since)

    evening.shift(timedelta(hours=4))
    compare("/follow-up", add_row, person=cast.attendee, shows="every month, last talk")
    compare("/follow-up", add_row, person=cast.attendee, shows="days after PyMeetup Nov")


def test_introductions_proposed_to_me_and_by_me(cast, session, compare, long_ago, guest):
    def add_row(name):
        one, other = (
            session.get_one(Person, tie.other_than(cast.attendee.id))
            for tie in (long_ago(f"One {name}"), long_ago(f"Other {name}"))
        )
        theirs = guest(f"Third {name}")
        place = session.query(Attendee).filter_by(person_id=one.id).one()
        talk(session, event=cast.event, by=theirs, about=place)
        for by, pair in ((cast.attendee, (one, other)), (one, (cast.attendee, theirs))):
            ids = sorted(getattr(person, "person_id", person.id) for person in pair)
            session.add(
                Introduction(
                    by_id=by.id,
                    low_id=ids[0],
                    high_id=ids[1],
                    reason=name,
                    proposed_at=clock.now(),
                    low_accepted_at=clock.now(),
                    high_accepted_at=clock.now(),
                )
            )

    compare("/follow-up", add_row, person=cast.attendee)


def test_whom_to_introduce(cast, session, compare, long_ago):
    tie = long_ago("Somebody")

    def add_row(name):
        long_ago(name)

    compare(f"/people/{tie.id}/introduce", add_row, person=cast.attendee)
