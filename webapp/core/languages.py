"""The languages the app speaks, by what they call themselves; the first is spoken to everybody."""

LANGUAGES = {"en": "English"}
USUAL = next(iter(LANGUAGES))
