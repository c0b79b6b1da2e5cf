"""URLs that leave the page: absolute from the config, never from the request's Host."""

from urllib.parse import urlsplit

from flask import current_app

from webapp.core.config import Config


def config() -> Config:
    """Return the settings of the running app."""
    found = current_app.extensions["bowline"]
    assert isinstance(found, Config)  # noqa: S101  # set by the factory, once
    return found


def absolute(path: str) -> str:
    """Return the public URL of a path such as `/B/7F3K`."""
    return config().origin + path


def same_origin_path(value: str | None) -> str | None:
    """Return `value` if it is a path on this site and nothing else, else None."""
    if not value or not value.startswith("/") or value.startswith(("//", "/\\")):
        return None
    parts = urlsplit(value)
    is_clean = not any(character in value for character in "\\\r\n\t\0")
    return value if is_clean and not parts.scheme and not parts.netloc else None
