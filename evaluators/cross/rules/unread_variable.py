"""The rule unread-variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, rule


@rule("unread-variable", family="cross", severity=Severity.WARNING)
def unread_variable(facts: Facts) -> Iterator[Flaw]:
    """A documented environment variable is read by nothing.

    Why: Whoever sets it believes that it does something.

    Bad:
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
    import os

    from fastapi import FastAPI

    app = FastAPI()
    url = os.environ["DATABASE_URL"]


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```text .env.example
    DATABASE_URL=postgresql://localhost/shop
    TOKEN_MINUTES=15
    ```

    Good:
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
    import os

    from fastapi import FastAPI

    app = FastAPI()
    url = os.environ["DATABASE_URL"]


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```text .env.example
    DATABASE_URL=postgresql://localhost/shop
    ```

    Boundary:
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
    import os

    from fastapi import FastAPI

    app = FastAPI()
    url = os.environ["DATABASE_URL"]


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```text .env.example
    DATABASE_URL=postgresql://localhost/shop
    POSTGRES_PASSWORD=
    ```
    ```yaml compose.yaml
    services:
      db: {image: "postgres:17", environment: [POSTGRES_PASSWORD]}
    ```

    Precision: Looks at the names in .env.example and its like. A name that any other file but documentation
    mentions counts as read, and so does one that the code holds as a text.

    Source: The Twelve-Factor App, III. Config.
    """
    code = facts.code
    if code is None or not code.environment:
        return
    texts = [module.text for module in code.modules]
    texts += [
        each.text
        for each in facts.documents
        if not each.path.endswith((".md", ".rst", ".txt")) and not _example(each.path)
    ]
    prefixes = {each.name for each in code.environment}
    for document in facts.documents:
        if not _example(document.path):
            continue
        for number, line in enumerate(document.lines, 1):
            name = re.match(r"\s*(?:export\s+)?([A-Z][A-Z0-9_]+)=", line)
            if (
                name
                and name[1] not in prefixes
                and not any(re.search(rf"\b{name[1]}\b", t, re.IGNORECASE) for t in texts)
            ):
                at = Location(document.path, number, 1)
                yield Flaw(name[1], at, f"{name[1]} is documented, and nothing reads it.")


def _example(path: str) -> bool:
    """Whether a file shows which variables to set."""
    name = path.rpartition("/")[2]
    return name.startswith((".env", "env.")) and name.endswith(("example", "sample", "template", "dist"))
