"""The three steps of an import in a browser: file, match, check."""

import csv
import io

import pytest
import sqlalchemy as sa
from crawl.test_query_counts import counted
from exchange.guests.test_reading import DATA

from pages import HX
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee, Event
from webapp.exchange.guests import forms, opening, views
from webapp.exchange.guests.models import GuestList
from webapp.exchange.guests.packing import pack
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import keep_list

LIST = (
    "Nom complet;E-Mail-Adresse;Ticket;Telefon\n"
    "Zoë Zephyr;zoe@example.org;Speaker;+49 170 1234567\n"
    "=Yara;yara@example.org;Guest;+49 171 1234567\n"
    "Xaver;x@;Guest;\n"
    ";nobody@example.org;Guest;\n"
)


@pytest.fixture
def olga(cast, browser_of):
    return browser_of(cast.organiser)


@pytest.fixture
def url(cast):
    return f"/events/{cast.event.id}/import"


def upload(browser, url, data):
    """Send a file as a browser does; the test client would leave a file of its own open."""
    content = data.encode() if isinstance(data, str) else data
    named = 'Content-Disposition: form-data; name="'
    body = (
        f'--X\r\n{named}csrf_token"\r\n\r\n{browser.token()}\r\n'
        f'--X\r\n{named}file"; filename="guests.csv"\r\n\r\n'
    ).encode()
    return browser.post(
        url,
        data=body + content + b"\r\n--X--\r\n",
        content_type="multipart/form-data; boundary=X",
    )


def table(browser):
    """Return the rows of the page's table."""
    rows = browser.page.all("tr")[1:]
    return [tuple("".join(cell.itertext()) for cell in row) for row in rows]


def at_match(browser, url, data=LIST):
    response = upload(browser, url, data)
    assert response.status_code == 303, browser.text
    browser.get(response.location)
    return response.location.removesuffix("/match")


def at_check(browser, url, data=LIST, **chosen):
    here = at_match(browser, url, data)
    response = browser.submit(f"{here}/match", **chosen)
    assert response.status_code == 303, browser.text
    assert response.location == f"{here}/check"
    browser.get(response.location)
    return here


def names(session, cast):
    session.expire_all()
    own = {cast.amina.id, cast.ben.id, cast.rita.id}
    found = session.query(Attendee).filter_by(event_id=cast.event.id)
    return sorted(one.name for one in found if one.id not in own)


def test_a_list_comes_in_in_three_steps(olga, url, session, cast):
    olga.get(url)
    assert "Nobody gets a mail." in olga.text
    here = at_match(olga, url)
    assert "4 rows · UTF-8, separator ;" in olga.text
    assert "guessed from its name" in olga.text
    assert "never needed" in olga.text
    assert olga.submit(f"{here}/match", **{"column-2": "group"}).status_code == 303
    olga.get(f"{here}/match")
    assert "you chose" in olga.text
    olga.get(f"{here}/check")
    assert "Import 2 people, send no mail" in olga.text
    assert table(olga) == [
        ("4", "E-Mail-Adresse", "an e-mail address", "x@"),
        ("5", "Nom complet", "a name", "nothing"),
    ]
    assert names(session, cast) == []
    assert olga.submit(f"{here}/progress").location == url
    olga.get(url)
    assert "Done: 2 new, 0 updated, 0 unchanged. No mail was sent." in olga.text
    assert names(session, cast) == ["=Yara", "Zoë Zephyr"]
    assert session.query(Attendee).filter_by(name="Zoë Zephyr").one().group_name == "Speaker"
    assert session.query(GuestList).count() == 0


def test_nothing_is_written_before_the_last_button(olga, url, session, cast):
    here = at_check(olga, url)
    olga.get(f"{here}/bad-rows.csv")
    olga.get(f"{here}/progress")
    assert names(session, cast) == []


def test_the_same_list_again_has_nothing_to_import(olga, url):
    olga.submit(f"{at_check(olga, url)}/progress")
    at_check(olga, url)
    assert "already here, unchanged" in olga.text
    assert "There is nothing to import." in olga.text
    assert not [form for form in olga.page.all("form") if "progress" in form.get("action", "")]


def test_a_claimed_badge_is_reported_as_left_alone(olga, url, session, cast):
    cast.amina.address = "amina@example.org"
    session.commit()
    at_check(olga, url, "Name,E-mail\nSomebody Else,amina@example.org\n")
    assert "unchanged, they made it their own" in olga.text


def test_a_long_list_shows_how_far_it_has_come(olga, url, session, cast, monkeypatch):
    monkeypatch.setattr(opening, "CHUNK_ROWS", 2)
    here = at_check(olga, url, "Name\n" + "".join(f"Guest {one}\n" for one in range(5)))
    first = olga.submit(f"{here}/progress")
    assert first.location == f"{here}/progress"
    olga.get(first.location)
    assert "2 of 5 rows" in olga.text
    assert olga.get(f"{here}/match").location == first.location
    assert olga.get(f"{here}/check").status_code == 303
    second = olga.send(f"{here}/progress", hx=True)
    assert "4 of 5 rows" in second.get_data(as_text=True)
    assert 'hx-trigger="load' in second.get_data(as_text=True)
    last = olga.send(f"{here}/progress", hx=True)
    assert last.headers["HX-Redirect"] == url
    assert len(names(session, cast)) == 5


def test_who_leaves_half_way_finds_the_way_back(olga, url, browser_of, cast, monkeypatch):
    monkeypatch.setattr(opening, "CHUNK_ROWS", 2)
    here = at_check(olga, url, "Name\n" + "".join(f"Guest {one}\n" for one in range(5)))
    olga.get(url)
    assert "guests.csv waits to be imported." in olga.text
    assert f"{here}/match" in olga.page.links()
    olga.send(f"{here}/progress")
    for person in (cast.organiser, cast.co_organiser):
        browser = browser_of(person)
        browser.get(url)
        assert "guests.csv is not all in yet." in browser.text
        assert f"{here}/match" in browser.page.links()
        assert browser.get(f"{here}/match").location == f"{here}/progress"
    olga.send(f"{here}/progress")
    olga.send(f"{here}/progress")
    olga.get(url)
    assert not [one for one in olga.page.links() if one.startswith(here)]


def test_two_columns_of_addresses_have_to_be_told_apart(olga, url, session, cast):
    here = at_match(olga, url, "Name,E-mail,Boss\nZoë,zoe@example.org,boss@example.org\n")
    question = "“E-mail” and “Boss” could both be: E-mail. Which one is it?"
    assert question in olga.text
    assert olga.submit(f"{here}/match").status_code == 422
    assert question in olga.text
    assert olga.get(f"{here}/check").location == f"{here}/match"
    assert olga.get(f"{here}/bad-rows.csv").location == f"{here}/match"
    assert olga.send(f"{here}/progress").status_code == 422
    assert names(session, cast) == []
    olga.get(f"{here}/match")
    assert olga.submit(f"{here}/match", **{"column-1": "email"}).status_code == 303
    olga.send(f"{here}/progress")
    assert session.query(Attendee).filter_by(name="Zoë").one().address == "zoe@example.org"


def test_a_choice_without_names_is_not_taken(olga, url):
    here = at_match(olga, url, "Name,E-mail\nZoë,zoe@example.org\n")
    assert olga.submit(f"{here}/match", **{"column-0": ""}).status_code == 422
    assert "Which column holds the names?" in olga.text


def test_a_field_nobody_knows_leaves_the_guess(olga, url):
    here = at_match(olga, url, "Name,E-mail\nZoë,zoe@example.org\n")
    assert olga.submit(f"{here}/match", **{"column-1": "password"}).status_code == 303
    olga.get(f"{here}/match")
    assert "you chose" not in olga.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "This is a PDF, not a list."),
        (b"\x89PNG\r\n\x1a\n", "This is a picture, not a list."),
        (b"<html><table>", "This is a web page, not a list."),
        (b"", "This file is empty."),
        (b"Name,E-mail\n", "There is no row below the header."),
        (b"PK\x03\x04 broken", "This workbook is broken."),
        (b"Name\n" + b"A\n" * 20_001, "more than 20,000 rows"),
    ],
)
def test_what_is_no_list_gets_a_clear_answer(olga, url, session, data, words):
    assert upload(olga, url, data).status_code == 422
    assert words in olga.text
    assert session.query(GuestList).count() == 0


def test_no_file_at_all_is_asked_for(olga, url):
    assert olga.send(url).status_code == 422
    assert "Please choose a file." in olga.text


def test_a_file_of_more_than_a_megabyte_is_taken(olga, url):
    text = "Name,Note\n" + "".join(f"Guest {one},{'x' * 1900}\n" for one in range(1_000))
    assert upload(olga, url, text).status_code == 303


def test_a_file_that_is_too_large_gets_a_clear_answer(olga, url, session):
    data = b"Name\n" + b"x" * (views.LARGEST_UPLOAD + 1)
    assert upload(olga, url, data).status_code == 413
    assert "This file is larger than 10 MB." in olga.text
    assert [link.text for link in olga.page.all("a") if link.get("href") == url] == [
        "Choose another file"
    ]
    assert session.query(GuestList).count() == 0


def test_a_file_a_little_too_large_is_named_as_such(olga, url):
    assert upload(olga, url, b"x" * (10 * 1024 * 1024 + 1)).status_code == 422
    assert "larger than 10 MB" in olga.text


def test_other_forms_stay_small(olga, cast):
    here = f"/events/{cast.event.id}/desk"
    assert olga.send(here, name="x" * 2_000_000).status_code == 413


def test_bad_rows_can_be_corrected_and_sent_again(olga, url, session, cast):
    data = "Name,E-mail,Note\n=1+1,x@,@SUM\nZoë,zoe@example.org,\n" + "Y" * 121 + ",,+49\n"
    here = at_check(olga, url, data)
    answer = olga.get(f"{here}/bad-rows.csv")
    text = answer.get_data().decode("utf-8-sig")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert list(csv.reader(io.StringIO(text))) == [
        ["Row", "Column", "Expected", "Found", "Name", "E-mail", "Note"],
        ["2", "E-mail", "an e-mail address", "x@", "'=1+1", "x@", "'@SUM"],
        ["4", "Name", "at most 120 characters", "Y" * 80, "Y" * 121, "", "'+49"],
    ]
    corrected = text.replace('"x@"', '"x@example.org"').replace("Y" * 121, "Yara")
    olga.send(f"{at_check(olga, url, corrected)}/progress")
    assert "Yara" in names(session, cast)


@pytest.fixture
def waiting(session, cast):
    kept = keep_list(
        session,
        event=cast.event,
        by=cast.organiser,
        file_name="guests.csv",
        content=pack(read_table(LIST.encode())),
        now=clock.now(),
    )
    session.commit()
    return f"/events/{cast.event.id}/import/{kept.id}"


READ = ("match", "check", "progress", "bad-rows.csv")


def test_a_co_organiser_may_go_on_with_a_list(browser_of, cast, waiting, url, session):
    cleo = browser_of(cast.co_organiser)
    assert cleo.get(url).status_code == 200
    assert [cleo.get(f"{waiting}/{page}").status_code for page in READ] == [200] * 4
    assert cleo.send(f"{waiting}/progress").status_code == 303
    assert len(names(session, cast)) == 2


@pytest.mark.parametrize(
    ("who", "status"),
    [("desk", 403), ("recruiter", 403), ("attendee", 403), ("stranger", 404)],
)
def test_nobody_else_sees_or_changes_a_list(browser_of, cast, waiting, url, session, who, status):
    other = browser_of(getattr(cast, who))
    reads = [other.get(one) for one in (url, *(f"{waiting}/{page}" for page in READ))]
    writes = [
        upload(other, url, LIST),
        other.send(f"{waiting}/match", **{"column-0": "name"}),
        other.send(f"{waiting}/progress"),
    ]
    assert {one.status_code for one in (*reads, *writes)} == {status}
    assert not any(b"zoe@" in one.get_data() for one in (*reads, *writes))
    assert names(session, cast) == []
    assert session.query(GuestList).count() == 1


def test_the_signed_out_are_asked_to_sign_in(browser, waiting, url, session, cast):
    for one in (url, f"{waiting}/check"):
        assert browser.get(one).location.startswith("/sign-in?next=")
    assert upload(browser, url, LIST).location == "/sign-in"
    assert browser.send(f"{waiting}/progress").location == "/sign-in"
    assert names(session, cast) == []


def test_a_list_of_another_event_and_an_unknown_one_are_not_found(
    olga, browser_of, cast, waiting, session
):
    list_id = waiting.rpartition("/")[2]
    sam = browser_of(cast.stranger)
    own = session.query(Attendee.event_id).filter(Attendee.event_id != cast.event.id).first()
    assert own is None
    assert olga.get(f"/events/{cast.event.id}/import/zzzzzzzzzzzzzzzz/check").status_code == 404
    other = next(row for row in sam.get("/events").get_data(as_text=True).split("/events/")[1:])
    other_id = other.partition("/")[0]
    assert sam.get(f"/events/{other_id}/import").status_code == 200
    assert sam.get(f"/events/{other_id}/import/{list_id}/check").status_code == 404
    assert sam.send(f"/events/{other_id}/import/{list_id}/progress").status_code == 404


def test_the_wrong_method_is_refused(olga, waiting, url):
    assert olga.send(f"{waiting}/check").status_code == 405
    assert olga.put(url).status_code == 405
    assert olga.get(f"{waiting}/progress", headers=HX).status_code == 200


def test_a_list_is_gone_after_a_day(browser_of, cast, waiting, evening):
    evening.shift(24 * 3600)
    olga = browser_of(cast.organiser)
    assert olga.get(f"{waiting}/check").status_code == 404
    assert olga.send(f"{waiting}/progress").status_code == 404


def test_a_new_file_takes_the_place_of_the_last_one(olga, url, session):
    first, second = at_match(olga, url), at_match(olga, url)
    assert first != second
    assert session.query(GuestList).count() == 1


def test_a_known_list_says_where_it_comes_from(olga, url):
    here = at_check(olga, url, (DATA / "eventbrite.csv").read_bytes())
    assert "list of Eventbrite" in olga.text
    assert "not coming" in olga.text
    assert "known from Eventbrite" in olga.get(f"{here}/match").get_data(as_text=True)


def test_a_long_list_at_a_full_event_takes_as_many_queries_as_a_short_one(olga, url, session, cast):
    asked = []
    for number in (2, 20):
        rows = "".join(f"Guest {one},g{one}@example.org,\n" for one in range(number))
        here = at_check(olga, url, f"Name,E-mail,Company\n{rows}Nobody,x@,\n")
        for page in ("match", "check"):
            with counted(database.db.engine) as statements:
                assert olga.get(f"{here}/{page}").status_code == 200
            asked.append(len(statements))
        olga.send(f"{here}/progress")
    assert asked[:2] == asked[2:]


def test_others_may_write_while_a_list_is_read(olga, url, session, cast, monkeypatch):
    written = []

    def write_meanwhile(name):
        plain = getattr(views, name, None) or getattr(forms, name)

        def read(*args):
            with database.db.engine.begin() as other:
                other.execute(sa.update(Event).values(place=name))
            written.append(name)
            return plain(*args)

        return read

    monkeypatch.setattr(forms, "read_table", write_meanwhile("read_table"))
    here = at_match(olga, url)
    monkeypatch.setattr(views, "open_table", write_meanwhile("open_table"))
    olga.submit(f"{here}/match")
    monkeypatch.setattr(views, "open_list", write_meanwhile("open_list"))
    olga.send(f"{here}/progress")
    assert written == ["read_table", "open_table", "open_list"]
    assert len(names(session, cast)) == 2
