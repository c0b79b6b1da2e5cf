"""Ways to look at candidates: what is due, topics, orders, other events, and stages as columns."""

from datetime import timedelta

import pytest
from crawl.test_query_counts import counted

from people import make_attendee, make_event
from webapp.core import clock
from webapp.core import db as database
from webapp.followups.models import PromiseKind
from webapp.followups.rules.promises import Said
from webapp.followups.services.promises import make_promise
from webapp.recruiting.models import Stage, Standing
from webapp.recruiting.queries import lists
from webapp.recruiting.queries.teams import member_of
from webapp.recruiting.services.candidates import move, plan
from webapp.recruiting.services.teams import grant_team, join
from webapp.ties.models import Tie
from webapp.topics.models import Side, Topic

DAY = timedelta(days=1)


@pytest.fixture
def stages(session, team):
    return {one.name: one for one in session.query(Stage).order_by(Stage.place)}


@pytest.fixture
def people(cast, let_see, somebody, evening):
    """Egil, Chen and Dana, who agreed one after the other."""
    found = {}
    for name in ("Egil", "Chen", "Dana"):
        evening.shift(timedelta(minutes=1))
        found[name] = let_see(somebody(name))
    return found


@pytest.fixture
def planned(cast, session, team, people, member):
    """Chen is due today and Rita's; Dana is due in a week and nobody's; Egil has no day."""
    today = clock.now().date()
    for name, day, owner in (("Chen", today, cast.recruiter.id), ("Dana", today + 7 * DAY, None)):
        plan(
            session,
            member=member,
            person_id=people[name].person_id,
            next_step="Call",
            next_on=day,
            owner_id=owner,
            seen=0,
            now=clock.now(),
        )
    session.commit()


@pytest.fixture
def member(cast, session, team):
    return member_of(session, event_id=cast.event.id, person_id=cast.recruiter.id)


def knows(session, place, *topics, side=Side.OFFERS):
    for at, text in enumerate(topics):
        said = {"attendee_id": place.id, "key": text.casefold(), "text": text, "place": at}
        session.add(Topic(event_id=place.event_id, side=side, **said))
    session.commit()


def names(browser):
    """The candidates in the list that is open, in order."""
    found = [one for one in browser.page.all("ul") if "candidates" in one.get("class", "")]
    return [strong.find("bdi").text for one in found for strong in one.iter("strong")]


def on_board(browser):
    """Who stands in which column of the board that is open."""
    found = {}
    for section in browser.page.all("section"):
        if (heading := section.find("h2/bdi")) is not None:
            people = [strong.find("bdi").text for strong in section.iter("strong")]
            found[heading.text] = people
    return {stage: people for stage, people in found.items() if people}


def test_what_is_due(cast, session, planned, rita, ben, here, people):
    tie = session.query(Tie).filter(
        (Tie.low_person_id == people["Egil"].person_id)
        | (Tie.high_person_id == people["Egil"].person_id)
    )
    said = Said(kind=PromiseKind.SEND_LINK, text="", due_on=None)
    make_promise(session, tie=tie.one(), by=cast.recruiter, said=said, now=clock.now())
    session.commit()
    for browser, due, expected in (
        (rita, "promise", ["Egil"]),
        (ben, "promise", []),
        (rita, "step", ["Chen"]),
        (ben, "step", ["Chen"]),
        (rita, "mine", ["Chen"]),
        (ben, "mine", []),
        (rita, "nonsense", ["Chen", "Dana", "Egil"]),
    ):
        browser.get(f"{here}/candidates?due={due}")
        assert names(browser) == expected, due


def test_orders(planned, rita, here):
    for order, expected in (
        ("", ["Chen", "Dana", "Egil"]),
        ("latest", ["Dana", "Chen", "Egil"]),
        ("next", ["Chen", "Dana"]),
        ("nonsense", ["Chen", "Dana", "Egil"]),
    ):
        rita.get(f"{here}/candidates?sort={order}")
        assert names(rita) == expected, order
    rita.get(f"{here}/candidates?sort=next")
    assert "Only those with a day for the next step are in this order." in rita.text


@pytest.mark.parametrize("order", ["name", "latest", "next"])
def test_in_every_order_the_pages_follow_each_other(
    cast, session, let_see, somebody, team, member, rita, here, monkeypatch, order, evening
):
    monkeypatch.setattr(lists, "ON_A_PAGE", 2)
    today = clock.now().date()
    for number in range(5):
        place = let_see(somebody(f"Row {number // 2}"))
        if number % 2:
            evening.shift(timedelta(minutes=1))
        plan(
            session,
            member=member,
            person_id=place.person_id,
            next_step="",
            next_on=today + DAY * (number // 2),
            owner_id=None,
            seen=0,
            now=clock.now(),
        )
    session.commit()
    found, path = [], f"{here}/candidates?sort={order}"
    while path:
        rita.get(path)
        found.append(names(rita))
        path = next(
            (one for one in rita.page.links() if "/candidates?" in one and "after=" in one), None
        )
    assert [len(one) for one in found] == [2, 2, 1]
    assert sorted(name for some in found for name in some) == [f"Row {n}" for n in (0, 0, 1, 1, 2)]
    rita.get(f"{here}/candidates?sort={order}&after=unknown")
    assert names(rita) == []


def test_topics_are_read_and_looked_for_only_what_one_can_be_asked_about(
    session, people, rita, here
):
    knows(session, people["Egil"], "Rust", "Sailing")
    knows(session, people["Chen"], "Rust", side=Side.SEEKS)
    rita.get(f"{here}/candidates?topic=+RUST+")
    assert names(rita) == ["Egil"]
    assert "Ask about: Rust, Sailing" in rita.text
    rita.get(f"{here}/candidates/{people['Egil'].person_id}")
    assert f"{here}/candidates?topic=Sailing" in rita.page.links()
    rita.get(f"{here}/candidates/{people['Chen'].person_id}")
    assert "Rust" not in rita.text


def test_the_address_keeps_what_was_asked_from_screen_to_screen(people, rita, here, cast):
    query = f"words=e&colleague={cast.recruiter.id}&sort=latest"
    rita.get(f"{here}/candidates?{query}")
    assert f"{here}/candidates/board?{query}" in rita.page.links()
    rita.get(f"{here}/candidates/board?{query}")
    assert f"{here}/candidates?{query}" in rita.page.links()
    assert on_board(rita) == {"To review": ["Egil"]}


def test_another_event_where_i_am_in_a_team_opens_with_the_same_question(
    cast, session, people, rita, here
):
    rita.get(f"{here}/candidates")
    assert "By stage, colleague and more" in rita.text
    assert 'name="event"' not in rita.page.response.get_data(as_text=True)
    other = make_event(session, by=cast.organiser, name="Spring fair")
    make_attendee(session, event=other, person=cast.recruiter)
    now, address = clock.now(), f"{cast.recruiter.id}@example.org"
    team = grant_team(
        session, event=other, name="Kora Labs", address=address, by=cast.organiser, now=now
    )
    join(session, event=other, team=team, person=cast.recruiter, now=now)
    session.commit()
    rita.get(f"{here}/candidates")
    assert "Spring fair" in rita.text
    answer = rita.get(f"{here}/candidates?event={other.id}&words=egil&stage=x&sort=latest")
    assert answer.status_code == 303
    assert answer.location == f"/events/{other.id}/candidates?words=egil&sort=latest"
    unknown = make_event(session, name="Not mine")
    session.commit()
    assert rita.get(f"{here}/candidates?event={unknown.id}").status_code == 200


def test_a_long_list_is_counted_so_far_and_no_further(people, rita, here, monkeypatch):
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    rita.get(f"{here}/candidates")
    assert "more than 2 people agreed to be seen by Kora Labs" in rita.text


def test_the_board_has_a_column_for_every_stage(session, people, rita, here, stages, member):
    for name, stage in (("Chen", "Offer"), ("Dana", "Offer")):
        move(
            session,
            member=member,
            person_id=people[name].person_id,
            stage=stages[stage],
            seen=0,
            now=clock.now(),
        )
    session.commit()
    rita.get(f"{here}/candidates/board")
    assert on_board(rita) == {"To review": ["Egil"], "Offer": ["Chen", "Dana"]}
    for stage in stages:
        assert stage in rita.text


def test_a_long_column_leads_to_the_list(people, rita, here, stages, monkeypatch):
    monkeypatch.setattr(lists, "IN_A_COLUMN", 2)
    rita.get(f"{here}/candidates/board")
    assert on_board(rita) == {"To review": ["Chen", "Dana"]}
    more = f"{here}/candidates?stage={stages['To review'].id}"
    assert more in rita.page.links()
    rita.get(more)
    assert names(rita) == ["Chen", "Dana", "Egil"]


@pytest.mark.parametrize("hx", [False, True])
@pytest.mark.parametrize("screen", ["board", "list"])
def test_moving_answers_where_the_menu_stood_and_can_be_undone(
    session, people, rita, here, stages, screen, hx
):
    path = f"{here}/candidates" + ("/board" if screen == "board" else "")
    to = f"{here}/candidates/{people['Dana'].person_id}/stage?from={screen}&words=dana"
    rita.get(f"{path}?words=dana")
    answer = rita.submit(to, hx=hx, stage=stages["Offer"].id)
    if hx:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 303
        assert answer.location.partition("?")[0] == path
        rita.get(answer.location)
    moved = "Dana moved to Offer." if screen == "board" else "Moved to Offer."
    assert moved in rita.text
    undo = next(
        form
        for form in rita.page.all("form")
        if any(one.get("name") == "stage" for one in form.iter("input"))
    )
    fields = {one.get("name"): one.get("value") for one in undo.iter("input")}
    rita.send(undo.get("action"), hx=hx, **{key: fields[key] for key in ("seen", "stage")})
    session.expire_all()
    assert session.query(Standing).one().stage_id == stages["To review"].id


@pytest.mark.parametrize("hx", [False, True])
def test_on_the_board_the_second_is_told_who_was_faster(people, rita, ben, here, stages, hx):
    to = f"{here}/candidates/{people['Dana'].person_id}/stage?from=board"
    for one in (rita, ben):
        one.get(f"{here}/candidates/board")
    ben.submit(to, stage=stages["Contacted"].id)
    assert rita.submit(to, hx=hx, stage=stages["Offer"].id).status_code == 409
    assert "Ben Ng moved this just now. Here is how it stands. Now: Contacted." in rita.text
    assert on_board(rita)["Contacted"] == ["Dana"]


@pytest.mark.parametrize("path", ["candidates", "candidates/board", "candidates?sort=latest"])
def test_queries_do_not_grow_with_the_list(let_see, somebody, rita, here, seen, path):
    with counted(database.db.engine) as few:
        rita.get(f"{here}/{path}")
    for number in range(12):
        let_see(somebody(f"Row {number}"))
    with counted(database.db.engine) as many:
        rita.get(f"{here}/{path}")
    assert len(many) == len(few)


def test_nobody_but_a_candidate_is_told_of_on_the_board(
    cast, session, rita, here, people, stages, somebody
):
    """Else the address would tell the name behind an account."""
    stranger = somebody("Never Told")
    make_attendee(session, event=cast.event, person=stranger)
    session.commit()
    for who, is_told in ((stranger.id, False), (people["Egil"].person_id, True)):
        rita.get(f"{here}/candidates/board?moved={who}&before={stages['Offer'].id}")
        assert ("moved to To review." in rita.text) == is_told
    assert "Never Told" not in rita.text
