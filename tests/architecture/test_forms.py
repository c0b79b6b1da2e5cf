"""What somebody sends is taken field by field: no form is poured into a row."""

import ast

from architecture.sources import called, modules

MAY_SET = {"webapp/events/settings/services.py"}
"""Sets what its own list of names says."""
WHOLE = {"form", "args", "values", "files"}
POURS = {"to_dict", "items", "lists", "values"}


def is_request(node):
    """Tell whether this is all that was sent: `request.form` and its like."""
    is_whole = isinstance(node, ast.Attribute) and node.attr in WHOLE
    return is_whole and isinstance(node.value, ast.Name) and node.value.id == "request"


def poured(module):
    for call in module.calls():
        name = called(call)
        if name == "populate_obj":
            yield call.lineno
        if name == "setattr" and module.path not in MAY_SET:
            is_named = isinstance(call.args[1], ast.Name) and call.args[1].id.isupper()
            if not (is_named or isinstance(call.args[1], ast.Constant)):
                yield call.lineno
        if any(one.arg is None and is_request(one.value) for one in call.keywords):
            yield call.lineno
        if name in POURS and isinstance(call.func, ast.Attribute) and is_request(call.func.value):
            yield call.lineno


def test_no_form_is_poured_into_a_row():
    assert [(one.path, line) for one in modules() for line in poured(one)] == []
