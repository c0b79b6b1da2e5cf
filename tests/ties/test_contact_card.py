"""The card for the phone's contacts: one card, every character in place, over open ties only."""

from datetime import timedelta

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from people import make_link, say_talked, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.ties import services
from webapp.ties.models import LinkKind, Tie
from webapp.ties.rules import vcard

PLAIN = {
    "name": "Amina Diallo",
    "organisation": "Kora Labs",
    "headline": "Data engineer",
    "urls": ["https://amina.example.org", "mailto:amina%26co@example.org"],
    "met": "Met at PyMeetup on Nov 19, 2026",
}
CONTROLS = [chr(code) for code in (*range(10), *range(11, 32), *range(127, 160))]
FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
INJECTED = "END:VCARD{0}BEGIN:VCARD{0}VERSION:3.0{0}FN:Eve{0}N:Eve;;;;{0}END:VCARD"


def read(text):
    """Read the one card of a file whose form is as it should be."""
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    assert text.endswith("END:VCARD\r\n")
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert (lines.count("BEGIN:VCARD"), lines.count("END:VCARD")) == (1, 1)
    (card,) = vobject.readComponents(text)
    assert card.name == "VCARD"
    return card


def card_of(**changes):
    return read(vcard(**(PLAIN | changes)))


def as_read(text):
    """What a reader gets: line breaks stay, every other control character is a blank."""
    return "".join(" " if c in CONTROLS else c for c in text.replace("\r\n", "\n"))


def test_a_plain_card_says_who_it_is_and_where_we_met():
    card = card_of()
    assert card.fn.value == "Amina Diallo"
    assert (card.n.value.family, card.n.value.given) == ("Diallo", "Amina")
    assert card.org.value == ["Kora Labs"]
    assert card.title.value == "Data engineer"
    assert card.url.value == "https://amina.example.org"
    assert card.email.value == "amina&co@example.org"
    assert card.note.value == PLAIN["met"]
    assert card.version.value == "3.0"


def test_what_is_empty_is_left_out():
    card = card_of(organisation="", headline="", urls=[])
    assert set(card.contents) == {"version", "n", "fn", "note"}


HARD = [
    "Diallo, Amina",
    "Amina; Diallo",
    "Amina \\ Diallo",
    "Amina\\, \\; \\n \\N Diallo\\",
    "\\",
    ";;;;",
    'Amina "Ami" Diallo: Kora=Labs',
    f"Amina {FAMILY} Diallo",
    FAMILY * 20,
    "\u0623\u0645\u064a\u0646\u0629 \u062f\u064a\u0627\u0644\u0648",
    "\u05d0\u05de\u05d9\u05e0\u05d4 " * 20 + "x",
    "\u202eolleH\u202c Amina",
    "Amina\nDiallo",
    "Amina\r\nDiallo",
    "\n\n",
    "Amina\rDiallo",
    "Amina\r\r\nDiallo",
    "Amina\0Diallo",
    "Amina\u2028Diallo\u2029x",
    "Zo\u0308e\u0301 " * 30 + "x",
    "a" * 500,
    "=SUM(A1)",
    " leading",
    "é" * 34 + "\\" * 10,
    *(INJECTED.format(end) for end in ("\n", "\r\n", "\r", "\n\n", "\u2028", "\x85", "\0")),
    *CONTROLS,
]


@pytest.mark.parametrize("name", HARD, ids=ascii)
def test_a_hard_name_is_one_card_with_that_name(name):
    card = card_of(name=name)
    assert card.fn.value == as_read(name)
    parts = (card.n.value.given, card.n.value.family)
    assert " ".join(part for part in parts if part).split() == as_read(name).split()
    assert set(card.contents) == {"version", "n", "fn", "org", "title", "url", "email", "note"}
    assert [len(lines) for lines in card.contents.values()] == [1] * 8


@pytest.mark.parametrize("text", HARD, ids=ascii)
def test_hard_text_anywhere_else_stays_in_its_line(text):
    card = card_of(organisation=text, headline=text, met=text, urls=[])
    assert card.fn.value == PLAIN["name"]
    assert card.org.value == [as_read(text)]
    assert card.title.value == card.note.value == as_read(text)
    assert [len(lines) for lines in card.contents.values()] == [1] * 6


@given(name=st.text(max_size=200), met=st.text(max_size=200))
def test_any_text_at_all_is_one_card(name, met):
    card = card_of(name=name, met=met)
    assert (card.fn.value, card.note.value) == (as_read(name), as_read(met))
    assert card.title.value == PLAIN["headline"]


def test_a_fold_never_cuts_a_character():
    for length in range(60, 80):
        name = "a" * length + FAMILY + "é" * 40
        for line in vcard(**(PLAIN | {"name": name})).encode().split(b"\r\n"):
            line.decode()
            assert len(line) <= 75
        assert card_of(name=name).fn.value == name


@pytest.fixture
def ben(cast, browser_of):
    return browser_of(cast.other)


def card_url(session):
    return f"/people/{session.query(Tie).one().id}/card.vcf"


def test_over_an_open_tie_the_card_comes_as_a_file(cast, session, ben):
    cast.attendee.name = f"Diallo, Amina; {FAMILY}\r\nEND:VCARD\r\nBEGIN:VCARD"
    cast.attendee.headline = "Data\\engineer"
    make_link(session, person=cast.attendee, kind=LinkKind.EMAIL, url="mailto:a%3Fb@example.org")
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    answer = ben.get(card_url(session))
    assert answer.content_type == "text/vcard; charset=utf-8"
    card = read(answer.get_data(as_text=True))
    assert card.fn.value == f"Diallo, Amina; {FAMILY}\nEND:VCARD\nBEGIN:VCARD"
    assert card.title.value == "Data\\engineer"
    assert card.url.value == "https://amina.example.org"
    assert card.email.value == "a?b@example.org"
    assert card.note.value == "Met at PyMeetup Nov on Nov 19, 2026"


def test_a_card_names_the_day_it_was_where_the_event_is(cast, session, browser_of, evening):
    cast.event.time_zone = "America/New_York"
    cast.event.ends_at += timedelta(hours=8)
    evening.shift(timedelta(hours=8))
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    card = read(browser_of(cast.other).get(card_url(session)).get_data(as_text=True))
    assert card.note.value == "Met at PyMeetup Nov on Nov 19, 2026"


def test_a_card_holds_nothing_of_the_reader(cast, session, ben):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    text = ben.get(card_url(session)).get_data(as_text=True)
    assert "amina.example.org" in text
    assert "ben.example.org" not in text
    assert "amina@example.org" not in text


def test_before_the_yes_there_is_no_tie_and_no_card(cast, session, ben):
    said = say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)
    assert session.query(Tie).count() == 0
    assert ben.get(f"/people/{said.id}/card.vcf").status_code == 404


def test_nobody_else_gets_the_card(cast, session, browser, browser_of):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    url = card_url(session)
    for somebody in (cast.recruiter, cast.organiser, cast.stranger):
        answer = browser_of(somebody).get(url)
        assert answer.status_code == 404
        assert b"example.org" not in answer.get_data()
    assert browser.get(url).status_code == 303


@pytest.mark.parametrize("how", ["untied", "undone", "blocked", "blocked by the other"])
def test_once_the_tie_is_closed_there_is_no_card(cast, session, browser_of, how):
    said = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    tie, now = session.query(Tie).one(), clock.now()
    amina, ben = cast.attendee.id, cast.other.id
    if how == "untied":
        services.untie(session, tie=tie, by=cast.attendee, now=now)
    elif how == "undone":
        talks.undo(session, talk=said, by=cast.amina, now=now)
    else:
        one, two = (amina, ben) if how == "blocked" else (ben, amina)
        talks.block(session, blocker_id=one, blocked_id=two, now=now)
    url = card_url(session)
    for somebody in (cast.attendee, cast.other):
        assert browser_of(somebody).get(url).status_code == 404
