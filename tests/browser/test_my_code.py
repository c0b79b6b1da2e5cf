"""My code on my screen: white in the dark, awake, and quiet in the background."""

import pytest

from people import make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

NOTE_WAKE_LOCKS = """
globalThis.locks = 0;
Object.defineProperty(navigator, "wakeLock", {
  value: { request: async (what) => { if (what === "screen") globalThis.locks++; } },
});
"""
LOOK_AWAY = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
PAPER = "(card) => getComputedStyle(card).backgroundColor"


def until(phone, condition):
    """Wait up to twenty seconds for something to become true."""
    for _ in range(200):
        if condition():
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError("it never became true")


@pytest.fixture
def amina(phone, session):
    return phone(make_cast(session).attendee, color_scheme="dark")


def test_my_code_stands_on_a_white_card_in_the_dark(amina):
    amina.open("/meet")
    assert amina.page.locator(".white-card").evaluate(PAPER) == "rgb(255, 255, 255)"
    assert amina.page.locator("body").evaluate(PAPER) != "rgb(255, 255, 255)"


def test_the_screen_is_kept_awake_and_again_when_i_come_back(amina):
    amina.context.add_init_script(NOTE_WAKE_LOCKS)
    amina.open("/meet")
    until(amina, lambda: amina.page.evaluate("locks") == 1)
    amina.page.evaluate(LOOK_AWAY, "hidden")
    assert amina.page.evaluate("locks") == 1
    amina.page.evaluate(LOOK_AWAY, "visible")
    until(amina, lambda: amina.page.evaluate("locks") == 2)


def test_a_screen_nobody_sees_asks_for_no_news(amina):
    asked = []
    amina.page.on("request", lambda request: asked.append(request.url))
    amina.open("/meet")
    until(amina, lambda: [url for url in asked if url.endswith("/news")])
    amina.page.evaluate(LOOK_AWAY, "hidden")
    asked.clear()
    amina.page.wait_for_timeout(3500)
    assert not [url for url in asked if url.endswith("/news")]
    amina.page.evaluate(LOOK_AWAY, "visible")
    until(amina, lambda: [url for url in asked if url.endswith("/news")])
