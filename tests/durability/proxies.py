"""Proxies before web nodes, set up as the page for operators says."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import services
from durability.client import Address

ORIGIN = "https://meet.example.org"
TOLD = ("10.0.0.11:8000", "10.0.0.12:8000")
"""Where the page for operators says that the nodes are."""
A_DAY = timedelta(days=1)
NGINX = """
daemon off;
master_process off;
pid nginx.pid;
error_log stderr;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  {site}
}}
"""

Proxy = Callable[[Path, Sequence[int]], AbstractContextManager[Address]]


@contextmanager
def nginx(folder: Path, nodes: Sequence[int]) -> Iterator[Address]:
    """Run the nginx of the page for operators before nodes on this machine."""
    program = services.find("nginx", folders="usr/sbin")
    if program is None:
        services.missing("nginx")
    port, certificate = services.free_port(), certify(folder)
    changes = {"443 ssl": f"127.0.0.1:{port} ssl", "/etc/ssl/": f"{folder}/"}
    site = _written("nginx", nodes, changes)
    (folder / "nginx.conf").write_text(NGINX.format(site=site))
    options = ["-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"]
    with _running([program, *options], port, folder):
        yield Address(port, ORIGIN, certificate)


@contextmanager
def caddy(folder: Path, nodes: Sequence[int]) -> Iterator[Address]:
    """Run the Caddy of the page for operators before nodes on this machine."""
    program = services.find("caddy")
    if program is None:
        services.missing("Caddy")
    port, certificate = services.free_port(), certify(folder)
    begin = f":{port} {{\n  tls {certificate} {certificate.with_suffix('.key')}"
    site = _written("caddyfile", nodes, {"meet.example.org {": begin})
    file = folder / "Caddyfile"
    file.write_text("{\n  admin off\n  auto_https off\n}\n" + site)
    with _running([program, "run", "--config", file, "--adapter", "caddyfile"], port, folder):
        yield Address(port, ORIGIN, certificate)


def _written(language: str, nodes: Sequence[int], changes: dict[str, str]) -> str:
    """Return what operators are told, at the places there are."""
    told = services.told_operators(language)
    here = [f"127.0.0.1:{port}" for port in nodes]
    for place, instead in [*changes.items(), *zip(TOLD, here, strict=True)]:
        assert place in told, f"operators are not told of {place}"
        told = told.replace(place, instead)
    return told


@contextmanager
def _running(command: Sequence[object], port: int, folder: Path) -> Iterator[None]:
    with (folder / "proxy.log").open("ab") as log:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=log, stderr=log, cwd=folder
        )
    try:
        services.wait_for(port)
        yield
    finally:
        process.kill()
        process.wait(10)


def certify(folder: Path) -> Path:
    """Make a certificate for this machine, and its key beside it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "meet.example.org")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - A_DAY)
        .not_valid_after(now + A_DAY)
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "meet.pem"
    file.write_bytes(made.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.with_suffix(".key").write_bytes(secret)
    return file
