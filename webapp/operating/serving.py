"""How gunicorn serves: `gunicorn --config python:webapp.operating.serving app:app`.

What the app stands on is loaded here, once, before the web processes part from gunicorn's own; the
app itself is read by each of them, so a reload (SIGHUP) takes new code of ours from the disk.
"""

import gc
from importlib import import_module
from typing import Any

from gunicorn.glogging import Logger

LIBRARIES = (
    *("email_validator", "flask_babel", "flask_limiter", "flask_sqlalchemy", "flask_wtf"),
    *("htmx_flask", "icalendar", "pyotp", "qrcode", "rustworkx", "sqlalchemy.orm"),
    *("sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite"),
    *("uharfbuzz", "webauthn", "wtforms"),
)

gc.disable()
for library in LIBRARIES:
    import_module(library)
gc.freeze()
gc.enable()

from webapp.core.logs import JsonLines  # noqa: E402


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn publishes no types
    """Gunicorn's own lines, written as ours are: it would name paths and addresses."""

    def setup(self, cfg: Any) -> None:
        """Take its own format from its handlers."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


logger_class = JsonLogger
accesslog = None
"""The app writes a line for each request itself."""
