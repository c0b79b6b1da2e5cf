"""The letter of a morning: what it says, to whom, and when it stays unwritten."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from people import make_attendee, make_event, make_person, say_talked, talk
from webapp.accounts.models import Person
from webapp.conversations.services import block
from webapp.core import clock
from webapp.followups.letters import tasks
from webapp.followups.letters.models import Told
from webapp.followups.letters.rules import SHORTEST
from webapp.followups.letters.tasks import write_letters
from webapp.followups.letters.writing import write_morning
from webapp.followups.models import Introduction, Promise, PromiseKind, Rhythm
from webapp.followups.rules.promises import Said
from webapp.followups.rules.rhythm import due_at
from webapp.followups.services.following import choose_rhythm
from webapp.followups.services.promises import keep_promise, make_promise
from webapp.mail.models import LetterKind, Mail
from webapp.mail.services import keep_wishes, note_sent, stop_letters
from webapp.ties.models import Link, Tie
from webapp.ties.services import untie

MORNING = "2026-11-20T07:35:00Z"
"""At 08:35 in Berlin, the day after the evening of the tests."""


@pytest.fixture
def letters(app, session, evening):
    """Let the worker go round, now or at a moment, and return the letters it wrote."""

    def write(at=None):
        session.commit()
        if at is not None:
            evening.move_to(at)
        before = {mail.id for mail in session.query(Mail)}
        session.commit()
        with app.app_context():
            write_letters()
        session.expire_all()
        found = [mail for mail in session.query(Mail) if mail.id not in before]
        return {mail.recipient.split("@")[0]: mail for mail in found}

    return write


@pytest.fixture
def sent(session):
    """Say of letters that a server took them; return what they said."""

    def note(letters):
        texts = {name: mail.text for name, mail in letters.items()}
        for mail in letters.values():
            note_sent(mail, now=clock.now())
        session.commit()
        return texts

    return note


@pytest.fixture
def tie(cast, session):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    return session.query(Tie).one()


def promise(session, tie, by, due_on, text="Read their draft"):
    said = Said(kind=PromiseKind.OWN_WORDS, text=text, due_on=due_on)
    make_promise(session, tie=tie, by=by, said=said, now=clock.now())
    session.commit()
    return session.query(Promise).filter_by(text=text).one()


def test_the_morning_after_says_whom_i_met_and_what_i_promised(cast, session, tie, letters):
    promise(session, tie, cast.attendee, date(2026, 11, 26))
    amina = letters(MORNING)["amina"]
    assert amina.subject == "Whom you met at PyMeetup Nov"
    assert amina.letter is LetterKind.MORNING
    for text in (amina.text, amina.html):
        assert "Hello Amina" in text
        assert "Ben Ng" in text
        assert "Data engineer, Kora Labs" in text
        assert "Read their draft, by Thu, Nov 26" in text
        assert f"/people/{tie.id}" in text
    assert "  \n" not in amina.text
    assert "\n\n\n" not in amina.text


def test_nobodys_links_stand_in_a_mail(cast, session, tie, letters):
    written = letters(MORNING)
    urls = [link.url for link in session.query(Link)]
    assert urls
    for mail in written.values():
        assert not any(url in mail.text + mail.html for url in urls)
        assert all(
            urlsplit(word).netloc == "localhost" for word in mail.text.split() if "://" in word
        )
        assert "<img" not in mail.html


def test_it_is_written_once_at_half_past_eight(letters, tie):
    assert letters("2026-11-20T07:29:00Z") == {}
    assert set(letters(MORNING)) == {"amina", "ben"}
    assert letters() == {}
    assert letters("2026-11-20T10:00:00Z") == {}


def test_who_says_that_we_talked_is_named_and_answered_in_the_app(cast, session, letters):
    say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    written = letters(MORNING)
    assert set(written) == {"ben"}
    assert "THEY SAY YOU TALKED" in written["ben"].text
    assert "Amina Diallo" in written["ben"].text
    assert "/follow-up" in written["ben"].text


def test_nothing_due_is_no_letter(cast, letters):
    assert letters(MORNING) == {}


@pytest.mark.parametrize("way", ["untie", "block"])
def test_somebody_who_is_gone_is_not_named(way, cast, session, tie, letters):
    if way == "untie":
        untie(session, tie=tie, by=cast.other, now=clock.now())
    else:
        block(session, blocker_id=cast.other.id, blocked_id=cast.attendee.id, now=clock.now())
    assert letters(MORNING) == {}


def test_a_letter_that_waits_is_dropped_when_the_two_untie(cast, session, tie, letters):
    amina = letters(MORNING)["amina"]
    session.refresh(tie)
    untie(session, tie=tie, by=cast.other, now=clock.now())
    letters()
    session.refresh(amina)
    assert amina.gave_up_at is not None
    assert amina.text == ""


def test_a_letter_that_never_left_is_written_anew_the_next_morning(
    cast, session, tie, letters, sent
):
    first = letters(MORNING)["amina"]
    assert first.expires_at.isoformat() == "2026-11-20T11:00:00+00:00"
    first.gave_up_at = clock.now()
    second = letters("2026-11-21T07:35:00Z")
    assert "Ben Ng" in second["amina"].text
    assert "ben" not in second


def test_a_discreet_event_is_not_named_in_the_subject(cast, tie, letters):
    cast.event.has_discreet_subjects = True
    assert letters(MORNING)["amina"].subject == "Whom you met"


def test_an_event_that_goes_on_is_not_disturbed(cast, session, tie, letters):
    event = make_event(
        session,
        by=cast.organiser,
        name="Days",
        starts_at=clock.now(),
        ends_at=clock.now() + timedelta(days=2),
    )
    make_attendee(session, event=event, person=cast.attendee)
    assert set(letters(MORNING)) == {"ben"}
    assert letters("2026-11-21T07:35:00Z") == {}
    assert set(letters("2026-11-22T07:35:00Z")) == {"amina"}


def test_a_letter_does_not_leave_once_an_event_has_begun(cast, session, tie, letters, evening):
    starts_at = clock.now() + timedelta(hours=14)
    event = make_event(
        session, by=cast.organiser, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    make_attendee(session, event=event, person=cast.attendee)
    assert letters(MORNING)["amina"].expires_at == starts_at


def test_a_promise_is_reminded_of_once_unless_it_is_kept(cast, session, tie, letters, sent):
    promise(session, tie, cast.attendee, date(2026, 11, 26))
    kept = promise(session, tie, cast.attendee, date(2026, 11, 26), text="Call")
    sent(letters(MORNING))
    assert letters("2026-11-24T07:35:00Z") == {}
    keep_promise(session, promise=kept, by=cast.attendee, now=clock.now())
    written = letters("2026-11-25T07:35:00Z")
    assert set(written) == {"amina"}
    assert written["amina"].letter is LetterKind.REMINDER
    assert "Read their draft" in written["amina"].text
    assert "Call" not in written["amina"].text
    sent(written)
    assert letters("2026-11-26T07:35:00Z") == {}


def test_a_check_in_is_told_once_and_not_after_a_talk(cast, session, tie, letters, sent):
    choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=Rhythm.MONTHLY, now=clock.now())
    sent(letters(MORNING))
    assert "TIME TO TALK AGAIN" in sent(letters("2026-12-20T07:35:00Z"))["amina"]
    assert "TIME TO TALK AGAIN" not in sent(letters("2026-12-21T07:35:00Z")).get("amina", "")
    tie.last_talk_at = clock.now()
    assert letters("2027-01-20T07:35:00Z") == {}


@pytest.mark.parametrize("rhythm", SHORTEST)
def test_no_rhythm_comes_due_sooner_than_it_is_looked_for(rhythm):
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(4 * 366)]
    spans = {due_at(rhythm, since=None, last_talk_at=day) - day for day in days}
    assert min(spans) == SHORTEST[rhythm]


def test_what_came_of_it_is_asked_at_30_and_90_days(cast, tie, letters, sent):
    sent(letters(MORNING))
    asked = [
        day
        for day in range(2, 120)
        if "WHAT CAME OF IT"
        in sent(letters(tie.opened_at + timedelta(days=day, hours=14))).get("amina", "")
    ]
    assert asked == [30, 90]


def test_an_introduction_is_told_without_the_name_of_the_other(cast, session, tie, letters, sent):
    carla = make_person(session, name="Carla Cruz", address="carla@example.org")
    place = make_attendee(session, event=cast.event, person=carla)
    talk(session, event=cast.event, by=cast.ben, about=place)
    sent(letters(MORNING))
    low, high = sorted([cast.attendee.id, carla.id])
    session.add(
        Introduction(
            by_id=cast.other.id,
            low_id=low,
            high_id=high,
            reason="Both knit.",
            proposed_at=clock.now(),
        )
    )
    written = letters("2026-11-21T07:35:00Z")
    assert set(written) == {"amina", "carla"}
    assert written["amina"].subject == "Somebody wants to introduce you"
    assert "Ben Ng" in written["amina"].text
    assert "Carla" not in written["amina"].text


def test_a_round_up_comes_once_a_month_to_who_wants_it(cast, session, tie, letters, sent):
    promise(session, tie, cast.attendee, None)
    sent(letters(MORNING))
    assert letters("2026-12-01T07:35:00Z") == {}
    keep_wishes(session, person_id=cast.attendee.id, wanted={LetterKind.ROUND_UP}, now=clock.now())
    written = letters("2026-12-02T07:35:00Z")
    assert written["amina"].letter is LetterKind.ROUND_UP
    assert "Read their draft" in sent(written)["amina"]
    assert letters("2026-12-03T07:35:00Z") == {}
    assert letters("2027-01-01T07:35:00Z")["amina"].letter is LetterKind.ROUND_UP


def test_who_deletes_their_account_gets_none(cast, tie, letters):
    cast.attendee.leaving_at = clock.now()
    assert set(letters(MORNING)) == {"ben"}


def test_who_deletes_their_account_while_the_worker_looks_gets_none(
    cast, session, tie, letters, monkeypatch
):
    is_amina = Person.id == cast.attendee.id

    def leave_first(session, **which):
        session.execute(update(Person).where(is_amina).values(leaving_at=clock.now()))
        return write_morning(session, **which)

    monkeypatch.setattr(tasks, "write_morning", leave_first)
    assert set(letters(MORNING)) == {"ben"}


def test_who_said_no_gets_none(cast, session, tie, letters):
    stop_letters(session, kind=LetterKind.MORNING, reader=cast.attendee.id, now=clock.now())
    assert set(letters(MORNING)) == {"ben"}


def test_fifteen_people_are_named_and_the_rest_is_a_link(cast, session, letters):
    for number in range(17):
        person = make_person(session, name=f"Person {number}")
        place = make_attendee(session, event=cast.event, person=person)
        talk(session, event=cast.event, by=place, about=cast.amina)
    amina = letters(MORNING)["amina"]
    assert amina.text.count("* Person") == 15
    assert "And 2 more: http://localhost/people" in amina.text


def test_what_was_told_is_forgotten_once_it_cannot_come_due_again(
    app, cast, session, tie, letters, sent, guest, evening
):
    promise(session, tie, cast.attendee, date(2026, 11, 20))
    sent(letters(MORNING))
    for days, left in ((13, {"met", "guest", "promise"}), (15, {"promise"}), (401, set())):
        evening.move_to(cast.event.ends_at + timedelta(days=days, hours=12))
        session.commit()
        with app.app_context():
            tasks.forget_what_was_told()
        assert {one.topic.value for one in session.query(Told)} == left


@pytest.fixture
def guest(cast, session):
    cast.event.may_mail_unclaimed = True
    return make_attendee(session, event=cast.event, name="Gil Guest", address="gil@example.org")


def test_a_guest_gets_one_mail_whether_or_not_a_claim_waits(cast, session, guest, letters, sent):
    other = make_attendee(session, event=cast.event, name="Gus Guest", address="gus@example.org")
    say_talked(session, event=cast.event, by=cast.amina, about=guest)
    written = letters(MORNING)
    assert set(written) == {"gil", "gus"}
    assert other.address == "gus@example.org"
    texts = sent(written)
    assert "Amina" not in texts["gil"]
    assert len(texts["gil"]) == len(texts["gus"])
    assert letters("2026-11-20T08:35:00Z") == {}
    assert letters("2026-11-21T07:35:00Z") == {}


@pytest.mark.parametrize("why", ["not allowed", "said no", "absent", "has an account", "elsewhere"])
def test_a_guest_gets_none(why, cast, session, guest, letters):
    if why == "not allowed":
        cast.event.may_mail_unclaimed = False
    elif why == "said no":
        other = make_event(session, by=cast.organiser, may_mail_unclaimed=True)
        make_attendee(session, event=other, name="Gil", address="gil@example.org")
        cast.event.may_mail_unclaimed = False
        mail = letters(MORNING)["gil"]
        stop_letters(session, kind=LetterKind.GUEST, reader=mail.reader, now=clock.now())
        cast.event.may_mail_unclaimed = True
        assert letters("2026-11-21T07:35:00Z") == {}
        return
    elif why == "absent":
        cast.event.needs_check_in = True
    elif why == "has an account":
        make_person(session, name="Gil", address="gil@example.org")
    else:
        event = make_event(session, by=cast.organiser, ends_at=clock.now() + timedelta(days=1))
        make_attendee(session, event=event, name="Gil", address="gil@example.org")
    assert letters(MORNING) == {}
