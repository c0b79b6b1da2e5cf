"""The gate: the one place that decides whether two Persons are open to each other.

Every page, fragment, export and mail that shows a link, an address or a card asks here.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.queries import is_blocked
from webapp.core.once import once
from webapp.ties.models import Audience, Link, LinkAnswer, Tie

IN_ORDER = (Link.place, Link.added_at, Link.id)
"""As their owner has put them."""


def open_ties(person_id: str | BindParameter[str]) -> Select[Tie, Person]:
    """Return the query of all open ties of a Person with the Person on the other side.

    A tie is open while nobody has untied it, its talk stands and no block lies between the two.
    """
    return (
        select(Tie, Person)
        .join(
            Person,
            or_(
                (Tie.low_person_id == person_id) & (Person.id == Tie.high_person_id),
                (Tie.high_person_id == person_id) & (Person.id == Tie.low_person_id),
            ),
        )
        .where(Tie.closed_at.is_(None), ~is_blocked(Tie.low_person_id, Tie.high_person_id))
    )


def open_tie(session: Session, *, tie_id: str, person_id: str) -> tuple[Tie, Person] | None:
    """Return one open tie of a Person and who is on its other side."""
    row = session.execute(_one_of_mine(), {"me": person_id, "tie": tie_id}).first()
    return (row[0], row[1]) if row else None


@cache
def _one_of_mine() -> Select[Tie, Person]:
    return open_ties(bindparam("me")).where(Tie.id == bindparam("tie"))


def open_tie_with(
    session: Session, *, person_id: str, other_id: str | None
) -> tuple[Tie, Person] | None:
    """Return the open tie between two Persons, as the first one sees it."""
    row = session.execute(_mine_with(), {"me": person_id, "other": other_id}).first()
    return (row[0], row[1]) if row else None


@cache
def _mine_with() -> Select[Tie, Person]:
    return open_ties(bindparam("me")).where(Person.id == bindparam("other"))


def is_open_between(one: Any, other: Any, *, since: Any = None) -> ColumnElement[bool]:
    """Return the condition that a tie is open between two Persons, each named by a column.

    If a moment is named, the tie has been open since then: not untied and tied anew. The columns
    are found however far outside; the index of pairs finds the tie at once.
    """
    tie, is_low = aliased(Tie), one < other
    return (
        select(tie.id)
        .where(
            tie.low_person_id == case((is_low, one), else_=other),
            tie.high_person_id == case((is_low, other), else_=one),
            tie.closed_at.is_(None),
            true() if since is None else tie.opened_at <= since,
            ~is_blocked(tie.low_person_id, tie.high_person_id),
        )
        .correlate_except(tie)
        .exists()
    )


@once
def links_over(session: Session, *, tie: Tie, person_id: str) -> list[Link]:
    """Return the links a Person gets over a tie: those of the other side that are open to them."""
    return links_over_all(session, person_id=person_id, tie_ids=[tie.id]).get(tie.id, [])


def links_over_all(
    session: Session, *, person_id: str, tie_ids: Collection[str] | None = None
) -> dict[str, list[Link]]:
    """Return the links a Person gets, by tie, in one query; over some of their ties, or all.

    A tie that gives none is left out.
    """
    values: dict[str, Any] = {"me": person_id}
    if tie_ids is not None:
        values["ties"] = tie_ids
    by_tie: dict[str, list[Link]] = {}
    for tie_id, link in session.execute(_links(of_some=tie_ids is not None), values):
        by_tie.setdefault(tie_id, []).append(link)
    return by_tie


@cache
def _links(*, of_some: bool) -> Select[str, Link]:
    person_id: BindParameter[str] = bindparam("me")
    me = aliased(Person)
    found = (
        open_ties(person_id)
        .join(me, me.id == person_id)
        .join(Link, Link.person_id == Person.id)
        .outerjoin(LinkAnswer, (LinkAnswer.tie_id == Tie.id) & (LinkAnswer.link_id == Link.id))
        .where(_is_open(is_recruiter=me.has_recruited, is_given=LinkAnswer.is_given))
        .with_only_columns(Tie.id, Link)
        .order_by(*IN_ORDER)
    )
    return found.where(Tie.id.in_(bindparam("ties", expanding=True))) if of_some else found


def links_for_somebody_new(session: Session, *, owner_id: str, is_recruiter: bool) -> list[Link]:
    """Return which of their own links a Person would open to somebody they talk with now."""
    is_open = _is_open(is_recruiter=true() if is_recruiter else false(), is_given=false())
    found = select(Link).where(Link.person_id == owner_id, is_open)
    return list(session.scalars(found.order_by(*IN_ORDER)))


def _is_open(
    *, is_recruiter: SQLColumnExpression[bool], is_given: SQLColumnExpression[bool]
) -> ColumnElement[bool]:
    """Return the condition under which a link goes to somebody, once a tie is open to them.

    `is_given` may be NULL: nobody has answered yet.
    """
    return and_(
        Link.removed_at.is_(None),
        or_(
            Link.audience == Audience.EVERYONE,
            (Link.audience == Audience.NEVER_RECRUITERS) & ~is_recruiter,
            (Link.audience == Audience.ASK) & is_given,
        ),
    )
