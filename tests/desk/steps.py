"""What tests of the desk do and look at again and again."""

import json
from itertools import count

from webapp.accounts.access import tag_of
from webapp.badges.desk.rules import second_of
from webapp.events.models import Attendee
from webapp.security.models import Action, AuditEntry

_keys = count(1)


def rows_of(browser):
    """Return the names a search shows, in order."""
    names = (one for one in browser.page.all("strong") if one.get("data-name") is not None)
    return [one.text for one in names if one.text]


def fresh(session, attendee):
    session.expire_all()
    return session.get_one(Attendee, (attendee.event_id, attendee.id))


def noted(session, action):
    """Return what the log says of an action, the oldest first."""
    session.expire_all()
    return session.query(AuditEntry).filter_by(action=Action(action)).order_by("done_at").all()


def item(verb, guest="", *, ago=0, code="", seen=None, of="", nonce=None):
    """Return one thing a helper's phone kept."""
    return {
        "nonce": nonce or f"desk-key-{next(_keys)}",
        "verb": verb,
        "guest": guest if isinstance(guest, str) else guest.id,
        "code": code,
        "seen": seen if seen is None or isinstance(seen, int) else second_of(seen),
        "of": of,
        "age": ago,
    }


def send(browser, url, person, *items):
    """Let a helper's phone send what it kept; return the answers."""
    answer = browser.send(f"{url}/inbox", me=tag_of(person.id), items=json.dumps(items))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()["answers"]
