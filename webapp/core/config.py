"""Settings, read once from the environment into one frozen value."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa

WELL_KNOWN = "/.well-known/openid-configuration"
LINKEDIN = "linkedin"
LINKEDIN_ISSUER = "https://www.linkedin.com/oauth"
USUAL_SENDER = "Bowline <bowline@localhost>"
SHORTEST_SECRET = 32
LONGEST_LINE = 200
SHORTEST_TOKEN = 20
PLACEHOLDER_SECRETS = ("changeme", "change-me", "secret", "default", "insecure", "example", "dev-")
KNOWN_NAMES = frozenset(
    {"BOWLINE_MODE", "BOWLINE_ORIGIN", "BOWLINE_DATA", "BOWLINE_TRUSTED_PROXIES"},
)
FALSE_WORDS = frozenset({"", "0", "false", "no"})
HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


class ConfigError(Exception):
    """A setting that would be wrong or dangerous; its message is one plain line."""


class Mode(StrEnum):
    """What this process is for."""

    LOCAL = "local"
    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcProvider:
    """One place people can sign in with."""

    name: str
    label: str
    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)

    @property
    def issuer(self) -> str:
        """Who must have signed: nobody but LinkedIn vouches as LinkedIn."""
        if self.name == LINKEDIN:
            return LINKEDIN_ISSUER
        return self.discovery_url.removesuffix(WELL_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that differs between one installation and another."""

    mode: Mode
    origin: str
    data_folder: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    badge_key: str = field(repr=False)
    mail_from: str
    redis_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    """Who has it may read `/metrics`; without it there is no such page."""
    trusted_proxies: int = 0
    operators: frozenset[str] = frozenset()
    """The addresses of those who look after this installation, in lower case."""
    providers: tuple[OidcProvider, ...] = ()
    contact: str = ""
    """Who answers for this installation, in one line; the page about privacy names them."""

    @property
    def is_production(self) -> bool:
        """True where real people's data is served."""
        return self.mode is Mode.PRODUCTION

    @property
    def is_demo(self) -> bool:
        """True only in the demo, where a visitor may step into anybody."""
        return self.mode is Mode.DEMO

    @property
    def is_https(self) -> bool:
        """True if browsers reach us by https."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """Host and port as people see them, such as `meet.example.org`."""
        return urlsplit(self.origin).netloc

    @property
    def mail_folder(self) -> Path | None:
        """Where mail is written when no SMTP server is named, else None."""
        return None if self.smtp_url else self.data_folder / "mail"

    @property
    def jobs_file(self) -> Path:
        """Where what the worker is to do waits, if there is no Redis."""
        return self.data_folder / "jobs.sqlite"

    @property
    def withdrawn_file(self) -> Path:
        """Where what people took back is written down beside the database."""
        return self.data_folder / "withdrawn.log"

    @property
    def metrics_file(self) -> Path:
        """Where the processes of a machine add up their figures."""
        return self.data_folder / "metrics.sqlite"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Config":
        """Read and check all settings.

        Raises:
            ConfigError: a value is unknown, malformed or dangerous.
        """
        _refuse_unknown(environ)
        mode = _mode(environ.get("BOWLINE_MODE", Mode.LOCAL))
        data_folder = _data_folder(environ.get("BOWLINE_DATA", "instance"))
        secret_key = environ.get("SECRET_KEY") or _own_secret(mode, data_folder)
        config = cls(
            mode=mode,
            origin=_origin(environ.get("BOWLINE_ORIGIN", "http://localhost:5000")),
            data_folder=data_folder,
            database_url=_database_url(environ.get("DATABASE_URL"), data_folder),
            secret_key=secret_key,
            badge_key=environ.get("BADGE_KEY") or secret_key,
            mail_from=_sender(environ.get("MAIL_FROM", USUAL_SENDER)),
            redis_url=_redis_url(environ.get("REDIS_URL")),
            smtp_url=_smtp_url(environ.get("SMTP_URL")),
            metrics_token=_metrics_token(environ.get("METRICS_TOKEN")),
            trusted_proxies=_count("BOWLINE_TRUSTED_PROXIES", environ),
            operators=_operators(environ.get("OPERATORS", "")),
            providers=_providers(environ),
            contact=_line("PRIVACY_CONTACT", environ),
        )
        if config.is_production:
            _refuse_danger(config, environ)
        return config


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith("BOWLINE_") and name not in KNOWN_NAMES:
            known = ", ".join(sorted(KNOWN_NAMES))
            raise ConfigError(f"{name} is not a setting of Bowline. Known are: {known}.")


def _mode(value: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        modes = ", ".join(Mode)
        raise ConfigError(f"BOWLINE_MODE is {value!r}; it must be one of: {modes}.") from None


def _origin(value: str) -> str:
    parts = _url_parts(value)
    is_bare = parts and not (
        parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    )
    if not parts or parts.scheme not in {"http", "https"} or not is_bare:
        raise ConfigError(
            f"BOWLINE_ORIGIN is {value!r}; it must look like https://meet.example.org.",
        )
    return f"{parts.scheme}://{parts.netloc}".lower()


def _data_folder(value: str) -> Path:
    try:
        folder = Path(value).resolve()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise ConfigError(f"BOWLINE_DATA cannot be used as a folder: {error}.") from None
    return folder


def _url_parts(value: str) -> SplitResult | None:
    """Return the parts of a URL with a host and, if it names one, a port that can be."""
    try:
        parts = urlsplit(value)
        host = parts.netloc.rpartition("@")[2]
        name = host.removesuffix(f":{parts.port}") if parts.port else host
    except ValueError:
        return None
    return parts if HOST.fullmatch(name) else None


def _sender(value: str) -> str:
    local, _, domain = parseaddr(value)[1].partition("@")
    if not (local and domain) or not value.isprintable():
        raise ConfigError(f"MAIL_FROM is {value!r}; it must look like Bowline <hello@example.org>.")
    return value


def _operators(value: str) -> frozenset[str]:
    """Read addresses with commas or blanks between them."""
    addresses = value.replace(",", " ").lower().split()
    for address in addresses:
        local, _, domain = address.rpartition("@")
        if not (local and domain) or "@" in local:
            raise ConfigError(
                f"OPERATORS has {address!r} in it; it must be e-mail addresses with commas between."
            )
    return frozenset(addresses)


def _line(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "").strip()
    if not (value.isprintable() and len(value) <= LONGEST_LINE):
        raise ConfigError(f"{name} must be one line of at most {LONGEST_LINE} characters.")
    return value


def _smtp_url(value: str | None) -> str | None:
    if not value:
        return None
    parts = _url_parts(value)
    if not parts or parts.scheme not in {"smtp", "smtps"} or parts.path.strip("/"):
        raise ConfigError("SMTP_URL must look like smtp://user:password@mail.example.org:587.")
    return value


def _metrics_token(value: str | None) -> str | None:
    if value and (len(value) < SHORTEST_TOKEN or not value.isascii() or not value.isprintable()):
        raise ConfigError(
            f"METRICS_TOKEN is short; use {SHORTEST_TOKEN} random characters or more."
        )
    return value or None


def _redis_url(value: str | None) -> str | None:
    if not value:
        return None
    is_socket = value.startswith("unix:///")
    parts = _url_parts(value)
    if not is_socket and (not parts or parts.scheme not in {"redis", "rediss"}):
        raise ConfigError("REDIS_URL must begin with redis://, rediss:// or unix:///.")
    return value


def _database_url(value: str | None, data_folder: Path) -> str:
    if not value:
        return f"sqlite:///{data_folder / 'bowline.sqlite'}"
    scheme, separator, rest = value.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and separator:
        value = f"postgresql+psycopg://{rest}"
    elif scheme != "sqlite" or not rest.startswith("/") or rest.strip("/") in {"", ":memory:"}:
        raise ConfigError(
            "DATABASE_URL must begin with postgresql:// or name a file with sqlite:///."
        )
    try:
        sa.make_url(value)
    except (sa.exc.ArgumentError, ValueError):
        raise ConfigError("DATABASE_URL cannot be read; is its port a number?") from None
    return value


def _own_secret(mode: Mode, data_folder: Path) -> str:
    """Return a secret of this installation's own, made at its first start."""
    if mode is Mode.PRODUCTION:
        raise ConfigError("SECRET_KEY is not set; production needs 32 random characters or more.")
    path = data_folder / "secret-key"
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_text().strip()
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"The secret in BOWLINE_DATA cannot be kept: {error}.") from None
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(f"{path} is damaged; delete it, and everybody signs in again.")
    return secret


def _make_secret(path: Path) -> None:
    """Make the secret whole or not at all: web and worker may start at the same moment."""
    mine = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    try:
        mine.write_text(secrets.token_urlsafe(48))
        path.hardlink_to(mine)
    except FileExistsError:
        return
    finally:
        mine.unlink()


def _count(name: str, environ: Mapping[str, str]) -> int:
    value = environ.get(name, "0")
    if not (value.isascii() and value.isdigit()):
        raise ConfigError(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def _providers(environ: Mapping[str, str]) -> tuple[OidcProvider, ...]:
    found = []
    if any(environ.get(f"OIDC_{part}") for part in ("DISCOVERY_URL", "CLIENT_ID", "CLIENT_SECRET")):
        found.append(
            OidcProvider(
                name="oidc",
                label=environ.get("OIDC_LABEL") or "single sign-on",
                discovery_url=_discovery_url("OIDC_DISCOVERY_URL", environ),
                client_id=_needed("OIDC_CLIENT_ID", environ),
                client_secret=_needed("OIDC_CLIENT_SECRET", environ),
            ),
        )
    if any(environ.get(f"LINKEDIN_{part}") for part in ("CLIENT_ID", "CLIENT_SECRET")):
        usual = {"LINKEDIN_DISCOVERY_URL": LINKEDIN_ISSUER + WELL_KNOWN}
        found.append(
            OidcProvider(
                name=LINKEDIN,
                label="LinkedIn",
                discovery_url=_discovery_url("LINKEDIN_DISCOVERY_URL", usual | dict(environ)),
                client_id=_needed("LINKEDIN_CLIENT_ID", environ),
                client_secret=_needed("LINKEDIN_CLIENT_SECRET", environ),
            ),
        )
    return tuple(found)


def _discovery_url(name: str, environ: Mapping[str, str]) -> str:
    value = _needed(name, environ)
    parts = _url_parts(value)
    if not parts or parts.scheme not in {"http", "https"} or not value.endswith(WELL_KNOWN):
        raise ConfigError(f"{name} must be a URL that ends in {WELL_KNOWN}.")
    return value


def _needed(name: str, environ: Mapping[str, str]) -> str:
    if value := environ.get(name):
        return value
    raise ConfigError(f"{name} is not set; the sign-in provider needs it.")


def _refuse_danger(config: Config, environ: Mapping[str, str]) -> None:
    """Stop a production start that would put people's data at risk."""
    for name, secret in (("SECRET_KEY", config.secret_key), ("BADGE_KEY", config.badge_key)):
        is_placeholder = any(word in secret.lower() for word in PLACEHOLDER_SECRETS)
        if len(secret) < SHORTEST_SECRET or is_placeholder or len(set(secret)) < 10:  # noqa: PLR2004
            raise ConfigError(f"{name} is short or a default; use 32 random characters or more.")
    if not config.is_https:
        raise ConfigError("BOWLINE_ORIGIN is not https; phones need https in production.")
    if environ.get("FLASK_DEBUG", "").lower() not in FALSE_WORDS:
        raise ConfigError("FLASK_DEBUG is on; production must not run the debugger.")
    if not config.smtp_url:
        raise ConfigError("SMTP_URL is not set; in production nobody reads mail from a folder.")
    if parseaddr(config.mail_from)[1].endswith("@localhost"):
        raise ConfigError("MAIL_FROM is not set; nobody takes mail from a sender at localhost.")
    for provider in config.providers:
        if not provider.discovery_url.startswith("https://"):
            raise ConfigError(f"The discovery URL of {provider.label} is not https.")
