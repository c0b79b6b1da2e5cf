"""Who learns that people were taken along: the team, the people in the file, and nobody else."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from crawl.test_query_counts import counted
from recruiting.files import file_of

from webapp.core import clock
from webapp.core import db as database
from webapp.events.log.queries import ON_A_PAGE
from webapp.exchange.mydata.services import leave
from webapp.recruiting.models import Export, ExportedPerson, Member
from webapp.recruiting.services.consent import agree, withdraw
from webapp.recruiting.services.exports import note_export
from webapp.retention.policy import STEPS
from webapp.retention.services import take_step
from webapp.security.audit import record
from webapp.security.models import Action, AuditEntry

SAYS = "Rita Recruiter of Kora Labs exported you to HubSpot"


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def taken(rita, seen, here):
    """Amina, whom Rita has taken along to HubSpot."""
    file_of(rita, here, "hubspot")
    return seen


def entries(browser):
    rows = (one for one in browser.page.all("li") if one.get("class") in {"row", "card"})
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


def test_a_file_is_noted_with_those_in_it(cast, session, taken, team):
    (export,) = session.query(Export)
    assert (export.team_id, export.by_id, export.preset, export.count, export.made_at) == (
        team.id,
        cast.recruiter.id,
        "hubspot",
        1,
        clock.now(),
    )
    found = [(one.export_id, one.person_id) for one in session.query(ExportedPerson)]
    assert found == [(export.id, taken.id)]


def test_the_team_reads_who_made_it_when_and_for_how_many(rita, ben, taken, here):
    for browser, who in ((rita, "You"), (ben, "Rita Recruiter")):
        browser.get(f"{here}/export")
        assert f"{who} exported 1 person to HubSpot Thu, Nov 19, 7:00 PM" in " ".join(
            entries(browser)
        )


def test_the_candidates_page_tells_of_it(rita, ben, taken, here):
    for browser, who in ((rita, "You"), (ben, "Rita Recruiter")):
        browser.get(f"{here}/candidates/{taken.id}")
        assert f"{who} exported to HubSpot" in " ".join(entries(browser))


def test_whoever_is_in_a_file_reads_of_it(taken, amina):
    amina.get("/me/log")
    assert entries(amina) == [f"{SAYS} PyMeetup Nov · Thu, Nov 19, 7:00 PM"]
    amina.get("/me/teams")
    assert f"{SAYS}, Thu, Nov 19." in entries(amina)[0]
    assert "/me/log" in amina.page.links()


def test_nobody_else_reads_of_it(cast, taken, browser_of, hire, here):
    hire(cast.desk, team="Zeta")
    for who in ("other", "stranger", "organiser", "co_organiser", "desk", "recruiter"):
        browser = browser_of(getattr(cast, who))
        for path in ("/me/log", "/me/teams"):
            browser.get(path)
            assert "exported you" not in browser.text
    for who in ("organiser", "co_organiser"):
        browser = browser_of(getattr(cast, who))
        browser.get(f"{here}/log")
        assert "xported" not in browser.text
    dan = browser_of(cast.desk)
    dan.get(f"{here}/export")
    assert entries(dan) == []


def test_who_takes_it_back_keeps_the_proof_and_the_team_does_not(
    cast, session, team, taken, amina, rita, ben, here, evening
):
    evening.shift(timedelta(minutes=1))
    withdraw(session, team=team, person=taken, now=clock.now())
    amina.get("/me/log")
    assert entries(amina) == [f"{SAYS} PyMeetup Nov · Thu, Nov 19, 7:00 PM"]
    amina.get("/me/teams")
    assert "Taken along before" in amina.text
    assert SAYS in amina.text
    assert not [one for one in amina.page.all("form") if "take-back" in one.get("action", "")]
    evening.shift(timedelta(minutes=1))
    agree(session, team=team, person=taken, now=clock.now())
    for browser in (rita, ben):
        browser.get(f"{here}/candidates/{taken.id}")
        assert "exported to HubSpot" not in browser.text
    amina.get("/me/teams")
    assert "Taken along before" not in amina.text
    assert SAYS in amina.text
    file_of(rita, here, "hubspot")
    rita.get(f"{here}/candidates/{taken.id}")
    assert " ".join(entries(rita)).count("You exported to HubSpot") == 1


def test_of_many_files_the_latest_stand_beside_the_team_and_all_in_the_log(
    rita, taken, amina, here, evening
):
    for preset in ("lever", "greenhouse", "salesforce", "plain", "vcard"):
        evening.shift(timedelta(minutes=1))
        file_of(rita, here, preset)
    amina.get("/me/teams")
    (row,) = entries(amina)
    places = [row.index(one) for one in ("contact cards", "a spreadsheet", "Salesforce")]
    assert places == sorted(places)
    assert "Greenhouse" not in row
    amina.get("/me/log")
    assert len(entries(amina)) == 6


def test_among_what_helpers_did_each_file_stands_once_at_its_time(
    cast, session, team, seen, amina, evening
):
    member = session.get_one(Member, (cast.event.id, cast.recruiter.id))
    known = {"member": member, "preset": "hubspot", "person_ids": [seen.id]}
    session.query(AuditEntry).delete()
    for number in range(2 * ON_A_PAGE + 10):
        by = {"by": cast.desk.id, "attendee_id": cast.amina.id, "now": clock.now()}
        record(session, event_id=cast.event.id, action=Action.CHECKED_IN, **by)
        if number % 20 == 0:
            note_export(session, now=clock.now(), **known)
        evening.shift(timedelta(minutes=1))
    note_export(session, now=clock.now(), **known)
    session.commit()
    found, path = [], "/me/log"
    while path:
        amina.get(path)
        found.append(entries(amina))
        path = next((one for one in amina.page.links() if "before=" in one), None)
    times = [sum("exported you" in one for one in page) for page in found]
    assert [len(page) - many for page, many in zip(found, times, strict=True)] == [50, 50, 10]
    assert times == [4, 2, 1]
    assert "exported you" in found[0][0]
    assert "exported you" in found[2][-1] or "exported you" in found[2][-2]
    amina.get("/me/log?before=unknown")
    assert entries(amina) == []


def test_my_data_says_where_it_went_and_what_i_took_along(taken, amina, rita, browser_of):
    told = _my_data(amina)
    assert [
        (one["team"], one["by"], one["preset"], one["made_at"][:10])
        for one in told["exported_by_teams"]
    ] == [("Kora Labs", "Rita Recruiter", "hubspot", "2026-11-19")]
    assert told["exports_made"] == []
    (mine,) = _my_data(rita)["exports_made"]
    assert (mine["team"], mine["preset"], mine["count"]) == ("Kora Labs", "hubspot", 1)


def _my_data(browser):
    browser.get("/me/data")
    packed = zipfile.ZipFile(io.BytesIO(browser.submit("/me/data").data))
    return json.loads(packed.read("my_data.json"))


def test_an_exporter_who_left_is_no_longer_named(cast, session, taken, amina, browser_of, team):
    leave(session, person=cast.recruiter, now=clock.now())
    amina.get("/me/log")
    assert "Someone who left of Kora Labs exported you to HubSpot" in amina.text
    assert "Rita" not in amina.text


def test_files_and_lines_about_me_take_as_many_queries_however_many(
    app, cast, session, team, taken, amina
):
    member = session.get_one(Member, (cast.event.id, cast.recruiter.id))
    for path in ("/me/log", "/me/teams"):
        asked = []
        for wanted in (2, 20):
            while session.query(Export).count() < wanted:
                note_export(
                    session,
                    member=member,
                    preset="lever",
                    person_ids=[taken.id],
                    now=clock.now(),
                )
            with app.app_context(), counted(database.db.engine) as statements:
                amina.get(path)
            asked.append(len(statements))
        assert asked[0] == asked[1]
        session.query(ExportedPerson).delete()
        session.query(Export).delete()


def test_who_leaves_takes_the_proof_along_and_the_number_stays(session, taken, rita, here):
    leave(session, person=taken, now=clock.now())
    assert session.query(ExportedPerson).count() == 0
    rita.get(f"{here}/export")
    assert "You exported 1 person to HubSpot" in rita.text


def test_an_erased_event_keeps_nothing_of_it(app, cast, session, taken):
    for step in STEPS:
        take_step(session, step, event_id=cast.event.id)
    assert session.query(Export).count() == session.query(ExportedPerson).count() == 0
