"""How gunicorn serves: `gunicorn --config python:webapp.operating.serving app:app`."""

from typing import Any

from gunicorn.glogging import Logger

from webapp.core.logs import JsonLines


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
