"""What people call the columns of a guest list, in several languages."""

import unicodedata
from enum import StrEnum


class Field(StrEnum):
    """What a column of a list can become."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    ORGANISATION = "organisation"
    HEADLINE = "headline"
    GROUP = "group"


NAMES = (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME)


def plain(header: str) -> str:
    """Return a header as it is compared: no case, accents or punctuation; `#` counts."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    letters = (c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() or c == "#" else " " for c in letters).split())


def _table(words: dict[Field, str]) -> dict[str, Field]:
    return {plain(word): field for field, line in words.items() for word in line.split(",")}


def _plain_words(line: str) -> frozenset[str]:
    return frozenset(plain(word) for word in line.split(","))


EXACT = _table(
    {
        Field.NAME: "name,full name",
        Field.FIRST_NAME: "first name",
        Field.LAST_NAME: "last name",
        Field.EMAIL: "email,e-mail",
        Field.ORGANISATION: "organisation,organization",
        Field.HEADLINE: "headline",
        Field.GROUP: "group",
    }
)

ALIASES = _table(
    {
        Field.NAME: (
            "attendee name,guest name,participant name,participant,guest,attendee,your name,"
            "display name,name surname,vollständiger name,vor- und nachname,vorname nachname,"
            "teilnehmer,teilnehmername,teilnehmende,gast,nom complet,nom et prénom,"
            "prénom et nom,nom prénom,nom du participant,participant(e),nom,nombre completo,"
            "nombre y apellidos,nombre y apellido,nombre del asistente,asistente,nombre,"
            "nome completo,nome e cognome,nome e sobrenome,nome do participante,"
            "nome del partecipante,partecipante,nome,volledige naam,naam deelnemer,deelnemer,naam,"
            "имя и фамилия,фио,имя,氏名,名前,姓名,الاسم,الاسم الكامل,imię i nazwisko,ad soyad"
        ),
        Field.FIRST_NAME: (
            "firstname,given name,forename,givenname,vorname,rufname,prénom,primer nombre,"
            "nombre de pila,nombres,nome proprio,primeiro nome,prenome,voornaam,roepnaam,imię"
        ),
        Field.LAST_NAME: (
            "lastname,surname,family name,familyname,nachname,familienname,zuname,"
            "nom de famille,apellido,apellidos,cognome,sobrenome,apelido,achternaam,familienaam,"
            "фамилия,nazwisko"
        ),
        Field.EMAIL: (
            "e-mail address,email address,mail,mail address,your email,attendee email,"
            "e-mail-adresse,emailadresse,mailadresse,e-mail teilnehmer,adresse e-mail,"
            "adresse électronique,courriel,adresse mail,adresse email,correo electrónico,correo,"
            "dirección de correo electrónico,indirizzo e-mail,indirizzo email,posta elettronica,"
            "endereço de e-mail,endereço de email,correio eletrónico,e-mailadres,emailadres,"
            "электронная почта,メール,メールアドレス,邮箱,البريد الإلكتروني,adres e-mail,e-posta"
        ),
        Field.ORGANISATION: (
            "company,company name,employer,affiliation,institution,institute,university,school,"
            "workplace,firma,unternehmen,arbeitgeber,firmenname,einrichtung,"
            "verein,entreprise,société,organisme,établissement,employeur,empresa,compañía,"
            "organización,institución,azienda,società,ente,organizzazione,organização,instituição,"
            "companhia,bedrijf,bedrijfsnaam,organisatie,werkgever,instelling,компания,会社,公司"
        ),
        Field.HEADLINE: (
            "job title,title,position,role,job,occupation,profession,job role,what you do,"
            "function,berufsbezeichnung,beruf,stelle,funktion,jobtitel,tätigkeit,fonction,poste,"
            "titre,intitulé du poste,métier,puesto,cargo,título,profesión,ocupación,posizione,"
            "ruolo,titolo,qualifica,professione,função,profissão,functie,functietitel,beroep,titel,"
            "должность,役職,职位"
        ),
        Field.GROUP: "groups,team,department,track,gruppe,abteilung,groupe,grupo,gruppo,groep",
    }
)

PHONES = _plain_words(
    "phone,phone number,phone_number,telephone,mobile,mobile number,cell phone,cell,tel,"
    "contact number,telefon,telefonnummer,handy,handynummer,mobiltelefon,rufnummer,téléphone,"
    "numéro de téléphone,portable,mobile phone,teléfono,móvil,celular,telefono,cellulare,"
    "numero di telefono,telefone,telemóvel,telefoon,telefoonnummer,ticket phone number,"
    "home phone,work phone,whatsapp,whatsapp number,телефон,電話番号,电话,fax"
)

FIRST_OR_FULL = _plain_words("name,nom,nombre,nome,naam,имя")
"""Beside a first name they mean the last one; beside a last name, the first."""

FORMS_OF_ADDRESS = _plain_words(
    "mr,mrs,ms,miss,mx,dr,prof,prof dr,sir,herr,frau,m,mme,mlle,sr,sra,srta,sig,sigra,dott,"
    "dhr,mevr,dr ing,dipl ing,phd,md"
)

ASKED_IN = {
    Field.ORGANISATION: ("company", "organisation", "organization", "employer", "work for"),
    Field.HEADLINE: ("job title", "your role", "your position", "do you do", "your profession"),
}
"""Words in a question that is a header: forms ask people, and lists quote the question."""


def asked_for(header: str) -> Field | None:
    """Return what a question in a header asks for."""
    if not header.rstrip().endswith("?"):
        return None
    question = plain(header)
    return next(
        (field for field, words in ASKED_IN.items() if any(word in question for word in words)),
        None,
    )
