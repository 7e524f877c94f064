"""The rule command-without-module."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.draft import Artifact
from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, rule

_COMMAND = re.compile(r"\bpython[\d.]*\s+-m\s+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)")


@rule("command-without-module", family="cross", severity=Severity.WARNING)
def command_without_module(facts: Facts) -> Iterator[Flaw]:
    """A document names a command whose module the project does not have.

    Why: Whoever follows the document gets an error, and the job that it promises is never done.

    Bad:
    ```sql schema.sql
    create table items (id bigint generated always as identity primary key, name text not null);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
    ```
    ```python app/main.py
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```markdown architecture.md
    | Part | Does |
    |---|---|
    | Purge job (`python -m app.purge`) | Deletes what is older than 90 days, once a day |
    ```

    Good:
    ```sql schema.sql
    create table items (id bigint generated always as identity primary key, name text not null);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
    ```
    ```python app/main.py
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```python app/purge.py
    def main() -> None:
        return None
    ```
    ```markdown architecture.md
    | Part | Does |
    |---|---|
    | Purge job (`python -m app.purge`) | Deletes what is older than 90 days, once a day |
    ```

    Boundary:
    ```sql schema.sql
    create table items (id bigint generated always as identity primary key, name text not null);
    ```
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItems
          responses:
            "204": {description: Done.}
    ```
    ```python app/main.py
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```markdown README.md
    Start it with `python -m uvicorn app.main:app`; `python -m http.server` is enough for the pages.
    ```

    Precision: Only commands of the form `python -m package.module` in Markdown and reStructuredText, where the
    package is the project's own. Whether the module does what is promised is not judged.

    Source: Python, Command line and environment, -m module-name.
    """
    names = [module.name for module in facts.code.modules] if facts.code is not None else []
    told: set[str] = set()
    for artifact in facts.documents if names else ():
        for module, at in _commands(artifact):
            if module in told or not _own(module.partition(".")[0], names) or _there(module, names):
                continue
            told.add(module)
            message = f"{artifact.path} names the command python -m {module}, and there is no such module."
            yield Flaw(module, at, message, hint="Write the module, or take the command out.")


def _commands(artifact: Artifact) -> Iterator[tuple[str, Location]]:
    """The modules that a document tells people to run, with their places."""
    if not artifact.path.lower().endswith((".md", ".markdown", ".rst")) or "-m" not in artifact.text:
        return
    for number, line in enumerate(artifact.lines, 1):
        for found in _COMMAND.finditer(line):
            yield found.group(1), Location(artifact.path, number, found.start() + 1)


def _own(package: str, names: list[str]) -> bool:
    """Whether the project has modules in a package of that name."""
    return any(f".{package}." in f".{name}" for name in names)


def _there(module: str, names: list[str]) -> bool:
    """Whether the project has the module, or modules in it."""
    return any(f".{module}." in f".{name}." for name in names)
