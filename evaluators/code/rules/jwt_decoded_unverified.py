"""Rule jwt-decoded-unverified."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import argument, is_constant, keyword
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule


def _why(module: Module, call: ast.Call) -> str:
    """What the decoding call leaves out; empty where nothing."""
    called = module.called(call)
    if called in ("jose.jwt.get_unverified_claims", "jwt.get_unverified_claims"):
        return "without verifying its signature"
    if called not in ("jwt.decode", "jose.jwt.decode", "jwt.api_jwt.decode"):
        return ""
    options = _options(module, argument(call, 3, "options"))
    if is_constant(options.get("verify_signature"), False) or is_constant(keyword(call, "verify"), False):
        return "without verifying its signature"
    algorithms = argument(call, 2, "algorithms")
    if algorithms is None and not any(each.arg is None for each in call.keywords):
        return "without a list of algorithms"
    named = (
        [str(part.value).lower() for part in walk(algorithms) if isinstance(part, ast.Constant)] if algorithms else []
    )
    if "none" in named:
        return "with the algorithm `none` accepted"
    if is_constant(options.get("verify_exp"), False) and not _ends_sessions(module, call):
        return "without looking at its expiry"
    return ""


def _options(module: Module, node: ast.expr | None) -> dict[str, ast.expr]:
    """The options of a decoding call, where they are written out."""
    if isinstance(node, ast.Name):
        node = module.constants.get(node.id)
    if not isinstance(node, ast.Dict):
        return {}
    return {
        str(key.value): value
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
    }


def _ends_sessions(module: Module, call: ast.Call) -> bool:
    """Whether an expired token is welcome here: to log out or to revoke."""
    return any(word in module.qualified(call).lower() for word in ("logout", "revoke", "blacklist", "denylist"))


@alone
@rule("jwt-decoded-unverified", family="code", security=True)
def jwt_decoded_unverified(code: Code) -> Iterator[Flaw]:
    """A JWT is read without verifying what makes it trustworthy.

    Why: Without the signature, a list of algorithms and the expiry, anybody can
    write a token for anybody.

    Bad:
        ```python app/auth.py
        import jwt

        def claims(token: str) -> dict:
            return jwt.decode(token, options={"verify_signature": False})
        ```

    Good:
        ```python app/auth.py
        import jwt

        def claims(token: str, secret: str) -> dict:
            return jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
        ```

    Boundary:
        ```python app/auth.py
        import jwt

        def kid(token: str) -> str:
            return jwt.get_unverified_header(token)["kid"]
        ```

    Precision: Knows PyJWT and python-jose. Reading the header to choose a key is fine; options that come from a
    variable are believed.

    Source: RFC 8725 sections 2.1 and 3.1; CWE-347.
    """
    for module in code.own:
        for call in module.calls:
            why = _why(module, call)
            if why:
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"This token is read {why}.",
                    module.source(call),
                    'jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})',
                )
