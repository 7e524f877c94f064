"""Rule missing-timeout."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import argument, is_constant, keyword
from evaluators.code.facts import Code
from evaluators.rule import Flaw, rule

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_AT = {"urllib.request.urlopen": 2, "smtplib.SMTP": 3, "smtplib.SMTP_SSL": 5, "socket.create_connection": 1}
"""Called -> the position of its timeout, from 0."""
_WAITS = frozenset({f"requests.{verb}" for verb in _VERBS} | set(_AT))


@alone
@rule("missing-timeout", family="code")
def missing_timeout(code: Code) -> Iterator[Flaw]:
    """An outgoing call waits for ever.

    Why: When the other side hangs, so does the request, its thread and its
    database connection, until nothing is left to answer with.

    Bad:
        ```python app/rates.py
        import requests

        def rates():
            return requests.get("https://rates.example/today").json()
        ```

    Good:
        ```python app/rates.py
        import httpx
        import requests

        def rates():
            return requests.get("https://rates.example/today", timeout=5).json()

        def client():
            return httpx.Client()
        ```

    Boundary:
        ```python app/rates.py
        import httpx

        def rates():
            return httpx.get("https://rates.example/today").json()
        ```

    Precision: Clients that have a timeout by themselves, such as httpx, are only named where it is taken away.
    Arguments given by `**` are believed.

    Source: requests documentation, Timeouts; CWE-400. httpx has a timeout of its own.
    """
    for module in code.own:
        for call in module.calls:
            called = module.called(call)
            given = argument(call, _AT[called], "timeout") if called in _AT else keyword(call, "timeout")
            waits = called in _WAITS and given is None
            unbounded = called.startswith(("httpx.", "requests.")) and is_constant(given, None)
            if (waits or unbounded) and not any(each.arg is None for each in call.keywords):
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"`{called}` has no time-out.",
                    module.source(call),
                    "Give a timeout in seconds.",
                )
