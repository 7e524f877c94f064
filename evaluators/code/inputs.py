"""What a caller chooses: parameters, bodies and requests of routes, and what is worked out from them."""

from __future__ import annotations

import ast
import re

from evaluators.code.depends import Dependencies
from evaluators.code.module import Assigning, FunctionNode, Module
from evaluators.code.route import Route
from evaluators.code.walking import children

_HARMLESS = re.compile(
    r"\b(int|float|bool|Decimal|UUID\d?|date|datetime|time|Literal|\w*Enum|UploadFile|Session|\w*Session)\b"
)
_REQUEST = re.compile(
    r"^request\.(args|form|json|values|query_params|data|GET|POST|get_json|headers|cookies|files|path_params|url|path)\b"
)
_CLEAN = re.compile(
    r"int|float|bool|UUID|len|secure_filename|basename|quote|quote_plus|is_safe|safe|allow|valid|check|verif|sanit|resolve"
    r"|normali|hash|sha256|md5|hexdigest|token_urlsafe|slugify|uuid",
    re.IGNORECASE,
)
"""Calls after which a value is not the caller's any more, by name."""


def chosen(route: Route, table: Dependencies) -> set[str]:
    """Names in a route's function whose text the caller chooses, those that follow from them included.

    Parameters with a dependency, of numbers, times, ids and enumerations are left out.
    """
    depending = table.of_parameters(route.module, route.node)
    names: set[str] = set()
    for argument in (*route.node.args.posonlyargs, *route.node.args.args, *route.node.args.kwonlyargs):
        annotation = ast.unparse(argument.annotation) if argument.annotation is not None else ""
        meaning = table.meaning(route.module, argument.annotation)
        if depending.get(argument.arg) or argument.arg in (
            "self",
            "cls",
            "request",
            "response",
            "db",
            "session",
            "conn",
        ):
            continue
        if annotation and (_HARMLESS.search(annotation) or _HARMLESS.search(meaning)):
            continue
        known = table.class_of(meaning)
        listed = known is not None and any("Enum" in known[0].dotted(base) for base in known[1].bases)
        written = bool(re.search(r"str|Any|Form|Query|Body|Path|Header|Url|dict|^$", annotation))
        if not listed and (written or (known is not None and meaning in route.body)):
            names.add(argument.arg)
    return grown(route.module, route.node, names)


def grown(module: Module, function: FunctionNode, names: set[str]) -> set[str]:
    """The names, and those that are assigned a value that holds one of them."""
    for _ in range(3):
        before = len(names)
        for node in module.within(function):
            if isinstance(node, Assigning) and node.value is not None and holds(module, node.value, names):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {each.id for each in targets if isinstance(each, ast.Name)}
        if len(names) == before:
            break
    return names


def holds(module: Module, node: ast.AST, names: set[str]) -> str:
    """What of a caller's choice ends up in a value, in source; empty where none does or it is cleaned before."""
    if isinstance(node, ast.Call):
        if _REQUEST.match(ast.unparse(node.func)[:60]):
            return ast.unparse(node.func)[:60]
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if _CLEAN.search(called):
            return ""
        inside: list[ast.AST] = [*node.args, *(each.value for each in node.keywords)]
        if called == "get":
            # What is looked up is the mapping's, whatever the key; the default is not.
            inside = list(node.args[1:])
        if isinstance(node.func, ast.Attribute) and called in (
            "strip", "lower", "upper", "format", "join", "replace", "get", "removeprefix", "removesuffix", "lstrip",
            "rstrip", "decode", "encode", "joinpath", "with_suffix", "model_dump", "dict",
        ):  # fmt: skip
            inside.append(node.func.value)
        elif called not in ("str", "Path", "PurePath", "urljoin", "join", "joinpath", "f"):
            return ""
        return next((found for each in inside if (found := holds(module, each, names))), "")
    if isinstance(node, ast.Name):
        return node.id if node.id in names else ""
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        source = ast.unparse(node)[:60]
        if _REQUEST.match(source):
            return source
        # A constant's entry, looked up by what the caller says, is not the caller's.
        owner = node.value
        found = holds(module, owner, names)
        return source if found else ""
    if isinstance(node, (ast.Compare, ast.Lambda)):
        return ""
    if isinstance(node, ast.IfExp):
        return holds(module, node.body, names) or holds(module, node.orelse, names)
    return next((found for each in children(node) if (found := holds(module, each, names))), "")


def tested(module: Module, function: FunctionNode, source: str) -> bool:
    """Whether a function tests a value before: compares it, asks whether it is in a list, or hands it to a check."""
    root = source.partition(".")[0].partition("[")[0].partition("(")[0]
    for node in module.within(function):
        if isinstance(node, (ast.If, ast.Assert, ast.IfExp)):
            test = ast.unparse(node.test)
            if re.search(rf"\b{re.escape(root)}\b", test) and re.search(
                r"\bin\b|startswith|is_relative_to|netloc|hostname|match|==|allowed|safe|valid|parents|scheme", test
            ):
                return True
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            checks = re.search(
                r"valid|check|verif|ensure|assert|guard|allow|safe|is_relative_to|relative_to", called, re.I
            )
            if checks and re.search(rf"\b{re.escape(root)}\b", ast.unparse(node)):
                return True
    return False
