"""One route as the code declares it, and small questions that every framework's reader asks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from evaluators.code.module import FunctionNode, Module
from evaluators.finding import Location

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


@dataclass(frozen=True, eq=False)
class Route:
    """One operation as the code declares it."""

    method: str
    """Upper case."""
    path: str
    """With every prefix, in the contract's form (`/users/{id}`, converters removed)."""
    function: str
    """`module.function`, `module.Class.method`."""
    dependencies: tuple[str, ...]
    """Dotted names of everything that it depends on, those of its routers and those behind them too;
    of Flask and Django the decorators, permission classes and functions that run before it."""
    statuses: tuple[int, ...]
    """Declared (`status_code`, `responses`), and given in the function itself or in a function that it calls."""
    success: int
    """The status of a good answer."""
    is_async: bool
    at: Location
    node: FunctionNode
    module: Module
    mounted: bool = True
    """False where no app includes its router."""
    framework: str = "fastapi"
    """`fastapi`, `flask` or `django`."""
    guards: tuple[str, ...] = ()
    """Those of its dependencies, or calls of its own, that ask who is there; empty: it is open to everybody."""
    perhaps_guarded: bool = False
    """Whether a middleware asks who is there, so that a route without guards may be guarded all the same."""
    declared: tuple[int, ...] = ()
    """The statuses that the declaration itself names, the success among them where it is named."""
    given: tuple[int, ...] = ()
    """The statuses that its code, the functions it calls and what it depends on raise or return, sorted."""
    body: tuple[str, ...] = ()
    """Dotted names of the classes that its body is read as."""
    response: str = ""
    """The dotted name of the class that its answer is written as; empty where that is not said."""
    response_many: bool = False
    """Whether the answer is a list of them, or holds them in something of which nothing is known."""
    parameters: tuple[tuple[str, str], ...] = ()
    """(name, source of the annotation) of every parameter of its function."""

    @property
    def symbol(self) -> str:
        """`GET /users/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def authenticated(self) -> bool:
        """Whether something asks who is there before or in the handler."""
        return bool(self.guards)


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument, or None."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def plain_text(module: Module, node: ast.expr | None, depth: int = 0) -> str:
    """The text that an expression certainly is, else empty (a constant of the module is looked up)."""
    if depth > 8:
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name) and node.id in module.constants:
        return plain_text(module, module.constants[node.id], depth + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return plain_text(module, node.left, depth + 1) + plain_text(module, node.right, depth + 1)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            plain_text(module, part.value if isinstance(part, ast.FormattedValue) else part, depth + 1)
            for part in node.values
        )
    return ""


def status_of(module: Module, node: ast.expr | None) -> int | None:
    """The number that `404`, `"404"` or `status.HTTP_404_NOT_FOUND` stands for, else None."""
    if isinstance(node, ast.Constant):
        text = str(node.value)
        return int(text) if re.fullmatch(r"[1-5]\d\d", text) else None
    named = re.search(r"HTTP_(\d{3})", module.dotted(node))
    if named:
        return int(named.group(1))
    from_http = re.fullmatch(r"http\.HTTPStatus\.([A-Z_]+)(\.value)?", module.dotted(node))
    if from_http:
        from http import HTTPStatus

        found = HTTPStatus.__members__.get(from_http.group(1))
        return int(found) if found is not None else None
    return None


def joined(*parts: str) -> str:
    """Parts of a path as one, with single slashes between them."""
    return re.sub(r"/{2,}", "/", "/".join(part for part in parts if part)) if any(parts) else ""


def annotated(node: FunctionNode) -> tuple[tuple[str, str], ...]:
    """(name, source of the annotation) of every parameter of a function."""
    plain = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return tuple((each.arg, ast.unparse(each.annotation) if each.annotation else "") for each in plain)
