"""Amina and Ben have talked, and their tie is open."""

import pytest

from people import talk
from webapp.core import clock
from webapp.followups.models import Promise, PromiseKind
from webapp.followups.rules.promises import Said
from webapp.followups.services.promises import make_promise
from webapp.ties.models import Tie


@pytest.fixture
def proven(cast, session):
    return talk(session, event=cast.event, by=cast.amina, about=cast.ben)


@pytest.fixture
def tie(proven, session):
    found = session.query(Tie).one()
    session.commit()
    return found


@pytest.fixture
def make(session, tie):
    """Let somebody promise something over the tie."""

    def do(by, text="Read their draft", kind=PromiseKind.OWN_WORDS, due_on=None):
        said = Said(kind=kind, text=text, due_on=due_on)
        make_promise(session, tie=tie, by=by, said=said, now=clock.now())
        session.commit()
        return session.query(Promise).filter_by(text=text, kind=kind, by_id=by.id).one()

    return do


@pytest.fixture
def promises(session):
    """All promises there are, as they stand in the database now."""

    def read():
        session.expire_all()
        return session.query(Promise).order_by(Promise.made_at, Promise.text).all()

    return read
