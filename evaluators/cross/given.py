"""Where a function's arguments come from: from a row that was read before, or from who asks."""

from __future__ import annotations

import ast
import re

from evaluators.code.facts import Code
from evaluators.code.module import FunctionNode, Module

_HANDLE = re.compile(r"session|conn|connection|db|database|cursor|tx|transaction|uow|pool|self", re.IGNORECASE)
"""What a function is given to reach the database with."""


def by_rows(code: Code | None, around: FunctionNode | None) -> bool:
    """Whether every call of a function gives it nothing but attributes of values that other calls gave back."""
    if code is None or around is None:
        return False
    calls = [
        (module, call)
        for module in code.modules
        for call in module.calls
        if around.name in (getattr(call.func, "attr", ""), getattr(call.func, "id", ""))
    ]
    behind = [(module, call, code.tools.callees.behind(module, call)) for module, call in calls]
    own = [(module, call) for module, call, found in behind if found is not None and found[1] is around]
    return bool(own) and all(_by_rows(module, call) for module, call in own)


def _by_rows(module: Module, call: ast.Call) -> bool:
    caller = module.function_around(call)
    given = [*call.args, *(each.value for each in call.keywords)]
    asked = [each for each in given if not (isinstance(each, ast.Name) and _HANDLE.fullmatch(each.id))]
    return caller is not None and bool(asked) and all(_of_a_row(module, caller, each) for each in asked)


def _of_a_row(module: Module, caller: FunctionNode, node: ast.expr) -> bool:
    """`row.course_id`, where the same function has `row = read(...)`."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return False
    name = node.value.id
    for each in module.within(caller):
        if isinstance(each, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in each.targets):
            value = each.value.value if isinstance(each.value, ast.Await) else each.value
            return isinstance(value, ast.Call)
    return False
