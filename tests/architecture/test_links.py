"""Links of others are read at the gate alone."""

import ast

from architecture.sources import modules

ASKS = {
    "webapp/exchange/mydata/mine.py": {"of_my_links"},
    "webapp/ties/gate.py": {"_links", "links_for_somebody_new", "_is_open", "IN_ORDER"},
    "webapp/ties/queries.py": {"own_links", "own_link", "_offered"},
    "webapp/ties/services.py": {"add_link", "forget_removed_links", "_forget"},
}
"""Who builds a query over links, or a link: the gate, my own, and what changes or forgets them."""


def _names_links(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id == "Link") or (
        isinstance(node, ast.Attribute) and node.attr == "Link"
    )


def _works_on_links(node: ast.AST) -> bool:
    """Tell whether links are asked for or made here; naming the type alone does neither."""
    if isinstance(node, ast.Attribute):
        return _names_links(node.value)
    return isinstance(node, ast.Call) and any(map(_names_links, [node.func, *node.args]))


def _parts(tree: ast.Module):
    """Give each function and each constant of a module by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield ast.unparse(node.targets[0]), node


def test_only_the_gate_asks_for_links_of_others():
    found = {}
    for module in modules():
        parts = {
            name
            for name, part in _parts(module.tree)
            if any(_works_on_links(node) for node in ast.walk(part))
        }
        if parts:
            found[module.path] = parts
    assert found == ASKS


def test_my_own_links_are_asked_for_by_my_id():
    (queries,) = [module for module in modules() if module.path == "webapp/ties/queries.py"]
    parts = dict(_parts(queries.tree))
    for name in ASKS["webapp/ties/queries.py"]:
        assert "Link.person_id == person_id" in ast.unparse(parts[name]), name
    assert "person_id: BindParameter[str] = bindparam('me')" in ast.unparse(parts["_offered"])
    for name in ("own_offers", "own_open_offers"):
        assert "me=person_id" in ast.unparse(parts[name]), name
