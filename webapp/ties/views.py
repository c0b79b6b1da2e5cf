"""A saved talk, the people I met, one person, and my own card."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts import services as account_services
from webapp.accounts.access import current_person, signed_in
from webapp.accounts.models import Identity, Person
from webapp.accounts.queries import addresses_of, identities_of
from webapp.conversations import services as talk_services
from webapp.conversations.access import current_talk
from webapp.conversations.models import Conversation
from webapp.conversations.queries import TalkSides, proven_between
from webapp.conversations.rules import may_undo
from webapp.core import clock
from webapp.core import db as database
from webapp.core.config import OidcProvider
from webapp.core.htmx import done, gone_to, invalid
from webapp.core.phone import kept_by_phone
from webapp.core.urls import config
from webapp.events.access import attending
from webapp.events.models import Event
from webapp.security.access import requires
from webapp.ties import gate, queries, services
from webapp.ties.forms import CardForm, LinkForm, NoteForm
from webapp.ties.models import Link, Note, Tie
from webapp.ties.queries import PersonRow
from webapp.ties.rules import may_retie, shown_as, vcard

bp = Blueprint("ties", __name__)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as it is shown."""

    id: str
    kind: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """A tie that is open: who it is and the links it gives me."""

    tie_id: str
    name: str
    organisation: str
    headline: str
    links: list[LinkRow]


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One talk as I see it: proven, waiting for them, or waiting for me."""

    event: Event
    talk: Conversation
    name: str
    opened: OpenedRow | None
    is_waiting_for_me: bool
    is_waiting_for_them: bool
    may_undo: bool
    note: NoteForm


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person I met, over an open tie."""

    row: OpenedRow
    talks: list[tuple[Conversation, Event]]
    notes: list[tuple[Note, Event]]


@dataclass(frozen=True, slots=True)
class UntiedPage:
    """A tie I have just untied."""

    tie_id: str
    name: str
    may_retie: bool


@dataclass(frozen=True, slots=True)
class CardPage:
    """My card, my links, and what goes with my account."""

    form: CardForm
    link_form: LinkForm
    links: list[LinkRow]
    addresses: list[str]
    identities: list[Identity]
    providers: list[OidcProvider]
    blocked: list[Person]
    shown: OpenedRow


@bp.get("/events/<event_id>/talks/<talk_id>")
@requires(attending)
def talk(event_id: str, talk_id: str) -> str:  # noqa: ARG001  # the rule reads it
    """Show what came of a scan: saved, waiting for them, or waiting for me."""
    return render_template("ties/talk.html", page=_talk_page(current_talk(talk_id)))


def _talk_page(sides: TalkSides, note: NoteForm | None = None) -> TalkPage:
    talk, now = sides.talk, clock.now()
    return TalkPage(
        event=sides.event,
        talk=talk,
        name=sides.other.name,
        opened=_opened_with(sides.other.person_id) if talk.is_proven else None,
        is_waiting_for_me=not talk.is_proven and talk.claimed_about_id == sides.mine.id,
        is_waiting_for_them=not talk.is_proven and talk.claimed_by_id == sides.mine.id,
        may_undo=may_undo(talk, by_id=sides.mine.id, now=now),
        note=note or NoteForm(data={"text": _note_text(sides)}),
    )


def _note_text(sides: TalkSides) -> str:
    note = queries.own_note(
        database.session(),
        event_id=sides.event.id,
        author_id=sides.mine.id,
        about_id=sides.other.id,
    )
    return note.text if note else ""


def _opened_with(other_id: str | None) -> OpenedRow | None:
    found = gate.open_tie_with(database.session(), person_id=current_person().id, other_id=other_id)
    return _opened(*found) if found else None


def _opened(tie: Tie, other: Person) -> OpenedRow:
    links = gate.links_over(database.session(), tie=tie, person_id=current_person().id)
    return OpenedRow(tie.id, other.name, other.organisation, other.headline, _link_rows(links))


def _link_rows(links: list[Link]) -> list[LinkRow]:
    return [LinkRow(link.id, link.kind.value, link.url, shown_as(link.url)) for link in links]


@bp.post("/events/<event_id>/talks/<talk_id>/confirm")
@requires(attending)
def confirm(event_id: str, talk_id: str) -> BaseResponse:
    """Say yes to a claim about me; both people's links open."""
    sides = current_talk(talk_id)
    talk_services.confirm(database.session(), talk=sides.talk, by=sides.mine, now=clock.now())
    opened = _opened_with(sides.other.person_id)
    where = url_for("ties.talk", event_id=event_id, talk_id=talk_id)
    return done("ties/_opened.html", row=opened, otherwise=where) if opened else gone_to(where)


@bp.post("/events/<event_id>/talks/<talk_id>/note")
@requires(attending)
def keep_note(event_id: str, talk_id: str) -> BaseResponse:
    """Keep what the other one needed; only I read it."""
    sides, form = current_talk(talk_id), NoteForm(request.form)
    if not form.validate():
        page = _talk_page(sides, form)
        return invalid("ties/talk.html", "ties/_note.html", page=page)
    services.keep_note(
        database.session(),
        author=sides.mine,
        about_id=sides.other.id,
        text=form.text.data or "",
        now=clock.now(),
    )
    flash(_("Kept. Only you see it."), "done")
    return gone_to(url_for("ties.talk", event_id=event_id, talk_id=talk_id))


@bp.get("/people")
@requires(signed_in)
def people() -> BaseResponse:
    """List the people I met."""
    rows: list[PersonRow] = queries.people_i_met(database.session(), current_person().id)
    return kept_by_phone(render_template("ties/people.html", page=rows))


def current_tie(tie_id: str) -> tuple[Tie, Person]:
    """Return an open tie of mine and who is on its other side; anybody else gets a 404."""
    return gate.open_tie(database.session(), tie_id=tie_id, person_id=current_person().id) or abort(
        404
    )


@bp.get("/people/<tie_id>")
@requires(signed_in)
def person(tie_id: str) -> BaseResponse | str:
    """Show one person I met, or that I have just untied them."""
    mine = queries.tie_i_untied(database.session(), tie_id=tie_id, person_id=current_person().id)
    if mine:
        can = may_retie(mine[0], by_id=current_person().id, now=clock.now())
        if not can:
            abort(404)
        return render_template("ties/untied.html", page=UntiedPage(tie_id, mine[1].name, can))
    tie, other = current_tie(tie_id)
    page = PersonPage(
        _opened(tie, other),
        proven_between(database.session(), current_person().id, other.id),
        queries.own_notes_about(database.session(), author=current_person().id, about=other.id),
    )
    return kept_by_phone(render_template("ties/person.html", page=page))


@bp.get("/people/<tie_id>/card.vcf")
@requires(signed_in)
def contact_card(tie_id: str) -> Response:
    """Give a person's card for the phone's contacts, over an open tie only."""
    tie, other = current_tie(tie_id)
    event = database.session().get_one(Event, tie.last_event_id)
    links = gate.links_over(database.session(), tie=tie, person_id=current_person().id)
    there = tie.last_talk_at.astimezone(ZoneInfo(event.time_zone))
    card = vcard(
        name=other.name,
        organisation=other.organisation,
        headline=other.headline,
        urls=[link.url for link in links],
        met=_(
            "Met at %(event)s on %(day)s", event=event.name, day=format_date(there, rebase=False)
        ),
    )
    return Response(card, content_type="text/vcard; charset=utf-8")


@bp.post("/people/<tie_id>/untie")
@requires(signed_in)
def untie(tie_id: str) -> BaseResponse:
    """Untie; both sides' links close at once."""
    tie, _other = current_tie(tie_id)
    services.untie(database.session(), tie=tie, by=current_person(), now=clock.now())
    return gone_to(url_for("ties.person", tie_id=tie_id))


@bp.post("/people/<tie_id>/retie")
@requires(signed_in)
def retie(tie_id: str) -> BaseResponse:
    """Take my untying back on the spot."""
    found = queries.tie_i_untied(
        database.session(), tie_id=tie_id, person_id=current_person().id
    ) or abort(404)
    services.retie(database.session(), tie=found[0], by=current_person(), now=clock.now())
    return gone_to(url_for("ties.person", tie_id=tie_id))


@bp.post("/people/<tie_id>/block")
@requires(signed_in)
def block(tie_id: str) -> BaseResponse:
    """Block a person; they are not told."""
    _tie, other = current_tie(tie_id)
    talk_services.block(
        database.session(),
        blocker_id=current_person().id,
        blocked_id=other.id,
        now=clock.now(),
    )
    flash(_("Blocked. They are not told."), "done")
    return gone_to(url_for("ties.people"))


@bp.get("/me")
@requires(signed_in)
def card() -> str:
    """Show my card and privacy."""
    return render_template("ties/card.html", page=_card_page())


@bp.post("/me")
@requires(signed_in)
def change_card() -> BaseResponse:
    """Change my card; everybody with an open tie sees it at once."""
    form = CardForm(request.form)
    if not form.validate():
        return invalid("ties/card.html", page=_card_page(form=form))
    said = form.command()
    account_services.change_card(
        database.session(),
        person=current_person(),
        name=said.name,
        organisation=said.organisation,
        headline=said.headline,
    )
    flash(_("Kept."), "done")
    return redirect(url_for("ties.card"), 303)


@bp.post("/me/links")
@requires(signed_in)
def add_link() -> BaseResponse:
    """Add a link for the people I talk with."""
    form = LinkForm(request.form)
    if not form.validate():
        return invalid("ties/card.html", "ties/_links.html", page=_card_page(link_form=form))
    services.add_link(
        database.session(), person=current_person(), link=form.checked, now=clock.now()
    )
    return done("ties/_links.html", page=_card_page(), otherwise=url_for("ties.card"))


@bp.post("/me/links/<link_id>/remove")
@requires(signed_in)
def remove_link(link_id: str) -> BaseResponse:
    """Remove a link; it is gone for everyone at once."""
    services.remove_link(database.session(), person=current_person(), link_id=link_id)
    return done("ties/_links.html", page=_card_page(), otherwise=url_for("ties.card"))


@bp.post("/me/blocked/<person_id>/unblock")
@requires(signed_in)
def unblock(person_id: str) -> BaseResponse:
    """Lift a block of mine."""
    talk_services.unblock(database.session(), blocker_id=current_person().id, blocked_id=person_id)
    return redirect(url_for("ties.card"), 303)


def _card_page(*, form: CardForm | None = None, link_form: LinkForm | None = None) -> CardPage:
    session, me = database.session(), current_person()
    rows = _link_rows(queries.own_links(session, me.id))
    identities = identities_of(session, me.id)
    connected = {identity.provider for identity in identities}
    return CardPage(
        form=form or CardForm(obj=me),
        link_form=link_form or LinkForm(),
        links=rows,
        addresses=addresses_of(session, me.id),
        identities=identities,
        providers=[one for one in config().providers if one.label not in connected],
        blocked=queries.people_i_blocked(session, me.id),
        shown=OpenedRow("", me.name, me.organisation, me.headline, rows),
    )
