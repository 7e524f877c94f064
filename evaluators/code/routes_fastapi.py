"""The routes of FastAPI: apps and routers, prefixes and dependencies worked out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluators.code.apps_fastapi import made_by, making
from evaluators.code.depends import Dependencies
from evaluators.code.module import FunctionNode, Module
from evaluators.code.route import METHODS, Route, annotated, keyword, plain_text, status_of
from evaluators.code.tools import Tools
from evaluators.code.walking import walk

_PLAIN = ("Annotated", "Optional", "Union", "Required")
"""What an answer's class may be inside of, and still be all of the answer."""


@dataclass
class _Hub:
    """An app or a router."""

    key: str
    is_app: bool
    prefix: str
    dependencies: list[str]
    included: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """(prefix, parent's key, dependencies) for each inclusion."""


def of(modules: tuple[Module, ...], tools: Tools) -> list[Route]:
    """Every route of the modules."""
    table = tools.table
    makers = making(modules, table)
    hubs = {hub.key: hub for module in makers for hub in _hubs(module, table)}
    if not hubs:
        return []
    for module in modules:
        if module.speaks(("include_router", "mount")):
            _note_inclusions(module, hubs, table)
    found: list[Route] = []
    for module in modules:
        if not module.speaks(("@", "add_api_route")):
            continue
        for node in module.functions:
            for decorator in node.decorator_list:
                found.extend(_of_decorator(module, node, decorator, hubs, tools))
        for call in module.calls:
            found.extend(_added(module, call, hubs, tools))
    return found


def _hubs(module: Module, table: Dependencies) -> Iterator[_Hub]:
    """The apps and routers that a module makes."""
    for node in module.nodes:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value:
            targets, value = [node.target], node.value
        else:
            continue
        made = made_by(module, value, table)
        for target in targets if made is not None else ():
            if isinstance(target, ast.Name) and made is not None:
                yield _Hub(
                    f"{module.name}.{target.id}",
                    made.is_app,
                    "" if made.is_app else plain_text(made.module, keyword(made.call, "prefix")),
                    [
                        *table.keys(made.module, keyword(made.call, "dependencies")),
                        *_route_class(made.module, made.call, table),
                    ],
                )


def _route_class(module: Module, call: ast.Call, table: Dependencies) -> list[str]:
    """The class of a router's routes: its `get_route_handler` runs before every handler, as a dependency does."""
    node = keyword(call, "route_class")
    return [table.resolve(module, node)] if node is not None else []


def _note_inclusions(module: Module, hubs: dict[str, _Hub], table: Dependencies) -> None:
    """Remember who includes whom."""
    for call in module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("include_router", "mount"):
            continue
        parent = table.resolve(module, call.func.value)
        is_mount = call.func.attr == "mount"
        child_at = 1 if is_mount else 0
        child = call.args[child_at] if len(call.args) > child_at else keyword(call, "app" if is_mount else "router")
        prefix = plain_text(module, call.args[0] if is_mount and call.args else keyword(call, "prefix"))
        key = table.resolve(module, child) if child is not None else ""
        if key in hubs:
            extra = table.keys(module, keyword(call, "dependencies"))
            hubs[key].included.append((prefix, parent, extra))


def _of_decorator(
    module: Module, node: FunctionNode, decorator: ast.expr, hubs: dict[str, _Hub], tools: Tools
) -> Iterator[Route]:
    """The routes that one decorator declares."""
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return
    verb = decorator.func.attr
    key = tools.table.resolve(module, decorator.func.value)
    path_node = decorator.args[0] if decorator.args else keyword(decorator, "path")
    if verb in (*METHODS, "api_route") and key in hubs and path_node is not None:
        yield from _declared(module, node, module, decorator, (verb, key, path_node), hubs, tools)


def _added(module: Module, call: ast.Call, hubs: dict[str, _Hub], tools: Tools) -> Iterator[Route]:
    """The routes of `router.add_api_route("/path", function, ...)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_api_route":
        return
    path_node = call.args[0] if call.args else keyword(call, "path")
    endpoint = call.args[1] if len(call.args) > 1 else keyword(call, "endpoint")
    key = tools.table.resolve(module, call.func.value)
    behind = tools.table.function(tools.table.resolve(module, endpoint)) if endpoint is not None else None
    if key in hubs and behind is not None and path_node is not None:
        yield from _declared(behind[0], behind[1], module, call, ("api_route", key, path_node), hubs, tools)


def _declared(
    owner: Module,
    node: FunctionNode,
    module: Module,
    call: ast.Call,
    what: tuple[str, str, ast.expr],
    hubs: dict[str, _Hub],
    tools: Tools,
) -> Iterator[Route]:
    """The routes that a call declares for a function, one for each way by which an app reaches it."""
    verb, key, path_node = what
    table = tools.table
    own = [*table.keys(module, keyword(call, "dependencies")), *table.of_function(owner, node)]
    success, declared = _statuses(module, call)
    inside = tools.statuses.of(owner, node)
    response, many = _response(owner, node, module, call, table)
    body = tuple(_body(owner, node, table))
    for prefix, inherited, mounted in _ways(hubs, key, ()):
        path = re.sub(r":[a-z]+\}", "}", prefix + plain_text(module, path_node)) or "/"
        depends = table.closure([*inherited, *own])
        behind = [found for each in depends if (found := table.function(each))]
        for method in _methods(call, verb):
            yield Route(
                method,
                path,
                f"{owner.name}.{node.name}",
                tuple(depends),
                tuple(sorted({*declared, success, *inside})),
                success,
                isinstance(node, ast.AsyncFunctionDef),
                owner.at(node),
                node,
                owner,
                mounted,
                guards=tuple(tools.guards.among(depends) or tools.guards.handler(owner, node)),
                perhaps_guarded=tools.guards.middleware,
                declared=tuple(sorted(declared)),
                given=tuple(sorted({*inside, *(code for each in behind for code in tools.statuses.of(*each, 1))})),
                body=body,
                response=response,
                response_many=many,
                parameters=annotated(node),
            )


def _methods(decorator: ast.Call, verb: str) -> list[str]:
    """The methods of `@app.get` or of `@app.api_route(..., methods=[...])`."""
    if verb != "api_route":
        return [verb.upper()]
    given = keyword(decorator, "methods")
    names = [sub.value for sub in walk(given) if isinstance(sub, ast.Constant)] if given else ["GET"]
    return [str(name).upper() for name in names]


def _ways(hubs: dict[str, _Hub], key: str, seen: tuple[str, ...]) -> Iterator[tuple[str, list[str], bool]]:
    """Every (prefix, dependencies, mounted) by which a hub is reached from an app."""
    hub = hubs[key]
    if hub.is_app and not hub.included:
        yield hub.prefix, hub.dependencies, True
        return
    reached = False
    for prefix, parent, extra in hub.included:
        if parent in hubs and parent not in seen:
            for above, inherited, mounted in _ways(hubs, parent, (*seen, key)):
                reached = True
                yield above + prefix + hub.prefix, [*inherited, *extra, *hub.dependencies], mounted
    if not reached:
        yield hub.prefix, hub.dependencies, bool(hub.included)


def _statuses(module: Module, call: ast.Call) -> tuple[int, set[int]]:
    """The success status, and every status that the declaration names."""
    given = status_of(module, keyword(call, "status_code"))
    found = {given} if given is not None else set()
    responses = keyword(call, "responses")
    if isinstance(responses, ast.Dict):
        found.update(code for key in responses.keys if key is not None and (code := status_of(module, key)))
    return given or 200, found


def _response(
    owner: Module, node: FunctionNode, module: Module, call: ast.Call, table: Dependencies
) -> tuple[str, bool]:
    """The class that the answer is written as (`response_model`, else the annotation), and whether in a list or so."""
    given = keyword(call, "response_model")
    if isinstance(given, ast.Constant):
        return "", False
    place, said = (module, given) if given is not None else (owner, node.returns)
    many = False
    for _ in range(4):
        if not isinstance(said, ast.Subscript):
            break
        outer = place.dotted(said.value).rpartition(".")[2]
        # A generic model of the project is what is written; of what another one wraps the answer in, nothing is known.
        if table.class_of(table.resolve(place, said.value)) is not None:
            said = said.value
            break
        many = many or outer not in _PLAIN
        inner = said.slice
        said = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
    if isinstance(said, ast.BinOp):
        said = said.left
    key = table.resolve(place, said) if said is not None else ""
    return (key, many) if key and table.class_of(key) is not None else ("", many)


def _body(module: Module, node: FunctionNode, table: Dependencies) -> Iterator[str]:
    """The own classes that parameters without a dependency are read as."""
    depending = table.of_parameters(module, node)
    for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        if depending.get(argument.arg):
            continue
        key = table.meaning(module, argument.annotation)
        found = table.class_of(key)
        if found is not None and found[1].bases and not _is_enum(*found):
            yield key


def _is_enum(module: Module, node: ast.ClassDef) -> bool:
    """Whether a class is an enumeration, which is read from the address."""
    return any(module.dotted(base).rpartition(".")[2] in ("Enum", "StrEnum", "IntEnum") for base in node.bases)
