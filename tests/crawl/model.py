"""Who may see and change what, told a second time, straight from the rows of the database.

It shares no code with the app: where the two differ, one of them is wrong.
"""

import hashlib
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
NOBODY_SEES = {"mail"}


def read_all(engine: sa.Engine) -> Rows:
    """Return every row of every table, in a fixed order."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key)
                ).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


def checksum(engine: sa.Engine) -> str:
    """Return a digest of every row of every table, as the database itself gives them."""
    read = hashlib.sha256()
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            key = ", ".join(column.name for column in table.primary_key)
            rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY {key}")  # noqa: S608
            read.update(repr(rows.cursor.fetchall()).encode())
    return read.hexdigest()


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

    def is_tied_to(self, person_id: str) -> bool:
        pair = {self.person_id, person_id}
        is_blocked = any(
            {row["blocker_id"], row["blocked_id"]} == pair for row in self.rows["block"]
        )
        is_open = any(
            {row["low_person_id"], row["high_person_id"]} == pair and row["closed_at"] is None
            for row in self.rows["tie"]
        )
        return is_open and not is_blocked

    def may_know_name(self, person_id: str) -> bool:
        """Names of accounts: over a tie, of those I untied or blocked, and of my event's team."""
        mine = {row["event_id"] for row in self.rows["role"] if row["person_id"] == self.person_id}
        return (
            self.is_tied_to(person_id)
            or any(
                row["closed_by_id"] == self.person_id
                and person_id in {row["low_person_id"], row["high_person_id"]}
                for row in self.rows["tie"]
            )
            or any(
                (row["blocker_id"], row["blocked_id"]) == (self.person_id, person_id)
                for row in self.rows["block"]
            )
            or any(self.roles(event) & RUNS and self.roles(event, person_id) for event in mine)
        )

    def may_see(self, word: str, canary: Canary, url: str) -> bool:
        """Tell whether an answer to this person may hold a canary."""
        if canary.event is not None:
            return self._may_see_at(word, canary, url)
        owner = self.world.persons[canary.owner].id
        if canary.kind in NOBODY_SEES or owner == self.person_id:
            return canary.kind not in NOBODY_SEES
        may = {
            "name": self.may_know_name(owner),
            "card": self.is_tied_to(owner),
            "link": self.is_tied_to(owner),
            "address": self._asked_by_mail(word),
        }
        return self.person_id is not None and may.get(canary.kind, False)

    def _may_see_at(self, word: str, canary: Canary, url: str) -> bool:
        event = self.world.events[canary.event or ""]
        roles = self.roles(event.id)
        if canary.kind == "printed":
            if url.endswith("/look-for"):
                return self._may_be_named(canary)
            return bool(roles & WORKS_THE_DESK) or self._may_read_badge(canary, url)
        if canary.kind == "topic":
            return self._typed(word)
        has_poster = f"/{event.code.lower()}" in url.lower()
        is_in = self.is_known_at(event.id) or self.is_invited_to(event.id)
        may = {
            "event": has_poster or is_in,
            "claim code": bool(roles & WORKS_THE_DESK),
            "invitation": bool(roles & RUNS),
            "guest list": bool(roles & RUNS),
        }
        return may.get(canary.kind, False)

    def _asked_by_mail(self, word: str) -> bool:
        """Tell whether this person runs the event at which somebody typed the address."""
        return any(
            word in row["address"] and self.roles(row["event_id"]) & RUNS
            for row in self.rows["invitation"]
        )

    def _typed(self, word: str) -> bool:
        """Tell whether a topic was typed by this person; those of others are shown in my words."""
        mine = (row for row in self.rows["topic"] if row["attendee_id"] in self.attendee_ids)
        return any(word in row["text"] for row in mine)

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
        return bool(rule())

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

    def _sign_in_code(self) -> bool:
        return self.old is None

    _mail = _event = _sign_in_code

    def _role(self) -> bool:
        row = self.rows[0]
        known = {event["id"] for event in self.who.rows["event"]}
        if row["event_id"] not in known:
            return bool(row["person_id"] == self.me)
        is_asked = self.who.is_invited_to(row["event_id"]) and row["person_id"] == self.me
        return is_asked or "organiser" in self.who.roles(row["event_id"])

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

    def _block(self) -> bool:
        return all(row["blocker_id"] == self.me for row in self.rows)

    def _topic(self) -> bool:
        return all(row["attendee_id"] in self.who.attendee_ids for row in self.rows)

    _looking = _topic

    def _note(self) -> bool:
        return all(row["author_id"] in self.who.attendee_ids for row in self.rows)

    def _badge_print(self) -> bool:
        is_new = self.old is None
        return is_new and bool(self.who.roles(self.rows[0]["event_id"]) & RUNS)

    _printed_badge = _badge_print

    def _snapshot(self) -> bool:
        return False
