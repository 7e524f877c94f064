"""Rule tls-verification-off."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import is_constant, keyword
from evaluators.code.facts import Code, Module
from evaluators.rule import Flaw, rule

_CLIENTS = ("requests", "httpx", "aiohttp")


def _is_off(module: Module, node: ast.AST) -> bool:
    """Whether a node turns verification off."""
    if isinstance(node, ast.Call):
        called = module.called(node)
        if called == "ssl._create_unverified_context":
            return True
        on_client = called.split(".")[0] in _CLIENTS or called.rpartition(".")[2] in (
            "get",
            "post",
            "put",
            "patch",
            "delete",
            "request",
        )
        return on_client and (is_constant(keyword(node, "verify"), False) or is_constant(keyword(node, "ssl"), False))
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        name = node.targets[0].attr
        if name == "verify_mode":
            return module.dotted(node.value) == "ssl.CERT_NONE"
        return name == "verify" and is_constant(node.value, False)
    return False


@alone
@rule("tls-verification-off", family="code", security=True)
def tls_verification_off(code: Code) -> Iterator[Flaw]:
    """A connection is made without verifying who is at the other end.

    Why: Encryption with an unknown partner protects from nobody who sits between.

    Bad:
        ```python app/client.py
        import httpx

        def client():
            return httpx.Client(verify=False, timeout=5)
        ```

    Good:
        ```python app/client.py
        import httpx

        def client():
            return httpx.Client(timeout=5)
        ```

    Boundary:
        ```python app/client.py
        import ssl

        import httpx

        def client(authority: str):
            return httpx.Client(verify=ssl.create_default_context(cafile=authority), timeout=5)
        ```

    Precision: Only constants and the unverified context. A setting that the environment turns off is not seen.

    Source: CWE-295.
    """
    for module in code.own:
        for node in module.nodes:
            if _is_off(module, node):
                yield Flaw(
                    f"{module.name}.{module.qualified(node)}",
                    module.at(node),
                    "The other end's certificate is not verified.",
                    module.source(node),
                    "Leave verification on; give a CA file where the authority is your own.",
                )
