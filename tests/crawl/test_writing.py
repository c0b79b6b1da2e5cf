"""Everybody sends every form to every URL: nobody changes what is somebody else's."""

from crawl.crawler import HALF_WAY, SIGNED_OUT
from crawl.model import RUNS, WORKS_THE_DESK

REFUSED = {403, 404, 409, 422}
DONE = {200, 303}


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


def test_the_signed_out_do_nothing_but_sign_in(writing):
    for answer in writing.answers:
        is_signing_in = answer.target.rule.startswith("/sign-in")
        if answer.who in {SIGNED_OUT, HALF_WAY} and not is_signing_in:
            refused = answer.status == 403 if answer.is_fragment else "/sign-in" in answer.location
            assert refused, answer


def test_strangers_find_nothing_to_do_at_an_event(writing):
    for answer in _signed_in_at_events(writing):
        viewer, event_id = writing.viewer(answer.who), answer.target["event_id"]
        is_invited = answer.target.endpoint == "events.accept_invitation"
        if not viewer.is_known_at(event_id) and not (is_invited and viewer.is_invited_to(event_id)):
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


def test_a_tie_is_changed_by_its_two_people_alone(writing):
    rows = {row["id"]: row for row in writing.before["tie"]}
    for answer in writing.answers:
        tie = rows.get(answer.target["tie_id"])
        mine = tie and writing.viewer(answer.who).person_id
        if tie and mine and mine not in {tie["low_person_id"], tie["high_person_id"]}:
            assert answer.status == 404, answer


def test_the_desk_and_the_team_are_changed_by_their_roles_alone(writing):
    wanted = {
        "badges.add_guest": WORKS_THE_DESK,
        "badges.check_in": WORKS_THE_DESK,
        "badges.undo_check_in": WORKS_THE_DESK,
        "badges.reissue": WORKS_THE_DESK,
        "guests.upload": RUNS,
        "guests.choose": RUNS,
        "guests.go_on": RUNS,
        "printing.ask_for_print": RUNS,
        "events.add_to_team": RUNS - {"co_organiser"},
        "events.remove_from_team": RUNS - {"co_organiser"},
    }
    tried = set()
    for answer in _signed_in_at_events(writing):
        roles = writing.viewer(answer.who).roles(answer.target["event_id"])
        if answer.target.endpoint in wanted and not roles & wanted[answer.target.endpoint]:
            assert answer.status in {403, 404}, answer
            tried.add(answer.target.endpoint)
    assert tried == wanted.keys()


def _signed_in_at_events(writing):
    return [
        one
        for one in writing.answers
        if one.target["event_id"] and one.who not in {SIGNED_OUT, HALF_WAY}
    ]
