"""Templates compile, escape what they print, and hold nothing a strict policy forbids."""

import re

import pytest
from architecture.sources import source_of, template_names
from jinja2 import StrictUndefined, meta, nodes


@pytest.mark.parametrize("name", template_names())
def test_every_template_compiles(whole_app, name):
    assert whole_app.jinja_env.get_template(name).name == name


def test_a_name_that_is_not_there_is_an_error(whole_app):
    assert whole_app.jinja_env.undefined is StrictUndefined


@pytest.mark.parametrize("name", [one for one in template_names() if one.endswith(".html")])
def test_nothing_is_printed_unescaped(whole_app, name):
    assert whole_app.jinja_env.autoescape(name)
    tree = whole_app.jinja_env.parse(source_of(name))
    assert [one for one in tree.find_all(nodes.Filter) if one.name in {"safe", "tojson"}] == []
    assert list(tree.find_all(nodes.ScopedEvalContextModifier)) == []


LETTER = "mail/_letter.html"
"""The layout of every mail: no policy holds in a mail program, and none fetches a stylesheet."""


@pytest.mark.parametrize("name", template_names())
def test_nothing_is_inline(name):
    source = source_of(name)
    if name == LETTER:
        source = source.replace("<style>", "", 1)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|\shx-on|javascript:|js:", source)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", source)


def test_nothing_but_mails_is_built_on_the_letter(whole_app):
    used = {
        name
        for name in template_names()
        for other in meta.find_referenced_templates(whole_app.jinja_env.parse(source_of(name)))
        if other == LETTER
    }
    assert used
    assert {name for name in used if "/mail/" not in name} == set()


def test_macros_print_nothing_by_themselves(whole_app):
    for name in template_names():
        if name.startswith("macros/"):
            body = whole_app.jinja_env.parse(source_of(name)).body
            outside = [one for one in body if not isinstance(one, nodes.Macro | nodes.FromImport)]
            printed = [data for one in outside for data in one.find_all(nodes.TemplateData)]
            assert not any(data.data.strip() for data in printed), name
