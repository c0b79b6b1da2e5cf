"""What the Follow up screen is made of: who waits for me, and what is next with whom."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.conversations.queries import (
    ClaimRow,
    WaitingRow,
    claims_about_me,
    my_waiting_claims,
)
from webapp.core import signals
from webapp.events.models import Event
from webapp.followups.forms.following import RHYTHM_CHIPS, OutcomeForm
from webapp.followups.models import Promise
from webapp.followups.pages import PromiseRow, promise_row
from webapp.followups.queries.following import (
    MOST_CARDS,
    MOST_SHOWN,
    AskedRow,
    DueRow,
    MetRow,
    check_ins_due,
    event_i_am_at,
    latest_notes,
    not_followed_up,
    outcomes_to_ask,
    promises_between,
)
from webapp.followups.queries.introductions import (
    ByMe,
    ToMe,
    introductions_by_me,
    introductions_to_me,
    next_meetings,
)
from webapp.followups.queries.promises import OwedRow
from webapp.followups.rules.introductions import UNDO_FOR, Answer, answer_of
from webapp.followups.rules.next_step import is_followed_up
from webapp.followups.rules.promises import today_at
from webapp.followups.rules.writing import called
from webapp.followups.steps import Known, StepRow, steps_with
from webapp.ties import gate
from webapp.ties.pages import OfferRow, Part, offer_row, parts_in
from webapp.ties.queries import own_open_offers
from webapp.ties.rules import OFFER_LIFE

MORNING, NOON, EVENING = 4, 12, 18
"""The hours at which a greeting begins."""


@dataclass(frozen=True, slots=True)
class MetCard:
    """Somebody I met, with one thing to do next."""

    tie_id: str
    name: str
    event: Event
    talked_at: datetime
    note: str
    first: StepRow | None
    """None once it is followed up, while that can be taken back."""
    others: list[StepRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """Somebody I wanted to check in with by now."""

    tie_id: str
    name: str
    rhythm: str
    talked_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question about a tie: what came of it?"""

    tie_id: str
    name: str
    event: str
    mark: int
    form: OutcomeForm


@dataclass(frozen=True, slots=True)
class IntroductionRow:
    """An introduction proposed to me; a name once both have said yes."""

    id: str
    by: str
    reason: str
    answer: Answer
    other: str
    """Empty until both have said yes."""
    next_event: Event | None


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """An introduction I propose."""

    id: str
    low: str
    high: str
    reason: str
    is_made: bool


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """Everything on the Follow up screen, in its order."""

    heading: str
    is_during: bool
    """Whether an event of mine is on: then nothing is asked but claims."""
    claims: list[ClaimRow]
    owed: list[PromiseRow]
    met: list[MetCard]
    owed_to_me: list[PromiseRow]
    offers: list[OfferRow]
    introductions: list[IntroductionRow]
    proposals: list[ProposalRow]
    check_ins: list[CheckInRow]
    questions: list[QuestionRow]
    waiting: list[WaitingRow]
    parts: list[Part]
    """What features above ask."""

    @property
    def has_more_met(self) -> bool:
        """True if not everybody I met fits on the screen."""
        return len(self.met) >= MOST_CARDS

    @property
    def has_steps(self) -> bool:
        """True if there is anything but claims."""
        return any(
            (
                self.owed,
                self.met,
                self.owed_to_me,
                self.offers,
                self.introductions,
                self.proposals,
                self.check_ins,
                self.questions,
                self.parts,
            )
        )

    @property
    def is_empty(self) -> bool:
        """True if nothing waits for anybody."""
        return not (self.has_steps or self.claims or self.waiting)


def follow_up_page(session: Session, *, me: Person, now: datetime) -> FollowUpPage:
    """Return the Follow up screen, in a number of queries that does not grow."""
    promises = promises_between(session, person_id=me.id, since=now - UNDO_FOR)
    mine = [row for row in promises if row.promise.by_id == me.id]
    theirs = [row for row in promises if row.promise.by_id != me.id]
    is_during = event_i_am_at(session, person_id=me.id, now=now) is not None
    offers = own_open_offers(session, person_id=me.id, since=now - OFFER_LIFE)
    return FollowUpPage(
        heading=_("Follow up") if is_during else heading(mine, now=now),
        is_during=is_during,
        claims=claims_about_me(session, person_id=me.id, now=now),
        owed=[owed_row(row, me=me, now=now) for row in mine[:MOST_SHOWN]],
        met=met_cards(session, mine, me=me, now=now),
        owed_to_me=[owed_row(row, me=me, now=now) for row in theirs[:MOST_SHOWN]],
        offers=[offer_row(offer) for offer in offers[:MOST_SHOWN]],
        introductions=introduction_rows(session, me=me, now=now),
        proposals=[
            proposal_row(one) for one in introductions_by_me(session, person_id=me.id, now=now)
        ],
        check_ins=[check_in_row(row) for row in check_ins_due(session, person_id=me.id, now=now)]
        if not is_during
        else [],
        questions=[question_row(row) for row in outcomes_to_ask(session, person_id=me.id, now=now)],
        waiting=my_waiting_claims(session, person_id=me.id, now=now),
        parts=parts_in(signals.follow_up_shown.send(me, session=session, now=now)),
    )


def heading(mine: list[OwedRow], *, now: datetime) -> str:
    """Greet somebody who has promises to keep, by the time of day where they made the next one."""
    is_open = [row for row in mine if row.promise.is_open]
    if not is_open:
        return str(_("Follow up"))
    hour = now.astimezone(ZoneInfo(is_open[0].time_zone)).hour
    count = ngettext("%(num)s promise.", "%(num)s promises.", len(is_open))
    if MORNING <= hour < NOON:
        return str(_("Good morning. %(promises)s", promises=count))
    if NOON <= hour < EVENING:
        return str(_("Good afternoon. %(promises)s", promises=count))
    return str(_("Good evening. %(promises)s", promises=count))


def owed_row(row: OwedRow, *, me: Person, now: datetime) -> PromiseRow:
    """Return a promise as it stands on the screen."""
    today = today_at(row.time_zone, now)
    return promise_row(row.promise, me=me, name=row.other.name, today=today)


def met_cards(session: Session, mine: list[OwedRow], *, me: Person, now: datetime) -> list[MetCard]:
    """Return whom I met and have not followed up, in three queries."""
    rows = not_followed_up(session, person_id=me.id, since=now - UNDO_FOR)
    links = gate.links_over_all(session, person_id=me.id, tie_ids=[row.tie.id for row in rows])
    notes = latest_notes(session, author=me.id, about=[row.other.id for row in rows])
    owed: dict[str, list[Promise]] = defaultdict(list)
    for row in mine:
        if row.promise.is_open:
            owed[row.tie.id].append(row.promise)
    return [
        met_card(
            row,
            Known(
                tie=row.tie,
                other=row.other,
                event=row.event,
                links=links.get(row.tie.id, []),
                owed=owed[row.tie.id],
                note=notes.get(row.other.id, ""),
            ),
        )
        for row in rows
    ]


def met_card(row: MetRow, known: Known) -> MetCard:
    """Return somebody I met as one card."""
    is_done = is_followed_up(row.followed_up_at, last_talk_at=row.tie.last_talk_at)
    first, others = (None, []) if is_done else steps_with(known)
    return MetCard(
        tie_id=row.tie.id,
        name=row.other.name,
        event=row.event,
        talked_at=row.tie.last_talk_at,
        note=known.note,
        first=first,
        others=others,
    )


def introduction_rows(session: Session, *, me: Person, now: datetime) -> list[IntroductionRow]:
    """Return the introductions proposed to me, with where both will be next, in two queries."""
    found = introductions_to_me(session, person_id=me.id, now=now)
    made = [one.other.id for one in found if one.introduction.is_made]
    events = next_meetings(session, person_id=me.id, others=made, now=now)
    return [introduction_row(one, me=me, next_event=events.get(one.other.id)) for one in found]


def introduction_row(one: ToMe, *, me: Person, next_event: Event | None) -> IntroductionRow:
    """Return an introduction as one of its two people sees it."""
    is_made = one.introduction.is_made
    return IntroductionRow(
        id=one.introduction.id,
        by=one.by.name,
        reason=one.introduction.reason,
        answer=answer_of(one.introduction, me.id),
        other=one.other.name if is_made else "",
        next_event=next_event if is_made else None,
    )


def proposal_row(one: ByMe) -> ProposalRow:
    """Return an introduction as its proposer sees it."""
    return ProposalRow(
        id=one.introduction.id,
        low=one.low.name,
        high=one.high.name,
        reason=one.introduction.reason,
        is_made=one.introduction.is_made,
    )


def check_in_row(row: DueRow) -> CheckInRow:
    """Return somebody to check in with."""
    return CheckInRow(
        tie_id=row.tie.id,
        name=row.other.name,
        rhythm=str(RHYTHM_CHIPS[row.side.rhythm]),
        talked_at=row.tie.last_talk_at,
        time_zone=row.event.time_zone,
    )


def question_row(row: AskedRow, form: OutcomeForm | None = None) -> QuestionRow:
    """Return the question about a tie; its form has ids of its own among others."""
    form = form or OutcomeForm()
    for one in form:
        one.id = f"{one.name}-{row.tie.id}"
    return QuestionRow(row.tie.id, called(row.other.name), row.event.name, row.mark, form)
