"""Moving candidates from stage to stage, and planning the next step, two at once if need be."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.core.errors import Conflict
from webapp.recruiting.models import HistoryEntry, Member, Stage, Standing, Step, TeamOutcome
from webapp.recruiting.queries.teams import stages
from webapp.recruiting.services.holding import hold

MINUTE_SECONDS = 60


def move(
    session: Session, *, member: Member, person_id: str, stage: Stage, seen: int, now: datetime
) -> Standing:
    """Move somebody to a stage, unless a colleague was faster.

    Raises:
        Conflict: somebody has changed it since the page was shown.
    """
    standing = _held(session, member=member, person_id=person_id, seen=seen, now=now)
    if standing.stage_id != stage.id or standing.changes == 0:
        standing.stage_id = stage.id
        _note(session, standing, Step.MOVED, by=member, told=stage.name, now=now)
    return standing


def plan(
    session: Session,
    *,
    member: Member,
    person_id: str,
    next_step: str,
    next_on: date | None,
    owner_id: str | None,
    seen: int,
    now: datetime,
) -> Standing:
    """Say what is next with somebody, who does it, and when; like `move`."""
    standing = _held(session, member=member, person_id=person_id, seen=seen, now=now)
    standing.next_step, standing.next_on, standing.owner_id = next_step, next_on, owner_id
    _note(session, standing, Step.PLANNED, by=member, told=next_step, now=now)
    return standing


def say_outcome(
    session: Session,
    *,
    member: Member,
    person_id: str,
    outcome: TeamOutcome,
    seen: int,
    now: datetime,
) -> Standing:
    """Say what came of the talk with somebody; like `move`."""
    standing = _held(session, member=member, person_id=person_id, seen=seen, now=now)
    if standing.outcome is not outcome:
        nothing = {None, TeamOutcome.NOTHING_YET}
        if standing.outcome in nothing or outcome in nothing:
            standing.outcome_at = now
        standing.outcome = outcome
        _note(session, standing, Step.OUTCOME, by=member, told=outcome.value, now=now)
    return standing


def _held(
    session: Session, *, member: Member, person_id: str, seen: int, now: datetime
) -> Standing:
    """Return where somebody stands, held; it begins at the Team's first stage."""
    hold(session, member=member, person_id=person_id)
    key = (member.event_id, member.team_id, person_id)
    standing = session.get(Standing, key, populate_existing=True)
    if seen != (standing.changes if standing else 0):
        raise Conflict(_who_was_faster(session, standing, member=member, now=now))
    return standing or standing_with(session, key)


def standing_with(session: Session, key: tuple[str, str, str]) -> Standing:
    """Return where somebody stands with a Team, at its first stage if nobody has said."""
    event_id, team_id, person_id = key
    standing = session.get(Standing, key, populate_existing=True)
    if standing is None:
        first = stages(session, event_id=event_id, team_id=team_id)[0]
        named = {"event_id": event_id, "team_id": team_id, "person_id": person_id}
        standing = Standing(**named, stage_id=first.id, changes=0)
        session.add(standing)
    return standing


def _who_was_faster(
    session: Session, standing: Standing | None, *, member: Member, now: datetime
) -> str:
    """Say who changed it while somebody else looked at it: themselves, in another window."""
    if standing is None:
        return str(_("This changed meanwhile. Here is how it stands."))
    by = session.get(Person, standing.changed_by_id) if standing.changed_by_id else None
    name = (by.name if by else "") or _("A colleague")
    if standing.changed_by_id == member.person_id:
        name = _("You")
    minutes = int((now - standing.changed_at).total_seconds() // MINUTE_SECONDS)
    told = {"name": name, "ago": _ago(minutes)}
    if _was_moved(session, standing):
        return str(_("%(name)s moved this %(ago)s. Here is how it stands.", **told))
    return str(_("%(name)s changed this %(ago)s. Here is how it stands.", **told))


def _ago(minutes: int) -> str:
    if minutes < 1:
        return str(_("just now"))
    return str(ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes))


def _was_moved(session: Session, standing: Standing) -> bool:
    """Tell whether the last change was to another stage, and nothing else at that moment."""
    steps = session.scalars(
        select(HistoryEntry.step).where(
            HistoryEntry.event_id == standing.event_id,
            HistoryEntry.team_id == standing.team_id,
            HistoryEntry.person_id == standing.person_id,
            HistoryEntry.done_at == standing.changed_at,
            HistoryEntry.step.in_((Step.MOVED, Step.PLANNED, Step.OUTCOME)),
        )
    )
    return set(steps) == {Step.MOVED}


def _note(
    session: Session, standing: Standing, step: Step, *, by: Member, told: str, now: datetime
) -> None:
    """Count a change, and write down who made it."""
    standing.changes += 1
    standing.changed_at, standing.changed_by_id = now, by.person_id
    session.add(
        HistoryEntry(
            event_id=standing.event_id,
            team_id=standing.team_id,
            person_id=standing.person_id,
            by_id=by.person_id,
            step=step,
            told=told,
            done_at=now,
        )
    )
    session.flush()
