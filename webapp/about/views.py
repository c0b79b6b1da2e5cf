"""The public pages; they ask the database nothing."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from webapp.about.cannot import LIMITS, Limit
from webapp.about.periods import (
    CHAPTERS,
    LONGEST_MONTHS,
    SHORTEST_MONTHS,
    USUAL_MONTHS,
    WAY_BACK_HOURS,
    Chapter,
)
from webapp.core.urls import config
from webapp.security.access import anyone, requires

bp = Blueprint("about", __name__)


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """What is kept, for how long, and who answers for it."""

    chapters: tuple[Chapter, ...]
    shortest: int
    usual: int
    longest: int
    """Months after which an event is erased."""
    way_back: int
    """Hours in which a deletion can be taken back."""
    contact: str
    """Who answers for this installation; empty if nobody said."""


@dataclass(frozen=True, slots=True)
class HowPage:
    """How talks are proven, and what no proof here can tell."""

    limits: tuple[Limit, ...]


@bp.get("/how-it-works")
@requires(anyone)
def how() -> str:
    """Tell how it works and what it cannot prove."""
    return render_template("about/how.html", page=HowPage(LIMITS))


@bp.get("/privacy")
@requires(anyone)
def privacy() -> str:
    """Tell what is kept, for how long, and who reads it."""
    page = PrivacyPage(
        chapters=CHAPTERS,
        shortest=SHORTEST_MONTHS,
        usual=USUAL_MONTHS,
        longest=LONGEST_MONTHS,
        way_back=WAY_BACK_HOURS,
        contact=config().contact,
    )
    return render_template("about/privacy.html", page=page)
