"""Checks a value of the contract (an example, a default) against a schema of the contract."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote

import jsonschema_rs

from evaluators.contract.node import Files, Node
from evaluators.contract.parts import Json
from evaluators.contract.shapes import facets, flattened

_BASE = "contract:///"
_LENIENT = {name: lambda _: True for name in ("time", "duration", "idn-email", "idn-hostname", "iri", "regex")}


class Checker:
    """Compiles schemas of one contract; the files it refers to are in a registry, never fetched."""

    def __init__(self, files: Files, family: str) -> None:
        self._files = files
        self._draft = jsonschema_rs.Draft4 if family == "3.0" else jsonschema_rs.Draft202012
        self._old = family == "3.0"

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        """The documents, made when the first value needs them: most are judged without."""
        documents: list[tuple[str, Json]] = []
        for source in self._files.read_so_far():
            if source.data is not None:
                copied = self._old and "nullable" in source.text
                documents.append((_BASE + source.path, _nullable(source.data) if copied else source.data))
        return jsonschema_rs.Registry(documents, draft=self._draft)

    def errors(self, schema: Node, value: Json, most: int = 3) -> list[tuple[tuple[str, ...], str]]:
        """Path inside the value and message of each error; empty where the schema cannot be compiled.

        A property that is only read or only written may be missing.
        """
        if plainly_valid(schema.value, value):
            return []
        try:
            validator = self._validator(schema)
            found = list(validator.iter_errors(value))
        except (ValueError, jsonschema_rs.ReferencingError):
            return []
        told = [
            (tuple(str(token) for token in error.instance_path), error.message[:160])
            for error in found
            if not self._excused(schema, error)
        ]
        return sorted(told)[:most]

    def _validator(self, schema: Node) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for(
            {"$ref": f"{_BASE}{schema.path}{_quoted(schema.pointer)}", **self._dialect()},
            registry=self._registry,
            validate_formats=True,
            formats=cast("dict[str, Any]", _LENIENT),
            offline=True,
        )

    def unsatisfiable(self, schema: Node) -> bool:
        """Whether it is certain that no value satisfies the schema."""
        try:
            canonical = jsonschema_rs.canonicalize(
                {"$ref": f"{_BASE}{schema.path}{_quoted(schema.pointer)}", **self._dialect()},
                registry=self._registry,
                offline=True,
            )
            return canonical.satisfiability() == jsonschema_rs.canonical.Satisfiability.NO
        except (ValueError, jsonschema_rs.ReferencingError):
            return False

    def _dialect(self) -> dict[str, Json]:
        old, new = "http://json-schema.org/draft-04/schema#", "https://json-schema.org/draft/2020-12/schema"
        return {"$schema": old if self._old else new}

    def _excused(self, schema: Node, error: jsonschema_rs.ValidationError) -> bool:
        """Whether the error is a missing property that goes only one way."""
        kind = error.kind
        if not isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
            return False
        for each in _at(schema, [str(token) for token in error.instance_path]):
            child = each.down("properties", kind.property)
            if child is not None and (facets(child).read_only or facets(child).write_only):
                return True
        return False


_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
_PLAIN = frozenset(
    (
        *("type", "enum", "minimum", "maximum", "minLength", "maxLength", "default", "example", "examples"),
        *("description", "title", "deprecated", "readOnly", "writeOnly", "x-column"),
    )
)


def plainly_valid(schema: Json, value: Json) -> bool:
    """Whether a schema of the commonest words takes a value; False where that needs the validator."""
    if not isinstance(schema, dict) or not schema.keys() <= _PLAIN:
        return False
    kind = schema.get("type")
    kinds = _TYPES.get(kind, ()) if isinstance(kind, str) else ()
    if type(value) not in kinds:
        return False
    low, high, values = schema.get("minimum"), schema.get("maximum"), schema.get("enum")
    if isinstance(value, str):
        low, high = schema.get("minLength"), schema.get("maxLength")
    size = len(value) if isinstance(value, str) else value
    if any(bound is not None and type(bound) not in (int, float) for bound in (low, high)):
        return False
    if (low is not None and size < low) or (high is not None and size > high):
        return False
    return values is None or (isinstance(values, list) and any(type(v) is type(value) and v == value for v in values))


def _at(schema: Node, path: list[str]) -> Iterator[Node]:
    """The schemas (parts of an `allOf` apart) that hold at a path of the value."""
    parts, _ = flattened(schema)
    if not path:
        yield from parts
        return
    for part in parts:
        child = part.down("properties", path[0]) or (part.get("items") if path[0].isdecimal() else None)
        if child is not None:
            yield from _at(child, path[1:])


def _quoted(pointer: str) -> str:
    """A pointer as a URI fragment."""
    return "#" + quote(pointer[1:], safe="/~")


def _nullable(document: Json) -> Json:
    """A 3.0 document with `nullable: true` said as JSON Schema says it."""
    copied = copy.deepcopy(document)
    pending = [copied]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            if value.get("nullable") is True and isinstance(value.get("type"), str):
                value["type"] = [value["type"], "null"]
                if isinstance(value.get("enum"), list) and None not in value["enum"]:
                    value["enum"] = [*value["enum"], None]
    return copied
