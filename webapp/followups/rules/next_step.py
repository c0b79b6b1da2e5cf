"""The one thing to do next for a person I met, and the other ways there are."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from webapp.followups.models import PromiseKind
from webapp.ties.models import LinkKind


class Step(StrEnum):
    """A way to go on with somebody, the most personal first."""

    WRITE = "write"
    CALENDAR = "calendar"
    INTRODUCE = "introduce"
    LINKEDIN = "linkedin"
    MAIL = "mail"
    CONTACTS = "contacts"


def next_step(*, owed: Collection[PromiseKind], links: Collection[LinkKind]) -> Step:
    """Return what comes next: what I owe, else the nearest way to reach them."""
    if PromiseKind.SEND_LINK in owed:
        return Step.WRITE
    if PromiseKind.MEET_AGAIN in owed:
        return Step.CALENDAR
    if PromiseKind.INTRODUCE in owed:
        return Step.INTRODUCE
    if LinkKind.LINKEDIN in links:
        return Step.LINKEDIN
    return Step.MAIL if LinkKind.EMAIL in links else Step.CONTACTS


def other_steps(
    first: Step, *, owed: Collection[PromiseKind], links: Collection[LinkKind]
) -> list[Step]:
    """Return the other ways that are open, in their order."""
    is_open = {
        Step.INTRODUCE: PromiseKind.INTRODUCE in owed,
        Step.LINKEDIN: LinkKind.LINKEDIN in links,
        Step.MAIL: LinkKind.EMAIL in links,
    }
    return [step for step in Step if step is not first and is_open.get(step, True)]


def is_followed_up(followed_up_at: datetime | None, *, last_talk_at: datetime) -> bool:
    """Tell whether somebody is followed up; a later talk asks anew."""
    return followed_up_at is not None and followed_up_at >= last_talk_at
