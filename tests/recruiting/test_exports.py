"""Taking candidates along: whom, where to, what to know before, and what is in the file."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from crawl.test_query_counts import counted
from recruiting.files import file_of, make, names_in, rows_in

from people import make_link, sign_in, talk
from webapp.core import clock
from webapp.core import db as database
from webapp.recruiting.exporting.presets import HUBSPOT, PRESETS
from webapp.recruiting.models import Export, ExportedPerson
from webapp.recruiting.pages import leaving
from webapp.recruiting.services.consent import agree, withdraw
from webapp.ties.models import Audience, LinkKind, Tie
from webapp.ties.queries import own_offers
from webapp.ties.rules import CheckedLink
from webapp.ties.services import add_link, answer_offer, keep_note
from webapp.topics.rules import OwnTopics, topics_in
from webapp.topics.services import keep_topics

EVERY = pytest.mark.parametrize("preset", PRESETS)


@pytest.fixture
def people(let_see, somebody, seen):
    """Amina talked with Rita, Egil and Chen with Rita and Ben; all agreed. By name."""
    return {
        "Amina Diallo": seen.id,
        "Chen Li": let_see(somebody("Chen Li")).person_id,
        "Égil Berg": let_see(somebody("Égil Berg")).person_id,
    }


def ticks(browser):
    """Return who can be ticked, and who is."""
    boxes = [one for one in browser.page.all("input") if one.get("name") == "person"]
    return {one.get("value"): one.get("checked") is not None for one in boxes}


def chosen(browser, name):
    """Return which of some chips is chosen."""
    chips = [one for one in browser.page.all("input") if one.get("name") == name]
    return [one.get("value") for one in chips if one.get("checked") is not None]


def files(session):
    session.expire_all()
    return session.query(Export).order_by(Export.made_at).all()


def test_the_list_leads_there_with_what_narrows_it(rita, people, here):
    rita.get(f"{here}/candidates?words=li&colleague=&stage=")
    (link,) = [one for one in rita.page.links() if one.startswith(f"{here}/export")]
    assert parse_qs(urlsplit(link).query) == {"words": ["li"]}
    rita.get(link)
    assert ticks(rita) == {people["Chen Li"]: True}
    rita.submit(f"{here}/export/check", whom="new")
    assert "1 person to a spreadsheet" in rita.text
    assert names_in(rita.submit(f"{here}/export").get_data(as_text=True)) == ["Chen Li"]


def test_where_there_is_nobody_there_is_nothing_to_export(rita, here, team):
    rita.get(f"{here}/candidates")
    assert f"{here}/export" not in rita.page.links()
    rita.get(f"{here}/export")
    assert "Nobody yet" in rita.text
    assert ticks(rita) == {}


def test_all_have_a_tick_and_who_loses_it_stays_behind(rita, people, here, session):
    rita.get(f"{here}/export")
    assert ticks(rita) == dict.fromkeys(people.values(), True)
    assert chosen(rita, "whom") == ["chosen"]
    two = [people["Chen Li"], people["Égil Berg"]]
    rita.submit(f"{here}/export/check", preset="hubspot", person=two, has_notes="y")
    assert "2 people to HubSpot" in rita.text
    assert "Your own notes are in it, too" in rita.text
    (back,) = [one for one in rita.page.links() if one.startswith(f"{here}/export?")]
    rita.get(back)
    assert ticks(rita) == {people["Amina Diallo"]: False} | dict.fromkeys(two, True)
    assert (chosen(rita, "preset"), chosen(rita, "has_notes")) == (["hubspot"], ["y"])
    text = file_of(rita, here, "hubspot", "chosen", person=two)
    assert {row["Last name"] for row in rows_in(text)} == {"Li", "Berg"}
    assert [one.count for one in files(session)] == [2]


def test_of_more_than_a_page_all_or_those_on_it_can_be_taken(rita, people, here, monkeypatch):
    monkeypatch.setattr("webapp.recruiting.pages.exports.ON_A_PAGE", 2)
    rita.get(f"{here}/export")
    assert len(ticks(rita)) == 2
    assert chosen(rita, "whom") == ["all"]
    assert "All 3 on the list" in rita.text
    assert len(names_in(file_of(rita, here, whom="all"))) == 3
    everybody = list(people.values())
    assert len(names_in(file_of(rita, here, whom="chosen", person=everybody))) == 2


def test_a_file_and_its_screen_have_the_order_of_the_list(
    cast, session, rita, here, let_see, somebody, evening, monkeypatch
):
    monkeypatch.setattr(leaving, "AT_A_TIME", 2)
    places = {}
    for name in ("Bea Moss", "Abe Moss", "Cid Moss"):
        evening.shift(timedelta(minutes=11))
        places[name] = let_see(somebody(name)).person_id
    sign_in(rita, session, cast.recruiter)
    latest = ["Cid Moss", "Abe Moss", "Bea Moss"]
    assert names_in(file_of(rita, here)) == sorted(latest)
    assert names_in(file_of(rita, here, sort="latest")) == latest
    rita.get(f"{here}/export?sort=latest")
    assert list(ticks(rita)) == [places[name] for name in latest]


def test_only_who_is_seen_can_be_chosen(cast, session, rita, people, here, let_see, somebody):
    hidden = let_see(somebody("Never Agreed"), agrees=False).person_id
    others = [hidden, cast.stranger.id, cast.other.id, cast.recruiter.id, "unknown"]
    text = file_of(rita, here, whom="chosen", person=[*others, people["Chen Li"]])
    assert names_in(text) == ["Chen Li"]
    assert make(rita, here, whom="chosen", person=others).status_code == 422
    assert [one.count for one in files(session)] == [1]
    assert [one.person_id for one in session.query(ExportedPerson)] == [people["Chen Li"]]


def test_all_of_a_candidate_that_the_exporter_knows_is_in_the_plain_table(
    cast, session, rita, seen, here
):
    make_link(session, person=seen, url="mailto:amina@kora.org", kind=LinkKind.EMAIL)
    linkedin = "https://www.linkedin.com/in/amina"
    make_link(session, person=seen, url=linkedin, kind=LinkKind.LINKEDIN)
    page = f"{here}/candidates/{seen.id}"
    rita.get(page)
    plan = {"next_step": "Call her", "owner": cast.other.id, "next_on": "2026-11-24"}
    rita.submit(f"{page}/next-step", **plan)
    (row,) = rows_in(file_of(rita, here))
    assert row == {
        "Name": "Amina Diallo",
        "First name": "Amina",
        "Last name": "Diallo",
        "Organisation": "Kora Labs",
        "Headline": "Data engineer",
        "E-mail": "amina@kora.org",
        "LinkedIn": "https://www.linkedin.com/in/amina",
        "Website": "https://amina.example.org",
        "Other links": "",
        "Met at": "PyMeetup Nov",
        "Met on": "2026-11-19T19:00:00+01:00",
        "Met with": "Rita Recruiter",
        "Evidence": "both said yes",
        "Stage": "To review",
        "Next step": "Call her",
        "Next step on": "2026-11-24",
        "Owner": "Ben Ng",
        "Topics": "",
        "Note": "",
    }


def test_of_several_talks_the_first_day_and_all_colleagues_are_told(
    cast, session, rita, seen, here, evening
):
    evening.shift(timedelta(minutes=30))
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    sign_in(rita, session, cast.recruiter)
    (row,) = rows_in(file_of(rita, here))
    assert row["Met on"] == "2026-11-19T19:00:00+01:00"
    assert row["Met with"] == "Ben Ng, Rita Recruiter"


def test_what_one_can_be_asked_about_goes_along_and_what_one_seeks_stays(
    cast, session, rita, seen, here
):
    said = OwnTopics(offers=tuple(topics_in("chess, R")), seeks=tuple(topics_in("choirs")))
    keep_topics(session, attendee=cast.amina, said=said, now=clock.now())
    for preset in PRESETS:
        text = file_of(rita, here, preset)
        assert "chess" in text
        assert "choirs" not in text


def test_what_the_event_leaves_off_its_badges_is_in_no_file(cast, rita, seen, here):
    cast.event.has_organisations = cast.event.has_headlines = False
    (row,) = rows_in(file_of(rita, here))
    assert (row["Organisation"], row["Headline"], row["Name"]) == ("", "", "Amina Diallo")


@EVERY
def test_links_come_over_the_exporters_own_tie_alone(rita, ben, seen, here, preset):
    assert "amina.example.org" in file_of(rita, here, preset)
    text = file_of(ben, here, preset)
    assert "Diallo" in text
    assert "amina.example.org" not in text


@EVERY
def test_links_that_never_go_to_recruiters_or_were_not_given_stay(
    session, rita, seen, here, preset
):
    for audience in (Audience.NEVER_RECRUITERS, Audience.ASK):
        link = CheckedLink(LinkKind.EMAIL, f"mailto:{audience}@example.org")
        add_link(session, person=seen, link=link, audience=audience, now=clock.now())
    text = file_of(rita, here, preset)
    assert "never_recruiters@" not in text
    assert "ask@" not in text
    (offer,) = own_offers(session, person_id=seen.id, tie_id=session.query(Tie).one().id)
    answer_offer(session, offer=offer, is_given=True, now=clock.now())
    assert "ask@example.org" in file_of(rita, here, preset)


@EVERY
def test_notes_stay_unless_asked_for_and_are_the_exporters_own(
    cast, session, rita, seen, here, preset
):
    talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    for author in (cast.rita, cast.ben):
        text = f"Words of {author.name}"
        keep_note(session, author=author, about_id=cast.amina.id, text=text, now=clock.now())
    assert "Words of" not in file_of(rita, here, preset)
    text = file_of(rita, here, preset, has_notes="y")
    assert ("Words of Rita" in text) == (preset != "vcard")
    assert "Words of Ben" not in text


def test_excel_gets_a_byte_order_mark_if_it_needs_one(rita, seen, here):
    assert not file_of(rita, here).startswith("\ufeff")
    assert file_of(rita, here, has_bom="y").startswith("\ufeffName,")


@EVERY
def test_each_target_gets_its_own_file(rita, seen, here, preset):
    answer = make(rita, here, preset)
    assert answer.content_type == PRESETS[preset].content_type
    name = f"bowline_{preset}_2026-11-19.{PRESETS[preset].ending}"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("greenhouse", "Greenhouse by itself sends a mail to everybody"),
        ("hubspot", "1 person has no e-mail: HubSpot will add them"),
        ("lever", "Lever makes a new opportunity of every line"),
        ("plain", "Nothing in it needs your attention."),
    ],
)
def test_what_to_know_is_said_before(session, rita, seen, here, preset, words):
    rita.get(f"{here}/export")
    rita.submit(f"{here}/export/check", preset=preset, person=seen.id)
    assert words in rita.text
    assert "Your own notes stay here." in rita.text
    assert files(session) == []


def test_a_file_that_its_target_would_refuse_is_not_made(session, rita, people, here, monkeypatch):
    monkeypatch.setitem(PRESETS, "hubspot", replace(HUBSPOT, most_rows=2))
    words = "3 people are too many: HubSpot takes 2 at a time. Export them in parts."
    rita.get(f"{here}/export/check?preset=hubspot&whom=all")
    assert words in rita.text
    assert not [one for one in rita.page.all("form") if one.get("method") == "post"]
    assert make(rita, here, "hubspot").status_code == 422
    assert words in rita.text
    assert files(session) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"preset": "?"}, "Please say where to."),
        ({"preset": ""}, "Please say where to."),
        ({"whom": "?"}, "Please say whom."),
    ],
)
def test_what_cannot_be_chosen_is_asked_again(session, rita, people, here, wrong, words):
    said = {"preset": "lever", "whom": "chosen", "person": people["Chen Li"], "words": "c"} | wrong
    answers = [
        rita.get(f"{here}/export/check", query_string=said),
        rita.send(f"{here}/export", **said),
    ]
    assert [one.status_code for one in answers] == [422, 422]
    assert ticks(rita)[people["Chen Li"]]
    assert [words in one.get_data(as_text=True) for one in answers] == [True, True]
    assert files(session) == []


def test_nobody_but_members_comes_there(cast, browser_of, seen, here, hire, browser):
    asked = "export/check?preset=plain&whom=all"
    for who, status in (("organiser", 403), ("desk", 403), ("attendee", 403), ("stranger", 404)):
        other = browser_of(getattr(cast, who))
        assert other.get(f"{here}/export").status_code == status
        assert other.get(f"{here}/{asked}").status_code == status
        assert make(other, here).status_code == status
    assert browser.get(f"{here}/export").location == f"/sign-in?next={here}/export"
    hire(cast.desk, team="Zeta")
    dan = browser_of(cast.desk)
    assert make(dan, here).status_code == 422
    dan.get(f"{here}/export")
    assert "Amina" not in dan.text


def test_new_are_those_my_files_for_this_target_did_not_hold(
    cast, session, rita, ben, people, here, let_see, somebody, evening
):
    nobody = "Nobody is new since you last exported to HubSpot."
    assert len(rows_in(file_of(rita, here, "hubspot", "new"))) == 3
    assert make(rita, here, "hubspot", "new").status_code == 422
    assert nobody in rita.text
    rita.get(f"{here}/export/check?preset=hubspot&whom=new")
    assert nobody in rita.text
    assert len(rows_in(file_of(rita, here, "lever", "new"))) == 3
    assert len(rows_in(file_of(ben, here, "hubspot", "new"))) == 3
    evening.shift(timedelta(hours=1))
    let_see(somebody("Dara New"))
    sign_in(rita, session, cast.recruiter)
    assert [row["Last name"] for row in rows_in(file_of(rita, here, "hubspot", "new"))] == ["New"]


def test_who_agreed_anew_is_new_again(cast, session, rita, people, team, here, evening):
    file_of(rita, here, "hubspot")
    evening.shift(timedelta(minutes=1))
    for do in (withdraw, agree):
        do(session, team=team, person=cast.attendee, now=clock.now())
    text = file_of(rita, here, "hubspot", "new")
    assert [row["First name"] for row in rows_in(text)] == ["Amina"]
    assert make(rita, here, "hubspot", "new").status_code == 422


def test_more_than_thirty_files_an_hour_are_too_many(session, rita, seen, here):
    statuses = [make(rita, here).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert len(files(session)) == 30


@pytest.mark.parametrize("path", ["export", "export/check?preset=hubspot&whom=all&has_notes=y"])
def test_twenty_take_as_many_queries_as_two(app, rita, here, let_see, somebody, path):
    asked = []
    for wanted in (range(2), range(2, 20)):
        for number in wanted:
            person = somebody(f"Row {number:02}")
            let_see(person)
        with app.app_context(), counted(database.db.engine) as statements:
            rita.get(f"{here}/{path}")
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_a_file_takes_as_many_queries_for_each_lot_of_people(
    app, rita, here, let_see, somebody, monkeypatch
):
    monkeypatch.setattr(leaving, "AT_A_TIME", 5)
    asked = []
    for wanted in (range(5), range(5, 10), range(10, 15)):
        for number in wanted:
            let_see(somebody(f"Row {number:02}"))
        with app.app_context(), counted(database.db.engine) as statements:
            assert len(names_in(file_of(rita, here, has_notes="y"))) == wanted.stop
        asked.append(len(statements))
    assert asked[1] - asked[0] == asked[2] - asked[1] == 8
