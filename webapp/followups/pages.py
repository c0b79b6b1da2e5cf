"""What the pages of a talk and of a person show of promises, depth and strength."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_skeleton
from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import Form

from webapp.accounts.models import Person
from webapp.conversations.queries import TalkSides
from webapp.followups import steps
from webapp.followups.forms.promises import (
    DEPTH_CHIPS,
    DepthForm,
    NoteForm,
    PromiseForm,
    note_form,
    promise_words,
)
from webapp.followups.models import Depth, Promise
from webapp.followups.queries.promises import open_promises, settled_promises
from webapp.followups.queries.strength import Grown, depth_of, grown, sides_of
from webapp.followups.rules.promises import (
    Standing,
    is_overdue,
    is_recent,
    may_confirm,
    may_settle,
    may_take_back,
    standing,
    today_at,
)
from webapp.followups.rules.strength import Band, Given, Part, Strength, strength_of
from webapp.ties import pages as ties
from webapp.ties.models import Tie
from webapp.ties.queries import last_event, own_note


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise as one of its two people sees it."""

    tie_id: str
    id: str
    words: str
    name: str
    """Who is on the other side."""
    is_mine: bool
    standing: Standing
    due: str
    """Its day in words; empty if none was said."""
    is_overdue: bool
    may_settle: bool
    may_confirm: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class PromisesPart:
    """The promises over one tie: what is open or was just settled, and what was before."""

    recent: list[PromiseRow]
    earlier: list[PromiseRow]


@dataclass(frozen=True, slots=True)
class PromisingPart:
    """The promises over one tie, and the form for one more."""

    tie_id: str
    name: str
    promises: PromisesPart
    form: PromiseForm


@dataclass(frozen=True, slots=True)
class KeepPart:
    """What I keep of a talk: a note, and over an open tie a promise and a depth."""

    event_id: str
    talk_id: str
    name: str
    note: NoteForm
    promise: PromiseForm | None
    depth: DepthForm | None
    """None where there is no tie, and for those who do not say how deep talks went."""
    promises: PromisesPart | None
    told: str = ""
    """What was kept just now, and who sees it."""

    @property
    def forms(self) -> list[Form]:
        """The forms it is made of."""
        return [form for form in (self.note, self.promise, self.depth) if form is not None]

    @property
    def has_problems(self) -> bool:
        """True if something cannot be kept as it was typed."""
        return any(form.errors for form in self.forms)


@dataclass(frozen=True, slots=True)
class StrengthLine:
    """One part of a strength, explained."""

    words: str
    points: str


@dataclass(frozen=True, slots=True)
class StrengthPart:
    """How strong a tie is, for its two people alone."""

    tie_id: str
    band: str
    history: int
    now: int
    is_dormant: bool
    agreed: str
    """How deep both say it went; empty until both do."""
    lines: list[StrengthLine]
    depth: DepthForm | None


def parts_of_talk(
    sides: TalkSides,
    *,
    session: Session,
    me: Person,
    opened: tuple[Tie, Person] | None,
    now: datetime,
) -> list[ties.Part]:
    """Return what the page of a talk shows of this feature: the form to keep what matters."""
    row = keep_part(session, sides, me=me, opened=opened, now=now)
    return [ties.Part("followups/_keep.html", row)]


def parts_of_tie(
    tie: Tie, *, session: Session, me: Person, other: Person, now: datetime
) -> list[ties.Part]:
    """Return what a person's page shows of this feature: what is next, promises, and strength."""
    promising = promising_part(session, tie=tie, other=other, me=me, now=now)
    strength = strength_part(session, tie=tie, me=me, other=other, now=now)
    known = steps.known(session, tie=tie, other=other, me=me)
    return [
        ties.Part("followups/_ways.html", steps.ways_part(known)),
        ties.Part("followups/_promising.html", promising),
        *([ties.Part("followups/_strength.html", strength)] if strength else []),
        ties.Part("followups/_rhythm.html", steps.rhythm_part(session, tie=tie, me=me)),
        ties.Part("followups/_outcome.html", steps.outcome_part(session, tie=tie, me=me, now=now)),
    ]


def keep_part(
    session: Session,
    sides: TalkSides,
    *,
    me: Person,
    opened: tuple[Tie, Person] | None,
    now: datetime,
    told: str = "",
) -> KeepPart:
    """Return the form of a talk with what was kept."""
    note = own_note(
        session, event_id=sides.event.id, author_id=sides.mine.id, about_id=sides.other.id
    )
    return KeepPart(
        event_id=sides.event.id,
        talk_id=sides.talk.id,
        name=sides.other.name,
        note=note_form(name=sides.other.name, text=note.text if note else ""),
        promise=new_promise_form(session, opened[0], now=now, needed=False) if opened else None,
        depth=depth_form(session, opened[0], me) if opened else None,
        promises=promises_part(session, *opened, me=me, now=now) if opened else None,
        told=told,
    )


def today_of(session: Session, tie: Tie, now: datetime) -> date:
    """Return the day it is where the two last talked."""
    return today_at(last_event(session, tie.last_event_id).time_zone, now)


def new_promise_form(
    session: Session, tie: Tie, *, now: datetime, needed: bool = True
) -> PromiseForm:
    """Return the empty form for a promise."""
    return PromiseForm(today=today_of(session, tie, now), needed=needed)


def depth_form(session: Session, tie: Tie, me: Person) -> DepthForm | None:
    """Return the form for how deep it went as I said; None for those who do not say."""
    if not me.says_depth:
        return None
    mine = depth_of(sides_of(session, tie.id), me.id)
    return DepthForm(data={"depth": mine.value if mine else ""})


def promising_part(
    session: Session,
    *,
    tie: Tie,
    other: Person,
    me: Person,
    now: datetime,
    form: PromiseForm | None = None,
) -> PromisingPart:
    """Return the promises over a tie with the form for one more."""
    return PromisingPart(
        tie_id=tie.id,
        name=other.name,
        promises=promises_part(session, tie, other, me=me, now=now),
        form=form or new_promise_form(session, tie, now=now),
    )


def promises_part(
    session: Session, tie: Tie, other: Person, *, me: Person, now: datetime
) -> PromisesPart:
    """Return the promises over a tie, in one query."""
    today = today_of(session, tie, now)
    settled = settled_promises(session, tie.id)
    recent = [*open_promises(session, tie.id), *(p for p in settled if is_recent(p, now=now))]
    earlier = [promise for promise in settled if not is_recent(promise, now=now)]
    return PromisesPart(
        *(
            [promise_row(promise, me=me, name=other.name, today=today) for promise in some]
            for some in (recent, earlier)
        )
    )


def promise_row(promise: Promise, *, me: Person, name: str, today: date) -> PromiseRow:
    """Return a promise as one of its two people sees it."""
    return PromiseRow(
        tie_id=promise.tie_id,
        id=promise.id,
        words=promise_words(promise.kind, promise.text),
        name=name,
        is_mine=promise.by_id == me.id,
        standing=standing(promise),
        due=day_words(promise.due_on, today) if promise.due_on else "",
        is_overdue=is_overdue(promise, today=today),
        may_settle=may_settle(promise, by_id=me.id),
        may_confirm=may_confirm(promise, by_id=me.id),
        may_take_back=may_take_back(promise, by_id=me.id),
    )


def day_words(day: date, today: date) -> str:
    """Write a day, such as Thu, Nov 26, with its year if that is another one."""
    skeleton = "MMMEd" if day.year == today.year else "yMMMEd"
    return format_skeleton(skeleton, datetime(*day.timetuple()[:3]), locale=get_locale())  # noqa: DTZ001


def strength_part(
    session: Session, *, tie: Tie, me: Person, other: Person, now: datetime
) -> StrengthPart | None:
    """Return how strong an open tie is, in the words of its two people; None without a talk."""
    found = grown(session, tie=tie, people=(me, other), now=now)
    if found is None:
        return None
    strength = strength_of(found.inputs)
    return StrengthPart(
        tie_id=tie.id,
        band=_band_words(strength.band),
        history=round(strength.history),
        now=round(strength.now),
        is_dormant=strength.is_dormant,
        agreed=str(DEPTH_CHIPS[found.inputs.depth]) if found.inputs.depth else "",
        lines=explained(found, strength),
        depth=depth_form(session, tie, me),
    )


def explained(found: Grown, strength: Strength) -> list[StrengthLine]:
    """Return one line for each part that adds to a strength."""
    inputs = found.inputs
    words = {
        Part.TALKS: ngettext("%(num)s talk", "%(num)s talks", inputs.talks),
        Part.DAYS: ngettext("on %(num)s day", "on %(num)s days", inputs.days),
        Part.DEPTH: _agreed_words(inputs.depth),
        Part.SERVICES: _services_words(*found.given),
        Part.CARE: _("both of you keep a note or have opened a link")
        if inputs.caring > 1
        else _("one of you keeps a note or has opened a link"),
    }
    return [
        StrengthLine(words[part], _points(points))
        for part, points in strength.points.items()
        if points > 0
    ]


def _agreed_words(depth: Depth | None) -> str:
    return _("agreed depth: %(depth)s", depth=DEPTH_CHIPS[depth]) if depth else ""


def _services_words(mine: Given, theirs: Given) -> str:
    promises = mine.promises + theirs.promises
    introductions = mine.introductions + theirs.introductions
    words = [
        ngettext("%(num)s promise kept", "%(num)s promises kept", promises) if promises else "",
        ngettext("%(num)s introduction", "%(num)s introductions", introductions)
        if introductions
        else "",
        _("both have given") if mine.services and theirs.services else "",
    ]
    return ", ".join(word for word in words if word)


def _points(points: float) -> str:
    """Write what a part adds: whole points, and halves where they are exact."""
    is_half = points * 2 == round(points * 2)
    return f"+{format_decimal(points if is_half else round(points))}"


def _band_words(band: Band) -> str:
    words: dict[Band, str] = {
        Band.MET: _("Met"),
        Band.ACQUAINTED: _("Acquainted"),
        Band.CONNECTED: _("Connected"),
        Band.STRONG: _("Strong"),
        Band.CLOSE: _("Close"),
    }
    return words[band]
