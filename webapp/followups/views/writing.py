"""A message in my own words, to take along: the app sends none."""

from dataclasses import dataclass

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.accounts.models import Person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid, wants_fragment
from webapp.followups import steps
from webapp.followups.forms.following import WordsForm
from webapp.followups.queries.following import others_with_same_words
from webapp.followups.rules.writing import MANY, compared
from webapp.followups.services import following as services
from webapp.followups.steps import Known
from webapp.followups.views.blueprint import bp
from webapp.security.access import requires
from webapp.security.keys import secret_key
from webapp.security.tokens import digest
from webapp.ties.access import current_tie
from webapp.ties.models import LinkKind, Tie


@dataclass(frozen=True, slots=True)
class WritePage:
    """Words for one person: ready to be taken along, or to be written anew."""

    tie_id: str
    name: str
    note: str
    form: WordsForm
    words: str = ""
    """What is taken along; empty while what was typed cannot be used."""
    is_typed: bool = False
    """Whether they were typed just now; otherwise they are suggested."""
    linkedin_url: str = ""
    mail_url: str = ""
    same_to: int = 0
    """How many others got the same words, if they are many."""


@bp.get("/people/<tie_id>/write")
@requires(signed_in)
def write(tie_id: str) -> str:
    """Suggest words for a person, to be taken along at once or changed; nothing is noted."""
    known = _known(*current_tie(tie_id))
    words = steps.suggested_words(known)
    others = others_with_same_words(
        database.session(),
        person_id=current_person().id,
        digest=_digest(current_person(), words, known.other),
        tie_id=tie_id,
    )
    page = _page(known, WordsForm(data={"words": words}), words=words, others=others)
    return render_template("followups/write.html", page=page)


@bp.post("/people/<tie_id>/write")
@requires(signed_in)
def use_words(tie_id: str) -> Response:
    """Take words along: they are shown to be copied, and only their digest is kept.

    The answer shows them itself, with and without a script: they are kept nowhere.
    """
    tie, other = current_tie(tie_id)
    known, form = _known(tie, other), WordsForm(request.form)
    if not form.validate():
        return invalid("followups/write.html", "followups/_words.html", page=_page(known, form))
    words, me = form.words.data or "", current_person()
    others = services.use_words(
        database.session(), tie=tie, by=me, digest=_digest(me, words, other), now=clock.now()
    )
    page = _page(known, form, words=words, others=others)
    template = "followups/_words.html" if wants_fragment() else "followups/write.html"
    return make_response(render_template(template, page=page))


def _known(tie: Tie, other: Person) -> Known:
    return steps.known(database.session(), tie=tie, other=other, me=current_person())


def _digest(me: Person, words: str, other: Person) -> str:
    said = compared(words, name=other.name)
    return digest(secret_key(), purpose="used message", value=f"{me.id}\0{said}")


def _page(known: Known, form: WordsForm, *, words: str = "", others: int = 0) -> WritePage:
    return WritePage(
        tie_id=known.tie.id,
        name=known.other.name,
        note=known.note,
        form=form,
        words=words,
        is_typed=request.method == "POST",
        linkedin_url=known.kinds.get(LinkKind.LINKEDIN, ""),
        mail_url=steps.mail_to(known, words),
        same_to=others if others >= MANY else 0,
    )
