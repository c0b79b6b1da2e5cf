"""A file, and which of its columns goes where."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import FileField, Form, ValidationError

from webapp.exchange.guests.rules.matching import Match, match
from webapp.exchange.guests.rules.tables import MOST_BYTES, NotAList
from webapp.exchange.guests.rules.words import Field
from webapp.exchange.guests.rules.workbooks import read_table

CHOICES = {"": None} | {field.value: field for field in Field}
"""What may be sent for a column; anything else leaves it open."""


class FileForm(Form):
    """A guest list from somebody's disk."""

    file = FileField(_l("Your guest list"))

    def validate_file(self, field: FileField) -> None:
        """Take what can be read as a list of people."""
        if not field.data or not field.data.filename:
            raise ValidationError(_l("Please choose a file."))
        data = field.data.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValidationError(_l("This file is larger than 10 MB."))
        try:
            self.table = read_table(data)
            match(self.table)
        except NotAList as error:
            raise ValidationError(str(error.message)) from error


def chosen_fields(sent: Mapping[str, str], guessed: Match) -> dict[int, Field | None]:
    """Return which field each column is to go to, where somebody said so."""
    said = {one.number: sent.get(f"column-{one.number}") for one in guessed.columns}
    return {number: CHOICES[word] for number, word in said.items() if word in CHOICES}
