"""What may not be told is not told by the time it takes either.

What is asked of the database is compared word for word; `tests/conversations/timing.py` times it.
"""

from datetime import timedelta
from itertools import count

import pytest
from crawl.crawler import no_limits
from crawl.test_query_counts import counted
from flask.testing import FlaskClient

from pages import Browser
from people import badge_of, make_attendee, make_event, make_person, sign_in
from webapp.badges import codes
from webapp.badges.services import issue_badge
from webapp.conversations import services
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.core import db as database
from webapp.events.models import Attendee

DAY = timedelta(days=1)
FATES = ("waits", "declined", "had blocked before", "blocks later", "unclaimed")
_nonces = count(1)


class Reader(Browser):
    """Takes answers as they are; other tests read these pages closely."""

    def open(self, *args, **kwargs):
        database.session().commit()
        with self.application.app_context():
            return FlaskClient.open(self, *args, **kwargs)


@pytest.fixture
def reader(app, session):
    def open_reader(person):
        client = Reader(app, app.response_class)
        sign_in(client, session, person)
        return client

    return open_reader


@pytest.fixture
def unknown_and_replaced(cast, session):
    """Codes that never were beside those of a lost badge, each as long as the other."""
    badge = badge_of(session, cast.amina)
    replaced = [codes.printed_code(badge), codes.short_code(badge)]
    issue_badge(session, attendee=cast.amina, now=clock.now())
    session.commit()
    return [(("0" * len(code)), code) for code in replaced]


def ways_to_ask(cast, code):
    event = f"/events/{cast.event.id}"
    asked = [("GET", f"{event}/ask", {"code": code}), ("POST", f"{event}/talks", {"code": code})]
    if len(code) == codes.CODE_LENGTH:
        asked.append(("GET", f"/B/{code}", {}))
    return asked


def send(client, method, url, data):
    if method == "GET":
        return client.get(url, query_string=data)
    return client.send(url, **data, nonce=f"nonce-in-time-{next(_nonces)}")


def test_unknown_and_replaced_codes_take_the_same_steps(cast, reader, unknown_and_replaced):
    ben = reader(cast.other)
    with no_limits():
        ben.get(f"/events/{cast.event.id}/scan")
        for unknown, replaced in unknown_and_replaced:
            pairs = zip(ways_to_ask(cast, unknown), ways_to_ask(cast, replaced), strict=True)
            for pair in pairs:
                steps = []
                for act in pair:
                    with counted(database.db.engine) as asked:
                        assert send(ben, *act).status_code in {200, 422}
                    steps.append(asked)
                assert len(steps[0]) > 1
                assert steps[0] == steps[1], pair[0]


class Claimer:
    """Somebody who says again and again that they talked with one other."""

    def __init__(self, reader, session, event, fate):
        me, self.other = make_person(session, name="Ben"), make_person(session, name="Amina")
        self.me, self.session, self.event, self.fate = me, session, event, fate
        make_attendee(session, event=event, person=me)
        claimed = None if fate == "unclaimed" else self.other
        self.about = make_attendee(session, event=event, person=claimed)
        self.code = codes.printed_code(badge_of(session, self.about))
        self.client = reader(me)
        if fate == "had blocked before":
            self._block()
        session.commit()

    def claim(self):
        where = f"/events/{self.event.id}/talks"
        nonce = f"nonce-in-time-{next(_nonces):06}"
        answer = self.client.send(where, code=self.code, nonce=nonce)
        assert answer.status_code == 303
        return answer

    def other_side_acts(self):
        if self.fate == "declined":
            talk = self.session.query(Conversation).filter_by(claimed_about_id=self.about.id).one()
            by = self.session.get_one(Attendee, (self.event.id, self.about.id))
            services.refuse(self.session, talk=talk, by=by, now=clock.now())
        elif self.fate == "blocks later":
            self._block()
        self.session.commit()

    def _block(self):
        services.block(
            self.session, blocker_id=self.other.id, blocked_id=self.me.id, now=clock.now()
        )


@pytest.fixture
def claimers(reader, session, evening):
    event = make_event(session, ends_at=clock.now() + 30 * DAY)
    return [Claimer(reader, session, event, fate) for fate in FATES]


def test_a_claim_takes_the_same_steps_whatever_came_of_it(claimers, evening):
    steps = {one.fate: [] for one in claimers}
    with no_limits():
        for one in claimers:
            one.client.get(f"/events/{one.event.id}/scan")
        for later in (timedelta(minutes=1), timedelta(minutes=30), 2 * DAY):
            for one in claimers:
                with counted(database.db.engine) as asked:
                    one.claim()
                steps[one.fate].append(asked)
            if len(steps["waits"]) == 1:
                for one in claimers:
                    one.other_side_acts()
            evening.shift(later)
    assert all(len(asked) > 5 for asked in steps["waits"])
    for fate in FATES:
        for usual, asked in zip(steps["waits"], steps[fate], strict=True):
            assert asked == usual, fate


@pytest.mark.parametrize("number", range(3))
def test_after_sixty_codes_in_a_minute_one_waits(cast, session, reader, number):
    ben, code = reader(cast.other), codes.printed_code(badge_of(session, cast.amina))
    wrong = ways_to_ask(cast, "0" * codes.CODE_LENGTH)[number]
    for _ in range(60):
        assert send(ben, *wrong).status_code in {200, 422}
    for right in ways_to_ask(cast, code):
        answer = send(ben, *right)
        assert answer.status_code == 429
        assert "Amina" not in answer.get_data(as_text=True)
