"""Limits that all processes count together in Redis, and each by itself while it is away."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from limits.storage import RedisStorage

from webapp.security.moments import Moments

log = logging.getLogger(__name__)

PREFIX = "shared+"
"""Stands before the address of Redis."""
AWAY_SECONDS = 5.0
"""How long Redis is not asked again after it did not answer."""

Said = TypeVar("Said")


class Shared(RedisStorage):
    """A moving window in Redis; what Redis does not answer is counted in this process.

    The limiter's own fallback is decided for all requests at once: the second of two that were
    asking while Redis died found it decided, and failed. Here each asks for itself.
    """

    STORAGE_SCHEME = [f"{PREFIX}{one}" for one in ("redis", "rediss", "unix")]  # noqa: RUF012  # the library's attribute

    def __init__(self, uri: str, *, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri.removeprefix(PREFIX), wrap_exceptions=wrap_exceptions, **options)
        self._alone = Moments()
        self._asked_again_at = 0.0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Write down that something is done now, `amount` times, if the limit allows it."""
        return self._ask(
            lambda: super(Shared, self).acquire_entry(key, limit, expiry, amount),
            lambda: self._alone.acquire_entry(key, limit, expiry, amount),
        )

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest that counts was done, or now, and how many count."""
        return self._ask(
            lambda: super(Shared, self).get_moving_window(key, limit, expiry),
            lambda: self._alone.get_moving_window(key, limit, expiry),
        )

    def _ask(self, redis: Callable[[], Said], alone: Callable[[], Said]) -> Said:
        if time.monotonic() < self._asked_again_at:
            return alone()
        try:
            return redis()
        except self.base_exceptions as error:
            log.warning("limits are counted in this process: Redis says %s", error)
            self._asked_again_at = time.monotonic() + AWAY_SECONDS
            return alone()
