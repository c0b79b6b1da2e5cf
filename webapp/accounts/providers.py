"""With whom people can sign in, and what one of them vouched for until its owner says yes.

What speaks with them weighs as much as a tenth of the app: it is loaded where one is configured.
"""

from datetime import timedelta

from flask import Flask, session
from werkzeug.wrappers import Response

from webapp.accounts.services import Vouched
from webapp.core import clock
from webapp.core.config import Config, OidcProvider
from webapp.core.urls import config

KEPT_FOR = timedelta(minutes=10)


class SignInFailed(Exception):
    """The provider did not vouch for anybody; nothing was changed."""


def init_app(app: Flask, settings: Config) -> None:
    """Register the configured providers, if there are any."""
    if settings.providers:
        from webapp.accounts import oidc  # noqa: PLC0415

        oidc.init_app(app, settings)


def provider_named(name: str) -> OidcProvider | None:
    """Return a configured provider."""
    return next((one for one in config().providers if one.name == name), None)


def leave_for(provider: OidcProvider, redirect_uri: str) -> Response:
    """Send the browser to the provider.

    Raises:
        SignInFailed: the provider cannot be reached.
    """
    from webapp.accounts import oidc  # noqa: PLC0415

    return oidc.leave_for(provider, redirect_uri)


def come_back(provider: OidcProvider) -> Vouched:
    """Return what the provider vouches for, every signature and claim checked.

    Raises:
        SignInFailed: anything about the answer is not as it must be.
    """
    from webapp.accounts import oidc  # noqa: PLC0415

    return oidc.come_back(provider)


def keep(vouched: Vouched) -> None:
    """Keep what was vouched for in the signed cookie until its owner says yes."""
    session["vouched"] = {
        "provider": vouched.provider,
        "issuer": vouched.issuer,
        "subject": vouched.subject,
        "name": vouched.name,
        "address": vouched.address,
    }
    session["vouched_at"] = int(clock.now().timestamp())


def kept() -> Vouched | None:
    """Return what was vouched for in this browser a short while ago."""
    value, at = session.get("vouched"), session.get("vouched_at", 0)
    is_fresh = clock.now().timestamp() - at < KEPT_FOR.total_seconds()
    return Vouched(**value) if value and is_fresh else None
