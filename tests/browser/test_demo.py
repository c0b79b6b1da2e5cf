"""The README's first command: a newcomer walks the demo without reading further."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

import services

ROOT = Path(__file__).resolve().parents[2]
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, started as a newcomer starts it."""
    folder, port = tmp_path_factory.mktemp("demo"), services.free_port()
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("BOWLINE", "DATABASE"))}
    command = [sys.executable, "-m", "flask", "--app", "app", "demo", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=plain | {"BOWLINE_DATA": str(folder)},
            stdout=log,
            stderr=log,
        )
    try:
        services.wait_for(port, seconds=60)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def visitor(chromium, demo):
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    problems = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(demo)
    yield page
    context.close()
    assert not problems


@pytest.mark.browser
def test_two_phones_scan_confirm_see_links_untie_and_see_them_close(visitor):
    visitor.get_by_role("button", name="Take both phones").click()
    left, right = visitor.frame_locator("[name=left]"), visitor.frame_locator("[name=right]")
    expect(left.get_by_role("link", name="Scan their badge")).to_be_visible()
    name_left, name_right = (
        visitor.locator(f"#{side}-name").inner_text() for side in ("left", "right")
    )
    visitor.get_by_role("link", name=f"Scan {name_left}'s printed badge").click()
    expect(right.get_by_role("heading", level=1)).to_contain_text(name_left)
    right.get_by_role("button", name="Yes, we talked").click()
    expect(right.get_by_role("heading", level=1)).to_have_text(
        f"You said you talked with {name_left}"
    )
    left.get_by_role("link", name="Follow up").click()
    card = left.locator("li.claim", has_text=name_right)
    card.get_by_role("button", name="Yes").click()
    expect(left.get_by_text("Your links are open to each other.")).to_be_visible()
    right.get_by_role("link", name="People").click()
    right.get_by_role("link", name=name_left).click()
    expect(right.get_by_role("link", name="linkedin.com/in/bowline-demo")).to_be_visible()
    right.get_by_text("Untie or block").click()
    right.get_by_role("button", name="Untie").click()
    expect(right.get_by_role("heading", level=1)).to_have_text("Untied")
    left.get_by_role("link", name="People").click()
    expect(left.get_by_role("link", name="Meet")).to_be_visible()
    expect(left.get_by_role("link", name=name_right)).to_have_count(0)

    visitor.get_by_role("link", name=f"Scan {name_right}'s screen").click()
    left.get_by_role("button", name="Yes, we talked").click()
    expect(left.get_by_role("heading", name="Open to you now")).to_be_visible()


@pytest.mark.browser
def test_one_click_makes_a_visitor_organiser_or_recruiter(visitor, demo):
    visitor.get_by_role("button", name="See the people").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Talked with")
    visitor.goto(f"{demo}/demo/")
    for _ in range(300):
        if visitor.get_by_text("talks are recorded").count():
            break
        visitor.wait_for_timeout(1000)
        visitor.reload()
    visitor.get_by_role("button", name="See the people").click()
    visitor.get_by_role("link", name="Stages").click()
    contacted = visitor.locator("section", has=visitor.get_by_role("heading", name="Contacted"))
    expect(contacted.get_by_text("Next: Call them")).to_be_visible()
    visitor.goto(f"{demo}/demo/")
    visitor.get_by_role("button", name="See the event in numbers").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Did people meet?")
    for _ in range(60):
        if visitor.get_by_text("had a talk").count():
            break
        visitor.wait_for_timeout(1000)
        visitor.reload()
    expect(visitor.get_by_text("had a talk").first).to_be_visible()


@pytest.mark.browser
def test_demo_exists_only_in_the_demo(phone, session):
    stranger = phone()
    assert stranger.open("/demo/").title().startswith("Nothing here")
