"""The routes that Python code declares: FastAPI apps and routers, prefixes and dependencies worked out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

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
    """`module.function`."""
    dependencies: tuple[str, ...]
    """Dotted names of everything that it depends on, those of its routers and those behind them too."""
    statuses: tuple[int, ...]
    """Declared (`status_code`, `responses`), and raised as HTTPException in the function itself."""
    success: int
    """The status of a good answer."""
    is_async: bool
    at: Location
    node: FunctionNode
    module: Module
    mounted: bool = True
    """False where no app includes its router."""


@dataclass
class _Hub:
    """An app or a router."""

    key: str
    is_app: bool
    prefix: str
    dependencies: list[str]
    included: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """(prefix, parent's key, dependencies) for each inclusion."""


def of(modules: tuple[Module, ...]) -> tuple[Route, ...]:
    """Every route of the modules, sorted by path and method."""
    table = Dependencies(modules)
    hubs = {hub.key: hub for module in modules for hub in _hubs(module, table)}
    for module in modules:
        _note_inclusions(module, hubs, table)
    found: list[Route] = []
    for module in modules:
        for node in module.functions:
            for decorator in node.decorator_list:
                found.extend(_of_decorator(module, node, decorator, hubs, table))
    return tuple(sorted(found, key=lambda route: (route.path, route.method, route.at)))


def _hubs(module: Module, table: Dependencies) -> Iterator[_Hub]:
    """The apps and routers that a module makes."""
    for node in module.nodes:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value:
            targets, value = [node.target], node.value
        else:
            continue
        made = module.called(value).rpartition(".")[2]
        if isinstance(value, ast.Call) and made in ("FastAPI", "APIRouter"):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield _Hub(
                        f"{module.name}.{target.id}",
                        made == "FastAPI",
                        _text(module, _keyword(value, "prefix")) if made == "APIRouter" else "",
                        table.keys(module, _keyword(value, "dependencies")),
                    )


def _note_inclusions(module: Module, hubs: dict[str, _Hub], table: Dependencies) -> None:
    """Remember who includes whom."""
    for call in module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("include_router", "mount"):
            continue
        parent = table.resolve(module, call.func.value)
        is_mount = call.func.attr == "mount"
        child_at = 1 if is_mount else 0
        child = call.args[child_at] if len(call.args) > child_at else _keyword(call, "app" if is_mount else "router")
        prefix = _text(module, call.args[0] if is_mount and call.args else _keyword(call, "prefix"))
        key = table.resolve(module, child) if child is not None else ""
        if key in hubs:
            extra = table.keys(module, _keyword(call, "dependencies"))
            hubs[key].included.append((prefix, parent, extra))


def _of_decorator(
    module: Module, node: FunctionNode, decorator: ast.expr, hubs: dict[str, _Hub], table: Dependencies
) -> Iterator[Route]:
    """The routes that one decorator declares."""
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return
    verb = decorator.func.attr
    key = table.resolve(module, decorator.func.value)
    path_node = decorator.args[0] if decorator.args else _keyword(decorator, "path")
    if verb not in (*METHODS, "api_route") or key not in hubs or path_node is None:
        return
    own = [*table.keys(module, _keyword(decorator, "dependencies")), *table.of_function(module, node)]
    success, statuses = _statuses(module, node, decorator)
    for prefix, inherited, mounted in _ways(hubs, key, ()):
        path = re.sub(r":[a-z]+\}", "}", prefix + _text(module, path_node)) or "/"
        for method in _methods(decorator, verb):
            yield Route(
                method,
                path,
                f"{module.name}.{node.name}",
                tuple(table.closure([*inherited, *own])),
                statuses,
                success,
                isinstance(node, ast.AsyncFunctionDef),
                module.at(node),
                node,
                module,
                mounted,
            )


def _methods(decorator: ast.Call, verb: str) -> list[str]:
    """The methods of `@app.get` or of `@app.api_route(..., methods=[...])`."""
    if verb != "api_route":
        return [verb.upper()]
    given = _keyword(decorator, "methods")
    names = [sub.value for sub in ast.walk(given) if isinstance(sub, ast.Constant)] if given else ["GET"]
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


def _statuses(module: Module, node: FunctionNode, decorator: ast.Call) -> tuple[int, tuple[int, ...]]:
    """The success status, and every status that is declared or raised in the function itself."""
    given = _keyword(decorator, "status_code")
    success = (status_of(module, given) if given is not None else None) or 200
    found = {success}
    responses = _keyword(decorator, "responses")
    if isinstance(responses, ast.Dict):
        found.update(code for key in responses.keys if key is not None and (code := status_of(module, key)))
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and module.called(call).endswith("HTTPException"):
            raised = call.args[0] if call.args else _keyword(call, "status_code")
            if raised is not None and (code := status_of(module, raised)):
                found.add(code)
    return success, tuple(sorted(found))


def status_of(module: Module, node: ast.expr) -> int | None:
    """The number that `404`, `"404"` or `status.HTTP_404_NOT_FOUND` stands for, else None."""
    if isinstance(node, ast.Constant):
        return int(str(node.value)) if str(node.value).isdigit() else None
    named = re.search(r"HTTP_(\d{3})", module.dotted(node))
    if named:
        return int(named.group(1))
    from_http = re.fullmatch(r"http\.HTTPStatus\.([A-Z_]+)(\.value)?", module.dotted(node))
    if from_http:
        from http import HTTPStatus

        found = HTTPStatus.__members__.get(from_http.group(1))
        return int(found) if found is not None else None
    return None


class Dependencies:
    """What depends on what, over all modules: `Depends(x)` in signatures, aliases and routers."""

    def __init__(self, modules: tuple[Module, ...]) -> None:
        self._modules = {module.name: module for module in modules}
        self._functions: dict[str, tuple[Module, FunctionNode]] = {}
        for module in modules:
            for node in module.tree.body:
                if isinstance(node, FunctionNode):
                    self._functions[f"{module.name}.{node.name}"] = (module, node)
                elif isinstance(node, ast.ClassDef):
                    for sub in node.body:
                        if isinstance(sub, FunctionNode) and sub.name in ("__call__", "__init__"):
                            self._functions.setdefault(f"{module.name}.{node.name}", (module, sub))

    def resolve(self, module: Module, node: ast.expr) -> str:
        """The key (`module.name`) of what an expression names; re-exports are followed."""
        dotted = module.dotted(node)
        if not dotted:
            return ""
        name = dotted if _root(node) in module.names else f"{module.name}.{dotted}"
        for _ in range(5):
            owner, _, last = name.rpartition(".")
            there = self._modules.get(owner)
            if there is None or last not in there.names:
                break
            name = there.names[last]
        return name

    def function(self, key: str) -> tuple[Module, FunctionNode] | None:
        """The function behind a key, or None."""
        return self._functions.get(key)

    def of_function(self, module: Module, node: FunctionNode) -> list[str]:
        """Keys of what a function's parameters depend on."""
        return [key for keys in self.of_parameters(module, node).values() for key in keys]

    def of_parameters(self, module: Module, node: FunctionNode) -> dict[str, list[str]]:
        """Parameter -> keys of what it depends on."""
        found: dict[str, list[str]] = {}
        plain = [*node.args.posonlyargs, *node.args.args]
        defaults: list[ast.expr | None] = [None] * (len(plain) - len(node.args.defaults)) + list(node.args.defaults)
        for argument, default in zip([*plain, *node.args.kwonlyargs], [*defaults, *node.args.kw_defaults], strict=True):
            found[argument.arg] = self.keys(module, default)
            if argument.annotation is not None:
                found[argument.arg] += self._of_annotation(module, argument.annotation, 0)
        return found

    def meaning(self, module: Module, annotation: ast.expr | None, depth: int = 0) -> str:
        """The dotted type behind an annotation: `Annotated[T, ...]` and aliases are opened."""
        if isinstance(annotation, ast.Subscript) and module.dotted(annotation.value).endswith("Annotated"):
            inner = annotation.slice
            annotation = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
        if annotation is None or depth > 3:
            return ""
        key = self.resolve(module, annotation)
        owner, _, name = key.rpartition(".")
        there = self._modules.get(owner)
        alias = there.constants.get(name) if there else None
        return self.meaning(there, alias, depth + 1) if there and alias is not None else key

    def _of_annotation(self, module: Module, annotation: ast.expr, depth: int) -> list[str]:
        """Keys in `Annotated[T, Depends(x)]`, also behind an alias."""
        found = self.keys(module, annotation)
        if found or depth > 3 or not isinstance(annotation, (ast.Name, ast.Attribute)):
            return found
        owner, _, name = self.resolve(module, annotation).rpartition(".")
        there = self._modules.get(owner)
        alias = there.constants.get(name) if there else None
        return self._of_annotation(there, alias, depth + 1) if there and alias is not None else []

    def keys(self, module: Module, node: ast.expr | None) -> list[str]:
        """Keys of every `Depends(x)` and `Security(x)` below a node."""
        if node is None:
            return []
        return [self.resolve(module, inner) for inner in _depends_nodes(module, node)]

    def closure(self, keys: list[str]) -> list[str]:
        """The keys and everything behind them, in order, each once."""
        found: list[str] = []
        waiting = list(keys)
        while waiting:
            key = waiting.pop(0)
            if not key or key in found:
                continue
            found.append(key)
            if (behind := self._functions.get(key)) is not None:
                waiting.extend(self.of_function(*behind))
        return found


def _depends_nodes(module: Module, node: ast.AST) -> Iterator[ast.expr]:
    """What stands inside each `Depends(...)` below a node; of a call, what is called."""
    for call in ast.walk(node):
        if (
            isinstance(call, ast.Call)
            and module.called(call).rpartition(".")[2] in ("Depends", "Security")
            and call.args
        ):
            inner = call.args[0]
            yield inner.func if isinstance(inner, ast.Call) else inner


def _root(node: ast.expr) -> str:
    """The first name of an attribute chain, as it is written."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument, or None."""
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _text(module: Module, node: ast.expr | None) -> str:
    """The text that an expression certainly is, else empty (a constant of the module is looked up)."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name) and node.id in module.constants:
        return _text(module, module.constants[node.id])
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _text(module, part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values
        )
    return ""
