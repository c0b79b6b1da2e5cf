"""What somebody reads before they export."""

from dataclasses import replace

import pytest
from recruiting.exporting.leaving import make_row

from webapp.recruiting.exporting.checks import check
from webapp.recruiting.exporting.presets import (
    GREENHOUSE,
    HUBSPOT,
    LEVER,
    PLAIN,
    PRESETS,
    SALESFORCE,
    VCARD,
)
from webapp.recruiting.exporting.rows import Contacts
from webapp.recruiting.exporting.words import told, wording


def said(rows, preset):
    return [told(one, preset) for one in check(rows, preset, wording())]


def errors(rows, preset):
    return [told(one, preset) for one in check(rows, preset, wording()) if one.is_error]


NOTES = "In HubSpot, say that the file holds contacts and notes, or the notes stay behind."
MAILS = (
    "Greenhouse by itself sends a mail to everybody you import into a job with GDPR rules. "
    "Tell them first."
)
ANEW = "Lever makes a new opportunity of every line: export nobody twice."


def test_for_plain_people_only_what_the_target_does_is_said():
    rows = [make_row()]
    found = {preset.key: said(rows, preset) for preset in PRESETS.values()}
    assert found == {
        "plain": [],
        "hubspot": [NOTES],
        "salesforce": [],
        "greenhouse": [MAILS],
        "lever": [ANEW],
        "vcard": [],
    }


def test_nobody_is_an_error_everywhere():
    for preset in PRESETS.values():
        assert errors([], preset) == said([], preset) == ["Nobody is chosen."]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_more_than_a_target_takes_is_an_error(preset):
    rows, smaller = [make_row()] * 3, replace(preset, most_rows=3)
    assert errors(rows, smaller) == []
    sentence = f"4 people are too many: {preset.label} takes 3 at a time. Export them in parts."
    assert errors([*rows, make_row()], smaller) == [sentence]


def test_targets_take_as_many_as_their_makers_say():
    assert {preset.key: preset.most_rows for preset in PRESETS.values()} == {
        "hubspot": 1_048_576,
        "salesforce": 50_000,
        "greenhouse": 8_000,
        "lever": 55_000,
        "plain": None,
        "vcard": None,
    }


def test_hubspot_knows_people_by_their_address():
    rows = [make_row(contacts=Contacts())] * 3
    assert said(rows, HUBSPOT)[1:] == [
        "3 people have no e-mail: HubSpot will add them as new contacts each time."
    ]
    assert said(rows[:1], HUBSPOT)[1:] == [
        "1 person has no e-mail: HubSpot will add them as a new contact each time."
    ]
    assert said(rows, PLAIN) == []


def test_two_with_one_address_are_told_before_they_become_one():
    rows = [make_row(contacts=Contacts(one)) for one in ("a@b.org", "A@b.org", "c@b.org", None)]
    assert "2 people share an e-mail with another: HubSpot will make one contact of them." in said(
        rows, HUBSPOT
    )
    assert not any("share" in sentence for sentence in said(rows, SALESFORCE))


def test_salesforce_needs_a_company():
    rows = [make_row(organisation=""), make_row(organisation=" "), make_row()]
    assert said(rows, SALESFORCE) == [
        "2 people have no company; Salesforce needs one, so 'Not given' stands there."
    ]
    assert said(rows[:1], HUBSPOT) == [NOTES]


def test_salesforce_is_content_with_one_name_and_greenhouse_is_not():
    rows = [make_row(name="Madonna")]
    assert said(rows, SALESFORCE) == []
    assert said(rows, GREENHOUSE) == [
        MAILS,
        "1 person has one name only; Greenhouse needs two, so 'Not given' stands there.",
    ]


def test_salesforce_refuses_what_is_too_long():
    fits, with_apostrophe = "x" * 128, f"{'x' * 126};-"
    rows = [make_row(headline=text) for text in ("x" * 129, fits, with_apostrophe)]
    assert said(rows, SALESFORCE) == [
        "2 people have more than 128 characters under 'Title': Salesforce will refuse them."
    ]


def test_names_that_were_guessed_are_to_be_looked_at():
    rows = [make_row(name="Mary Ann Smith"), make_row(name="Ludwig van Beethoven")]
    sentence = "1 name can be split in several ways: look whether first and last name are right."
    assert said(rows, SALESFORCE) == [sentence]
    assert said(rows, LEVER) == [ANEW]


def test_signs_that_were_left_out_are_told():
    rows = [make_row(organisation="@Kora"), make_row(contacts=Contacts("-a@b.org"))]
    signs = (
        "1 person has a text that a spreadsheet would run as a formula: its first signs are left "
        "out, and the whole of it is in the note."
    )
    assert said(rows, SALESFORCE) == [
        signs,
        "1 e-mail begins like a formula: it stands in the note only.",
    ]
    assert said(rows[:1], PLAIN) == []


def test_a_person_without_a_name_is_told_for_every_target():
    for preset in PRESETS.values():
        assert "1 person has no name." in said([make_row(name="\0 ")], preset)


def test_errors_come_first():
    found = check(
        [make_row(name="Mary Ann Smith")] * 2, replace(GREENHOUSE, most_rows=1), wording()
    )
    assert [one.is_error for one in found] == [True, False, False]


def test_cards_need_nothing():
    assert said([make_row(organisation="", contacts=Contacts())], VCARD) == []
