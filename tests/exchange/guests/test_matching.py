"""Which row is the header, and what each column becomes: known sources and any other sheet."""

import pytest
from exchange.guests.test_reading import DATA
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.rules import normal_address
from webapp.core.text import one_line
from webapp.exchange.guests.rules.checking import Checker, Guest, Wrong
from webapp.exchange.guests.rules.matching import Match, Why, choose, match
from webapp.exchange.guests.rules.tables import NotAList
from webapp.exchange.guests.rules.words import Field
from webapp.exchange.guests.rules.workbooks import read_table

AMINA = {
    "name": "Amina Diallo",
    "organisation": "Kora Labs",
    "headline": "Data engineer",
    "address": "amina@kora.example.org",
}


def matched(text: str | bytes) -> Match:
    return match(read_table(text.encode() if isinstance(text, str) else text))


def example(name: str) -> Match:
    return matched((DATA / name).read_bytes())


def guests(found: Match) -> list[Guest]:
    return Checker(found).check().guests


def fields(found: Match) -> dict[str, Field | None]:
    return {one.header: one.field for one in found.columns}


def why(found: Match, header: str) -> Why:
    return next(one.why for one in found.columns if one.header == header)


def test_eventbrite_is_keyed_on_the_attendee_and_keeps_who_comes():
    found = example("eventbrite.csv")
    assert found.source.name == "eventbrite"
    assert guests(found) == [
        Guest(row=2, key="9001", **AMINA),
        Guest(
            row=3,
            key="9002",
            name="Ben Ng",
            organisation="Acme",
            headline="Buyer",
            address="office@acme.example.org",
        ),
        Guest(
            row=4,
            key="9003",
            name="Chen Li",
            organisation="Acme",
            headline="Seller",
            address="office@acme.example.org",
        ),
    ]
    assert Checker(found).check().not_counted == 2
    assert why(found, "Cell Phone") is Why.NEVER


def test_eventbrite_says_surname_in_some_places():
    assert guests(example("eventbrite-surname.csv")) == [Guest(row=2, key="9001", **AMINA)]


def test_an_older_luma_list_keeps_the_approved():
    found = example("luma-older.csv")
    assert [(one.key, one.name, one.organisation) for one in guests(found)] == [
        ("gst-a1", "Amina Diallo", "Kora Labs"),
        ("gst-b2", "Ben Ng", "Acme"),
    ]
    assert why(found, "phone_number") is Why.NEVER


def test_in_a_newer_luma_list_a_click_is_no_profile_and_a_question_is_a_header():
    found = example("luma-newer.csv")
    assert found.source.name == "luma"
    assert fields(found)["linkedin_click_id"] is None
    assert fields(found)["What is your LinkedIn profile?"] is None
    assert fields(found)["What is your job title?"] is Field.HEADLINE
    amina = AMINA | {"organisation": ""}
    assert guests(found) == [Guest(row=2, key="gst-a1", **amina)]


def test_both_generations_of_luma_mean_the_same_guest():
    assert guests(example("luma-older.csv"))[0].key == guests(example("luma-newer.csv"))[0].key


def test_meetup_has_no_addresses_and_two_people_of_one_name():
    found = example("meetup.csv")
    assert [(one.key, one.name, one.headline) for one in guests(found)] == [
        ("user 101", "Amina Diallo", ""),
        ("user 102", "Alex", ""),
        ("user 103", "Alex", ""),
    ]
    assert found.column(Field.EMAIL) is None


def test_pretix_has_several_people_in_one_order():
    found = example("pretix.csv")
    assert [(one.key, one.name) for one in guests(found)] == [
        ("AB3DE / Amina Diallo", "Amina Diallo"),
        ("AB3DE / Ben Ng", "Ben Ng"),
    ]
    assert Checker(found).check().not_counted == 1


def test_pretix_is_known_in_another_language():
    found = example("pretix-german.csv")
    assert found.source.name == "pretix"
    assert guests(found) == [
        Guest(
            row=2,
            key="AB3DE / Jörg Müller-Lüdenscheidt",
            name="Jörg Müller-Lüdenscheidt",
            organisation="Äpfel & Söhne, GmbH",
            address="joerg@example.org",
        )
    ]


def test_indico_writes_no_header():
    found = example("indico.csv")
    assert found.source.name == "indico"
    assert guests(found)[0] == Guest(row=1, **AMINA)
    assert [one.name for one in guests(found)] == ["Amina Diallo", "José García Márquez", "Chen Li"]
    assert why(found, "E") is Why.NEVER


def test_tito_names_the_holder_of_a_ticket_beside_its_buyer():
    found = example("tito.csv")
    assert guests(found) == [Guest(row=2, key="T1-1", **(AMINA | {"headline": ""}))]
    assert Checker(found).check().not_counted == 2
    assert fields(found)["Order Email"] is None


def test_alfio_keeps_tickets_that_are_somebodys():
    found = example("alfio.csv")
    assert [(one.key, one.name) for one in guests(found)] == [
        ("0a1b-1", "Amina Diallo"),
        ("0a1b-2", "Ben Ng"),
    ]


def test_hi_events_keeps_the_active():
    found = example("hi-events.csv")
    assert [(one.key, one.name) for one in guests(found)] == [("11", "Amina Diallo")]


def test_a_german_sheet_with_two_titles_above_its_header():
    found = example("windows-1252.csv")
    assert fields(found) == {
        "Vorname": Field.FIRST_NAME,
        "Name": Field.LAST_NAME,
        "E-Mail-Adresse": Field.EMAIL,
        "Firma": Field.ORGANISATION,
        "Handy": None,
    }
    assert why(found, "Handy") is Why.NEVER
    assert [(one.row, one.name, one.organisation) for one in guests(found)] == [
        (4, "Jörg Müller", "Käse & Co, Köln"),
        (5, "Françoise Lefèvre", "Société Générique"),
    ]


def test_french_headers_in_utf_16():
    assert [(one.name, one.headline) for one in guests(example("utf-16.csv"))] == [
        ("Łukasz Żółć", "Inżynier"),
        ("李 小龍", "俳優"),
    ]


def test_a_spanish_workbook():
    assert [(one.name, one.organisation) for one in guests(example("sheet.xlsx"))] == [
        ("José García", "Ñandú S.A."),
        ("Ana Núñez Ruiz", ""),
    ]


@pytest.mark.parametrize("name", ["byte-order-mark.csv", "tabs.tsv"])
def test_small_lists_of_other_kinds(name):
    assert [one.name for one in guests(example(name))] == ["Amina Diallo"]


@pytest.mark.parametrize(
    "header",
    [
        "Name,E-mail,Company,Job title",
        "Name,E-Mail-Adresse,Firma,Berufsbezeichnung",
        "Nom complet,Courriel,Entreprise,Poste",
        "Nombre completo,Correo electrónico,Empresa,Cargo",
        "Nome e cognome,Indirizzo e-mail,Azienda,Ruolo",
        "Nome completo,Endereço de e-mail,Organização,Função",
        "Volledige naam,E-mailadres,Bedrijf,Functie",
        "NAME,EMAIL_ADDRESS,  company name ,Position",
    ],
)
def test_headers_are_known_in_many_languages(header):
    row = "Amina Diallo,amina@kora.example.org,Kora Labs,Data engineer"
    assert guests(matched(f"{header}\n{row}\n")) == [Guest(row=2, **AMINA)]


@pytest.mark.parametrize(
    "header", ["Prénom,Nom", "Vorname,Name", "Nombre,Apellidos", "Nome,Cognome", "Voornaam,Naam"]
)
def test_a_name_beside_a_part_of_one_is_the_other_part(header):
    found = matched(f"{header},E-mail\nAmina,Diallo,a@example.org\n")
    assert [one.name for one in guests(found)] == ["Amina Diallo"]


def test_an_unknown_header_is_matched_by_what_stands_below():
    found = matched("Kuka,Osoite,Kenkä\nAmina Diallo,a@example.org,39\nBen Ng,b@example.org,44\n")
    assert fields(found) == {"Kuka": Field.NAME, "Osoite": Field.EMAIL, "Kenkä": None}
    assert why(found, "Kuka") is why(found, "Osoite") is Why.CONTENT


def test_a_guess_says_why():
    found = matched(
        "Name,Courriel,Team,Shoe,Phone\nAmina Diallo,a@example.org,Red,39,+49 170 12345\n"
    )
    assert [one.why for one in found.columns] == [
        Why.EXACT, Why.ALIAS, Why.ALIAS, Why.NOTHING, Why.NEVER,
    ]  # fmt: skip
    chosen = choose(found, {0: Field.NAME, 2: None, 3: Field.HEADLINE, 4: Field.GROUP})
    assert [(one.field, one.why) for one in chosen.columns] == [
        (Field.NAME, Why.EXACT),
        (Field.EMAIL, Why.ALIAS),
        (None, Why.CHOSEN),
        (Field.HEADLINE, Why.CHOSEN),
        (None, Why.NEVER),
    ]


def test_two_columns_that_look_like_addresses_force_a_choice():
    found = matched("Name,E-mail,Boss\nAmina Diallo,a@example.org,boss@example.org\n")
    assert [(one.field, one.headers) for one in found.questions] == [
        (Field.EMAIL, ("E-mail", "Boss"))
    ]
    assert why(found, "E-mail") is Why.ASKED
    answered = choose(found, {2: Field.EMAIL})
    assert answered.questions == ()
    assert guests(answered)[0].address == "boss@example.org"


def test_two_headers_for_one_field_force_a_choice():
    found = matched("Name,Company,Employer\nAmina Diallo,Kora Labs,Acme\n")
    assert [one.field for one in found.questions] == [Field.ORGANISATION]
    assert choose(found, {1: None}).questions == ()
    assert guests(choose(found, {1: None}))[0].organisation == "Acme"


def test_an_empty_column_is_no_candidate():
    found = matched("Name,Company,Employer\nAmina Diallo,,Acme\n")
    assert found.questions == ()
    assert fields(found)["Company"] is None


def test_a_title_before_a_name_is_no_job():
    found = matched("Titel,Name\nDr.,Amina Diallo\nFrau,Bea Ng\n")
    assert fields(found)["Titel"] is None


def test_numbers_of_phones_are_never_taken_whatever_their_header_says():
    found = matched("Name,Reach me\nAmina Diallo,+49 170 1234567\nBen Ng,+49 171 1234567\n")
    assert why(found, "Reach me") is Why.NEVER
    assert choose(found, {1: Field.GROUP}).columns[1].field is None


@pytest.mark.parametrize("text", ["Name,E-mail\n", "Title\nName,E-mail"])
def test_a_header_alone_is_no_list(text):
    with pytest.raises(NotAList, match="below the header"):
        matched(text)


def test_prose_is_no_list():
    with pytest.raises(NotAList, match="no names"):
        matched("123\n456;\n789 and a half\n")


def test_wrong_rows_are_named_by_row_and_column_with_what_was_expected_and_found():
    checked = Checker(
        matched(
            "Nom complet,E-mail,Company\n"
            "Amina Diallo,a@example.org,Kora Labs\n"
            ",b@example.org,Acme\n"
            "Chen Li,a@,Acme\n"
            "Amina D.,A@Example.org,Kora Labs\n"
            "Amina Diallo,,Kora Labs\n"
            f"Egil Berg,e@example.org,{'x' * 121}\n"
        )
    ).check()
    assert [one.row for one in checked.guests] == [2]
    assert [(one.row, one.column, one.wrong, one.found[:4]) for one in checked.rejected] == [
        (3, "Nom complet", Wrong.NO_NAME, ""),
        (4, "E-mail", Wrong.ADDRESS, "a@"),
        (5, "E-mail", Wrong.TWICE, "a@ex"),
        (6, "Nom complet", Wrong.TWICE, "Amin"),
        (7, "Company", Wrong.LONG, "xxxx"),
    ]
    assert str(checked.rejected[1].expected) == "an e-mail address"
    assert "row 2" in str(checked.rejected[2].expected)


def test_a_row_without_a_name_does_not_stand_in_the_way_of_one_with():
    checked = Checker(matched("Name,E-mail\n,a@example.org\nAmina,a@example.org\n")).check()
    assert [one.row for one in checked.guests] == [3]


def test_some_rows_are_checked_as_all_of_them_are():
    found = matched("Name,E-mail\nA,a@example.org\nB,b@example.org\nC,a@example.org\nD,d@x\n")
    checker, parts = Checker(found), []
    for start in range(0, len(found.lines), 2):
        parts += Checker(found).check(found.lines[start : start + 2]).guests
    assert parts == checker.check().guests


@given(
    st.lists(
        st.text().map(one_line).filter(lambda name: 0 < len(name) <= 120),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_names_come_in_as_they_are_written(names):
    quoted = [name.replace('"', '""') for name in names]
    text = "Name,Number\n" + "".join(f'"{name}",{at}\n' for at, name in enumerate(quoted))
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    assert [one.name for one in guests(matched(data))] == names


ADDRESSES = st.from_regex(
    r"[a-zA-Z0-9._+-]{1,20}@[a-zA-Z0-9.-]{1,12}(\.org|\.test|)", fullmatch=True
)


@given(st.one_of(st.emails(), ADDRESSES))
def test_addresses_are_judged_as_everywhere_else(address):
    from_list = Checker(matched("Name\nA\n"))._address(address)
    assert from_list == normal_address(address)
