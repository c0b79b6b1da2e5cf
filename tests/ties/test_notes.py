"""A note is read by its author alone, from the first word on."""

from datetime import timedelta

import pytest

from people import say_talked, talk
from webapp.conversations import services as talks
from webapp.core import clock
from webapp.ties.models import Note
from webapp.ties.queries import tie_between
from webapp.ties.rules import LONGEST_NOTE


@pytest.fixture
def waiting(cast, session):
    return say_talked(session, event=cast.event, by=cast.amina, about=cast.ben)


@pytest.fixture
def proven(cast, session):
    return talk(session, event=cast.event, by=cast.amina, about=cast.ben)


def place_of(said):
    return f"/events/{said.event_id}/talks/{said.id}"


def write(browser, said, text, status=303):
    assert browser.get(place_of(said)).status_code == 200
    answer = browser.submit(f"{place_of(said)}/keep", note=text)
    assert answer.status_code == status
    return answer


def written(browser, said):
    """What stands in the note field of a talk."""
    assert browser.get(place_of(said)).status_code == 200
    return field_of(browser)


def field_of(browser):
    (area,) = browser.page.all("textarea")
    return area.text or ""


def texts(session):
    session.expire_all()
    return [note.text for note in session.query(Note)]


def person_page(session, cast):
    return f"/people/{tie_between(session, *sorted((cast.attendee.id, cast.other.id))).id}"


def test_a_note_is_seen_by_its_author_alone(cast, session, browser_of, proven, secret):
    amina = browser_of(cast.attendee)
    write(amina, proven, secret)
    assert written(amina, proven) == secret
    amina.get(person_page(session, cast))
    assert secret in amina.text
    pages = [place_of(proven), person_page(session, cast), f"{person_page(session, cast)}/card.vcf"]
    pages += ["/people", "/follow-up", "/me", f"/events/{cast.event.id}/meet"]
    pages += [f"/events/{cast.event.id}/desk", f"/events/{cast.event.id}/report"]
    for somebody in (cast.other, cast.recruiter, cast.organiser, cast.stranger):
        browser = browser_of(somebody)
        for url in pages:
            assert secret not in browser.get(url, follow_redirects=True).get_data(as_text=True)


def test_the_two_sides_keep_notes_of_their_own(cast, session, browser_of, proven):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    write(amina, proven, "Needs a data engineer")
    assert written(ben, proven) == ""
    write(ben, proven, "Needs a venue")
    assert written(amina, proven) == "Needs a data engineer"
    assert written(ben, proven) == "Needs a venue"
    assert sorted(texts(session)) == ["Needs a data engineer", "Needs a venue"]


def test_nobody_else_can_write_about_a_talk(cast, session, browser_of, proven):
    for somebody, status in ((cast.recruiter, 404), (cast.organiser, 403), (cast.stranger, 404)):
        answer = browser_of(somebody).send(f"{place_of(proven)}/keep", note="mine now")
        assert answer.status_code == status
    assert texts(session) == []


def test_a_note_is_kept_while_the_claim_waits_and_after_the_yes(cast, session, browser_of, waiting):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    write(amina, waiting, "Wants to learn Rust")
    assert written(amina, waiting) == "Wants to learn Rust"
    ben.get(place_of(waiting))
    assert "Rust" not in ben.text
    ben.submit(f"{place_of(waiting)}/confirm")
    assert written(ben, waiting) == ""
    assert written(amina, waiting) == "Wants to learn Rust"


def test_writing_again_replaces_and_an_empty_text_removes(cast, session, browser_of, proven):
    amina = browser_of(cast.attendee)
    for text in ("first", "second\r\nline"):
        write(amina, proven, text)
    assert texts(session) == ["second\nline"]
    write(amina, proven, " \r\n ")
    assert texts(session) == []
    assert written(amina, proven) == ""
    write(amina, proven, "")
    assert texts(session) == []


def test_a_note_that_is_too_long_stays_typed_and_the_old_one_kept(
    cast, session, browser_of, proven
):
    amina = browser_of(cast.attendee)
    longest = "é" * LONGEST_NOTE
    write(amina, proven, longest)
    write(amina, proven, longest + "!", status=422)
    assert field_of(amina) == longest + "!"
    assert "longer than 2000 characters" in amina.text
    assert texts(session) == [longest]


def test_a_line_break_counts_as_one_character(cast, session, browser_of, proven):
    write(browser_of(cast.attendee), proven, "a\r\n" * (LONGEST_NOTE // 2 - 1) + "ab")
    assert [len(text) for text in texts(session)] == [LONGEST_NOTE]


def test_a_null_character_is_left_out_of_a_note(cast, session, browser_of, proven):
    write(browser_of(cast.attendee), proven, "Needs\0 a venue")
    assert texts(session) == ["Needs a venue"]


def test_markup_in_a_note_is_text(cast, session, browser_of, proven):
    amina = browser_of(cast.attendee)
    text = "</textarea><script>alert(1)</script> & <b>"
    write(amina, proven, text)
    assert written(amina, proven) == text
    amina.get(person_page(session, cast))
    assert text in amina.text


@pytest.mark.parametrize("blocker", ["attendee", "other"])
def test_after_a_block_by_either_no_page_shows_the_note(cast, session, browser_of, proven, blocker):
    secret = "canary5d1c"
    browsers = {"attendee": browser_of(cast.attendee), "other": browser_of(cast.other)}
    write(browsers["attendee"], proven, secret)
    write(browsers["other"], proven, secret)
    person = person_page(session, cast)
    one = getattr(cast, blocker).id
    (two,) = {cast.attendee.id, cast.other.id} - {one}
    talks.block(session, blocker_id=one, blocked_id=two, now=clock.now())
    for browser in browsers.values():
        for url in (place_of(proven), person):
            assert browser.get(url).status_code == 404
            assert secret not in browser.text
        assert browser.send(f"{place_of(proven)}/keep", note="more").status_code == 404
        browser.get("/people")
        assert secret not in browser.text
    assert texts(session) == [secret, secret]


def test_after_untying_each_still_reads_their_own_note(cast, session, browser_of, proven, evening):
    amina, ben = browser_of(cast.attendee), browser_of(cast.other)
    write(amina, proven, "Needs a venue")
    person = person_page(session, cast)
    evening.shift(timedelta(hours=1))
    amina.get(person)
    amina.submit(f"{person}/untie")
    assert written(amina, proven) == "Needs a venue"
    assert written(ben, proven) == ""
    assert ben.get(person).status_code == 404
