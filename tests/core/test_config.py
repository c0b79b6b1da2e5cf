"""A setting that is wrong or dangerous stops the start with one plain line."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from webapp.core.config import Config, ConfigError, Mode
from webapp.factory import create_app

ROOT = Path(__file__).resolve().parents[2]
GOOD_SECRET = "rV8n0bWq3kZt6mXy1cPd4hJs7gLf9aTe"
KNOWN = "BOWLINE_DATA, BOWLINE_MODE, BOWLINE_ORIGIN, BOWLINE_TRUSTED_PROXIES"
DISCOVERY = "https://id.example.org/.well-known/openid-configuration"


@pytest.fixture
def read(tmp_path):
    """Read settings from an environment."""

    def from_environment(**names):
        return Config.from_environment({"BOWLINE_DATA": str(tmp_path)} | names)

    return from_environment


@pytest.fixture
def in_production(read):
    """Read settings of a production that is as it should be, but for what a test changes."""
    good = {
        "BOWLINE_MODE": "production",
        "BOWLINE_ORIGIN": "https://meet.example.org",
        "SECRET_KEY": GOOD_SECRET,
        "SMTP_URL": "smtp://mail.example.org",
        "MAIL_FROM": "Bowline <hello@meet.example.org>",
    }

    def from_environment(**names):
        kept = {name: value for name, value in (good | names).items() if value is not None}
        return read(**kept)

    return from_environment


def assert_one_plain_line(refusal, name):
    line = str(refusal.value)
    assert name in line
    assert "\n" not in line
    assert line.endswith((".", "?"))


def test_nothing_needs_to_be_set(read, tmp_path):
    config = read()
    assert config.mode is Mode.LOCAL
    assert config.origin == "http://localhost:5000"
    assert config.database_url == f"sqlite:///{tmp_path / 'bowline.sqlite'}"
    assert config.mail_folder == tmp_path / "mail"
    assert config.redis_url is None
    assert config.providers == ()
    assert config.trusted_proxies == 0


def test_a_good_production_starts(in_production):
    config = in_production()
    assert config.is_production
    assert config.is_https
    assert config.mail_folder is None


DANGERS = {
    "SECRET_KEY": [
        None,
        "",
        "tiny-one",
        "a" * 64,
        "abcabcabc" * 8,
        "changeme" * 8,
        "this-is-my-SECRET-key-and-it-is-long",
        "dev-rV8n0bWq3kZt6mXy1cPd4hJs7gLf9aTe",
    ],
    "BADGE_KEY": ["tiny-one", "a" * 64, "insecure" + GOOD_SECRET],
    "BOWLINE_ORIGIN": [None, "http://meet.example.org"],
    "SMTP_URL": [None, ""],
    "MAIL_FROM": [None, "Bowline <bowline@localhost>", "hello@localhost"],
    "FLASK_DEBUG": ["1", "true", "TRUE", "on", "yes", "t", "y", "debug"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in DANGERS.items() for value in values]
)
def test_production_refuses_what_is_dangerous(name, value, in_production):
    with pytest.raises(ConfigError) as refusal:
        in_production(**{name: value})
    assert_one_plain_line(refusal, name)
    if value and name.endswith("KEY"):
        assert value not in str(refusal.value)


@pytest.mark.parametrize("value", ["", "0", "false", "no", "False"])
def test_production_may_say_that_debugging_is_off(value, in_production):
    assert in_production(FLASK_DEBUG=value).is_production


@pytest.mark.parametrize("name", ["OIDC", "LINKEDIN"])
def test_production_refuses_a_provider_without_https(name, in_production):
    with pytest.raises(ConfigError, match="is not https"):
        in_production(
            **{
                f"{name}_DISCOVERY_URL": DISCOVERY.replace("https", "http"),
                f"{name}_CLIENT_ID": "x",
                f"{name}_CLIENT_SECRET": "y",
            }
        )


MALFORMED = {
    "BOWLINE_MODE": ["", "Production", "prod", "debug", "local "],
    "BOWLINE_ORIGIN": [
        "",
        "meet.example.org",
        "//meet.example.org",
        "ftp://meet.example.org",
        "javascript://meet.example.org",
        "https://",
        "https://meet.example.org/app",
        "https://meet.example.org?a=b",
        "https://meet.example.org#a",
        "https://amina:secret@meet.example.org",
        "https://@meet.example.org",
        "https://meet.example.org:port",
        "https://meet.example.org:99999",
        "https://[::1",
        "https://meet example.org",
        "https://meet.example.org\r\nX-Evil: 1",
        "https://bücher.example",
    ],
    "BOWLINE_TRUSTED_PROXIES": ["", "-1", "one", "1.5", "²", "٣", " 1"],
    "DATABASE_URL": [
        "mysql://localhost/bowline",
        "postgresql:bowline",
        "postgresql://user:pw@host:port/bowline",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "bowline.sqlite",
        "sqlite:bowline.sqlite",
    ],
    "REDIS_URL": ["localhost:6379", "http://localhost", "redis://", "memory://", "unix://"],
    "SMTP_URL": [
        "mail.example.org",
        "mail.example.org:587",
        "http://mail.example.org",
        "smtp://",
        "smtp://user:pw@",
        "smtp://mail.example.org:smtp",
        "smtp://mail.example.org/path",
    ],
    "MAIL_FROM": [
        "",
        "Bowline",
        "Bowline <>",
        "@example.org",
        "bowline@",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nBcc: c@d.example",
    ],
    "BOWLINE_DATA": ["/dev/null/bowline", "a\0b"],
    "OPERATORS": ["olga", "@", "olga@", "@example.org", "olga@a@b", "olga@example.org; ben"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values]
)
def test_what_is_malformed_is_refused(name, value, read):
    with pytest.raises(ConfigError) as refusal:
        read(**{name: value})
    assert_one_plain_line(refusal, name)


@pytest.mark.parametrize(
    "name", ["BOWLINE_MOD", "BOWLINE_SECRET_KEY", "BOWLINE_", "BOWLINE_ORIGINS"]
)
def test_an_unknown_setting_of_ours_is_refused_by_name(name, read):
    with pytest.raises(ConfigError) as refusal:
        read(**{name: "x"})
    assert str(refusal.value) == f"{name} is not a setting of Bowline. Known are: {KNOWN}."


def test_settings_of_others_are_nobodys_business(read):
    assert read(PATH="/bin", LANG="C", BOWLINER="x").mode is Mode.LOCAL


PROVIDER = {
    "OIDC_DISCOVERY_URL": DISCOVERY,
    "OIDC_CLIENT_ID": "bowline",
    "OIDC_CLIENT_SECRET": "a secret",
}


def test_a_provider_is_read_whole(read):
    (provider,) = read(**PROVIDER, OIDC_LABEL="Kora ID").providers
    assert (provider.name, provider.label) == ("oidc", "Kora ID")
    assert provider.issuer == "https://id.example.org"


@pytest.mark.parametrize("missing", PROVIDER)
def test_half_a_provider_is_refused(missing, read):
    with pytest.raises(ConfigError) as refusal:
        read(**{name: value for name, value in PROVIDER.items() if name != missing})
    assert_one_plain_line(refusal, missing)


@pytest.mark.parametrize("missing", ["LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET"])
def test_half_of_linkedin_is_refused(missing, read):
    both = {"LINKEDIN_CLIENT_ID": "x", "LINKEDIN_CLIENT_SECRET": "y"}
    with pytest.raises(ConfigError) as refusal:
        read(**{name: value for name, value in both.items() if name != missing})
    assert_one_plain_line(refusal, missing)


@pytest.mark.parametrize(
    "url",
    [
        "id.example.org",
        "https://id.example.org",
        "ftp://id.example.org/.well-known/openid-configuration",
    ],
)
def test_a_discovery_url_must_be_one(url, read):
    with pytest.raises(ConfigError) as refusal:
        read(**PROVIDER | {"OIDC_DISCOVERY_URL": url})
    assert_one_plain_line(refusal, "OIDC_DISCOVERY_URL")


def test_linkedin_is_linkedin_wherever_it_is_found(read):
    linkedin = {"LINKEDIN_CLIENT_ID": "x", "LINKEDIN_CLIENT_SECRET": "y"}
    (usual,) = read(**linkedin).providers
    assert usual.discovery_url == "https://www.linkedin.com/oauth/.well-known/openid-configuration"
    (moved,) = read(**linkedin, LINKEDIN_DISCOVERY_URL=DISCOVERY).providers
    assert moved.issuer == usual.issuer == "https://www.linkedin.com/oauth"


@pytest.mark.parametrize(
    "value", ["olga@example.org,ben@example.org", " Olga@Example.org ,\n ben@example.org,"]
)
def test_operators_are_addresses(value, read):
    assert read(OPERATORS=value).operators == {"olga@example.org", "ben@example.org"}


def test_without_a_word_there_is_no_operator(read):
    assert read().operators == read(OPERATORS=" , ").operators == frozenset()


def test_what_is_secret_is_not_printed(read):
    config = read(
        SECRET_KEY=f"1{GOOD_SECRET}",
        BADGE_KEY=f"2{GOOD_SECRET}",
        DATABASE_URL=f"postgresql://amina:3{GOOD_SECRET}@db/bowline",
        REDIS_URL=f"redis://:4{GOOD_SECRET}@cache",
        SMTP_URL=f"smtp://amina:5{GOOD_SECRET}@mail.example.org",
        **PROVIDER | {"OIDC_CLIENT_SECRET": f"6{GOOD_SECRET}"},
    )
    assert GOOD_SECRET not in repr(config)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_one(scheme, read):
    config = read(DATABASE_URL=f"{scheme}://amina@db.example.org/bowline?sslmode=require")
    assert (
        config.database_url == "postgresql+psycopg://amina@db.example.org/bowline?sslmode=require"
    )


def test_a_secret_of_our_own_is_made_once(read, tmp_path):
    first, second = read(), read()
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 64
    path = tmp_path / "secret-key"
    assert path.read_text() == first.secret_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_each_installation_has_a_secret_of_its_own(tmp_path):
    secrets = {
        Config.from_environment({"BOWLINE_DATA": str(tmp_path / name)}).secret_key
        for name in ("one", "two")
    }
    assert len(secrets) == 2


def test_many_that_start_at_once_share_one_secret(tmp_path):
    gate, found = threading.Barrier(16), []

    def start(folder):
        gate.wait(10)
        found.append((folder, Config.from_environment({"BOWLINE_DATA": folder}).secret_key))

    for number in range(10):
        folder = str(tmp_path / str(number))
        threads = [threading.Thread(target=start, args=[folder]) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert len(found) == 160
    assert len(set(found)) == 10


def test_a_secret_that_was_given_is_taken_and_none_is_made(read, tmp_path):
    assert read(SECRET_KEY=GOOD_SECRET).secret_key == GOOD_SECRET
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_damaged_secret_stops_the_start(content, read, tmp_path):
    (tmp_path / "secret-key").write_bytes(content)
    with pytest.raises(ConfigError) as refusal:
        read()
    assert_one_plain_line(refusal, "secret")


def test_the_key_of_badges_outlives_that_of_sessions(read):
    assert read(SECRET_KEY=GOOD_SECRET).badge_key == GOOD_SECRET
    config = read(SECRET_KEY=GOOD_SECRET, BADGE_KEY=f"b{GOOD_SECRET}")
    assert (config.secret_key, config.badge_key) == (GOOD_SECRET, f"b{GOOD_SECRET}")


def start(tmp_path, **names):
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "routes"],
        env=plain | {"BOWLINE_DATA": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"} | names,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_setting_stops_the_command_with_one_line(tmp_path):
    ended = start(tmp_path, BOWLINE_MODE="prod")
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert ended.stderr == (
        "Bowline does not start: BOWLINE_MODE is 'prod'; "
        "it must be one of: local, demo, production.\n"
    )


def test_right_settings_start_it(tmp_path):
    ended = start(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "accounts.sign_in" in ended.stdout


def test_the_factory_ends_with_the_same_line(tmp_path, monkeypatch):
    monkeypatch.setenv("BOWLINE_DATA", str(tmp_path))
    monkeypatch.setenv("BOWLINE_TRUSTED_PROXIES", "many")
    with pytest.raises(SystemExit) as ended:
        create_app()
    assert ended.value.code == (
        "Bowline does not start: BOWLINE_TRUSTED_PROXIES is 'many'; it must be a whole number."
    )
