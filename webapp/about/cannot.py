"""What Bowline cannot prove or prevent; the figures are those of the rules themselves."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.badges.codes import STEP_SECONDS
from webapp.badges.rules import KEPT_FOR, MOST_SCANNERS, STEPS_ACCEPTED
from webapp.events.rules import K_SMALLEST


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that can go wrong, and what holds nevertheless."""

    what: Any
    holds: Any


LIMITS = (
    Limit(
        _l("Two people can say they talked when they did not."),
        _l("Nothing opens but their own links, to each other, and both wanted that."),
    ),
    Limit(
        _l(
            "Somebody can show your live code to another room by video while it lives,"
            " at most %(seconds)s seconds.",
            seconds=STEP_SECONDS * STEPS_ACCEPTED,
        ),
        _l("Your screen says at once who connected with you, and you can undo it there."),
    ),
    Limit(
        _l(
            "A picture of your live code, taken while it lives, can be sent later by a phone that"
            " says it had no network: up to %(hours)s hours later, by at most %(most)s people.",
            hours=int(KEPT_FOR.total_seconds() // 3600),
            most=MOST_SCANNERS,
        ),
        _l("It counts for the moment it was shown, during the event; you are told, and can untie."),
    ),
    Limit(
        _l("You can copy your own badge, or lend it."),
        _l("A printed badge proves nothing by itself: its owner is asked and has to say yes."),
    ),
    Limit(
        _l("A picture of your badge tells what is printed on it."),
        _l("It opens nothing else, and only people at the same event can ask you with it."),
    ),
    Limit(
        _l("Whoever has your phone unlocked, or reads your mail, is you."),
        _l(
            "You can sign out every browser from any other one, under Me. Organisers and recruiters"
            " also need a passkey or an authenticator app."
        ),
    ),
    Limit(
        _l("Links somebody copied before you untied stay with them."),
        _l("They are gone from every page, file and mail here, from that moment on."),
    ),
    Limit(
        _l("Organisers know who was in the room, and can guess."),
        _l(
            "They see numbers of at least %(k)s people, frozen by the hour, and never who talked"
            " with whom.",
            k=K_SMALLEST,
        ),
    ),
    Limit(
        _l("A team that exported a file has that file."),
        _l("You see that you were in it and when; the next file is without you if you withdraw."),
    ),
    Limit(
        _l("Whoever runs the machine could read its database."),
        _l("Badges and codes cannot be forged from it: they are kept as digests."),
    ),
)
