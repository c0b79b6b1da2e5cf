"""Every URL of the app, made from its own map: a new route is in the crawl by itself."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawl.world import HUB, UNKNOWN_ID, World, all_ties
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from people import badge_of
from webapp.accounts.access import tag_of
from webapp.accounts.models import Device
from webapp.badges import codes
from webapp.badges.printing.models import BadgePrint
from webapp.conversations.models import Conversation
from webapp.core import clock
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
        frozenset({"tie_id"}): _each("tie_id", (tie.id for tie in all_ties(session))),
        frozenset({"device_id"}): _each("device_id", _of_some(session, world, Device)),
        frozenset({"link_id"}): _each("link_id", _of_some(session, world, Link)),
        frozenset({"person_id"}): _each("person_id", (world.persons[key].id for key in SOME)),
        frozenset({"name"}): [{"name": "linkedin"}],
        "badges.event_page": [*event_codes, {"code": "ZZZZZZ"}],
        "badges.join": [*event_codes, {"code": "ZZZZZZ"}],
        "badges.claim": _each("code", printed_codes(session, world)),
        "conversations.printed_code": _each("code", printed_codes(session, world)),
        "conversations.live_code": _live_codes(session, world),
    }


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


FEW = (HUB, "tara", "guest", "spare", "nils", "pia")
"""Whose badges are asked for: tied, unclaimed, somebody's to be, and of other events."""


def _few(world: World) -> list[tuple[str, str]]:
    return [(one.event_id, one.id) for (_, key), one in world.attendees.items() if key in FEW]


def _talks(session: Session) -> list[tuple[str, str]]:
    return [(one.event_id, one.id) for one in session.query(Conversation)]


SOME = (HUB, "tara", "boris", "sam")
"""Whose devices and links are meddled with, and who is unblocked."""


def _prints(session: Session) -> list[tuple[str, str]]:
    return [(one.event_id, one.id) for one in session.query(BadgePrint)]


def _of_some(session: Session, world: World, model: type[Device | Link]) -> list[str]:
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
        "badges.desk": ["", "?q=zqcanary", "?q=nobody"],
        "printing.paper_fragment": ["", "?layout=label-41x89", "?layout=a5"],
        "accounts.sign_in": ["", "?next=/people"],
    }


def forms_of(session: Session, world: World) -> dict[str, list[dict[str, Any]]]:
    """What is sent to each route that takes a form; a route without an entry fails the crawl.

    The first form is sent to every URL of the route, the others to its first one.
    """
    nothing = {
        "accounts.sign_out",
        "accounts.sign_out_device",
        "accounts.sign_out_everywhere",
        "badges.check_in",
        "badges.undo_check_in",
        "badges.reissue",
        "conversations.refuse",
        "conversations.take_refusal_back",
        "conversations.undo",
        "conversations.block",
        "events.accept_invitation",
        "guests.go_on",
        "ties.confirm",
        "ties.untie",
        "ties.retie",
        "ties.block",
        "ties.remove_link",
        "ties.unblock",
    }
    guest = {"name": "A Guest", "organisation": "Kora Labs", "address": "guest@example.org"}
    begins = {"starts_at": "2026-12-01T18:00", "ends_at": "2026-12-01T22:00"}
    filled = {
        "accounts.ask_for_code": [{"address": "someone@example.org"}],
        "accounts.try_code": [{"code": "12345678"}],
        "accounts.finish_welcome": [{"name": "A Newcomer", "linkedin_url": ""}],
        "badges.join": [{"name": "A Walk-in"}],
        "badges.claim": [{"claim_code": "00000000"}],
        "badges.add_guest": [guest, {"name": ""}],
        "printing.ask_for_print": PRINTS,
        "events.create": [{"name": "Mine", "time_zone": "Europe/Berlin", **begins}, {"name": ""}],
        "events.add_to_team": [{"address": "new@example.org", "name": "desk"}, {"address": "?"}],
        "events.remove_from_team": _removals(world),
        "ties.change_card": [{"name": "Somebody Else"}, {"name": ""}],
        "ties.add_link": [{"kind": "github", "url": "github.com/somebody"}, {"kind": "?"}],
        "ties.keep_note": [{"text": "A new note"}, {"text": ""}, {"text": "x" * 3000}],
        "topics.keep_topics": TOPICS,
        "conversations.claim": _claims(session, world),
        "guests.upload": [{"file": (str(GUESTS), GUESTS.name)}, {}],
        "guests.choose": [{"column-0": "name"}, {"column-0": ""}],
        "offline.inbox": _uploads(session, world),
    }
    return {endpoint: [{}] for endpoint in nothing} | filled


TOPICS = [
    {"offers": "chess, choirs", "seeks": "PostgreSQL", "is_looking": "y"},
    {"offers": "chess", "seeks": ""},
    {"offers": "R", "seeks": "", "is_looking": "y"},
    {"offers": "R", "seeks": ""},
]
"""With the tick and without, each with what can be taken and what cannot."""


PRINTS = [
    {"layout": "a4-8", "which": "all", "has_backs": "y"},
    {"layout": "label-41x89", "which": "new"},
    {"layout": "a5", "which": "all"},
]


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
