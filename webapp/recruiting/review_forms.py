"""What teams type of openings, reviews and notes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from webapp.core.fields import chips, clean, line
from webapp.recruiting.models import Criterion, Opening, Rating
from webapp.recruiting.rules import (
    LONGEST_CRITERION,
    LONGEST_REASON,
    LONGEST_TEAM_NOTE,
    MOST_CRITERIA,
)
from webapp.recruiting.services.reviews import Rated
from webapp.recruiting.words import NO_EVIDENCE, SCORE_WORDS

CRITERION, NEW = "criterion-", "new"
STEPS = {str(score): word for score, word in SCORE_WORDS.items()} | {"": NO_EVIDENCE}


def _longest(most: int) -> Length:
    return Length(max=most, message=_l("That is longer than %(most)s characters.", most=most))


class OpeningForm(Form):
    """An opening, whatever its criteria."""

    title = line(_l("What is it called?"), needed=_l("Please give the opening a name."))


class NewOpeningForm(OpeningForm):
    """A new opening, with what to look for."""

    criteria = TextAreaField(_l("What to look for, one thing per line"))

    def validate_criteria(self, field: TextAreaField) -> None:
        """Take one to eight short lines."""
        lines = (clean(one) for one in (field.data or "").splitlines())
        self.lines = list(dict.fromkeys(one for one in lines if one))
        if not self.lines:
            raise ValidationError(_l("An opening needs a criterion to review by."))
        if len(self.lines) > MOST_CRITERIA:
            raise ValidationError(
                _l("An opening has at most %(most)s criteria.", most=MOST_CRITERIA)
            )
        if any(len(one) > LONGEST_CRITERION for one in self.lines):
            raise ValidationError(
                _l("One of them is longer than %(most)s characters.", most=LONGEST_CRITERION)
            )


def change_form(opening: Opening, criteria: Sequence[Criterion], typed: Any = None) -> OpeningForm:
    """Return the form for an opening with a field for each of its criteria, and for one more."""
    names = [CRITERION + one.id for one in criteria]
    fields: dict[str, Any] = {
        name: _criterion(_l("Criterion %(num)s", num=place))
        for place, name in enumerate(names, start=1)
    }
    if len(criteria) < MOST_CRITERIA:
        fields[NEW] = _criterion(_l("One more"))
    kind: Any = type("ChangeForm", (OpeningForm,), fields)
    known = {CRITERION + one.id: one.text for one in criteria}
    form: OpeningForm = kind(typed, data=known | {"title": opening.title})
    return form


def _criterion(label: Any) -> StringField:
    return StringField(label, filters=[clean], validators=[_longest(LONGEST_CRITERION)])


def texts_of(form: OpeningForm) -> dict[str, str]:
    """Return what was typed for criteria, by id."""
    return {
        field.name.removeprefix(CRITERION): field.data or ""
        for field in form
        if field.name.startswith(CRITERION)
    }


class RatingForm(Form):
    """One criterion: a step with a reason, or no evidence."""

    score = chips("", STEPS, default="")
    reason = TextAreaField(
        _l("What did you hear or see?"), filters=[clean], validators=[_longest(LONGEST_REASON)]
    )

    def __init__(self, criterion: Criterion, typed: Any, known: Rating | None) -> None:
        data = {
            "score": str(known.score or "") if known else "",
            "reason": known.reason if known else "",
        }
        super().__init__(typed, prefix=f"{criterion.id}-", data=data)
        self.criterion = criterion

    def validate_reason(self, field: TextAreaField) -> None:
        """Ask for a reason where a step was chosen."""
        if self.score.data and not field.data:
            raise ValidationError(_l("Please say what makes you think so."))

    def rated(self) -> Rated:
        """Return what was said."""
        score = int(self.score.data) if self.score.data else None
        return Rated(self.criterion.id, score, self.reason.data or "")


class ReviewForm:
    """A review for an opening: all its criteria, of which at least one is judged."""

    def __init__(
        self,
        criteria: Iterable[Criterion],
        typed: Any = None,
        known: Mapping[str, Rating] | None = None,
    ) -> None:
        self.ratings = [RatingForm(one, typed, (known or {}).get(one.id)) for one in criteria]
        self.told = ""

    def validate(self) -> bool:
        """Tell whether it can be taken, and say what cannot."""
        wrong = [one for one in self.ratings if not one.validate()]
        if wrong:
            self.told = _("Something is missing; it is marked below.")
        elif not any(one.score.data for one in self.ratings):
            self.told = _("Please choose a step for at least one criterion.")
        return not self.told

    def rated(self) -> list[Rated]:
        """Return what was said of each criterion."""
        return [one.rated() for one in self.ratings]


class TeamNoteForm(Form):
    """A note for the whole team."""

    text = TextAreaField(
        _l("A note for your team"),
        filters=[lambda typed: (typed or "").replace("\r\n", "\n").replace("\0", "").strip()],
        validators=[
            DataRequired(message=_l("Please write something first.")),
            _longest(LONGEST_TEAM_NOTE),
        ],
    )
