"""Text in cells of sheets that others open."""

FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
STARTS_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", *FULL_WIDTH)


def defused(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_FORMULAS) else text
