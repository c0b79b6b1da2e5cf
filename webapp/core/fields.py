"""Fields all forms are made of."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from webapp.core.text import LONGEST_LINE, one_line


def clean(value: str | None) -> str:
    """Return a typed line without what cannot be seen."""
    return one_line(value or "")


def line(label: Any, *, needed: Any = None, **kwargs: Any) -> StringField:
    """Return a field for one line of text, at most 120 characters."""
    too_long = _l("That is longer than %(most)s characters.", most=LONGEST_LINE)
    validators: list[Any] = [Length(max=LONGEST_LINE, message=too_long)]
    if needed:
        validators.insert(0, InputRequired(message=needed))
    return StringField(label, filters=[clean], validators=validators, **kwargs)
