"""What stages are called to begin with, and what may come of a talk."""

from flask_babel import lazy_gettext as _l

from webapp.recruiting.models import TeamOutcome

FIRST_STAGES = (
    _l("To review"),
    _l("Shortlisted"),
    _l("Contacted"),
    _l("Interviewing"),
    _l("Offer"),
    _l("Hired"),
    _l("Not now"),
)
"""A Team renames and adds to them as it likes."""
OUTCOMES = {
    TeamOutcome.NOTHING_YET: _l("nothing yet"),
    TeamOutcome.INTERVIEW: _l("an interview"),
    TeamOutcome.HIRE: _l("somebody was hired"),
    TeamOutcome.DEAL: _l("a deal"),
}
