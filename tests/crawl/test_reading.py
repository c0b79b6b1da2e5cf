"""Everybody reads everything: who gets to see what, and that reading changes nothing."""

import pytest
import sqlalchemy as sa
from crawl.crawler import HALF_WAY, SIGNED_OUT
from crawl.model import RUNS
from crawl.world import CANARY, UNKNOWN_ID

from webapp.core.db import Base

NOT_PEOPLES_TEXT = {
    "attendee.id": "opaque, like all ids below",
    "badge.code_digest": "a digest",
    "badge_print.layout": "a name of ours",
    "badge.handle": "not a secret, see its model",
    "badge.short_code_digest": "a digest",
    "claim.body_digest": "a digest",
    "claim.nonce": "a random key of one request",
    "desk_code.code_digest": "a digest",
    "desk_item.body_digest": "a digest",
    "desk_item.nonce": "a random key of one request",
    "challenge.digest": "a digest",
    "device.token_digest": "a digest",
    "recovery_code.code_digest": "a digest",
    "event.code": "printed on the poster at the door",
    "event.language": "a name of a language",
    "event.time_zone": "a name of a time zone",
    "export.preset": "a name of ours",
    "guest_source.source": "a name of ours",
    "letter_day.reader": "an id or a digest",
    "mail.kind": "a name of ours",
    "mail.reader": "an id or a digest",
    "stop.address_digest": "a digest",
    "task_run.name": "a name of ours",
    "told.about": "ids of ours, or a month",
    "told.reader": "an id or a digest",
    "sign_in_code.browser_digest": "a digest",
    "used_message.digest": "a digest",
    "sign_in_code.code_digest": "a digest",
}
SEEN_BY_SOMEBODY = {
    "guest list",
    "name",
    "card",
    "link",
    "address",
    "identity",
    "device",
    "passkey",
    "note",
    "printed",
    "topic",
    "promise",
    "outcome",
    "introduction",
    "asking",
    "event",
    "invitation",
    "claim code",
    "mail problem",
    "team",
    "team invitation",
    "stage",
    "plan",
    "opening",
    "criterion",
    "review",
    "team note",
    "handover",
}


def _told(crawl, answers):
    return [
        (str(answer), sorted(map(str, (crawl.world.canaries[word] for word in answer.leaked))))
        for answer in answers
        if answer.leaked
    ][:10]


def test_nobody_reads_what_is_not_for_them(reading):
    assert _told(reading, reading.answers) == []


def test_the_crawl_finds_what_people_may_see(reading):
    found = {reading.world.canaries[word].kind for one in reading.answers for word in one.found}
    assert found == SEEN_BY_SOMEBODY


def test_tied_people_find_each_others_links(reading):
    seen = {
        (answer.who, reading.world.canaries[word].owner)
        for answer in reading.answers
        for word in answer.found
        if reading.world.canaries[word].kind == "link"
    }
    of_others = {pair for pair in seen if pair[0] != pair[1]}
    assert {one for one, other in of_others if other == "amina"} == {"tara", "pia"}
    assert {other for one, other in of_others if one == "amina"} == {"tara", "lena", "pia"}
    assert ("orla", "tara") in of_others


def test_every_column_of_text_holds_a_canary(reading):
    bare = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_id = isinstance(column.type, sa.String) and column.type.length == 16
            is_text = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
            values = " ".join(str(row[column.name]) for row in reading.before[table.name])
            if is_text and not is_id and not CANARY.search(values):
                bare.add(f"{table.name}.{column.name}")
    assert bare == NOT_PEOPLES_TEXT.keys() - {"attendee.id"}


def test_reading_changes_nothing(reading):
    assert reading.changed == []


def test_every_page_is_valid(reading):
    assert reading.problems == []


SAYS_SO_BY_503 = "operating.ready"
"""A power cut would take the database of the tests, and it tells."""


def test_nothing_breaks(reading):
    broke = [one for one in reading.answers if one.status >= 500 or one.status == 429]
    assert [str(one) for one in broke if one.target.endpoint != SAYS_SO_BY_503] == []


def test_strangers_find_nothing_at_an_event(reading):
    answers = _at_events(reading)
    strange = [
        one for one in answers if not _viewer(reading, one).is_known_at(one.target["event_id"])
    ]
    assert strange
    assert {one.status for one in strange if one.who not in {SIGNED_OUT, HALF_WAY}} == {404}


def test_an_event_that_does_not_exist_looks_like_one_that_is_not_open_to_me(reading):
    unknown = [one for one in _at_events(reading) if one.target["event_id"] == UNKNOWN_ID]
    assert {one.status for one in unknown if one.who not in {SIGNED_OUT, HALF_WAY}} == {404}


OPEN_PAGES = {
    "conversations.start",
    "badges.event_page",
    "offline.worker",
    "offline.manifest",
    "offline.ask",
    "offline.nothing",
    "offline.waiting",
}
"""What a newcomer sees, and what a phone keeps without knowing anybody."""


def test_the_signed_out_are_asked_to_sign_in(reading):
    open_to_all = {"about", "accounts", "mail", "operating", "static"}
    answers = [
        one
        for one in reading.answers
        if one.who in {SIGNED_OUT, HALF_WAY}
        and one.target.endpoint.partition(".")[0] not in open_to_all
        and one.target.endpoint not in OPEN_PAGES
    ]
    assert answers
    for answer in answers:
        if answer.is_fragment:
            assert answer.status == 403, answer
        else:
            assert answer.status == 303, answer
            assert answer.location.startswith("/sign-in?next="), answer


@pytest.mark.parametrize("endpoint", ["ties.person", "ties.contact_card"])
def test_a_tie_is_found_by_its_two_people_alone(reading, endpoint):
    ties = {row["id"]: row for row in reading.before["tie"]}
    opened = set()
    for answer in reading.answers:
        if answer.target.endpoint == endpoint and answer.status == 200:
            row = ties[answer.target["tie_id"]]
            assert _viewer(reading, answer).person_id in {
                row["low_person_id"],
                row["high_person_id"],
            }
            opened.add(answer.target["tie_id"])
    assert opened


def test_a_talk_is_found_by_its_two_sides_alone(reading):
    rows = {row["id"]: row for row in reading.before["conversation"]}
    opened = set()
    for answer in reading.answers:
        if answer.target.endpoint == "ties.talk" and answer.status == 200:
            row = rows[answer.target["talk_id"]]
            assert {row["low_id"], row["high_id"]} & _viewer(reading, answer).attendee_ids, answer
            opened.add(answer.target["talk_id"])
    assert opened


def test_three_people_at_most_are_named_to_look_for(reading):
    named = {}
    for answer in reading.answers:
        if answer.target.endpoint == "topics.look_for" and answer.status == 200:
            printed = [reading.world.canaries[word] for word in answer.found]
            owners = {one.owner for one in printed if one.kind == "printed"} - {answer.who}
            assert len(owners) <= 3, answer
            named[answer.who] = named.get(answer.who, set()) | owners
    assert {who for who, owners in named.items() if len(owners) == 3} > {"amina", "tara"}
    assert named["una"] == set()


def test_the_desk_and_the_report_are_open_to_their_roles_alone(reading):
    for answer in _at_events(reading):
        roles = _viewer(reading, answer).roles(answer.target["event_id"])
        if answer.target.endpoint in {
            "insights.report",
            "team.team",
            "recruiting.teams",
            "settings.settings",
            "log.event_log",
            "printing.badges",
            "guests.file",
        }:
            assert (answer.status == 200) == bool(roles & RUNS), answer
        if answer.target.endpoint in {"desk.find", "desk.scan", "kept_desk.guests"}:
            assert (answer.status == 200) == bool(roles & {*RUNS, "desk"}), answer


def test_who_asked_to_be_introduced_is_listed_for_hosts_alone(reading):
    found = {}
    for answer in _at_events(reading):
        roles = _viewer(reading, answer).roles(answer.target["event_id"])
        if answer.target.endpoint in {"hosting.people", "hosting.people_fragment"}:
            assert (answer.status == 200) == bool(roles & {*RUNS, "desk"}), answer
            said = {reading.world.canaries[word] for word in answer.found}
            found.setdefault(answer.who, set()).update(
                one.owner for one in said if one.kind == "asking"
            )
    assert found["dan"] == {"amina", "tara", "wim", "bella"}
    assert found["olga"] == found["dan"]
    assert found["sam"] == {"nils"}
    assert found["pia"] == set()


def test_candidates_are_read_by_their_team_alone(reading):
    opened = {}
    for answer in _at_events(reading):
        viewer = _viewer(reading, answer)
        event_id = answer.target["event_id"]
        if answer.target.endpoint == "recruiting.candidate":
            sees = viewer.reviews(event_id, answer.target["person_id"])
            assert (answer.status == 200) == sees, answer
        if answer.target.endpoint in {"recruiting.candidates", "recruiting.board"}:
            assert (answer.status == 200) == bool(viewer.team_at(event_id)), answer
            words = (reading.world.canaries[word] for word in answer.found)
            owners = {one.owner for one in words if one.kind == "printed"}
            opened[answer.who] = opened.get(answer.who, set()) | owners
    assert opened["tess"] == opened["rita"] == {"tara", "deva", "dora"}
    assert opened["olga"] == set()


def test_of_a_review_nobody_hears_before_writing_their_own(reading):
    heard = {}
    for answer in reading.answers:
        said = {word for word in answer.found if reading.world.canaries[word].kind == "review"}
        rows = [
            row for row in reading.before["rating"] if any(one in row["reason"] for one in said)
        ]
        found = {(row["opening_id"], row["reviewer_id"]) for row in rows}
        heard[answer.who] = heard.get(answer.who, set()) | found
    persons, (first, second) = reading.world.persons, reading.world.openings
    tess, rita = persons["tess"].id, persons["rita"].id
    assert heard["rita"] == {(second, tess), (second, rita)}
    assert heard["tess"] == heard["tara"] == {(first, tess), *heard["rita"]}
    assert {who for who, found in heard.items() if found} == {"tess", "rita", "tara"}


def test_reviews_are_written_by_the_team_alone(reading):
    for answer in _at_events(reading):
        if answer.target.endpoint == "recruiting.review":
            viewer, event_id = _viewer(reading, answer), answer.target["event_id"]
            sees = viewer.reviews(event_id, answer.target["person_id"])
            is_known = answer.target["opening_id"] in reading.world.openings
            assert (answer.status == 200) == (sees and is_known), answer
        if answer.target.endpoint in {"recruiting.openings", "recruiting.opening"}:
            team = _viewer(reading, answer).team_at(answer.target["event_id"])
            is_known = answer.target["opening_id"] in {None, *reading.world.openings}
            assert (answer.status == 200) == (team is not None and is_known), answer


def _at_events(reading):
    return [one for one in reading.answers if one.target["event_id"]]


def _viewer(reading, answer):
    return reading.viewer(answer.who)
