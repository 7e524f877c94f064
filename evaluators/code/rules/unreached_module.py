"""Rule unreached-module."""

from __future__ import annotations

import ast
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
    if "__main__" in module.text:
        return True
    return any(
        (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        or (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list)
        or (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call))
        for node in module.tree.body
    )


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
    wanted: set[str] = set()
    for module in code.modules:
        for each in module.imports:
            wanted |= {each.module, each.target}
    for module in code.own:
        last = module.name.rpartition(".")[2]
        parts = set(module.name.split("."))
        if module.is_package or module.name in wanted or "." not in module.name or parts & _FOUND or last in _ENTRIES:
            continue
        dynamic = any(
            module.name in other.text or f'"{last}"' in other.text for other in code.modules if other is not module
        )
        if not dynamic and not starts(module) and any(starts(other) for other in code.own):
            yield Flaw(
                module.name, Location(module.path, 1), f"Nothing imports `{module.name}`.", "", "Use it, or delete it."
            )
