"""Which names are not a service's own: those of languages, libraries and standards, as its code uses them."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
ALWAYS, SQL, STANDARD, KEEP_FIELDS, OPEN = (
    frozenset(LISTS[key].split()) for key in ("always", "sql", "standard", "takes_fields", "open_types")
)
BUILTIN = frozenset(dir(builtins)) - {"copyright", "credits", "exit", "help", "license", "quit"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SETTINGS = frozenset({"BaseSettings"})
EVENTS = frozenset({"Message", "Scope"})
"""Types of mappings whose keys are ASGI's."""


def kept(texts: Mapping[Path, str]) -> set[str]:
    """The names that must stay in a service: path -> text of its files."""
    code = Code({path: ast.parse(text) for path, text in texts.items() if path.suffix == ".py"})
    stays = {*ALWAYS, *STANDARD, *SQL, *keyword.kwlist, *keyword.softkwlist, *BUILTIN, *code.outside()}
    whole = "\n".join(texts.values())
    stays |= {word for word, phrase in LISTS["sql_phrases"].items() if re.search(rf"\b{phrase}", whole)}
    return stays | set(re.findall(r"%\((levelname|message|name|asctime|module)\)", whole))


class Code:
    """What the modules of a service define, import and call."""

    def __init__(self, trees: Mapping[Path, ast.Module]) -> None:
        self.trees = trees
        self.packages = {path.with_suffix("").parts[0] for path in trees}
        every = [node for tree in trees.values() for node in ast.walk(tree)]
        self.classes: dict[str, list[ast.ClassDef]] = {}
        for node in every:
            if isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, []).append(node)
        self.functions = {node.name for node in every if isinstance(node, FUNCTIONS)}
        owners = [owner for several in self.classes.values() for owner in several]
        self.methods = {node.name for owner in owners for node in owner.body if isinstance(node, FUNCTIONS)}
        self.imported = {path: dict(_imports(tree, self.packages)) for path, tree in trees.items()}

    def outside(self) -> set[str]:
        """Every name that something outside of the service gave its meaning."""
        found: set[str] = set()
        for path, tree in self.trees.items():
            found |= {name for name, whose in self.imported[path].items() if whose} | self._fields(path, tree)
            for scope in _scopes(tree):
                typed = self._typed(path, scope)
                for node in scope:
                    found |= self._given(path, node, typed)
        return found

    def _given(self, path: Path, node: ast.AST, typed: Mapping[str, str]) -> set[str]:
        """The names that one place in the code has from outside."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            return _modules(node, self.packages)
        if isinstance(node, ast.Attribute):
            return self._attribute(path, node, typed)
        if isinstance(node, ast.Call):
            return self._call(path, node, typed)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            return {str(node.slice.value)} if typed.get(_root(node)) in EVENTS else set()
        if isinstance(node, ast.Dict) and any(_is_event(value) for value in node.values):
            return {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        return set()

    def _is_outside(self, path: Path, name: str) -> bool:
        """Whether a name in a module is something of a library or of the language."""
        return self.imported[path].get(name, name in BUILTIN and name not in self.functions)

    def _typed(self, path: Path, scope: Iterable[ast.AST]) -> dict[str, str]:
        """Variables that are said to be something of a library, and what `except` binds -> the type."""
        found: dict[str, str] = {}
        for node in scope:
            if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
                target = node.arg if isinstance(node, ast.arg) else getattr(node.target, "id", "")
                kind = _plain(node.annotation)
                first, last = _root(kind), _end(kind)
                if target and not {first, last} & OPEN and self._is_outside(path, first):
                    found[target] = last
            elif isinstance(node, ast.ExceptHandler) and node.name and node.type is not None:
                found |= {node.name: ""} if self._is_outside(path, _root(node.type)) else {}
        return found

    def _attribute(self, path: Path, node: ast.Attribute, typed: Mapping[str, str]) -> set[str]:
        """An attribute of what a library gives."""
        root = _root(node)
        plain = not any(isinstance(each, ast.Call | ast.Subscript) for each in _chain(node))
        if (plain and self._is_outside(path, root)) or (isinstance(node.value, ast.Name) and root in typed):
            return {node.attr}
        return set()

    def _call(self, path: Path, node: ast.Call, typed: Mapping[str, str]) -> set[str]:
        """The method that is called and the keywords it is given, unless they are the service's own."""
        keywords = {each.arg for each in node.keywords if each.arg}
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in self.classes:
                return keywords - self._members(name) if self._from_outside(name) else set()
            return keywords if self._is_outside(path, name) else set()
        if not isinstance(node.func, ast.Attribute):
            return set()
        root, method = _root(node.func), node.func.attr
        # A module of the service, one of its classes, or an object that calls its own method.
        plain = not any(isinstance(each, ast.Call | ast.Subscript) for each in _chain(node.func))
        if plain and self.imported[path].get(root) is False and method in {*self.functions, *self.classes}:
            cls = method if method in self.classes else ""
            return keywords - self._members(cls) if cls and self._from_outside(cls) else set()
        if method in self.methods and root not in typed:
            return set()
        first = {_first(node)} if method == "get" and typed.get(root) in EVENTS else set()
        return {method} | first | (set() if method in KEEP_FIELDS else keywords)

    def _bases(self, name: str) -> Iterator[ast.ClassDef]:
        """A class of the service and those of the service that it is made from."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            each = waiting.pop()
            if each in self.classes and each not in seen:
                seen.add(each)
                yield from self.classes[each]
                waiting += [_root(base) for node in self.classes[each] for base in node.bases]

    def _from_outside(self, name: str) -> bool:
        """Whether a class has a base in a library; its keywords may be that one's."""
        return any(_root(base) not in self.classes for each in self._bases(name) for base in each.bases)

    def _members(self, name: str) -> set[str]:
        """The fields of a class, and what its methods take."""
        found: set[str] = set()
        for each in self._bases(name):
            for node in ast.walk(each):
                if isinstance(node, ast.AnnAssign | ast.Assign):
                    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                    found |= {target.id for target in targets if isinstance(target, ast.Name)}
                elif isinstance(node, ast.arg):
                    found.add(node.arg)
        return found

    def _fields(self, path: Path, tree: ast.Module) -> set[str]:
        """Names that stand for something in the environment or in a request's head."""
        found: set[str] = set()
        for name in self.classes:
            if any(_root(base) in SETTINGS for each in self._bases(name) for base in each.bases):
                found |= self._members(name)
        for arg in ast.walk(tree):
            if isinstance(arg, ast.arg) and arg.annotation is not None and "Header(" in ast.unparse(arg.annotation):
                found.add(arg.arg)
        return found


def _scopes(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """The nodes of each function, with what is in it, and those outside of functions."""
    rest: list[ast.AST] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FUNCTIONS):
            yield list(ast.walk(node))
        else:
            rest.append(node)
            waiting += ast.iter_child_nodes(node)
    yield rest


def _imports(tree: ast.Module, packages: set[str]) -> Iterator[tuple[str, bool]]:
    """Each name that a module imports, and whether it comes from outside of the service."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (
                (each.asname or each.name.split(".")[0], _top(each.name) not in packages) for each in node.names
            )
        elif isinstance(node, ast.ImportFrom):
            outside = not node.level and _top(node.module or "") not in packages
            yield from ((each.asname or each.name, outside) for each in node.names)


def _modules(node: ast.Import | ast.ImportFrom, packages: set[str]) -> set[str]:
    """The parts of the modules that are imported from outside, and the names taken from them."""
    if isinstance(node, ast.Import):
        return {part for each in node.names if _top(each.name) not in packages for part in each.name.split(".")}
    if node.level or _top(node.module or "") in packages:
        return set()
    return {*(node.module or "").split("."), *(each.name for each in node.names)}


def _top(module: str) -> str:
    return module.partition(".")[0]


def _chain(node: ast.AST) -> Iterator[ast.AST]:
    """A chain of attributes, calls and subscripts from its end to its root."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        yield node
        node = node.func if isinstance(node, ast.Call) else node.value


def _root(node: ast.AST) -> str:
    """The name that a chain begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript | ast.BinOp | ast.Await | ast.Tuple):
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.Tuple):
            node = node.elts[0] if node.elts else ast.Name("")
        else:
            node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _plain(node: ast.AST) -> ast.AST:
    """The type of `Annotated[type, ...]`."""
    while isinstance(node, ast.Subscript) and _end(node) == "Annotated" and isinstance(node.slice, ast.Tuple):
        node = node.slice.elts[0]
    return node


def _end(node: ast.AST) -> str:
    """The last name of a type: `Row` of `sqlite3.Row | None`."""
    while isinstance(node, ast.Subscript | ast.BinOp):
        node = node.left if isinstance(node, ast.BinOp) else node.value
    return node.attr if isinstance(node, ast.Attribute) else _root(node)


def _is_event(node: ast.AST) -> bool:
    """Whether a value is the type of an ASGI message."""
    return isinstance(node, ast.Constant) and bool(re.match(r"(http|websocket|lifespan)\.", str(node.value)))


def _first(node: ast.Call) -> str:
    """The first argument, where it is a text."""
    first: Iterable[ast.expr] = node.args[:1]
    return next((str(each.value) for each in first if isinstance(each, ast.Constant)), "")
