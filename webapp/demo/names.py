"""Invented names, companies and trades for the people of the demo."""

import hashlib

from webapp.events.rules import Printed

FIRST = tuple(
    """
    Amina Ben Chen Dara Egil Farah Goran Hana Ines Jonas Kofi Lena Mateo Nadia Omar Priya
    Quentin Rosa Sven Tomas Uma Viktor Wanda Ximena Yusuf Zora Alma Bao Carla Dmitri Elif
    Femi Greta Hugo Isla Joao Katya Luca Mira Noor
    """.split()  # noqa: SIM905  # forty words read better without forty quotes
)
LAST = tuple(
    """
    Diallo Ng Okafor Berg Haddad Silva Novak Tanaka Moreau Lindqvist Mensah Vogel Ortiz
    Rahman Iyer Dubois Costa Nilsson Kaya Petrov Adeyemi Fischer Romano Lopez Haile Kowalski
    Larsen Mehta Nakamura Olsen Park Quist Rossi Schmidt Toure Ueda Varga Weber Yilmaz Zhang
    """.split()  # noqa: SIM905
)
COMPANIES = (
    "Kora Labs",
    "Nordlicht Data",
    "Bluebird Health",
    "Tidewater Energy",
    "Papillon Games",
    "Quay Robotics",
    "Solstice Maps",
    "Granite Savings",
    "Fernweh Travel",
    "Openfield Farms",
    "Lantern Schools",
    "Harbour Lane Foods",
)
TRADES = (
    "Data engineer",
    "Nurse informaticist",
    "Product designer",
    "Epidemiologist",
    "Backend developer",
    "Operations lead",
    "Statistician",
    "Founder",
    "Researcher",
    "Platform engineer",
    "Community manager",
    "Infection control nurse",
)

FAMILIES_APART = 17
"""Neighbours in the list get different family names."""


def invented(one: str) -> Printed:
    """Return the same invented person for the same id, a different name for each of 1,600 ids."""
    number = int(one)
    spread = hashlib.sha256(one.encode()).digest()
    given = number % len(FIRST)
    family = (number // len(FIRST) + FAMILIES_APART * given) % len(LAST)
    return Printed(
        name=f"{FIRST[given]} {LAST[family]}",
        organisation=COMPANIES[spread[0] % len(COMPANIES)],
        headline=TRADES[spread[1] % len(TRADES)],
    )
