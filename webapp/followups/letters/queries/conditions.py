"""What several queries of letters ask in the same way."""

from sqlalchemy import and_, select

from webapp.events.models import Event
from webapp.followups.letters.models import Told
from webapp.mail.models import Mail

NOT_ERASED = and_(Event.erased_at.is_(None), Event.erasure_asked_at.is_(None))
NEVER_LEFT = (
    select(Mail.id)
    .where(Mail.id == Told.mail_id, Mail.gave_up_at.is_not(None))
    .correlate(Told)
    .exists()
)
"""That the letter which told something was given up: then nobody has read it."""
