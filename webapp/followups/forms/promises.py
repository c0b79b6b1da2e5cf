"""A note, a promise and a depth as they are typed and tapped; one form may hold all three."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import DateInput

from webapp.core.fields import chips, choices_of, clean
from webapp.followups.models import Depth, Promise, PromiseKind
from webapp.followups.rules.promises import (
    LONGEST_WORDS,
    Due,
    Said,
    due_day,
    is_good_day,
)
from webapp.ties.rules import LONGEST_NOTE

NOTHING = "nothing"
KIND_CHIPS = {
    PromiseKind.SEND_LINK: _l("send a link"),
    PromiseKind.INTRODUCE: _l("introduce somebody"),
    PromiseKind.MEET_AGAIN: _l("meet again"),
}
KIND_WORDS = {
    PromiseKind.SEND_LINK: _l("Send a link"),
    PromiseKind.INTRODUCE: _l("Introduce somebody"),
    PromiseKind.MEET_AGAIN: _l("Meet again"),
}
DUE_CHIPS = {
    Due.TOMORROW: _l("tomorrow"),
    Due.WEEK: _l("in a week"),
    Due.MONTH: _l("in a month"),
    Due.DATE: _l("on a day"),
    Due.NONE: _l("no day"),
}
DEPTH_CHIPS = {
    Depth.HELLO: _l("a hello"),
    Depth.IDEAS: _l("ideas"),
    Depth.MATTERED: _l("it mattered"),
}


class NoteForm(Form):
    """What the other one needed."""

    note = TextAreaField(
        filters=[lambda text: (text or "").replace("\r\n", "\n").replace("\0", "").strip()],
        validators=[
            Length(
                max=LONGEST_NOTE,
                message=_l("That is longer than %(most)s characters.", most=LONGEST_NOTE),
            )
        ],
    )


class PromiseForm(Form):
    """What I promise, in a tap or in my own words, and by when."""

    kind = chips(_l("I promised to"), KIND_CHIPS | {NOTHING: _l("nothing")}, default=NOTHING)
    words = StringField(
        _l("What exactly, or anything else"),
        filters=[clean],
        render_kw={"placeholder": " ", "maxlength": LONGEST_WORDS, "autocomplete": "off"},
        validators=[
            Length(
                max=LONGEST_WORDS,
                message=_l("That is longer than %(most)s characters.", most=LONGEST_WORDS),
            )
        ],
    )
    due = chips(_l("By when?"), DUE_CHIPS, default=Due.WEEK.value)
    due_on = StringField(_l("Which day?"), filters=[clean], widget=DateInput())

    def __init__(self, *args: Any, today: date, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.needed = today, needed

    @property
    def is_empty(self) -> bool:
        """True if nothing is promised: neither tapped nor typed."""
        return self.kind.data == NOTHING and not self.words.data

    @property
    def due_day(self) -> date | None:
        """The day that was chosen or typed; None for no day, and for what is no day."""
        due = Due(self.due.data) if self.due.data in set(Due) else Due.NONE
        return due_day(due, today=self.today, chosen=_day_in(self.due_on.data or ""))

    def validate_words(self, _field: StringField) -> None:
        """Take a promise, unless the form may be sent without one."""
        if self.needed and self.is_empty:
            raise ValidationError(_l("Tap what you promise, or say it in your own words."))

    def validate_due_on(self, field: StringField) -> None:
        """Take a day that is not over yet, if one was asked for."""
        if self.is_empty or self.due.data != Due.DATE:
            return
        day = _day_in(field.data or "")
        if day is None:
            raise ValidationError(_l("Please say which day."))
        if not is_good_day(day, today=self.today):
            raise ValidationError(_l("Choose today or a later day, within three years."))

    def said(self) -> Said:
        """Return the promise; own words alone are a promise too."""
        is_tapped = self.kind.data != NOTHING
        kind = PromiseKind(self.kind.data) if is_tapped else PromiseKind.OWN_WORDS
        return Said(kind=kind, text=self.words.data or "", due_on=self.due_day)


class DepthForm(Form):
    """How deep it went, as I say."""

    depth = chips(_l("How deep did it go?"), DEPTH_CHIPS | {"": _l("rather not say")}, default="")

    def chosen(self) -> Depth | None:
        """Return what was tapped; None for nothing."""
        return Depth(self.depth.data) if self.depth.data else None


def note_form(formdata: Any = None, *, name: str, text: str = "") -> NoteForm:
    """Return the form for a note about somebody, with what was kept."""
    form = NoteForm(formdata, data={"note": text})
    form.note.label.text = _("What did %(name)s need?", name=name)
    return form


def changing(promise: Promise, *, today: date, formdata: Any = None) -> PromiseForm:
    """Return the form for an open promise, with what was said before."""
    is_own = promise.kind is PromiseKind.OWN_WORDS
    data = {
        "kind": NOTHING if is_own else promise.kind.value,
        "words": promise.text,
        "due": (Due.DATE if promise.due_on else Due.NONE).value,
        "due_on": promise.due_on.isoformat() if promise.due_on else "",
    }
    form = PromiseForm(formdata, data=data, today=today)
    form.kind.choices = choices_of(KIND_CHIPS | {NOTHING: _("something else")})
    return form


def promise_words(kind: PromiseKind, text: str) -> str:
    """Return a promise as it is read: its kind, what exactly, or the own words alone."""
    if kind is PromiseKind.OWN_WORDS:
        return text
    words = str(KIND_WORDS[kind])
    return _("%(promise)s: %(text)s", promise=words, text=text) if text else words


def _day_in(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
