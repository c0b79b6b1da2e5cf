"""No form is taken without its token, from whomever."""

import pytest
from crawl.conftest import crawler_of
from crawl.routes import forms_of, targets

FROM_ELSEWHERE = "mail.stop"
"""A mail program says no to letters without having seen a page: the address is the proof."""


@pytest.fixture
def crawler(app):
    with crawler_of(app) as crawler:
        yield crawler


def test_no_form_is_taken_without_its_token(crawler):
    forms = forms_of(crawler.session, crawler.world)
    first = {}
    for target in targets(crawler.app, crawler.session, crawler.world, "POST"):
        first.setdefault(target.endpoint, target)
    del first[FROM_ELSEWHERE]
    for browser in crawler.browsers.values():
        del browser.environ_base["HTTP_X_CSRFTOKEN"]
    for endpoint, target in first.items():
        for who in crawler.people:
            response = crawler.ask(who, "POST", target, form=forms[endpoint][0])
            assert response.status_code == 400, (endpoint, who)
    assert crawler.watch.look() is crawler.crawl.before
