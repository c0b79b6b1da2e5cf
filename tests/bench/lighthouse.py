"""Lighthouse with its own mobile throttling, and what SCREENS asks of a page."""

import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Playwright
from werkzeug.test import Cookie

import services

CATEGORIES = ("performance", "accessibility", "best-practices")
FULL = 100
LCP_SECONDS = 1.2
KB = 1024
PAGE_BYTES = 30 * KB
SCRIPT_BYTES = 20 * KB
SECONDS = 120
TRIES, TRY_AGAIN = 3, "Please run Lighthouse again"
"""On a busy machine Chromium's recording may lack its beginning: nothing was measured then."""


@dataclass(frozen=True)
class Audit:
    """What Lighthouse says of one page; weights are as sent over the wire."""

    performance: int
    accessibility: int
    best_practices: int
    lcp_seconds: float
    page_bytes: int
    script_bytes: int
    requests: int
    defects: tuple[str, ...]
    """What kept accessibility or best practices from 100."""

    def missed(self, *, is_script_counted: bool = True) -> list[str]:
        """Name the goals that this page misses."""
        scores = (self.performance, self.accessibility, self.best_practices)
        missed = [name for name, score in zip(CATEGORIES, scores, strict=True) if score < FULL]
        if self.lcp_seconds > LCP_SECONDS:
            missed.append("LCP")
        if self.page_bytes > PAGE_BYTES:
            missed.append("page bytes")
        if is_script_counted and self.script_bytes > SCRIPT_BYTES:
            missed.append("script bytes")
        return missed


def audit(playwright: Playwright, url: str, cookie: Cookie | None) -> Audit:
    """Let Lighthouse open one page cold, signed in if there is a cookie."""
    program = services.node_modules() / "lighthouse" / "cli" / "index.js"
    chromium = services.find("chromium", "chromium-browser", "google-chrome")
    if chromium is None:
        services.missing("Chromium")
    with tempfile.TemporaryDirectory(prefix="bowline-lighthouse-") as folder:
        answer, profile = Path(folder) / "answer.json", Path(folder) / "profile"
        if cookie is not None:
            _keep(playwright, chromium, profile, url, cookie)
        command = [
            *("node", program, url, "--quiet", "--no-enable-error-reporting"),
            *("--output=json", f"--output-path={answer}", "--disable-full-page-screenshot"),
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags=--headless=new --no-sandbox --user-data-dir={profile}",
        ]
        _run(command, os.environ | {"CHROME_PATH": str(chromium)})
        return _read(json.loads(answer.read_text()))


def _run(command: list[Any], environment: dict[str, str]) -> None:
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, timeout=SECONDS
        )
        if TRY_AGAIN not in done.stderr:
            break
    if done.returncode:
        raise RuntimeError(f"Lighthouse: {done.stderr}")


def _keep(playwright: Playwright, chromium: str, profile: Path, url: str, cookie: Cookie) -> None:
    """Put a cookie where the browser finds it when it starts.

    As a header it would not reach what the service worker asks for: that would be answered as to
    a stranger, with a cookie of its own, and from then on the page would be a stranger's.
    """
    until = time.time() + TRIES * SECONDS
    everywhere = urljoin(url, "/")
    kept = {"name": cookie.key, "value": cookie.value, "url": everywhere, "expires": until}
    browser = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=["--no-sandbox"]
    )
    browser.add_cookies([kept])
    browser.close()


def _read(answer: dict[str, Any]) -> Audit:
    if answer["finalDisplayedUrl"] != answer["requestedUrl"]:
        raise ValueError(f"sent on to {answer['finalDisplayedUrl']}: this is another page")
    audits = answer["audits"]
    scores = [round(answer["categories"][name]["score"] * FULL) for name in CATEGORIES]
    # A page that asks again every few seconds weighs what it weighs once.
    requests = {one["url"]: one for one in audits["network-requests"]["details"]["items"]}
    scripts = [one for one in requests.values() if one.get("resourceType") == "Script"]
    return Audit(
        *scores,
        lcp_seconds=round(audits["largest-contentful-paint"]["numericValue"] / 1000, 2),
        page_bytes=sum(one["transferSize"] for one in requests.values()),
        script_bytes=sum(one["transferSize"] for one in scripts),
        requests=len(requests),
        defects=tuple(_defects(answer)),
    )


def _defects(answer: dict[str, Any]) -> list[str]:
    counted = [
        reference["id"]
        for name in CATEGORIES[1:]
        for reference in answer["categories"][name]["auditRefs"]
        if reference["weight"]
    ]
    audits = [answer["audits"][name] for name in counted]
    return [_told(one) for one in audits if one["score"] is not None and one["score"] < 1]


def _told(audit: dict[str, Any]) -> str:
    """Name an audit, with what it found."""
    found = audit.get("details", {}).get("items", [])
    return ": ".join([audit["id"], *(str(one.get("description", "")) for one in found)])
