"""A Stack: the facts of a framework, read from one folder of data.

A folder beside this module that holds `stack.toml`, `requirements.in`,
`requirements.lock` and `modules.json` is a stack; nothing else lists them.
Plain dataclasses: every check of a project reads a stack, and a library of
models takes longer to import than the rest of the reading.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import tomllib
from dataclasses import dataclass, field, fields
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, get_args, get_origin, get_type_hints

from evaluators.draft import Draft, Role, Subject


class StackError(Exception):
    """A stack's folder is not as it must be, or there is no such stack; one line says why."""


@dataclass(frozen=True)
class Names:
    """The environment variables by which a service is told where things are."""

    database: str
    secret: str
    port: str


@dataclass(frozen=True)
class Service:
    """How a service of the stack is found, started and stopped."""

    command: tuple[str, ...]
    """Arguments with `{python}`, `{app}` and `{port}` to fill in."""
    apps: tuple[str, ...]
    """`module:name` of the usual applications, best first."""
    constructor: str
    """The name of the class whose instance is the application."""
    health: tuple[str, ...]
    contract: str
    """The path at which the served contract is found."""
    starts_within: float
    """Seconds to the first answer."""
    stops_within: float
    """Seconds from SIGTERM to the end."""
    environment: Names


@dataclass(frozen=True)
class Stack:
    """One framework with the packages that its services get."""

    name: str
    title: str
    language: str
    framework: str
    python: str
    """The language level that prompts name (`3.11`)."""
    marks: tuple[str, ...]
    """Distributions or imports by which a project is known to be of this stack."""
    service: Service
    drivers: dict[str, dict[str, str]]
    """Dialect -> package -> the scheme of a database's URL for it, the likeliest first."""
    packages: dict[str, str]
    """The packages that a draft of every dialect may ask for -> version, sorted by name."""
    locked: dict[str, str]
    """Every package of the environment -> version, the former's dependencies included."""
    modules: dict[str, str]
    """Every top-level import of the environment -> the package it comes from."""
    lock: str = field(repr=False)
    """The text of `requirements.lock`: versions and hashes, and no index."""

    def offered(self, dialect: str) -> dict[str, str]:
        """The packages that a draft of this dialect may ask for -> version, sorted by name."""
        drivers = {name: self.locked[name] for name in self.drivers.get(dialect, ())}
        return dict(sorted({**self.packages, **drivers}.items()))

    def command(self, python: str, app: str, port: int) -> tuple[str, ...]:
        """The arguments that start the application `app` (`module:name`)."""
        known = {"{python}": python, "{app}": app, "{port}": str(port)}
        return tuple(known.get(argument, argument) for argument in self.service.command)


def names() -> tuple[str, ...]:
    """The names of all stacks, sorted."""
    folder = resources.files("evaluators.stacks")
    return tuple(sorted(each.name for each in folder.iterdir() if each.is_dir() and (each / "stack.toml").is_file()))


@functools.cache
def find(name: str) -> Stack:
    """The stack called `name`. Raises StackError where there is none, or where its folder is broken."""
    if name not in names():
        raise StackError(f"there is no stack {name!r}; there is {', '.join(names())}")
    return read(resources.files("evaluators.stacks") / name)


def read(folder: Traversable) -> Stack:
    """Read a stack's folder. Raises StackError with the file and the reason."""
    try:
        data = tomllib.loads((folder / "stack.toml").read_text(encoding="utf-8"))
        wanted = _asked((folder / "requirements.in").read_text(encoding="utf-8"))
        lock = (folder / "requirements.lock").read_text(encoding="utf-8")
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise StackError(f"stack {folder.name}: {error}") from error
    locked = versions(lock, str(data.get("python")))
    lacking = sorted(wanted - set(locked))
    if lacking:
        raise StackError(f"stack {folder.name}: requirements.lock lacks {', '.join(lacking)}; compile it again")
    special = {name for drivers in data.get("drivers", {}).values() for name in drivers}
    packages = {name: version for name, version in locked.items() if name in wanted - special}
    try:
        made: Stack = _made(Stack, {**data, "packages": packages, "locked": locked, "modules": modules, "lock": lock})
    except TypeError as error:
        raise StackError(f"stack {folder.name}: stack.toml: {error}") from error
    if not re.fullmatch(r"[a-z][a-z0-9-]*", made.name):
        raise StackError(f"stack {folder.name}: stack.toml: {made.name!r} is no name of a stack")
    return made


def _made(kind: Any, data: Any, where: str = "") -> Any:
    """A value of the type `kind` from TOML's or JSON's. Raises TypeError with the place and what does not fit."""
    if hasattr(kind, "__dataclass_fields__"):
        hints, names = get_type_hints(kind), [each.name for each in fields(kind)]
        if not isinstance(data, dict) or set(data) != set(names):
            wrong = sorted(set(names) ^ set(data)) if isinstance(data, dict) else []
            raise TypeError(f"{where or kind.__name__} lacks, or does not know, {', '.join(wrong) or 'its fields'}")
        return kind(**{name: _made(hints[name], data[name], f"{where}.{name}".lstrip(".")) for name in names})
    if get_origin(kind) is dict and isinstance(data, dict):
        return {str(key): _made(get_args(kind)[1], value, f"{where}.{key}") for key, value in data.items()}
    if get_origin(kind) is tuple and isinstance(data, list):
        return tuple(_made(get_args(kind)[0], value, where) for value in data)
    if kind is float and type(data) in (int, float):
        return float(data)
    if kind is not str or not isinstance(data, str):
        raise TypeError(f"{where} is {data!r:.60}")
    return data


def versions(lock: str, python: str) -> dict[str, str]:
    """Package -> version of a compiled requirements file on Linux with Python `python` (`3.11`), sorted by name."""
    from packaging.markers import Marker

    level = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    found: dict[str, str] = {}
    for line in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: *; *([^\\\n]+))?", lock, re.MULTILINE):
        name, version, marker = line.groups()
        if marker is None or Marker(marker.strip()).evaluate(dict(level)):
            found[normal(name)] = version
    return dict(sorted(found.items()))


def _asked(text: str) -> set[str]:
    """The packages named by `requirements.in`, normalized."""
    return {normal(found.group()) for line in text.splitlines() if (found := re.match(r"[A-Za-z0-9._-]+", line))}


def normal(name: str) -> str:
    """A distribution's name in its normal form: `Typing_Extensions` -> `typing-extensions`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def stack_of(subject: Subject) -> Stack | None:
    """The subject's stack: the one it names, else the one whose marks its files bear, else None."""
    if subject.stack is not None:
        return find(subject.stack) if subject.stack in names() else None
    marked = [stack for stack in map(find, names()) if _bears(subject.draft, stack)]
    return marked[0] if len(marked) == 1 else None


def _bears(draft: Draft, stack: Stack) -> bool:
    """Whether a dependency list or an import of the draft bears one of the stack's marks."""
    for artifact in draft.having(Role.DEPENDENCIES):
        if any(re.search(rf"(?im)^[\s\"']*{re.escape(mark)}\b", artifact.text) for mark in stack.marks):
            return True
    # Few files speak of the framework at all, and only those need be parsed.
    return any(
        mark in artifact.text and mark in imports(artifact.text)
        for artifact in draft.having(Role.CODE)
        if artifact.path.endswith(".py")
        for mark in stack.marks
    )


def imports(text: str) -> frozenset[str]:
    """The top-level names that a Python text imports absolutely; none where it does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found)
