"""Rule unreached-module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.module import Module
from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, rule

_ENTRIES = {
    "apps",
    "urls",
    "admin",
    "conf",
    "models",
    "main",
    "__main__",
    "app",
    "wsgi",
    "asgi",
    "manage",
    "cli",
    "conftest",
    "settings",
    "celery",
    "setup",
    "server",
}
_FOUND = {"migrations", "versions", "alembic", "management", "commands", "scripts", "plugins", "tasks", "jobs", "bin"}


def starts(module: Module) -> bool:
    """Whether a module does something when it is run or loaded."""
    return "__main__" in module.text or module.known("starts", _acts)


def _acts(module: Module) -> bool:
    """Whether a statement of the module calls something, or a decorator does."""
    return any(
        (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        or (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list)
        or (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
        for node in module.tree.body
    )


_TOKEN = re.compile(r'"\w+"|\w+(?:\.\w+)+')
_PARTS = 8
"""Most parts of a dotted name that are looked at."""


@rule("unreached-module", family="code", severity=Severity.INFO, strict=True)
def unreached_module(code: Code) -> Iterator[Flaw]:
    """Nothing imports a module, and it starts nothing by itself.

    Why: It is read, kept and searched, and never run.

    Bad:
        ```python app/__init__.py

        ```
        ```python app/main.py
        from app.used import value

        if __name__ == "__main__":
            print(value)
        ```
        ```python app/used.py
        value = 1
        ```
        ```python app/forgotten.py
        def old():
            return 1
        ```

    Good:
        ```python app/__init__.py

        ```
        ```python app/main.py
        from app.used import value

        if __name__ == "__main__":
            print(value)
        ```
        ```python app/used.py
        value = 1
        ```

    Boundary:
        ```python app/__init__.py

        ```
        ```python app/main.py
        from app.used import value

        if __name__ == "__main__":
            print(value)
        ```
        ```python app/used.py
        value = 1
        ```
        ```python app/worker.py
        import sys

        def run():
            return 1

        if __name__ == "__main__":
            sys.exit(run())
        ```

    Precision: In the preset `strict`: entry points, plugins and migrations are found by other means. Modules with
    an application, a command, a task or a main part are left out.

    Source: None; dead code is a cost that grows.
    """
    if not any(starts(module) for module in code.own):
        return
    wanted: set[str] = set()
    spoken = _spoken(code)
    for module in code.modules:
        for each in module.imports:
            wanted |= {each.module, each.target}
    for module in code.own:
        last = module.name.rpartition(".")[2]
        parts = set(module.name.split("."))
        if module.is_package or module.name in wanted or "." not in module.name or parts & _FOUND or last in _ENTRIES:
            continue
        dynamic = (spoken.get(module.name, set()) | spoken.get(f'"{last}"', set())) - {module.path}
        if not dynamic and not starts(module):
            yield Flaw(
                module.name, Location(module.path, 1), f"Nothing imports `{module.name}`.", "", "Use it, or delete it."
            )


def _spoken(code: Code) -> dict[str, set[str]]:
    """Dotted names, and words in double quotes -> the files whose text names them."""
    found: dict[str, set[str]] = {}
    for module in code.modules:
        for token in set(_TOKEN.findall(module.text)):
            parts = token.split(".")[:_PARTS]
            names = {token} if token.startswith('"') else {
                ".".join(parts[begin:end]) for begin in range(len(parts)) for end in range(begin + 2, len(parts) + 1)
            }  # fmt: skip
            for name in names:
                found.setdefault(name, set()).add(module.path)
    return found
