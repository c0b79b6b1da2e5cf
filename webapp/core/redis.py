"""Asking Redis without waiting for it, where there is one; elsewhere this is not loaded."""

from typing import Any

from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry


def impatient(seconds: float) -> dict[str, Any]:
    """Return how to connect so that whoever asks waits this long at most, and once."""
    return {
        "socket_timeout": seconds,
        "socket_connect_timeout": seconds,
        "retry": Retry(NoBackoff(), 0),
    }


def pool(url: str, *, seconds: float) -> ConnectionPool:
    """Return connections that give up soon."""
    return ConnectionPool.from_url(url, **impatient(seconds))


def answers(url: str, *, seconds: float) -> bool:
    """Tell whether Redis is there."""
    try:
        with Redis.from_url(url, **impatient(seconds)) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False
