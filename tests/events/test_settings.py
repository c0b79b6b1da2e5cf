"""What was decided about an event can be changed, as far as it harms nobody."""

from datetime import timedelta

import pytest

from people import talk
from webapp.core import clock
from webapp.events.models import Event
from webapp.events.settings.forms import said_of
from webapp.events.settings.services import note_published
from webapp.insights.models import Snapshot
from webapp.insights.services import freeze_summary, keep_frozen, next_summary
from webapp.security.models import Action, AuditEntry

LOCAL = "%Y-%m-%dT%H:%M"
TICKS = ("has_organisations", "has_headlines", "has_groups")


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


def path(cast):
    return f"/events/{cast.event.id}/settings"


def said(event, **changes):
    """Return what a browser sends for an event that is left as it is."""
    values = said_of(event)
    for name in ("starts_at", "ends_at"):
        values[name] = values[name].strftime(LOCAL)
    return {name: value for name, value in values.items() if value is not False} | changes


def changed(session, event):
    session.expire_all()
    entry = session.query(AuditEntry).filter_by(action=Action.EVENT_CHANGED).one_or_none()
    return set(entry.details["changed"].split()) if entry else set()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "PyMeetup Winter"},
        {"place": "Hamburg"},
        {"k": 20},
        {"k": 5},
        {"retention_months": 12},
        {"needs_check_in": True},
        {"may_mail_unclaimed": True},
        {"has_discreet_subjects": True},
    ],
)
def test_each_setting_is_kept(cast, session, olga, change):
    assert olga.send(path(cast), **said(cast.event, **change)).location == path(cast)
    assert changed(session, cast.event) == change.keys()
    assert {name: getattr(cast.event, name) for name in change} == change


@pytest.mark.parametrize("tick", TICKS)
def test_each_tick_comes_off(cast, session, olga, tick):
    sent = said(cast.event)
    del sent[tick]
    olga.send(path(cast), **sent)
    assert changed(session, cast.event) == {tick}
    assert not getattr(cast.event, tick)


def test_the_form_shows_what_holds(cast, session, olga):
    cast.event.k, cast.event.has_groups, cast.event.retention_months = 25, False, 12
    session.commit()
    olga.get(path(cast))
    fields = {one.get("name"): one for one in olga.page.all("input")}
    assert fields["name"].get("value") == "PyMeetup Nov"
    assert fields["k"].get("value") == "25"
    assert "checked" in fields["has_headlines"].attrib
    assert "checked" not in fields["has_groups"].attrib
    chosen = [one.get("value") for one in olga.page.all("option") if "selected" in one.attrib]
    assert chosen == ["Europe/Berlin", "12"]


def test_leaving_it_as_it_is_changes_nothing(cast, session, olga):
    before = said(cast.event)
    assert olga.send(path(cast), **before).status_code == 303
    assert changed(session, cast.event) == set()
    assert said(cast.event) == before


@pytest.mark.parametrize("k", ["4", "51", "0", "-10", "ten", ""])
def test_k_is_from_5_to_50(cast, session, olga, k):
    assert olga.send(path(cast), **said(cast.event, k=k)).status_code == 422
    session.expire_all()
    assert cast.event.k == 10


@pytest.mark.parametrize("months", ["0", "5", "1000", "x"])
def test_retention_is_one_of_those_offered(cast, session, olga, months):
    answer = olga.send(path(cast), **said(cast.event, retention_months=months))
    assert answer.status_code == 422
    assert "open" in olga.page.form(path(cast)).find(".//details").attrib


def test_a_language_there_is_not_is_refused(cast, session, olga):
    assert olga.send(path(cast), **said(cast.event, language="tlh")).status_code == 422


def test_before_anything_is_published_k_goes_either_way(cast, session, olga):
    for k in (5, 30, 12):
        assert olga.send(path(cast), **said(cast.event, k=k)).status_code == 303
        session.expire_all()
        assert cast.event.k == k


def publish(session, event):
    note_published(session, event_id=event.id, k=event.k, now=clock.now())
    session.commit()


def test_once_numbers_are_published_k_only_goes_up(cast, session, olga):
    publish(session, cast.event)
    assert olga.send(path(cast), **said(cast.event, k=9)).status_code == 422
    assert "this can only go up" in olga.text
    session.expire_all()
    assert cast.event.k == 10
    assert olga.send(path(cast), **said(cast.event, k=11)).status_code == 303
    session.expire_all()
    assert cast.event.k == 11


def test_once_numbers_are_published_the_start_stays(cast, session, olga):
    publish(session, cast.event)
    start = cast.event.starts_at + timedelta(minutes=1)
    moved = said(cast.event, starts_at=start.strftime(LOCAL))
    assert olga.send(path(cast), **moved).status_code == 422
    assert "the start stays as it is" in olga.text


def test_freezing_a_summary_publishes(cast, session, evening):
    evening.move_to(cast.event.starts_at + timedelta(hours=2))
    assert cast.event.published_at is None
    freeze_summary(session, event=cast.event, now=clock.now())
    session.refresh(cast.event)
    assert cast.event.published_at is not None


def test_a_summary_counted_for_another_k_is_not_kept(cast, session, evening):
    """While the worker counts, the organiser may change k."""
    evening.move_to(cast.event.starts_at + timedelta(hours=2))
    counted = next_summary(session, event=cast.event, now=clock.now())
    cast.event.k = 5
    session.flush()
    keep_frozen(session, counted)
    assert session.query(Snapshot).count() == 0
    assert cast.event.published_at is None


@pytest.mark.parametrize(
    ("start", "end"),
    [(-30, 0), (0, 60), (0, -90)],
)
def test_times_change_while_no_talk_can_fall_outside(cast, session, olga, evening, start, end):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    starts_at = cast.event.starts_at + timedelta(minutes=start)
    ends_at = cast.event.ends_at + timedelta(minutes=end)
    times = {"starts_at": _local(starts_at), "ends_at": _local(ends_at)}
    assert olga.send(path(cast), **said(cast.event, **times)).status_code == 303
    session.expire_all()
    assert (cast.event.starts_at, cast.event.ends_at) == (starts_at, ends_at)


def _local(moment):
    """Write a moment of a November as it is in Berlin."""
    return (moment + timedelta(hours=1)).strftime(LOCAL)


@pytest.mark.parametrize("has_talks", [True, False])
def test_what_may_change_does_not_tell_whether_people_talked(cast, session, olga, has_talks):
    if has_talks:
        talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    later = {"starts_at": _local(cast.event.starts_at + timedelta(minutes=1))}
    ended = {
        "starts_at": _local(clock.now() - timedelta(hours=20)),
        "ends_at": _local(clock.now() - timedelta(hours=13)),
    }
    for times, words in (
        (later, "It has begun, so its start can only be earlier."),
        (ended, "It is on, so it cannot have ended that early."),
    ):
        assert olga.send(path(cast), **said(cast.event, **times)).status_code == 422
        assert words in olga.text


def test_before_it_begins_all_times_may_change(cast, session, olga, evening):
    evening.move_to(cast.event.starts_at - timedelta(hours=1))
    later = {
        "starts_at": _local(cast.event.starts_at + timedelta(days=1)),
        "ends_at": _local(cast.event.ends_at + timedelta(days=1)),
    }
    assert olga.send(path(cast), **said(cast.event, **later)).status_code == 303


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("co_organiser", 303),
        ("desk", 403),
        ("attendee", 403),
        ("recruiter", 403),
        ("stranger", 404),
    ],
)
def test_who_may(cast, session, browser_of, who, status):
    other = browser_of(getattr(cast, who))
    assert other.send(path(cast), **said(cast.event, place="Elsewhere")).status_code == status
    assert other.get(path(cast)).status_code == (200 if status == 303 else status)
    session.expire_all()
    assert cast.event.place == ("Elsewhere" if status == 303 else "Berlin")


def test_the_signed_out_sign_in_first(cast, browser):
    assert browser.send(path(cast)).location == "/sign-in"
    assert browser.get(path(cast)).location == f"/sign-in?next={path(cast)}"


def test_no_column_but_those_of_the_form_is_changed(cast, session, olga):
    code = cast.event.code
    unasked = {"code": "MYCODE", "id": "mine", "published_at": "", "erased_at": "2026-01-01T00:00"}
    olga.send(path(cast), **said(cast.event, **unasked))
    session.expire_all()
    assert session.query(Event).filter_by(id=cast.event.id).one().code == code
    assert cast.event.erased_at is None
