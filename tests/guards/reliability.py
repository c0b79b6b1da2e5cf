"""Guards."""

from guards.guard import Guard

GUARDS: tuple[Guard, ...] = ()
