"""A team sees whoever agreed; off by default, and taken back at any time."""

import pytest

from people import live, say_talked, talk
from webapp.conversations.services import claim
from webapp.core import clock
from webapp.events.models import RoleName
from webapp.events.services import remove_role
from webapp.recruiting.models import Agreement, HistoryEntry, Standing, Team
from webapp.ties.models import Tie

ASKS = "May the team of Kora Labs see that you talked?"
SEES = "The team of Kora Labs sees you."


@pytest.fixture
def amina(cast, browser_of):
    return browser_of(cast.attendee)


@pytest.fixture
def path(cast, session, team):
    return f"/events/{cast.event.id}/teams/{team.id}"


def agreements(session):
    session.expire_all()
    return [(one.person_id, one.withdrawn_at) for one in session.query(Agreement)]


def test_whoever_scans_a_member_reads_the_team_before_saying_yes(cast, session, team, amina, here):
    code = live(session, cast.rita).body
    amina.get(f"{here}/ask?code={code}")
    assert "Recruiter at Kora Labs" in amina.text
    say_talked(session, event=cast.event, by=cast.rita, about=cast.amina)
    amina.get("/follow-up")
    assert "Recruiter at Kora Labs" in amina.text


def test_a_recruiter_without_a_team_is_called_a_recruiter(cast, session, amina, here):
    code = live(session, cast.rita).body
    amina.get(f"{here}/ask?code={code}")
    assert "Recruiter" in amina.text
    assert "Recruiter at" not in amina.text


def test_after_the_yes_it_is_a_second_question_and_off_by_default(
    cast, session, team, amina, rita, path, here
):
    said = claim(
        session, event=cast.event, by=cast.amina, scan=live(session, cast.rita), now=clock.now()
    )
    assert agreements(session) == []
    amina.get(f"{here}/talks/{said.id}")
    assert ASKS in amina.text
    rita.get(f"{here}/candidates")
    assert "Amina Diallo" not in rita.text
    amina.submit(f"{path}/agree")
    assert agreements(session) == [(cast.attendee.id, None)]
    rita.get(f"{here}/candidates")
    assert "Amina Diallo" in rita.text
    amina.get(f"/people/{session.query(Tie.id).scalar()}")
    assert SEES in amina.text


def test_with_htmx_the_answer_takes_the_place_of_the_question(cast, session, let_see, amina, path):
    let_see(cast.attendee, place=cast.amina, agrees=False)
    amina.get(f"/people/{session.query(Tie.id).scalar()}")
    assert ASKS in amina.text
    assert amina.submit(f"{path}/agree", hx=True).status_code == 200
    assert SEES in amina.text
    assert amina.submit(f"{path}/take-back", hx=True).status_code == 200
    assert ASKS in amina.text


def test_taken_back_it_is_gone_from_every_page_of_the_team(cast, session, seen, rita, amina, here):
    page = f"{here}/candidates/{seen.id}"
    rita.get(page)
    rita.submit(f"{page}/next-step", next_step="Call her")
    amina.get("/me/teams")
    team = session.query(Team).one()
    amina.submit(f"{here}/teams/{team.id}/take-back")
    assert rita.get(page).status_code == 404
    rita.get(f"{here}/candidates")
    assert "Amina Diallo" not in rita.text
    assert session.query(Standing).count() == session.query(HistoryEntry).count() == 0
    amina.get("/me/teams")
    assert "Kora Labs" not in amina.page.text.replace("The team of Kora Labs", "")


def test_saying_yes_again_begins_anew(cast, session, seen, rita, amina, here):
    team = session.query(Team).one()
    page = f"{here}/candidates/{seen.id}"
    rita.get(page)
    rita.submit(f"{page}/next-step", next_step="Call her")
    amina.send(f"{here}/teams/{team.id}/take-back")
    amina.send(f"{here}/teams/{team.id}/agree")
    rita.get(page)
    assert "Call her" not in rita.text
    assert "To review" in rita.text


def test_without_a_talk_there_is_nothing_to_agree_to(cast, session, team, amina, browser_of, path):
    for browser in (amina, browser_of(cast.stranger), browser_of(cast.organiser)):
        assert browser.send(f"{path}/agree").status_code == 404
        assert browser.send(f"{path}/take-back").status_code == 404
    say_talked(session, event=cast.event, by=cast.amina, about=cast.rita)
    assert amina.send(f"{path}/agree").status_code == 404
    assert agreements(session) == []


def test_members_of_the_team_are_not_asked(cast, session, ben, path):
    talk(session, event=cast.event, by=cast.ben, about=cast.rita)
    ben.get(f"/people/{session.query(Tie.id).scalar()}")
    assert "May the team" not in ben.text
    assert ben.send(f"{path}/agree").status_code == 404


def test_once_nobody_i_talked_with_is_in_it_the_yes_can_still_be_taken_back(
    cast, session, seen, amina, here, team
):
    role = RoleName.RECRUITER
    remove_role(session, event=cast.event, person_id=cast.recruiter.id, name=role)
    amina.get(f"/people/{session.query(Tie.id).scalar()}")
    assert "Kora Labs sees" not in amina.text
    amina.get("/me/teams")
    assert "Kora Labs" in amina.text
    amina.submit(f"{here}/teams/{team.id}/take-back")
    assert agreements(session) == [(seen.id, clock.now())]
    assert amina.send(f"{here}/teams/{team.id}/take-back").status_code == 404


def test_the_team_gets_no_link_and_no_address(cast, session, seen, ben, rita, here):
    """Ben has not talked with Amina; the team shows him her badge and nothing more."""
    for page in (f"{here}/candidates", f"{here}/candidates/{seen.id}"):
        answer = ben.get(page)
        assert "Amina Diallo" in ben.text
        for text in ("amina.example.org", "amina@example.org", "/people/"):
            assert text not in answer.get_data(as_text=True).replace('href="/people"', "")
    rita.get(f"{here}/candidates/{seen.id}")
    assert f"/people/{session.query(Tie.id).scalar()}" in rita.page.links()
