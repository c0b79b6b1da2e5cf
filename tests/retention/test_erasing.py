"""An event is erased when its retention is over, or when its organiser says so."""

from datetime import timedelta

import pytest
from crawl.model import read_all
from crawl.world import CANARY, make_world

from people import badge_of, make_attendee, make_event, say_talked, sign_in, talk
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.conversations.models import Claim, Conversation
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee, Invitation, Role, RoleName
from webapp.events.team.services import invite
from webapp.insights.models import Snapshot
from webapp.insights.services import freeze_summary
from webapp.insights.tasks import freeze_summaries
from webapp.retention import services
from webapp.retention.policy import STEPS
from webapp.retention.tasks import erase_events
from webapp.security.models import Action, AuditEntry
from webapp.ties.models import Note, Tie
from webapp.ties.services import keep_note

HALF_A_YEAR = timedelta(days=184)


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


def erase_path(cast):
    return f"/events/{cast.event.id}/erase"


@pytest.fixture
def work(app, session):
    """Let the worker do its round."""

    def do():
        session.commit()
        with app.app_context():
            erase_events()
        session.expire_all()

    return do


def over(cast, evening, after=timedelta(days=1)):
    evening.move_to(cast.event.ends_at + after)


def test_the_organiser_erases_an_event_that_is_over(cast, session, olga, evening, work):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    guest = make_attendee(session, event=cast.event, name="A Guest", address="guest@example.org")
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    over(cast, evening)
    sign_in(olga, session, cast.organiser)
    olga.get(f"/events/{cast.event.id}/settings")
    assert olga.submit(erase_path(cast), typed_name="pymeetup nov").status_code == 303
    work()
    left = {one.name for one in session.query(Attendee).filter_by(event_id=cast.event.id)}
    assert left == {"Amina Diallo", "Ben Ng", "Rita Recruiter"}
    assert session.query(Badge).filter_by(event_id=cast.event.id).count() == 0
    assert session.query(Claim).count() == 0
    assert [one.is_proven for one in session.query(Conversation)] == [True]
    assert session.query(Tie).count() == 1
    assert cast.event.erased_at == clock.now()


@pytest.mark.parametrize("typed", ["", "PyMeetup", "PyMeetup Nov!", "yes"])
def test_its_name_has_to_be_typed(cast, session, olga, evening, typed):
    over(cast, evening)
    sign_in(olga, session, cast.organiser)
    assert olga.send(erase_path(cast), typed_name=typed).status_code == 422
    assert "That is not the name of this event." in olga.text
    session.refresh(cast.event)
    assert not cast.event.is_erased


def test_an_event_that_is_on_is_not_erased(cast, session, olga, work):
    assert olga.send(erase_path(cast), typed_name="PyMeetup Nov").status_code == 409
    work()
    assert session.query(Badge).count() > 0
    assert not cast.event.is_erased


def test_an_event_that_has_not_begun_can_be_erased(cast, session, browser_of, evening, work):
    evening.move_to(cast.event.starts_at - timedelta(hours=1))
    answer = browser_of(cast.organiser).send(erase_path(cast), typed_name="PyMeetup Nov")
    assert answer.location == f"/events/{cast.event.id}/settings"
    work()
    assert cast.event.erased_at is not None


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("co_organiser", 403),
        ("desk", 403),
        ("attendee", 403),
        ("recruiter", 403),
        ("stranger", 404),
    ],
)
def test_nobody_but_the_organiser_erases(cast, session, browser_of, evening, who, status):
    over(cast, evening)
    other = browser_of(getattr(cast, who))
    assert other.send(erase_path(cast), typed_name="PyMeetup Nov").status_code == status
    session.refresh(cast.event)
    assert not cast.event.is_erased


def test_the_signed_out_sign_in_first(cast, browser):
    assert browser.send(erase_path(cast)).location == "/sign-in"
    assert browser.get(erase_path(cast)).status_code == 405


def test_it_is_erased_by_itself_when_the_retention_is_over(cast, session, evening, work):
    over(cast, evening, HALF_A_YEAR - timedelta(days=10))
    work()
    assert cast.event.erased_at is None
    over(cast, evening, HALF_A_YEAR)
    work()
    assert cast.event.erased_at == clock.now()
    log = session.query(AuditEntry).filter_by(event_id=cast.event.id, action=Action.EVENT_ERASED)
    assert [one.actor_id for one in log] == [None]
    assert session.query(Badge).filter_by(event_id=cast.event.id).count() == 0


@pytest.mark.parametrize(("months", "days"), [(1, 31), (3, 93), (12, 366), (24, 731)])
def test_each_event_has_its_own_retention(cast, session, evening, work, months, days):
    cast.event.retention_months = months
    over(cast, evening, timedelta(days=days - 5))
    work()
    assert cast.event.erased_at is None
    over(cast, evening, timedelta(days=days))
    work()
    assert cast.event.erased_at is not None


def test_erasing_twice_changes_nothing_more(cast, session, evening, work):
    over(cast, evening, HALF_A_YEAR)
    work()
    rows = read_all(database.db.engine)
    evening.shift(timedelta(days=1))
    work()
    assert read_all(database.db.engine) == rows


def test_an_erasure_that_was_cut_short_goes_on(app, cast, session, evening, work, monkeypatch):
    for number in range(25):
        make_attendee(session, event=cast.event, name=f"Guest {number}")
    over(cast, evening, HALF_A_YEAR)
    event_id = cast.event.id
    session.commit()
    monkeypatch.setattr(services, "CHUNK_ROWS", 10)
    for step in STEPS[:24]:
        with app.app_context(), database.transaction() as own:
            services.take_step(own, step, event_id=event_id)
    work()
    guests = session.query(Attendee).filter_by(event_id=cast.event.id, person_id=None)
    assert guests.count() == 0
    assert cast.event.erased_at is not None


def test_of_two_workers_one_notes_that_it_is_erased(cast, session, evening):
    for _ in range(2):
        services.note_erased(session, event_id=cast.event.id, now=clock.now())
    assert session.query(AuditEntry).filter_by(action=Action.EVENT_ERASED).count() == 1


def test_many_rows_take_many_small_steps(cast, session, evening, work, monkeypatch):
    monkeypatch.setattr(services, "CHUNK_ROWS", 7)
    for number in range(30):
        make_attendee(session, event=cast.event, name=f"Guest {number}", group_name="a")
    over(cast, evening, HALF_A_YEAR)
    work()
    assert session.query(Badge).filter_by(event_id=cast.event.id).count() == 0
    assert session.query(Attendee).filter_by(event_id=cast.event.id).count() == 3


def test_other_events_are_left_alone(cast, session, evening, work):
    other = make_event(session, name="Next", ends_at=clock.now() + 2 * HALF_A_YEAR)
    guest = make_attendee(session, event=other, name="A Guest", address="guest@example.org")
    invite(
        session, event=other, address="x@example.org", name=RoleName.DESK, by=None, now=clock.now()
    )
    before = session.query(Badge).count()
    over(cast, evening, HALF_A_YEAR)
    work()
    assert cast.event.erased_at is not None
    session.refresh(guest)
    assert guest.address == "guest@example.org"
    assert session.query(Invitation).count() == 1
    assert before > session.query(Badge).count() == 1
    assert other.erased_at is None


def test_what_two_people_share_goes_on(cast, session, browser_of, evening, work):
    proven = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    keep_note(session, author=cast.amina, about_id=cast.ben.id, text="A demo", now=clock.now())
    over(cast, evening, HALF_A_YEAR)
    work()
    amina = browser_of(cast.attendee)
    tie_id = session.query(Tie.id).scalar()
    amina.get(f"/people/{tie_id}")
    for text in ("Ben Ng", "https://ben.example.org", "PyMeetup Nov", "A demo"):
        assert text in amina.page.response.get_data(as_text=True)
    amina.get(f"/events/{cast.event.id}/talks/{proven.id}")
    assert "Ben Ng" in amina.text
    assert session.query(Note).count() == 1


def test_the_organiser_keeps_the_report_and_the_log_and_nothing_else(
    cast, session, olga, browser_of, evening, work
):
    evening.move_to(cast.event.starts_at + timedelta(hours=2))
    freeze_summary(session, event=cast.event, now=clock.now())
    over(cast, evening)
    sign_in(olga, session, cast.organiser)
    olga.send(erase_path(cast), typed_name="PyMeetup Nov")
    here = f"/events/{cast.event.id}"
    for _ in range(2):
        olga = browser_of(cast.organiser)
        found = {page: olga.get(f"{here}/{page}").status_code for page in PAGES}
        assert {page for page, status in found.items() if status == 200} == LEFT
        assert set(found.values()) == {200, 404}
        work()
    olga.get("/events")
    assert f"{here}/desk" not in olga.page.links()
    (snapshot,) = session.query(Snapshot).all()
    assert (snapshot.parts, bool(snapshot.report["figures"])) == ({}, True)
    roles = session.query(Role.person_id, Role.name).filter_by(event_id=cast.event.id).all()
    assert roles == [(cast.organiser.id, RoleName.ORGANISER)]


PAGES = ("desk", "team", "import", "badges", "room", "report", "report.csv", "log", "settings")
LEFT = {"report", "report.csv", "log", "settings"}


def test_nothing_is_added_to_an_erased_event(cast, session, olga, browser_of, evening):
    over(cast, evening)
    sign_in(olga, session, cast.organiser)
    code = codes.printed_code(badge_of(session, cast.ben))
    olga.send(erase_path(cast), typed_name="PyMeetup Nov")
    rows = len(read_all(database.db.engine)["attendee"])
    stranger = browser_of(cast.stranger)
    assert stranger.get(f"/E/{cast.event.code}").status_code == 404
    assert stranger.send(f"/E/{cast.event.code}", name="Sam").status_code == 404
    assert olga.send(f"/events/{cast.event.id}/desk", name="A Guest").status_code == 404
    assert code
    assert len(read_all(database.db.engine)["attendee"]) == rows


def test_no_summary_is_frozen_of_an_erased_event(app, cast, session, olga, evening, work):
    over(cast, evening)
    sign_in(olga, session, cast.organiser)
    olga.send(erase_path(cast), typed_name="PyMeetup Nov")
    work()
    with app.app_context():
        freeze_summaries()
    assert session.query(Snapshot).filter_by(event_id=cast.event.id).count() == 0


def test_of_guests_who_are_gone_the_log_names_nobody(cast, session, olga, evening, work):
    guest = make_attendee(session, event=cast.event, name="A Guest")
    for attendee in (guest, cast.amina):
        session.add(
            AuditEntry(
                event_id=cast.event.id,
                action=Action.CHECKED_IN,
                actor_id=cast.desk.id,
                attendee_id=attendee.id,
                details={},
                done_at=clock.now(),
            )
        )
    over(cast, evening, HALF_A_YEAR)
    work()
    about = session.query(AuditEntry.attendee_id).filter_by(action=Action.CHECKED_IN).all()
    assert {row.attendee_id for row in about} == {None, cast.amina.id}


def test_of_what_anybody_typed_only_names_and_what_two_people_share_are_left(
    app, session, evening, work
):
    """In a world with a canary in every column."""
    world = make_world(session)
    event = world.events["main"]
    event_id = event.id
    evening.move_to(event.ends_at + HALF_A_YEAR)
    work()
    rows = read_all(database.db.engine)
    here = {
        (table, column)
        for table, found in rows.items()
        for row in found
        if row.get("event_id") == event_id or (table == "event" and row["id"] == event_id)
        for column, value in row.items()
        if CANARY.search(str(value))
    }
    of_two = {("note", "text"), ("promise", "text"), ("outcome", "text")}
    assert here == {("event", "name"), ("event", "place"), ("attendee", "name")} | of_two
    kinds = {
        world.canaries[word].kind
        for row in rows["attendee"]
        if row["event_id"] == event_id
        for word in CANARY.findall(str(row))
    }
    assert kinds == {"printed"}
    notes = {_pair(row, "author_id", "about_id") for row in rows["note"]}
    talks = {_pair(row, "low_id", "high_id") for row in rows["conversation"]}
    assert notes <= talks


def _pair(row, *names):
    return frozenset(row[name] for name in names)
