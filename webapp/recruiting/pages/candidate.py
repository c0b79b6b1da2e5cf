"""One candidate: talks, stage, next step, history, and what else there is."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from webapp.core import signals
from webapp.events.models import Event
from webapp.followups import pages as followups
from webapp.recruiting.forms import OutcomeForm, PlanForm
from webapp.recruiting.models import HistoryEntry, Step, TeamOutcome
from webapp.recruiting.pages.cards import (
    NOT_MOVED,
    ON_THEIR_PAGE,
    CandidateCard,
    Moved,
    NextStep,
    Shown,
    StagePart,
    card_of,
    next_step,
    stage_part,
)
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries import candidates as queries
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.queries.exports import ExportLine, exports_with
from webapp.recruiting.words import EXPORTED_TO, OUTCOMES
from webapp.ties import gate as ties_gate
from webapp.ties.pages import Part, parts_in


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done about a candidate."""

    who: str
    what: str
    done_at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class StandingPart:
    """Stage, next step and history of a candidate."""

    stage: StagePart
    next: NextStep | None
    form: PlanForm
    outcome: OutcomeForm
    came_of_it: str
    """In words; empty if nobody has said."""
    history: list[HistoryLine]
    told: str = ""
    """What came between, if it concerns the next step."""


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One candidate."""

    event: Event
    card: CandidateCard
    promises: list[followups.PromiseRow]
    tie_id: str
    """My own tie with them; empty without one."""
    standing: StandingPart
    parts: list[Part]
    back: Shown = ON_THEIR_PAGE
    """The screen one came from, and what it was narrowed to."""


def plan_form(looking: Review, row: CandidateRow, typed: object = None) -> PlanForm:
    """Return the form for the next step with what was said before."""
    standing = row.standing
    data = {
        "next_step": standing.next_step if standing else "",
        "next_on": standing.next_on.isoformat() if standing and standing.next_on else "",
        "owner": (standing.owner_id if standing else "") or "",
    }
    return PlanForm(typed, data=data, colleagues=looking.names)


def standing_part(
    looking: Review,
    row: CandidateRow,
    *,
    form: PlanForm | None = None,
    outcome: OutcomeForm | None = None,
    moved: Moved = NOT_MOVED,
    told: str = "",
) -> StandingPart:
    """Return stage, next step, outcome and history of a candidate."""
    said = row.standing.outcome if row.standing else None
    return StandingPart(
        stage=stage_part(looking, row, moved=moved),
        next=next_step(looking, row),
        form=form or plan_form(looking, row),
        outcome=outcome or OutcomeForm(data={"outcome": said}),
        came_of_it=str(OUTCOMES[said]) if said else "",
        history=_history(looking, row.place.person_id or ""),
        told=told,
    )


def _history(looking: Review, person_id: str) -> list[HistoryLine]:
    """Return what was done about somebody, and with which files they left, the latest first."""
    session, member = looking.session, looking.member
    found = queries.history(session, member, person_id)
    lines = [_history_line(looking, entry, name) for entry, name in found]
    lines += [_file_line(looking, one) for one in exports_with(session, member, person_id)]
    return sorted(lines, key=lambda line: line.done_at, reverse=True)


def _file_line(looking: Review, line: ExportLine) -> HistoryLine:
    who = _("You") if line.export.by_id == looking.me.id else line.by or _("A colleague")
    what = _("exported to %(target)s", target=EXPORTED_TO[line.export.preset])
    return HistoryLine(who, what, line.export.made_at, looking.event)


def _history_line(looking: Review, entry: HistoryEntry, name: str | None) -> HistoryLine:
    if entry.step is Step.AGREED:
        words = _("agreed to be seen by your team")
        return HistoryLine(_("They"), words, entry.done_at, looking.event)
    if entry.step is Step.NOT_HANDED:
        colleague = looking.names.get(entry.to_id or "") or _("A colleague")
        return HistoryLine(colleague, _("no longer carries on"), entry.done_at, looking.event)
    who = _("You") if entry.by_id == looking.me.id else name or _("A colleague")
    if entry.step is Step.OUTCOME:
        what = _("said what came of it: %(outcome)s", outcome=OUTCOMES[TeamOutcome(entry.told)])
    elif entry.step is Step.MOVED:
        what = _("moved to %(stage)s", stage=entry.told)
    elif entry.step is Step.REVIEWED:
        what = _("reviewed for %(opening)s", opening=entry.told)
    elif entry.step is Step.NOTED:
        what = _("noted something")
    elif entry.step is Step.HANDED:
        colleague = looking.names.get(entry.to_id or "") or _("a colleague")
        what = _("handed over to %(name)s: “%(reason)s”", name=colleague, reason=entry.told)
    elif entry.told:
        what = _("planned: %(step)s", step=entry.told)
    else:
        what = _("changed the next step")
    return HistoryLine(who, what, entry.done_at, looking.event)


def candidate_page(
    looking: Review, row: CandidateRow, standing: StandingPart, *, back: Shown = ON_THEIR_PAGE
) -> CandidatePage:
    """Return one candidate; promises and the way to the tie's page are my own tie's alone."""
    session, me = looking.session, looking.me
    found = ties_gate.open_tie_with(session, person_id=me.id, other_id=row.place.person_id)
    promises = followups.promises_part(session, *found, me=me, now=looking.now) if found else None
    return CandidatePage(
        event=looking.event,
        card=card_of(looking, row),
        promises=promises.recent if promises else [],
        tie_id=found[0].id if found else "",
        standing=standing,
        parts=parts_in(signals.candidate_shown.send(looking, row=row)),
        back=back,
    )
