"""What stages are called to begin with."""

from flask_babel import lazy_gettext as _l

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
