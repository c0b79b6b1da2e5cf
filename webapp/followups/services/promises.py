"""Making, changing, keeping and dropping promises, and saying that one was kept."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core.errors import Conflict, DomainError
from webapp.followups.models import Promise
from webapp.followups.queries.promises import open_promises
from webapp.followups.rules.promises import (
    MOST_OPEN,
    Said,
    Standing,
    is_same,
    may_confirm,
    may_settle,
    may_take_back,
    standing,
)
from webapp.ties.models import Tie


def make_promise(session: Session, *, tie: Tie, by: Person, said: Said, now: datetime) -> None:
    """Make a promise to the other side of a tie; saying an open one again only sets its day.

    Raises:
        DomainError: twenty are open already.
    """
    session.refresh(tie, with_for_update={"key_share": True})
    mine = [promise for promise in open_promises(session, tie.id) if promise.by_id == by.id]
    same = next((promise for promise in mine if is_same(promise, said)), None)
    if same is not None:
        same.due_on = said.due_on
    elif len(mine) >= MOST_OPEN:
        raise DomainError(
            _("%(most)s open promises are enough. Keep one of them first.", most=MOST_OPEN)
        )
    else:
        session.add(_promise(tie, by, said, now))
    session.flush()


def _promise(tie: Tie, by: Person, said: Said, now: datetime) -> Promise:
    return Promise(
        tie_id=tie.id,
        event_id=tie.last_event_id,
        by_id=by.id,
        to_id=tie.other_than(by.id),
        kind=said.kind,
        text=said.text,
        due_on=said.due_on,
        made_at=now,
    )


def change_promise(session: Session, *, promise: Promise, by: Person, said: Said) -> None:
    """Let its maker change an open promise; the other side sees the new words at once.

    Raises:
        Conflict: it is no longer open.
    """
    _hold(session, promise)
    if not may_settle(promise, by_id=by.id):
        raise _settled()
    promise.kind, promise.text, promise.due_on = said.kind, said.text, said.due_on
    session.flush()


def keep_promise(session: Session, *, promise: Promise, by: Person, now: datetime) -> None:
    """Let its maker say that a promise is kept; saying so twice changes nothing.

    Raises:
        Conflict: they have let it go.
    """
    _hold(session, promise)
    if standing(promise) in {Standing.KEPT, Standing.CONFIRMED}:
        return
    if not may_settle(promise, by_id=by.id):
        raise _settled()
    promise.kept_at = now
    session.flush()


def drop_promise(session: Session, *, promise: Promise, by: Person, now: datetime) -> None:
    """Let its maker let a promise go; doing so twice changes nothing.

    Raises:
        Conflict: it was kept.
    """
    _hold(session, promise)
    if standing(promise) is Standing.DROPPED:
        return
    if not may_settle(promise, by_id=by.id):
        raise _settled()
    promise.dropped_at = now
    session.flush()


def confirm_promise(session: Session, *, promise: Promise, by: Person, now: datetime) -> None:
    """Let its receiver say that a promise was kept, also when its maker has not said so yet.

    Raises:
        Conflict: its maker has let it go.
    """
    _hold(session, promise)
    if standing(promise) is Standing.CONFIRMED:
        return
    if not may_confirm(promise, by_id=by.id):
        raise _settled()
    promise.kept_at = promise.kept_at or now
    promise.confirmed_at = now
    session.flush()


def take_back(session: Session, *, promise: Promise, by: Person) -> None:
    """Take one's own last word about a promise back; nothing happens if it is open.

    Raises:
        Conflict: the last word is the other side's.
    """
    _hold(session, promise)
    if promise.is_open:
        return
    if not may_take_back(promise, by_id=by.id):
        raise _settled()
    has_maker_said_so = promise.kept_at != promise.confirmed_at
    if promise.confirmed_at is None or not has_maker_said_so:
        promise.kept_at = promise.dropped_at = None
    promise.confirmed_at = None
    session.flush()


def _hold(session: Session, promise: Promise) -> None:
    """Read a promise again and hold it: its two people may be answering at the same time."""
    session.refresh(promise, with_for_update=True)


def _settled() -> Conflict:
    return Conflict(_("One of you has already said what became of it. Please look again."))
