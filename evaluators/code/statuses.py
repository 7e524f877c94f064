"""The statuses that code gives: raised, aborted or returned, in a function and in what it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.callees import Callees
from evaluators.code.depends import Dependencies
from evaluators.code.module import FunctionNode, Module
from evaluators.code.route import keyword, status_of
from evaluators.code.walking import walk

_NAMED = {
    "Http404": 404, "NotFound": 404, "PermissionDenied": 403, "NotAuthenticated": 401, "AuthenticationFailed": 401,
    "ValidationError": 400, "ParseError": 400, "BadRequest": 400, "Unauthorized": 401, "Forbidden": 403,
    "Conflict": 409, "MethodNotAllowed": 405, "Throttled": 429, "TooManyRequests": 429, "UnprocessableEntity": 422,
    "Gone": 410, "UnsupportedMediaType": 415, "SuspiciousOperation": 400,
}  # fmt: skip
"""Exceptions of Django, REST framework and werkzeug -> their status."""
_PACKAGES = ("django", "rest_framework", "werkzeug", "flask", "starlette", "fastapi", "litestar")
_CALLS = {
    "get_object_or_404": 404, "get_list_or_404": 404, "get_or_404": 404, "first_or_404": 404, "one_or_404": 404,
    "HttpResponseNotFound": 404, "HttpResponseBadRequest": 400, "HttpResponseForbidden": 403,
    "HttpResponseNotAllowed": 405, "HttpResponseServerError": 500,
}  # fmt: skip
_ANSWERS = (
    "Response", "JSONResponse", "PlainTextResponse", "HTMLResponse", "ORJSONResponse", "JsonResponse", "HttpResponse",
    "make_response", "jsonify", "RedirectResponse", "UJSONResponse", "StreamingResponse", "FileResponse",
)  # fmt: skip

_REGISTERING = ("exception_handler", "errorhandler", "register_error_handler")
"""Words without one of which a module registers no handler of exceptions."""


class Statuses:
    """What a function may answer, worked out with the project's own exceptions and their handlers."""

    def __init__(self, table: Dependencies, callees: Callees) -> None:
        self._table = table
        self._callees = callees
        self._own: dict[FunctionNode, frozenset[int]] = {}
        self._handled: dict[str, int] = {}
        for module in table.modules:
            if not module.speaks(_REGISTERING):
                continue
            added = list(_added(module))
            for function in module.functions:
                for kind, code in self._handler(module, function, added):
                    self._handled.setdefault(kind, code)

    def of(self, module: Module, function: FunctionNode, depth: int = 2) -> frozenset[int]:
        """The statuses of a function and of the project's functions that it calls."""
        found: set[int] = set()
        for each in self._callees.reach(module, function, depth):
            found |= self.own(*each)
        return frozenset(found)

    def own(self, module: Module, function: FunctionNode) -> frozenset[int]:
        """The statuses that a function gives itself."""
        if function not in self._own:
            codes = {code for node in module.within(function) if (code := self.of_node(module, node))}
            self._own[function] = frozenset(codes)
        return self._own[function]

    def of_node(self, module: Module, node: ast.AST) -> int | None:
        """The status that one node gives, or None."""
        if isinstance(node, ast.Raise) and node.exc is not None:
            return self._raised(module, node.exc)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) in (2, 3):
            return status_of(module, node.value.elts[1])
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            return status_of(module, node.value) if node.targets[0].attr == "status_code" else None
        if not isinstance(node, ast.Call):
            return None
        last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if last in _CALLS:
            return _CALLS[last]
        if last in ("abort", "HTTPException", "HttpError") and (node.args or node.keywords):
            return status_of(
                module, node.args[0] if node.args else keyword(node, "status_code") or keyword(node, "code")
            )
        if last in _ANSWERS:
            given = keyword(node, "status_code") or keyword(node, "status")
            if given is None and len(node.args) > 1 and last in ("Response", "make_response"):
                given = node.args[1]
            return status_of(module, given) if given is not None else None
        return None

    def _raised(self, module: Module, raised: ast.expr) -> int | None:
        """The status that raising this gives."""
        kind = raised.func if isinstance(raised, ast.Call) else raised
        key = self._table.resolve(module, kind)
        if key in self._handled:
            return self._handled[key]
        if key.partition(".")[0] in _PACKAGES:
            return _NAMED.get(key.rpartition(".")[2])
        return self._of_class(key, 0)

    def _of_class(self, key: str, depth: int) -> int | None:
        """The status that an exception class of the project carries (`status_code = 404`, `super().__init__(404)`)."""
        found = self._table.class_of(key)
        if found is None or depth > 3:
            return None
        module, node = found
        for statement in node.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                if any(isinstance(each, ast.Name) and each.id in ("status_code", "code", "status") for each in targets):
                    return status_of(module, statement.value)
        for call in walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__":
                given = call.args[0] if call.args else keyword(call, "status_code")
                if (code := status_of(module, given)) is not None:
                    return code
        for base in node.bases:
            parent = self._table.resolve(module, base)
            if parent in self._handled:
                return self._handled[parent]
            if (code := self._of_class(parent, depth + 1)) is not None:
                return code
            if parent.partition(".")[0] in _PACKAGES:
                return _NAMED.get(parent.rpartition(".")[2])
        return None

    def _handler(
        self, module: Module, function: FunctionNode, added: list[tuple[ast.expr, str]]
    ) -> Iterator[tuple[str, int]]:
        """The exceptions that a function is registered to answer, with its status where it gives one only."""
        kinds = [kind for kind, name in added if name == function.name]
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and decorator.args:
                called = module.called(decorator).rpartition(".")[2]
                if called in ("exception_handler", "errorhandler", "app_errorhandler"):
                    kinds.append(decorator.args[0])
        codes = self.own(module, function) if kinds else frozenset()
        if len(codes) == 1:
            for kind in kinds:
                yield self._table.resolve(module, kind), next(iter(codes))


def _added(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """(exception, name of its handler) of `app.add_exception_handler(kind, handler)`."""
    for call in module.calls:
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if called not in ("add_exception_handler", "register_error_handler") or len(call.args) != 2:
            continue
        if isinstance(handler := call.args[1], ast.Name):
            yield call.args[0], handler.id
