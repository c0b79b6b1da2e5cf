"""Rita hands Amina to Ben; Amina says yes on her phone; Ben sees it."""

import pytest
from playwright.sync_api import expect

from people import make_cast, talk
from webapp.accounts.models import EmailAddress
from webapp.core import clock
from webapp.recruiting.services.consent import agree
from webapp.recruiting.services.teams import grant_team, invite, join
from webapp.ties.models import Tie

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WHY = "Ben built the search engine you asked about, and he hires for that team."


@pytest.fixture
def cast(session, site):
    """Rita and Ben are a team; Amina talked with Rita and agreed."""
    cast, now = make_cast(session), clock.now()
    mine = {"person_id": cast.recruiter.id, "proven_at": now, "code_proven_at": now}
    session.add(EmailAddress(address="rita@example.org", **mine))
    session.flush()
    asked = {"event": cast.event, "by": cast.organiser, "now": now}
    team = grant_team(session, name="Kora Labs", address="rita@example.org", **asked)
    invite(session, team=team, address="ben@example.org", is_admin=False, **asked)
    for person in (cast.recruiter, cast.other):
        join(session, event=cast.event, team=team, person=person, now=now)
    talk(session, event=cast.event, by=cast.amina, about=cast.rita)
    agree(session, team=team, person=cast.attendee, now=now)
    session.commit()
    return cast


def test_a_conversation_goes_on_with_the_colleague_who_knows(phone, session, cast):
    here = f"/events/{cast.event.id}/candidates"
    page = f"{here}/{cast.attendee.id}"
    rita, amina, ben = phone(cast.recruiter), phone(cast.attendee), phone(cast.other)
    rita.open(page)
    rita.page.get_by_text("Hand over to a colleague who knows").click()
    rita.page.get_by_label("To whom?").select_option("Ben Ng")
    rita.page.get_by_role("button", name="Ask them").click()
    expect(rita.page.get_by_text("Please say why: they read it.")).to_be_visible()
    rita.page.get_by_label("Why this colleague?").fill(WHY)
    rita.page.get_by_role("button", name="Ask them").click()
    expect(rita.page.get_by_text("You asked them whether Ben Ng may carry on.")).to_be_visible()
    ben.open(page)
    expect(ben.page.get_by_text(WHY)).to_have_count(0)
    amina.open(f"/people/{session.query(Tie).one().id}")
    expect(amina.page.get_by_text("Rita Recruiter would like Ben Ng")).to_be_visible()
    amina.page.get_by_role("button", name="No, thank you").click()
    expect(amina.page.get_by_text("You said no")).to_be_visible()
    amina.page.get_by_role("button", name="Undo").click()
    amina.page.get_by_role("button", name="Yes, please").click()
    expect(amina.page.get_by_text("Ben Ng of Kora Labs carries on with you.")).to_be_visible()
    ben.open(here)
    expect(ben.page.get_by_text("with Rita Recruiter, handed to you")).to_be_visible()
    ben.page.get_by_role("link", name="Amina Diallo").click()
    expect(ben.page.get_by_text("You carry on with them.")).to_be_visible()
    expect(ben.page.get_by_text(f"“{WHY}”", exact=True)).to_be_visible()
    expect(ben.page.get_by_text("You have no tie with them yourself")).to_be_visible()
    amina.page.get_by_role("button", name="Rather not Ben any more").click()
    expect(amina.page.get_by_text("Ben does not carry on with you.")).to_be_visible()
    ben.open(page)
    ben.page.get_by_text("What was done").click()
    expect(ben.page.get_by_text("Ben Ng no longer carries on")).to_be_visible()
