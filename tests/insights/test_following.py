"""What people did after an event, in numbers: each step in its window, and only if many took it."""

from datetime import timedelta

import pytest

from people import make_attendee, make_event, make_person, talk
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.followups.models import OutcomeKind, PromiseKind
from webapp.followups.queries.promises import open_promises_of
from webapp.followups.rules.outcomes import SaidOutcome
from webapp.followups.rules.promises import Said
from webapp.followups.services.following import say_outcome
from webapp.followups.services.promises import confirm_promise, keep_promise, make_promise
from webapp.followups.services.sides import note_opened
from webapp.insights.models import Snapshot
from webapp.insights.pages import report_page
from webapp.insights.rules import has_summaries, window_at
from webapp.insights.services import freeze_summary
from webapp.recruiting.models import Agreement, Member, Stage, Standing, Team, TeamOutcome
from webapp.ties.queries import tie_between
from webapp.ties.services import untie

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAIRS = 40


@pytest.fixture
def event(session, evening):
    """An event that ended a moment ago, at which forty pairs talked."""
    ends_at = clock.now()
    return make_event(session, starts_at=ends_at - 4 * HOUR, ends_at=ends_at)


@pytest.fixture
def ties(session, event, evening):
    evening.move_to(event.ends_at - HOUR)
    made = []
    for number in range(PAIRS):
        one, other = (make_person(session, name=f"{side} {number}") for side in ("Left", "Right"))
        places = [make_attendee(session, event=event, person=person) for person in (one, other)]
        talk(session, event=event, by=places[0], about=places[1])
        made.append(tie_between(session, *sorted([one.id, other.id])))
    evening.move_to(event.ends_at + HOUR)
    session.commit()
    return made


def sides(session, tie):
    return [session.get_one(Person, one) for one in (tie.low_person_id, tie.high_person_id)]


def open_links(session, ties):
    for tie in ties:
        note_opened(session, tie=tie, by=sides(session, tie)[0], now=clock.now())


def promise(session, ties):
    said = Said(kind=PromiseKind.SEND_LINK, text="", due_on=None)
    for tie in ties:
        make_promise(session, tie=tie, by=sides(session, tie)[0], said=said, now=clock.now())


def keep(session, ties):
    for tie in ties:
        by, to = sides(session, tie)
        made = open_promises_of(session, by.id)[0].promise
        keep_promise(session, promise=made, by=by, now=clock.now())
        confirm_promise(session, promise=made, by=to, now=clock.now())


def came_of_it(session, ties, kind=OutcomeKind.ADVICE):
    for tie in ties:
        said = SaidOutcome(kind=kind, text="")
        say_outcome(session, tie=tie, by=sides(session, tie)[1], said=said, now=clock.now())


def after(session, event, evening, days):
    """Return the steps of the summary taken some days after the end; hidden ones are None."""
    session.commit()
    evening.move_to(event.ends_at + days * DAY)
    snapshot = freeze_summary(session, event=event, now=clock.now())
    session.commit()
    return {step["key"]: step["count"] for step in snapshot.report["following"]}


@pytest.mark.parametrize(
    ("days", "window"),
    [(0, None), (6.9, None), (7, 7), (29, 7), (30, 30), (89, 30), (90, 90), (400, 90)],
)
def test_a_window_counts_once_it_is_complete(evening, days, window):
    ends_at = clock.now()
    assert window_at(ends_at, ends_at + days * DAY) == window


@pytest.mark.parametrize(
    ("days", "is_taken"),
    [
        *((days, True) for days in (-1, 0, 8, 30, 31, 90, 91)),
        *((days, False) for days in (8.1, 29.9, 31.1, 89.9, 91.1, 300)),
    ],
)
def test_summaries_are_taken_soon_after_the_end_and_after_each_window(evening, days, is_taken):
    ends_at = clock.now()
    assert has_summaries(ends_at, ends_at + days * DAY) is is_taken


def test_later_steps_wait_for_the_first_week(session, event, ties, evening):
    open_links(session, ties[:20])
    assert set(after(session, event, evening, 1)) == {"claimed", "proven"}
    steps = after(session, event, evening, 7)
    assert steps == {
        "claimed": None,
        "proven": 40,
        "link_opened": 20,
        "promised": None,
        "kept": None,
        "came_of_it": None,
    }


def test_each_step_is_counted(session, event, ties, evening):
    open_links(session, ties[:30])
    promise(session, ties[5:30])
    keep(session, ties[5:15])
    came_of_it(session, ties[25:])
    steps = after(session, event, evening, 7)
    assert [steps[key] for key in ("link_opened", "promised", "kept", "came_of_it")] == [
        30,
        25,
        10,
        15,
    ]


@pytest.mark.parametrize("number", [0, 5, 9, 31, 40])
def test_a_step_few_took_or_few_did_not_is_hidden(session, event, ties, evening, number):
    promise(session, ties[:number])
    assert after(session, event, evening, 7)["promised"] is None


def test_a_kept_promise_beside_nearly_all_promised_is_hidden(session, event, ties, evening):
    promise(session, ties[:20])
    keep(session, ties[:15])
    steps = after(session, event, evening, 7)
    assert (steps["promised"], steps["kept"]) == (20, None)


def test_what_happens_later_is_in_the_next_window(session, event, ties, evening):
    open_links(session, ties[:12])
    assert after(session, event, evening, 7)["link_opened"] == 10
    evening.move_to(event.ends_at + 9 * DAY)
    open_links(session, ties[12:24])
    assert after(session, event, evening, 30)["link_opened"] == 25
    evening.move_to(event.ends_at + 32 * DAY)
    open_links(session, ties[24:30])
    assert after(session, event, evening, 90)["link_opened"] == 30


def test_a_late_summary_does_not_count_what_came_after_its_window(session, event, ties, evening):
    open_links(session, ties[:12])
    evening.move_to(event.ends_at + 7 * DAY + HOUR)
    open_links(session, ties[12:24])
    assert after(session, event, evening, 7.5)["link_opened"] == 10


def test_a_window_in_which_nothing_changed_says_so(session, event, ties, evening):
    open_links(session, ties[:20])
    after(session, event, evening, 7)
    assert after(session, event, evening, 30)["link_opened"] == 20
    evening.move_to(event.ends_at + 30 * DAY + HOUR)
    assert freeze_summary(session, event=event, now=clock.now()) is None


@pytest.fixture
def hired(session, event, evening):
    """Let one side of some ties be a team's, and the team say that the other side was hired."""

    def do(ties):
        now = clock.now()
        team = Team(event_id=event.id, name="Kora Labs", granted_at=now)
        session.add(team)
        session.flush()
        of_team = {"event_id": event.id, "team_id": team.id}
        stage = Stage(**of_team, name="Hired", place=0)
        session.add(stage)
        session.flush()
        for tie in ties:
            colleague, candidate = sides(session, tie)
            session.add(Member(**of_team, person_id=colleague.id, joined_at=now))
            session.add(Agreement(**of_team, person_id=candidate.id, agreed_at=now))
            said = {"outcome": TeamOutcome.HIRE, "outcome_at": now, "changed_at": now}
            session.add(Standing(**of_team, person_id=candidate.id, stage_id=stage.id, **said))

    return do


def test_what_teams_say_came_of_it_counts_too_and_once(session, event, ties, evening, hired):
    came_of_it(session, ties[:12])
    hired(ties[6:25])
    assert after(session, event, evening, 7)["came_of_it"] == 25


def test_nothing_yet_is_not_something(session, event, ties, evening):
    came_of_it(session, ties[:20], OutcomeKind.NOTHING_YET)
    assert after(session, event, evening, 7)["came_of_it"] is None


def test_what_two_people_untied_does_not_count(session, event, ties, evening):
    promise(session, ties[:20])
    for tie in ties[:11]:
        untie(session, tie=tie, by=sides(session, tie)[0], now=clock.now())
    assert after(session, event, evening, 7)["promised"] is None


def test_the_page_says_until_when_it_counted(session, event, ties, evening):
    open_links(session, ties[:20])
    after(session, event, evening, 7)
    page = report_page(event, session.query(Snapshot).one())
    assert page.following_days == 7
    assert [row.text for row in page.steps if row.text] == ["40", "20"]
