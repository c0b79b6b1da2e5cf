"""The files of an export, in one zip."""

import io
import json
import zipfile
from datetime import datetime

from flask_babel import gettext as _

from webapp.core.spreadsheets import csv_text
from webapp.exchange.mydata.export import FORMAT
from webapp.exchange.mydata.keeping import Row
from webapp.ties.rules import vcard

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which old spreadsheets tell UTF-8."""


def zip_of(sections: dict[str, list[Row]], *, now: datetime, has_bom: bool) -> bytes:
    """Return one zip: all in JSON, a table per section that has rows, and contacts."""
    whole = {"format": FORMAT, "made_at": now.isoformat(), **sections}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("my_data.json", json.dumps(whole, ensure_ascii=False, indent=1))
        for name, rows in sections.items():
            if rows:
                packed.writestr(f"{name}.csv", (BOM if has_bom else "") + _table(rows))
        packed.writestr("contacts.vcf", "".join(_card(row) for row in sections["people"]))
    return written.getvalue()


def _table(rows: list[Row]) -> str:
    columns = list(rows[0])
    return csv_text([columns, *([_cell(row[one]) for one in columns] for row in rows)])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _card(row: Row) -> str:
    return vcard(
        name=row["name"],
        organisation=row["organisation"],
        headline=row["headline"],
        urls=row["links"],
        met=str(_("Met at %(event)s", event=row["met_at"])),
    )
