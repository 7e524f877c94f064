"""Rule token-in-redirect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import names_in, texts_in, words
from evaluators.code.facts import Code
from evaluators.rule import Flaw, rule


@alone
@rule("token-in-redirect", family="code", security=True)
def token_in_redirect(code: Code) -> Iterator[Flaw]:
    """A token is put into the address of a redirect.

    Why: Addresses stay in histories, logs and referrers; whoever reads one is the user.

    Bad:
        ```python app/oauth.py
        from fastapi.responses import RedirectResponse

        def callback(token: str):
            return RedirectResponse(f"https://shop.example/welcome?token={token}")
        ```

    Good:
        ```python app/oauth.py
        from fastapi.responses import RedirectResponse

        def callback(token: str):
            answer = RedirectResponse("https://shop.example/welcome")
            answer.set_cookie("session", token, httponly=True, secure=True, samesite="lax")
            return answer
        ```

    Boundary:
        ```python app/oauth.py
        from fastapi.responses import RedirectResponse

        def callback(state: str, token: str):
            answer = RedirectResponse(f"https://shop.example/welcome?state={state}")
            answer.set_cookie("session", token, httponly=True, secure=True, samesite="lax")
            return answer
        ```

    Precision: Goes by the address's parameters and the names that are put into it. Codes that are good once are
    fine and are not named.

    Source: RFC 9700 section 4.3.2; CWE-598.
    """
    for module in code.own:
        for call in module.calls:
            if not module.called(call).endswith("RedirectResponse"):
                continue
            given = [*call.args, *(each.value for each in call.keywords if each.arg == "url")]
            carried = any("token" in words(name) for node in given for name in names_in(node))
            marked = any(
                re.search(r"[?&#](access_|id_|refresh_)?token=|[?&#]jwt=", text)
                for node in given
                for text in texts_in(node)
            )
            if marked or (carried and any(isinstance(node, (ast.JoinedStr, ast.BinOp)) for node in given)):
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    "The redirect's address carries a token.",
                    module.source(call),
                    "Set a cookie (httponly, secure), or hand out a one-time code.",
                )
