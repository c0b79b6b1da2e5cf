"""Every text a person reads goes through Flask-Babel."""

import ast
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from architecture.sources import ROOT, called, modules, source_of, template_names, text_of
from babel.messages.pofile import read_po
from jinja2 import nodes

TRANSLATES = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"}
TELLS = {"flash", "DomainError", "Conflict", "TooMany", "NotOpen", "ValidationError", "problem"}
READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "value", "hint", "label", "summary"}
SAME_EVERYWHERE = {
    "Bowline": "our name",
    "N =": "the sign for the size of a sample",
    "linkedin.com/in/...": "an address",
}
MAPPING = """
[python: webapp/**.py]
[jinja2: templates/**]
trim_blocks = true
lstrip_blocks = true
"""


CLASS_OF_BODY = re.compile(r"\{% block body_class %\}\w*\{% endblock %\}")


class Texts(HTMLParser):
    """Collects what a reader of a page reads, hears, or sees in a field."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(source)
        self.close()

    def handle_data(self, data: str) -> None:
        if self.cdata_elem != "style":
            self.found.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("type", "hidden") not in attrs:
            self.found += [value or "" for name, value in attrs if name in READ_ALOUD]


def plain_parts(whole_app, name: str) -> str:
    """Return a template without what Jinja computes; a blank line stands for it."""
    kept, in_translation = [], False
    source = CLASS_OF_BODY.sub("", source_of(name))
    for _, kind, text in whole_app.jinja_env.lex(source):
        if kind == "name" and text in {"trans", "endtrans"}:
            in_translation = text == "trans"
        if kind == "data":
            kept.append("" if in_translation else text)
        elif kind == "variable_begin":
            kept.append("\0")
    return "".join(kept)


def texts(whole_app, name: str) -> list[str]:
    plain = plain_parts(whole_app, name)
    found = Texts(plain).found if name.endswith(".html") else [plain]
    return [part.strip(" \n·.,:;!?&") for text in found for part in text.split("\0")]


def has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


@pytest.mark.parametrize("name", template_names())
def test_every_text_of_a_template_can_be_translated(whole_app, name):
    plain = [text for text in texts(whole_app, name) if has_letters(text)]
    assert set(plain) <= SAME_EVERYWHERE.keys()


@pytest.mark.parametrize("name", template_names())
def test_every_text_given_to_a_macro_can_be_translated(whole_app, name):
    tree = whole_app.jinja_env.parse(source_of(name))
    given = [
        pair.value.value
        for pair in tree.find_all(nodes.Keyword)
        if pair.key.replace("_", "-") in READ_ALOUD
        and isinstance(pair.value, nodes.Const)
        and isinstance(pair.value.value, str)
    ]
    assert set(given) <= SAME_EVERYWHERE.keys()


def test_every_message_of_the_code_can_be_translated():
    bare = [
        f"{module.path}:{call.lineno}"
        for module in modules()
        for call in module.calls()
        if called(call) in TELLS and isinstance(_message(call), ast.Constant | ast.JoinedStr)
    ]
    assert bare == []


def _message(call: ast.Call) -> ast.expr | None:
    """Return what a call tells somebody; `problem` is given a status first."""
    place = 1 if called(call) == "problem" else 0
    return call.args[place] if len(call.args) > place else None


def test_what_is_translated_is_written_out():
    computed = [
        f"{module.path}:{call.lineno}"
        for module in modules()
        for call in module.calls()
        if called(call) in TRANSLATES and text_of(call.args[0]) is None
    ]
    assert computed == []


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    """What `pybabel extract` finds."""
    folder = tmp_path_factory.mktemp("babel")
    (folder / "mapping.cfg").write_text(MAPPING)
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["-F", folder / "mapping.cfg", "-k", "_l", "-o", folder / "messages.pot", "."]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    with (folder / "messages.pot").open("rb") as file:
        return read_po(file)


def test_messages_are_found_in_code_and_templates(catalog):
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in catalog}
    assert {"Meet first. Link after.", "Please tell us your name.", "Untie or block"} <= found
    assert len(found) > 200


class Anything(dict):
    """Has a value for every placeholder that has a name."""

    def __missing__(self, name: str) -> int:
        return 0


def test_placeholders_have_names_and_plain_per_cent_signs_are_doubled(catalog):
    for message in catalog:
        is_filled_in = any(path.startswith("templates/") for path, _ in message.locations)
        for text in (message.id,) if isinstance(message.id, str) else message.id:
            if is_filled_in or "%(" in text:
                assert text % Anything() or not text, text
            elif text:
                assert "%%" not in text, text
