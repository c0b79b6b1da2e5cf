"""What stages are called, and what else a team says in words of ours."""

from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.conversations.models import Evidence
from webapp.recruiting.exporting.presets import PLAIN, PRESETS, VCARD
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

EVIDENCE: dict[Evidence, Any] = {
    Evidence.CONFIRMED: _l("both said yes"),
    Evidence.MUTUAL: _l("both scanned"),
    Evidence.LIVE: _l("live code"),
}
"""How sure a talk is, the weakest first."""

TARGETS: dict[str, Any] = {key: preset.label for key, preset in PRESETS.items()} | {
    PLAIN.key: _l("Spreadsheet (CSV)"),
    VCARD.key: _l("Contacts (vCard)"),
}
"""Where people can be taken to, as it is chosen."""

EXPORTED_TO: dict[str, Any] = TARGETS | {
    PLAIN.key: _l("a spreadsheet"),
    VCARD.key: _l("contact cards"),
}
"""The same inside a sentence: exported to ..."""

SCORE_WORDS = {1: _l("Weak"), 2: _l("Fair"), 3: _l("Good"), 4: _l("Strong")}
"""The four steps of a review; what says nothing about a criterion has none."""

NO_EVIDENCE = _l("No evidence")
