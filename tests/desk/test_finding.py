"""Guests are found by a few letters of what is printed, or by a code on their badge."""

import pytest
import sqlalchemy as sa
from crawl.test_query_counts import counted
from desk.steps import rows_of

from pages import HX
from people import badge_of, make_attendee, make_event, make_person
from webapp.badges import codes
from webapp.badges.desk.queries import find_guests
from webapp.badges.services import issue_badge
from webapp.core import clock
from webapp.core import db as database
from webapp.core.ids import new_id
from webapp.events.models import Attendee
from webapp.events.services import NewGuest, add_guests
from webapp.exchange.guests.opening import open_table
from webapp.exchange.guests.rules.workbooks import read_table
from webapp.exchange.guests.services import import_guests


def found(browser, url, letters):
    browser.get(url)
    browser.submit(url, q=letters)
    return rows_of(browser)


def test_the_list_is_in_the_order_of_names(desk, url, late):
    desk.get(url)
    assert rows_of(desk) == ["Amina Diallo", "Ben Ng", "Lars Late", "Rita Recruiter"]
    assert "3 here of 4 on the list" in desk.text


@pytest.mark.parametrize(
    ("letters", "names"),
    [
        ("ami", ["Amina Diallo"]),
        ("LARS", ["Lars Late"]),
        ("dia am", ["Amina Diallo"]),
        ("am x", []),
        ("n", ["Ben Ng", "Amina Diallo"]),
        ("%", []),
        ("_", []),
        ("|", []),
        ("nobody", []),
        ("x" * 500, []),
    ],
)
def test_people_are_found_by_a_few_letters_of_their_names_in_any_order(
    desk, url, late, letters, names
):
    assert found(desk, url, letters) == names
    assert ("Nobody with these letters." in desk.text) is (names == [])


@pytest.mark.parametrize(
    ("printed", "letters"),
    [
        ("José García", "jose garcia"),
        ("Jose Garcia", "JOSÉ"),
        ("Elif Yılmaz", "yilmaz"),  # noqa: RUF001
        ("İpek Işık", "ipek isik"),  # noqa: RUF001
        ("Zoë Straßer", "strasser"),
        ("Łukasz Øberg", "lukasz oberg"),
        ("Anne-Marie O’Neil", "oneil mar"),  # noqa: RUF001
        ("Anne-Marie O’Neil", "o'n"),  # noqa: RUF001
        ("Nguyễn Thị Hoa", "nguyen"),
        ("Σίσυφος", "σισυφοσ"),
        ("山田太郎", "太郎"),
        ("محمد علي", "علي"),
    ],
)
def test_case_accents_and_signs_do_not_matter(cast, session, desk, url, printed, letters):
    make_attendee(session, event=cast.event, name=printed)
    assert found(desk, url, letters) == [printed]


def test_names_that_begin_so_come_first_then_names_then_organisations(cast, session, desk, url):
    for name, organisation in {
        "Kim Tanaka": "Acme",
        "Tara Moss": "Acme",
        "Ann Oyster": "Tandem",
        "Stan Low": "Acme",
    }.items():
        make_attendee(session, event=cast.event, name=name).organisation = organisation
    assert found(desk, url, "tan") == ["Kim Tanaka", "Ann Oyster", "Stan Low"]
    assert found(desk, url, "ta")[:2] == ["Tara Moss", "Kim Tanaka"]


def test_people_are_found_by_their_organisation(cast, session, desk, url, late):
    late.organisation = "Fernweh & Söhne"
    assert found(desk, url, "sohne") == ["Lars Late"]
    assert found(desk, url, "lars fern") == ["Lars Late"]


def test_who_got_another_name_is_found_by_it(session, desk, url, late):
    late.name = "Lars Later-Still"
    assert found(desk, url, "still") == ["Lars Later-Still"]


def test_guests_who_came_with_a_list_are_found(cast, session, desk, url):
    said = {"organisation": "Écoute", "headline": "", "address": None, "group_name": None}
    add_guests(
        session, event=cast.event, guests=[NewGuest(name="Ünal Bulk", **said)], now=clock.now()
    )
    assert found(desk, url, "ecoute un") == ["Ünal Bulk"]


def test_who_was_renamed_by_a_list_is_found_by_the_new_name(cast, session, desk, url):
    for name in ("Ünal Bulk", "Çelik Bulk"):
        sheet = f"Name,E-mail,Company\n{name},u@example.org,Écoute\n".encode()
        opened = open_table(read_table(sheet), {})
        guests = next(iter(opened.chunks())).guests
        import_guests(
            session, event=cast.event, guests=guests, source=opened.source, now=clock.now()
        )
    assert found(desk, url, "celik") == ["Çelik Bulk"]
    assert found(desk, url, "unal") == []


def test_a_list_shows_twenty_at_most_and_says_so(cast, session, desk, url):
    for number in range(30):
        make_attendee(session, event=cast.event, name=f"Guest {number:02}")
    desk.get(f"{url}?q=guest")
    assert rows_of(desk) == [f"Guest {number:02}" for number in range(20)]
    assert "There are more. Type another letter." in desk.text


def test_people_of_other_events_are_not_found(cast, session, desk, url):
    make_attendee(session, event=make_event(session, by=cast.desk), name="Olaf Other")
    assert found(desk, url, "Olaf") == []
    assert "Olaf Other" not in found(desk, url, "")


@pytest.mark.parametrize("kind", ["short", "printed", "address", "live"])
def test_a_badge_is_found_by_any_of_its_codes(session, desk, url, late, kind):
    badge = badge_of(session, late)
    printed = codes.printed_code(badge)
    shown = {
        "short": codes.short_code(badge).lower(),
        "printed": printed,
        "address": f"HTTP://LOCALHOST/B/{printed}",
        "live": codes.live_code(badge, codes.step_at(clock.now())),
    }[kind]
    assert found(desk, url, shown) == ["Lars Late"]


def test_the_claim_code_finds_nobody(session, desk, url, late):
    assert found(desk, url, codes.claim_code(badge_of(session, late))) == []


def test_what_is_wrong_with_a_code_is_said(cast, session, desk, url, late):
    old = codes.printed_code(badge_of(session, late))
    issue_badge(session, attendee=late, now=clock.now())
    elsewhere = make_attendee(session, event=make_event(session), name="Olaf Other")
    other = codes.printed_code(badge_of(session, elsewhere))
    assert found(desk, url, old) == []
    assert "This badge of Lars Late was replaced by a new one." in desk.text
    assert found(desk, url, other) == []
    assert "This badge is of another event." in desk.text
    assert "Olaf" not in desk.text


def test_a_name_that_looks_like_a_code_is_still_found(cast, session, desk, url):
    make_attendee(session, event=cast.event, name="Williams")
    assert found(desk, url, "Williams") == ["Williams"]


def test_typing_gets_a_part_of_the_page(desk, url, late):
    answer = desk.get(f"{url}?q=lars", headers=HX)
    assert answer.get_data(as_text=True).lstrip().startswith('<div id="guests">')
    assert rows_of(desk) == ["Lars Late"]


@pytest.mark.parametrize("letters", ["gu", "zz", "a b c d e f g h", "7F3K9QXZ"])
def test_a_search_asks_the_database_the_same_few_questions_however_many_there_are(
    cast, session, desk, url, letters
):
    asked = []
    for more in (2, 40):
        for number in range(more):
            make_attendee(session, event=cast.event, name=f"Guest {more}-{number}")
        session.commit()
        with counted(database.db.engine) as statements:
            desk.get(f"{url}?q={letters}", headers=HX)
        asked.append([one for one in statements if one.startswith("SELECT")])
    assert len(asked[0]) == len(asked[1]) <= 4


def test_a_search_reads_no_guest_of_another_event(cast, session):
    one = {"event_id": make_event(session, name="Large").id, "added_at": clock.now()}
    names = [{"name": f"Guest {n}", "folded": f" guest {n}"} for n in range(4000)]
    session.execute(sa.insert(Attendee), [one | {"id": new_id()} | name for name in names])
    bind = session.get_bind()
    is_sqlite = bind.dialect.name == "sqlite"
    if not is_sqlite:  # it chooses by what it last learnt of the rows
        session.execute(sa.text("ANALYZE attendee"))
    plans = []

    def note(_c, cursor, statement, parameters, *_):
        plans.append((statement, parameters))

    sa.event.listen(bind, "before_cursor_execute", note)
    try:
        find_guests(session, event_id=cast.event.id, letters="am dia")
    finally:
        sa.event.remove(bind, "before_cursor_execute", note)
    statement, parameters = plans[-1]
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    told = str(session.connection().exec_driver_sql(explain + statement, parameters).all())
    if is_sqlite:
        assert "COVERING INDEX ix_attendee_event_id_folded" in told
    assert "Seq Scan" not in told
    assert "SCAN attendee" not in told


def test_who_works_elsewhere_finds_nobody_here(session, browser_of, url):
    stranger = browser_of(make_person(session, name="Sue"))
    assert stranger.get(f"{url}?q=a", headers=HX).status_code == 404
