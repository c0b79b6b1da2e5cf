"""Openings and their criteria: made, put into other words, closed and opened again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.core.errors import Conflict, DomainError
from webapp.recruiting.models import Criterion, Member, Opening
from webapp.recruiting.queries import reviews as queries


def add_opening(
    session: Session, *, member: Member, title: str, criteria: Sequence[str], now: datetime
) -> Opening:
    """Make an Opening with its criteria."""
    team = {"event_id": member.event_id, "team_id": member.team_id}
    opening = Opening(**team, title=title, opened_at=now, changes=0)
    session.add(opening)
    session.flush()
    session.add_all(
        Criterion(**team, opening_id=opening.id, text=text, place=place)
        for place, text in enumerate(criteria)
    )
    session.flush()
    return opening


def change_opening(
    session: Session,
    *,
    member: Member,
    opening: Opening,
    title: str,
    texts: Mapping[str, str],
    new: str,
    seen: int,
) -> None:
    """Put an Opening and its criteria, by id, into other words; an empty one goes, `new` comes.

    Raises:
        Conflict: somebody has changed it since the page was shown.
        DomainError: reviews stand on what would go, or no criterion would be left.
    """
    session.refresh(opening, with_for_update=True)
    if seen != opening.changes:
        raise Conflict(_("This changed meanwhile."))
    known = queries.criteria(session, member).get(opening.id, [])
    gone = [one for one in known if texts.get(one.id) == ""]
    _refuse(session, member, opening, gone, left=len(known) - len(gone) + bool(new))
    opening.title = title
    for one in known:
        one.text = texts.get(one.id) or one.text
    for one in gone:
        session.delete(one)
    if new:
        place = max((one.place for one in known), default=-1) + 1
        key = {"event_id": opening.event_id, "team_id": opening.team_id, "opening_id": opening.id}
        session.add(Criterion(**key, text=new, place=place))
    opening.changes += 1
    session.flush()


def _refuse(
    session: Session, member: Member, opening: Opening, gone: Sequence[Criterion], *, left: int
) -> None:
    in_use = queries.uses(session, member, opening.id) if gone else {}
    if stands := next((one for one in gone if one.id in in_use), None):
        told = _(
            "Reviews stand on “%(text)s”: give it other words, but leave it.", text=stands.text
        )
        raise DomainError(told)
    if left == 0:
        raise DomainError(_("An opening needs a criterion to review by."))


def close_opening(session: Session, *, opening: Opening, now: datetime) -> None:
    """Offer an Opening no longer for reviews; closing it twice changes nothing."""
    session.refresh(opening, with_for_update=True)
    opening.closed_at = opening.closed_at or now
    session.flush()


def reopen_opening(session: Session, *, opening: Opening) -> None:
    """Take the closing back."""
    session.refresh(opening, with_for_update=True)
    opening.closed_at = None
    session.flush()
