"""Every URL of the app, made from its own map: a new route is in the crawl by itself."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crawl.world import HUB, UNKNOWN_ID, World, address_of, all_ties, asked_about
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from people import badge_of
from webapp.accounts.access import tag_of
from webapp.accounts.keys.models import Passkey
from webapp.accounts.models import Device
from webapp.badges import codes
from webapp.badges.desk.rules import second_of
from webapp.badges.printing.models import BadgePrint
from webapp.conversations.models import Conversation
from webapp.core import clock
from webapp.followups.models import Introduction, Promise
from webapp.mail.models import Mail
from webapp.recruiting.exporting.presets import PRESETS
from webapp.recruiting.models import Criterion, Handover, Stage, Team, TeamNote
from webapp.ties.models import Link

Values = list[dict[str, str]]
GUESTS = Path(__file__).resolve().parents[1] / "data" / "guests" / "tabs.tsv"
UNKNOWN_CODE = "0000000000000000"


@dataclass(frozen=True)
class Target:
    """One URL, and what it was made from."""

    endpoint: str
    rule: str
    url: str
    args: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str | None:
        return dict(self.args).get(name)


def targets(app: Flask, session: Session, world: World, method: str) -> list[Target]:
    """Return all URLs that take a method; a second spelling of a route is tried once."""
    values, queries = values_of(session, world), queries_of(session, world)
    found: list[Target] = []
    seen: set[str] = set()
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        choices = choose(rule, values)
        for args in choices[:1] if rule.endpoint in seen else choices:
            asked = queries.get(rule.endpoint, [""])
            found += [_target(app, rule, args, query) for query in asked]
        seen.add(rule.endpoint)
    return found


def _target(app: Flask, rule: Rule, args: dict[str, str], query: str) -> Target:
    with app.test_request_context():
        built = rule.build(args)
    assert built is not None, rule
    return Target(rule.endpoint, rule.rule, built[1] + query, tuple(args.items()))


def choose(rule: Rule, values: dict[Any, Values]) -> Values:
    """Return the values for a route's parameters: those of its endpoint, else of their names."""
    known = values.get(rule.endpoint) or values.get(frozenset(rule.arguments))
    assert known, f"the crawl has no values for {sorted(rule.arguments)} of {rule.rule}"
    return known


def values_of(session: Session, world: World) -> dict[Any, Values]:
    """The table of values, by the names of a route's parameters or by its endpoint."""
    events = {key: event.id for key, event in world.events.items()}
    event_codes = [{"code": event.code} for event in world.events.values()]
    return {
        frozenset(): [{}],
        frozenset({"event_id"}): [{"event_id": one} for one in (*events.values(), UNKNOWN_ID)],
        frozenset({"event_id", "talk_id"}): _at_events("talk_id", events, _talks(session)),
        frozenset({"event_id", "attendee_id"}): _at_events("attendee_id", events, _few(world)),
        frozenset({"event_id", "list_id"}): _at_events("list_id", events, world.guest_lists),
        frozenset({"event_id", "print_id"}): _at_events("print_id", events, _prints(session)),
        frozenset({"event_id", "team_id"}): _teams(session, events),
        frozenset({"event_id", "person_id"}): _reviewed(world, events),
        frozenset({"event_id", "opening_id"}): _openings(world, events),
        frozenset({"event_id", "person_id", "opening_id"}): _reviews(world, events),
        frozenset({"event_id", "person_id", "note_id"}): _team_notes(session, world, events),
        frozenset({"event_id", "handover_id"}): _handovers(session, events),
        frozenset({"tie_id"}): _each("tie_id", (tie.id for tie in all_ties(session))),
        frozenset({"device_id"}): _each("device_id", _of_some(session, world, Device)),
        frozenset({"passkey_id"}): _each("passkey_id", _of_some(session, world, Passkey)),
        frozenset({"tie_id", "link_id"}): _asked_about(session, world),
        frozenset({"tie_id", "promise_id"}): _promises(session, world),
        frozenset({"introduction_id"}): _each("introduction_id", _introductions(session)),
        frozenset({"link_id"}): _each("link_id", _of_some(session, world, Link)),
        frozenset({"person_id"}): _each("person_id", (world.persons[key].id for key in SOME)),
        frozenset({"mail_id"}): _each("mail_id", _some_mails(session)),
        frozenset({"kind", "reader", "proof"}): _stops(world),
        frozenset({"name"}): [{"name": "linkedin"}],
        "hosting.undo_introduced": _at_events(
            "attendee_id", events, [*_few(world), *_ids(world, "main", "lena")]
        ),
        "badges.event_page": [*event_codes, {"code": "ZZZZZZ"}],
        "badges.join": [*event_codes, {"code": "ZZZZZZ"}],
        "badges.ask_desk": [*event_codes, {"code": "ZZZZZZ"}],
        "badges.claim": _each("code", printed_codes(session, world)),
        "conversations.printed_code": _each("code", printed_codes(session, world)),
        "conversations.live_code": _live_codes(session, world),
    }


def _asked_about(session: Session, world: World) -> Values:
    """A link of Amina's over every tie, and one of somebody else's over one of hers."""
    ties = [tie.id for tie in all_ties(session)]
    hers, other = (asked_about(session, world, key).id for key in (HUB, "tara"))
    pairs = [*((tie, hers) for tie in ties), (ties[0], other), (ties[0], UNKNOWN_ID)]
    return [{"tie_id": tie, "link_id": link} for tie, link in pairs]


def _teams(session: Session, events: dict[str, str]) -> Values:
    """The team at its own event and at another one, and one nobody knows."""
    (team,) = session.query(Team)
    pairs = [(events["main"], team.id), (events["other"], team.id), (events["main"], UNKNOWN_ID)]
    return [{"event_id": event_id, "team_id": one} for event_id, one in pairs]


def _reviewed(world: World, events: dict[str, str]) -> Values:
    """Who agreed, who took it back, who did not answer, and who never talked with the team.

    The first two were handed to a colleague, one with their yes; the third agreed too.
    """
    reviewed = ("tara", "dora", "deva", "wim", "lena", HUB, "tess")
    ids = [world.persons[key].id for key in reviewed]
    pairs = [*((events["main"], one) for one in (*ids, UNKNOWN_ID)), (events["other"], ids[0])]
    return [{"event_id": event_id, "person_id": one} for event_id, one in pairs]


def _openings(world: World, events: dict[str, str]) -> Values:
    """Both openings, one of them at another event, and one nobody knows."""
    pairs = [("main", world.openings[0]), ("main", world.openings[1])]
    pairs += [("other", world.openings[0]), ("main", UNKNOWN_ID)]
    return [{"event_id": events[event], "opening_id": one} for event, one in pairs]


def _reviews(world: World, events: dict[str, str]) -> Values:
    """Who agreed, for either opening, and everybody else for the first."""
    tara = world.persons["tara"].id
    found = [{"event_id": events["main"], "person_id": tara, "opening_id": world.openings[1]}]
    found += [one | {"opening_id": world.openings[0]} for one in _reviewed(world, events)]
    return [*found, found[0] | {"opening_id": UNKNOWN_ID}]


def _team_notes(session: Session, world: World, events: dict[str, str]) -> Values:
    """What Tess and Rita noted about Tara, as if about somebody else, and what nobody noted."""
    tara, lena = (world.persons[key].id for key in ("tara", "lena"))
    notes = [one.id for one in session.query(TeamNote).order_by(TeamNote.written_at)]
    pairs = [*((tara, one) for one in notes), (lena, notes[0]), (tara, UNKNOWN_ID)]
    main = events["main"]
    return [{"event_id": main, "person_id": about, "note_id": one} for about, one in pairs]


def _typed_review(session: Session, step: str, reason: str) -> dict[str, str]:
    """A step and a reason for every criterion of every opening."""
    return {
        f"{one.id}-{name}": value
        for one in session.query(Criterion)
        for name, value in (("score", step), ("reason", reason))
    }


def _handovers(session: Session, events: dict[str, str]) -> Values:
    """What two are asked, at its own event and at another one, and one nobody knows."""
    ids = [one.id for one in session.query(Handover)]
    pairs = [*((events["main"], one) for one in (*ids, UNKNOWN_ID)), (events["other"], ids[0])]
    return [{"event_id": event_id, "handover_id": one} for event_id, one in pairs]


def _stages(session: Session) -> list[str]:
    return [one.id for one in session.query(Stage).order_by(Stage.place)]


def _introductions(session: Session) -> list[str]:
    return [one.id for one in session.query(Introduction)]


def _tie_of(session: Session, world: World, one: str, other: str) -> str:
    pair = {world.persons[one].id, world.persons[other].id}
    return next(
        tie.id for tie in all_ties(session) if {tie.low_person_id, tie.high_person_id} == pair
    )


def _promises(session: Session, world: World) -> Values:
    """What Amina and Tara promised each other, one over a closed tie, and one over a wrong tie."""
    found = [
        (one.tie_id, one.id)
        for one in session.query(Promise)
        if (world.key_of(one.by_id), world.key_of(one.to_id))
        in {("tara", HUB), (HUB, "tara"), ("uma", HUB)}
    ]
    (_, first), (last, _) = found[0], found[-1]
    return [{"tie_id": tie, "promise_id": one} for tie, one in [*found, (last, first)]]


def _each(name: str, ids: Any) -> Values:
    return [{name: one} for one in (*ids, UNKNOWN_CODE if name == "code" else UNKNOWN_ID)]


def _at_events(name: str, events: dict[str, str], things: list[tuple[str, str]]) -> Values:
    """Each thing at its own event, and one of each event at the wrong one."""
    first = dict(reversed(things))
    mixed = [
        (events["main"], first[events["other"]]),
        (events["other"], first[events["main"]]),
        (events["main"], UNKNOWN_ID),
    ]
    return [{"event_id": event_id, name: thing} for event_id, thing in [*things, *mixed]]


def _some_mails(session: Session) -> list[str]:
    """One that waits and one that was given up."""
    waiting, gone = (
        session.query(Mail).filter(Mail.gave_up_at.is_(None)),
        session.query(Mail).filter(Mail.gave_up_at.is_not(None)),
    )
    return [waiting.first().id, gone.first().id]


def _stops(world: World) -> Values:
    """The addresses at which letters are stopped, and what somebody could make of one."""
    parts = [url.rsplit("/", 3)[1:] for url in world.stop_urls]
    made_up = [["guest", *parts[0][1:]], [*parts[0][:2], "0" * 32], ["?", *parts[0][1:]]]
    return [dict(zip(("kind", "reader", "proof"), one, strict=True)) for one in parts + made_up]


FEW = (HUB, "tara", "guest", "spare", "held", "nils", "pia")
"""Whose badges are asked for: tied, unclaimed, somebody's to be, and of other events."""


def _few(world: World) -> list[tuple[str, str]]:
    return [(one.event_id, one.id) for (_, key), one in world.attendees.items() if key in FEW]


def _ids(world: World, event: str, key: str) -> list[tuple[str, str]]:
    one = world.attendees[event, key]
    return [(one.event_id, one.id)]


def _talks(session: Session) -> list[tuple[str, str]]:
    return [(one.event_id, one.id) for one in session.query(Conversation)]


SOME = (HUB, "tara", "boris", "sam")
"""Whose devices and links are meddled with, and who is unblocked."""


def _prints(session: Session) -> list[tuple[str, str]]:
    return [(one.event_id, one.id) for one in session.query(BadgePrint)]


def _of_some(session: Session, world: World, model: type[Device | Link | Passkey]) -> list[str]:
    owned = (session.query(model).filter_by(person_id=world.persons[key].id) for key in SOME)
    return [found.first().id for found in owned]


def printed_codes(session: Session, world: World) -> list[str]:
    """The printed codes of a few badges, and a revoked one."""
    few = [one for (_, key), one in world.attendees.items() if key in FEW]
    return [*(codes.printed_code(badge_of(session, one)) for one in few), *world.revoked_codes]


def live_now(session: Session, world: World, event: str, key: str, steps_ago: int = 0) -> str:
    badge = badge_of(session, world.attendees[event, key])
    return codes.live_code(badge, codes.step_at(clock.now()) - steps_ago)


def _live_codes(session: Session, world: World) -> Values:
    shown = [
        ("main", live_now(session, world, "main", HUB)),
        ("main", live_now(session, world, "main", "boris", 1)),
        ("main", live_now(session, world, "main", "newbie", 2)),
        ("other", live_now(session, world, "other", "nils")),
        ("other", live_now(session, world, "main", "tara")),
        ("past", live_now(session, world, "past", "pia")),
    ]
    found = [{"event_code": world.events[event].code, "code": code} for event, code in shown]
    return [*found, {"event_code": "ZZZZZZ", "code": "0000000000"}]


def queries_of(session: Session, world: World) -> dict[str, list[str]]:
    """What is asked for behind the question mark, by endpoint."""
    short = codes.short_code(badge_of(session, world.attendees["main", "newbie"]))
    own = codes.short_code(badge_of(session, world.attendees["main", HUB]))
    other = codes.printed_code(badge_of(session, world.attendees["other", "nils"]))
    live = live_now(session, world, "main", "tara")
    return {
        "conversations.ask": [f"?code={code}" for code in (short, own, other, live)],
        "followups.meeting_file": ["?begins=2026-12-01", "?begins=2026-12-01T18:30Z", ""],
        "followups.introducing": ["", "?letters=zqcanary"],
        "desk.find": ["", "?q=zqcanary", "?q=nobody"],
        "printing.paper_fragment": ["", "?layout=label-41x89", "?layout=a5"],
        "accounts.sign_in": ["", "?next=/people"],
        "ties.seen": ["", "?by=recruiter", *(f"?by={tie.id}" for tie in all_ties(session))],
        "recruiting.candidates": [
            "",
            "?words=zqcanary",
            f"?colleague={world.persons['tess'].id}",
            f"?colleague={world.persons['orla'].id}",
            f"?stage={_stages(session)[0]}",
            f"?after={world.attendees['main', 'tara'].id}",
            "?topic=zqcanary&due=promise",
            "?due=step&sort=next",
            "?due=mine&sort=latest",
        ],
        "recruiting.board": [
            "",
            f"?words=zqcanary&moved={world.persons['tara'].id}&before={_stages(session)[1]}",
        ],
        "recruiting.move": ["", "?from=board"],
        "recruiting.export": ["", "?words=zqcanary", "?words=nobody"],
        "recruiting.check_export": [
            f"?{urlencode(said)}" for said in (*_exports(world)[5:8], {"preset": "?"})
        ],
        "recruiting.candidate": ["", f"?before={_stages(session)[1]}"],
        "settings.new": ["", f"?like={world.events['main'].id}"],
    }


def forms_of(session: Session, world: World) -> dict[str, list[dict[str, Any]]]:
    """What is sent to each route that takes a form; a route without an entry fails the crawl.

    The first form is sent to every URL of the route, the others until somebody is let through.
    """
    nothing = {
        "accounts.ask_again",
        "accounts.sign_out",
        "accounts.sign_out_device",
        "accounts.sign_out_everywhere",
        "keys.begin",
        "keys.begin_passkey",
        "keys.make_recovery",
        "keys.remove_app",
        "keys.remove_passkey",
        "badges.ask_desk",
        "desk.check_in",
        "desk.reissue",
        "desk.take_back",
        "conversations.refuse",
        "conversations.take_refusal_back",
        "conversations.undo",
        "conversations.block",
        "mail.stop",
        "mydata.confirm_leave",
        "mydata.export",
        "mydata.take_back",
        "mail.resume",
        "operator.try_again",
        "operator.stop_trying",
        "wishes.stop_all",
        "settings.archive",
        "settings.bring_back",
        "team.accept_invitation",
        "team.end_offer",
        "team.take_over",
        "guests.go_on",
        "recruiting.accept_handover",
        "recruiting.agree",
        "recruiting.close_opening",
        "recruiting.delete_note",
        "recruiting.decline_handover",
        "recruiting.join",
        "recruiting.leave",
        "recruiting.reopen_opening",
        "recruiting.take_back",
        "recruiting.take_question_back",
        "recruiting.undo_decline",
        "hosting.help_in",
        "hosting.introduced",
        "hosting.let_be",
        "hosting.say_thanks",
        "hosting.undo_introduced",
        "ties.confirm",
        "ties.untie",
        "ties.retie",
        "ties.block",
        "ties.remove_link",
        "ties.restore_link",
        "ties.move_link_up",
        "ties.give_link",
        "ties.keep_link_back",
        "ties.unblock",
        "followups.keep_promise",
        "followups.drop_promise",
        "followups.confirm_promise",
        "followups.take_back",
        "followups.note_opened",
        "followups.mark_followed_up",
        "followups.take_followed_up_back",
        "followups.accept",
        "followups.decline",
        "followups.take_answer_back",
        "followups.withdraw",
    }
    guest = {"name": "A Guest", "organisation": "Kora Labs", "address": "guest@example.org"}
    begins = {"starts_at": "2026-12-01T18:00", "ends_at": "2026-12-01T22:00"}
    filled = {
        "accounts.ask_for_code": [{"address": "someone@example.org"}],
        "accounts.try_code": [{"code": "12345678"}],
        "accounts.finish_welcome": [{"name": "A Newcomer", "linkedin_url": ""}],
        "keys.sign_in": [{"credential": "?"}],
        "keys.try_app": [{"code": "123456"}],
        "keys.try_recovery": [{"recovery": "?"}],
        "keys.add_passkey": [{"name": "Mine", "credential": "?"}, {"name": ""}],
        "keys.add_app": [{"salt": ""}, {"salt": "0" * 32, "code": "123456"}],
        "badges.join": [{"name": "A Walk-in"}],
        "badges.claim": [{"claim_code": "00000000"}],
        "desk.undo_check_in": [{"seen": str(second_of(world.events["main"].starts_at))}, {}],
        "desk.vouch": [{"code": world.desk_code}, {"code": "ABCDEF"}],
        "kept_desk.inbox": _desk_items(world),
        "desk.add": [guest | {"here": "1"}, guest, {"name": ""}],
        "printing.ask_for_print": PRINTS,
        "settings.create": [{"name": "Mine", "time_zone": "Europe/Berlin", **begins}, {"name": ""}],
        "settings.change": _settings(world),
        "settings.erase": [{"typed_name": world.events["past"].name}, {"typed_name": "?"}],
        "team.leave": [{"name": "desk"}, {"name": "co_organiser"}, {"name": "recruiter"}],
        "team.offer": [{"person_id": world.persons[key].id} for key in ("orla", "dan", "cleo")],
        "team.ask": [{"address": "new@example.org", "name": "desk"}, {"address": "?"}],
        "team.remove": _removals(world),
        "ties.change_card": [{"name": "Somebody Else"}, {"name": ""}],
        "ties.change_link": [{"url": "changed.example.org", "audience": "ask"}, {"url": "?"}],
        "ties.add_link": [{"kind": "github", "url": "github.com/somebody"}, {"kind": "?"}],
        "recruiting.grant": [{"name": "Zeta", "address": "new@example.org"}, {"name": ""}],
        "recruiting.invite": [{"address": "new@example.org"}, {"address": "?"}],
        "recruiting.remove": [
            {"person_id": world.persons["rita"].id},
            {"address": address_of(world, session, "newbie")},
        ],
        "recruiting.name_stages": [
            {f"stage-{_stages(session)[0]}": "Fresh", "new": "Moved in"},
            {"new": "x" * 50},
        ],
        "recruiting.add_opening": [
            {"title": "Data engineer", "criteria": "Explains\nListens"},
            {"title": "", "criteria": "x" * 90},
        ],
        "recruiting.change_opening": [
            {"title": "Other words", "new": "Asks back", "seen": "0"},
            {"title": "Other words", "seen": "1"},
            {"title": ""},
        ],
        "recruiting.write_review": [
            _typed_review(session, "3", "Did so") | {"seen": "1", "seen_opening": "0"},
            _typed_review(session, "3", "Did so") | {"seen": "0", "seen_opening": "0"},
            _typed_review(session, "3", ""),
        ],
        "recruiting.write_note": [{"text": "A new note"}, {"text": ""}],
        "recruiting.move": [
            {"stage": _stages(session)[1], "seen": "1"},
            {"stage": _stages(session)[1], "seen": "0"},
            {"stage": "?"},
        ],
        "recruiting.say_outcome": [{"outcome": "hire", "seen": "1"}, {"outcome": "?"}],
        "recruiting.make_export": [*_exports(world), {"preset": "?", "whom": "all"}],
        "recruiting.hand_over": [
            {"to": world.persons["rita"].id, "reason": "Rita knows"},
            {"to": world.persons["rita"].id, "reason": ""},
        ],
        "recruiting.plan": [
            {"next_step": "Call them", "owner": world.persons["tess"].id, "seen": "1"},
            {"next_step": "Call them", "owner": "", "seen": "0"},
            {"next_on": "?"},
        ],
        "followups.keep": KEPT,
        "followups.make": PROMISES,
        "followups.change": PROMISES,
        "followups.choose_depth": [{"depth": "hello"}, {"depth": ""}, {"depth": "abysmal"}],
        "followups.check_in": [{}, {"from": "follow-up"}],
        "followups.choose_rhythm": [{"rhythm": "monthly"}, {"rhythm": "hourly"}],
        "followups.choose_day": [{"day": "2026-12-01", "hour": "18:30"}, {"day": "2026-11-01"}],
        "followups.introduce": [
            {"to": _tie_of(session, world, HUB, "pia"), "reason": "Both sing"},
            {"to": _tie_of(session, world, HUB, "lena"), "reason": ""},
        ],
        "followups.say_outcome": OUTCOMES,
        "followups.use_words": [{"words": "Hi, it was good to talk."}, {"words": ""}],
        "followups.say_depth": [{"says_depth": ""}, {"says_depth": "y"}],
        "topics.keep_topics": TOPICS,
        "wishes.keep": [{"kind": ["morning", "round_up"]}, {"kind": "guest"}],
        "hosting.ask": ASKINGS,
        "conversations.claim": _claims(session, world),
        "guests.upload": [{"file": (str(GUESTS), GUESTS.name)}, {}],
        "guests.choose": [{"column-0": "name"}, {"column-0": ""}],
        "offline.inbox": _uploads(session, world),
    }
    return {endpoint: [{}] for endpoint in nothing} | filled


PROMISES = [
    {"kind": "meet_again", "words": "", "due": "week"},
    {"kind": "nothing", "words": "Water the plants", "due": "date", "due_on": "2027-01-01"},
    {"kind": "nothing", "words": "", "due": "none"},
    {"kind": "send_link", "words": "x" * 300, "due": "date", "due_on": "?"},
]

KEPT = [
    {"note": "A new note", "kind": "meet_again", "due": "week", "depth": "mattered"},
    {"note": "", "words": "Water the plants"},
    {"note": "x" * 3000, "kind": "?", "depth": "?"},
]

OUTCOMES = [
    {"outcome": "advice", "text": "They knew whom to ask"},
    {"outcome": "nothing_yet", "from": "follow-up"},
    {"outcome": "fame"},
]


TOPICS = [
    {"offers": "chess, choirs", "seeks": "PostgreSQL", "is_looking": "y"},
    {"offers": "chess", "seeks": ""},
    {"offers": "R", "seeks": "", "is_looking": "y"},
    {"offers": "R", "seeks": ""},
]
"""With the tick and without, each with what can be taken and what cannot."""


ASKINGS = [
    {"may_introduce": "y", "line": "choirs", "has_met_nobody": "y"},
    {"line": ""},
    {"may_introduce": "y", "line": "x" * 200},
]


PRINTS = [
    {"layout": "a4-8", "which": "all", "has_backs": "y"},
    {"layout": "label-41x89", "which": "new"},
    {"layout": "a5", "which": "all"},
]


def _exports(world: World) -> list[dict[str, Any]]:
    """Every preset with everybody and all notes; then who is new, and those chosen by hand."""
    everybody = {"whom": "all", "has_notes": "y"}
    chosen = [world.persons[key].id for key in ("tara", "wim", "lena", HUB)]
    return [
        *({"preset": key} | everybody for key in PRESETS),
        {"preset": "hubspot", "whom": "new"},
        *({"preset": "plain", "whom": "chosen", "person": one} for one in chosen),
    ]


def _settings(world: World) -> list[dict[str, Any]]:
    """Settings that may hold for every event of the world, and some that may not."""
    times = [
        moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT%H:%M")
        for moment in (world.events["main"].starts_at, world.events["main"].ends_at)
    ]
    said = {"name": "Renamed", "time_zone": "Europe/Berlin", "k": "20"}
    fits = said | {"starts_at": times[0], "ends_at": times[1]}
    return [fits, fits | {"k": "5"}, fits | {"name": ""}]


DESKED = (("main", "guest"), ("main", "tara"), ("other", "nils"))
"""Whom a helper's phone says it checked in."""


def _desk_items(world: World) -> list[dict[str, str]]:
    fixed = {"code": "", "of": "", "age": 60}
    seen = second_of(world.events["main"].starts_at)
    verbs = {"in": {"seen": None}, "undo": {"seen": seen}}
    guests = {key: world.attendees[event, key].id for event, key in DESKED}
    items = [
        {"nonce": f"crawl-{verb}-{key}", "verb": verb, "guest": guest} | more | fixed
        for key, guest in guests.items()
        for verb, more in verbs.items()
    ]
    mine = {"me": tag_of(world.persons["dan"].id), "items": json.dumps(items)}
    return [mine, {"me": mine["me"], "items": "?"}, {"me": "nobody", "items": "[]"}]


def _removals(world: World) -> list[dict[str, str]]:
    persons = world.persons
    return [
        {"person_id": persons["dan"].id, "name": "desk"},
        {"person_id": persons["olga"].id, "name": "organiser"},
        {"person_id": persons["cleo"].id, "name": "co_organiser"},
        {"person_id": persons["rita"].id, "name": "recruiter"},
    ]


def _uploads(session: Session, world: World) -> list[dict[str, str]]:
    scans = [
        {"code": claim["code"], "nonce": f"kept-{number}", "event": "", "age": 60}
        for number, claim in enumerate(_claims(session, world))
    ]
    mine = {"me": tag_of(world.persons[HUB].id), "scans": json.dumps(scans)}
    return [mine, {"me": mine["me"], "scans": "?"}, {"me": "nobody", "scans": "[]"}]


def _claims(session: Session, world: World) -> list[dict[str, str]]:
    badge = badge_of(session, world.attendees["main", "newbie"])
    sent = {
        "printed": codes.printed_code(badge),
        "short": codes.short_code(badge),
        "hub": codes.printed_code(badge_of(session, world.attendees["main", HUB])),
        "live": live_now(session, world, "main", "newbie"),
        "other": codes.printed_code(badge_of(session, world.attendees["other", "nils"])),
        "unknown": UNKNOWN_CODE,
    }
    good = [{"code": code, "nonce": f"crawl-{name}"} for name, code in sent.items()]
    return [*good, {"code": "", "nonce": ""}]
