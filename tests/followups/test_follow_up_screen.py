"""The Follow up screen: what waits for whom, one button each, and nothing asked during an event."""

import gzip
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import text as sa_text

from people import make_attendee, make_event, make_link, make_person, say_talked, sign_in, talk
from webapp.core import clock
from webapp.core import db as database
from webapp.followups.models import Outcome, PromiseKind, Rhythm, TieSide
from webapp.followups.services.following import choose_rhythm
from webapp.followups.views.blueprint import FOLLOW_UP
from webapp.ties.models import LinkKind
from webapp.ties.services import keep_note, untie

MORNING = timedelta(hours=13, minutes=30)
DAY = timedelta(days=1)


@pytest.fixture
def amina(cast, app):
    return phone_of(app, cast.attendee)


@pytest.fixture
def ben(cast, app):
    return phone_of(app, cast.other)


def phone_of(app, person):
    """A browser that its owner signs in on again whenever they look."""
    browser = app.test_client()
    browser.owner = person
    sign_in(browser, database.session(), person)
    return browser


def shown(browser):
    sign_in(browser, database.session(), browser.owner)
    assert browser.get("/follow-up").status_code == 200
    return browser.text


def hrefs(browser, words):
    links = browser.page.all("a")
    return [a.get("href") for a in links if "".join(a.itertext()).strip() == words]


def test_who_has_met_nobody_reads_kind_words(amina):
    assert "Nothing waits for you." in shown(amina)


def test_during_an_event_only_claims_are_asked(cast, session, tie, make, amina):
    make(cast.attendee)
    say_talked(session, event=cast.event, by=cast.rita, about=cast.amina)
    assert "says you talked" in shown(amina)
    assert amina.page.all("h1")[0].text == "Follow up"
    (folded,) = [one for one in amina.page.all("details") if one[0].text == "After the event"]
    assert "open" not in folded.attrib
    inside = " ".join("".join(folded.itertext()).split())
    assert "Read their draft" in inside
    assert "Whom you met" in inside
    assert "says you talked" not in inside


def test_the_morning_after_greets_with_what_i_owe(cast, tie, make, amina, evening):
    make(cast.attendee)
    make(cast.attendee, "", PromiseKind.MEET_AGAIN)
    make(cast.other, "Send the slides")
    evening.shift(MORNING)
    text = shown(amina)
    assert "Good morning. 2 promises." in text
    assert "After the event" not in text
    parts = ["You promised", "Whom you met", "They promised you"]
    assert sorted(parts, key=text.index) == parts


@pytest.mark.parametrize(
    ("hours", "words"),
    [(13.5, "Good morning."), (18, "Good afternoon."), (23, "Good evening.")],
)
def test_the_greeting_is_that_of_the_place(cast, tie, make, amina, evening, hours, words):
    make(cast.attendee)
    evening.shift(timedelta(hours=hours))
    assert f"{words} 1 promise." in shown(amina)


@pytest.mark.parametrize("hx", [True, False])
def test_a_promise_is_done_on_the_spot_and_can_be_taken_back(cast, tie, make, amina, evening, hx):
    promise = make(cast.attendee)
    evening.shift(MORNING)
    shown(amina)
    place = f"/people/{tie.id}/promises/{promise.id}"
    for action, words in (("keep", "You say it is done."), ("take-back", "Done"), ("drop", "go.")):
        answer = amina.submit(f"{place}/{action}", hx=hx, **{"from": "follow-up"})
        if not hx:
            assert (answer.status_code, answer.location) == (303, "/follow-up")
        else:
            assert f'id="owed-{promise.id}"' in answer.get_data(as_text=True)
            assert words in amina.text
        assert words in shown(amina)
    evening.shift(timedelta(minutes=10))
    assert "Read their draft" not in shown(amina)


def test_its_receiver_says_thank_you_there(cast, tie, make, ben, evening):
    promise = make(cast.attendee)
    evening.shift(MORNING)
    shown(ben)
    ben.submit(f"/people/{tie.id}/promises/{promise.id}/confirm", **{"from": "follow-up"})
    assert "Done. You said thank you." in shown(ben)


def test_one_button_leads_to_the_next_thing(cast, session, tie, make, amina, evening):
    evening.shift(MORNING)
    shown(amina)
    assert hrefs(amina, "Add to contacts") == [f"/people/{tie.id}/card.vcf"]
    make_link(session, person=cast.other, url="mailto:ben@example.org", kind=LinkKind.EMAIL)
    shown(amina)
    (mail,) = hrefs(amina, "Write the mail")
    assert mail.startswith("mailto:ben@example.org?subject=Our%20talk%20at%20PyMeetup%20Nov&body=")
    profile = "https://www.linkedin.com/in/ben"
    make_link(session, person=cast.other, url=profile, kind=LinkKind.LINKEDIN)
    shown(amina)
    first = [a for a in amina.page.all("a") if "primary" in a.get("class", "")]
    assert [a.get("href") for a in first] == [f"/people/{tie.id}/write"]
    assert profile not in amina.page.links()
    assert hrefs(amina, "Introduce them to somebody") == []
    make(cast.attendee, "", PromiseKind.INTRODUCE)
    shown(amina)
    first = [a for a in amina.page.all("a") if "primary" in a.get("class", "")]
    assert [a.get("href") for a in first] == [f"/people/{tie.id}/introduce"]
    make(cast.attendee, "", PromiseKind.MEET_AGAIN)
    shown(amina)
    first = [a for a in amina.page.all("a") if "primary" in a.get("class", "")]
    assert [a.get("href") for a in first] == [f"/people/{tie.id}/calendar"]
    make(cast.attendee, "pgvector", PromiseKind.SEND_LINK)
    shown(amina)
    first = [a for a in amina.page.all("a") if "primary" in a.get("class", "")]
    assert [a.get("href") for a in first] == [f"/people/{tie.id}/write"]
    assert hrefs(amina, "Introduce them to somebody") == [f"/people/{tie.id}/introduce"]
    assert hrefs(amina, "Write on LinkedIn") == [f"/people/{tie.id}/write"]


def test_a_mail_begins_with_my_note_and_promise_and_nothing_of_the_others(
    cast, session, tie, make, amina, evening, secret
):
    make_link(session, person=cast.other, url="mailto:ben@example.org", kind=LinkKind.EMAIL)
    make(cast.attendee, "lend you my book")
    make(cast.other, secret)
    for author, about, text in (
        (cast.amina, cast.ben, "a choir & <b>"),
        (cast.ben, cast.amina, secret),
    ):
        keep_note(session, author=author, about_id=about.id, text=text, now=clock.now())
    evening.shift(MORNING)
    shown(amina)
    (mail,) = hrefs(amina, "Write the mail")
    words = unquote(mail)
    assert "Hi Ben, it was good to talk with you at PyMeetup Nov." in words
    assert "You were looking for: a choir & <b>." in words
    assert "I promised you: lend you my book." in words
    assert secret not in words


@pytest.mark.parametrize("hx", [True, False])
def test_done_puts_somebody_away_until_the_next_talk(cast, session, tie, amina, evening, hx):
    evening.shift(MORNING)
    shown(amina)
    amina.submit(f"/people/{tie.id}/followed-up", hx=hx)
    assert "Followed up." in shown(amina)
    amina.submit(f"/people/{tie.id}/not-followed-up", hx=hx)
    assert "Followed up." not in shown(amina)
    amina.submit(f"/people/{tie.id}/followed-up", hx=hx)
    evening.shift(timedelta(minutes=10))
    assert "Ben Ng" not in shown(amina)
    later = make_event(session, name="Again")
    mine, theirs = (
        make_attendee(session, event=later, person=p) for p in (cast.attendee, cast.other)
    )
    talk(session, event=later, by=theirs, about=mine)
    evening.shift(DAY)
    assert "Ben Ng" in shown(amina)


def test_my_done_is_not_seen_by_the_other(cast, tie, amina, ben, evening):
    evening.shift(MORNING)
    before = shown(ben)
    shown(amina)
    amina.submit(f"/people/{tie.id}/followed-up")
    assert shown(ben) == before


def test_a_rhythm_comes_up_when_it_is_time_and_rests_after_the_answer(cast, tie, amina, evening):
    amina.get(f"/people/{tie.id}")
    assert amina.submit(f"/people/{tie.id}/rhythm", rhythm="monthly").status_code == 303
    evening.shift(29 * DAY)
    assert "Time to check in" not in shown(amina)
    evening.shift(2 * DAY)
    assert "Time to check in" in shown(amina)
    amina.submit(f"/people/{tie.id}/checked-in")
    assert "Time to check in" not in shown(amina)
    evening.shift(31 * DAY)
    assert "Time to check in" in shown(amina)


def test_who_has_turned_the_rhythm_off_meanwhile_is_told_no_day(cast, session, tie, amina):
    def answer(rhythm):
        choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=rhythm, now=clock.now())
        session.commit()
        asked = {"from": FOLLOW_UP}
        return amina.send(f"/people/{tie.id}/checked-in", hx=True, **asked).text

    assert "Ben Ng comes up again" in answer(Rhythm.MONTHLY)
    assert "does not come up again by themselves" in answer(Rhythm.NONE)


def test_a_talk_meanwhile_is_a_check_in(cast, session, tie, amina, evening):
    choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=Rhythm.MONTHLY, now=clock.now())
    evening.shift(31 * DAY)
    event = make_event(session, name="Again")
    mine, theirs = (
        make_attendee(session, event=event, person=p) for p in (cast.attendee, cast.other)
    )
    talk(session, event=event, by=theirs, about=mine)
    evening.shift(DAY)
    assert "Time to check in" not in shown(amina)


def test_nothing_is_due_during_an_event(cast, session, tie, amina, evening):
    choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=Rhythm.MONTHLY, now=clock.now())
    evening.shift(31 * DAY)
    make_attendee(session, event=make_event(session, name="Now"), person=cast.attendee)
    assert "Time to check in" not in shown(amina)
    evening.shift(DAY)
    assert "Time to check in" in shown(amina)


def test_the_same_rhythm_again_leaves_the_time_where_it_is(cast, session, tie, evening):
    choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=Rhythm.MONTHLY, now=clock.now())
    first = session.get_one(TieSide, (tie.id, cast.attendee.id)).rhythm_set_at
    evening.shift(DAY)
    choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=Rhythm.MONTHLY, now=clock.now())
    assert session.get_one(TieSide, (tie.id, cast.attendee.id)).rhythm_set_at == first


def test_what_came_of_it_is_asked_twice_in_a_lifetime(cast, session, tie, amina, evening):
    for days, mark in ((30, 30), (60, 90)):
        evening.shift(days * DAY)
        assert f"Ben, {mark} days after PyMeetup Nov" in shown(amina)
        amina.submit(f"/people/{tie.id}/outcome", outcome="advice", text="=He knew whom to ask")
        assert "days after" not in shown(amina)
    said = session.query(Outcome).order_by(Outcome.asked_days).all()
    assert [one.asked_days for one in said] == [30, 90]
    evening.shift(300 * DAY)
    assert "days after" not in shown(amina)


def test_an_outcome_is_said_unasked_and_changed_and_never_seen_by_the_other(
    cast, session, tie, amina, ben, evening, secret
):
    evening.shift(MORNING)
    pages = [f"/people/{tie.id}", "/follow-up", "/people"]
    before = [ben.get(page).get_data(as_text=True) for page in pages]
    for outcome, words in (("nothing_yet", ""), ("collaboration", secret)):
        amina.get(f"/people/{tie.id}")
        amina.submit(f"/people/{tie.id}/outcome", hx=True, outcome=outcome, text=words)
    assert "Only you see it." in amina.text
    amina.get(f"/people/{tie.id}")
    assert secret in amina.get(f"/people/{tie.id}").get_data(as_text=True)
    (said,) = session.query(Outcome).all()
    assert (said.kind, said.text, said.asked_days) == ("collaboration", secret, None)
    assert [ben.get(page).get_data(as_text=True) for page in pages] == before


@pytest.mark.parametrize("field", [{"outcome": "fame"}, {"text": "x" * 301}])
def test_an_outcome_that_is_none_is_not_kept(tie, session, amina, field):
    amina.get(f"/people/{tie.id}")
    assert (
        amina.submit(f"/people/{tie.id}/outcome", **({"outcome": "job"} | field)).status_code == 422
    )
    assert session.query(Outcome).count() == 0


ACTIONS = (
    "followed-up",
    "not-followed-up",
    "rhythm",
    "checked-in",
    "outcome",
    "write",
    "calendar",
    "introductions",
)


@pytest.mark.parametrize("action", ACTIONS)
def test_only_the_two_of_an_open_tie_go_on(cast, session, tie, browser_of, browser, action):
    url = f"/people/{tie.id}/{action}"
    form = {"rhythm": "monthly", "outcome": "job", "words": "Hi", "day": "2026-12-01"}
    for somebody in (cast.recruiter, cast.organiser, cast.stranger):
        assert browser_of(somebody).send(url, **form).status_code == 404
    answer = browser.send(url, **form)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
    assert browser_of(cast.attendee).delete(url).status_code in {400, 405}
    untie(session, tie=tie, by=cast.other, now=clock.now())
    assert browser_of(cast.attendee).send(url, **form).status_code == 404


def test_after_an_untying_nothing_of_it_waits(cast, session, tie, make, amina, ben, evening):
    make(cast.attendee)
    choose_rhythm(session, tie=tie, by=cast.attendee, rhythm=Rhythm.MONTHLY, now=clock.now())
    evening.shift(32 * DAY)
    assert "Ben Ng" in shown(amina)
    untie(session, tie=tie, by=cast.other, now=clock.now())
    assert "Ben" not in shown(amina)
    assert "Amina" not in shown(ben).replace("Amina Diallo Me", "")


def test_words_are_taken_along_and_only_their_digest_is_kept(cast, session, tie, amina, secret):
    make_link(session, person=cast.other, url="mailto:ben@example.org", kind=LinkKind.EMAIL)
    amina.get(f"/people/{tie.id}/write")
    answer = amina.submit(f"/people/{tie.id}/write", words=f"Hi Ben,\r\n{secret} & you")
    assert answer.status_code == 200
    assert f"{secret} & you" in amina.text
    (mail,) = [link for link in amina.page.links() if link.startswith("mailto:")]
    assert unquote(mail).endswith(f"body=Hi Ben,\r\n{secret} & you")
    stored = [str(row) for table in ("used_message", "mail") for row in _rows(session, table)]
    assert len(stored) == 1
    assert secret not in stored[0]


def _rows(session, table):
    return session.execute(sa_text(f"SELECT * FROM {table}")).all()  # noqa: S608


def test_the_words_are_there_at_once_to_be_taken_along_and_nothing_is_noted(
    cast, session, tie, make, amina
):
    for kind, url in (
        (LinkKind.LINKEDIN, "https://www.linkedin.com/in/ben"),
        (LinkKind.EMAIL, "mailto:ben@example.org"),
    ):
        make_link(session, person=cast.other, url=url, kind=kind)
    text = "a choir & <b>"
    keep_note(session, author=cast.amina, about_id=cast.ben.id, text=text, now=clock.now())
    make(cast.attendee, "lend you my book")
    amina.get(f"/people/{tie.id}/write")
    (taken,) = [one for one in amina.page.all("p") if one.get("id") == "taken"]
    words = (
        "Hi Ben, it was good to talk with you at PyMeetup Nov."
        " You were looking for: a choir & <b>. I promised you: lend you my book."
    )
    assert "".join(taken.itertext()) == words
    assert hrefs(amina, "Open LinkedIn") == ["https://www.linkedin.com/in/ben"]
    (mail,) = hrefs(amina, "Open the mail")
    assert unquote(mail).endswith(f"body={words}")
    assert [one.get("data-copies") for one in amina.page.all("button")].count("taken") == 1
    assert _rows(session, "used_message") == []


def test_nothing_written_is_said_beside_the_field(tie, amina):
    amina.get(f"/people/{tie.id}/write")
    assert amina.submit(f"/people/{tie.id}/write", hx=True, words=" \n").status_code == 422
    assert "Please write a sentence first." in amina.text


@pytest.mark.parametrize("hx", [True, False])
def test_the_same_words_to_a_third_person_get_a_gentle_word(cast, session, amina, hx):
    said = []
    for name in ("Ben Ng", "Chen Wei", "Dora Okafor", "Egil Berg"):
        who = make_attendee(session, event=cast.event, person=make_person(session, name=name))
        talk(session, event=cast.event, by=who, about=cast.amina)
        amina.get("/people")
        url = amina.page.links()
        place = next(
            one for one in url if one.startswith("/people/") and name in _text_of(amina, one)
        )
        amina.get(f"{place}/write")
        words = f"Hi {name.split()[0]}, it was good to talk with you."
        assert amina.submit(f"{place}/write", hx=hx, words=words).status_code == 200
        said.append("A sentence of your own goes further." in amina.text)
    assert said == [False, False, True, True]
    assert "You wrote this to 3 others." in amina.text


def _text_of(browser, url):
    return next("".join(a.itertext()) for a in browser.page.all("a") if a.get("href") == url)


def test_a_dozen_cards_are_shown_at_most_and_weigh_little(cast, session, amina, evening):
    for number in range(60):
        person = make_person(session, name=f"Guest {number:02}")
        place = make_attendee(session, event=cast.event, person=person)
        talk(session, event=cast.event, by=place, about=cast.amina)
        text = f"What {person.name} needs is number {number}"
        keep_note(session, author=cast.amina, about_id=place.id, text=text, now=clock.now())
    evening.shift(MORNING)
    text = shown(amina)
    assert text.count("More ways") == 12
    assert "All the people you met" in text
    assert len(gzip.compress(amina.get("/follow-up").get_data(), 5)) < 4_000
