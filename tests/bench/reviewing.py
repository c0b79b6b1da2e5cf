"""What a team sees of 10,000 candidates, by hand: `PYTHONPATH=tests python -m bench.reviewing`."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from crowds import Said, let_talk, make_crowd
from sqlalchemy.orm import Session

import services
from bench import table
from bench.desk import asking, row
from bench.running import fresh_app, gunicorn
from people import cookie_of, make_event, make_person
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.db import transaction
from webapp.events.models import Attendee, Event
from webapp.recruiting.models import Agreement, Member, Stage, Standing
from webapp.recruiting.services.teams import grant_team
from webapp.ties.models import Tie
from webapp.topics.models import Side, Topic

CANDIDATES, COLLEAGUES, TOPICS, TIMES = 10_000, 4, 40, 40
GOAL = 100
"""Milliseconds."""


def fill() -> dict[str, str]:
    """Make a team that has talked with everybody, all of whom agreed; return who looks at whom."""
    with transaction() as session:
        now, olga = clock.now(), make_person(session, name="Olga")
        event = make_event(session, by=olga, starts_at=now - timedelta(hours=3))
        team = grant_team(
            session, event=event, name="Kora Labs", address="rita@example.org", by=olga, now=now
        )
        ids = make_crowd(session, event=event, groups=[None] * (COLLEAGUES + CANDIDATES))
        crowd, members = range(COLLEAGUES, len(ids)), range(COLLEAGUES)
        let_talk(
            session,
            event=event,
            ids=ids,
            said=[Said(now - timedelta(seconds=at), at, at % COLLEAGUES) for at in crowd],
        )
        found = session.execute(
            sa.select(Attendee.id, Attendee.person_id).where(Attendee.event_id == event.id)
        )
        who = {attendee_id: str(person_id) for attendee_id, person_id in found}
        persons = [who[one] for one in ids]
        key = {"event_id": event.id, "team_id": team.id}
        add(
            session,
            Member,
            [
                key | {"person_id": persons[at], "is_admin": at == 0, "joined_at": now}
                for at in members
            ],
        )
        add(session, Tie, [_tie(event, persons[at], persons[at % COLLEAGUES]) for at in crowd])
        agreed = [
            key | {"person_id": persons[at], "agreed_at": now - timedelta(seconds=at)}
            for at in crowd
        ]
        add(session, Agreement, agreed)
        stages = session.scalars(sa.select(Stage.id).order_by(Stage.place)).all()
        add(
            session,
            Standing,
            [
                key
                | {
                    "person_id": persons[at],
                    "stage_id": stages[at % len(stages)],
                    "owner_id": persons[at // 2 % COLLEAGUES],
                    "next_step": "Call",
                    "next_on": (now + timedelta(days=at % 90 - 30)).date() if at % 3 else None,
                    "changes": 1,
                    "changed_at": now,
                }
                for at in crowd
                if at % 2
            ],
        )
        add(
            session,
            Topic,
            [
                {
                    "event_id": event.id,
                    "attendee_id": ids[at],
                    "side": Side.OFFERS,
                    "key": f"topic {at * step % TOPICS}",
                    "text": f"Topic {at * step % TOPICS}",
                    "place": step,
                }
                for at in crowd
                for step in (1, 3, 7)
                if step == 1 or at * step % TOPICS not in {at % TOPICS, at * 3 % TOPICS}
            ],
        )
        return {
            "here": f"/events/{event.id}/candidates",
            "rita": persons[0],
            "somebody": persons[-4],
            "colleague": persons[1],
            "stage": stages[2],
            "middle": ids[len(ids) // 2],
        }


def add(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    session.execute(sa.insert(model), rows)


def _tie(event: Event, one: str, other: str) -> dict[str, Any]:
    low, high = sorted((one, other))
    return {
        "low_person_id": low,
        "high_person_id": high,
        "opened_at": event.starts_at,
        "last_talk_at": event.starts_at,
        "last_event_id": event.id,
    }


def paths(at: dict[str, str]) -> dict[str, str]:
    """Return what is opened, by what it is called."""
    here = at["here"]
    return {
        "list": here,
        "list, from the middle": f"{here}?after={at['middle']}",
        "list, two words": f"{here}?words=guest+number0777",
        "list, nobody": f"{here}?words=zzzz",
        "list, by colleague": f"{here}?colleague={at['colleague']}",
        "list, by stage": f"{here}?stage={at['stage']}",
        "list, by topic": f"{here}?topic=topic+12",
        "list, a topic of nobody": f"{here}?topic=tomatoes",
        "list, due by today": f"{here}?due=step",
        "list, my next steps": f"{here}?due=mine",
        "list, who agreed last": f"{here}?sort=latest",
        "list, by day": f"{here}?sort=next",
        "list, by day, narrowed": f"{here}?sort=next&words=number0777&stage={at['stage']}",
        "board": f"{here}/board",
        "one candidate": f"{here}/{at['somebody']}",
    }


def measure(app: Any, settings: dict[str, str]) -> list[dict[str, Any]]:
    at = fill()
    with transaction() as session:
        cookie = cookie_of(app, session, session.get_one(Person, at["rita"]))
    database.db.session.execute(sa.text("ANALYZE"))
    database.db.session.commit()
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "Host": "localhost"}
    port, bare = services.free_port(), services.free_port()
    with gunicorn("app:app", port, settings), asking(port, headers) as of:
        rows = [row(what, of(path), TIMES) | {"goal_ms": GOAL} for what, path in paths(at).items()]
    with gunicorn("bench.bare:app", bare, {"PYTHONPATH": "tests"}), asking(bare, {}) as of:
        rows.append(row("bare Flask, 1 KB", of("/")) | {"goal_ms": GOAL})
    return rows


def main() -> None:
    """Measure and print."""
    asked = table.parser(__doc__).parse_args()
    with fresh_app() as (app, settings):
        rows = measure(app, settings)
    table.show(rows, kept_in=asked.json)


if __name__ == "__main__":
    main()
