"""Validation against the OpenAPI Initiative's own JSON Schemas: few errors, each to the point."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files

import jsonschema_rs
from jsonschema_rs import ValidationError, ValidationErrorKind, Validator

from evaluators.contract.bundle import Bundle
from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.parts import Json

MOST = 12
"""Most errors that are told of one contract; the rest is counted."""

Kind = ValidationErrorKind


@dataclass(frozen=True)
class Mistake:
    """Something that the specification does not allow, at a node."""

    node: Node
    message: str
    hint: str = ""
    about: str = ""
    """The key that is missing or not taken, where the node is the mapping around it."""


def mistakes(contract: Contract) -> list[Mistake]:
    """What the contract's own version of the specification objects to, in order of place."""
    bundle = contract.bundle
    if contract.root is None or bundle is None or not contract.family:
        return []
    found = list(_told(bundle, _specification(contract.family).iter_errors(bundle.document)))
    if contract.family != "3.0":
        for root in contract.survey.roots:
            if isinstance(root.value, dict):
                found += _told(Bundle(root.value, root), _metaschema().iter_errors(root.value))
    unique = {(mistake.node.path, mistake.node.tokens, mistake.message): mistake for mistake in found}
    return _deepest(sorted(unique.values(), key=lambda mistake: (mistake.node.path, mistake.node.tokens)))


@functools.cache
def _specification(family: str) -> Validator:
    """The validator of `3.0`, `3.1` or `3.2`."""
    text = files("evaluators.contract").joinpath(f"schemas/openapi-{family}.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text), offline=True)


@functools.cache
def _metaschema() -> Validator:
    """The validator of Schema Objects since 3.1."""
    return jsonschema_rs.validator_for({"$ref": "https://json-schema.org/draft/2020-12/schema"}, offline=True)


def _deepest(found: list[Mistake]) -> list[Mistake]:
    """Without the vague ones at or above a precise one."""
    deep = [(mistake.node.path, *mistake.node.tokens) for mistake in found if not isinstance(mistake, _Vague)]
    return [
        mistake
        for mistake in found
        if not isinstance(mistake, _Vague)
        or not any(place[: len(mistake.node.tokens) + 1] == (mistake.node.path, *mistake.node.tokens) for place in deep)
    ]


class _Vague(Mistake):
    """A mistake of which only `none of the choices fits` is known."""


def _told(whole: Bundle, errors: Iterable[ValidationError]) -> Iterator[Mistake]:
    """Errors as mistakes, choices opened to the error of the choice that was meant."""
    for error in errors:
        node = whole.node(tuple(str(token) for token in error.instance_path))
        if isinstance(error.kind, Kind.OneOfNotValid | Kind.AnyOf):
            yield from _opened(whole, node, error.kind.context)
        else:
            yield from _mistakes(node, error)


def _opened(whole: Bundle, node: Node, context: list[list[ValidationError]]) -> Iterator[Mistake]:
    """The errors of the choice that was most likely meant."""
    needed = [[e.kind.property for e in branch if isinstance(e.kind, Kind.Required)] for branch in context]
    if node.has("$ref"):
        branches = [branch for branch, names in zip(context, needed, strict=True) if "$ref" not in names][:1]
    else:
        branches = [branch for branch, names in zip(context, needed, strict=True) if "$ref" not in names]
    simple = [e for branch in branches for e in branch]
    if len(branches) > 1 and simple and all(isinstance(e.kind, Kind.Required) for e in simple):
        names = sorted({e.kind.property for e in simple if isinstance(e.kind, Kind.Required)})
        yield Mistake(node, f"{_of(node)} needs {' or '.join(names)}.")
        return
    discriminating = _discriminating(branches)
    if discriminating is not None:
        at = whole.node(tuple(str(token) for token in discriminating[0]))
        if not isinstance(at.value, dict | list):
            yield _not_one_of(at, discriminating[1])
            return
    if isinstance(node.value, str):
        enums = [e.kind.options for e in simple if isinstance(e.kind, Kind.Enum) and _same(node, whole, e)]
        if enums:
            yield _not_one_of(node, [str(option) for options in enums for option in options])
            return
    kinds = sorted({kind for e in simple if isinstance(e.kind, Kind.Type) for kind in e.kind.types})
    if simple and all(isinstance(e.kind, Kind.Type) and _same(node, whole, e) for e in simple):
        yield Mistake(node, f"{_of(node)} must be {' or '.join(kinds)}, and is {_kind(node.value)}.")
        return
    if not branches:
        yield _Vague(node, f"{_of(node)} is of none of the forms that are allowed here.")
        return
    best = min(branches, key=_score)
    yield from _told(whole, best)


def _discriminating(branches: list[list[ValidationError]]) -> tuple[list[str | int], list[str]] | None:
    """Path and allowed values where every choice refuses one and the same value."""
    found = [
        {tuple(e.instance_path): e.kind.options for e in branch if isinstance(e.kind, Kind.Enum)} for branch in branches
    ]
    common = set.intersection(*(set(each) for each in found)) if found else set()
    if not common:
        return None
    path = min(common)
    return list(path), [str(option) for each in found for option in each[path]]


def _same(node: Node, whole: Bundle, error: ValidationError) -> bool:
    """Whether the error is about the node itself."""
    return whole.node(tuple(str(token) for token in error.instance_path)) == node


def _score(branch: list[ValidationError]) -> tuple[int, int, int]:
    """Smaller is likelier meant: no wrong discriminating value, then deeper, then fewer errors."""
    wrong = sum(isinstance(error.kind, Kind.Enum | Kind.Constant) for error in branch)
    depth = min((len(error.instance_path) for error in branch), default=0)
    return wrong, -depth, len(branch)


def _mistakes(node: Node, error: ValidationError) -> Iterator[Mistake]:
    """One error in our own words: canonical, and without the whole value."""
    kind = error.kind
    if node.name == "responses" and isinstance(kind, Kind.MinProperties | Kind.Required):
        return  # told by the rule missing-success-response
    if isinstance(kind, Kind.Required):
        yield Mistake(node, f"{_of(node)} lacks {kind.property}, which is required.", about=kind.property)
    elif isinstance(kind, Kind.AdditionalProperties | Kind.UnevaluatedProperties):
        for name in kind.unexpected:
            near = get_close_matches(name, _KNOWN, 1, 0.8)
            hint = f"Did you mean {near[0]}?" if near and near[0] != name else ""
            yield Mistake(node.get(name) or node, f"{_of(node)} does not take the key {name}.", hint, name)
    elif isinstance(kind, Kind.Type):
        hint = "Quote it." if kind.types == ["string"] and isinstance(node.value, int | float) else ""
        if node.name == "type" and isinstance(node.value, list):
            hint = "In 3.0 say `nullable: true`; a list of types is 3.1."
        yield Mistake(node, f"{_of(node)} must be {' or '.join(kind.types)}, and is {_kind(node.value)}.", hint)
    elif isinstance(kind, Kind.Enum):
        if isinstance(node.value, dict | list):
            return
        yield _not_one_of(node, [str(option) for option in kind.options])
    elif isinstance(kind, Kind.Format):
        if kind.format != "regex":  # told by the rule invalid-pattern, for every version
            yield Mistake(node, f"{_of(node)} is no {kind.format}.")
    elif isinstance(kind, Kind.Pattern):
        yield Mistake(node, f"{_of(node)} does not match {kind.pattern}.")
    elif isinstance(kind, Kind.PropertyNames):
        inner = kind.error
        bad = node.get(str(inner.instance)) or node
        yield Mistake(bad, f"{str(inner.instance)[:60]} is no name that is allowed here.", _name_hint(inner))
    else:
        yield from _others(node, kind)


def _others(node: Node, kind: ValidationErrorKind) -> Iterator[Mistake]:
    """The rarer kinds."""
    if isinstance(kind, Kind.Constant):
        yield Mistake(node, f"{_of(node)} must be {json.dumps(kind.expected_value)}.")
    elif isinstance(kind, Kind.OneOfMultipleValid):
        yield _Vague(node, f"{_of(node)} holds keys that exclude each other.")
    elif isinstance(kind, Kind.Not):
        both = ("example", "examples", "schema", "content", "operationId", "operationRef")
        held = [name for name in both if node.has(name)]
        yield Mistake(node, f"{_of(node)} holds what is not allowed together: {', '.join(held) or 'see the text'}.")
    else:
        yield Mistake(node, f"{_of(node)} does not satisfy {kind.name}.")


def _name_hint(error: ValidationError) -> str:
    return f"Names match {error.kind.pattern}." if isinstance(error.kind, Kind.Pattern) else ""


def _not_one_of(node: Node, options: list[str]) -> Mistake:
    options = list(dict.fromkeys(options))
    value = str(node.value)[:60]
    near = get_close_matches(value, options, 1, 0.7)
    return Mistake(
        node,
        f"{_of(node)} is {value}, and must be one of {', '.join(options[:12])}.",
        f"Did you mean {near[0]}?" if near else "",
    )


def _of(node: Node) -> str:
    """What the node is, in a few words."""
    if not node.tokens:
        return "The document"
    if node.name.isdecimal() and len(node.tokens) > 1 and len(node.name) < 3:
        return f"Entry {int(node.name) + 1} of {node.tokens[-2]}"
    return f"The value of {node.name}" if not isinstance(node.value, dict) else node.name


def _kind(value: Json) -> str:
    """The JSON type of a value, with the value where it is short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'the text "{value[:40]}"'
    return "a list" if isinstance(value, list) else "a mapping"


_KNOWN = sorted(
    (
        *("openapi", "info", "title", "version", "summary", "description", "termsOfService", "contact", "license"),
        *("servers", "url", "variables", "paths", "webhooks", "components", "security", "tags", "externalDocs"),
        *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links"),
        *("callbacks", "pathItems", "operationId", "requestBody", "deprecated", "content", "schema", "example"),
        *("required", "allowEmptyValue", "style", "explode", "allowReserved", "encoding", "name", "in", "type"),
        *("scheme", "bearerFormat", "flows", "openIdConnectUrl", "properties", "additionalProperties", "items"),
        *("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern", "format", "enum"),
        *("nullable", "readOnly", "writeOnly", "default", "multipleOf", "uniqueItems", "allOf", "anyOf", "oneOf"),
    )
)
