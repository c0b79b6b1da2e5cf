"""Which columns each target takes, and what it refuses.

Header rows and limits are those of the makers' own help pages:

- HubSpot: "Set up import files". A header is matched to the property of that name; "Note body" and
  "Activity date" are what a note needs. UTF-8; at most 1,048,576 rows a file.
- Salesforce: "Field Mapping for Importing Leads" (the labels its import wizard maps by itself),
  "Contact and Lead Imports" (50,000 rows), and the lengths of the Lead's fields in its "Field
  Reference".
- Greenhouse: "Bulk import prospects from spreadsheet". First and Last Name are required, no more
  than 8,000 rows, and who is imported into a job with GDPR rules gets a mail by itself.
- Lever: "How do I add multiple / import many candidates?": commas only, 55,000 rows, file names of
  a-z, 0-9, _ and -, Origin from a fixed list, links with a comma and a blank between them, tags
  and sources with a comma alone. The help page names these columns without showing the template's
  own header row; Headline and Notes are named nowhere in it and have to be looked at in the
  template before a first import.
- vCard 3.0: RFC 2426, by the rules of `ties`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum, auto


class Field(StrEnum):
    """What can stand in a column."""

    FIRST = auto()
    LAST = auto()
    NAME = auto()
    ORGANISATION = auto()
    HEADLINE = auto()
    EMAIL = auto()
    LINKEDIN = auto()
    WEBSITE = auto()
    OTHER_LINKS = auto()
    LINKS = auto()
    """All web addresses in one cell, a comma and a blank between them."""
    MET_AT = auto()
    SOURCE = auto()
    """Where we met, without commas: a target would see two sources."""
    MET_ON = auto()
    MET_WITH = auto()
    EVIDENCE = auto()
    STAGE = auto()
    NEXT_STEP = auto()
    NEXT_ON = auto()
    OWNER = auto()
    TOPICS = auto()
    TAGS = auto()
    """Topics with a comma alone between them."""
    NOTE = auto()
    ALL_ELSE = auto()
    """Whatever has no column of its own, a line each, the note last."""
    FIXED = auto()


class Reason(StrEnum):
    """What somebody should know before they export."""

    NOBODY = auto()
    TOO_MANY = auto()
    NO_NAME = auto()
    ONE_NAME = auto()
    GUESSED_NAME = auto()
    NO_COMPANY = auto()
    NO_EMAIL = auto()
    SAME_EMAIL = auto()
    TOO_LONG = auto()
    SIGNS = auto()
    EMAIL_IN_NOTE = auto()
    NOTES_APART = auto()
    SENDS_MAIL = auto()
    ADDS_AGAIN = auto()


class Origin(StrEnum):
    """Where a candidate comes from, in Lever's words; it takes no others."""

    APPLIED = "Applied"
    SOURCED = "Sourced"
    REFERRED = "Referred"
    UNIVERSITY = "University"
    INTERNAL = "Internal"
    AGENCY = "Agency"


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its header, word for word."""

    header: str
    field: Field
    is_required: bool = False
    longest: int | None = None
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A target."""

    key: str
    label: str
    """Its own name."""
    columns: tuple[Column, ...] = ()
    most_rows: int | None = None
    is_read_by_people: bool = False
    """Whether a spreadsheet is the target itself, and not only where somebody takes a look."""
    warns_of: frozenset[Reason] = frozenset()
    always_says: tuple[Reason, ...] = ()

    @property
    def ending(self) -> str:
        """What its files' names end in."""
        return "csv" if self.columns else "vcf"

    @property
    def content_type(self) -> str:
        """What its files are."""
        return f"text/{'csv' if self.columns else 'vcard'}; charset=utf-8"


HUBSPOT = Preset(
    "hubspot",
    "HubSpot",
    (
        Column("First name", Field.FIRST),
        Column("Last name", Field.LAST),
        Column("Email", Field.EMAIL),
        Column("Job title", Field.HEADLINE),
        Column("Company name", Field.ORGANISATION),
        Column("LinkedIn URL", Field.LINKEDIN),
        Column("Website URL", Field.WEBSITE),
        Column("Activity date", Field.MET_ON),
        Column("Note body", Field.ALL_ELSE),
    ),
    most_rows=1_048_576,
    warns_of=frozenset({Reason.NO_EMAIL, Reason.SAME_EMAIL}),
    always_says=(Reason.NOTES_APART,),
)
SALESFORCE = Preset(
    "salesforce",
    "Salesforce",
    (
        Column("First Name", Field.FIRST, longest=40),
        Column("Last Name", Field.LAST, is_required=True, longest=80),
        Column("Company", Field.ORGANISATION, is_required=True, longest=255),
        Column("Title", Field.HEADLINE, longest=128),
        Column("Email", Field.EMAIL, longest=80),
        Column("Website", Field.WEBSITE, longest=255),
        Column("Lead Source", Field.SOURCE, longest=255),
        Column("Description", Field.ALL_ELSE, longest=32_000),
    ),
    most_rows=50_000,
    warns_of=frozenset({Reason.NO_COMPANY}),
)
GREENHOUSE = Preset(
    "greenhouse",
    "Greenhouse",
    (
        Column("First Name", Field.FIRST, is_required=True),
        Column("Last Name", Field.LAST, is_required=True),
        Column("Company", Field.ORGANISATION),
        Column("Title", Field.HEADLINE),
        Column("Notes", Field.ALL_ELSE),
        Column("Email", Field.EMAIL),
        Column("Social Media", Field.LINKEDIN),
        Column("Website", Field.WEBSITE),
        Column("Source", Field.SOURCE),
    ),
    most_rows=8_000,
    warns_of=frozenset({Reason.ONE_NAME}),
    always_says=(Reason.SENDS_MAIL,),
)
LEVER = Preset(
    "lever",
    "Lever",
    (
        Column("Full Name", Field.NAME, is_required=True),
        Column("Headline", Field.HEADLINE),
        Column("Email", Field.EMAIL),
        Column("Links", Field.LINKS),
        Column("Lever Posting URL", Field.FIXED),
        Column("Stage", Field.FIXED, is_required=True, fixed="New Lead"),
        Column("Sources", Field.SOURCE, is_required=True),
        Column("Origin", Field.FIXED, is_required=True, fixed=Origin.SOURCED),
        Column("Tags", Field.TAGS),
        Column("Notes", Field.ALL_ELSE),
    ),
    most_rows=55_000,
    warns_of=frozenset({Reason.NO_EMAIL}),
    always_says=(Reason.ADDS_AGAIN,),
)
PLAIN = Preset(
    "plain",
    "CSV",
    (
        Column("Name", Field.NAME),
        Column("First name", Field.FIRST),
        Column("Last name", Field.LAST),
        Column("Organisation", Field.ORGANISATION),
        Column("Headline", Field.HEADLINE),
        Column("E-mail", Field.EMAIL),
        Column("LinkedIn", Field.LINKEDIN),
        Column("Website", Field.WEBSITE),
        Column("Other links", Field.OTHER_LINKS),
        Column("Met at", Field.MET_AT),
        Column("Met on", Field.MET_ON),
        Column("Met with", Field.MET_WITH),
        Column("Evidence", Field.EVIDENCE),
        Column("Stage", Field.STAGE),
        Column("Next step", Field.NEXT_STEP),
        Column("Next step on", Field.NEXT_ON),
        Column("Owner", Field.OWNER),
        Column("Topics", Field.TOPICS),
        Column("Note", Field.NOTE),
    ),
    is_read_by_people=True,
)
VCARD = Preset("vcard", "vCard")

PRESETS = {preset.key: preset for preset in (PLAIN, HUBSPOT, SALESFORCE, GREENHOUSE, LEVER, VCARD)}


def lever(origin: Origin) -> Preset:
    """Return the preset of Lever for people of another origin than Sourced."""
    columns = (
        replace(column, fixed=origin) if column.header == "Origin" else column
        for column in LEVER.columns
    )
    return replace(LEVER, columns=tuple(columns))
