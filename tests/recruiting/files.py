"""Files as the screen of exports gives them, and what is in them."""

import csv
import io

import vobject


def make(browser, here, preset="plain", whom="all", **more):
    """Send the form of the screen."""
    return browser.send(f"{here}/export", preset=preset, whom=whom, **more)


def file_of(browser, here, preset="plain", whom="all", **more) -> str:
    """Return the text of a file that must come."""
    answer = make(browser, here, preset, whom, **more)
    assert answer.status_code == 200, answer.status
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=bowline_")
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert answer.content_length == len(text.encode())
    return text


def rows_in(text) -> list[dict[str, str]]:
    """Return the rows of a table by their headers."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def names_in(text) -> list[str]:
    """Return who is in a plain table or in cards."""
    if text.startswith("BEGIN:VCARD"):
        return [card.fn.value for card in vobject.readComponents(text)]
    return [row["Name"] for row in rows_in(text)]
