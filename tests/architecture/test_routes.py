"""Every route is guarded, and everything that points to a route finds one."""

import ast
import re

import pytest
from architecture.sources import called, modules, source_of, template_names, text_of
from flask import Flask
from jinja2 import nodes

from webapp.security.access import OPEN_TO_ALL, RULE_ATTRIBUTE, UnguardedRoute, refuse_unguarded

FORM = re.compile(r"<form\b(?:[^>\"]|\"[^\"]*\")*>")
ATTRIBUTE = re.compile(r'\b(method|action|hx-post|hx-get)="([^"]*)"')
WANTED = {"post": "POST", "get": "GET"}

SENT_BY_SCRIPTS = {
    "offline.inbox",
    "kept_desk.inbox",
    "followups.note_opened",
    "keys.begin",
    "keys.begin_passkey",
}
"""What a phone sends by itself: once the network is back, when a link was tapped, and to learn
what a passkey shall sign."""


def rules_of(app: Flask, endpoint: str):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]


def test_every_route_says_who_may_use_it(whole_app):
    unguarded = [
        rule.rule
        for rule in whole_app.url_map.iter_rules()
        if rule.endpoint not in OPEN_TO_ALL
        and not hasattr(whole_app.view_functions[rule.endpoint], RULE_ATTRIBUTE)
    ]
    assert unguarded == []
    assert {"static"} == OPEN_TO_ALL


def test_an_app_with_an_unguarded_route_does_not_start():
    app = Flask("unguarded")
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(UnguardedRoute, match="open"):
        refuse_unguarded(app)


def test_one_action_has_one_method(whole_app):
    for rule in whole_app.url_map.iter_rules():
        assert len(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}) == 1, rule


def links_of(app: Flask, template: str):
    """Give endpoint and parameter names of each `url_for` of a template."""
    tree = app.jinja_env.parse(source_of(template))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
            yield call.args[0].as_const(), {pair.key for pair in call.kwargs}


def links_of_code():
    for module in modules():
        for call in module.calls():
            if called(call) == "url_for" and module.feature not in {"demo", "factory"}:
                endpoint = text_of(call.args[0])
                assert endpoint, f"{module.path}:{call.lineno}"
                name = endpoint if endpoint[0] != "." else module.feature + endpoint
                yield module.path, name, {keyword.arg for keyword in call.keywords}


def expect_route(app, where, endpoint, given):
    rules = rules_of(app, endpoint)
    assert rules, f"{where} points to {endpoint}, which does not exist"
    assert any(rule.arguments <= given for rule in rules), (
        f"{where} gives {given} to {endpoint}, which takes {rules[0].arguments}"
    )


def test_every_link_of_a_template_leads_to_a_route(whole_app):
    links = [(name, *link) for name in template_names() for link in links_of(whole_app, name)]
    assert links
    for name, endpoint, given in links:
        expect_route(whole_app, name, endpoint, given)


def test_every_link_of_the_code_leads_to_a_route(whole_app):
    links = list(links_of_code())
    assert links
    for path, endpoint, given in links:
        expect_route(whole_app, path, endpoint, given)


def targets_of_forms():
    """Give template, method and endpoint of everything a form may be sent to."""
    for name in template_names():
        source = source_of(name)
        for form in FORM.findall(source):
            said = dict(ATTRIBUTE.findall(form))
            for attribute, method in (
                ("action", said.get("method", "get")),
                ("hx-post", "post"),
                ("hx-get", "get"),
            ):
                for endpoint in endpoints_in(source, said.get(attribute, "")):
                    yield name, WANTED[method], endpoint


def endpoints_in(source: str, value: str):
    """Return the endpoints an attribute may hold, also by way of a variable."""
    variable = re.fullmatch(r"\{\{ (\w+) \}\}", value)
    if variable:
        value = " ".join(re.findall(rf"set {variable[1]} = (url_for\([^)]*\))", source))
        assert value, f"{variable[1]} is not set from a route"
    return re.findall(r"url_for\('([\w.]+)'", value)


def test_every_form_is_sent_to_a_route_that_takes_it(whole_app):
    targets = list(targets_of_forms())
    assert len(targets) > 30
    for name, method, endpoint in targets:
        methods = {one for rule in rules_of(whole_app, endpoint) for one in rule.methods}
        assert method in methods, f"{name} sends {method} to {endpoint}"


def test_every_form_that_changes_something_has_a_token():
    for name in template_names():
        parts = FORM.split(source_of(name))
        for form, rest in zip(FORM.findall(source_of(name)), parts[1:], strict=True):
            assert "action=" in form, f"a form in {name} says not where it goes"
            if 'method="post"' in form:
                assert "token()" in rest.partition("</form>")[0], f"{name}: {form}"


def test_every_route_that_takes_a_form_is_reached_from_a_page(whole_app):
    posts = {rule.endpoint for rule in whole_app.url_map.iter_rules() if "POST" in rule.methods}
    forms = {endpoint for _, method, endpoint in targets_of_forms() if method == "POST"}
    assert posts - forms == SENT_BY_SCRIPTS


def test_views_answer_in_few_lines():
    long = [
        f"{module.path}: {node.name}"
        for module in modules()
        if "/views" in module.path
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 30
    ]
    assert long == []
