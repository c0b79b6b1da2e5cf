"""Every template is rendered by the crawl, so every one of them is read closely."""

from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
RENDERED_ELSEWHERE = {
    "accounts/keys/needed.html": "only who proved little sees it; tests of signing in render it",
    "mail/_letter.txt": "letters are built on it; tests of mail render it",
    "followups/mail/morning.txt": "the worker writes it; tests of letters render it",
    "followups/mail/morning.html": "the worker writes it; tests of letters render it",
    "followups/mail/guest.txt": "the worker writes it; tests of letters render it",
    "followups/mail/guest.html": "the worker writes it; tests of letters render it",
    "insights/_shares.html": "only an event of many people has it; tests of reports render it",
    "insights/_compared.html": "only an event after others has it; tests of reports render it",
    "exchange/mydata_leaving.html": "only who leaves sees it; tests of leaving render it",
    "demo/phones.html": "only a demo has it; tests of the demo render it",
    "demo/start.html": "only a demo has it; tests of the demo render it",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_template_is_rendered(reading, writing):
    names = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    assert names - reading.templates - writing.templates == RENDERED_ELSEWHERE.keys()
