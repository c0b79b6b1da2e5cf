"""The demo's own pages: being somebody with one click, and two phones side by side."""

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.accounts.access import DEVICE, SEEN, current_person, remember_device, signed_in
from webapp.accounts.models import Person, Proof
from webapp.accounts.services import open_device
from webapp.badges import codes
from webapp.badges.models import Badge
from webapp.badges.queries import badge_of_attendee
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import Config
from webapp.core.pictures import qr_svg
from webapp.core.urls import absolute, config
from webapp.demo.phones import LEFT, RIGHT, hand_over, mount
from webapp.demo.stage import STAGE, Stage
from webapp.events.models import Attendee, Event
from webapp.events.queries import attendee_of
from webapp.security.access import anyone, requires
from webapp.security.csrf import SEED, new_seed
from webapp.security.tokens import grouped

bp = Blueprint("demo", __name__, url_prefix="/demo")


@dataclass(frozen=True, slots=True)
class StartPage:
    """Whom one can be."""

    event: Event
    left: Person
    right: Person
    recruiter: Person
    organiser: Person
    recorded: int
    talks: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class PaperBadge:
    """One printed badge as it hangs around a neck."""

    name: str
    organisation: str
    headline: str
    qr: Markup
    host: str
    short_code: str


@dataclass(frozen=True, slots=True)
class PhonesPage:
    """Two phones and the badges of who holds them."""

    left: PaperBadge
    right: PaperBadge


def init_app(app: Flask, settings: Config) -> None:
    """Wire the demo into a demo, and into nothing else."""
    if settings.is_demo:
        app.register_blueprint(bp)
        mount(app)


def stage() -> Stage:
    """Return what the demo has prepared."""
    found = current_app.extensions.get(STAGE)
    if not isinstance(found, Stage):
        abort(404)
    return found


@bp.get("/")
@requires(anyone)
def start() -> str:
    """Offer the people one can be."""
    roles, session = stage().roles, database.session()
    page = StartPage(
        event=session.get_one(Event, roles.event_id),
        left=session.get_one(Person, roles.left),
        right=session.get_one(Person, roles.right),
        recruiter=session.get_one(Person, roles.recruiter),
        organiser=session.get_one(Person, roles.organiser),
        recorded=stage().recorded,
        talks=len(stage().talks),
        is_complete=stage().is_complete.is_set(),
    )
    return render_template("demo/start.html", page=page)


@bp.post("/be/<role>")
@requires(anyone)
def be(role: str) -> Response:
    """Step into an attendee, the organiser or the recruiter."""
    event_id = stage().roles.event_id
    goals = {
        "attendee": (stage().roles.left, url_for("conversations.meet", event_id=event_id)),
        "recruiter": (stage().roles.recruiter, url_for("recruiting.candidates", event_id=event_id)),
        "organiser": (stage().roles.organiser, url_for("insights.report", event_id=event_id)),
    }
    if role not in goals:
        abort(404)
    person_id, goal = goals[role]
    remember_device(_device_of(person_id))
    if role == "organiser" and not stage().is_complete.is_set():
        flash(
            _(
                "The congress is still being recorded, %(percent)s%% so far. Reload in a moment.",
                percent=stage().percent,
            ),
            "done",
        )
    return redirect(goal, 303)


@bp.post("/phones")
@requires(anyone)
def take_phones() -> Response:
    """Take two phones in hand, each with somebody signed in."""
    answer = redirect(url_for("demo.phones"), 303)
    now = int(clock.now().timestamp())
    for phone, person_id in ((LEFT, stage().roles.left), (RIGHT, stage().roles.right)):
        content: dict[str, object] = {
            DEVICE: _device_of(person_id),
            SEEN: now,
            SEED: new_seed(),
        }
        hand_over(current_app, answer, phone, content)
    return answer


def _device_of(person_id: str) -> str:
    session = database.session()
    person = session.get_one(Person, person_id)
    return open_device(session, person=person, label=_("Demo"), proof=Proof.DEMO, now=clock.now())


@bp.get("/phones")
@requires(anyone)
def phones() -> str:
    """Show the two phones and both printed badges."""
    roles = stage().roles
    page = PhonesPage(_paper_badge(roles.left), _paper_badge(roles.right))
    return render_template("demo/phones.html", page=page)


@bp.get("/see/<what>")
@requires(signed_in)
def see(what: str) -> Response:
    """Point this phone's camera at the other's badge or screen: open what its QR says."""
    roles = stage().roles
    other = {roles.left: roles.right, roles.right: roles.left}.get(current_person().id)
    if other is None or what not in {"badge", "screen"}:
        abort(404)
    _attendee, badge = _badge_of(other)
    if what == "badge":
        return redirect(url_for("conversations.printed_code", code=codes.printed_code(badge)), 303)
    event = database.session().get_one(Event, roles.event_id)
    code = codes.live_code(badge, codes.step_at(clock.now()))
    return redirect(url_for("conversations.live_code", event_code=event.code, code=code), 303)


def _badge_of(person_id: str) -> tuple[Attendee, Badge]:
    session, event_id = database.session(), stage().roles.event_id
    attendee = attendee_of(session, event_id=event_id, person_id=person_id) or abort(404)
    badge = badge_of_attendee(session, event_id=event_id, attendee_id=attendee.id)
    return attendee, badge or abort(404)


def _paper_badge(person_id: str) -> PaperBadge:
    attendee, badge = _badge_of(person_id)
    url = absolute(f"/B/{codes.printed_code(badge)}").upper()
    return PaperBadge(
        attendee.name,
        attendee.organisation,
        attendee.headline,
        qr_svg(url, label=_("Badge of %(name)s", name=attendee.name)),
        config().host,
        grouped(codes.short_code(badge)),
    )
