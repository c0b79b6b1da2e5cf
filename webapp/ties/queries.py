"""Reading ties, own links and own notes. Other people's links come through the gate alone."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.accounts.models import Person
from webapp.conversations.models import Block
from webapp.core.once import once
from webapp.events.models import Attendee, Event
from webapp.ties.gate import IN_ORDER, open_ties
from webapp.ties.models import Audience, Closing, Link, LinkAnswer, Note, Tie

# Built once: it runs for every proven talk.
_TIE = select(Tie).where(
    Tie.low_person_id == bindparam("low"), Tie.high_person_id == bindparam("high")
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person I met, in the list."""

    tie: Tie
    person: Person
    event: Event


def people_i_met(session: Session, person_id: str) -> list[PersonRow]:
    """Return the people behind my open ties, the latest talk first, in one query."""
    return [PersonRow(*row) for row in session.execute(_met(), {"me": person_id})]


@cache
def _met() -> Select[Tie, Person, Event]:
    return (
        open_ties(bindparam("me"))
        .add_columns(Event)
        .join(Event, Event.id == Tie.last_event_id)
        .order_by(Tie.last_talk_at.desc(), Tie.id)
    )


def tie_between(session: Session, low_person_id: str, high_person_id: str) -> Tie | None:
    """Return the tie of a pair, open or closed."""
    return session.scalar(_TIE, {"low": low_person_id, "high": high_person_id})


def tie_i_untied(session: Session, *, tie_id: str, person_id: str) -> tuple[Tie, Person] | None:
    """Return a tie I closed myself, and who is on its other side."""
    row = session.execute(
        select(Tie, Person)
        .join(Person, or_(Person.id == Tie.low_person_id, Person.id == Tie.high_person_id))
        .where(
            Tie.id == tie_id,
            Tie.closed_by_id == person_id,
            Tie.closing == Closing.UNTIED,
            Person.id != person_id,
        )
    ).first()
    return (row[0], row[1]) if row else None


@once
def last_event(session: Session, event_id: str) -> Event:
    """Return the event at which the two of a tie last talked."""
    return session.get_one(Event, event_id)


def own_links(session: Session, person_id: str) -> list[Link]:
    """Return a Person's own links in their order, those just removed included."""
    found = select(Link).where(Link.person_id == person_id)
    return list(session.scalars(found.order_by(*IN_ORDER)))


def own_link(session: Session, *, link_id: str, person_id: str) -> Link | None:
    """Return one of a Person's own links."""
    found = select(Link).where(Link.id == link_id, Link.person_id == person_id)
    return session.scalar(found)


@dataclass(frozen=True, slots=True)
class Offer:
    """A link of mine that goes to somebody only if I give it to them."""

    tie: Tie
    other: Person
    link: Link
    is_given: bool | None
    """None while I have not answered."""


def own_offers(session: Session, *, person_id: str, tie_id: str) -> list[Offer]:
    """Return which of my links I may give over one open tie, with what I said so far."""
    return _offers(session, _offered_over_one(), me=person_id, tie=tie_id)


def own_open_offers(session: Session, *, person_id: str, since: datetime) -> list[Offer]:
    """Return which of my links nobody has an answer about, over ties opened since then.

    One query; the latest tie first.
    """
    return _offers(session, _unanswered(), me=person_id, since=since)


def own_offer(session: Session, *, person_id: str, tie_id: str, link_id: str) -> Offer | None:
    """Return one of my links that I may give over one open tie."""
    offers = own_offers(session, person_id=person_id, tie_id=tie_id)
    return next((one for one in offers if one.link.id == link_id), None)


@cache
def _offered() -> Select[Tie, Person, Link, bool]:
    """Every open tie of mine with each of my links of which I am asked each time."""
    person_id: BindParameter[str] = bindparam("me")
    return (
        open_ties(person_id)
        .join(Link, Link.person_id == person_id)
        .outerjoin(LinkAnswer, (LinkAnswer.tie_id == Tie.id) & (LinkAnswer.link_id == Link.id))
        .where(Link.audience == Audience.ASK, Link.removed_at.is_(None))
        .add_columns(Link, LinkAnswer.is_given)
        .order_by(Tie.opened_at.desc(), Tie.id, *IN_ORDER)
    )


@cache
def _offered_over_one() -> Select[Tie, Person, Link, bool]:
    return _offered().where(Tie.id == bindparam("tie"))


@cache
def _unanswered() -> Select[Tie, Person, Link, bool]:
    since = Tie.opened_at >= bindparam("since")
    return _offered().where(LinkAnswer.is_given.is_(None), since)


def _offers(
    session: Session, asked: Select[Tie, Person, Link, bool], **values: object
) -> list[Offer]:
    return [Offer(*row) for row in session.execute(asked, values)]


def own_note(session: Session, *, event_id: str, author_id: str, about_id: str) -> Note | None:
    """Return what an attendee wrote about another; nobody else can ask."""
    return session.get(Note, (event_id, author_id, about_id))


@once
def own_notes_about(session: Session, *, author: str, about: str) -> list[tuple[Note, Event]]:
    """Return what a Person wrote about another at all events, the latest first."""
    rows = session.execute(_noted(), {"author": author, "about": about})
    return [(row[0], row[1]) for row in rows]


@cache
def _noted() -> Select[Note, Event]:
    mine, other = aliased(Attendee), aliased(Attendee)
    return (
        select(Note, Event)
        .join(mine, (mine.event_id == Note.event_id) & (mine.id == Note.author_id))
        .join(other, (other.event_id == Note.event_id) & (other.id == Note.about_id))
        .join(Event, Event.id == Note.event_id)
        .where(mine.person_id == bindparam("author"), other.person_id == bindparam("about"))
        .order_by(Event.starts_at.desc())
    )


def people_i_blocked(session: Session, person_id: str) -> list[Person]:
    """Return whom a Person has blocked."""
    found = select(Person).join(Block, Block.blocked_id == Person.id)
    return list(
        session.scalars(found.where(Block.blocker_id == person_id).order_by(Block.blocked_at))
    )
