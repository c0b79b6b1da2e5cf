"""When the app asks what came of a tie, and how long it waits for the answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.followups.models import OutcomeKind

MARKS = (30, 90)
"""Days after a tie opened; each is asked about once."""
LAST_ASKED = 180
"""Days after which the last question is dropped: silence is an answer too."""
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class SaidOutcome:
    """What came of a tie, as it is said."""

    kind: OutcomeKind
    text: str


def mark_due(
    opened_at: datetime, *, last_said_at: datetime | None, last_mark: int | None, now: datetime
) -> int | None:
    """Return the mark to ask about now; None if there is none, or it is answered.

    Only the latest mark is asked about. Whatever was said since then, asked or not, answers it.
    """
    age = now - opened_at
    passed = [mark for mark in MARKS if age >= timedelta(days=mark)]
    if not passed or age >= timedelta(days=LAST_ASKED):
        return None
    mark = passed[-1]
    has_said = last_said_at is not None and last_said_at >= opened_at + timedelta(days=mark)
    was_asked = last_mark is not None and last_mark >= mark
    return None if has_said or was_asked else mark
