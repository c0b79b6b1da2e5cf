"""The ways to go on with one person: what each button says and where it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.events.models import Event
from webapp.followups.forms.following import OutcomeForm, RhythmForm
from webapp.followups.models import Promise, PromiseKind, Rhythm, TieSide
from webapp.followups.queries.following import latest_outcome, mark_to_ask
from webapp.followups.queries.promises import open_promises
from webapp.followups.queries.strength import sides_of
from webapp.followups.rules.next_step import Step, next_step, other_steps
from webapp.followups.rules.rhythm import due_at
from webapp.followups.rules.writing import called, mail_url, shortened
from webapp.ties import gate
from webapp.ties.models import Link, LinkKind, Note, Tie
from webapp.ties.queries import last_event, own_notes_about

STEP_WORDS = {
    Step.WRITE: _l("Write a few words"),
    Step.CALENDAR: _l("Put a day in the calendar"),
    Step.INTRODUCE: _l("Introduce them to somebody"),
    Step.LINKEDIN: _l("Write on LinkedIn"),
    Step.MAIL: _l("Write the mail"),
    Step.CONTACTS: _l("Add to contacts"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What one knows oneself of somebody: all that words for them are made of."""

    tie: Tie
    other: Person
    event: Event
    links: Sequence[Link]
    """Those of the other side that are open to me."""
    owed: Sequence[Promise]
    """What I promised and have not kept."""
    note: str
    """What I wrote down last; nobody else reads it."""

    @property
    def kinds(self) -> dict[LinkKind, str]:
        """The first address of each kind."""
        return {link.kind: link.url for link in reversed(self.links)}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One way to go on, as a button."""

    step: str
    words: str
    url: str
    leaves: bool
    """Whether it leads out of the app."""


@dataclass(frozen=True, slots=True)
class WaysPart:
    """All ways to go on with a person, on their page."""

    tie_id: str
    name: str
    steps: list[StepRow]


@dataclass(frozen=True, slots=True)
class RhythmPart:
    """How often I want to check in with somebody, and when it is time again."""

    tie_id: str
    form: RhythmForm
    due_at: datetime | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """What I say came of a tie; the other side never sees it."""

    tie_id: str
    form: OutcomeForm
    is_said: bool
    is_kept: bool = False


def known(session: Session, *, tie: Tie, other: Person, me: Person) -> Known:
    """Return what I know of one person over an open tie."""
    return Known(
        tie=tie,
        other=other,
        event=last_event(session, tie.last_event_id),
        links=gate.links_over(session, tie=tie, person_id=me.id),
        owed=[one for one in open_promises(session, tie.id) if one.by_id == me.id],
        note=_latest(own_notes_about(session, author=me.id, about=other.id)),
    )


def _latest(notes: Sequence[tuple[Note, Event]]) -> str:
    found = max((note for note, _event in notes), key=lambda one: one.changed_at, default=None)
    return found.text if found else ""


def steps_with(known: Known) -> tuple[StepRow, list[StepRow]]:
    """Return what to do next with somebody, and the other ways."""
    owed = [one.kind for one in known.owed]
    first = next_step(owed=owed, links=known.kinds)
    others = other_steps(first, owed=owed, links=known.kinds)
    return _step_row(first, known), [_step_row(step, known) for step in others]


def suggested_words(known: Known) -> str:
    """Return words to begin with, from where we met and from my own note and promises."""
    name, event = called(known.other.name), known.event.name
    said = [_("Hi %(name)s, it was good to talk with you at %(event)s.", name=name, event=event)]
    if known.note:
        note = shortened(known.note).rstrip(".")
        said.append(_("You were looking for: %(note)s.", note=note))
    return " ".join([*said, *(_promised(one) for one in known.owed[:2])])


def subject_for(known: Known) -> str:
    """Return the subject of a mail to somebody I met."""
    return str(_("Our talk at %(event)s", event=known.event.name))


def mail_to(known: Known, words: str) -> str:
    """Return a mailto address with words in it; empty if no e-mail is open to me."""
    address = known.kinds.get(LinkKind.EMAIL)
    return mail_url(address, subject=subject_for(known), body=words) if address else ""


def ways_part(known: Known) -> WaysPart:
    """Return the ways to go on with a person; their card stands on the page by itself."""
    ways = (Step.WRITE, Step.CALENDAR)
    return WaysPart(known.tie.id, called(known.other.name), [_step_row(one, known) for one in ways])


def rhythm_part(session: Session, *, tie: Tie, me: Person) -> RhythmPart:
    """Return how often I want to check in with the other side of a tie."""
    side = side_of_mine(session, tie=tie, me=me)
    rhythm = side.rhythm if side else Rhythm.NONE
    since = side.rhythm_set_at if side else None
    return RhythmPart(
        tie_id=tie.id,
        form=RhythmForm(data={"rhythm": rhythm.value}),
        due_at=due_at(rhythm, since=since, last_talk_at=tie.last_talk_at),
        time_zone=last_event(session, tie.last_event_id).time_zone,
    )


def side_of_mine(session: Session, *, tie: Tie, me: Person) -> TieSide | None:
    """Return what I have chosen about a tie; the other side's is not for me."""
    return sides_of(session, tie.id).get(me.id)


def outcome_part(
    session: Session,
    *,
    tie: Tie,
    me: Person,
    now: datetime,
    form: OutcomeForm | None = None,
    is_kept: bool = False,
) -> OutcomePart:
    """Return what I last said came of a tie, to be said anew."""
    latest = latest_outcome(session, tie_id=tie.id, person_id=me.id)
    is_asked = mark_to_ask(session, tie=tie, person_id=me.id, now=now) is not None
    said = {"outcome": latest.kind.value, "text": latest.text} if latest else {}
    return OutcomePart(
        tie_id=tie.id,
        form=form or OutcomeForm(data=said if latest and not is_asked else None),
        is_said=latest is not None,
        is_kept=is_kept,
    )


def _step_row(step: Step, known: Known) -> StepRow:
    url = _url_of(step, known)
    return StepRow(step.value, str(STEP_WORDS[step]), url, leaves=step is Step.MAIL)


def _url_of(step: Step, known: Known) -> str:
    match step:
        case Step.WRITE | Step.LINKEDIN:
            return url_for("followups.write", tie_id=known.tie.id)
        case Step.CALENDAR:
            return _calendar_url(known)
        case Step.INTRODUCE:
            return url_for("followups.introducing", tie_id=known.tie.id)
        case Step.MAIL:
            return mail_to(known, suggested_words(known))
        case Step.CONTACTS:
            return url_for("ties.contact_card", tie_id=known.tie.id)


def _calendar_url(known: Known) -> str:
    again = next((one for one in known.owed if one.kind is PromiseKind.MEET_AGAIN), None)
    if again and again.due_on:
        return url_for("followups.promise_calendar", tie_id=known.tie.id, promise_id=again.id)
    return url_for("followups.plan", tie_id=known.tie.id)


def _promised(promise: Promise) -> str:
    text = promise.text.rstrip(".")
    plain: Mapping[PromiseKind, str] = {
        PromiseKind.SEND_LINK: _("As promised, here is the link:"),
        PromiseKind.INTRODUCE: _("I have not forgotten that I want to introduce you to somebody."),
        PromiseKind.MEET_AGAIN: _("When would it suit you to meet again?"),
        PromiseKind.OWN_WORDS: "",
    }
    with_text: Mapping[PromiseKind, str] = {
        PromiseKind.SEND_LINK: _("As promised, here is the link (%(text)s):", text=text),
        PromiseKind.INTRODUCE: _("I want to introduce you, as I said: %(text)s.", text=text),
        PromiseKind.MEET_AGAIN: _("We wanted to meet again: %(text)s.", text=text),
        PromiseKind.OWN_WORDS: _("I promised you: %(text)s.", text=text),
    }
    return (with_text if text else plain)[promise.kind]
