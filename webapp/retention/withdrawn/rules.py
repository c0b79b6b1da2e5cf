"""What a line of the list says, and which of them hold."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What somebody took back."""

    ACCOUNT = "account"
    EVENT = "event"
    TIE = "tie"
    BLOCK = "block"
    CONSENT = "consent"
    LETTERS = "letters"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One thing that somebody took back, or, if `holds` is false, gave again."""

    kind: Kind
    ids: tuple[str, ...]
    at: datetime
    by: str | None = None
    holds: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What it is about."""
        return self.kind, *self.ids

    def line(self) -> str:
        """Return it as one line of JSON."""
        told = {"kind": self.kind, "ids": self.ids, "at": self.at.isoformat(), "holds": self.holds}
        return json.dumps(told | ({"by": self.by} if self.by else {})) + "\n"

    @classmethod
    def read(cls, line: str) -> "Withdrawal | None":
        """Read a line; None for one that was cut short."""
        try:
            told = json.loads(line)
            moment = datetime.fromisoformat(told["at"])
            return cls(
                Kind(told["kind"]), tuple(told["ids"]), moment, told.get("by"), bool(told["holds"])
            )
        except (ValueError, KeyError, TypeError):
            return None


def standing(lines: Iterable[str]) -> dict[tuple[str, ...], Withdrawal]:
    """Return what holds: of each thing the last line counts."""
    last = {found.key: found for line in lines if (found := Withdrawal.read(line))}
    return {key: one for key, one in last.items() if one.holds}


def missing(
    known: dict[tuple[str, ...], Withdrawal], found: Iterable[Withdrawal]
) -> list[Withdrawal]:
    """Return what was found and is not known, or was done anew since."""
    return [one for one in found if one.key not in known or known[one.key].at < one.at]
