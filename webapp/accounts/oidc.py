"""Sign-in with an OpenID Connect provider, by Authlib; LinkedIn differs and is told apart here."""

from typing import Any

import requests
from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, current_app, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from webapp.accounts.rules import normal_address
from webapp.accounts.services import Vouched
from webapp.core.config import Config, OidcProvider
from webapp.core.text import one_line
from webapp.core.urls import config

LINKEDIN = "linkedin"
TIMEOUT_SECONDS = 10


class SignInFailed(Exception):
    """The provider did not vouch for anybody; nothing was changed."""


def init_app(app: Flask, settings: Config) -> None:
    """Register the configured providers."""
    oauth: Any = OAuth(app)
    for provider in settings.providers:
        oauth.register(provider.name, **_registration(provider))


def _registration(provider: OidcProvider) -> dict[str, Any]:
    """Return Authlib's settings: LinkedIn takes no PKCE verifier and its secret only by post."""
    client_options: dict[str, Any] = {
        "scope": "openid profile email",
        "timeout": TIMEOUT_SECONDS,
    }
    if provider.name == LINKEDIN:
        client_options["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105  # a method's name
    else:
        client_options["code_challenge_method"] = "S256"
    return {
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "server_metadata_url": provider.discovery_url,
        "client_kwargs": client_options,
    }


def provider_named(name: str) -> OidcProvider | None:
    """Return a configured provider."""
    return next((one for one in config().providers if one.name == name), None)


def leave_for(provider: OidcProvider, redirect_uri: str) -> Response:
    """Send the browser to the provider; the cookie keeps what must come back with it.

    Raises:
        SignInFailed: the provider cannot be reached.
    """
    client = _client(provider)
    try:
        started = client.create_authorization_url(redirect_uri)
    except (requests.RequestException, OAuthError, RuntimeError, ValueError) as error:
        raise SignInFailed(str(error)) from error
    if provider.name == LINKEDIN:
        started.pop("nonce", None)
        started["url"] = _without_parameter(started["url"], "nonce")
    client.save_authorize_data(redirect_uri=redirect_uri, **started)
    return current_app.redirect(started["url"], 303)


def come_back(provider: OidcProvider) -> Vouched:
    """Return what the provider vouches for, every signature and claim checked.

    LinkedIn's id token carries no nonce; Authlib validates nothing without one unless told to.

    Raises:
        SignInFailed: anything about the answer is not as it must be.
    """
    client = _client(provider)
    try:
        token = client.authorize_access_token()
        if provider.name == LINKEDIN:
            token["userinfo"] = client.parse_id_token(token, nonce=None)
        issuer = client.load_server_metadata()["issuer"]
    except (requests.RequestException, OAuthError, JoseError, RuntimeError, LookupError) as error:
        raise SignInFailed(str(error)) from error
    except (TypeError, ValueError, AssertionError) as error:
        raise SignInFailed("the answer could not be read") from error
    claims = token.get("userinfo")
    if not claims or claims.get("iss") != issuer or not isinstance(claims.get("sub"), str):
        raise SignInFailed("the answer names nobody")
    return _vouched(provider, claims)


def keep(vouched: Vouched) -> None:
    """Keep what was vouched for in the signed cookie until its owner says yes."""
    session["vouched"] = {
        "provider": vouched.provider,
        "issuer": vouched.issuer,
        "subject": vouched.subject,
        "name": vouched.name,
        "address": vouched.address,
    }


def kept() -> Vouched | None:
    """Return what was vouched for in this browser."""
    value = session.get("vouched")
    return Vouched(**value) if value else None


def _vouched(provider: OidcProvider, claims: dict[str, Any]) -> Vouched:
    is_verified = claims.get("email_verified") in {True, "true"}
    return Vouched(
        provider=provider.label,
        issuer=claims["iss"],
        subject=claims["sub"],
        name=one_line(str(claims.get("name") or "")),
        address=normal_address(str(claims.get("email"))) if is_verified else None,
    )


def _client(provider: OidcProvider) -> Any:
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    return oauth.create_client(provider.name)


def _without_parameter(url: str, name: str) -> str:
    request = requests.Request("GET", url).prepare()
    base, _, query = str(request.url).partition("?")
    return base + "?" + "&".join(p for p in query.split("&") if not p.startswith(f"{name}="))
