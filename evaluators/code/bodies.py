"""What becomes of a request's body: logged as a whole, put into a row as it is."""

from __future__ import annotations

import ast
import re

from evaluators.code.activity import LogCall
from evaluators.code.expressions import words
from evaluators.code.facts import Code
from evaluators.code.module import Assigning, FunctionNode, Module
from evaluators.code.routes import Route
from evaluators.code.walking import children, walk

_RAW = re.compile(r"^request\.(json|get_json|body|form|data|get_data|values|POST)\b")
_LOGGED = re.compile(r"^request\.(json|get_json|body|form|data|get_data|headers)\b(\(\))?$")
_PERSONAL = {
    "password", "passwd", "pwd", "token", "secret", "card", "cvv", "iban", "ssn", "email", "phone", "address", "pin",
    "birthday", "birth",
}  # fmt: skip


def whole_body(code: Code, log: LogCall, routes: list[Route]) -> str:
    """The source of a body, or of all headers, that a line of the log holds as a whole; else empty."""
    names = {name for route in routes for name in _personal(code, route)}
    raw = _raw_names(log.module, log.module.function_around(log.node))
    waiting: list[ast.AST] = [*log.node.args, *(each.value for each in log.node.keywords)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Name) and node.id in names | raw:
            return node.id
        if isinstance(node, (ast.Attribute, ast.Call, ast.Await)):
            inner = node.value if isinstance(node, ast.Await) else node
            source = ast.unparse(inner)[:80]
            if _LOGGED.match(source):
                return source
            dumped = re.match(r"(\w+)\.(model_dump|dict|model_dump_json|json)\(\)$", source)
            if dumped and dumped.group(1) in names:
                return source
            if (
                isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Name)
                and inner.func.id in ("str", "repr", "dict")
            ):
                waiting.extend(inner.args)
        elif isinstance(node, (ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.Tuple, ast.Dict)):
            waiting.extend(children(node))
    return ""


def _personal(code: Code, route: Route) -> list[str]:
    """The parameters of a route that are read as a class with a secret or personal field."""
    found = []
    for argument in (*route.node.args.args, *route.node.args.kwonlyargs):
        meaning = code.tools.table.meaning(route.module, argument.annotation)
        model = code.data_model(meaning) if meaning in route.body else None
        if model is not None and any(set(words(field.attribute)) & _PERSONAL for field in model.fields):
            found.append(argument.arg)
    return found


def _raw_names(module: Module, function: FunctionNode | None) -> set[str]:
    """The variables of a function that hold a raw body."""
    found: set[str] = set()
    for node in walk(function) if function is not None else ():
        if isinstance(node, Assigning) and node.value is not None and _is_raw(node.value, set()):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return found


def _is_whole(call: ast.Call) -> bool:
    """Whether a call gives the body and not one of its values (`request.form.get("a")`)."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("json", "get_json", "body", "form", "get_data")


def raw_into_row(code: Code, route: Route) -> ast.AST | None:
    """The place where a raw body becomes a row's attributes, or None."""
    names = _raw_names(route.module, route.node)
    data = {model.symbol for model in code.data_models} - {table.symbol for table in code.tables}
    for node in walk(route.node):
        if isinstance(node, ast.Call):
            spread = [each.value for each in node.keywords if each.arg is None]
            raw = any(_is_raw(each, names) for each in spread)
            key = code.tools.table.resolve(route.module, node.func)
            last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if raw and key not in data and (last[:1].isupper() or last in ("values", "create", "update")):
                return node
            if last == "setattr" and isinstance(node.func, ast.Name) and _over_raw(route.module, node, names):
                return node
    return None


def _is_raw(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is a raw body."""
    inner = node.value if isinstance(node, ast.Await) else node
    if isinstance(inner, ast.Name):
        return inner.id in names
    return bool(_RAW.match(ast.unparse(inner)[:80])) and (not isinstance(inner, ast.Call) or _is_whole(inner))


def _over_raw(module: Module, node: ast.AST, names: set[str]) -> bool:
    """Whether a node stands in a loop over a raw body's items, with no test around it."""
    current: ast.AST | None = module.parents.get(node)
    while current is not None and not isinstance(current, FunctionNode):
        if isinstance(current, ast.If):
            return False
        if isinstance(current, ast.For) and isinstance(current.iter, ast.Call):
            owner = current.iter.func.value if isinstance(current.iter.func, ast.Attribute) else None
            return owner is not None and _is_raw(owner, names)
        current = module.parents.get(current)
    return False
