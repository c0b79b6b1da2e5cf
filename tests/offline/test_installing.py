"""What makes the app one a phone can install, and what its worker is told."""

import io
import json
import re

import pytest
from PIL import Image

from webapp.core.assets import assets_of


@pytest.fixture
def manifest(browser):
    answer = browser.get("/manifest.webmanifest")
    assert answer.content_type == "application/manifest+json"
    return answer.get_json()


def test_the_manifest_names_what_a_phone_needs(manifest):
    assert manifest["name"] == manifest["short_name"] == "Bowline"
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == manifest["scope"] == "/"
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert sizes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}


def test_each_icon_has_the_size_it_says(browser, manifest):
    for icon in manifest["icons"]:
        picture = Image.open(io.BytesIO(browser.get(icon["src"]).data))
        assert picture.format == "PNG"
        assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_a_maskable_icon_keeps_the_knot_inside_the_circle_every_phone_shows(browser, manifest):
    [icon] = [one for one in manifest["icons"] if one["purpose"] == "maskable"]
    picture = Image.open(io.BytesIO(browser.get(icon["src"]).data)).convert("RGB")
    paper, middle, safe = picture.getpixel((0, 0)), picture.width / 2, picture.width * 0.4
    inked = [
        (x, y)
        for x in range(0, picture.width, 4)
        for y in range(0, picture.height, 4)
        if picture.getpixel((x, y)) != paper
    ]
    assert inked
    assert all((x - middle) ** 2 + (y - middle) ** 2 <= safe**2 for x, y in inked)


def facts_of(browser):
    text = browser.get("/sw.js").get_data(as_text=True)
    return json.loads(re.search(r"serve\(self, (.*)\);", text)[1])


def test_everything_the_worker_keeps_is_there(browser):
    facts = facts_of(browser)
    assert facts["build"] == assets_of(browser.application).build
    for url in [*facts["files"], *facts["shells"]]:
        assert browser.get(url).status_code == 200, url


def test_the_worker_keeps_the_scanner_but_not_what_reads_the_hardest_codes(browser):
    files = " ".join(facts_of(browser)["files"])
    assert "js/scan/scanner.js" in files
    assert "vendor/qr/decode.js" in files
    assert "zxing/" not in files


def test_what_a_phone_keeps_for_anybody_names_nobody(cast, browser_of):
    amina = browser_of(cast.attendee)
    for url in facts_of(amina)["shells"]:
        text = amina.get(url).get_data(as_text=True)
        assert "Amina" not in text
        assert "csrf" not in text
        assert "data-me" not in text


def test_the_worker_is_asked_for_anew_each_time(browser):
    assert browser.get("/sw.js").headers["Cache-Control"] == "private, no-store"


def test_pages_that_work_without_a_network_say_so_and_others_do_not(cast, browser_of):
    amina, here = browser_of(cast.attendee), f"/events/{cast.event.id}"
    also = amina.get(f"{here}/meet").headers["Bowline-Keep"]
    assert also == f"{here}/scan /people /follow-up"
    for url in (f"{here}/scan", "/people", "/follow-up"):
        assert amina.get(url).headers["Bowline-Keep"] == ""
    for url in ("/me", "/me/devices", "/events", f"{here}/live-key", "/inbox"):
        assert "Bowline-Keep" not in amina.get(url).headers


def test_signing_out_wipes_what_the_browser_keeps(cast, browser_of):
    for url in ("/sign-out", "/me/devices/sign-out-all"):
        answer = browser_of(cast.attendee).send(url)
        assert answer.headers["Clear-Site-Data"] == '"storage"'
