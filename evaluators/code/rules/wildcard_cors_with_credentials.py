"""Rule wildcard-cors-with-credentials."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import is_constant, keyword
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule


def _is_anybody(module: Module, call: ast.Call) -> bool:
    """Whether the origins include every one."""
    origins = keyword(call, "allow_origins")
    if isinstance(origins, ast.Name):
        origins = module.constants.get(origins.id)
    pattern = keyword(call, "allow_origin_regex")
    listed = origins is not None and any(is_constant(part, "*") for part in walk(origins))
    return listed or any(is_constant(pattern, text) for text in (".*", "^.*$", "https?://.*"))


@alone
@rule("wildcard-cors-with-credentials", family="code", security=True)
def wildcard_cors_with_credentials(code: Code) -> Iterator[Flaw]:
    """Every origin may send the user's credentials.

    Why: With credentials allowed, the middleware answers each origin by name, so
    any page that a signed-in user visits can act as that user.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True)
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=["*"])
        ```

    Precision: Only Starlette's middleware with constants. Origins that the environment lists are not known.

    Source: OWASP API8:2023 Security Misconfiguration; CWE-942.
    """
    for module in code.own:
        for call in module.calls:
            about = any(module.dotted(arg).endswith("CORSMiddleware") for arg in call.args) or module.called(
                call
            ).endswith("CORSMiddleware")
            if about and is_constant(keyword(call, "allow_credentials"), True) and _is_anybody(module, call):
                yield Flaw(
                    f"{module.name}.cors",
                    module.at(call),
                    "CORS allows credentials from every origin.",
                    module.source(call),
                    "Name the origins, or leave allow_credentials out.",
                )
