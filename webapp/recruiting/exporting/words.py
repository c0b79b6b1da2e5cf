"""What an export says, to its reader before and inside the file."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.recruiting.exporting.cells import Wording
from webapp.recruiting.exporting.checks import Finding
from webapp.recruiting.exporting.presets import Field, Preset, Reason

LABELS = {
    Field.NAME: _l("Name as printed"),
    Field.ORGANISATION: _l("Organisation"),
    Field.HEADLINE: _l("Headline"),
    Field.EMAIL: _l("E-mail"),
    Field.MET_AT: _l("Met at"),
    Field.MET_ON: _l("Met on"),
    Field.MET_WITH: _l("Talked with"),
    Field.EVIDENCE: _l("Evidence"),
    Field.STAGE: _l("Stage"),
    Field.NEXT_STEP: _l("Next step"),
    Field.NEXT_ON: _l("Next step on"),
    Field.OWNER: _l("Owner"),
    Field.TOPICS: _l("Ask me about"),
    Field.LINKEDIN: _l("LinkedIn"),
    Field.WEBSITE: _l("Website"),
    Field.OTHER_LINKS: _l("Other links"),
    Field.NOTE: _l("Note"),
}
NOT_GIVEN = _l("Not given")


def wording() -> Wording:
    """Return the words of a file in the language of whoever asks."""
    return Wording({one: str(label) for one, label in LABELS.items()}, str(NOT_GIVEN))


def told(finding: Finding, preset: Preset) -> str:
    """Say a finding in a sentence or two."""
    named = {
        "target": preset.label,
        "not_given": str(NOT_GIVEN),
        "header": finding.header,
        "most": f"{finding.most:,}",
    }
    return str(_SENTENCES[finding.reason](finding.people, named))


_SENTENCES: dict[Reason, Callable[[int, dict[str, str]], str]] = {
    Reason.NOBODY: lambda _people, _named: _("Nobody is chosen."),
    Reason.TOO_MANY: lambda people, named: ngettext(
        "%(num)s person is too many: %(target)s takes %(most)s at a time.",
        "%(num)s people are too many: %(target)s takes %(most)s at a time. Export them in parts.",
        people,
        **named,
    ),
    Reason.NO_NAME: lambda people, _named: ngettext(
        "%(num)s person has no name.", "%(num)s people have no name.", people
    ),
    Reason.ONE_NAME: lambda people, named: ngettext(
        "%(num)s person has one name only; %(target)s needs two, so '%(not_given)s' stands there.",
        "%(num)s people have one name only; %(target)s needs two, so '%(not_given)s' stands there.",
        people,
        **named,
    ),
    Reason.GUESSED_NAME: lambda people, _named: ngettext(
        "%(num)s name can be split in several ways: look whether first and last name are right.",
        "%(num)s names can be split in several ways: look whether first and last name are right.",
        people,
    ),
    Reason.NO_COMPANY: lambda people, named: ngettext(
        "%(num)s person has no company; %(target)s needs one, so '%(not_given)s' stands there.",
        "%(num)s people have no company; %(target)s needs one, so '%(not_given)s' stands there.",
        people,
        **named,
    ),
    Reason.NO_EMAIL: lambda people, named: ngettext(
        "%(num)s person has no e-mail: %(target)s will add them as a new contact each time.",
        "%(num)s people have no e-mail: %(target)s will add them as new contacts each time.",
        people,
        **named,
    ),
    Reason.SAME_EMAIL: lambda people, named: ngettext(
        "%(num)s person shares an e-mail with another: %(target)s will make one contact of them.",
        "%(num)s people share an e-mail with another: %(target)s will make one contact of them.",
        people,
        **named,
    ),
    Reason.TOO_LONG: lambda people, named: ngettext(
        "%(num)s person has more than %(most)s characters under '%(header)s': %(target)s will "
        "refuse them.",
        "%(num)s people have more than %(most)s characters under '%(header)s': %(target)s will "
        "refuse them.",
        people,
        **named,
    ),
    Reason.SIGNS: lambda people, _named: ngettext(
        "%(num)s person has a text that a spreadsheet would run as a formula: its first signs "
        "are left out, and the whole of it is in the note.",
        "%(num)s people have a text that a spreadsheet would run as a formula: its first signs "
        "are left out, and the whole of it is in the note.",
        people,
    ),
    Reason.EMAIL_IN_NOTE: lambda people, _named: ngettext(
        "%(num)s e-mail begins like a formula: it stands in the note only.",
        "%(num)s e-mails begin like a formula: they stand in the note only.",
        people,
    ),
    Reason.NOTES_APART: lambda _people, named: _(
        "In %(target)s, say that the file holds contacts and notes, or the notes stay behind.",
        **named,
    ),
    Reason.SENDS_MAIL: lambda _people, named: _(
        "%(target)s by itself sends a mail to everybody you import into a job with GDPR rules. "
        "Tell them first.",
        **named,
    ),
    Reason.ADDS_AGAIN: lambda _people, named: _(
        "%(target)s makes a new opportunity of every line: export nobody twice.", **named
    ),
}
