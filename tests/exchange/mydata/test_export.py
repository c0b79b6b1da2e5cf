"""Everything about me comes in one file, and nothing of others that is not open to me."""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest
import vobject

from people import make_attendee, make_event, make_person, talk
from webapp.conversations.models import Block
from webapp.core import clock
from webapp.events.models import Attendee
from webapp.recruiting.models import Handover, Member
from webapp.ties.models import Audience, Closing, Link

PAGE = "/me/data"


@pytest.fixture
def amina(story, cast, browser_of):
    return browser_of(cast.attendee)


def unzipped(answer):
    assert answer.status_code == 200, answer.status
    assert answer.mimetype == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert packed.testzip() is None
    return {name: packed.read(name).decode() for name in packed.namelist()}


def exported(browser, **more):
    browser.get(PAGE)
    return unzipped(browser.submit(PAGE, **more))


def test_everything_i_wrote_comes_along(amina, story, cast):
    files = exported(amina)
    told = json.loads(files["my_data.json"])
    assert told["format"] == 1
    assert told["person"][0]["name"] == f"Name {story.canary}"
    for section in ("notes", "promises", "outcomes", "topics", "askings", "sides", "places"):
        assert story.canary in files["my_data.json"].partition(f'"{section}"')[2], section
        assert told[section], section
    assert told["notes"] == [
        {
            "event_id": cast.event.id,
            "text": f"=N {story.canary}",
            "changed_at": told["notes"][0]["changed_at"],
            "name": "Ben Ng",
        }
    ]
    assert {(one["by_me"], one["text"]) for one in told["promises"]} == {
        (True, f"P {story.canary}"),
        (False, "Ben's promise"),
    }
    assert [one["name"] for one in told["talks"]] == ["Ben Ng"]
    assert told["links"][0]["audience"] == "everyone"
    assert told["introductions"] == []


def test_what_a_team_holds_about_me_comes_along(amina, story, cast):
    told = json.loads(exported(amina)["my_data.json"])
    (standing,), (done,), (agreed,) = (
        told[section] for section in ("standings_with_teams", "done_by_teams", "seen_by_teams")
    )
    assert standing["next_step"] == done["told"] == f"S {story.canary}"
    assert (standing["team"], standing["stage"]) == ("Kora Labs", "To review")
    assert (done["team"], done["step"]) == ("Kora Labs", "planned")
    assert (agreed["team"], agreed["withdrawn_at"]) == ("Kora Labs", None)
    assert [one["team"] for one in told["team_places"]] == ["Zeta"]
    assert [one["team"] for one in told["team_invitations"]] == ["Kora Labs"]
    assert cast.recruiter.id not in json.dumps(told)


def test_what_a_team_says_of_me_and_i_said_of_others_comes_along(amina, story, cast):
    told = json.loads(exported(amina)["my_data.json"])
    reviews, ratings, notes = (told[one] for one in ("reviews", "ratings", "team_notes"))
    by_whom = {(one["team"], one["by_me"], one["name"]) for one in [*reviews, *ratings, *notes]}
    assert by_whom == {("Kora Labs", False, None), ("Zeta", True, "Ben Ng")}
    assert {(one["opening"], one["criterion"], one["score"], one["reason"]) for one in ratings} == {
        ("Platform lead", "Listens", 3, f"W {story.canary}")
    }
    assert {one["opening"] for one in reviews} == {"Platform lead"}
    assert {one["text"] for one in notes} == {f"M {story.canary}"}
    assert len(reviews) == len(ratings) == len(notes) == 2
    for person in (cast.recruiter, cast.attendee):
        assert person.id not in json.dumps([reviews, ratings, notes])


def test_whom_i_reviewed_is_not_named_once_our_tie_is_closed(amina, story, session):
    story.tie.closed_at, story.tie.closing = clock.now(), Closing.UNTIED
    session.commit()
    told = json.loads(exported(amina)["my_data.json"])
    assert {one["name"] for one in told["reviews"]} == {None}


def test_to_whom_i_was_handed_comes_along(amina, story, cast, session):
    (told,) = json.loads(exported(amina)["my_data.json"])["handovers"]
    assert (told["team"], told["reason"]) == ("Kora Labs", f"H {story.canary}")
    assert (told["by_me"], told["answered_at"] is None) == (False, False)
    assert (told["asker"], told["colleague"], told["carries_on"]) == (None, None, False)


def test_names_come_along_as_long_as_a_page_shows_them(amina, story, cast, session):
    talk(session, event=cast.event, by=cast.rita, about=cast.amina)
    kora = {"event_id": cast.event.id, "team_id": "kora"}
    session.add(Member(**kora, person_id=cast.other.id, joined_at=clock.now()))
    session.commit()
    (told,) = json.loads(exported(amina)["my_data.json"])["handovers"]
    named = ("Rita Recruiter", "Ben Ng", True)
    assert (told["asker"], told["colleague"], told["carries_on"]) == named


def test_what_i_asked_comes_along_without_the_answer(story, cast, browser_of):
    rita = browser_of(cast.recruiter)
    (told,) = json.loads(exported(rita)["my_data.json"])["handovers"]
    assert told["reason"] == f"H {story.canary}"
    assert told["by_me"] is True
    assert told["name"] is None
    assert not {"answered_at", "carries_on", "colleague"} & told.keys()


def test_a_question_that_a_block_hides_does_not_come_along(amina, story, cast, session):
    row = session.query(Handover).one()
    row.is_accepted = row.answered_at = None
    session.commit()
    assert json.loads(exported(amina)["my_data.json"])["handovers"] == []


def test_moments_have_a_zone(amina):
    told = json.loads(exported(amina)["my_data.json"])
    moments = [
        value
        for rows in told.values()
        if isinstance(rows, list)
        for row in rows
        for name, value in row.items()
        if name.endswith("_at") and value and name != "met_at"
    ]
    assert len(moments) > 20
    assert {datetime.fromisoformat(one).utcoffset() for one in moments} == {timedelta(0)}


def test_tables_are_read_back_and_formulas_are_defused(amina, story):
    files = exported(amina)
    note = next(csv.DictReader(io.StringIO(files["notes.csv"], newline="")))
    assert note["text"] == f"'=N {story.canary}"
    assert "\r\n" in files["notes.csv"]
    assert not files["notes.csv"].startswith("\ufeff")
    assert exported(amina, bom="y")["notes.csv"].startswith("\ufeff")


def test_contacts_hold_what_is_open_to_me(amina, cast, session):
    card = vobject.readOne(exported(amina)["contacts.vcf"])
    assert card.fn.value == "Ben Ng"
    assert card.url.value == "https://ben.example.org"
    link = session.query(Link).filter_by(person_id=cast.other.id).one()
    link.audience = Audience.ASK
    session.commit()
    assert "ben.example.org" not in "".join(exported(amina).values())


@pytest.mark.parametrize("how", ["untied", "blocked"])
def test_nothing_of_others_comes_over_a_tie_that_is_closed(amina, cast, session, story, how):
    if how == "untied":
        story.tie.closed_at, story.tie.closing = clock.now(), Closing.UNTIED
    else:
        session.add(
            Block(blocker_id=cast.other.id, blocked_id=cast.attendee.id, blocked_at=clock.now())
        )
    session.commit()
    whole = "".join(exported(amina).values())
    for text in ("Ben Ng", "ben.example.org", "Ben's promise", "Ben's own words"):
        assert text not in whole
    assert story.canary in whole


def test_no_key_to_anything_comes_along(amina, cast, session):
    whole = "".join(exported(amina).values())
    assert "token_digest" not in whole
    assert "code_digest" not in whole
    assert "Ben's own words" not in whole
    assert cast.other.id not in whole
    assert session.query(Attendee).filter_by(person_id=cast.other.id).one().id not in whole


def test_a_stale_sign_in_is_asked_again_and_comes_back(amina, evening):
    amina.get(PAGE)
    evening.shift(timedelta(minutes=10))
    answer = amina.submit(PAGE)
    assert answer.status_code == 303
    assert answer.location == f"/sign-in/again?next={PAGE}"
    assert amina.get(answer.location).status_code == 200
    assert amina.submit("/sign-in/again").location == f"/sign-in/code?next={PAGE}"


def test_a_fresh_code_lets_them_in(amina, cast, session, evening):
    evening.shift(timedelta(minutes=11))
    amina.get(f"/sign-in/again?next={PAGE}")
    where = amina.submit("/sign-in/again").location
    from webapp.mail.models import Mail  # noqa: PLC0415

    mail = session.query(Mail).filter_by(kind="accounts/sign_in_code").one()
    amina.get(where)
    assert amina.submit("/sign-in/code", code=mail.subject[:9]).location == PAGE
    assert json.loads(exported(amina)["my_data.json"])["person"]


def test_the_signed_out_sign_in_first(cast, browser):
    assert browser.get(PAGE).location == f"/sign-in?next={PAGE}"
    assert browser.send(PAGE).location == "/sign-in"
    assert browser.send("/me/leave").location == "/sign-in"
    assert browser.get("/me/leaving").status_code == 303


def test_the_wrong_method_is_refused(amina):
    assert amina.delete(PAGE).status_code == 405
    assert amina.put("/me/leave").status_code == 405


def test_no_query_more_for_more_people(amina, cast, session, count_queries):
    exported(amina)
    few = count_queries(lambda: exported(amina))
    event = make_event(session, by=None, name="Second")
    mine = make_attendee(session, event=event, person=cast.attendee)
    for number in range(6):
        other = make_person(session, name=f"Other {number}")
        talk(session, event=event, by=mine, about=make_attendee(session, event=event, person=other))
    session.commit()
    assert count_queries(lambda: exported(amina)) == few


@pytest.fixture
def count_queries():
    import sqlalchemy as sa  # noqa: PLC0415

    from webapp.core import db as database  # noqa: PLC0415

    def count(act):
        seen = []
        engine = database.db.engine

        def note(*args):
            seen.append(args[2])

        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return sum(not one.startswith(("PRAGMA", "BEGIN")) for one in seen)

    return count
