"""Introducing two of my people to each other, and answering when I am introduced."""

from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.errors import DomainError
from webapp.core.fields import clean
from webapp.core.htmx import done, gone_to, invalid
from webapp.followups import screen
from webapp.followups.access import introduction_of_mine, introduction_to_me
from webapp.followups.forms.following import IntroduceForm
from webapp.followups.queries.introductions import next_meetings, people_to_introduce
from webapp.followups.rules.introductions import Answer
from webapp.followups.services import introductions as services
from webapp.followups.views.blueprint import bp
from webapp.security.access import requires
from webapp.ties import gate
from webapp.ties.access import current_tie


@dataclass(frozen=True, slots=True)
class IntroducePage:
    """Whom to introduce a person to, and why."""

    tie_id: str
    name: str
    letters: str
    form: IntroduceForm


@bp.get("/people/<tie_id>/introduce")
@requires(signed_in)
def introducing(tie_id: str) -> str:
    """Show to whom I may introduce a person."""
    page = _introduce_page(tie_id, clean(request.args.get("letters")))
    return render_template("followups/introduce.html", page=page)


@bp.post("/people/<tie_id>/introductions")
@requires(signed_in)
def introduce(tie_id: str) -> Response:
    """Propose two of my people to each other; both are asked, and both read why."""
    _tie, one = current_tie(tie_id)
    session, me, now = database.session(), current_person(), clock.now()
    form = IntroduceForm(request.form, people=_chosen(request.form.get("to", "")))
    if not form.validate():
        return _not_proposed(tie_id, form)
    _to_tie, other = current_tie(form.to.data)
    try:
        services.propose(session, by=me, pair=(one, other), reason=form.reason.data or "", now=now)
    except DomainError as error:
        form.to.errors = [str(error.message)]
        return _not_proposed(tie_id, form)
    flash(_("Proposed. Both are asked; you hear if both say yes."), "done")
    return gone_to(url_for("followups.follow_up"))


def _not_proposed(tie_id: str, form: IntroduceForm) -> Response:
    page = _introduce_page(tie_id, clean(request.form.get("letters")), form)
    return invalid("followups/introduce.html", page=page)


def _chosen(tie_id: str) -> dict[str, str]:
    """Return the one person who was chosen, if they are one of mine."""
    found = gate.open_tie(database.session(), tie_id=tie_id, person_id=current_person().id)
    return {tie_id: found[1].name} if found else {}


def _introduce_page(tie_id: str, letters: str, form: IntroduceForm | None = None) -> IntroducePage:
    _tie, one = current_tie(tie_id)
    people = _people(one, letters)
    form = form or IntroduceForm(people=people)
    form.offer(people)
    return IntroducePage(tie_id, one.name, letters, form)


def _people(one: Person, letters: str) -> dict[str, str]:
    found = people_to_introduce(
        database.session(), person_id=current_person().id, but_for=one.id, letters=letters
    )
    return {tie.id: person.name for tie, person in found}


@bp.post("/introductions/<introduction_id>/accept")
@requires(signed_in)
def accept(introduction_id: str) -> Response:
    """Say yes to being introduced; names are told once both have."""
    return _answer(introduction_id, Answer.YES)


@bp.post("/introductions/<introduction_id>/decline")
@requires(signed_in)
def decline(introduction_id: str) -> Response:
    """Say no to being introduced; nobody is told."""
    return _answer(introduction_id, Answer.NO)


@bp.post("/introductions/<introduction_id>/take-back")
@requires(signed_in)
def take_answer_back(introduction_id: str) -> Response:
    """Take my answer back."""
    return _answer(introduction_id, Answer.NONE)


def _answer(introduction_id: str, says: Answer) -> Response:
    session, me, now = database.session(), current_person(), clock.now()
    found = introduction_to_me(introduction_id)
    services.answer(session, introduction=found.introduction, by=me, says=says, now=now)
    events = next_meetings(session, person_id=me.id, others=[found.other.id], now=now)
    row = screen.introduction_row(found, me=me, next_event=events.get(found.other.id))
    where = url_for("followups.follow_up")
    return done("followups/_introduction.html", row=row, otherwise=where)


@bp.post("/introductions/<introduction_id>/withdraw")
@requires(signed_in)
def withdraw(introduction_id: str) -> Response:
    """Take an introduction of mine back; it is gone for all three."""
    found = introduction_of_mine(introduction_id)
    services.withdraw(database.session(), introduction=found.introduction, now=clock.now())
    where = url_for("followups.follow_up")
    return done("followups/_withdrawn.html", row=screen.proposal_row(found), otherwise=where)
