"""The list of guests as a helper's phone keeps it: small, and with no code in it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.badges import codes
from webapp.badges.desk.queries import ListedGuest
from webapp.badges.desk.rules import second_of
from webapp.events.models import Event
from webapp.events.rules import GRACE

HASH_LENGTH = 20


@dataclass(frozen=True, slots=True)
class _Worn:
    """A badge, as far as its code is derived from it."""

    event_id: str
    id: str


@dataclass(frozen=True, slots=True)
class KeptList:
    """Everybody on the list; what a phone has already is not in it again."""

    body: str
    etag: str


def kept_list(event: Event, guests: Sequence[ListedGuest], *, known: str) -> KeptList:
    """Return the list for a phone that already has the names under a hash, if it has."""
    names = _hash(*(f"{one.id}\t{one.name}\t{one.organisation}\t{one.badge_id}" for one in guests))
    base = second_of(event.starts_at)
    told: dict[str, object] = {
        "list": names,
        "until": second_of(event.ends_at + GRACE),
        "zone": event.time_zone,
        "base": base,
        "here": [_since(one.checked_in_at, base) for one in guests],
    }
    etag = _hash(json.dumps(told))
    if known != names:
        told["guests"] = [_written(event.id, one) for one in guests]
    return KeptList(json.dumps(told, ensure_ascii=False, separators=(",", ":")), etag)


def _since(moment: datetime | None, base: int) -> int | None:
    return second_of(moment) - base if moment else None


def _written(event_id: str, one: ListedGuest) -> list[str]:
    digest = codes.kept_digest(_Worn(event_id, one.badge_id)) if one.badge_id else ""
    return [one.id, one.name, one.organisation, digest]


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:HASH_LENGTH]
