"""Sign-in with an OpenID Connect provider, by Authlib; LinkedIn differs and is told apart here."""

import logging
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from webapp.accounts.providers import SignInFailed
from webapp.accounts.rules import normal_address
from webapp.accounts.services import Vouched
from webapp.core.config import LINKEDIN, Config, OidcProvider
from webapp.core.text import LONGEST_LINE, one_line

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
LONGEST_SUBJECT = 255
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Never `none` or a shared secret, whatever a provider says it can."""
FAILURES = (
    requests.RequestException,
    AuthlibBaseError,
    JoseError,
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    AssertionError,
)
"""What Authlib and the libraries below it raise when an answer is not as it must be."""


def discovered(document: Any, provider: OidcProvider) -> dict[str, Any]:
    """Return what we use of a discovery document (OpenID Connect Discovery 1.0, section 4.3).

    Raises:
        ValueError: it names another issuer, or an endpoint is missing or not as safe as its URL.
    """
    told = document if isinstance(document, dict) else {}
    if str(told.get("issuer")).rstrip("/") != provider.issuer.rstrip("/"):
        raise ValueError("the discovery document is another issuer's")
    scheme = provider.discovery_url.partition("://")[0]
    found = {name: told.get(name) for name in (*ENDPOINTS, "userinfo_endpoint") if told.get(name)}
    if not set(ENDPOINTS) <= set(found):
        raise ValueError("the discovery document lacks an endpoint")
    if not all(str(endpoint).startswith(f"{scheme}://") for endpoint in found.values()):
        raise ValueError(f"the discovery document names an endpoint that is not {scheme}")
    return found | {
        "issuer": told["issuer"],
        "id_token_signing_alg_values_supported": list(SIGNATURES),
    }


def init_app(app: Flask, settings: Config) -> None:
    """Register the configured providers."""
    oauth: Any = OAuth(app)
    for provider in settings.providers:
        oauth.register(provider.name, **_registration(provider))


def _registration(provider: OidcProvider) -> dict[str, Any]:
    """Return Authlib's settings: LinkedIn takes no PKCE verifier and its secret only by post."""
    client_options: dict[str, Any] = {
        "scope": "openid profile email",
        "default_timeout": TIMEOUT_SECONDS,
    }
    if provider.name == LINKEDIN:
        client_options["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105  # nosec B105  # a method's name
    else:
        client_options["code_challenge_method"] = "S256"
    return {
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "client_kwargs": client_options,
    }


def leave_for(provider: OidcProvider, redirect_uri: str) -> Response:
    """Send the browser to the provider; the cookie keeps what must come back with it.

    Authlib checks an id token by itself only if it finds a nonce, so it is kept under another
    name: `come_back` checks every one. Older departures are forgotten: a cookie has little room.

    Raises:
        SignInFailed: the provider cannot be reached.
    """
    try:
        client = _client(provider)
        started = client.create_authorization_url(redirect_uri)
    except FAILURES as error:
        raise _failed(provider, error) from error
    url, nonce = started.pop("url"), started.pop("nonce")
    if provider.name == LINKEDIN:
        url, nonce = _without_parameter(url, "nonce"), None
    for key in [key for key in session if key.startswith("_state_")]:
        session.pop(key)
    client.save_authorize_data(redirect_uri=redirect_uri, expected_nonce=nonce, **started)
    return current_app.redirect(url, 303)


def come_back(provider: OidcProvider) -> Vouched:
    """Return what the provider vouches for, every signature and claim checked.

    Raises:
        SignInFailed: anything about the answer is not as it must be.
    """
    try:
        client = _client(provider)
        state = request.args.get("state", "")
        saved = client.framework.get_state_data(session, state) or {}
        token = client.authorize_access_token()
        claims = _checked_claims(client, token, nonce=saved.get("expected_nonce"))
        return _vouched(provider, claims | _more(client, token, claims))
    except FAILURES as error:
        raise _failed(provider, error) from error


def _failed(provider: OidcProvider, error: Exception) -> SignInFailed:
    """Tell the operator what went wrong; quoted, because parts of it may come from anybody."""
    log.warning("sign-in with %s failed: %r", provider.name, str(error))
    return SignInFailed(str(error))


def _checked_claims(client: Any, token: dict[str, Any], *, nonce: str | None) -> dict[str, Any]:
    """Return the claims of a signed id token made for us; LinkedIn's carries no nonce."""
    wanted = {
        "iss": {"essential": True, "value": client.server_metadata["issuer"]},
        "aud": {"essential": True, "value": client.client_id},
        "sub": {"essential": True},
    }
    claims = client.parse_id_token(token, nonce=nonce, claims_options=wanted)
    if not claims:
        raise ValueError("the answer has no id token")
    subject = claims["sub"]
    if len(subject) > LONGEST_SUBJECT or not (subject.isascii() and subject.isprintable()):
        raise ValueError("the id token's subject is no subject")
    return dict(claims)


def _more(client: Any, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Return name and address from the user info where the id token does not tell them."""
    missing = {"name", "email", "email_verified"} - set(claims)
    if not missing or not client.server_metadata.get("userinfo_endpoint"):
        return {}
    told = client.userinfo(token=token)
    if told.get("sub") != claims["sub"]:
        raise ValueError("the user info is about somebody else")
    return {name: told[name] for name in missing if name in told}


def _vouched(provider: OidcProvider, claims: dict[str, Any]) -> Vouched:
    name, address, verified = (claims.get(key) for key in ("name", "email", "email_verified"))
    is_verified = verified is True or verified == "true"
    return Vouched(
        provider=provider.label,
        issuer=claims["iss"],
        subject=claims["sub"],
        name=one_line(name)[:LONGEST_LINE] if isinstance(name, str) else "",
        address=normal_address(address) if is_verified and isinstance(address, str) else None,
    )


def _client(provider: OidcProvider) -> Any:
    """Return Authlib's client; it learns the endpoints once, from a document we have checked."""
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    client = oauth.create_client(provider.name)
    if not client.server_metadata:
        answer = requests.get(provider.discovery_url, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        client.server_metadata = discovered(answer.json(), provider)
    return client


def _without_parameter(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    return base + "?" + "&".join(p for p in query.split("&") if not p.startswith(f"{name}="))
