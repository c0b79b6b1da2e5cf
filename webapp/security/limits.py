"""Rate limits, counted in memory or in Redis; reaching one is a 429 with `Retry-After`."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import Flask, request
from flask_limiter import Limiter

from webapp.core.config import Config
from webapp.security.moments import Moments
from webapp.security.shared import PREFIX

IN_MEMORY = f"{Moments.STORAGE_SCHEME[0]}://"
REDIS_SECONDS = 0.5
"""How long a request waits for Redis before it does without."""


def network() -> str:
    """Return the caller's network: /32 of IPv4, /64 of IPv6 (one household or phone).

    A server that listens on both writes IPv4 as IPv6; these are told apart again.
    """
    try:
        address = ip_address(request.remote_addr or "127.0.0.1")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = 32 if isinstance(address, IPv4Address) else 64
    return str(ip_network((address, bits), strict=False))


limiter = Limiter(
    key_func=network,
    headers_enabled=True,
    strategy="moving-window",
)


def init_app(app: Flask, config: Config) -> None:
    """Count where the config says; if Redis is down, count in memory and go on at once."""
    if config.redis_url:
        from webapp.core import redis  # noqa: PLC0415

        app.config.setdefault("RATELIMIT_STORAGE_URI", f"{PREFIX}{config.redis_url}")
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", redis.impatient(REDIS_SECONDS))
    else:
        app.config.setdefault("RATELIMIT_STORAGE_URI", IN_MEMORY)
    limiter.init_app(app)
