"""Reviews of a candidate: what may be read of them, and the form for one's own."""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.events.models import Event
from webapp.events.rules import as_printed
from webapp.recruiting.models import Criterion, Opening, Rating
from webapp.recruiting.pages.review import Review
from webapp.recruiting.queries import reviews as queries
from webapp.recruiting.queries.candidates import CandidateRow
from webapp.recruiting.queries.reviews import ReviewRow
from webapp.recruiting.review_forms import ReviewForm
from webapp.recruiting.rules import Spread, spread_of
from webapp.recruiting.words import NO_EVIDENCE, SCORE_WORDS


@dataclass(frozen=True, slots=True)
class Given:
    """What one colleague says of one criterion."""

    who: str
    step: str
    is_scored: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """What all who reviewed say of one criterion."""

    text: str
    given: list[Given]
    spread: str
    """How far apart they are, in words; empty if there is nothing to compare."""
    is_far: bool


@dataclass(frozen=True, slots=True)
class OpeningPart:
    """One opening on a candidate's page; without a review of mine it says nothing of others'."""

    id: str
    title: str
    is_open: bool
    is_mine: bool
    """Whether I have reviewed the candidate for it."""
    criteria: list[CriterionPart]
    changed: list[str]
    """Whose review was changed after seeing the others'."""


@dataclass(frozen=True, slots=True)
class ReviewsPart:
    """The reviews of a candidate."""

    event: Event
    person_id: str
    name: str
    openings: list[OpeningPart]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The form for my review of a candidate."""

    event: Event
    person_id: str
    name: str
    opening: Opening
    form: ReviewForm
    seen: int
    """How many changes of my review the form was made from."""
    told: str
    """What came between, or is missing."""
    kept: dict[str, str]
    """By criterion: what I said in another window, if that came between."""


def reviews_part(looking: Review, row: CandidateRow) -> ReviewsPart:
    """Return the reviews a member may read, by opening; four queries."""
    session, member, person_id = looking.session, looking.member, row.place.person_id or ""
    criteria = queries.criteria(session, member)
    ratings = queries.readable_ratings(session, member, person_id)
    rows: dict[str, list[ReviewRow]] = {}
    for one in queries.readable_reviews(session, member, person_id):
        rows.setdefault(one.review.opening_id, []).append(one)
    parts = [
        _opening_part(looking, one, rows.get(one.id, []), criteria.get(one.id, []), ratings)
        for one in queries.openings(session, member)
    ]
    return ReviewsPart(
        event=looking.event,
        person_id=person_id,
        name=as_printed(looking.event, row.place).name,
        openings=[one for one in parts if one.is_open or one.is_mine],
    )


def _opening_part(
    looking: Review,
    opening: Opening,
    rows: list[ReviewRow],
    criteria: list[Criterion],
    ratings: dict[tuple[str, str, str], Rating],
) -> OpeningPart:
    return OpeningPart(
        id=opening.id,
        title=opening.title,
        is_open=opening.closed_at is None,
        is_mine=bool(rows),
        criteria=[_criterion_part(looking, one, rows, ratings) for one in criteria if rows],
        changed=[_who(looking, one) for one in rows if one.review.changed_knowing_at],
    )


def _criterion_part(
    looking: Review,
    criterion: Criterion,
    rows: list[ReviewRow],
    ratings: dict[tuple[str, str, str], Rating],
) -> CriterionPart:
    said = [
        (one, ratings.get((criterion.opening_id, criterion.id, one.review.reviewer_id)))
        for one in rows
    ]
    spread = spread_of(rating.score for _one, rating in said if rating)
    return CriterionPart(
        text=criterion.text,
        given=[
            Given(
                who=_who(looking, one),
                step=step_words(rating.score if rating else None),
                is_scored=rating is not None and rating.score is not None,
                reason=rating.reason if rating else "",
            )
            for one, rating in said
        ],
        spread=_spread_words(spread),
        is_far=spread is not None and spread.is_far,
    )


def _who(looking: Review, row: ReviewRow) -> str:
    if row.review.reviewer_id == looking.me.id:
        return str(_("You"))
    if not row.is_in_team:
        return str(_("%(name)s, no longer in the team", name=row.name or _("A colleague")))
    return row.name or str(_("A colleague"))


def step_words(score: int | None) -> str:
    """Return a step as it is read, such as 3, Good."""
    if score is None:
        return str(NO_EVIDENCE)
    return str(_("%(score)s, %(word)s", score=score, word=SCORE_WORDS[score]))


def _spread_words(spread: Spread | None) -> str:
    if spread is None:
        return ""
    if spread.is_one:
        return str(_("You agree."))
    if spread.is_far:
        return str(_("From %(low)s to %(high)s: you differ.", low=spread.low, high=spread.high))
    return str(_("From %(low)s to %(high)s: close together.", low=spread.low, high=spread.high))


def review_page(
    looking: Review,
    row: CandidateRow,
    opening: Opening,
    *,
    form: ReviewForm | None = None,
    told: str = "",
    came_between: bool = False,
) -> ReviewPage:
    """Return the form for my review; with what was said before, or with what was typed."""
    session, member, person_id = looking.session, looking.member, row.place.person_id or ""
    named = {"person_id": person_id, "opening_id": opening.id}
    mine = queries.review_by(session, member, **named)
    known = queries.ratings_of(session, mine) if mine else {}
    return ReviewPage(
        event=looking.event,
        person_id=person_id,
        name=as_printed(looking.event, row.place).name,
        opening=opening,
        form=form or review_form(looking, opening, known=known),
        seen=mine.changes if mine else 0,
        told=told,
        kept={key: _as_line(one) for key, one in known.items()} if came_between else {},
    )


def _as_line(rating: Rating) -> str:
    step = step_words(rating.score)
    return f"{step}. {rating.reason}" if rating.reason else step


def review_form(
    looking: Review,
    opening: Opening,
    typed: object = None,
    *,
    known: dict[str, Rating] | None = None,
) -> ReviewForm:
    """Return the form with the criteria as they are now."""
    found = queries.criteria(looking.session, looking.member)
    return ReviewForm(found.get(opening.id, []), typed, known)
