"""Rule cookie-unprotected."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import argument, is_constant, last_name, text_of, words
from evaluators.code.facts import Code
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SESSIONS = {"session", "sessionid", "sid", "token", "auth", "jwt", "refresh", "access"}


@alone
@rule("cookie-unprotected", family="code", severity=Severity.WARNING, security=True)
def cookie_unprotected(code: Code) -> Iterator[Flaw]:
    """A session cookie can be read by scripts, or is sent without TLS.

    Why: One injected script, or one request over plain HTTP, and somebody else is the user.

    Bad:
        ```python app/main.py
        def answer(response, token: str):
            response.set_cookie("session", token)
        ```

    Good:
        ```python app/main.py
        def answer(response, token: str):
            response.set_cookie("session", token, httponly=True, secure=True, samesite="lax")
        ```

    Boundary:
        ```python app/main.py
        def answer(response, theme: str, options: dict, token: str):
            response.set_cookie("theme", theme)
            response.set_cookie("session", token, **options)
            response.set_cookie("csrf_token", token, secure=True)
        ```

    Precision: Cookies whose name says session, token, auth or jwt; a token against forgery has to be readable.
    Flags from a mapping are taken for good.

    Source: OWASP Session Management Cheat Sheet; CWE-614, CWE-1004.
    """
    for module in code.own:
        for call in module.calls:
            if not isinstance(call.func, ast.Attribute) or call.func.attr != "set_cookie":
                continue
            name = text_of(module, argument(call, 0, "key")) or last_name(argument(call, 0, "key")).lower()
            if not set(words(name)) & _SESSIONS or "csrf" in name.lower() or "xsrf" in name.lower():
                continue
            flags = {each.arg: each.value for each in call.keywords}
            missing = [each for each in ("httponly", "secure") if each not in flags or is_constant(flags[each], False)]
            if missing and None not in flags:
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}.{name}",
                    module.at(call),
                    f"The cookie `{name}` is set without {' and '.join(missing)}.",
                    module.source(call),
                    "Set httponly, secure and samesite.",
                )
