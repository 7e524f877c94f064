"""What the code refuses because of a row's own state."""

from __future__ import annotations

import ast

from evaluators.code.facts import Code
from evaluators.code.module import Module
from evaluators.code.route import status_of
from evaluators.code.walking import walk
from evaluators.contract.facts import Operation
from evaluators.cross.facts import Facts

DEEP = 3
"""Calls that are followed from a route."""


def refused_by_state(facts: Facts, operation: Operation, status: int) -> bool:
    """Whether the operation's code answers `status` under a condition on a row's attribute: `if row.state != "new"`."""
    code = facts.code
    route = facts.routing.route_of(operation)
    if code is None or route is None:
        return False
    for module, node in code.tools.callees.reach(route.module, route.node, DEEP):
        for each in module.within(node):
            if isinstance(each, ast.If) and _of_state(each.test):
                inner = (part for statement in each.body for part in walk(statement))
                if any(_gives(code, module, part, status) for part in inner):
                    return True
    return False


def _of_state(test: ast.expr) -> bool:
    """Whether a condition looks at an attribute or a key of something, and not at what a call gives."""
    if isinstance(test, ast.BoolOp):
        return any(_of_state(each) for each in test.values)
    if isinstance(test, ast.UnaryOp):
        return _of_state(test.operand)
    if isinstance(test, ast.Compare):
        return any(_of_state(each) for each in (test.left, *test.comparators))
    if isinstance(test, ast.Subscript):
        return isinstance(test.slice, ast.Constant) and isinstance(test.slice.value, str)
    return isinstance(test, ast.Attribute)


def _gives(code: Code, module: Module, node: ast.AST, status: int) -> bool:
    """Whether a node raises or answers the status: by its class, or by a number that an own exception is given."""
    if code.tools.statuses.of_node(module, node) == status:
        return True
    raised = node.exc if isinstance(node, ast.Raise) else None
    given = [*raised.args, *(each.value for each in raised.keywords)] if isinstance(raised, ast.Call) else []
    return any(status_of(module, each) == status for each in given)
