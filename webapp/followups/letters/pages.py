"""What a letter says: all that is open for a Person, and the sections it is told in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.queries import ClaimRow, claims_about_me
from webapp.core.urls import absolute
from webapp.events.models import Event
from webapp.followups.letters.models import Topic
from webapp.followups.letters.queries.reading import MetOne, people_met
from webapp.followups.letters.rules import (
    A_DAY,
    MOST_NAMED,
    Key,
    Part,
    Plan,
    is_fresh,
    is_reminded_of,
    round_up_of,
)
from webapp.followups.pages import PromiseRow
from webapp.followups.queries.following import AskedRow, DueRow, check_ins_due, outcomes_to_ask
from webapp.followups.queries.introductions import ToMe, introductions_to_me
from webapp.followups.queries.promises import OwedRow, open_promises_of
from webapp.followups.rules.introductions import Answer, answer_of, made_at
from webapp.followups.rules.promises import today_at
from webapp.followups.rules.rhythm import due_at
from webapp.followups.rules.writing import called
from webapp.followups.screen import owed_row
from webapp.mail.models import LetterKind


@dataclass(frozen=True, slots=True)
class Known:
    """All that a letter could tell a Person this morning."""

    met: list[MetOne] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    promises: list[OwedRow] = field(default_factory=list)
    check_ins: list[DueRow] = field(default_factory=list)
    questions: list[AskedRow] = field(default_factory=list)
    introductions: list[ToMe] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One person or thing, and where it leads."""

    name: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a letter; `more` are not named."""

    title: str
    lines: list[Line]
    more: int
    url: str
    """Where all of it stands."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter to a Person."""

    name: str
    intro: str
    sections: list[Section]
    url: str
    wishes_url: str


@dataclass(frozen=True, slots=True)
class GuestPage:
    """A letter to a guest who has not claimed their badge."""

    name: str
    event: Event
    url: str


def known_of(session: Session, *, me: Person, hints: Collection[Topic], now: datetime) -> Known:
    """Read what may be due for a Person, through the gate, in at most six queries."""
    is_whole = Topic.MET in hints or Topic.ROUND_UP in hints
    is_round_up = Topic.ROUND_UP in hints
    known = Known()
    if Topic.MET in hints:
        known.met.extend(people_met(session, person_id=me.id, now=now))
        claims = claims_about_me(session, person_id=me.id, now=now)
        known.claims.extend([row for row in claims if row.event.ends_at <= now])
    if is_whole or Topic.PROMISE in hints:
        owed = open_promises_of(session, me.id)
        known.promises.extend([row for row in owed if row.promise.by_id == me.id])
    if is_round_up or Topic.CHECK_IN in hints:
        known.check_ins.extend(check_ins_due(session, person_id=me.id, now=now))
    if Topic.OUTCOME in hints:
        known.questions.extend(outcomes_to_ask(session, person_id=me.id, now=now))
    if is_round_up or Topic.INTRODUCTION in hints:
        known.introductions.extend(introductions_to_me(session, person_id=me.id, now=now))
    return known


def parts_of(known: Known, *, me: Person, day: date, now: datetime) -> list[Part]:
    """Return what could be told, each with the kind of letter it belongs to."""
    events = {one.event.id for one in known.met} | {row.event.id for row in known.claims}
    keys = [
        *(promise_key(row) for row in known.promises if _is_reminded(row, now)),
        *(check_in_key(row) for row in known.check_ins),
        *(outcome_key(row) for row in known.questions if _is_fresh_question(row, now)),
        *(introduction_key(one) for one in known.introductions if _is_news(one, me)),
    ]
    month = round_up_of(day)
    has_open = bool(known.promises or known.check_ins or known.introductions)
    return [
        *(Part(Key(Topic.MET, event_id), LetterKind.MORNING) for event_id in sorted(events)),
        *(Part(key, LetterKind.REMINDER) for key in keys),
        *([Part(Key(Topic.ROUND_UP, month), LetterKind.ROUND_UP)] if month and has_open else []),
    ]


def promise_key(row: OwedRow) -> Key:
    """Return what a promise is told under; with another day it is told again."""
    return Key(Topic.PROMISE, f"{row.promise.id} {row.promise.due_on}")


def check_in_key(row: DueRow) -> Key:
    """Return what a check-in is told under: the tie and when it came due."""
    at = due_at(row.side.rhythm, since=row.side.rhythm_set_at, last_talk_at=row.tie.last_talk_at)
    return Key(Topic.CHECK_IN, f"{row.tie.id} {at:%Y-%m-%d}")


def outcome_key(row: AskedRow) -> Key:
    """Return what a question is told under: each mark of a tie once."""
    return Key(Topic.OUTCOME, f"{row.tie.id} {row.mark}")


def introduction_key(one: ToMe) -> Key:
    """Return what an introduction is told under: when it is proposed, and when both said yes."""
    word = "made" if one.introduction.is_made else "proposed"
    return Key(Topic.INTRODUCTION, f"{one.introduction.id} {word}")


def _is_reminded(row: OwedRow, now: datetime) -> bool:
    return is_reminded_of(row.promise.due_on, today=today_at(row.time_zone, now))


def _is_fresh_question(row: AskedRow, now: datetime) -> bool:
    return is_fresh(row.tie.opened_at + row.mark * A_DAY, now=now)


def _is_news(one: ToMe, me: Person) -> bool:
    """Tell whether an introduction waits for my answer, or both have just said yes."""
    is_asked = answer_of(one.introduction, me.id) is Answer.NONE
    return is_asked or made_at(one.introduction) is not None


def subject_of(letter: Plan, known: Known) -> str:
    """Return a subject; it names an event unless one of the letter's asks not to."""
    events = [
        *{one.event.id: one.event for one in known.met}.values(),
        *{row.event.id: row.event for row in known.claims}.values(),
    ]
    if letter.letter is LetterKind.MORNING:
        is_discreet = any(event.has_discreet_subjects for event in events)
        names = {event.id: event.name for event in events}
        if is_discreet or len(names) != 1:
            return str(_("Whom you met"))
        return str(_("Whom you met at %(event)s", event=next(iter(names.values()))))
    if letter.letter is LetterKind.ROUND_UP:
        return str(_("Your month: what is still open"))
    topics = {key.topic for key in letter.keys}
    if Topic.PROMISE in topics:
        return str(_("What you promised"))
    if Topic.INTRODUCTION in topics:
        return str(_("Somebody wants to introduce you"))
    return str(_("People to come back to"))


def letter_page(letter: Plan, known: Known, *, me: Person, now: datetime) -> LetterPage:
    """Return what a letter says; a letter about an event or a month names all promises."""
    is_whole = letter.letter is not LetterKind.REMINDER
    is_round_up = letter.letter is LetterKind.ROUND_UP
    told = letter.keys
    shown = (
        met_section([one for one in known.met if Key(Topic.MET, one.event.id) in told]),
        claims_section([row for row in known.claims if Key(Topic.MET, row.event.id) in told]),
        promises_section(
            [row for row in known.promises if is_whole or promise_key(row) in told], me=me, now=now
        ),
        introductions_section(
            [one for one in known.introductions if is_round_up or introduction_key(one) in told]
        ),
        check_ins_section(
            [row for row in known.check_ins if is_round_up or check_in_key(row) in told]
        ),
        questions_section([row for row in known.questions if outcome_key(row) in told]),
    )
    return LetterPage(
        name=called(me.name),
        intro=_intro(letter),
        sections=[section for section in shown if section.lines],
        url=absolute("/follow-up"),
        wishes_url=absolute("/me/mails"),
    )


def _intro(letter: Plan) -> str:
    if letter.letter is LetterKind.MORNING:
        return str(_("Here is whom you talked with, and what comes next."))
    if letter.letter is LetterKind.ROUND_UP:
        return str(_("Once a month, as you asked: what is still open between you and others."))
    return ""


def _section(title: str, lines: Sequence[Line], *, path: str, hint: str = "") -> Section:
    return Section(
        title=title,
        lines=list(lines[:MOST_NAMED]),
        more=max(0, len(lines) - MOST_NAMED),
        url=absolute(path),
        hint=hint,
    )


def met_section(met: Sequence[MetOne]) -> Section:
    """Return whom one met: names as printed, and where their links are."""
    lines = [
        Line(
            name=one.badge.name,
            words=", ".join(part for part in (one.badge.headline, one.badge.organisation) if part),
            url=absolute(f"/people/{one.tie.id}"),
        )
        for one in met
    ]
    return _section(
        _("Whom you met"), lines, path="/people", hint=_("Their links are on their pages.")
    )


def claims_section(claims: Sequence[ClaimRow]) -> Section:
    """Return who says they talked with one; yes and no are said in the app."""
    lines = [
        Line(name=row.name, words=row.organisation, url=absolute("/follow-up")) for row in claims
    ]
    return _section(
        _("They say you talked"),
        lines,
        path="/follow-up",
        hint=_("If you did, say yes and your links open. No and silence look the same to them."),
    )


def promises_section(rows: Sequence[OwedRow], *, me: Person, now: datetime) -> Section:
    """Return what one promised, and by when."""
    lines = [_promise_line(owed_row(row, me=me, now=now)) for row in rows]
    return _section(_("What you promised"), lines, path="/follow-up")


def _promise_line(row: PromiseRow) -> Line:
    words = row.words
    if row.due:
        due = _("was due %(day)s", day=row.due) if row.is_overdue else _("by %(day)s", day=row.due)
        words = f"{row.words}, {due}"
    return Line(name=row.name, words=words, url=absolute(f"/people/{row.tie_id}"))


def introductions_section(rows: Sequence[ToMe]) -> Section:
    """Return who wants to introduce one; the other's name stands in the app alone."""
    lines = [
        Line(
            name=one.by.name,
            words=_("You both said yes: see who it is.")
            if one.introduction.is_made
            else _("wants to introduce you to somebody. Only if you both say yes."),
            url=absolute("/follow-up"),
        )
        for one in rows
    ]
    return _section(_("Introductions"), lines, path="/follow-up")


def check_ins_section(rows: Sequence[DueRow]) -> Section:
    """Return with whom one wanted to talk again by now."""
    lines = [
        Line(
            name=row.other.name,
            words=_("You wanted to check in by now."),
            url=absolute(f"/people/{row.tie.id}"),
        )
        for row in rows
    ]
    return _section(_("Time to talk again"), lines, path="/follow-up")


def questions_section(rows: Sequence[AskedRow]) -> Section:
    """Return of whom it is asked what came of it."""
    lines = [
        Line(
            name=row.other.name,
            words=ngettext("You met %(num)s day ago.", "You met %(num)s days ago.", row.mark),
            url=absolute("/follow-up"),
        )
        for row in rows
    ]
    return _section(_("What came of it?"), lines, path="/follow-up")
