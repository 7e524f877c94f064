"""Rule debug-on."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import is_constant, keyword
from evaluators.code.facts import Code
from evaluators.rule import Flaw, rule


@alone
@rule("debug-on", family="code", security=True)
def debug_on(code: Code) -> Iterator[Flaw]:
    """The service runs in debug mode, whatever the environment says.

    Why: It answers errors with tracebacks, source and local variables.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI(debug=True)
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()
        ```

    Boundary:
        ```python app/main.py
        import os

        from fastapi import FastAPI

        app = FastAPI(debug=os.environ.get("DEBUG") == "1")
        ```

    Precision: Only a constant True. A debug flag that the environment sets is fine, whatever it is set to.

    Source: OWASP API8:2023; CWE-489.
    """
    for module in code.own:
        for call in module.calls:
            made = module.called(call).rpartition(".")[2]
            if made in ("FastAPI", "Starlette", "run") and is_constant(keyword(call, "debug"), True):
                yield Flaw(
                    f"{module.name}.debug",
                    module.at(call),
                    "Debug mode is on.",
                    module.source(call),
                    "Leave it out.",
                )
