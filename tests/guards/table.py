"""All guards, by the rows of the lists."""

from guards import access, codes, files, numbers, reliability, sessions
from guards.guard import Guard
from guards.rows import ROWS

_IN_ORDER = {row.name: place for place, row in enumerate(ROWS)}
_ALL = (
    *codes.GUARDS,
    *access.GUARDS,
    *numbers.GUARDS,
    *files.GUARDS,
    *sessions.GUARDS,
    *reliability.GUARDS,
)
GUARDS: tuple[Guard, ...] = tuple(sorted(_ALL, key=lambda one: _IN_ORDER[one.row]))
