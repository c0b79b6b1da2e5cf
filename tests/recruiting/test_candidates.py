"""The list of those we talked with, one of them, and two who work on them at once."""

from datetime import timedelta

import pytest
from crawl.test_query_counts import counted

from people import talk
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee
from webapp.followups.models import PromiseKind
from webapp.followups.rules.promises import Said
from webapp.followups.services.promises import make_promise
from webapp.recruiting.models import HistoryEntry, Member, Stage, Standing, Team
from webapp.recruiting.queries import lists
from webapp.recruiting.services.consent import withdraw
from webapp.ties.models import Tie
from webapp.ties.queries import tie_between


@pytest.fixture
def page(seen, here):
    """Where Amina is reviewed."""
    return f"{here}/candidates/{seen.id}"


@pytest.fixture
def stage(session, team):
    def find(name):
        return session.query(Stage).filter_by(name=name).one().id

    return find


def standing(session):
    session.expire_all()
    return session.query(Standing).one()


def told(session):
    session.expire_all()
    rows = session.query(HistoryEntry).filter(HistoryEntry.by_id.is_not(None))
    return [(one.step.value, one.told) for one in rows.order_by(HistoryEntry.done_at)]


def names(browser):
    """The candidates on the page that is open, in order."""
    lists = [one for one in browser.page.all("ul") if "candidates" in one.get("class", "")]
    return [strong.find("bdi").text for one in lists for strong in one.iter("strong")]


def test_the_list_says_who_with_whom_when_and_how_sure(rita, ben, page, here):
    rita.get(f"{here}/candidates")
    for text in ("Amina Diallo", "Data engineer, Kora Labs", "with you, Thu, Nov 19", "7:00"):
        assert text in rita.text
    for text in ("both said yes", "1 person agreed to be seen by Kora Labs"):
        assert text in rita.text
    assert f"{page}?from=list" in rita.page.links()
    ben.get(f"{here}/candidates")
    assert "with Rita Recruiter" in ben.text


def test_nobody_but_members_opens_it(cast, browser_of, page, here):
    for who, status in (
        ("organiser", 403),
        ("co_organiser", 403),
        ("desk", 403),
        ("attendee", 403),
        ("stranger", 404),
    ):
        browser = browser_of(getattr(cast, who))
        for path in (f"{here}/candidates", page, f"{here}/my-team"):
            assert browser.get(path).status_code == status
        for path in (f"{page}/stage", f"{page}/next-step"):
            assert browser.send(path).status_code == status


def test_another_team_of_the_event_sees_nothing(cast, hire, page, browser_of, here):
    hire(cast.desk, team="Zeta")
    dan = browser_of(cast.desk)
    dan.get(f"{here}/candidates")
    assert "Nobody yet" in dan.text
    assert dan.get(page).status_code == 404
    assert dan.send(f"{page}/stage", stage="x", seen="0").status_code == 404


def test_finding_by_words_colleague_and_stage(
    cast, session, let_see, seen, rita, here, somebody, stage, ben, team
):
    let_see(somebody("Égil Berg"), by=cast.ben)
    let_see(somebody("Chen Li"))
    path = f"{here}/candidates"
    everybody = ["Amina Diallo", "Chen Li", "Égil Berg"]
    chen = session.query(Attendee).filter_by(name="Chen Li").one().person_id
    rita.get(f"{path}/{chen}")
    rita.submit(f"{path}/{chen}/stage", stage=stage("Offer"))
    for query, expected in (
        ("", everybody),
        ("?words=egil", ["Égil Berg"]),
        ("?words=kora+LI", ["Chen Li"]),
        ("?words=nobody", []),
        ("?words=%25", everybody),
        (f"?colleague={cast.other.id}", ["Égil Berg"]),
        (f"?colleague={cast.organiser.id}", []),
        (f"?stage={stage('Offer')}", ["Chen Li"]),
        (f"?stage={stage('To review')}", ["Amina Diallo", "Égil Berg"]),
        ("?stage=unknown", []),
    ):
        rita.get(f"{path}{query}")
        assert sorted(names(rita)) == sorted(expected), query
    assert "Nobody like that" in rita.text


def test_a_colleague_of_no_team_cannot_be_asked_about(cast, session, seen, rita, here):
    """Else the address would tell with whom a candidate talked outside the team."""
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.query(Standing).delete()
    from_team = session.get(Member, (cast.event.id, cast.other.id))
    session.delete(from_team)
    rita.get(f"{here}/candidates?colleague={cast.other.id}")
    assert names(rita) == []


def test_pages_follow_each_other_and_nobody_is_lost(
    cast, let_see, rita, here, somebody, monkeypatch
):
    monkeypatch.setattr(lists, "ON_A_PAGE", 3)
    for number in range(7):
        let_see(somebody(f"Row {number % 5}"))
    found, path = [], f"{here}/candidates"
    while path:
        rita.get(path)
        found.append(names(rita))
        path = next(
            (one for one in rita.page.links() if "/candidates?" in one and "after=" in one), None
        )
    assert [len(one) for one in found] == [3, 3, 1]
    assert sorted(name for some in found for name in some) == [
        f"Row {n}" for n in (0, 0, 1, 1, 2, 3, 4)
    ]
    rita.get(f"{here}/candidates?after=unknown")
    assert names(rita) == []


def test_promises_are_those_of_my_own_tie(cast, session, page, rita, ben, here, let_see):
    tie = session.query(Tie).one()
    due = (clock.now() + timedelta(days=2)).date()
    said = Said(kind=PromiseKind.OWN_WORDS, text="Send the paper", due_on=due)
    make_promise(session, tie=tie, by=cast.recruiter, said=said, now=clock.now())
    for path in (f"{here}/candidates", page):
        rita.get(path)
        assert "You promised: Send the paper · by Sat, Nov 21" in rita.text
        ben.get(path)
        assert "Send the paper" not in ben.text
    assert "You have no tie with them yourself" in ben.text


@pytest.mark.parametrize("hx", [False, True])
def test_moving_with_the_menu_and_undoing_it(session, page, rita, stage, hx):
    rita.get(page)
    answer = rita.submit(f"{page}/stage", hx=hx, stage=stage("Contacted"))
    if not hx:
        assert answer.status_code == 303
        rita.get(answer.location)
    assert "Moved to Contacted." in rita.text
    assert standing(session).stage_id == stage("Contacted")
    undo = [form for form in rita.page.all("form") if form.get("action") == f"{page}/stage"][1]
    fields = {one.get("name"): one.get("value") for one in undo.iter("input")}
    rita.send(f"{page}/stage", **{key: fields[key] for key in ("seen", "stage")})
    assert standing(session).stage_id == stage("To review")
    assert told(session) == [("moved", "Contacted"), ("moved", "To review")]


def test_in_the_list_only_the_menu_is_answered(session, page, rita, here, stage):
    rita.get(f"{here}/candidates")
    answer = rita.submit(f"{page}/stage?from=list", hx=True, stage=stage("Offer"))
    assert answer.status_code == 200
    assert "Moved to Offer." in rita.text
    assert "What was done" not in rita.text
    rita.get(page)
    assert "You moved to Offer" in rita.text


@pytest.mark.parametrize("hx", [False, True])
def test_two_who_move_at_once_do_not_write_over_each_other(
    cast, session, page, rita, ben, stage, evening, hx
):
    rita.get(page)
    ben.get(page)
    ben.submit(f"{page}/stage", stage=stage("Contacted"))
    evening.shift(timedelta(minutes=2))
    answer = rita.submit(f"{page}/stage", hx=hx, stage=stage("Offer"))
    assert answer.status_code == 409
    assert "Ben Ng moved this 2 minutes ago" in rita.text
    assert "Now: Contacted." in rita.text
    assert standing(session).stage_id == stage("Contacted")
    assert rita.submit(f"{page}/stage", hx=hx).status_code in {200, 303}
    assert standing(session).stage_id == stage("Offer")


@pytest.mark.parametrize("hx", [False, True])
def test_a_next_step_has_an_owner_and_a_day_and_nothing_typed_is_lost(
    cast, session, page, rita, ben, hx, evening
):
    rita.get(page)
    ben.get(page)
    plan = {"next_step": "Call her", "owner": cast.other.id, "next_on": "2026-11-24"}
    ben.submit(f"{page}/next-step", **plan)
    ben.get(page)
    assert "Next: Call her · you · by Tue, Nov 24" in ben.text
    answer = rita.submit(f"{page}/next-step", hx=hx, next_step="Write a long letter")
    assert answer.status_code == 409
    assert "Ben Ng changed this just now" in rita.text
    assert "Next: Call her · Ben Ng" in rita.text
    assert "Write a long letter" in answer.get_data(as_text=True)
    assert standing(session).next_step == "Call her"
    evening.shift(timedelta(minutes=1))
    rita.submit(f"{page}/next-step", hx=hx)
    assert standing(session).next_step == "Write a long letter"
    assert told(session) == [("planned", "Call her"), ("planned", "Write a long letter")]


def test_a_next_step_that_is_done_is_gone_with_one_tap(cast, session, page, rita):
    rita.get(page)
    rita.submit(f"{page}/next-step", next_step="Call her", owner=cast.recruiter.id)
    rita.get(page)
    forms = [one for one in rita.page.all("form") if one.get("action") == f"{page}/next-step"]
    done = {one.get("name"): one.get("value") for one in forms[-1].iter("input")}
    assert [one.text for one in forms[-1].iter("button")] == ["Done"]
    assert rita.post(f"{page}/next-step", data=done).status_code == 303
    assert (standing(session).next_step, standing(session).owner_id) == ("", None)
    rita.get(page)
    assert "Say what is next" in rita.text
    assert "Call her" in rita.text  # in what was done


def test_the_answer_to_a_tap_says_it_is_kept_and_takes_the_focus(page, rita):
    rita.get(page)
    for action, said in (("next-step", {"next_step": "Call"}), ("outcome", {"outcome": "hire"})):
        answer = rita.submit(f"{page}/{action}", hx=True, **said).get_data(as_text=True)
        assert 'tabindex="-1" autofocus' in answer
        assert "Kept." in rita.text
        assert b"autofocus" not in rita.get(page).get_data()


def test_somebody_who_took_it_back_is_said_to_be_seen_no_more(cast, session, page, rita):
    rita.get(page)
    team = session.query(Team).one()
    withdraw(session, team=team, person=cast.attendee, now=clock.now())
    session.commit()
    answer = rita.submit(f"{page}/next-step", next_step="Call her")
    assert answer.status_code == 404
    assert "Your team does not see this person, or not any more." in rita.text
    nobody = page.rpartition("/")[0] + "/nobody"
    assert rita.get(nobody).status_code == 404
    assert "Your team does not see this person, or not any more." in rita.text


@pytest.mark.parametrize(
    "wrong", [{"next_on": "soon"}, {"owner": "somebody"}, {"next_step": "x" * 121}]
)
def test_what_cannot_be_a_step_is_asked_again(session, page, rita, wrong):
    rita.get(page)
    plan = {"next_step": "Call her", "owner": "", "next_on": "", "seen": "0"}
    answer = rita.send(f"{page}/next-step", **(plan | wrong))
    assert answer.status_code == 422
    assert session.query(Standing).count() == 0
    assert (wrong.get("next_step") or "Call her") in answer.get_data(as_text=True)


@pytest.mark.parametrize("seen_as", ["", "-1", "1", "x", "9" * 30])
def test_a_change_that_did_not_see_how_it_stands_changes_nothing(
    session, page, rita, stage, seen_as
):
    assert rita.send(f"{page}/stage", stage=stage("Offer"), seen=seen_as).status_code == 409
    assert session.query(Standing).count() == 0


def test_a_stage_of_another_team_is_none(cast, session, hire, page, rita):
    hire(cast.desk, team="Zeta")
    zeta = next(one.id for one in session.query(Stage) if one.team_id != _kora(session, cast))
    assert rita.send(f"{page}/stage", stage=zeta, seen="0").status_code == 404


def _kora(session, cast):
    return session.get(Member, (cast.event.id, cast.recruiter.id)).team_id


def test_who_leaves_no_longer_owns_a_step(cast, session, page, rita, ben):
    rita.get(page)
    rita.submit(f"{page}/next-step", next_step="Call her", owner=cast.other.id)
    ben.send(f"/events/{cast.event.id}/my-team/leave")
    assert standing(session).owner_id is None


def test_an_event_that_is_erased_has_no_candidates(cast, session, page, rita, here):
    cast.event.erasure_asked_at = clock.now()
    for path in (page, f"{here}/candidates", f"{here}/my-team"):
        assert rita.get(path).status_code == 404


def test_twenty_candidates_take_as_many_queries_as_two(
    cast, session, let_see, rita, here, somebody
):
    asked = []
    for wanted in (range(2), range(2, 20)):
        for number in wanted:
            person = somebody(f"Row {number:02}")
            let_see(person, by=cast.rita if number % 2 else cast.ben)
            if number % 2:
                pair = sorted((person.id, cast.recruiter.id))
                tie = tie_between(session, *pair)
                said = Said(kind=PromiseKind.OWN_WORDS, text="Write", due_on=None)
                make_promise(session, tie=tie, by=cast.recruiter, said=said, now=clock.now())
        session.commit()
        with counted(database.db.engine) as statements:
            rita.get(f"{here}/candidates")
        asked.append(len(statements))
        assert len(names(rita)) == wanted.stop
    assert asked[0] == asked[1]
