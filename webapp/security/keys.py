"""The keys everything secret is derived from."""

from itsdangerous import URLSafeTimedSerializer

from webapp.core.urls import config


def badge_key() -> str:
    """Return the key of badges: it outlives a change of the session key."""
    return config().badge_key


def lasting_key() -> str:
    """Return the key of authenticator apps and recovery codes.

    It is that of badges: who changes the session key ends sessions, and locks nobody out.
    """
    return config().badge_key


def secret_key() -> str:
    """Return the key of sessions, sign-in codes and signed tickets."""
    return config().secret_key


def signer(purpose: str) -> URLSafeTimedSerializer:
    """Return a signer of short-lived tickets that cannot be used for another purpose."""
    return URLSafeTimedSerializer(secret_key(), salt=purpose)
