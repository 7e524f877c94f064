"""The rule undocumented-variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.facts import Facts, documents
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SYSTEM = frozenset(
    ("PATH", "HOME", "USER", "TMPDIR", "TZ", "LANG", "PWD", "HOSTNAME", "PYTHONPATH", "CI", "PORT", "DEBUG")
)


@rule("undocumented-variable", family="cross", severity=Severity.WARNING)
def undocumented_variable(facts: Facts) -> Iterator[Flaw]:
    """The code reads an environment variable that no document of the project names.

    Why: Whoever deploys the service learns of it from a crash, or never, where it has a default.

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
    mail = os.environ["MAIL_URL"]


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```text .env.example
    DATABASE_URL=postgresql://localhost/shop
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
    level = os.environ.get("LOG_LEVEL", "info")


    @app.get("/items", status_code=204)
    def get_items() -> None:
        return None
    ```
    ```markdown README.md
    Set DATABASE_URL; LOG_LEVEL is optional.
    ```

    Precision: Said only where the project documents some of its variables: in an example file, the README, a
    compose file, a Dockerfile or a settings file. Names that are put together at run time are not seen.

    Source: The Twelve-Factor App, III. Config.
    """
    code = facts.code
    texts = [each.text for each in facts.documents if documents(each.path)]
    if code is None or not texts:
        return
    named = [each for each in code.environment if each.name not in _SYSTEM]
    known = {each.name for each in named if any(re.search(rf"\b{re.escape(each.name)}\b", text) for text in texts)}
    if not known:
        return
    told: set[str] = set()
    for each in named:
        if each.name not in known and each.name not in told:
            told.add(each.name)
            message = f"The code reads {each.name}, and no document of the project names it."
            yield Flaw(each.name, each.at, message, hint="Name it in .env.example or the README.")
