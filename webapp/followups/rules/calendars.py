"""A promise or a meeting as a file for one's own calendar; nobody is invited by it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category

from icalendar import Calendar, Event, vText

MAKER = "-//Bowline//Follow up//EN"
MEETING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is put into a calendar."""

    uid: str
    begins: date | datetime
    """A whole day, or a moment for an hour."""
    summary: str
    about: str
    """What is read below it, such as where it comes from."""


class Words(vText):
    """A text whose backslashes stay what they are: the library reads two of them as line ends."""

    def to_ical(self) -> bytes:
        """Escape a text (RFC 5545, section 3.3.11)."""
        escaped = str(self)
        for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
            escaped = escaped.replace(plain, written)
        return escaped.encode()


def calendar_file(entry: Entry, *, now: datetime) -> str:
    """Return one entry as iCalendar (RFC 5545), in UTC or as a whole day, CRLF and folded."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("dtstart", entry.begins)
    is_moment = isinstance(entry.begins, datetime)
    event.add("dtend", entry.begins + (MEETING if is_moment else timedelta(days=1)))
    event.add("summary", Words(_visible(entry.summary)))
    event.add("description", Words(_visible(entry.about)))
    if not is_moment:
        event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def _visible(text: str) -> str:
    """Leave line ends, and put a blank for every other control character."""
    unix = text.replace("\r\n", "\n")
    return "".join(" " if category(c) in {"Cc", "Cs"} and c != "\n" else c for c in unix)
