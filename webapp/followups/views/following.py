"""The Follow up screen, and what one does there for oneself: done, checked in, what came of it."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.htmx import done, invalid
from webapp.core.phone import kept_by_phone
from webapp.events.models import Event
from webapp.followups import screen, steps
from webapp.followups.forms.following import OutcomeForm, RhythmForm
from webapp.followups.queries.following import MetRow
from webapp.followups.services import following as services
from webapp.followups.views.blueprint import bp, is_from_follow_up
from webapp.security.access import requires
from webapp.ties.access import current_tie
from webapp.ties.models import Tie


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What came of a tie, alone, where it could not be taken as it was sent."""

    tie_id: str
    name: str
    row: steps.OutcomePart


@bp.get("/follow-up")
@requires(signed_in)
def follow_up() -> Response:
    """Show who says we talked, what I owe, and what is next with whom."""
    page = screen.follow_up_page(database.session(), me=current_person(), now=clock.now())
    return kept_by_phone(render_template("followups/follow_up.html", page=page))


@bp.post("/people/<tie_id>/followed-up")
@requires(signed_in)
def mark_followed_up(tie_id: str) -> Response:
    """Say that I have followed up; talking again asks anew."""
    tie, other = current_tie(tie_id)
    services.follow_up(database.session(), tie=tie, by=current_person(), now=clock.now())
    return _met(tie, other)


@bp.post("/people/<tie_id>/not-followed-up")
@requires(signed_in)
def take_followed_up_back(tie_id: str) -> Response:
    """Take back that I have followed up."""
    tie, other = current_tie(tie_id)
    services.take_follow_up_back(database.session(), tie=tie, by=current_person())
    return _met(tie, other)


def _met(tie: Tie, other: Person) -> Response:
    session, me = database.session(), current_person()
    side = steps.side_of_mine(session, tie=tie, me=me)
    event = session.get_one(Event, tie.last_event_id)
    row = MetRow(tie, other, event, side.followed_up_at if side else None)
    card = screen.met_card(row, steps.known(session, tie=tie, other=other, me=me))
    return done("followups/_met.html", row=card, otherwise=url_for("followups.follow_up"))


@bp.post("/people/<tie_id>/rhythm")
@requires(signed_in)
def choose_rhythm(tie_id: str) -> Response:
    """Choose how often I want to check in with a person."""
    tie, _other = current_tie(tie_id)
    form = RhythmForm(request.form)
    if not form.validate():
        raise DomainError(_("Please choose one of the answers."))
    session, me = database.session(), current_person()
    services.choose_rhythm(session, tie=tie, by=me, rhythm=form.chosen(), now=clock.now())
    return _rhythm(tie)


@bp.post("/people/<tie_id>/checked-in")
@requires(signed_in)
def check_in(tie_id: str) -> Response:
    """Say that I have checked in; the next time is counted from now."""
    tie, other = current_tie(tie_id)
    services.check_in(database.session(), tie=tie, by=current_person(), now=clock.now())
    if not is_from_follow_up():
        return _rhythm(tie)
    row = steps.rhythm_part(database.session(), tie=tie, me=current_person())
    where = url_for("followups.follow_up")
    return done("followups/_checked_in.html", row=row, name=other.name, otherwise=where)


def _rhythm(tie: Tie) -> Response:
    row = steps.rhythm_part(database.session(), tie=tie, me=current_person())
    return done("followups/_rhythm.html", row=row, otherwise=url_for("ties.person", tie_id=tie.id))


@bp.post("/people/<tie_id>/outcome")
@requires(signed_in)
def say_outcome(tie_id: str) -> Response:
    """Say what came of a tie, for myself; the other side never sees it."""
    tie, other = current_tie(tie_id)
    session, me, now = database.session(), current_person(), clock.now()
    form = OutcomeForm(request.form)
    if not form.validate():
        row = steps.outcome_part(session, tie=tie, me=me, now=now, form=form)
        page = OutcomePage(tie.id, other.name, row)
        return invalid("followups/outcome.html", page=page)
    services.say_outcome(session, tie=tie, by=me, said=form.said(), now=now)
    if is_from_follow_up():
        where = url_for("followups.follow_up")
        return done("followups/_answered.html", tie_id=tie.id, name=other.name, otherwise=where)
    row = steps.outcome_part(session, tie=tie, me=me, now=now, is_kept=True)
    where = url_for("ties.person", tie_id=tie.id)
    return done("followups/_outcome.html", row=row, otherwise=where)
