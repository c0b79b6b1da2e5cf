"""Creating an event, its settings, putting it away, and erasing it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.accounts.access import current_person, signed_in
from webapp.core import clock
from webapp.core import db as database
from webapp.core.htmx import invalid
from webapp.events import services as event_services
from webapp.events.access import current_event, current_place, looking_back, owning_freshly, running
from webapp.events.models import Event, RoleName
from webapp.events.rules import (
    USUAL_ZONE,
    erased_after,
    may_erase,
    next_evening,
    next_same_weekday,
)
from webapp.events.settings import queries, services
from webapp.events.settings.forms import ErasureForm, EventForm, said_of
from webapp.events.settings.services import NotChangeable
from webapp.security.access import requires

bp = Blueprint("settings", __name__)


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form for a new event, and earlier ones to copy."""

    form: EventForm
    earlier: list[tuple[str, str]]
    """Each by its id, and its name with the day."""
    copied: str
    guesses_zone: bool = False
    """Whether the browser may choose the time zone: nothing is known of this person's yet."""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What was decided about an event, and its end."""

    event: Event
    form: EventForm
    erasure: ErasureForm
    is_organiser: bool
    may_erase: bool
    erased_on: str
    """The day on which it was erased, or is erased by itself."""


@bp.get("/events/new")
@requires(signed_in)
def new() -> str:
    """Show the form for a new event, filled in as far as one can guess."""
    earlier = queries.events_i_run(database.session(), current_person().id)
    copied = next((one for one in earlier if one.id == request.args.get("like")), None)
    form = EventForm(data=_as_before(copied) if copied else _as_usual(earlier))
    page = _new_page(form, earlier, copied.id if copied else "", guesses_zone=not earlier)
    return render_template("events/new.html", page=page)


def _new_page(
    form: EventForm, earlier: list[Event], copied: str = "", *, guesses_zone: bool = False
) -> NewPage:
    rows = [(one.id, f"{one.name}, {_day_of(one.starts_at, one)}") for one in earlier]
    return NewPage(form, rows, copied, guesses_zone)


def _day_of(moment: datetime, event: Event) -> str:
    """Write a day where the event is, with its year."""
    return str(format_date(moment.astimezone(ZoneInfo(event.time_zone)), rebase=False))


def _as_before(event: Event) -> dict[str, object]:
    """Return the settings of an earlier event, its times moved to the next same weekday."""
    return said_of(event, next_same_weekday(event, clock.now()))


def _as_usual(earlier: list[Event]) -> dict[str, object]:
    """Return the next evening where this person's last event was."""
    zone = earlier[0].time_zone if earlier else USUAL_ZONE
    starts_at, ends_at = next_evening(clock.now(), zone)
    return {"time_zone": zone, "starts_at": starts_at, "ends_at": ends_at}


@bp.post("/events/new")
@requires(signed_in)
def create() -> Response:
    """Create an event; its creator organises it."""
    form = EventForm(request.form)
    if not form.validate():
        earlier = queries.events_i_run(database.session(), current_person().id)
        return invalid("events/new.html", page=_new_page(form, earlier))
    event = event_services.create_event(
        database.session(), said=form.command(), by=current_person(), now=clock.now()
    )
    return redirect(url_for("desk.find", event_id=event.id), 303)


@bp.get("/events/<event_id>/settings")
@requires(looking_back)
def settings(event_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show what was decided about an event."""
    return render_template("events/settings.html", page=_settings_page())


@bp.post("/events/<event_id>/settings")
@requires(running)
def change(event_id: str) -> Response:
    """Change what was decided about an event."""
    form = EventForm(request.form)
    if not form.validate():
        return invalid("events/settings.html", page=_settings_page(form=form))
    try:
        services.change_event(
            database.session(),
            event=current_event(),
            said=form.command(),
            by=current_person(),
            now=clock.now(),
        )
    except NotChangeable as error:
        form[error.field].errors = [str(error.message)]
        return invalid("events/settings.html", page=_settings_page(form=form))
    flash(_("Kept."), "done")
    return redirect(url_for("settings.settings", event_id=event_id), 303)


@bp.post("/events/<event_id>/archive")
@requires(looking_back)
def archive(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Put an event out of the list."""
    services.archive(
        database.session(), event=current_event(), by=current_person(), now=clock.now()
    )
    flash(_("Archived. It stands at the end of your events."), "done")
    return redirect(url_for("events.mine"), 303)


@bp.post("/events/<event_id>/bring-back")
@requires(looking_back)
def bring_back(event_id: str) -> Response:  # noqa: ARG001  # the rule reads it
    """Put an archived event back into the list."""
    services.bring_back(
        database.session(), event=current_event(), by=current_person(), now=clock.now()
    )
    return redirect(url_for("events.mine"), 303)


@bp.post("/events/<event_id>/erase")
@requires(owning_freshly)
def erase(event_id: str) -> Response:
    """Erase an event's guest list and what hangs on it, once its name is typed."""
    form = ErasureForm(request.form, event=current_event())
    if not form.validate():
        return invalid("events/settings.html", page=_settings_page(erasure=form))
    services.ask_for_erasure(
        database.session(), event=current_event(), by=current_person(), now=clock.now()
    )
    return redirect(url_for("settings.settings", event_id=event_id), 303)


def _settings_page(
    *, form: EventForm | None = None, erasure: ErasureForm | None = None
) -> SettingsPage:
    place, now = current_place(), clock.now()
    event = place.event
    return SettingsPage(
        event,
        form or EventForm(data=said_of(event)),
        erasure or ErasureForm(event=event),
        RoleName.ORGANISER in place.roles,
        may_erase(event, now),
        _day_of(event.erased_at or erased_after(event), event),
    )
