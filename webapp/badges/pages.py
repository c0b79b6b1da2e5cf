"""What the pages of this feature show; also for features above that show them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.accounts.queries import addresses_of
from webapp.badges.forms import ClaimForm
from webapp.badges.queries import badge_by_printed_code
from webapp.events.rules import Printed, as_printed


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """The page on which a guest makes a badge theirs; it tells nothing about the badge."""

    code: str
    form: ClaimForm
    attendee: Printed | None
    """What stands on it; shown only to whoever reads the mail of the guest list."""


def claim_page(
    session: Session, *, code: str, person_id: str, form: ClaimForm | None = None
) -> ClaimPage:
    """Return the claim page for a code: the same for unknown, revoked and claimed ones."""
    found = badge_by_printed_code(session, code)
    is_mine = (
        found is not None
        and not found.attendee.is_claimed
        and found.attendee.address in addresses_of(session, person_id)
    )
    badge = as_printed(found.event, found.attendee) if found and is_mine else None
    return ClaimPage(code, form or ClaimForm(), badge)
