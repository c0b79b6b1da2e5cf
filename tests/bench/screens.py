"""The screens of an attendee, each with something on it."""

from sqlalchemy.orm import Session

from people import Cast, badge_of, talk
from webapp.badges import codes
from webapp.ties.models import Tie

PUBLIC = {"Landing": "/", "Sign-in": "/sign-in"}


def attendee_screens(session: Session, cast: Cast) -> dict[str, str]:
    """Return the paths of the screens by name, after Amina and Ben have talked."""
    talked = talk(session, event=cast.event, by=cast.amina, about=cast.ben)
    session.commit()
    here = f"/events/{cast.event.id}"
    return {
        "Meet": f"{here}/meet",
        "Scan": f"{here}/scan",
        "Ask": f"/B/{codes.printed_code(badge_of(session, cast.rita))}",
        "Talk saved": f"{here}/talks/{talked.id}",
        "People": "/people",
        "Person": f"/people/{session.query(Tie).one().id}",
        "Follow up": "/follow-up",
        "My card": "/me",
    }
