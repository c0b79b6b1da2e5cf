"""Who may see and change what, told a second time, straight from the rows of the database.

It shares no code with the app: where the two differ, one of them is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from crawl.world import Canary, World

from webapp.core import clock
from webapp.core.db import Base

Row = dict[str, Any]
Rows = dict[str, list[Row]]

RUNS = {"organiser", "co_organiser"}
WORKS_THE_DESK = RUNS | {"desk"}
NOBODY_SEES = {"mail", "secret"}
OF_A_TEAM = {"plan", "review", "team note"}
"""What a team keeps about somebody."""


def read_all(engine: sa.Engine) -> Rows:
    """Return every row of every table, in a fixed order."""
    with engine.connect() as connection:
        return {table.name: _rows_of(connection, table) for table in Base.metadata.sorted_tables}


class Watch:
    """Knows how the database should be, and reads again only what was changed since."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection = engine.raw_connection()
        self._asks = "PRAGMA data_version"
        if engine.dialect.name == "postgresql":
            self._connection.driver_connection.autocommit = True
            self._asks = "SELECT pg_snapshot_xmax(pg_current_snapshot())"
        self.rows = read_all(engine)
        with engine.connect() as connection:
            tables = Base.metadata.sorted_tables
            self._plain = {table.name: _as_given(connection, table) for table in tables}
        self.go_on()

    def _now(self) -> str:
        cursor = self._connection.cursor()
        cursor.execute(self._asks)
        return str(cursor.fetchone()[0])

    def look(self) -> Rows:
        """Return every row of every table as it is now; `rows` itself where all is as before."""
        if self._now() == self._known:
            return self.rows
        with self._engine.connect() as connection:
            changed = {
                table.name: _rows_of(connection, table)
                for table in Base.metadata.sorted_tables
                if _as_given(connection, table) != self._plain[table.name]
            }
        if changed:
            return self.rows | changed
        self.go_on()
        return self.rows

    def put_back(self, now: Rows) -> None:
        """Make the database what it should be, knowing how it is now."""
        write_all(self._engine, self.rows, now)
        self.go_on()

    def go_on(self) -> None:
        """Take the database as it is now for what it should be."""
        self._known = self._now()

    def close(self) -> None:
        self._connection.invalidate()


def _as_given(connection: sa.Connection, table: sa.Table) -> list[tuple[Any, ...]]:
    """Return every row as the database itself gives it, in a fixed order."""
    key = ", ".join(column.name for column in table.primary_key)
    found = connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY {key}")  # noqa: S608
    return list(found.cursor.fetchall())


def _rows_of(connection: sa.Connection, table: sa.Table) -> list[Row]:
    found = connection.execute(sa.select(table).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def write_all(engine: sa.Engine, rows: Rows, now: Rows) -> None:
    """Put the database back, row by row: what is new goes, children first; what was comes back."""
    undone = [(Base.metadata.tables[table], *pair) for table, *pair in changes(rows, now)]
    with engine.begin() as connection:
        for table, old, new in reversed(undone):
            if old is None and new is not None:
                connection.execute(sa.delete(table).where(_same_key(table, new)))
        for table, old, new in undone:
            if new is None:
                connection.execute(sa.insert(table), old)
            elif old is not None:
                connection.execute(sa.update(table).where(_same_key(table, old)).values(old))


def _same_key(table: sa.Table, row: Row) -> sa.ColumnElement[bool]:
    return sa.and_(*(column == row[column.name] for column in table.primary_key))


def changes(before: Rows, after: Rows) -> Iterator[tuple[str, Row | None, Row | None]]:
    """Give each row that differs, as table, row before, row after."""
    for table in Base.metadata.sorted_tables:
        if before[table.name] == after[table.name]:
            continue
        keys = [column.name for column in table.primary_key]
        old = {tuple(row[key] for key in keys): row for row in before[table.name]}
        new = {tuple(row[key] for key in keys): row for row in after[table.name]}
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                yield table.name, old.get(key), new.get(key)


@dataclass
class Viewer:
    """One person in one state of the database; `person_id` is None for somebody signed out."""

    world: World
    rows: Rows
    person_id: str | None

    @property
    def addresses(self) -> set[str]:
        own = (row for row in self.rows["email_address"] if row["person_id"] == self.person_id)
        return {row["address"] for row in own} if self.person_id else set()

    @property
    def is_operator(self) -> bool:
        return self.person_id == self.world.persons["otto"].id

    @property
    def attendee_ids(self) -> set[str]:
        if self.person_id is None:
            return set()
        return {row["id"] for row in self.rows["attendee"] if row["person_id"] == self.person_id}

    def attends(self, event_id: str) -> bool:
        return any(
            row["event_id"] == event_id and row["id"] in self.attendee_ids
            for row in self.rows["attendee"]
        )

    def roles(self, event_id: str, person_id: str | None = None) -> set[str]:
        whose = person_id or self.person_id
        return {
            str(row["name"].value)
            for row in self.rows["role"]
            if row["event_id"] == event_id and row["person_id"] == whose
        }

    def is_known_at(self, event_id: str) -> bool:
        return self.attends(event_id) or bool(self.roles(event_id))

    def is_invited_to(self, event_id: str) -> bool:
        return any(
            row["event_id"] == event_id and row["address"] in self.addresses
            for row in self.rows["invitation"]
        )

    def is_asked_to_team_at(self, event_id: str) -> bool:
        return any(
            row["event_id"] == event_id
            and row["address"] in self.addresses
            and row["withdrawn_at"] is None
            for row in self.rows["team_invitation"]
        )

    def team_at(self, event_id: str, person_id: str | None = None) -> str | None:
        """Return the team somebody is in at an event, by id."""
        whose = person_id or self.person_id
        return next(
            (
                row["team_id"]
                for row in self.rows["team_member"]
                if row["event_id"] == event_id and row["person_id"] == whose
            ),
            None,
        )

    def leads_at(self, event_id: str) -> bool:
        return any(
            row["event_id"] == event_id and row["person_id"] == self.person_id and row["is_admin"]
            for row in self.rows["team_member"]
        )

    def reviews(self, event_id: str, person_id: str) -> bool:
        """Tell whether somebody agreed to be seen by my team, and talked with one who is in it."""
        team = self.team_at(event_id)
        places = {
            row["person_id"]: row["id"]
            for row in self.rows["attendee"]
            if row["event_id"] == event_id and row["person_id"]
        }
        has_agreed = any(
            (row["event_id"], row["team_id"], row["person_id"]) == (event_id, team, person_id)
            and row["withdrawn_at"] is None
            for row in self.rows["agreement"]
        )
        has_talked = any(
            {places.get(row["person_id"]), places.get(person_id)}
            == {talk["low_id"], talk["high_id"]}
            and talk["proven_at"]
            and not talk["undone_at"]
            and self.are_tied(row["person_id"], person_id)
            for row in self.rows["team_member"]
            if (row["event_id"], row["team_id"]) == (event_id, team)
            for talk in self.rows["conversation"]
        )
        is_colleague = self.team_at(event_id, person_id) == team
        is_hidden = is_colleague or self.are_blocked(self.person_id, person_id)
        return team is not None and has_agreed and has_talked and not is_hidden

    def is_tied_to(self, person_id: str) -> bool:
        return self.are_tied(self.person_id, person_id)

    def are_blocked(self, one: str | None, other: str | None) -> bool:
        return any(
            {row["blocker_id"], row["blocked_id"]} == {one, other} for row in self.rows["block"]
        )

    def are_tied(self, one: str | None, other: str | None) -> bool:
        is_open = any(
            {row["low_person_id"], row["high_person_id"]} == {one, other}
            and row["closed_at"] is None
            for row in self.rows["tie"]
        )
        return is_open and not self.are_blocked(one, other)

    def may_know_name(self, person_id: str) -> bool:
        """Names of accounts: over a tie, of those I untied or blocked, and of my event's team."""
        mine = {row["event_id"] for row in self.rows["role"] if row["person_id"] == self.person_id}
        return (
            self.is_tied_to(person_id)
            or self._is_introduced_to(person_id)
            or any(
                row["to_id"] == person_id and self._is_asked_about(row)
                for row in self.rows["handover"]
            )
            or any(
                row["closed_by_id"] == self.person_id
                and person_id in {row["low_person_id"], row["high_person_id"]}
                for row in self.rows["tie"]
            )
            or any(
                (row["blocker_id"], row["blocked_id"]) == (self.person_id, person_id)
                for row in self.rows["block"]
            )
            or any(self.team_at(event) and self._are_colleagues(event, person_id) for event in mine)
            or any(self.roles(event) & RUNS and self.roles(event, person_id) for event in mine)
            or any(self._is_named_in(row, person_id) for row in self.rows["audit_entry"])
            or person_id in self._took_me_along()
            or any(
                row["helper_id"] == person_id and self._is_helped(row)
                for row in self.rows["asking"]
            )
        )

    def _took_me_along(self) -> set[str]:
        """Whoever was in a file reads who made it, also after they were seen by that team."""
        with_me = {
            (row["event_id"], row["export_id"])
            for row in self.rows["exported_person"]
            if row["person_id"] == self.person_id
        }
        return {
            row["by_id"] for row in self.rows["export"] if (row["event_id"], row["id"]) in with_me
        }

    def _are_colleagues(self, event_id: str, person_id: str) -> bool:
        return self.team_at(event_id) == self.team_at(event_id, person_id)

    def _is_helped(self, asking: Row) -> bool:
        """The host who is on it is named to whom they help, and to the other hosts."""
        is_mine = asking["attendee_id"] in self.attendee_ids
        return is_mine or bool(self.roles(asking["event_id"]) & WORKS_THE_DESK)

    def _is_named_in(self, entry: Row, person_id: str) -> bool:
        """The log names who did something to those who run the event, and to whom it concerns."""
        runs = bool(self.roles(entry["event_id"]) & RUNS)
        concerns_me = (
            entry["attendee_id"] in self.attendee_ids or entry["person_id"] == self.person_id
        )
        is_in = person_id in {entry["actor_id"], entry["person_id"] if runs else None}
        return is_in and (runs or concerns_me)

    def may_see(self, word: str, canary: Canary, url: str) -> bool:
        """Tell whether an answer to this person may hold a canary."""
        if canary.event is not None:
            is_of_team = canary.kind in OF_A_TEAM or "/candidates" in url or "/export" in url
            return (self._may_review if is_of_team else self._may_see_at)(word, canary, url)
        owner = self.world.persons[canary.owner].id
        if canary.kind == "mail problem":
            return self.is_operator
        if canary.kind == "promise":
            return self._is_promised(word)
        if canary.kind == "introduction":
            return any(word in row["reason"] for row in self._introductions())
        if canary.kind in NOBODY_SEES or owner == self.person_id:
            return canary.kind not in NOBODY_SEES
        may = {
            "name": self.may_know_name(owner),
            "card": self.is_tied_to(owner),
            "link": self.is_tied_to(owner) and self._gets_link(word),
            "address": self._asked_by_mail(word),
        }
        return self.person_id is not None and may.get(canary.kind, False)

    def _introductions(self) -> Iterator[Row]:
        """What this person proposes or is asked: gone with a tie of the proposer's, or a no.

        A block between the two hides it from them alone.
        """
        for row in self.rows["introduction"]:
            sides = {"low": row["low_id"], "high": row["high_id"]}
            stands = row["withdrawn_at"] is None and all(
                self.are_tied(row["by_id"], one) for one in sides.values()
            )
            mine = [side for side, one in sides.items() if one == self.person_id]
            is_asked = bool(mine) and not row["is_silent"] and not self.are_blocked(*sides.values())
            if stands and (is_asked or row["by_id"] == self.person_id):
                yield row

    def _is_introduced_to(self, person_id: str) -> bool:
        """Names are told once both have said yes."""
        return any(
            {row["low_id"], row["high_id"]} == {self.person_id, person_id}
            and row["low_accepted_at"]
            and row["high_accepted_at"]
            for row in self._introductions()
        )

    def _is_promised(self, word: str) -> bool:
        """A promise is read by its two people, while their tie is open."""
        row = next((row for row in self.rows["promise"] if word in row["text"]), None)
        pair = {row["by_id"], row["to_id"]} if row else set()
        return self.person_id in pair and all(
            self.is_tied_to(other) for other in pair - {self.person_id}
        )

    def _gets_link(self, word: str) -> bool:
        """Links go to everyone, to all but those who ever recruited, or to whom they were given."""
        link = next((row for row in self.rows["link"] if word in row["url"]), None)
        if link is None or link["removed_at"] is not None:
            return False
        if link["audience"].value == "never_recruiters":
            mine = next(row for row in self.rows["person"] if row["id"] == self.person_id)
            return not mine["has_recruited"]
        given = {
            row["tie_id"]
            for row in self.rows["link_answer"]
            if row["link_id"] == link["id"] and row["is_given"]
        }
        return link["audience"].value == "everyone" or any(
            tie["id"] in given and self.person_id in {tie["low_person_id"], tie["high_person_id"]}
            for tie in self.rows["tie"]
        )

    def _may_see_at(self, word: str, canary: Canary, url: str) -> bool:
        event = self.world.events[canary.event or ""]
        roles = self.roles(event.id)
        if canary.kind == "printed":
            if url.endswith("/look-for"):
                return self._may_be_named(canary)
            return bool(roles & WORKS_THE_DESK) or self._may_read_badge(canary, url)
        if canary.kind == "topic":
            return self._typed(word) or self._may_help(canary, url)
        if canary.kind == "asking":
            about = self.world.attendees[canary.event or "", canary.owner].id
            is_own_page = about in self.attendee_ids and "/introduce-me" in url
            return is_own_page or self._may_help(canary, url)
        has_poster = f"/{event.code.lower()}" in url.lower()
        is_asked = self.is_invited_to(event.id) or self.is_asked_to_team_at(event.id)
        is_in = self.is_known_at(event.id) or is_asked
        may = {
            "event": has_poster or is_in,
            "claim code": bool(roles & WORKS_THE_DESK),
            "invitation": bool(roles & RUNS),
            "guest list": bool(roles & RUNS),
            "team": is_in,
            "team invitation": self.leads_at(event.id),
            "stage": self.team_at(event.id) is not None,
            "opening": self._knows_opening(event.id, url),
            "criterion": self._knows_opening(event.id, url),
            "handover": self._reads_handover(word),
        }
        return may.get(canary.kind, False)

    def _reads_handover(self, word: str) -> bool:
        """Why somebody is handed on is read by them, by who asks, and after a yes by the team."""
        return any(
            self._is_asked_about(row)
            or row["from_id"] == self.person_id
            or (row["is_accepted"] and self.reviews(row["event_id"], row["person_id"]))
            for row in self.rows["handover"]
            if word in row["reason"]
        )

    def _is_asked_about(self, row: Row) -> bool:
        """Tell whether I find a hand-over on my screens."""
        return (
            row["person_id"] == self.person_id
            and row["ended_at"] is None
            and self.is_tied_to(row["from_id"])
            and not self.are_blocked(row["to_id"], self.person_id)
        )

    def _may_review(self, word: str, canary: Canary, url: str) -> bool:
        """A team reads badges, topics and plans of those who agreed; all else as anywhere.

        What is said about somebody they read themselves, on the page of the team they agreed to.
        """
        if canary.kind == "topic":
            return self._typed(word) or self._may_ask_about(word)
        if canary.kind not in OF_A_TEAM | {"printed"}:
            return self._may_see_at(word, canary, url)
        event, owner = self.world.events[canary.event or ""], self.world.persons.get(canary.owner)
        is_mine = canary.kind in {"review", "team note"} and self._noted_about_me(event.id, url)
        if owner is not None and is_mine and owner.id == self.person_id:
            return True
        is_readable = canary.kind != "review" or self._has_own_beside(word)
        return owner is not None and is_readable and self.reviews(event.id, owner.id)

    def _has_own_beside(self, word: str) -> bool:
        """Tell whether this person has reviewed whom a review is about, for the same opening."""
        mine = {
            (row["opening_id"], row["person_id"])
            for row in self.rows["candidate_review"]
            if row["reviewer_id"] == self.person_id
        }
        said = (row for row in self.rows["rating"] if word in row["reason"])
        return any((row["opening_id"], row["person_id"]) in mine for row in said)

    def _noted_about_me(self, event_id: str, url: str) -> bool:
        return f"/me/teams/{event_id}/" in url and any(
            row["event_id"] == event_id
            and row["person_id"] == self.person_id
            and row["withdrawn_at"] is None
            for row in self.rows["agreement"]
        )

    def _knows_opening(self, event_id: str, url: str) -> bool:
        return self.team_at(event_id) is not None or self._noted_about_me(event_id, url)

    def _may_ask_about(self, word: str) -> bool:
        """Tell whether somebody whom this person reviews can be asked about a topic."""
        person_of = {row["id"]: row["person_id"] for row in self.rows["attendee"]}
        return any(
            word in row["text"]
            and row["side"].value == "offers"
            and self.reviews(row["event_id"], person_of[row["attendee_id"]])
            for row in self.rows["topic"]
        )

    def _asked_by_mail(self, word: str) -> bool:
        """Tell whether this person runs the event, or leads the team, that asked an address."""
        return any(
            word in row["address"] and self.roles(row["event_id"]) & RUNS
            for row in self.rows["invitation"]
        ) or any(
            word in row["address"] and self.leads_at(row["event_id"])
            for row in self.rows["team_invitation"]
        )

    def _typed(self, word: str) -> bool:
        """Tell whether a topic was typed by this person; those of others are shown in my words."""
        mine = (row for row in self.rows["topic"] if row["attendee_id"] in self.attendee_ids)
        return any(word in row["text"] for row in mine)

    def _may_help(self, canary: Canary, url: str) -> bool:
        """Hosts see what somebody asked for while they are here, on their own list alone.

        Not about themselves, nor over a block, nor once they were introduced.
        """
        event = self.world.events[canary.event or ""]
        here = {
            row["id"]: row["person_id"]
            for row in self.rows["attendee"]
            if row["event_id"] == event.id and row["checked_in_at"]
        }
        blocks = [{row["blocker_id"], row["blocked_id"]} for row in self.rows["block"]]
        listed = {
            row["attendee_id"]
            for row in self.rows["asking"]
            if row["attendee_id"] in here
            and here[row["attendee_id"]] != self.person_id
            and {here[row["attendee_id"]], self.person_id} not in blocks
            and row["introduced_at"] is None
        }
        about = self.world.attendees[canary.event or "", canary.owner].id
        is_on = event.starts_at <= clock.now() <= event.ends_at + timedelta(hours=12)
        is_host = bool(self.roles(event.id) & WORKS_THE_DESK)
        return "/hosting" in url and is_host and is_on and about in listed

    def _may_be_named(self, canary: Canary) -> bool:
        """Two people who want it, are here and share a topic, unless they blocked or have talked.

        A claim counts as a talk for whoever made it, whatever became of it.
        """
        about = self.world.attendees[canary.event or "", canary.owner].id
        pair = {row["id"]: row for row in self.rows["attendee"] if row["id"] == about}
        event_id = pair[about]["event_id"]
        for row in self.rows["attendee"]:
            if row["event_id"] == event_id and row["id"] in self.attendee_ids:
                pair[row["id"]] = row
        looking = {row["attendee_id"] for row in self.rows["looking"]}
        persons = {row["person_id"] for row in pair.values()}
        keys = [
            {row["key"] for row in self.rows["topic"] if row["attendee_id"] == one} for one in pair
        ]
        (event,) = [row for row in self.rows["event"] if row["id"] == event_id]
        return (
            len(pair) == 2
            and None not in persons
            and pair.keys() <= looking
            and all(row["checked_in_at"] for row in pair.values())
            and bool(set.intersection(*keys))
            and event["starts_at"] <= clock.now() <= event["ends_at"] + timedelta(hours=12)
            and not any(
                {row["blocker_id"], row["blocked_id"]} == persons for row in self.rows["block"]
            )
            and not any(
                {talk["low_id"], talk["high_id"]} == pair.keys()
                and talk["undone_at"] is None
                and (talk["proven_at"] or talk["claimed_by_id"] in self.attendee_ids)
                for talk in self.rows["conversation"]
            )
        )

    def _may_read_badge(self, canary: Canary, url: str) -> bool:
        """A badge is read by its owner, by whom it waits for, and by attendees who met it."""
        about = self.world.attendees[canary.event or "", canary.owner]
        row = next(row for row in self.rows["attendee"] if row["id"] == about.id)
        is_mine = about.id in self.attendee_ids or row["address"] in self.addresses
        in_hand = self.world.badge_codes[canary.event or "", canary.owner]
        has_code = any(code in url.upper() for code in in_hand)
        has_met = any(
            about.id in {talk["low_id"], talk["high_id"]}
            and self.attendee_ids & {talk["low_id"], talk["high_id"]}
            and talk["undone_at"] is None
            for talk in self.rows["conversation"]
        )
        return is_mine or (self.attends(row["event_id"]) and (has_code or has_met))


@dataclass
class Change:
    """One row that an answer changed, and who asked for it."""

    who: Viewer
    """In the state before."""
    then: Viewer
    """In the state after."""
    table: str
    old: Row | None
    new: Row | None

    @property
    def rows(self) -> list[Row]:
        return [row for row in (self.old, self.new) if row is not None]

    @property
    def me(self) -> str | None:
        return self.who.person_id

    def is_allowed(self) -> bool:
        """Tell whether this person may change this row; a table without a rule is refused."""
        rule = getattr(self, f"_{self.table}", None)
        assert rule, f"nobody has said who may change {self.table}"
        return bool(rule()) or (self._leaves() and self._is_about_me())

    def _leaves(self) -> bool:
        """Tell whether this answer is about me going for good, or coming back."""
        return self.me is not None and self._leaving_at(self.who) != self._leaving_at(self.then)

    def _leaving_at(self, viewer: Viewer) -> Any:
        return next(
            (row["leaving_at"] for row in viewer.rows["person"] if row["id"] == self.me), None
        )

    def _is_about_me(self) -> bool:
        """What exactly becomes of it has tests of its own; here, nobody else's may be touched."""
        places = {row["id"] for row in self.who.rows["attendee"] if self._is_my_place(row)}
        mine = {self.me, *places, *self.who.addresses, *self._my_ties()}
        return any(mine & set(row.values()) for row in self.rows)

    def _is_my_place(self, row: Row) -> bool:
        return row["person_id"] == self.me or row["address"] in self.who.addresses

    def _my_ties(self) -> set[str]:
        sides = ("low_person_id", "high_person_id")
        ties = self.who.rows["tie"]
        return {tie["id"] for tie in ties if self.me in {tie[side] for side in sides}}

    def _erasure(self) -> bool:
        return self._is_mine("person_id")

    def _is_mine(self, column: str) -> bool:
        """Tell whether the row is mine; a newcomer owns the account they just made."""
        if self.me is None:
            known = {row["id"] for row in self.who.rows["person"]}
            return self.old is None and self.new is not None and self.new[column] not in known
        return all(row[column] == self.me for row in self.rows)

    def _person(self) -> bool:
        return self._is_mine("id")

    def _email_address(self) -> bool:
        return self._is_mine("person_id")

    _identity = _device = _link = _email_address
    _passkey = _authenticator = _recovery_code = _email_address

    def _challenge(self) -> bool:
        """Questions are nobody's: whoever is asked makes one, and old ones are swept."""
        return True

    def _sign_in_code(self) -> bool:
        return self.old is None

    def _mail(self) -> bool:
        """New mail is written for what somebody does; what waits is the operator's or its reader's.

        Whoever has the address at which Amina stops letters may drop hers.
        """
        if self.old is None:
            return True
        return self.who.is_operator or self.old["reader"] is not None

    def _wish(self) -> bool:
        return self._is_mine("person_id") or self._has_stop_url("person_id")

    def _stop(self) -> bool:
        return self._has_stop_url("address_digest")

    def _has_stop_url(self, column: str) -> bool:
        """The address in a letter is all the proof there is; those of two readers are known."""
        readers = {url.rsplit("/", 2)[1] for url in self.who.world.stop_urls}
        return all(row[column] in readers for row in self.rows)

    def _event(self) -> bool:
        return self.old is None or bool(self.who.roles(self.old["id"]) & RUNS)

    def _transfer(self) -> bool:
        roles = self.who.roles(self.rows[0]["event_id"])
        is_to_me = self.old is not None and self.old["person_id"] == self.me
        return "organiser" in roles or (is_to_me and self.new is None)

    def _audit_entry(self) -> bool:
        """Notes are added, by whoever acted; only whom one was about can be forgotten."""
        if self.old and self.new:
            return self.old | {"attendee_id": self.new["attendee_id"]} == self.new
        return self.new is not None and self.new["actor_id"] == self.me

    def _role(self) -> bool:
        row = self.rows[0]
        known = {event["id"] for event in self.who.rows["event"]}
        if row["event_id"] not in known:
            return bool(row["person_id"] == self.me)
        is_asked = self.who.is_invited_to(row["event_id"]) and row["person_id"] == self.me
        is_left = self.new is None and row["person_id"] == self.me and self._name() != "organiser"
        is_of_team = self._name() == "recruiter" and self._team_member()
        is_mine = is_asked or is_left or is_of_team
        return is_mine or "organiser" in self.who.roles(row["event_id"]) or self._heir()

    def _team(self) -> bool:
        return "organiser" in self.who.roles(self.rows[0]["event_id"])

    def _stage(self) -> bool:
        event_id = self.rows[0]["event_id"]
        return self.who.leads_at(event_id) or (self.old is None and self._team())

    def _team_invitation(self) -> bool:
        row = self.rows[0]
        is_mine = self.new is None and row["address"] in self.who.addresses
        is_new = self.old is None and self._team()
        return is_mine or is_new or self.who.leads_at(row["event_id"])

    def _team_member(self) -> bool:
        """Whoever is asked joins; one leaves, or the team's admin or the organiser ends it."""
        row = self.rows[0]
        event_id, person_id = row["event_id"], row["person_id"]
        if self.old is None:
            return person_id == self.me and self.who.is_asked_to_team_at(event_id)
        is_led = self.who.leads_at(event_id) and self.who.team_at(event_id) == (
            self.who.team_at(event_id, person_id)
        )
        return self.new is None and (person_id == self.me or is_led or self._team())

    def _agreement(self) -> bool:
        return self._is_mine("person_id")

    def _standing(self) -> bool:
        """Whoever reviews them writes; they themselves end it; who leaves owns no step any more."""
        row = self.rows[0]
        if self.new is None:
            return self._is_mine("person_id")
        changed = {name for name in row if (self.old or {}).get(name) != self.new[name]}
        if changed == {"owner_id"}:
            owner = self.old["owner_id"] if self.old else None
            has_left = self.then.team_at(row["event_id"], owner) is None
            return self.new["owner_id"] is None and has_left
        if changed <= {"owner_id", "changes", "changed_at", "changed_by_id"}:
            was = self.old["owner_id"] if self.old else None
            is_blocked = self.then.are_blocked(was, row["person_id"])
            if is_blocked or self._answers_handover():
                return True
        is_team = row["team_id"] == self.who.team_at(row["event_id"])
        return is_team and self.who.reviews(row["event_id"], row["person_id"])

    def _handover(self) -> bool:
        """Who asks begins and ends it, whom it is about answers, and who leaves forgets it."""
        row = self.rows[0]
        is_about_me = row["person_id"] == self.me
        if self.old is None:
            return row["from_id"] == self.me and self.who.reviews(row["event_id"], row["person_id"])
        if self.new is None:
            pair = (row["from_id"], row["to_id"])
            left = [one for one in pair if self.then.team_at(row["event_id"], one) is None]
            return is_about_me or bool(left)
        changed = {name for name in row if self.old[name] != self.new[name]}
        is_ended = changed == {"ended_at"} and row["from_id"] == self.me
        is_blocked = self.then.are_blocked(row["to_id"], row["person_id"])
        return is_ended or is_blocked or (is_about_me and changed <= {"is_accepted", "answered_at"})

    def _answers_handover(self) -> bool:
        """Tell whether this answer is about me being handed on."""
        row = self.rows[0]
        return row["person_id"] == self.me and any(
            one["person_id"] == self.me and one["is_accepted"] is not None
            for one in self.then.rows["handover"]
        )

    def _history_entry(self) -> bool:
        row = self.rows[0]
        if self.new is None or row["by_id"] is None:
            return self._is_mine("person_id") or (
                row["to_id"] is not None and self.then.are_blocked(row["to_id"], row["person_id"])
            )
        if row["to_id"] is not None:
            return self.old is None and self._answers_handover()
        is_mine = self.old is None and row["by_id"] == self.me
        return is_mine and self.who.reviews(row["event_id"], row["person_id"])

    def _export(self) -> bool:
        row = self.rows[0]
        is_mine = row["by_id"] == self.me and row["team_id"] == self.who.team_at(row["event_id"])
        return self.old is None and is_mine

    def _exported_person(self) -> bool:
        """Only those whom their maker sees are in a file, and nobody takes it back."""
        row = self.rows[0]
        by = {one["id"]: one["by_id"] for one in self.then.rows["export"]}
        is_mine = self.old is None and by.get(row["export_id"]) == self.me
        return is_mine and self.who.reviews(row["event_id"], row["person_id"])

    def _opening(self) -> bool:
        event_id = self.rows[0]["event_id"]
        is_ours = self.rows[0]["team_id"] == self.who.team_at(event_id)
        return is_ours and self.who.leads_at(event_id)

    _criterion = _opening

    def _candidate_review(self) -> bool:
        """Its author writes it about whom they see; whom it is about ends it."""
        row = self.rows[0]
        if self.new is None and self._is_mine("person_id"):
            return True
        return self._is_mine("reviewer_id") and self.who.reviews(row["event_id"], row["person_id"])

    _rating = _candidate_review

    def _team_note(self) -> bool:
        """Its author writes and deletes it, and changes nothing; whom it is about ends it."""
        row = self.rows[0]
        if self.new is None and self._is_mine("person_id"):
            return True
        is_one = self.old is None or self.new is None
        is_seen = self.who.reviews(row["event_id"], row["person_id"])
        return is_one and is_seen and self._is_mine("author_id")

    def _name(self) -> str:
        return str(self.rows[0]["name"].value)

    def _heir(self) -> bool:
        """To whom the event is offered takes it, and gives the organiser their own place."""
        event_id = self.rows[0]["event_id"]
        is_offered = any(
            row["event_id"] == event_id and row["person_id"] == self.me
            for row in self.who.rows["transfer"]
        )
        return is_offered and "organiser" in self.then.roles(event_id)

    def _invitation(self) -> bool:
        row = self.rows[0]
        is_mine = self.new is None and row["address"] in self.who.addresses
        return is_mine or "organiser" in self.who.roles(row["event_id"])

    def _attendee(self) -> bool:
        row = self.rows[0]
        if self.who.roles(row["event_id"]) & WORKS_THE_DESK:
            return True
        is_joining = self.old is None or self.old["address"] in self.who.addresses
        return is_joining and self.new is not None and self.new["person_id"] == self.me

    def _desk_item(self) -> bool:
        return self._is_mine("by_id") and self._vouching()

    def _desk_code(self) -> bool:
        """Their own; the desk uses one up."""
        return self._is_mine("person_id") or (self.new is None and self._vouching())

    def _vouching(self) -> bool:
        return bool(self.who.roles(self.rows[0]["event_id"]) & WORKS_THE_DESK)

    def _badge(self) -> bool:
        row = self.rows[0]
        is_mine = row["attendee_id"] in self.then.attendee_ids
        return is_mine or bool(self.who.roles(row["event_id"]) & WORKS_THE_DESK)

    def _guest_list(self) -> bool:
        return bool(self.who.roles(self.rows[0]["event_id"]) & RUNS)

    _guest_source = _guest_list

    def _conversation(self) -> bool:
        return all({row["low_id"], row["high_id"]} & self.who.attendee_ids for row in self.rows)

    def _claim(self) -> bool:
        is_mine = all(row["by_id"] in self.who.attendee_ids for row in self.rows)
        return self.old is None and is_mine

    def _tie(self) -> bool:
        return all(self.me in {row["low_person_id"], row["high_person_id"]} for row in self.rows)

    def _link_answer(self) -> bool:
        """Whoever owns the link says so; a tie that begins anew forgets what was said."""
        row = self.rows[0]
        mine = {link["id"] for link in self.who.rows["link"] if link["person_id"] == self.me}
        over = next(tie for tie in self.who.rows["tie"] if tie["id"] == row["tie_id"])
        is_of_mine = self.me in {over["low_person_id"], over["high_person_id"]}
        return is_of_mine and (self.new is None or row["link_id"] in mine)

    def _promise(self) -> bool:
        """Over an open tie; its words and day are its maker's, and only its maker drops it."""
        row = self.rows[-1]
        pair = {row["by_id"], row["to_id"]}
        if self.me not in pair or not self.who.is_tied_to(*(pair - {self.me})):
            return False
        if row["by_id"] == self.me:
            return self.new is not None
        changed = {name for name in row if (self.old or {}).get(name) != row[name]}
        return self.new is not None and changed <= {"kept_at", "confirmed_at"}

    def _tie_side(self) -> bool:
        ties = {row["id"]: row for row in self.who.rows["tie"]}
        tie = ties[self.rows[0]["tie_id"]]
        pair = {tie["low_person_id"], tie["high_person_id"]}
        is_mine = all(row["person_id"] == self.me for row in self.rows)
        return is_mine and self.who.is_tied_to(*(pair - {self.me}))

    _used_message = _outcome = _tie_side

    def _introduction(self) -> bool:
        """Its proposer proposes and withdraws; each of the two answers for themselves."""
        row = self.rows[-1]
        if self.old is None:
            pair = (row["low_id"], row["high_id"])
            return row["by_id"] == self.me and all(self.who.is_tied_to(one) for one in pair)
        changed = {name for name in row if self.old[name] != row[name]}
        side = "low" if row["low_id"] == self.me else "high"
        if row["by_id"] == self.me:
            return changed <= {"withdrawn_at"}
        is_mine = self.me in {row["low_id"], row["high_id"]}
        return is_mine and changed <= {f"{side}_accepted_at", f"{side}_declined_at"}

    def _block(self) -> bool:
        return all(row["blocker_id"] == self.me for row in self.rows)

    def _topic(self) -> bool:
        return all(row["attendee_id"] in self.who.attendee_ids for row in self.rows)

    _looking = _topic

    def _asking(self) -> bool:
        """Their own; a host only notes who is on it, and since when."""
        row = self.rows[0]
        is_host = bool(self.who.roles(row["event_id"]) & WORKS_THE_DESK)
        said = ("asked_at", "line", "has_met_nobody")
        is_same = self.old and self.new and all(self.old[one] == self.new[one] for one in said)
        return row["attendee_id"] in self.who.attendee_ids or (is_host and bool(is_same))

    def _note(self) -> bool:
        return all(row["author_id"] in self.who.attendee_ids for row in self.rows)

    def _badge_print(self) -> bool:
        is_new = self.old is None
        return is_new and bool(self.who.roles(self.rows[0]["event_id"]) & RUNS)

    _printed_badge = _badge_print

    def _snapshot(self) -> bool:
        return False
