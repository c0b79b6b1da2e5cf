"""Ticket shops and meeting places whose lists are known by their headers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from webapp.exchange.guests.rules.words import Field, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How one place writes its lists; headers in the form `words.plain` gives them."""

    name: str
    label: str
    signatures: tuple[frozenset[str], ...]
    """It is this source if all headers of one of them are there."""
    columns: Mapping[str, Field]
    """The only columns that name a person or their address here."""
    key: tuple[tuple[str, ...], ...] = ()
    """Which columns together tell one guest from another; the first choice that is there."""
    counts: tuple[str, frozenset[str]] | None = None
    """The column that says whether somebody comes, and the values that mean yes."""
    void: tuple[str, frozenset[str]] | None = None
    """The column that says whether a ticket was taken back, and the values that mean no."""
    may_be_nobody: bool = False
    """Tickets that were bought but given to nobody yet stand in the list."""
    never: frozenset[str] = field(default_factory=frozenset)
    """Columns that look like something they are not."""


def _headers(line: str) -> frozenset[str]:
    return frozenset(plain(one) for one in line.split(","))


def _columns(line: str) -> dict[str, Field]:
    """Read `field=header` pairs, several headers with `|`."""
    pairs = (pair.partition("=") for pair in line.split(","))
    return {plain(one): Field(name) for name, _, headers in pairs for one in headers.split("|")}


PERSON = "first_name=First Name,last_name=Last Name|Surname,email=Email|E-mail"

EVENTBRITE = Source(
    name="eventbrite",
    label="Eventbrite",
    signatures=(_headers("Attendee #,Order #"), _headers("Attendee #,Attendee Status")),
    columns=_columns(f"{PERSON}|Email Address,headline=Job Title,organisation=Company,group=Group"),
    key=(("attendee #",),),
    counts=("attendee status", frozenset({"attending", "checked in"})),
)
LUMA = Source(
    name="luma",
    label="Luma",
    signatures=(
        _headers("api_id,name,email,approval_status"),
        _headers("guest_id,name,email"),
    ),
    columns=_columns("name=name,first_name=first_name,last_name=last_name,email=email"),
    key=(("guest id",), ("api id",)),
    counts=("approval status", frozenset({"approved"})),
    never=_headers("linkedin_click_id,qr_code_url,custom_source"),
)
MEETUP = Source(
    name="meetup",
    label="Meetup",
    signatures=(_headers("Name,User ID,RSVP"), _headers("Name,User ID,URL of Member Profile")),
    columns=_columns("name=Name"),
    key=(("user id",),),
    counts=("rsvp", frozenset({"yes"})),
    never=_headers("Title,Event Host,Notes"),
)
PRETIX = Source(
    name="pretix",
    label="pretix",
    signatures=(
        _headers("Order code,Attendee name"),
        _headers("Bestellnummer,Teilnehmername"),
        _headers("Bestellnummer,Name des Teilnehmers"),
        _headers("Bestellcode,Teilnehmername"),
        _headers("Code de commande,Nom du participant"),
        _headers("Código de pedido,Nombre del asistente"),
        _headers("Código del pedido,Nombre del asistente"),
        _headers("Codice dell'ordine,Nome del partecipante"),
        _headers("Código do pedido,Nome do participante"),
        _headers("Bestelcode,Naam gast"),
        _headers("Bestelcode,Naam van de deelnemer"),
    ),
    columns=_columns(
        "name=Attendee name|Teilnehmername|Name des Teilnehmers|Nom du participant"
        "|Nombre del asistente|Nome del partecipante|Nome do participante|Naam gast"
        "|Naam van de deelnemer,"
        "email=E-mail|Attendee email|Adresse e-mail|Correo electrónico|E-mailadres|E-Mail-Adresse,"
        "organisation=Company|Firma|Entreprise|Empresa|Azienda|Bedrijf"
    ),
    key=(
        ("order code", "position id"),
        ("bestellnummer", "positionsnummer"),
        ("order code", "attendee name"),
        ("bestellnummer", "teilnehmername"),
        ("bestellnummer", "name des teilnehmers"),
        ("bestellcode", "teilnehmername"),
        ("code de commande", "nom du participant"),
        ("codigo de pedido", "nombre del asistente"),
        ("codigo del pedido", "nombre del asistente"),
        ("codice dell ordine", "nome del partecipante"),
        ("codigo do pedido", "nome do participante"),
        ("bestelcode", "naam gast"),
        ("bestelcode", "naam van de deelnemer"),
    ),
    may_be_nobody=True,
)
TITO = Source(
    name="tito",
    label="Tito",
    signatures=(_headers("Ticket Full Name,Ticket Email"),),
    columns=_columns(
        "name=Ticket Full Name,first_name=Ticket First Name,last_name=Ticket Last Name,"
        "email=Ticket Email,organisation=Ticket Company Name,headline=Ticket Job Title"
    ),
    key=(("ticket reference",), ("number",)),
    void=("void status", frozenset({"", "no", "false", "not void"})),
    may_be_nobody=True,
)
ALFIO = Source(
    name="alfio",
    label="alf.io",
    signatures=(_headers("ID,Category,Event,Status,Full Name"),),
    columns=_columns(f"name=Full Name,{PERSON}"),
    key=(("id",),),
    counts=("status", frozenset({"acquired", "checked in", "to be paid"})),
    may_be_nobody=True,
)
HI_EVENTS = Source(
    name="hi-events",
    label="Hi.Events",
    signatures=(
        _headers("ID,First Name,Last Name,Email,Check Ins"),
        _headers("ID,First Name,Last Name,Email,Product ID,Product Name"),
    ),
    columns=_columns(PERSON),
    key=(("id",),),
    counts=("status", frozenset({"active"})),
)
INDICO = Source(
    name="indico",
    label="Indico",
    signatures=(),
    columns={},
)
INDICO_COLUMNS = (
    Field.FIRST_NAME,
    Field.LAST_NAME,
    Field.ORGANISATION,
    Field.HEADLINE,
    None,
    Field.EMAIL,
)
"""Indico writes no header row; the fifth column is a phone number."""

KNOWN = (EVENTBRITE, LUMA, MEETUP, PRETIX, TITO, ALFIO, HI_EVENTS)
HEADERS = frozenset(
    header
    for source in KNOWN
    for header in (*source.columns, *source.never, *(one for key in source.key for one in key))
)
"""All headers that tell something about their source."""


def recognise(headers: Collection[str]) -> Source | None:
    """Return the source whose signature is among some plain headers."""
    there = frozenset(headers)
    return next(
        (one for one in KNOWN if any(signature <= there for signature in one.signatures)), None
    )
