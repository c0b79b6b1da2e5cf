"""Rita takes three people along, and one of them sees it."""

import csv

import pytest
from playwright.sync_api import expect

from people import make_attendee, make_cast, make_person, talk
from webapp.accounts.models import EmailAddress
from webapp.core import clock
from webapp.recruiting.models import Export
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.teams import grant_team, join

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def cast(session, site):
    """Rita is a team; Amina and four others talked with her and agreed."""
    cast, now = make_cast(session), clock.now()
    mine = {"person_id": cast.recruiter.id, "proven_at": now, "code_proven_at": now}
    session.add(EmailAddress(address="rita@example.org", **mine))
    session.flush()
    asked = {"event": cast.event, "by": cast.organiser, "now": now}
    team = grant_team(session, name="Kora Labs", address="rita@example.org", **asked)
    join(session, event=cast.event, team=team, person=cast.recruiter, now=now)
    names = ("Chen Li", "Dara Tanaka", "Egil Berg", "Farah Moss")
    others = [make_person(session, name=name) for name in names]
    places = [make_attendee(session, event=cast.event, person=one) for one in others]
    for place, person in ((cast.amina, cast.attendee), *zip(places, others, strict=True)):
        talk(session, event=cast.event, by=place, about=cast.rita)
        agree(session, team=team, person=person, now=now)
    session.commit()
    return cast


@pytest.mark.parametrize("has_script", [True, False])
def test_three_are_taken_along_and_one_of_them_reads_of_it(
    phone, session, cast, tmp_path, has_script
):
    here, colleague = f"/events/{cast.event.id}", cast.recruiter.id
    rita = phone(cast.recruiter, java_script_enabled=has_script)
    page = rita.page
    rita.open(f"{here}/candidates")
    page.get_by_text("By stage, colleague and more").click()
    page.get_by_label("Who talked").select_option("Rita Recruiter")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Export").click()
    page.wait_for_url(f"**/export?colleague={colleague}")
    page.get_by_label("New since my last export there").check()
    expect(page.get_by_label("Amina Diallo")).to_be_hidden()
    page.get_by_label("Those I tick").check()
    expect(page.get_by_label("Amina Diallo")).to_be_checked()
    for name in ("Chen Li", "Egil Berg"):
        page.get_by_label(name).uncheck()
    page.get_by_label("Greenhouse").check()
    page.get_by_role("button", name="Check it first").click()
    expect(page.get_by_role("heading", name="3 people to Greenhouse")).to_be_visible()
    expect(page.get_by_text("Greenhouse by itself sends a mail to everybody")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    with file.open(newline="") as opened:
        assert [row["First Name"] for row in csv.DictReader(opened)] == ["Amina", "Dara", "Farah"]
    assert file.name.startswith("bowline_greenhouse_")
    expect(page.get_by_role("button", name="Download")).to_be_enabled(timeout=8000)
    assert [one.count for one in session.query(Export)] == [3]
    page.get_by_role("link", name="Choose again").click()
    expect(page.get_by_text("exported 3 people to Greenhouse")).to_be_visible()
    expect(page.get_by_label("Chen Li")).not_to_be_checked()
    amina = phone(cast.attendee)
    amina.open("/me")
    amina.page.get_by_role("link", name="What others did that concerns me").click()
    told = "Rita Recruiter of Kora Labs exported you to Greenhouse"
    expect(amina.page.get_by_text(told)).to_be_visible()
    amina.open("/me/teams")
    expect(amina.page.get_by_text(told)).to_be_visible()
