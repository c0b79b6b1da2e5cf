"""Who waits and since when, who may be on it, and who fits whom: decided without a database."""

from datetime import timedelta
from itertools import product

import pytest

from people import EVENING
from webapp.events.models import Attendee, Event, RoleName
from webapp.hosting.models import Asking
from webapp.hosting.rules import (
    Helper,
    Standing,
    ideas,
    may_take,
    standing,
    waiting_since,
)
from webapp.topics.rules import OwnTopics, Reason, topics_in

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SECRET = "secret"


@pytest.fixture
def event():
    return Event(
        starts_at=EVENING,
        ends_at=EVENING + 3 * HOUR,
        time_zone="Europe/Berlin",
        has_organisations=True,
        has_headlines=True,
    )


def somebody(name):
    return Attendee(
        id=name, person_id=f"person of {name}", name=name, organisation="Kora Labs", headline="Cook"
    )


def own(offers="", seeks=""):
    return OwnTopics(tuple(topics_in(offers)), tuple(topics_in(seeks)))


def found(event, about, topics, blocks=()):
    people = [somebody(name) for name in topics]
    (me,) = [one for one in people if one.name == about]
    said = ideas(event, me, people, topics=topics, blocks=set(blocks), secret=SECRET)
    return {one.name: (one.reason, one.topic) for one in said}


HELPER = Helper("Ben", RoleName.DESK)


@pytest.mark.parametrize(
    ("after_start", "asking", "helper", "is_here", "expected"),
    [
        (-MINUTE, None, None, True, Standing.COMING),
        (-MINUTE, Asking(), HELPER, True, Standing.COMING),
        (0 * MINUTE, None, None, True, Standing.NOT_ASKED),
        (0 * MINUTE, Asking(), None, False, Standing.NOT_HERE),
        (0 * MINUTE, Asking(), HELPER, False, Standing.NOT_HERE),
        (0 * MINUTE, Asking(), None, True, Standing.WAITING),
        (0 * MINUTE, Asking(), HELPER, True, Standing.HELPED),
        (HOUR, Asking(introduced_at=EVENING), HELPER, True, Standing.INTRODUCED),
        (HOUR, Asking(introduced_at=EVENING), None, True, Standing.INTRODUCED),
        (15 * HOUR, Asking(), None, True, Standing.WAITING),
        (15 * HOUR + MINUTE, Asking(), HELPER, True, Standing.OVER),
    ],
)
def test_a_person_learns_how_they_stand(event, after_start, asking, helper, is_here, expected):
    now = EVENING + after_start
    assert standing(event, asking, helper, is_here=is_here, now=now) is expected


@pytest.mark.parametrize(("asked", "came"), list(product([-HOUR, HOUR], [-2 * HOUR, 2 * HOUR])))
def test_who_waits_has_asked_and_come_and_the_event_has_begun(event, asked, came):
    since = waiting_since(event, EVENING + asked, EVENING + came)
    assert since == EVENING + max(asked, came, 0 * HOUR)


@pytest.mark.parametrize(
    ("helper", "instead_of", "expected"),
    [
        (None, None, True),
        (None, "ben", True),
        ("me", None, True),
        ("ben", None, False),
        ("ben", "ben", True),
        ("ben", "cleo", False),
    ],
)
def test_only_who_was_seen_on_it_is_taken_over_from(helper, instead_of, expected):
    assert may_take(Asking(helper_id=helper), by_id="me", instead_of=instead_of) is expected


@pytest.mark.parametrize("helper", [None, "me", "ben"])
def test_nobody_takes_who_was_introduced(helper):
    asking = Asking(helper_id=helper, introduced_at=EVENING)
    assert not may_take(asking, by_id="me", instead_of="ben")


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        (own(offers="Chess"), Reason.THEY_KNOW),
        (own(seeks="choirs"), Reason.THEY_SEEK),
        (own(offers="choirs"), Reason.BOTH_KNOW),
        (own(seeks="chess"), Reason.BOTH_SEEK),
        (own(offers="choirs, chess"), Reason.THEY_KNOW),
    ],
)
def test_an_idea_comes_with_its_reason(event, theirs, reason):
    topics = {"amina": own(offers="choirs", seeks="chess"), "ben": theirs}
    topic = "chess" if reason in {Reason.THEY_KNOW, Reason.BOTH_SEEK} else "choirs"
    assert found(event, "amina", topics) == {"ben": (reason, topic)}


def test_who_fits_by_no_topic_is_no_idea(event):
    topics = {"amina": own("chess"), "ben": own("dance"), "chen": own()}
    assert found(event, "amina", topics) == {}


def test_nobody_is_an_idea_for_themselves(event):
    assert found(event, "amina", {"amina": own("chess", "chess")}) == {}


def test_there_are_three_ideas_at_most_the_best_first(event):
    topics = {f"guest {number}": own("chess") for number in range(9)}
    topics |= {"amina": own("chess", "choirs"), "best": own("choirs", "chess")}
    names = list(found(event, "amina", topics))
    assert len(names) == 3
    assert names[0] == "best"


def test_nobody_is_brought_to_whom_they_blocked_or_who_blocked_them(event):
    topics = {name: own("chess") for name in ("amina", "ben", "chen")}
    block = frozenset({"person of amina", "person of ben"})
    assert list(found(event, "amina", topics, [block])) == ["chen"]
    assert list(found(event, "ben", topics, [block])) == ["chen"]
    assert sorted(found(event, "chen", topics, [block])) == ["amina", "ben"]


def test_an_idea_shows_what_the_badge_shows(event):
    event.has_organisations = False
    topics = {name: own("chess") for name in ("amina", "ben")}
    me, other = somebody("amina"), somebody("ben")
    (idea,) = ideas(event, me, [other], topics=topics, blocks=set(), secret=SECRET)
    assert (idea.name, idea.organisation, idea.headline) == ("ben", "", "Cook")
