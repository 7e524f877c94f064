"""One Python file of a draft: its tree, its imports, and what its names mean."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeVar

from evaluators.code.walking import children, walk
from evaluators.draft import Artifact, Role
from evaluators.finding import Location

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Assigning = ast.Assign | ast.AnnAssign | ast.AugAssign

T = TypeVar("T")


@dataclass(frozen=True)
class Import:
    """One imported name.

    `import a.b as c` is module `a.b`, name ``, alias `c`;
    `from a import b` is module `a`, name `b`, alias `b`.
    """

    module: str
    """Dotted and absolute: a relative import is worked out from the file's path."""
    name: str
    alias: str
    at: Location
    optional: bool = False
    """It stands in a `try` that catches ImportError, or under `if TYPE_CHECKING`."""

    @property
    def target(self) -> str:
        """What the alias means, dotted."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class SyntaxFlaw:
    """Why a file does not parse."""

    at: Location
    message: str
    line: str


@dataclass(frozen=True, eq=False)
class Module:
    """One Python file. An unparsable one has an empty tree and a `flaw`."""

    path: str
    name: str
    """Its dotted name from the project's root (`app.main`, `app` for `app/__init__.py`)."""
    text: str
    testing: bool
    is_package: bool = False
    summary: dict[str, Any] = field(default_factory=dict, repr=False)
    """What `known` worked out of this module, in this run or an earlier one: JSON values by name."""
    _within: dict[FunctionNode, tuple[ast.AST, ...]] = field(default_factory=dict, repr=False)
    _assigned: dict[FunctionNode, dict[str, list[Assigning]]] = field(default_factory=dict, repr=False)
    _called: dict[ast.Call, str] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> str:
        """A hash of all that the facts of this module follow from."""
        about = repr((self.path, self.name, self.testing, self.is_package, self.text))
        return hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def _parsed(self) -> tuple[ast.Module, SyntaxFlaw | None]:
        """The tree, and why it is empty. A module that nobody looks into is never parsed."""
        return _parse(self.path, self.text)

    @property
    def tree(self) -> ast.Module:
        """The file's tree; an empty one where it does not parse."""
        return self._parsed[0]

    @cached_property
    def flaw(self) -> SyntaxFlaw | None:
        """Why the file does not parse, or None."""
        return self._parsed[1] if self.known("flawed", lambda module: module._parsed[1] is not None) else None

    def known(self, what: str, make: Callable[[Module], T]) -> T:
        """A JSON value that follows from this module alone, by its name: the one that was kept, else `make(self)`."""
        if what not in self.summary:
            self.summary[what] = make(self)
        value: T = self.summary[what]
        return value

    def speaks(self, words: Iterable[str]) -> bool:
        """Whether the text holds one of the words: where it does not, no name of the tree does."""
        return any(word in self.text for word in words)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, breadth first."""
        return tuple(walk(self.tree))

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """Every call of the file."""
        return tuple(node for node in self.nodes if isinstance(node, ast.Call))

    @cached_property
    def functions(self) -> tuple[FunctionNode, ...]:
        """Every function and method, nested ones too."""
        return tuple(node for node in self.nodes if isinstance(node, FunctionNode))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each node's parent."""
        return {child: node for node in self.nodes for child in children(node)}

    @cached_property
    def _holders(self) -> dict[ast.AST, FunctionNode]:
        """Each node's innermost function, for nodes that are in one."""
        held: dict[ast.AST, FunctionNode] = {}
        for node in self.nodes:
            around = node if isinstance(node, FunctionNode) else held.get(node)
            if around is not None:
                held.update(dict.fromkeys(children(node), around))
        return held

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import, in order."""
        return tuple(
            Import(module, name, alias, Location(self.path, line, column), optional)
            for module, name, alias, line, column, optional in self.known("imports", _rows)
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """Alias -> dotted meaning, for everything imported anywhere in the file."""
        names: dict[str, str] = {}
        for each in self.imports:
            if each.name or each.alias != each.module.split(".")[0]:
                names[each.alias] = each.target
            else:
                names[each.alias] = each.alias
        return names

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Name -> value of every plain assignment at the top level (the last one wins)."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found[target.id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                found[node.target.id] = node.value
        return found

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Name -> every class at the top level."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    @cached_property
    def bound(self) -> frozenset[str] | None:
        """The names that importing this module defines; None where that cannot be told."""
        names: set[str] = set()
        return frozenset(names) if _bind(self.tree.body, names) else None

    def at(self, node: ast.AST) -> Location:
        """A node's place."""
        return Location(self.path, getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1)

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), stripped; empty where there is none."""
        lines = self.text.split("\n")
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def source(self, node: ast.AST) -> str:
        """The first line of a node's statement, for evidence."""
        return self.line(getattr(node, "lineno", 0))

    def dotted(self, node: ast.AST | None) -> str:
        """What a name or attribute chain means (`jwt.decode`); empty for anything else.

        The first name is replaced by what it was imported as; a name of this
        module stays as it is written.
        """
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        parts.append(self.names.get(node.id, node.id))
        return ".".join(reversed(parts))

    def called(self, node: ast.AST | None) -> str:
        """What a call calls, dotted; empty where it is no call of a name."""
        if not isinstance(node, ast.Call):
            return ""
        known = self._called.get(node)
        if known is None:
            known = self._called[node] = self.dotted(node.func)
        return known

    def function_around(self, node: ast.AST) -> FunctionNode | None:
        """The innermost function that holds a node; None at the module's level."""
        return self._holders.get(node)

    def within(self, function: FunctionNode) -> tuple[ast.AST, ...]:
        """Every node of a function, itself included; worked out once."""
        known = self._within.get(function)
        if known is None:
            known = self._within[function] = tuple(walk(function))
        return known

    def assigned(self, function: FunctionNode) -> dict[str, list[Assigning]]:
        """Name -> the statements of a function that give it a value, in order; loops and `with` are left out."""
        known = self._assigned.get(function)
        if known is None:
            known = self._assigned[function] = {}
            for node in self.within(function):
                if isinstance(node, Assigning):
                    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                        if isinstance(target, ast.Name):
                            known.setdefault(target.id, []).append(node)
            for statements in known.values():
                statements.sort(key=lambda each: (each.lineno, each.col_offset))
        return known

    def qualified(self, node: ast.AST) -> str:
        """A stable name of a node's surroundings: `Class.method`, or `<module>`."""
        parts: list[str] = []
        current: ast.AST | None = node
        while current is not None:
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                parts.append(current.name)
            current = self.parents.get(current)
        return ".".join(reversed(parts)) or "<module>"


def read(artifact: Artifact, root: str = "") -> Module:
    """One Python artifact, parsed when it is looked into; never raises. Its imports are written from `root`."""
    path = PurePosixPath(artifact.path)
    parts = list(path.with_suffix("").parts)[len(PurePosixPath(root).parts) :]
    if len(parts) > 1 and parts[0] == "src":
        parts = parts[1:]
    is_package = parts[-1] == "__init__"
    if is_package and len(parts) > 1:
        parts = parts[:-1]
    return Module(artifact.path, ".".join(parts), artifact.text, artifact.role is Role.TEST, is_package)


def _parse(path: str, text: str) -> tuple[ast.Module, SyntaxFlaw | None]:
    """The tree of a file, or an empty one and why."""
    try:
        return ast.parse(text, filename=path), None
    except SyntaxError as error:
        at = Location(path, error.lineno or 0, error.offset or 0)
        message, line = error.msg or "invalid syntax", (error.text or "").strip()
    except (ValueError, RecursionError, MemoryError):
        at, message, line = Location(path), "the file cannot be parsed", ""
    return ast.Module(body=[], type_ignores=[]), SyntaxFlaw(at, message, line[:200])


def _rows(module: Module) -> list[list[Any]]:
    """A module's imports as JSON values: the fields of `Import`, its line and column in place of `at`."""
    found: list[Import] = []
    _gather_imports(module, module.tree, False, found)
    return [[each.module, each.name, each.alias, each.at.line, each.at.column, each.optional] for each in found]


def _gather_imports(module: Module, node: ast.AST, optional: bool, into: list[Import]) -> None:
    """Append the imports below `node`, knowing which ones may fail."""
    for child in children(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                alias = name.asname or name.name.split(".")[0]
                into.append(Import(name.name, "", alias, module.at(child), optional))
        elif isinstance(child, ast.ImportFrom):
            source = _absolute(module, child)
            into.extend(
                Import(source, name.name, name.asname or name.name, module.at(child), optional) for name in child.names
            )
        elif not isinstance(child, ast.expr):  # No expression holds a statement.
            _gather_imports(module, child, optional or _forgives(child), into)


def _forgives(node: ast.AST) -> bool:
    """Whether a failing import below this node is expected."""
    if isinstance(node, ast.Try):
        names = {
            sub.id
            for handler in node.handlers
            if handler.type
            for sub in walk(handler.type)
            if isinstance(sub, ast.Name)
        }
        return bool(names & {"ImportError", "ModuleNotFoundError", "Exception"})
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    """The absolute name of the module that `from ... import` names."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    package = parts if module.is_package else parts[:-1]
    base = package[: len(package) - (node.level - 1)] if node.level > 1 else package
    return ".".join([*base, *([node.module] if node.module else [])])


def _bind(body: list[ast.stmt], names: set[str]) -> bool:
    """Collect the names that statements bind; False where they cannot be known."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if node.name == "__getattr__":
                return False
            names.add(node.name)
            continue
        for sub in _here(node):
            if isinstance(sub, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(sub.name)
            elif isinstance(sub, ast.alias):
                if sub.name == "*":
                    return False
                names.add((sub.asname or sub.name).split(".")[0])
            elif isinstance(sub, ast.Name) and isinstance(sub.ctx, ast.Store):
                names.add(sub.id)
            elif (
                isinstance(sub, ast.Call)
                and isinstance(sub.func, ast.Name)
                and sub.func.id in ("globals", "vars", "exec")
            ):
                return False
            elif isinstance(sub, ast.ExceptHandler) and sub.name:
                names.add(sub.name)
    return True


def _here(node: ast.AST) -> Iterator[ast.AST]:
    """A statement's nodes, without the insides of functions, classes and lambdas."""
    yield node
    for child in children(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield child
        elif not isinstance(child, ast.Lambda):
            yield from _here(child)
