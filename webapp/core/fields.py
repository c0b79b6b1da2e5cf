"""Fields all forms are made of."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, Length

from webapp.core.text import LONGEST_LINE, one_line


def clean(value: str | None) -> str:
    """Return a typed line without what cannot be seen."""
    return one_line(value or "")


def line(label: Any, *, needed: Any = None, **kwargs: Any) -> StringField:
    """Return a field for one line of text, at most 120 characters."""
    too_long = _l("That is longer than %(most)s characters.", most=LONGEST_LINE)
    validators: list[Any] = [Length(max=LONGEST_LINE, message=too_long)]
    if needed:
        validators.insert(0, DataRequired(message=needed))
    return StringField(label, filters=[clean], validators=validators, **kwargs)


def one_of(label: Any, words: Mapping[Any, Any], **kwargs: Any) -> SelectField:
    """Return a field for one of several values, each with the words people see for it."""
    return SelectField(label, choices=choices_of(words), **kwargs)


def chips(label: Any, words: Mapping[Any, Any], **kwargs: Any) -> RadioField:
    """Return a field for one of a few values, all of them in sight, each one tap away."""
    return RadioField(label, choices=choices_of(words), **kwargs)


def choices_of(words: Mapping[Any, Any]) -> Any:
    """Return values and the words people see for them as a field takes them."""
    return [SelectChoice(str(value), word) for value, word in words.items()]
