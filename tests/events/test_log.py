"""The log: organisers read what was done at their event, everybody reads what concerns them."""

from datetime import timedelta

import pytest
from crawl.test_query_counts import counted

from people import make_attendee, make_event, make_person
from webapp.core import clock
from webapp.core import db as database
from webapp.events.log.queries import ON_A_PAGE
from webapp.events.log.words import SETTINGS, TOLD
from webapp.events.services import NewEvent
from webapp.security.audit import record
from webapp.security.models import Action, AuditEntry


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


def path(cast):
    return f"/events/{cast.event.id}/log"


def note(session, cast, action=Action.CHECKED_IN, *, by=None, about=None, **details):
    record(
        session,
        event_id=cast.event.id,
        action=action,
        by=(by or cast.desk).id,
        now=clock.now(),
        attendee_id=about.id if about else None,
        **details,
    )
    session.commit()


def entries(browser):
    """Return the entries on the page, the latest first."""
    rows = (one for one in browser.page.all("li") if "row" in one.get("class", ""))
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


def test_organisers_read_who_did_what_and_when(cast, session, olga, evening):
    evening.shift(timedelta(minutes=2))
    note(session, cast, about=cast.amina)
    olga.get(path(cast))
    assert entries(olga) == [
        "Checked Amina Diallo in Dan Desk · Thu, Nov 19, 7:02 PM",
        "Created the event Olga Organiser · Thu, Nov 19, 7:00 PM",
    ]


def test_every_action_has_its_words(cast, session, olga):
    session.query(AuditEntry).delete()
    for action in Action:
        note(session, cast, action, about=cast.amina, role="desk", changed="k", new=3, updated=2)
    olga.get(path(cast))
    assert TOLD.keys() == set(Action)
    assert len(entries(olga)) == len(Action)
    assert "%(" not in olga.text


def test_every_setting_has_its_word():
    assert NewEvent.__dataclass_fields__.keys() == SETTINGS.keys()


def test_what_nobody_did_happened_by_itself(cast, session, olga):
    record(session, event_id=cast.event.id, action=Action.EVENT_ERASED, by=None, now=clock.now())
    olga.get(path(cast))
    assert any("By itself" in one for one in entries(olga))


def test_it_is_read_page_by_page(cast, session, olga, evening):
    session.query(AuditEntry).delete()
    for number in range(ON_A_PAGE + 3):
        if number % 2:
            evening.shift(timedelta(seconds=1))
        note(session, cast, Action.BADGES_PRINTED, badges=number)
    olga.get(path(cast))
    first = entries(olga)
    (older,) = [link for link in olga.page.links() if "before=" in link]
    olga.get(older)
    second = entries(olga)
    assert (len(first), len(second)) == (ON_A_PAGE, 3)
    assert not [link for link in olga.page.links() if "before=" in link]
    numbers = {int(one.split(":")[1].split()[0]) for one in first + second}
    assert numbers == set(range(ON_A_PAGE + 3))


def test_a_place_in_the_log_that_is_not_there_shows_nothing(cast, session, olga, evening):
    evening.shift(timedelta(minutes=1))
    elsewhere = make_event(session, by=cast.stranger)
    (foreign,) = session.query(AuditEntry).filter_by(event_id=elsewhere.id)
    for before in ("unknown", foreign.id):
        assert olga.get(f"{path(cast)}?before={before}").status_code == 200
        assert entries(olga) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("co_organiser", 200),
        ("desk", 403),
        ("attendee", 403),
        ("recruiter", 403),
        ("stranger", 404),
    ],
)
def test_who_reads_the_log_of_an_event(cast, browser_of, who, status):
    assert browser_of(getattr(cast, who)).get(path(cast)).status_code == status


def test_the_signed_out_sign_in_first(cast, browser):
    assert browser.get(path(cast)).location == f"/sign-in?next={path(cast)}"
    assert browser.get("/me/log").location == "/sign-in?next=/me/log"


def test_an_attendee_reads_what_concerns_them(cast, session, amina):
    note(session, cast, about=cast.amina)
    note(session, cast, Action.BADGE_REISSUED, by=cast.organiser, about=cast.ben)
    amina.get("/me/log")
    assert entries(amina) == [
        "The desk (Dan Desk) checked you in PyMeetup Nov · Thu, Nov 19, 7:00 PM"
    ]


def test_an_attendee_reads_what_concerns_everybody_there(cast, session, amina, evening):
    changed = "retention_months may_mail_unclaimed has_groups"
    note(session, cast, Action.EVENT_CHANGED, by=cast.organiser, changed=changed, k=25)
    evening.shift(timedelta(minutes=1))
    note(session, cast, Action.GUESTS_IMPORTED, by=cast.organiser, new=312, updated=48)
    amina.get("/me/log")
    assert entries(amina) == [
        (
            "The organisers (Olga Organiser) brought the guest list up to date"
            " PyMeetup Nov · Thu, Nov 19, 7:01 PM"
        ),
        (
            "The organisers (Olga Organiser) changed settings of the event:"
            " when the guest list is erased, mail to people who never claimed their badge,"
            " group on badges PyMeetup Nov · Thu, Nov 19, 7:00 PM"
        ),
    ]


def test_an_attendee_learns_no_number_of_guests_or_badges(cast, session, amina):
    note(session, cast, Action.GUESTS_IMPORTED, new=312, updated=48)
    note(session, cast, Action.BADGES_PRINTED, badges=361)
    amina.get("/me/log")
    assert len(entries(amina)) == 1
    assert not [number for number in ("312", "48", "361") if number in amina.text]


@pytest.mark.parametrize("who", ["stranger", "organiser", "desk"])
def test_what_concerns_everybody_is_read_by_those_who_attend(cast, session, browser_of, who):
    note(session, cast, Action.GUESTS_IMPORTED, by=cast.co_organiser, new=3, updated=2)
    make_event(session, name="Elsewhere", by=cast.stranger)
    session.commit()
    other = browser_of(getattr(cast, who))
    other.get("/me/log")
    assert entries(other) == []


def test_what_concerns_me_is_read_page_by_page(cast, session, amina, evening):
    actions = [Action.CHECKED_IN, Action.GUESTS_IMPORTED, Action.EVENT_CHANGED]
    for number in range(ON_A_PAGE + 3):
        action = actions[number % 3]
        note(session, cast, action, about=cast.amina if action == actions[0] else None)
        note(session, cast, Action.CHECKED_IN, about=cast.ben)
        evening.shift(timedelta(minutes=1))
    amina.get("/me/log")
    first = entries(amina)
    (older,) = [link for link in amina.page.links() if "before=" in link]
    amina.get(older)
    second = entries(amina)
    assert (len(first), len(second)) == (ON_A_PAGE, 3)
    assert len(set(first + second)) == ON_A_PAGE + 3
    assert not [link for link in amina.page.links() if "before=" in link]


def test_somebody_whose_badge_alone_is_printed_reads_it(cast, session, olga, browser_of):
    said = {"layout": "a4-8", "which": "all", "attendee": cast.amina.id}
    assert olga.send(f"/events/{cast.event.id}/badges", **said).status_code == 303
    for person, number in ((cast.attendee, 1), (cast.other, 0)):
        reader = browser_of(person)
        reader.get("/me/log")
        assert len(entries(reader)) == number
        assert ("The organisers (Olga Organiser) printed your badge" in reader.text) is bool(number)


def test_it_is_found_under_me(amina):
    amina.get("/me")
    assert "/me/log" in amina.page.links()


def test_an_attendee_reads_it_from_all_events(cast, session, amina, evening):
    other = make_event(session, name="Elsewhere")
    there = make_attendee(session, event=other, person=cast.attendee)
    evening.shift(timedelta(minutes=1))
    record(
        session,
        event_id=other.id,
        action=Action.CHECKED_IN,
        by=None,
        now=clock.now(),
        attendee_id=there.id,
    )
    note(session, cast, about=cast.amina)
    amina.get("/me/log")
    assert len(entries(amina)) == 2
    assert {"Elsewhere" in one for one in entries(amina)} == {True, False}


def test_a_helper_reads_about_their_own_role(cast, session, olga, browser_of):
    team = f"/events/{cast.event.id}/team"
    olga.send(f"{team}/remove", person_id=cast.desk.id, name="desk")
    dan = browser_of(cast.desk)
    dan.get("/me/log")
    (entry,) = entries(dan)
    assert entry.startswith("The organisers (Olga Organiser) took a role from you: Desk helper")


def test_what_i_did_myself_is_said_so(cast, session, browser_of):
    browser_of(cast.desk).send(f"/events/{cast.event.id}/team/leave", name="desk")
    dan = browser_of(cast.desk)
    dan.get("/me/log")
    assert entries(dan)[0].startswith("You left a role: Desk helper")


def test_nobody_else_reads_it(cast, session, browser_of):
    note(session, cast, about=cast.amina)
    for person in (cast.other, cast.stranger, cast.organiser, cast.desk):
        other = browser_of(person)
        other.get("/me/log")
        assert entries(other) == []


@pytest.mark.parametrize("who", ["organiser", "attendee"])
def test_the_number_of_queries_does_not_grow(app, cast, session, browser_of, who):
    reader, numbers = browser_of(getattr(cast, who)), []
    for upto in (2, 20):
        while session.query(AuditEntry).count() < upto:
            helper = make_person(session, name="A Helper")
            note(session, cast, by=helper, about=cast.amina)
            note(session, cast, Action.GUESTS_IMPORTED, by=helper, new=1, updated=1)
        with app.app_context(), counted(database.db.engine) as statements:
            reader.get("/me/log" if who == "attendee" else path(cast))
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def test_an_entry_is_kept_with_what_it_tells_or_not_at_all(cast, session, olga):
    before = session.query(AuditEntry).count()
    refused = olga.send(f"/events/{cast.event.id}/transfer", person_id=cast.desk.id)
    assert refused.status_code == 409
    assert session.query(AuditEntry).count() == before
