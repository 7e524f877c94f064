"""What depends on what, over all modules: FastAPI's `Depends(x)` in signatures, aliases and routers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import walk


class Dependencies:
    """What depends on what, over all modules: `Depends(x)` in signatures, aliases and routers."""

    def __init__(self, modules: tuple[Module, ...]) -> None:
        self._modules = {module.name: module for module in modules}
        self._named: dict[str, list[Module]] = {}
        for module in modules:
            self._named.setdefault(module.name, []).append(module)
        self._functions: dict[str, dict[str, tuple[Module, FunctionNode]]] = {}

    def _functions_of(self, owner: str) -> dict[str, tuple[Module, FunctionNode]]:
        """The functions of the modules of a name, and what calling their classes calls; worked out when asked for."""
        known = self._functions.get(owner)
        if known is None:
            known = self._functions[owner] = {}
            for module in self._named.get(owner, ()):
                for node in module.tree.body:
                    if isinstance(node, FunctionNode):
                        known[node.name] = (module, node)
                    elif isinstance(node, ast.ClassDef):
                        for sub in node.body:
                            if isinstance(sub, FunctionNode) and sub.name in ("__call__", "__init__"):
                                known.setdefault(node.name, (module, sub))
        return known

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

    @property
    def modules(self) -> tuple[Module, ...]:
        """The modules that are looked at."""
        return tuple(self._modules.values())

    def constant(self, key: str) -> tuple[Module, ast.expr] | None:
        """The module's constant behind a key, or None."""
        owner, _, name = key.rpartition(".")
        there = self._modules.get(owner)
        value = there.constants.get(name) if there is not None else None
        return (there, value) if there is not None and value is not None else None

    def class_of(self, key: str) -> tuple[Module, ast.ClassDef] | None:
        """The class behind a key, or None."""
        owner, _, name = key.rpartition(".")
        there = self._modules.get(owner)
        node = there.classes.get(name) if there is not None else None
        return (there, node) if there is not None and node is not None else None

    def function(self, key: str) -> tuple[Module, FunctionNode] | None:
        """The function behind a key, or None."""
        owner, _, name = key.rpartition(".")
        return self._functions_of(owner).get(name)

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
            waiting.extend(self._behind(key))
        return found

    def _behind(self, key: str) -> list[str]:
        """What a dependency depends on itself: its parameters, those of functions that it makes, its class."""
        known = self.function(key)
        if known is not None:
            module, function = known
            inner = [node for node in walk(function) if isinstance(node, FunctionNode)]
            return [found for node in inner for found in self.of_function(module, node)]
        owner, _, name = key.rpartition(".")
        there = self._modules.get(owner)
        made = there.constants.get(name) if there is not None else None
        return [self.resolve(there, made.func)] if there is not None and isinstance(made, ast.Call) else []


def _depends_nodes(module: Module, node: ast.AST) -> Iterator[ast.expr]:
    """What stands inside each `Depends(...)` below a node; of a call, what is called."""
    for call in walk(node):
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
