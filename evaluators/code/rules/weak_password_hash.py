"""Rule weak-password-hash."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import argument, number_of, words
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_FAST = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s")
_SLOW = ("bcrypt", "argon2", "scrypt", "pwdlib", "passlib", "pbkdf2")
_PASSWORD = {"password", "passwd", "pwd", "passphrase"}


def _weak(module: Module, call: ast.Call) -> str:
    """The weak way in which a call hashes a password; empty where it does not."""
    called = module.called(call)
    if called == "bcrypt.gensalt":
        rounds = number_of(module, argument(call, 0, "rounds"))
        return f"bcrypt at cost {rounds:.0f}, below 10" if rounds is not None and rounds < 10 else ""
    if called == "hashlib.pbkdf2_hmac":
        rounds = number_of(module, argument(call, 3, "iterations"))
        return f"{rounds:.0f} rounds of PBKDF2, below 100000" if rounds is not None and rounds < 100_000 else ""
    name = called.removeprefix("hashlib.")
    if not called.startswith("hashlib.") or name not in _FAST or not call.args:
        return ""
    named = {
        word
        for part in walk(call.args[0])
        if isinstance(part, (ast.Name, ast.Attribute))
        for word in words(_last(part))
    }
    function = module.function_around(call)
    about = set(words(function.name)) if function is not None else set()
    if not (named | about) & _PASSWORD or {"reset", "token"} & (named | about):
        return ""
    behind = ast.unparse(function) if function is not None else ""
    return "" if any(slow in behind for slow in _SLOW) else name


def _last(node: ast.Name | ast.Attribute) -> str:
    """The last name of a chain."""
    return node.id if isinstance(node, ast.Name) else node.attr


@alone
@rule("weak-password-hash", family="code", security=True)
def weak_password_hash(code: Code) -> Iterator[Flaw]:
    """A password is hashed with something made to be fast.

    Why: A fast hash lets whoever stole the table try billions of passwords a
    second. argon2, bcrypt and scrypt are slow on purpose and salt themselves.

    Bad:
        ```python app/security.py
        import hashlib

        def hash_password(password: str) -> str:
            return hashlib.sha256(password.encode()).hexdigest()
        ```

    Good:
        ```python app/security.py
        import hashlib

        import bcrypt

        def hash_password(password: str) -> bytes:
            return bcrypt.hashpw(password.encode(), bcrypt.gensalt())

        def etag(body: bytes) -> str:
            return hashlib.sha256(body).hexdigest()
        ```

    Boundary:
        ```python app/security.py
        import hashlib

        def hash_password(password: str, salt: bytes) -> bytes:
            return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)
        ```

    Precision: Goes by the words of the function and the argument. A fast hash in front of a slow one is fine.

    Source: OWASP Password Storage Cheat Sheet; CWE-916.
    """
    for module in code.own:
        for call in module.calls:
            weak = _weak(module, call)
            if weak:
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}",
                    module.at(call),
                    f"A password is hashed with {weak}.",
                    module.source(call),
                    "Use argon2 or bcrypt with their default costs.",
                )
