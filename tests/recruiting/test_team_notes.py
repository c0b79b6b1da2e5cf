"""Notes for the whole team, and what a candidate reads of all that is said about them."""

import pytest
from crawl.test_query_counts import counted

from webapp.core import clock
from webapp.core import db as database
from webapp.recruiting.models import HistoryEntry, TeamNote
from webapp.recruiting.services.reviews import Rated, Seen, write_note, write_review


@pytest.fixture
def page(here, seen):
    return f"{here}/candidates/{seen.id}"


@pytest.fixture
def amina(cast, seen, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def mine(cast, team):
    """Where Amina reads what Kora Labs noted about her."""
    return f"/me/teams/{cast.event.id}/{team.id}"


def notes(session):
    session.expire_all()
    return [one.text for one in session.query(TeamNote)]


def test_the_team_reads_who_noted_what_and_when(session, rita, ben, page):
    rita.get(page)
    assert (
        "They can read this at any time under Me, and in their own export, both without your name."
        in rita.text
    )
    answer = rita.submit(f"{page}/notes", text="Prefers\r\nremote work")
    assert answer.location == f"{page}#notes"
    assert notes(session) == ["Prefers\nremote work"]
    ben.get(page)
    assert "Prefers remote workRita Recruiter, Thu, Nov 19, 7:00" in ben.text
    assert "Rita Recruiter noted something" in ben.text
    rita.get(page)
    assert "Prefers remote workYou, Thu, Nov 19" in rita.text


@pytest.mark.parametrize(("text", "told"), [(" \n ", "write something"), ("x" * 1001, "than 1000")])
def test_what_is_no_note_is_asked_again(session, rita, page, text, told):
    rita.get(page)
    answer = rita.submit(f"{page}/notes", text=text)
    assert answer.status_code == 422
    assert told in rita.text
    assert text.strip() in answer.get_data(as_text=True)
    assert notes(session) == []
    assert session.query(HistoryEntry).filter(HistoryEntry.by_id.is_not(None)).count() == 0


def test_a_note_of_a_thousand_characters_is_kept(session, rita, page):
    assert rita.send(f"{page}/notes", text="x" * 1000).status_code == 303
    assert notes(session) == ["x" * 1000]


def test_only_its_author_deletes_a_note(session, rita, ben, page, cast):
    rita.send(f"{page}/notes", text="Prefers remote work")
    where = f"{page}/notes/{session.query(TeamNote).one().id}/delete"
    ben.get(page)
    assert "Delete" not in ben.text
    ben.send(where)
    other = f"/events/{cast.event.id}/candidates/{cast.other.id}/notes/x/delete"
    assert rita.send(other).status_code == 404
    assert notes(session) == ["Prefers remote work"]
    rita.get(page)
    assert rita.submit(where).location == f"{page}#notes"
    assert rita.send(where).status_code == 303
    assert notes(session) == []
    ben.get(page)
    assert "Prefers remote work" not in ben.text


def test_candidates_read_all_of_it_without_names(rita, ben, amina, page, mine, review):
    review(rita, (4, "Drew one"), (None, "Not talked about"))
    review(ben, (2, "Mixed them up"))
    ben.send(f"{page}/notes", text="Prefers remote work")
    amina.get("/me/teams")
    assert mine in amina.page.links()
    assert amina.get(mine).status_code == 200
    for text in (
        "you need not ask",
        "Platform lead Explains databases 4, Strong Drew one Listens No evidence Not talked about",
        "Explains databases 2, Fair Mixed them up",
        "Prefers remote work",
    ):
        assert text in amina.text
    for name in ("Rita", "Ben Ng"):
        assert name not in amina.text
    assert "remote" not in rita.get("/me/teams").get_data(as_text=True)


def test_nothing_noted_is_said_plainly(amina, mine, team):
    amina.get(mine)
    assert amina.text.count("None.") == 2


def test_taking_it_back_is_one_tap_away_and_closes_the_page(session, rita, amina, page, mine, here):
    rita.send(f"{page}/notes", text="Prefers remote work")
    amina.get(mine)
    team_id = mine.rpartition("/")[2]
    assert amina.submit(f"{here}/teams/{team_id}/take-back").status_code == 303
    assert notes(session) == []
    assert amina.get(mine).status_code == 404


def test_nobody_else_reads_it_there(cast, rita, browser_of, browser, page, mine):
    rita.send(f"{page}/notes", text="Prefers remote work")
    for who in ("recruiter", "other", "organiser", "stranger"):
        assert browser_of(getattr(cast, who)).get(mine).status_code == 404
    assert browser.get(mine).location.startswith("/sign-in")


def test_only_my_own_is_read_there(cast, let_see, rita, amina, here, mine, somebody):
    chen = somebody("Chen Li")
    let_see(chen)
    rita.send(f"{here}/candidates/{chen.id}/notes", text="About Chen")
    amina.get(mine)
    assert "About Chen" not in amina.text


def test_notes_are_gone_with_the_event(cast, rita, page):
    rita.send(f"{page}/notes", text="Prefers remote work")
    cast.event.erasure_asked_at = clock.now()
    assert rita.send(f"{page}/notes", text="More").status_code == 404


def test_twenty_things_noted_take_as_many_queries_as_two(
    session, seen, hire, somebody, amina, mine, opening, criteria
):
    asked, now = [], clock.now()
    for wanted in (range(2), range(2, 20)):
        for number in wanted:
            member = hire(somebody(f"Colleague {number:02}"))
            rated = [Rated(one, number % 4 + 1, f"Row {number:02}") for one in criteria]
            named = {"member": member, "person_id": seen.id, "now": now}
            as_new = Seen(opening=0, review=0)
            write_review(session, opening_id=opening.id, rated=rated, seen=as_new, **named)
            write_note(session, text=f"Row {number:02}", **named)
        session.commit()
        with counted(database.db.engine) as statements:
            amina.get(mine)
        asked.append(len(statements))
        assert amina.text.count("Row ") == 3 * wanted.stop
    assert asked[0] == asked[1]
