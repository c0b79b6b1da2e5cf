"""The shape of the code: what may import what, and who may do the few things that are rare."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from architecture.sources import ROOT, called, modules

CLOSED = ("views", "forms", "cli", "tasks")
MAY_OPEN = {
    "factory": set(CLOSED),  # wires everything
    "worker": {"tasks"},  # runs the tasks of every feature
    "demo": {"tasks", "cli"},  # is a web server and a worker in one process
}
READS_THE_ENVIRONMENT = {"webapp/core/config.py", "webapp/factory.py"}
VAGUE = re.compile(r"^(utils?|helpers?|commons?|misc|managers?|tools?)$")


def test_the_contracts_on_imports_hold():
    """In a process of its own: the linter sets up logging anew, and ours would be silent after."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_views_forms_tasks_and_commands_are_opened_by_their_own_feature():
    opened = [
        f"{module.path} imports {name}"
        for module in modules()
        for name in module.imports()
        if (found := re.match(rf"webapp\.(\w+)\.({'|'.join(CLOSED)})\b", name))
        and found[1] != module.feature
        and found[2] not in MAY_OPEN.get(module.feature, set())
    ]
    assert opened == []


def test_nobody_imports_the_factory_but_the_entry():
    importers = {
        module.path for module in modules() if any("webapp.factory" in n for n in module.imports())
    }
    assert importers == {"app.py"}


def test_the_database_session_is_committed_in_one_file():
    """A connection that passes a commit on to its parent does not begin one."""
    places = {
        module.path
        for module in modules()
        for call in module.calls()
        if called(call) in {"commit", "begin", "begin_nested"}
        and not ast.unparse(call.func).startswith("super().")
    }
    assert places == {"webapp/core/db.py"}


def test_the_environment_is_read_in_one_file():
    places = {
        module.path
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias)
        and {"environ", "getenv", "environb"} & set(_names(node))
    }
    assert places == READS_THE_ENVIRONMENT


def _names(node: ast.Name | ast.Attribute | ast.alias) -> tuple[str | None, ...]:
    return getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "name", None)


LOADED_LATER = {
    "webapp/accounts/providers.py",
    "webapp/core/tables.py",
    "webapp/exchange/guests/rules/workbooks.py",
    "webapp/operating/backup/cli.py",
    "webapp/operating/health.py",
    "webapp/security/limits.py",
    "webapp/worker/jobs.py",
}
"""Where a heavy library waits until it is needed (`test_starting.py`)."""


def test_nothing_is_imported_inside_a_function():
    inside = {
        str(module.path)
        for module in modules()
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside == LOADED_LATER


def test_every_module_is_called_after_what_it_holds():
    parts = {part for module in modules() for part in module.path.removesuffix(".py").split("/")}
    assert {part for part in parts if VAGUE.match(part)} == set()


def test_the_core_imports_no_feature():
    foreign = [
        f"{module.path} imports {name}"
        for module in modules()
        if module.feature == "core"
        for name in module.imports()
        if name.startswith("webapp") and not re.match(r"webapp(\.core\b|$)", name)
    ]
    assert foreign == []


@pytest.mark.parametrize("layer", ["rules", "queries", "models", "services"])
def test_the_lower_layers_of_a_feature_do_not_answer_requests(layer):
    forbidden = {"render_template", "redirect", "flash", "make_response"}
    allowed = {"webapp/mail/services.py"}  # it renders letters, not answers
    found = [
        f"{module.path} calls {called(call)}"
        for module in modules()
        if module.name == layer and module.path not in allowed
        for call in module.calls()
        if called(call) in forbidden
    ]
    assert found == []


def test_a_package_says_what_it_is_and_holds_no_code():
    for module in modules():
        if module.name == "__init__" and module.path != "webapp/__init__.py":
            assert ast.get_docstring(module.tree), module.path
            assert all(map(_gathers, module.tree.body[1:])), module.path


def _gathers(node: ast.stmt) -> bool:
    """Tell whether a statement only names what a package that was one file still offers."""
    return isinstance(node, ast.ImportFrom) or ast.unparse(node).startswith("__all__ =")
