"""Which promise or introduction the URL names, and whose word it is about it."""

from dataclasses import dataclass

from flask import abort

from webapp.accounts.access import current_person
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.followups.models import Promise
from webapp.followups.queries import introductions
from webapp.followups.queries.introductions import ByMe, ToMe
from webapp.followups.queries.promises import promise_over
from webapp.ties.access import current_tie
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class PromiseSides:
    """One promise with its tie and the Person on the other side."""

    promise: Promise
    tie: Tie
    other: Person


def current_promise(tie_id: str, promise_id: str) -> PromiseSides:
    """Return a promise over an open tie of mine; anybody else gets a 404."""
    tie, other = current_tie(tie_id)
    found = promise_over(database.session(), tie_id=tie.id, promise_id=promise_id)
    return PromiseSides(found or abort(404), tie, other)


def own_promise(tie_id: str, promise_id: str) -> PromiseSides:
    """Return a promise I made; to its receiver it is a 403: they read it."""
    sides = current_promise(tie_id, promise_id)
    return sides if sides.promise.by_id == current_person().id else abort(403)


def promise_to_me(tie_id: str, promise_id: str) -> PromiseSides:
    """Return a promise made to me; to its maker it is a 403: they cannot thank themselves."""
    sides = current_promise(tie_id, promise_id)
    return sides if sides.promise.to_id == current_person().id else abort(403)


def introduction_to_me(introduction_id: str) -> ToMe:
    """Return an introduction I find on my screen; anybody else gets a 404."""
    found = introductions.introduction_to_me(
        database.session(),
        introduction_id=introduction_id,
        person_id=current_person().id,
        now=clock.now(),
    )
    return found or abort(404)


def introduction_of_mine(introduction_id: str) -> ByMe:
    """Return an introduction I propose; anybody else gets a 404."""
    found = introductions.introduction_by_me(
        database.session(),
        introduction_id=introduction_id,
        person_id=current_person().id,
        now=clock.now(),
    )
    return found or abort(404)
