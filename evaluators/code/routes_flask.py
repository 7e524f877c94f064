"""The routes of Flask: apps and blueprints, views and rules, what runs before them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluators.code.module import FunctionNode, Module
from evaluators.code.route import METHODS, Route, annotated, joined, keyword, plain_text
from evaluators.code.tools import Tools
from evaluators.code.walking import walk

_MAKERS = {"Flask": True, "Quart": True, "APIFlask": True, "OpenAPI": True, "Blueprint": False, "APIBlueprint": False}
"""Constructor -> whether it makes an application."""
_HOOKS = ("before_request", "before_app_request")
_VIEWS = ("add_url_rule", "add_resource")


@dataclass
class _Hub:
    """An app or a blueprint."""

    key: str
    is_app: bool
    prefix: str
    before: list[str] = field(default_factory=list)
    """Keys of the functions that run before each of its requests."""
    included: list[tuple[str | None, str]] = field(default_factory=list)
    """(prefix or None, parent's key) for each registration."""


def of(modules: tuple[Module, ...], tools: Tools) -> list[Route]:
    """Every route of the modules."""
    hubs = {hub.key: hub for module in modules for hub in _hubs(module)}
    everywhere: list[str] = []
    for module in modules:
        _note(module, hubs, tools, everywhere)
    found: list[Route] = []
    for module in modules:
        for node in module.functions:
            for decorator in node.decorator_list:
                found.extend(_of_decorator(module, node, decorator, hubs, tools, everywhere))
        for call in module.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in _VIEWS:
                found.extend(_of_rule(module, call, hubs, tools, everywhere))
        for view in module.classes.values():
            for decorator in view.decorator_list:
                found.extend(_of_class(module, view, decorator, hubs, tools, everywhere))
    return found


def _hubs(module: Module) -> Iterator[_Hub]:
    """The apps and blueprints that a module makes."""
    for node in module.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        made = module.called(node.value).rpartition(".")[2]
        if made in (*_MAKERS, "Api", "Namespace"):
            prefix = plain_text(module, keyword(node.value, "url_prefix") or keyword(node.value, "prefix"))
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield _Hub(f"{module.name}.{target.id}", _MAKERS.get(made, True), prefix)


def _note(module: Module, hubs: dict[str, _Hub], tools: Tools, everywhere: list[str]) -> None:
    """Remember who registers whom, and what runs before."""
    for call in module.calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        owner = tools.table.resolve(module, call.func.value)
        if call.func.attr == "register_blueprint" and call.args:
            key = tools.table.resolve(module, call.args[0])
            if key in hubs:
                prefix = keyword(call, "url_prefix")
                hubs[key].included.append((plain_text(module, prefix) if prefix is not None else None, owner))
        elif call.func.attr in _HOOKS and call.args and owner in hubs:
            key = tools.table.resolve(module, call.args[0])
            (everywhere if hubs[owner].is_app or "app" in call.func.attr else hubs[owner].before).append(key)
    for node in module.functions:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Attribute) and decorator.attr in _HOOKS:
                hub = hubs.get(tools.table.resolve(module, decorator.value))
                own = hub is not None and not hub.is_app and "app" not in decorator.attr
                (hub.before if hub is not None and own else everywhere).append(f"{module.name}.{node.name}")


def _ways(hubs: dict[str, _Hub], key: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str], bool]]:
    """Every (prefix, what runs before, mounted) by which a hub is reached."""
    hub = hubs[key]
    if hub.is_app:
        yield hub.prefix, hub.before, True
        return
    reached = False
    for prefix, parent in hub.included:
        own = hub.prefix if prefix is None else prefix
        if parent in hubs and parent not in seen:
            for above, before, mounted in _ways(hubs, parent, (*seen, key)):
                reached = True
                yield joined(above, own), [*before, *hub.before], mounted
        else:
            reached = True
            yield own, hub.before, True
    if not reached:
        yield hub.prefix, hub.before, False


def _of_decorator(
    module: Module,
    node: FunctionNode,
    decorator: ast.expr,
    hubs: dict[str, _Hub],
    tools: Tools,
    everywhere: list[str],
) -> Iterator[Route]:
    """The routes of `@app.route("/x", methods=[...])` and `@blueprint.get("/x")`."""
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute) or not decorator.args:
        return
    verb = decorator.func.attr
    key = tools.table.resolve(module, decorator.func.value)
    if key not in hubs or verb not in (*METHODS, "route"):
        return
    methods = _methods(keyword(decorator, "methods")) if verb == "route" else [verb.upper()]
    yield from _made(module, node, decorator.args[0], methods, key, hubs, tools, everywhere, module, ())


def _of_rule(
    module: Module, call: ast.Call, hubs: dict[str, _Hub], tools: Tools, everywhere: list[str]
) -> Iterator[Route]:
    """The routes of `app.add_url_rule("/x", view_func=...)` and `api.add_resource(View, "/x")`."""
    named = call.func
    if not isinstance(named, ast.Attribute):
        return
    key = tools.table.resolve(module, named.value)
    if key not in hubs:
        return
    if named.attr == "add_resource":
        view: ast.expr | None = call.args[0] if call.args else None
        paths = call.args[1:]
    else:
        view = keyword(call, "view_func") or (call.args[2] if len(call.args) > 2 else None)
        paths = call.args[:1]
    methods = _methods(keyword(call, "methods")) if keyword(call, "methods") is not None else None
    for owner, node, verb in _handlers(module, view, tools):
        chosen = [verb] if verb else (methods or ["GET"])
        for path in paths:
            if not verb or methods is None or verb in methods:
                extra = tuple(_class_guards(owner, node, tools))
                yield from _made(owner, node, path, chosen, key, hubs, tools, everywhere, module, extra)


def _of_class(
    module: Module,
    view: ast.ClassDef,
    decorator: ast.expr,
    hubs: dict[str, _Hub],
    tools: Tools,
    everywhere: list[str],
) -> Iterator[Route]:
    """The routes of a class of views that is decorated with its path (`@blueprint.route("/x")`, flask-smorest)."""
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute) or not decorator.args:
        return
    key = tools.table.resolve(module, decorator.func.value)
    if decorator.func.attr == "route" and key in hubs:
        for node in view.body:
            if isinstance(node, FunctionNode) and node.name in METHODS:
                extra = tuple(_class_guards(module, node, tools))
                yield from _made(
                    module, node, decorator.args[0], [node.name.upper()], key, hubs, tools, everywhere, module, extra
                )


def _handlers(module: Module, view: ast.expr | None, tools: Tools) -> Iterator[tuple[Module, FunctionNode, str]]:
    """The functions behind a view, with the method of each where the view is a class."""
    if isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute) and view.func.attr == "as_view":
        view = view.func.value
    if (
        isinstance(view, ast.Name)
        and (only := module.constants.get(view.id)) is not None
        and isinstance(only, ast.Call)
    ):
        view = only.func.value if isinstance(only.func, ast.Attribute) and only.func.attr == "as_view" else view
    key = tools.table.resolve(module, view) if view is not None else ""
    function = tools.table.function(key)
    klass = tools.table.class_of(key)
    if klass is not None:
        for node in klass[1].body:
            if isinstance(node, FunctionNode) and node.name in METHODS:
                yield klass[0], node, node.name.upper()
    elif function is not None:
        yield function[0], function[1], ""


def _class_guards(module: Module, node: FunctionNode, tools: Tools) -> Iterator[str]:
    """The decorators that a class of views puts around each of its methods."""
    holder = module.parents.get(node)
    if not isinstance(holder, ast.ClassDef):
        return
    for statement in holder.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id in ("decorators", "method_decorators") for each in statement.targets
        ):
            for each in walk(statement.value):
                if isinstance(each, (ast.Name, ast.Attribute)):
                    yield tools.table.resolve(module, each)


def _made(
    module: Module,
    node: FunctionNode,
    path_node: ast.expr,
    methods: list[str],
    key: str,
    hubs: dict[str, _Hub],
    tools: Tools,
    everywhere: list[str],
    said: Module,
    extra: tuple[str, ...],
) -> Iterator[Route]:
    """The routes of one function under one path, one for each way and method."""
    own = [*extra, *decorators(module, node, tools)]
    statuses = tools.statuses.of(module, node)
    for prefix, before, mounted in _ways(hubs, key):
        path = re.sub(r"<(?:[^:<>]*:)?([^<>]+)>", r"{\1}", joined(prefix, plain_text(said, path_node))) or "/"
        depends = list(dict.fromkeys([*everywhere, *before, *own]))
        # What runs before every request of the application often lets some through.
        sure = [each for each in depends if each not in everywhere]
        guards = tools.guards.among(sure) or tools.guards.handler(module, node)
        behind = [found for each in depends if (found := tools.table.function(each))]
        given = {*statuses, *(code for each in behind for code in tools.statuses.of(*each, 1))}
        success = min((code for code in statuses if 200 <= code < 300), default=200)
        for method in methods:
            yield Route(
                method, path, f"{module.name}.{module.qualified(node)}", tuple(depends),
                tuple(sorted({*statuses, success})), success, isinstance(node, ast.AsyncFunctionDef),
                module.at(node), node, module, mounted, "flask", tuple(guards),
                tools.guards.middleware or bool(tools.guards.among(everywhere)), (), tuple(sorted(given)),
                parameters=annotated(node),
            )  # fmt: skip


def decorators(module: Module, node: FunctionNode, tools: Tools) -> list[str]:
    """The dotted names of a function's decorators, as far as they have one."""
    found = [
        tools.table.resolve(module, each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list
    ]
    return [each for each in found if each]


def _methods(node: ast.expr | None) -> list[str]:
    """The methods that a list of texts names; GET where there is none."""
    named = [str(each.value).upper() for each in walk(node) if isinstance(each, ast.Constant)] if node else []
    return named or ["GET"]
