"""The tree a browser makes of a page, and where the page's tags say something else."""

from collections.abc import Iterator
from difflib import unified_diff
from xml.etree.ElementTree import Element

import turbohtml
from turbohtml import TokenType
from turbohtml.treebuild import parse_into

XHTML = "http://www.w3.org/1999/xhtml"
VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
    *("track", "wbr"),
}
NOSCRIPT = "without-scripts"
"""Stands for `noscript`, whose content is read as tags here, as where there are no scripts."""
AROUND = "<!doctype html><html><head><title>.</title></head><body><{0}>{1}</{0}></body></html>"


class _Tree:
    """Builds elements with text and tail; comments are left out."""

    def create_document(self) -> Element:
        return Element("#document")

    def create_doctype(self, *_: str | None) -> None:
        return None

    def create_comment(self, _data: str) -> None:
        return None

    def create_pi(self, *_: str) -> None:
        return None

    def create_text(self, data: str) -> str:
        return data

    def create_element(
        self, name: str, namespace: str, attrs: tuple[tuple[str, str | None], ...]
    ) -> Element:
        tag = name if namespace == XHTML else f"{{{namespace}}}{name}"
        return Element(tag, {key: value or "" for key, value in attrs})

    def append(self, parent: Element, child: Element | str | None) -> None:
        if isinstance(child, Element):
            parent.append(child)
        elif child and len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        elif child:
            parent.text = (parent.text or "") + child


def tree_of(text: str) -> tuple[Element, list[str]]:
    """Return the root of a whole page, and its defects.

    A browser mends what is unbalanced or stands where it must not, so its tree then has other
    tags than the page.
    """
    root = parse_into(text, _Tree())[0]
    problems = [f"{one.code} at {one.line}:{one.col}" for one in turbohtml.parse(text).errors]
    return root, problems + _mended(text, root)


def part_of(text: str) -> tuple[Element, list[str]]:
    """Return an element around a part of a page, and the part's defects."""
    around = "ul" if text.lstrip().startswith("<li") else "div"
    root, problems = tree_of(AROUND.format(around, text))
    return root[1][0], problems


def _mended(text: str, root: Element) -> list[str]:
    told, made = list(_told(text)), list(_made(root))
    return [] if told == made else [*unified_diff(told, made, "told", "made", lineterm="", n=2)]


def _told(text: str) -> Iterator[str]:
    for token in turbohtml.tokenize(text.replace("noscript>", f"{NOSCRIPT}>")):
        if token.type is TokenType.START_TAG:
            yield f"<{token.tag}>"
        is_closed = token.self_closing and token.tag not in VOID
        if token.type is TokenType.END_TAG or is_closed:
            yield f"</{token.tag}>"


def _made(element: Element) -> Iterator[str]:
    name = element.tag.rpartition("}")[2].lower()
    tag = NOSCRIPT if name == "noscript" else name
    yield f"<{tag}>"
    for child in element:
        yield from _made(child)
    if tag not in VOID:
        yield f"</{tag}>"
