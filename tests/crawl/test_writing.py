"""Everybody sends every form to every URL: nobody changes what is somebody else's."""

from crawl.crawler import HALF_WAY, SIGNED_OUT
from crawl.model import RUNS, WORKS_THE_DESK

from webapp.events.access import at_desk, helping, looking_back, owning, owning_freshly, running
from webapp.security.access import RULE_ATTRIBUTE

REFUSED = {403, 404, 409, 422}
DONE = {200, 204, 303}


def test_nobody_changes_what_is_not_theirs(writing):
    assert writing.changed == []


def test_no_answer_to_a_form_tells_what_is_not_for_its_sender(writing):
    assert [str(one) for one in writing.answers if one.leaked] == []


def test_every_answer_to_a_form_is_valid(writing):
    assert writing.problems == []


def test_a_form_is_done_or_refused(writing):
    assert {one.status for one in writing.answers} <= REFUSED | DONE


def test_every_form_is_done_for_somebody(writing):
    done = {one.target.endpoint for one in writing.answers if one.status in DONE}
    assert done == {one.target.endpoint for one in writing.answers}


OPEN_TO_ALL = ("/sign-in", "/mails/")
"""Signing in, and saying no to letters at the address that stands in them."""


def test_the_signed_out_do_nothing_but_sign_in_and_say_no_to_letters(writing):
    for answer in writing.answers:
        is_open = answer.target.rule.startswith(OPEN_TO_ALL)
        if answer.who in {SIGNED_OUT, HALF_WAY} and not is_open:
            refused = answer.status == 403 if answer.is_fragment else "/sign-in" in answer.location
            assert refused, answer


def test_strangers_find_nothing_to_do_at_an_event(writing):
    for answer in _signed_in_at_events(writing):
        viewer, event_id = writing.viewer(answer.who), answer.target["event_id"]
        is_asked = {
            "team.accept_invitation": viewer.is_invited_to,
            "recruiting.join": viewer.is_asked_to_team_at,
        }.get(answer.target.endpoint)
        if not viewer.is_known_at(event_id) and not (is_asked and is_asked(event_id)):
            assert answer.status == 404, answer


def test_a_talk_is_answered_by_its_two_sides_alone(writing):
    rows = {row["id"]: row for row in writing.before["conversation"]}
    for answer in _signed_in_at_events(writing):
        talk = rows.get(answer.target["talk_id"])
        if talk is None:
            continue
        mine = {talk["low_id"], talk["high_id"]} & writing.viewer(answer.who).attendee_ids
        is_here = talk["event_id"] == answer.target["event_id"]
        if not (mine and is_here):
            assert answer.status in {403, 404}, answer


WAYS = ("move", "plan", "say_outcome", "write_review", "write_note", "delete_note")
ABOUT_A_CANDIDATE = {f"recruiting.{way}" for way in WAYS}


def test_a_candidate_is_reviewed_by_their_team_alone(writing):
    done = set()
    for answer in _signed_in_at_events(writing):
        if answer.target.endpoint in ABOUT_A_CANDIDATE:
            viewer = writing.viewer(answer.who)
            sees = viewer.reviews(answer.target["event_id"], answer.target["person_id"])
            assert sees or answer.status in {403, 404}, answer
            done |= {answer.who} if answer.status in DONE else set()
    assert done == {"tess", "rita"}


def test_a_file_of_candidates_is_made_by_their_team_alone(writing):
    made, held = set(), set()
    for answer in _signed_in_at_events(writing):
        if answer.target.endpoint == "recruiting.make_export":
            in_team = writing.viewer(answer.who).team_at(answer.target["event_id"])
            assert in_team or answer.status in {403, 404}, answer
            if answer.status == 200:
                made.add(answer.who)
                canaries = [writing.world.canaries[word] for word in answer.found]
                held |= {(one.owner, one.kind) for one in canaries if one.kind in {"link", "note"}}
    assert made == {"tess", "rita"}
    assert held == {(one, "link") for one in ("tara", "dora", "deva")} | {("tess", "note")}


def test_a_tie_is_changed_by_its_two_people_alone(writing):
    rows = {row["id"]: row for row in writing.before["tie"]}
    for answer in writing.answers:
        tie = rows.get(answer.target["tie_id"])
        mine = tie and writing.viewer(answer.who).person_id
        if tie and mine and mine not in {tie["low_person_id"], tie["high_person_id"]}:
            assert answer.status == 404, answer


def test_the_desk_and_the_team_are_changed_by_their_roles_alone(writing):
    wanted = {
        "desk.add": WORKS_THE_DESK,
        "desk.check_in": WORKS_THE_DESK,
        "desk.undo_check_in": WORKS_THE_DESK,
        "desk.reissue": WORKS_THE_DESK,
        "desk.vouch": WORKS_THE_DESK,
        "desk.take_back": WORKS_THE_DESK,
        "kept_desk.inbox": WORKS_THE_DESK,
        "hosting.help_in": WORKS_THE_DESK,
        "hosting.introduced": WORKS_THE_DESK,
        "hosting.let_be": WORKS_THE_DESK,
        "hosting.undo_introduced": WORKS_THE_DESK,
        "guests.upload": RUNS,
        "guests.choose": RUNS,
        "guests.go_on": RUNS,
        "printing.ask_for_print": RUNS,
        "settings.change": RUNS,
        "settings.archive": RUNS,
        "settings.bring_back": RUNS,
        "settings.erase": RUNS - {"co_organiser"},
        "team.offer": RUNS - {"co_organiser"},
        "team.end_offer": RUNS,
        "team.take_over": RUNS,
        "team.leave": WORKS_THE_DESK | {"recruiter"},
        "team.ask": RUNS - {"co_organiser"},
        "team.remove": RUNS - {"co_organiser"},
        "recruiting.grant": RUNS - {"co_organiser"},
    }
    tried = set()
    for answer in _signed_in_at_events(writing):
        roles = writing.viewer(answer.who).roles(answer.target["event_id"])
        if answer.target.endpoint in wanted and not roles & wanted[answer.target.endpoint]:
            assert answer.status in {403, 404}, answer
            tried.add(answer.target.endpoint)
    assert tried == wanted.keys()


NOT_IN_THE_LOG = {
    "guests.upload": "a file that waits; what is imported is logged when it is",
    "guests.choose": "only says which column of a waiting file goes where",
}
"""What people who work at an event do without the log telling of it, and why."""


def test_what_is_done_by_those_who_work_at_an_event_is_in_its_log(app, writing):
    working = {running, at_desk, owning, owning_freshly, helping, looking_back}
    guarded = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if getattr(view, RULE_ATTRIBUTE, None) in working
    }
    tried, logged = set(), set()
    for answer in writing.answers:
        if answer.method == "POST" and answer.target.endpoint in guarded:
            tried.add(answer.target.endpoint)
            logged |= {answer.target.endpoint} if answer.logged else set()
    assert len(tried) > 15
    assert tried - logged == NOT_IN_THE_LOG.keys()


def _signed_in_at_events(writing):
    return [
        one
        for one in writing.answers
        if one.target["event_id"] and one.who not in {SIGNED_OUT, HALF_WAY}
    ]
