"""Taking candidates along: choosing whom and where to, what to know before, and the file."""

from flask import Response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts.access import current_person
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.recruiting import pages
from webapp.recruiting.access import current_member, current_team, taking_along
from webapp.recruiting.exporting.presets import PRESETS
from webapp.recruiting.exporting.writing import file_name
from webapp.recruiting.forms import CHOSEN, ExportForm
from webapp.recruiting.queries import exports as queries
from webapp.recruiting.queries.exports import Whom
from webapp.recruiting.services.exports import note_export
from webapp.recruiting.views.blueprint import bp
from webapp.recruiting.views.looking import current_review, wanted
from webapp.security.access import requires
from webapp.security.limits import limiter

Said = MultiDict[str, str]


@bp.get("/events/<event_id>/export")
@requires(taking_along)
def export(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Let a member choose whom to take along, and where to."""
    return render_template("recruiting/export.html", page=_export_page(request.args))


@bp.get("/events/<event_id>/export/check")
@requires(taking_along)
def check_export(event_id: str) -> BaseResponse | str:  # noqa: ARG001  # the rule reads it
    """Say what to know before the file is made."""
    form = pages.export_form(0, request.args)
    if not form.validate():
        return invalid("recruiting/export.html", page=_export_page(request.args))
    page = _check_page(request.args, form)
    return render_template("recruiting/export_check.html", page=page)


@bp.post("/events/<event_id>/export")
@requires(taking_along)
@limiter.limit("30 per hour", key_func=lambda: f"team exports by {current_person().id}")
def make_export(event_id: str) -> BaseResponse:  # noqa: ARG001  # the rule reads it
    """Make the file, note who is in it, and send it; it is kept nowhere."""
    form = pages.export_form(0, request.form)
    if not form.validate():
        return invalid("recruiting/export.html", page=_export_page(request.form))
    file = _made_file(form)
    if file is None:
        return invalid("recruiting/export_check.html", page=_check_page(request.form, form))
    note_export(
        database.session(),
        member=current_member(),
        preset=form.preset.data,
        person_ids=file.person_ids,
        now=clock.now(),
    )
    return _sent(file, form)


def _made_file(form: ExportForm) -> pages.MadeFile | None:
    """Return the file, unless nobody is in it or its target would not take it."""
    looking, preset = current_review(), PRESETS[form.preset.data]
    ids = _ids(looking, request.form, form)
    if preset.most_rows is not None and len(ids) > preset.most_rows:
        return None
    ticks = {"has_notes": form.has_notes.data, "has_bom": form.has_bom.data}
    file = pages.made_file(looking, ids, preset, **ticks)
    if not file.person_ids:
        file.content.close()
        return None
    return file


def _sent(file: pages.MadeFile, form: ExportForm) -> Response:
    preset = PRESETS[form.preset.data]
    answer = Response(file.chunks(), content_type=preset.content_type)
    answer.call_on_close(file.content.close)
    answer.content_length = file.size
    name = file_name(preset, on=current_review().today)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _export_page(said: Said) -> pages.ExportPage:
    looking, asked = current_review(), wanted(said)
    ids = queries.places_of(looking.session, looking.looker, Whom(asked))
    is_begun = "preset" in said
    form = pages.export_form(len(ids), said if is_begun else None)
    if is_begun:
        form.validate()
    return pages.export_page(
        looking,
        ids,
        team=current_team().name,
        form=form,
        filters=list(asked.query.items()),
        ticked=frozenset(said.getlist("person")) if is_begun else None,
    )


def _check_page(said: Said, form: ExportForm) -> pages.ExportCheckPage:
    looking = current_review()
    ids = _ids(looking, said, form)
    return pages.check_page(looking, ids, form=form, said=_all_of(said, form))


def _ids(looking: pages.Review, said: Said, form: ExportForm) -> list[str]:
    whom = pages.whom_of(form, wanted(said), said.getlist("person"))
    return queries.places_of(looking.session, looking.looker, whom)


def _all_of(said: Said, form: ExportForm) -> list[tuple[str, str]]:
    """Return all that was chosen, as it is sent again."""
    chosen = [("preset", form.preset.data), ("whom", form.whom.data)]
    ticks = [(one.name, "y") for one in (form.has_notes, form.has_bom) if one.data]
    people = said.getlist("person") if form.whom.data == CHOSEN else []
    filters = wanted(said).query.items()
    return [*filters, *chosen, *ticks, *(("person", one) for one in people)]
