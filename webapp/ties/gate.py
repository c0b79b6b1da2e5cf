"""The gate: the one place that decides whether two Persons are open to each other.

Every page, fragment, export and mail that shows a link, an address or a card asks here.
"""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.queries import is_blocked
from webapp.ties.models import Link, Tie


def open_ties(person_id: str) -> Select[Tie, Person]:
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
    row = session.execute(open_ties(person_id).where(Tie.id == tie_id)).first()
    return (row[0], row[1]) if row else None


def open_tie_with(
    session: Session, *, person_id: str, other_id: str | None
) -> tuple[Tie, Person] | None:
    """Return the open tie between two Persons, as the first one sees it."""
    row = session.execute(open_ties(person_id).where(Person.id == other_id)).first()
    return (row[0], row[1]) if row else None


def links_over(session: Session, *, tie: Tie, person_id: str) -> list[Link]:
    """Return the links a Person gets over a tie: those of the other side, if the tie is open."""
    still_open = open_ties(person_id).where(Tie.id == tie.id).with_only_columns(Person.id)
    found = select(Link).where(Link.person_id.in_(still_open))
    return list(session.scalars(found.order_by(Link.added_at, Link.id)))
