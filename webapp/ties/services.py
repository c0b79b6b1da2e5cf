"""Opening and closing ties; keeping links and notes."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.models import Block, Conversation
from webapp.conversations.queries import proven_between
from webapp.conversations.services import end_talks
from webapp.core.errors import Conflict, DomainError
from webapp.events.models import Attendee, Event
from webapp.ties.models import Audience, Closing, Link, LinkAnswer, LinkKind, Note, Tie
from webapp.ties.queries import Offer, own_links, tie_between
from webapp.ties.rules import MOST_LINKS, REMOVAL_WINDOW, CheckedLink, may_restore, may_retie


def open_tie(talk: Conversation, *, session: Session, now: datetime) -> None:
    """Open the tie of a talk that was just proven, or open it again: both have said yes anew."""
    persons = _persons_of(session, talk)
    if persons is None:
        return
    tie = tie_between(session, *persons)
    if tie is None:
        tie = Tie(
            low_person_id=persons[0],
            high_person_id=persons[1],
            opened_at=now,
            last_talk_at=talk.started_at,
            last_event_id=talk.event_id,
        )
        session.add(tie)
    else:
        if tie.closed_at is not None:
            _open_again(tie)
            tie.opened_at = now
            session.execute(delete(LinkAnswer).where(LinkAnswer.tie_id == tie.id))
        _note_last_talk(tie, proven_between(session, *persons))
    session.flush()


def close_if_nothing_stands(
    talk: Conversation, *, session: Session, by: Attendee, now: datetime
) -> None:
    """Close the tie of a talk that was undone, unless another talk since it opened still stands.

    A talk from before the two were last untied holds no tie: only the undone one did.
    """
    persons = _persons_of(session, talk)
    tie = tie_between(session, *persons) if persons else None
    if tie is None or persons is None:
        return
    standing = proven_between(session, *persons)
    if any(one.proven_at and one.proven_at >= tie.opened_at for one, _event in standing):
        _note_last_talk(tie, standing)
    else:
        _close(tie, because=Closing.UNDONE, by_id=by.person_id, now=now)
    session.flush()


def close_for_block(block: Block, *, session: Session, now: datetime) -> None:
    """Close the tie between two Persons one of whom has blocked the other."""
    low, high = sorted((block.blocker_id, block.blocked_id))
    tie = tie_between(session, low, high)
    if tie is not None:
        _close(tie, because=Closing.BLOCKED, by_id=block.blocker_id, now=now)
        session.flush()


def untie(session: Session, *, tie: Tie, by: Person, now: datetime) -> None:
    """Let a Person untie; both sides' links close at once, everywhere."""
    if tie.closed_at is None:
        _close(tie, because=Closing.UNTIED, by_id=by.id, now=now)
        end_talks(session, by_id=by.id, other_id=tie.other_than(by.id), now=now)


def retie(session: Session, *, tie: Tie, by: Person, now: datetime) -> None:
    """Take one's own untying back, on the spot.

    Raises:
        Conflict: it is too late; talking again ties anew.
    """
    if tie.closed_at is None:
        return
    if not may_retie(tie, by_id=by.id, now=now):
        raise Conflict(_("It is too late to undo this. Talk again, and the tie is back."))
    _open_again(tie)
    session.flush()


def add_link(
    session: Session,
    *,
    person: Person,
    link: CheckedLink,
    audience: Audience = Audience.EVERYONE,
    now: datetime,
) -> None:
    """Add a link to a Person's own, below the others; one they have already stays as it is.

    Raises:
        DomainError: there are ten already.
    """
    have = _links_that_stay(session, person, now=now)
    if any(one.url == link.url and one.removed_at is None for one in have):
        return
    _refuse_too_many(have)
    _forget(session, [one for one in have if one.url == link.url])
    session.add(
        Link(
            person_id=person.id,
            kind=link.kind,
            url=link.url,
            audience=audience,
            place=max((one.place for one in have), default=-1) + 1,
            added_at=now,
        )
    )
    session.flush()


def change_link(
    session: Session,
    *,
    person: Person,
    link: Link,
    to: CheckedLink,
    audience: Audience,
    now: datetime,
) -> None:
    """Change a Person's own link; everybody who gets it sees the new one at once.

    Who was given it keeps it, unless its owner is not asked about it any more.
    """
    have = _links_that_stay(session, person, now=now)
    _forget(session, [one for one in have if one.url == to.url and one.removed_at is not None])
    if audience is not Audience.ASK:
        session.execute(delete(LinkAnswer).where(LinkAnswer.link_id == link.id))
    link.kind, link.url, link.audience = to.kind, to.url, audience
    session.flush()


def move_link_up(session: Session, *, person: Person, link: Link) -> None:
    """Put a Person's own link before the one above it; the first one stays."""
    have = [one for one in own_links(session, person.id) if one.removed_at is None]
    at = have.index(link)
    above = max(at - 1, 0)
    have[above], have[at] = have[at], have[above]
    for place, one in enumerate(have):
        one.place = place
    session.flush()


def add_linkedin(
    person: Person, *, session: Session, linkedin_url: str | None, now: datetime
) -> None:
    """Add the profile a newcomer named at their sign-in, if they did."""
    if linkedin_url:
        link = CheckedLink(LinkKind.LINKEDIN, linkedin_url)
        add_link(session, person=person, link=link, now=now)


def remove_link(session: Session, *, person: Person, link: Link, now: datetime) -> None:
    """Remove one of a Person's own links; it is gone for everyone at once."""
    _links_that_stay(session, person, now=now)
    link.removed_at = link.removed_at or now
    session.flush()


def restore_link(session: Session, *, person: Person, link: Link, now: datetime) -> None:
    """Take the removal of a link back, on the spot.

    Raises:
        Conflict: it is too late.
        DomainError: there are ten others by now.
    """
    if link.removed_at is None:
        return
    if not may_restore(link, now=now):
        raise Conflict(_("It is too late to undo this. Please add the link again."))
    _refuse_too_many(own_links(session, person.id))
    link.removed_at = None
    session.flush()


def forget_removed_links(session: Session, *, now: datetime) -> None:
    """Delete the links whose removal cannot be taken back any more."""
    late = select(Link).where(Link.removed_at <= now - REMOVAL_WINDOW)
    _forget(session, list(session.scalars(late)))


def answer_offer(session: Session, *, offer: Offer, is_given: bool, now: datetime) -> None:
    """Give a Person's own link to the other side of a tie, or keep or take it from them."""
    key = (offer.tie.id, offer.link.id)
    answer = session.get(LinkAnswer, key)
    if answer is None:
        answer = LinkAnswer(tie_id=key[0], link_id=key[1])
        session.add(answer)
    answer.is_given, answer.answered_at = is_given, now
    session.flush()


def _links_that_stay(session: Session, person: Person, *, now: datetime) -> list[Link]:
    """Return a Person's own links, and forget those whose removal is final."""
    have = own_links(session, person.id)
    final = [one for one in have if one.removed_at and not may_restore(one, now=now)]
    _forget(session, final)
    return [one for one in have if one not in final]


def _refuse_too_many(have: Sequence[Link]) -> None:
    if sum(one.removed_at is None for one in have) >= MOST_LINKS:
        raise DomainError(_("%(most)s links are enough. Please remove one first.", most=MOST_LINKS))


def _forget(session: Session, links: Sequence[Link]) -> None:
    """Delete links and what was said about them."""
    ids = [one.id for one in links]
    if ids:
        session.execute(delete(LinkAnswer).where(LinkAnswer.link_id.in_(ids)))
        session.execute(delete(Link).where(Link.id.in_(ids)))


def keep_note(
    session: Session, *, author: Attendee, about_id: str, text: str, now: datetime
) -> None:
    """Keep what an attendee writes about another; an empty text removes it."""
    key = (author.event_id, author.id, about_id)
    note = session.get(Note, key)
    if not text:
        session.execute(
            delete(Note).where(
                Note.event_id == key[0], Note.author_id == key[1], Note.about_id == key[2]
            )
        )
    elif note is None:
        session.add(
            Note(event_id=key[0], author_id=key[1], about_id=key[2], text=text, changed_at=now)
        )
    else:
        note.text, note.changed_at = text, now
    session.flush()


def _persons_of(session: Session, talk: Conversation) -> tuple[str, str] | None:
    low = session.get_one(Attendee, (talk.event_id, talk.low_id)).person_id
    high = session.get_one(Attendee, (talk.event_id, talk.high_id)).person_id
    if low is None or high is None:
        return None
    return (low, high) if low < high else (high, low)


def _note_last_talk(tie: Tie, standing: Sequence[tuple[Conversation, Event]]) -> None:
    latest, _event = standing[0]
    tie.last_talk_at, tie.last_event_id = latest.started_at, latest.event_id


def _close(tie: Tie, *, because: Closing, by_id: str | None, now: datetime) -> None:
    tie.closed_at, tie.closing, tie.closed_by_id = now, because, by_id


def _open_again(tie: Tie) -> None:
    tie.closed_at = tie.closing = tie.closed_by_id = None
