"""The openings of a team, and one of them with its criteria."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from webapp.events.models import Event
from webapp.recruiting.models import Criterion, Member, Opening
from webapp.recruiting.queries import reviews as queries
from webapp.recruiting.queries.reviews import Use
from webapp.recruiting.review_forms import CRITERION, NewOpeningForm, OpeningForm, change_form


@dataclass(frozen=True, slots=True)
class OpeningsPage:
    """The openings of my team."""

    event: Event
    openings: list[tuple[Opening, int]]
    """With the number of their criteria."""
    form: NewOpeningForm | None
    """None for those who only read."""


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion, and what stands on it."""

    text: str
    field: str
    use: str
    """Empty if nothing does: it may go."""


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """One opening with its criteria."""

    event: Event
    opening: Opening
    criteria: list[CriterionRow]
    form: OpeningForm | None
    """None for those who only read."""
    told: str = ""
    """What came between, or cannot be."""


def openings_page(
    session: Session, *, event: Event, member: Member, form: NewOpeningForm | None
) -> OpeningsPage:
    """Return the openings of a team."""
    criteria = queries.criteria(session, member)
    found = queries.openings(session, member)
    rows = [(one, len(criteria.get(one.id, []))) for one in found]
    return OpeningsPage(event, rows, form if member.is_admin else None)


def opening_page(
    session: Session,
    *,
    event: Event,
    member: Member,
    opening: Opening,
    form: OpeningForm | None = None,
    told: str = "",
) -> OpeningPage:
    """Return one opening; members read it, admins have a form."""
    criteria = queries.criteria(session, member).get(opening.id, [])
    used = queries.uses(session, member, opening.id) if member.is_admin else {}
    own = form or change_form(opening, criteria)
    return OpeningPage(
        event=event,
        opening=opening,
        criteria=[_row(one, used) for one in criteria],
        form=own if member.is_admin else None,
        told=told,
    )


def _row(criterion: Criterion, used: dict[str, Use]) -> CriterionRow:
    use = used.get(criterion.id)
    return CriterionRow(criterion.text, CRITERION + criterion.id, _use_words(use) if use else "")


def _use_words(use: Use) -> str:
    """Say how many reviews stand on a criterion, unless that told of some I may not know yet."""
    if use.all != use.readable:
        return str(_("Reviews stand on it."))
    return str(ngettext("%(num)s review stands on it.", "%(num)s reviews stand on it.", use.all))
