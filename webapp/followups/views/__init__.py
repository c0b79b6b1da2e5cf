"""What people do after a talk: keep what matters, promise, write, introduce, and go on."""

from webapp.followups.views import (
    calendars,
    following,
    introducing,
    keeping,
    promising,
    sides,
    writing,
)
from webapp.followups.views.blueprint import bp

__all__ = [
    "bp",
    "calendars",
    "following",
    "introducing",
    "keeping",
    "promising",
    "sides",
    "writing",
]
