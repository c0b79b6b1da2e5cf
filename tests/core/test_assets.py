"""Static files and pages as they travel: small, for good, and never another build's for good."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webapp.core.assets import FOR_GOOD, Assets, assets_of

STATIC = Path(__file__).parents[2] / "static"
ZIPPED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def assets(app):
    return assets_of(app)


def test_a_file_is_the_one_in_the_folder(browser, assets):
    answer = browser.get(f"/static/{assets.build}/knot.svg")
    assert answer.data == (STATIC / "knot.svg").read_bytes()
    assert answer.content_type == "image/svg+xml"
    assert answer.headers["Cache-Control"] == FOR_GOOD


def test_a_file_travels_compressed_to_whoever_takes_it(browser, assets):
    url = f"/static/{assets.build}/bowline.css"
    zipped = browser.get(url, headers=ZIPPED)
    assert zipped.content_encoding == "gzip"
    assert gzip.decompress(zipped.data) == browser.get(url).data
    assert "Accept-Encoding" in zipped.headers["Vary"]
    refused = browser.get(url, headers={"Accept-Encoding": "gzip;q=0, br"})
    assert refused.content_encoding is None


def test_a_picture_is_not_compressed_twice(browser, assets):
    answer = browser.get(f"/static/{assets.build}/icons/knot-192.png", headers=ZIPPED)
    assert answer.content_encoding is None
    assert answer.content_type == "image/png"


def test_a_stylesheet_travels_without_what_only_its_authors_read(browser, assets):
    answer = browser.get(f"/static/{assets.build}/bowline.css")
    assert answer.content_type == "text/css; charset=utf-8"
    assert b"/*" not in answer.data
    written = (STATIC / "bowline.css").read_text()
    assert b".chip :checked + span" in answer.data
    assert answer.get_data(as_text=True).count("{") == written.count("{")


def test_a_script_travels_without_its_comments(browser, assets):
    answer = browser.get(f"/static/{assets.build}/js/queue.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert b"/*" not in answer.data
    assert b"export async function keep" in answer.data


def test_a_page_of_an_older_build_gets_the_file_of_today_but_not_for_good(browser, assets):
    answer = browser.get("/static/0123456789ab/bowline.css")
    assert answer.data == assets.files["bowline.css"].body
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_known_file_is_not_sent_again(browser, assets):
    url = f"/static/{assets.build}/bowline.css"
    for headers in ({}, ZIPPED):
        tag = browser.get(url, headers=headers).headers["ETag"]
        again = browser.get(url, headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["none.css", "../app.py", "..%2fapp.py", "js", "js/", ""])
def test_what_is_not_in_the_folder_is_not_there(browser, assets, name):
    assert browser.get(f"/static/{assets.build}/{name}").status_code == 404


def test_any_change_of_any_file_is_a_new_build(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "one.js").write_text("1")
    before = Assets(tmp_path).build
    assert Assets(tmp_path).build == before
    (tmp_path / "js" / "one.js").write_text("2")
    changed = Assets(tmp_path).build
    (tmp_path / "js" / "one.js").rename(tmp_path / "js" / "two.js")
    assert len({before, changed, Assets(tmp_path).build}) == 3


def test_a_page_travels_compressed_too(app, browser):
    plain = browser.get("/sign-in")
    zipped = FlaskClient(app, app.response_class).get("/sign-in", headers=ZIPPED)
    assert zipped.content_encoding == "gzip"
    assert len(zipped.data) < len(plain.data) * 0.6
    assert b"Your e-mail address" in gzip.decompress(zipped.data)
