"""What a phone may keep to show it again without a network; its service worker reads the header."""

from flask import Response, make_response

HEADER = "Bowline-Keep"


def kept_by_phone(page: str, *also: str) -> Response:
    """Answer with a page the phone keeps; it fetches and keeps the pages `also` names, too."""
    response = make_response(page)
    response.headers[HEADER] = " ".join(also)
    return response
