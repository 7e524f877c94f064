"""Addresses in code: what a call requests, and which part of an address decides where it goes."""

from __future__ import annotations

import ast

from evaluators.code.expressions import keyword
from evaluators.code.module import Module

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_PACKAGES = ("httpx", "requests", "aiohttp", "urllib3")
_CLIENTS = ("client", "http", "session", "http_client", "async_client", "requests")


def requested(module: Module, call: ast.Call) -> ast.expr | None:
    """The address that a call requests over the network, or None."""
    called = module.called(call)
    owner, _, verb = called.rpartition(".")
    if called in ("urllib.request.urlopen", "urllib.request.Request"):
        return call.args[0] if call.args else keyword(call, "url")
    known = owner.partition(".")[0] in _PACKAGES
    uses = any(each.module.partition(".")[0] in _PACKAGES for each in module.imports)
    if not known and not (uses and owner.rpartition(".")[2] in _CLIENTS):
        return None
    if verb in _VERBS:
        return call.args[0] if call.args else keyword(call, "url")
    if verb in ("request", "stream"):
        return call.args[1] if len(call.args) > 1 else keyword(call, "url")
    return None


def first_part(node: ast.expr | None) -> ast.expr | None:
    """The part of an address that decides where it goes: of a text put together, its first piece."""
    for _ in range(20):
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
            node = first.value if isinstance(first, ast.FormattedValue) else first
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            node = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            node = node.func.value
        else:
            break
    return None if isinstance(node, ast.Constant) else node
