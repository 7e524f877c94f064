"""The routes of Django and REST framework, as far as urls.py says them in so many words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.depends import Dependencies
from evaluators.code.module import FunctionNode, Module
from evaluators.code.route import METHODS, Route, annotated, joined, plain_text
from evaluators.code.routes_flask import decorators
from evaluators.code.tools import Tools
from evaluators.code.walking import walk

_SETS = {
    "list": ("GET", False), "create": ("POST", False), "retrieve": ("GET", True), "update": ("PUT", True),
    "partial_update": ("PATCH", True), "destroy": ("DELETE", True),
}  # fmt: skip
"""Action of a set of views -> (method, whether it is about one)."""
_MIXINS = {
    "ListModelMixin": ("list",), "CreateModelMixin": ("create",), "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"), "DestroyModelMixin": ("destroy",),
    "ModelViewSet": tuple(_SETS), "ReadOnlyModelViewSet": ("list", "retrieve"),
}  # fmt: skip
_GENERIC = {
    "ListAPIView": ("GET",), "CreateAPIView": ("POST",), "RetrieveAPIView": ("GET",), "DestroyAPIView": ("DELETE",),
    "UpdateAPIView": ("PUT", "PATCH"), "ListCreateAPIView": ("GET", "POST"),
    "RetrieveUpdateAPIView": ("GET", "PUT", "PATCH"), "RetrieveDestroyAPIView": ("GET", "DELETE"),
    "RetrieveUpdateDestroyAPIView": ("GET", "PUT", "PATCH", "DELETE"),
}  # fmt: skip
_OPEN = ("AllowAny", "IsAuthenticatedOrReadOnly")
_DEPTH = 6


def of(modules: tuple[Module, ...], tools: Tools) -> list[Route]:
    """Every route of the modules that a list `urlpatterns` names."""
    by_name = {module.name: module for module in modules}
    lists = [module for module in modules if "urlpatterns" in module.constants or module.name.endswith("urls")]
    included = {name for module in lists for name in _included(module)}
    default = _default_guards(modules)
    found: list[Route] = []
    for module in lists:
        if module.name not in included or len(lists) == 1:
            found.extend(_of_list(module, "", by_name, tools, default, _DEPTH))
    return found


def _included(module: Module) -> Iterator[str]:
    """The modules whose lists a list includes."""
    for call in module.calls:
        if module.called(call).rpartition(".")[2] == "include" and call.args:
            inner = call.args[0].elts[0] if isinstance(call.args[0], ast.Tuple) and call.args[0].elts else call.args[0]
            yield plain_text(module, inner) or module.dotted(inner)


def _default_guards(modules: tuple[Module, ...]) -> tuple[str, ...]:
    """The permission classes that the settings give every view of REST framework."""
    for module in modules:
        settings = module.constants.get("REST_FRAMEWORK")
        if isinstance(settings, ast.Dict):
            for key, value in zip(settings.keys, settings.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "DEFAULT_PERMISSION_CLASSES":
                    return tuple(str(each.value) for each in walk(value) if isinstance(each, ast.Constant))
    return ()


def _of_list(
    module: Module, prefix: str, by_name: dict[str, Module], tools: Tools, default: tuple[str, ...], depth: int
) -> Iterator[Route]:
    """The routes of one file's list, with those it includes."""
    if depth <= 0:
        return
    for call in module.calls:
        last = module.called(call).rpartition(".")[2]
        if last in ("path", "re_path", "url") and len(call.args) >= 2:
            path = joined(prefix, _path(plain_text(module, call.args[0]), last))
            yield from _of_entry(module, path, call.args[1], by_name, tools, default, depth)
        elif last == "register" and len(call.args) >= 2 and isinstance(call.func, ast.Attribute):
            base = joined(prefix, _mounted_at(module, call.func.value), plain_text(module, call.args[0]))
            yield from _of_set(module, base, call.args[1], tools, default)


def _mounted_at(module: Module, router: ast.expr) -> str:
    """The prefix under which a router's addresses are included in its own file."""
    for call in module.calls:
        if module.called(call).rpartition(".")[2] == "path" and len(call.args) >= 2:
            names = {module.dotted(each.value) for each in walk(call.args[1]) if isinstance(each, ast.Attribute)}
            if module.dotted(router) in names:
                return _path(plain_text(module, call.args[0]), "path")
    return ""


def _path(text: str, kind: str) -> str:
    """A Django path or regular expression in the contract's form."""
    if kind != "path":
        text = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"{\1}", text).strip("^$")
        return text.replace("\\", "")
    return re.sub(r"<(?:[^:<>]*:)?([^<>]+)>", r"{\1}", text)


def _of_entry(
    module: Module,
    path: str,
    view: ast.expr,
    by_name: dict[str, Module],
    tools: Tools,
    default: tuple[str, ...],
    depth: int,
) -> Iterator[Route]:
    """The routes of one entry of a list."""
    if isinstance(view, ast.Call) and module.called(view).rpartition(".")[2] == "include":
        inner = view.args[0] if view.args else None
        inner = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
        there = by_name.get(plain_text(module, inner) or module.dotted(inner))
        if there is not None:
            yield from _of_list(there, path, by_name, tools, default, depth - 1)
        return
    while isinstance(view, ast.Call) and not (isinstance(view.func, ast.Attribute) and view.func.attr == "as_view"):
        if not view.args:
            return
        view = view.args[0]
    target = view.func.value if isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute) else view
    key = tools.table.resolve(module, target)
    function, klass = tools.table.function(key), tools.table.class_of(key)
    if klass is not None:
        yield from _of_class(path, klass, tools, default)
    elif function is not None:
        for method in _allowed(*function):
            yield _route(method, path, function[0], function[1], tools, _of_function(*function, tools, default))


def _allowed(module: Module, node: FunctionNode) -> list[str]:
    """The methods of a function of views: by its decorator, else by what it compares `request.method` with."""
    for decorator in node.decorator_list:
        called = module.called(decorator).rpartition(".")[2]
        if called in ("api_view", "require_http_methods") and isinstance(decorator, ast.Call):
            return [str(each.value).upper() for each in walk(decorator) if isinstance(each, ast.Constant)] or ["GET"]
        named = re.fullmatch(r"require_(GET|POST|safe)", module.dotted(decorator).rpartition(".")[2])
        if named:
            return ["GET" if named.group(1) == "safe" else named.group(1)]
    compared = {
        str(each.value)
        for test in walk(node)
        if isinstance(test, ast.Compare) and module.dotted(test.left).endswith("request.method")
        for each in walk(test)
        if isinstance(each, ast.Constant)
    }
    return sorted({"GET", *compared}) if compared - {"GET"} else ["GET"]


def _of_function(module: Module, node: FunctionNode, tools: Tools, default: tuple[str, ...]) -> list[str]:
    """What a function of views is guarded by."""
    named = [each for each in decorators(module, node, tools) if each.rpartition(".")[2] != "permission_classes"]
    classes = [
        tools.table.resolve(module, each)
        for decorator in node.decorator_list
        if module.called(decorator).rpartition(".")[2] == "permission_classes"
        for each in walk(decorator)
        if isinstance(each, (ast.Name, ast.Attribute)) and each is not getattr(decorator, "func", None)
    ]
    is_api = any(each.rpartition(".")[2] == "api_view" for each in named)
    return [*named, *(classes or (default if is_api else ()))]


def _of_class(path: str, found: tuple[Module, ast.ClassDef], tools: Tools, default: tuple[str, ...]) -> Iterator[Route]:
    """The routes of a class of views."""
    module, node = found
    guards = _class_guards(module, node, tools, default)
    seen: set[str] = set()
    for each in node.body:
        if isinstance(each, FunctionNode) and each.name in METHODS:
            seen.add(each.name.upper())
            yield _route(each.name.upper(), path, module, each, tools, guards)
    for base in node.bases:
        for method in _GENERIC.get(module.dotted(base).rpartition(".")[2], ()):
            if method not in seen:
                yield _route(method, path, module, _stand_in(node), tools, guards)


def _of_set(module: Module, base: str, view: ast.expr, tools: Tools, default: tuple[str, ...]) -> Iterator[Route]:
    """The routes of a set of views that a router registers."""
    found = tools.table.class_of(tools.table.resolve(module, view))
    if found is None:
        return
    owner, node = found
    guards = _class_guards(owner, node, tools, default)
    methods = {each.name: each for each in node.body if isinstance(each, FunctionNode)}
    bases = [owner.dotted(each).rpartition(".")[2] for each in node.bases]
    actions = {name for each in bases for name in _MIXINS.get(each, ())} | (set(methods) & set(_SETS))
    for action in sorted(actions):
        method, single = _SETS[action]
        path = joined(base, "{id}" if single else "") + "/"
        yield _route(method, path, owner, methods.get(action) or _stand_in(node), tools, guards)
    for name, function in methods.items():
        for decorator in function.decorator_list:
            if owner.called(decorator).rpartition(".")[2] == "action" and isinstance(decorator, ast.Call):
                given = {each.arg: each.value for each in decorator.keywords}
                detail = isinstance(given.get("detail"), ast.Constant) and bool(given["detail"].value)  # type: ignore[attr-defined]
                path = joined(base, "{id}" if detail else "", plain_text(owner, given.get("url_path")) or name) + "/"
                verbs = (
                    [str(e.value).upper() for e in walk(given["methods"]) if isinstance(e, ast.Constant)]
                    if "methods" in given
                    else ["GET"]
                )
                for verb in verbs:
                    yield _route(verb, path, owner, function, tools, guards)


def _class_guards(module: Module, node: ast.ClassDef, tools: Tools, default: tuple[str, ...]) -> list[str]:
    """What a class of views is guarded by: permission classes, mixins, decorators."""
    table: Dependencies = tools.table
    found = [table.resolve(module, each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list]
    found += [table.resolve(module, each) for each in node.bases if "Required" in module.dotted(each)]
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == "permission_classes" for each in statement.targets
        ):
            named = [each for each in walk(statement.value) if isinstance(each, (ast.Name, ast.Attribute))]
            return [*found, *(table.resolve(module, each) for each in named)]
    return [*found, *default]


def _stand_in(node: ast.ClassDef) -> FunctionNode:
    """The function that stands for a view that is inherited: the class's first, else an empty one at its place."""
    empty = ast.parse("def inherited(self, request):\n    return None").body[0]
    ast.copy_location(empty, node)
    return empty  # type: ignore[return-value]


def _route(method: str, path: str, module: Module, node: FunctionNode, tools: Tools, depends: list[str]) -> Route:
    """One route."""
    guards = [
        each
        for each in depends
        if each.rpartition(".")[2] not in _OPEN
        and (each.rpartition(".")[2].startswith("Is") or tools.guards.is_guard(each) or "Required" in each)
    ]
    statuses = tools.statuses.of(module, node)
    success = min((code for code in statuses if 200 <= code < 300), default=200)
    return Route(
        method, "/" + path.lstrip("/"), f"{module.name}.{module.qualified(node)}", tuple(dict.fromkeys(depends)),
        tuple(sorted({*statuses, success})), success, isinstance(node, ast.AsyncFunctionDef), module.at(node), node,
        module, True, "django", tuple(dict.fromkeys(guards)) or tuple(tools.guards.handler(module, node)),
        tools.guards.middleware, (), tuple(sorted(statuses)), parameters=annotated(node),
    )  # fmt: skip
