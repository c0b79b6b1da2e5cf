"""The sources of the app, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: str
    tree: ast.Module

    @property
    def feature(self) -> str:
        return self.path.split("/")[1].removesuffix(".py") if "/" in self.path else ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2].removesuffix(".py")

    def imports(self) -> Iterator[str]:
        """Give every module this one imports, a name imported from a package included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def modules() -> list[Module]:
    paths = sorted((ROOT / "webapp").rglob("*.py"))
    return [
        Module(str(path.relative_to(ROOT)), ast.parse(path.read_text()))
        for path in [ROOT / "app.py", *paths]
    ]


def template_names() -> list[str]:
    files = (path for path in TEMPLATES.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(TEMPLATES)) for path in files)


def source_of(template: str) -> str:
    return (TEMPLATES / template).read_text()


def called(call: ast.Call) -> str:
    """Return the last name of what is called: `b` of `a.b(...)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def text_of(node: ast.expr | None) -> str | None:
    """Return the text of a literal, or None."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else None
