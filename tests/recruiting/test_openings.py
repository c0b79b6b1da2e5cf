"""What a team looks for: admins say it, members read it, and reviews stand on what was said."""

import pytest
from crawl.test_query_counts import counted

from webapp.core import clock
from webapp.core import db as database
from webapp.recruiting.models import Criterion, Opening
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services.openings import add_opening


@pytest.fixture
def page(here, opening):
    return f"{here}/openings/{opening.id}"


def texts(session):
    session.expire_all()
    return [one.text for one in session.query(Criterion).order_by(Criterion.place)]


def names(criteria):
    return [f"criterion-{one}" for one in criteria]


def test_an_admin_makes_one_and_the_team_reads_it(session, rita, ben, here):
    rita.get(f"{here}/candidates")
    assert f"{here}/openings" in rita.page.links()
    rita.get(f"{here}/openings")
    typed = "Explains databases\n\n  Listens \nListens\n"
    answer = rita.submit(f"{here}/openings", title="Platform lead", criteria=typed)
    assert answer.status_code == 303
    assert texts(session) == ["Explains databases", "Listens"]
    ben.get(f"{here}/openings")
    assert "Platform lead2 criteria" in ben.text
    assert answer.location in ben.page.links()
    ben.get(answer.location)
    for text in ("Platform lead", "Explains databases", "Listens", "An admin of your team"):
        assert text in ben.text
    assert ben.page.all("form") == []


@pytest.mark.parametrize(
    ("title", "criteria", "told"),
    [
        ("", "Listens", "Please give the opening a name."),
        ("x" * 121, "Listens", "longer than 120"),
        ("Platform lead", " \n ", "needs a criterion"),
        ("Platform lead", "\n".join("abcdefghi"), "at most 8"),
        ("Platform lead", "x" * 81, "longer than 80"),
    ],
)
def test_what_cannot_be_an_opening_is_asked_again(session, rita, here, title, criteria, told):
    rita.get(f"{here}/openings")
    answer = rita.submit(f"{here}/openings", title=title, criteria=criteria)
    assert answer.status_code == 422
    assert told in rita.text
    assert (title or criteria) in answer.get_data(as_text=True)
    assert session.query(Opening).count() == 0


def test_words_change_and_criteria_come_and_go(session, rita, page, criteria, opening):
    rita.get(page)
    first, second = names(criteria)
    fields = {"title": "Data", first: "Explains indexes", second: "", "new": "Asks back"}
    assert rita.submit(page, **fields).status_code == 303
    assert texts(session) == ["Explains indexes", "Asks back"]
    assert session.get_one(Opening, (opening.event_id, opening.team_id, opening.id)).title == "Data"


def test_an_opening_has_one_to_eight_criteria(session, rita, page, criteria):
    rita.get(page)
    assert rita.submit(page, **dict.fromkeys(names(criteria), "")).status_code == 422
    assert "needs a criterion" in rita.text
    for number in range(6):
        rita.get(page)
        assert rita.submit(page, new=f"C {number}").status_code == 303
    assert len(texts(session)) == 8
    rita.get(page)
    assert rita.send(page, title="Data", new="A ninth", seen="6").status_code == 303
    assert len(texts(session)) == 8


@pytest.mark.parametrize("wrong", [{"title": ""}, {"new": "x" * 81}])
def test_words_that_cannot_be_are_asked_again(session, rita, page, wrong, opening):
    rita.get(page)
    answer = rita.submit(page, **({"title": "Something else"} | wrong))
    assert answer.status_code == 422
    assert ("Something else" if "new" in wrong else "Please give") in answer.get_data(as_text=True)
    session.expire_all()
    assert (opening.title, len(texts(session))) == ("Platform lead", 2)


def test_a_criterion_with_reviews_is_renamed_and_not_removed(
    session, rita, ben, page, criteria, review
):
    review(rita, (3, "Drew one"))
    first, second = names(criteria)
    rita.get(page)
    assert "1 review stands on it." in rita.text
    answer = rita.submit(page, **{first: "", "new": "Something new"})
    assert answer.status_code == 422
    assert "Reviews stand on “Explains databases”" in rita.text
    assert "Something new" in answer.get_data(as_text=True)
    assert texts(session) == ["Explains databases", "Listens"]
    rita.submit(page, **{first: "Explains a database", second: "", "new": ""})
    assert texts(session) == ["Explains a database"]
    review(ben, (2, "Did not"))
    rita.get(page)
    assert "2 reviews stand on it." in rita.text


def test_how_many_reviewed_is_not_told_before_ones_own(rita, ben, page, review):
    review(ben, (2, "Did not"))
    rita.get(page)
    assert "Reviews stand on it." in rita.text
    assert "1 review" not in rita.text


def test_of_two_who_change_it_one_is_told_and_loses_nothing(session, rita, page, criteria):
    rita.get(page)
    first, _second = names(criteria)
    stale = {"title": "My words", first: "A", "seen": "0"}
    rita.submit(page, **{first: "B"})
    answer = rita.send(page, **stale)
    assert answer.status_code == 409
    assert "This changed meanwhile." in rita.text
    assert "My words" in answer.get_data(as_text=True)
    assert texts(session) == ["B", "Listens"]
    assert rita.submit(page).status_code == 303
    assert texts(session) == ["A", "Listens"]


def test_a_closed_one_is_offered_no_more_and_can_be_opened_again(rita, page, here, seen, opening):
    candidate = f"{here}/candidates/{seen.id}"
    form = f"{candidate}/reviews/{opening.id}"
    rita.get(candidate)
    assert form in rita.page.links()
    rita.get(page)
    rita.submit(f"{page}/close")
    assert rita.send(f"{page}/close").status_code == 303
    rita.get(candidate)
    assert form not in rita.page.links()
    assert "Platform lead" not in rita.text
    assert rita.get(form).status_code == 404
    rita.get(page)
    assert "Closed:" in rita.text
    rita.submit(f"{page}/reopen")
    assert rita.get(form).status_code == 200


def test_only_admins_change_openings(session, ben, page, here, criteria):
    for path in (f"{here}/openings", page, f"{page}/close", f"{page}/reopen"):
        fields = {"title": "Mine", "criteria": "Mine", "seen": "0", names(criteria)[0]: "Mine"}
        assert ben.send(path, **fields).status_code == 403
    assert "Mine" not in texts(session)
    assert session.query(Opening).one().closed_at is None


def test_nobody_but_the_team_opens_it(cast, browser_of, hire, page, here):
    for who, status in (("organiser", 403), ("attendee", 403), ("stranger", 404)):
        browser = browser_of(getattr(cast, who))
        for path in (page, f"{here}/openings"):
            assert browser.get(path).status_code == status
            assert browser.send(path).status_code == status
    hire(cast.desk, team="Zeta")
    dan = browser_of(cast.desk)
    dan.get(f"{here}/openings")
    assert "Platform lead" not in dan.text
    assert dan.get(page).status_code == dan.send(page, seen="0").status_code == 404
    assert dan.send(f"{page}/close").status_code == 404


def test_signed_out_and_by_the_wrong_method(browser, rita, page, here):
    assert browser.get(page).location.startswith("/sign-in")
    assert rita.get(f"{page}/close").status_code == 405
    assert rita.get(f"{here}/openings/unknown").status_code == 404


def test_nothing_is_left_of_them_at_an_erased_event(cast, rita, page, here):
    cast.event.erasure_asked_at = clock.now()
    assert rita.get(page).status_code == rita.get(f"{here}/openings").status_code == 404


def test_twenty_openings_take_as_many_queries_as_two(cast, session, rita, page, here):
    member, asked = member_of(session, event_id=cast.event.id, person_id=cast.recruiter.id), []
    for wanted in (range(2), range(2, 20)):
        for number in wanted:
            named = {"title": f"Row {number:02}", "criteria": [f"C {n}" for n in range(8)]}
            add_opening(session, member=member, now=clock.now(), **named)
        session.commit()
        with counted(database.db.engine) as statements:
            rita.get(f"{here}/openings")
        asked.append(len(statements))
        assert rita.text.count("Row ") == wanted.stop
    assert asked[0] == asked[1]
