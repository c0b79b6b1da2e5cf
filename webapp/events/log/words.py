"""What an entry of the log says, to those who run the event and to those it concerns."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.events.log.queries import LogRow
from webapp.events.models import RoleName
from webapp.security.models import Action

AT_THE_DESK = frozenset(
    {
        Action.GUEST_ADDED,
        Action.GUEST_CHANGED,
        Action.BADGE_REISSUED,
        Action.CHECKED_IN,
        Action.CHECK_IN_UNDONE,
        Action.CLAIM_HELPED,
    }
)

TOLD: dict[Action, Any] = {
    Action.EVENT_CREATED: _l("Created the event"),
    Action.EVENT_CHANGED: _l("Changed settings: %(settings)s"),
    Action.EVENT_ARCHIVED: _l("Archived the event"),
    Action.EVENT_BROUGHT_BACK: _l("Brought the event back"),
    Action.ERASURE_ASKED: _l("Asked to erase the event"),
    Action.EVENT_ERASED: _l("Erased the guest list and what hung on it"),
    Action.ROLE_OFFERED: _l("Asked somebody to help: %(role)s"),
    Action.ROLE_OFFER_WITHDRAWN: _l("No longer asks somebody to help: %(role)s"),
    Action.ROLE_ACCEPTED: _l("Accepted to help: %(role)s"),
    Action.ROLE_TAKEN: _l("Took a role from %(person)s: %(role)s"),
    Action.ROLE_LEFT: _l("Left a role: %(role)s"),
    Action.EVENT_OFFERED: _l("Offered to hand the event over to %(person)s"),
    Action.EVENT_OFFER_WITHDRAWN: _l("Withdrew the offer to hand the event over to %(person)s"),
    Action.EVENT_OFFER_DECLINED: _l("Declined to take the event over"),
    Action.EVENT_TRANSFERRED: _l("Took the event over"),
    Action.GUESTS_IMPORTED: _l("Imported guests: %(new)s new, %(updated)s brought up to date"),
    Action.GUEST_ADDED: _l("Put %(name)s on the list"),
    Action.GUEST_CHANGED: _l("Changed what stands on the badge of %(name)s"),
    Action.BADGES_PRINTED: _l("Printed badges: %(badges)s"),
    Action.BADGE_REISSUED: _l("Gave %(name)s a new badge"),
    Action.CHECKED_IN: _l("Checked %(name)s in"),
    Action.CHECK_IN_UNDONE: _l("Took the check-in of %(name)s back"),
    Action.CLAIM_HELPED: _l("Helped %(name)s to claim their badge"),
    Action.HELPED_IN: _l("Helped somebody in (%(step)s)"),
    Action.TEAM_GRANTED: _l("Granted a team"),
    Action.TEAM_JOINED: _l("Joined a team"),
    Action.TEAM_LEFT: _l("Ended the place of %(person)s in a team"),
}
"""Every action, as its doer's part of a sentence."""

TOLD_TO_ME: dict[Action, Any] = {
    Action.EVENT_CHANGED: _l("changed settings of the event: %(settings)s"),
    Action.ROLE_ACCEPTED: _l("accepted to help: %(role)s"),
    Action.ROLE_TAKEN: _l("took a role from you: %(role)s"),
    Action.ROLE_LEFT: _l("left a role: %(role)s"),
    Action.EVENT_OFFERED: _l("offered you the event"),
    Action.EVENT_OFFER_WITHDRAWN: _l("withdrew the offer of the event"),
    Action.EVENT_OFFER_DECLINED: _l("declined to take the event over"),
    Action.EVENT_TRANSFERRED: _l("took the event over"),
    Action.GUESTS_IMPORTED: _l("brought the guest list up to date"),
    Action.GUEST_ADDED: _l("put you on the list"),
    Action.GUEST_CHANGED: _l("changed what stands on your badge"),
    Action.BADGES_PRINTED: _l("printed your badge"),
    Action.BADGE_REISSUED: _l("gave you a new badge"),
    Action.CHECKED_IN: _l("checked you in"),
    Action.CHECK_IN_UNDONE: _l("took your check-in back"),
    Action.CLAIM_HELPED: _l("helped you to claim your badge"),
    Action.HELPED_IN: _l("helped you in (%(step)s)"),
    Action.TEAM_JOINED: _l("joined a team"),
    Action.TEAM_LEFT: _l("ended your place in a team"),
}
"""The actions that can be about somebody, as they read them."""

ROLES: dict[str, Any] = {
    RoleName.ORGANISER: _l("Organiser"),
    RoleName.CO_ORGANISER: _l("Co-organiser"),
    RoleName.DESK: _l("Desk helper"),
    RoleName.RECRUITER: _l("Recruiter"),
}

STEPS: dict[str, Any] = {
    "began": _l("began"),
    "left": _l("let it be"),
    "introduced": _l("introduction made"),
    "undone": _l("introduction taken back"),
}
"""What a host noted about somebody who asked to be introduced."""

SETTINGS: dict[str, Any] = {
    "name": _l("name"),
    "place": _l("place"),
    "time_zone": _l("time zone"),
    "starts_at": _l("start"),
    "ends_at": _l("end"),
    "needs_check_in": _l("check-in"),
    "k": _l("fewest people behind a number"),
    "language": _l("language"),
    "has_organisations": _l("organisation on badges"),
    "has_headlines": _l("headline on badges"),
    "has_groups": _l("group on badges"),
    "retention_months": _l("when the guest list is erased"),
    "may_mail_unclaimed": _l("mail to people who never claimed their badge"),
    "has_discreet_subjects": _l("the event's name in subjects"),
}


def told(row: LogRow) -> str:
    """Say to those who run the event what was done."""
    return str(TOLD[row.entry.action]) % _facts(row)


def told_to_me(row: LogRow) -> str:
    """Say to whom it concerns what was done."""
    return str(TOLD_TO_ME.get(row.entry.action, TOLD[row.entry.action])) % _facts(row)


def who(row: LogRow, *, me: str) -> str:
    """Say to whom it concerns who did it: the desk or the organisers, and the helper's name."""
    if row.entry.actor_id == me:
        return str(_("You"))
    group = _group(row.entry.action)
    return f"{group} ({row.actor})" if row.actor else group


def _group(action: Action) -> str:
    if action is Action.TEAM_LEFT:
        return str(_("Your team"))
    return str(_("The desk") if action in AT_THE_DESK else _("The organisers"))


def _facts(row: LogRow) -> dict[str, object]:
    details = row.entry.details
    changed = str(details.get("changed", "")).split()
    return {
        "name": row.attendee or _("somebody who is no longer on the list"),
        "person": row.person or _("somebody"),
        "step": STEPS.get(str(details.get("step")), ""),
        "role": ROLES.get(str(details.get("role")), ""),
        "settings": ", ".join(str(SETTINGS[name]) for name in changed if name in SETTINGS),
        **{name: details.get(name, 0) for name in ("new", "updated", "badges")},
    }
