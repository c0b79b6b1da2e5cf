"""What stages are called to begin with, and the steps of a review."""

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

SCORE_WORDS = {1: _l("Weak"), 2: _l("Fair"), 3: _l("Good"), 4: _l("Strong")}
"""The four steps of a review; what says nothing about a criterion has none."""

NO_EVIDENCE = _l("No evidence")
