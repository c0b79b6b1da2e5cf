"""What an organiser says about a print."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form

from webapp.badges.printing.services import Which
from webapp.badges.sheets.layouts import USUAL
from webapp.core.fields import one_of

PAPERS = {
    "a4-4": _l("A4, 4 to a page, 95 x 135 mm"),
    "a4-8": _l("A4, 8 to a page, 95 x 68 mm"),
    "a4-10": _l("A4, 10 to a page, 90 x 54 mm"),
    "letter-4": _l("Letter, 4 to a page, 4 x 5 in"),
    "letter-6": _l("Letter, 6 to a page, 4 x 3 in"),
    "letter-10": _l("Letter, 10 to a page, 3.5 x 2 in"),
    "a6": _l("A6, one by one"),
    "a7": _l("A7, one by one"),
    "4x3in": _l("4 x 3 in, one by one"),
    "label-62x100": _l("Labels, 62 x 100 mm"),
    "label-54x90": _l("Labels, 54 x 90 mm"),
    "label-41x89": _l("Labels, 41 x 89 mm"),
    "label-57x102": _l("Labels, 57 x 102 mm"),
}
WHOSE = {
    Which.ALL: _l("Everybody's"),
    Which.NEW: _l("The late batch only: those never printed"),
}


class PrintForm(Form):
    """The paper, whose badges, and what is on them."""

    layout = one_of(_l("Paper"), PAPERS, default=USUAL)
    which = one_of(_l("Whose badges"), WHOSE, default=Which.ALL)
    has_backs = BooleanField(_l("With backs, where the claim code is"))
    has_groups = BooleanField(_l("With groups"))
