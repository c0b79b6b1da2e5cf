"""Whoever runs an event sees how many talked; had they talked with others, nothing would change."""

import re
from datetime import timedelta

import pytest
from crawl.crawler import no_limits

from people import make_attendee, make_event, make_person, sign_in, talk
from webapp.conversations.models import Claim, Conversation
from webapp.events.models import RoleName
from webapp.events.services import grant_role
from webapp.insights.models import Snapshot
from webapp.insights.services import freeze_summary
from webapp.ties.models import Tie

RING = 40
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@pytest.fixture
def party(session, evening):
    event = make_event(session)
    people = [make_person(session, name=f"Guest {number:02}") for number in range(RING)]
    return event, [make_attendee(session, event=event, person=person) for person in people]


@pytest.fixture
def helpers(app, session, party):
    """Browsers of everybody who works at the event without attending it."""
    browsers = {}
    for role in (RoleName.ORGANISER, RoleName.CO_ORGANISER, RoleName.DESK):
        person = make_person(session, name=f"Helper {role}")
        grant_role(session, event=party[0], person=person, name=role, now=party[0].created_at)
        browsers[role] = app.test_client()
        sign_in(browsers[role], session, person)
    return browsers


def let_talk(session, party, evening, *, step, talks=RING):
    """Let everybody talk with the one `step` places on; the moments are the same for any step."""
    event, attendees = party
    for number in range(talks):
        evening.move_to(event.starts_at + timedelta(minutes=2 * number + 1))
        by, about = attendees[number * step % RING], attendees[(number + 1) * step % RING]
        talk(session, event=event, by=by, about=about)
    later = event.starts_at + timedelta(hours=3)
    evening.move_to(later)
    freeze_summary(session, event=event, now=later)
    session.commit()


def forget(session):
    for model in (Claim, Conversation, Tie, Snapshot):
        session.query(model).delete()
    session.commit()


def everything(app, party, helpers):
    """Return what each helper gets from every page of the event."""
    event, attendees = party
    values = {"event_id": event.id, "attendee_id": attendees[0].id}
    pages = {}
    for rule in app.url_map.iter_rules():
        if rule.arguments in ({"event_id"}, {"event_id", "attendee_id"}) and "GET" in rule.methods:
            url = re.sub("<(.*?)>", lambda name: values[name[1]], rule.rule)
            for role, browser in helpers.items():
                answer = browser.get(url)
                pages[role, url] = answer.status_code, TOKEN.sub("", answer.get_data(as_text=True))
    return pages


def test_pages_of_helpers_are_the_same_whoever_talked_with_whom(
    app, session, evening, party, helpers
):
    with no_limits():
        let_talk(session, party, evening, step=1)
        pages = everything(app, party, helpers)
        forget(session)
        let_talk(session, party, evening, step=7)
        assert everything(app, party, helpers) == pages
    report = pages[RoleName.ORGANISER, f"/events/{party[0].id}/report"]
    assert report[0] == 200
    assert "<strong>40</strong>" in report[1]


def test_pages_of_helpers_change_with_the_number_of_talks(app, session, evening, party, helpers):
    with no_limits():
        let_talk(session, party, evening, step=1)
        pages = everything(app, party, helpers)
        forget(session)
        let_talk(session, party, evening, step=1, talks=30)
        assert everything(app, party, helpers) != pages
