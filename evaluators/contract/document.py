"""Reads the contract of a draft, or of a served document, into facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from evaluators.contract.bundle import bundled
from evaluators.contract.facts import (
    Body,
    Contract,
    Media,
    Operation,
    Parameter,
    Response,
    SecurityScheme,
)
from evaluators.contract.node import Files, Node
from evaluators.contract.parts import Json, Problem, Source
from evaluators.contract.shapes import shape_of
from evaluators.contract.source import read
from evaluators.contract.walk import Survey
from evaluators.draft import Artifact, Draft, Role, Subject
from evaluators.finding import Location

__all__ = ["Contract", "candidates", "contract_from", "contract_of"]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The methods of a path item, as it spells them."""

_IN_YAML = re.compile(r"^['\"]?(?:openapi|swagger)['\"]?[ \t]*:", re.MULTILINE)
_IN_BRACES = re.compile(r"['\"]?\b(?:openapi|swagger)['\"]?\s*:")


def contract_of(subject: Subject) -> Contract:
    """The contract of the subject's draft; ask for it by `subject.fact(contract_of)`."""
    draft = subject.draft
    found = candidates(draft)
    if not found:
        return Contract("", Files(draft), None)
    sources = [read(artifact.path, artifact.text) for artifact in found]
    files = Files(draft, *sources)
    entries = _entries([source for source in sources if source.data is not None], files) or sources
    first = entries[0]
    if any(source.data != first.data or source.data is None for source in entries[1:]):
        names = ", ".join(source.path for source in entries)
        problem = Problem(
            "several-contracts",
            Location(first.path),
            names,
            f"Several files could be the contract: {names}.",
            "Keep one of them.",
        )
        return Contract(first.path, Files(draft, first), None, (problem,))
    return _contract(first, Files(draft, first) if len(sources) > 1 else files)


def _entries(sources: list[Source], files: Files) -> list[Source]:
    """Those of several files that are a contract's entry: no other refers to them, and they are no copy of one."""
    if len(sources) < 2:
        return sources
    surveys = {source.path: Survey(files.root(source.path)) for source in sources}
    reached = {
        source.path: {end.path for node in surveys[source.path].references if (end := node.target())} - {source.path}
        for source in sources
    }
    kept = [source for source in sources if not any(source.path in paths for paths in reached.values())]
    for source in kept:
        root = files.root(source.path)
        if reached[source.path] and root is not None:
            whole = bundled(root, surveys[source.path].references).document
            rest = [other for other in kept if other is source or other.data != whole]
            if len(rest) < len(kept):
                return rest
    return kept


def contract_from(document: Json, path: str = "openapi.json") -> Contract:
    """The contract of a document that was served or made in memory, laid out as indented JSON."""
    try:
        text = json.dumps(document, indent=2, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = ""
    source = read(path if path.endswith(".json") else f"{path}.json", text)
    return _contract(source, Files(Draft(), source))


def candidates(draft: Draft) -> tuple[Artifact, ...]:
    """The files that could be the contract: by name, else by a top-level `openapi`."""
    named = [artifact for artifact in draft.having(Role.CONTRACT) if _is_contract(artifact)]
    if named:
        return tuple(named)
    if draft.having(Role.CONTRACT):
        return draft.having(Role.CONTRACT)[:1]
    others = draft.having(Role.CONFIGURATION, Role.OTHER)
    return tuple(a for a in others if a.path.lower().endswith((".yaml", ".yml", ".json")) and _is_contract(a))


def _is_contract(artifact: Artifact) -> bool:
    """Whether the text has the key `openapi` or `swagger` at its top (seen without parsing)."""
    text = artifact.text
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _IN_YAML.search(text) is not None
    found = _IN_BRACES.search(text)
    before = text[: found.start()] if found else ""
    return before.count("{") - before.count("}") == 1 and before.count("[") == before.count("]")


def _contract(source: Source, files: Files) -> Contract:
    """The facts of a read file."""
    root = files.root(source.path)
    if root is None:
        return Contract(source.path, files, None, source.problems)
    operations = tuple(_operations(root, "paths"))
    webhooks = tuple(_operations(root, "webhooks"))
    components = root.get("components")
    shapes = tuple(shape_of(node, name) for name, node in (components.items("schemas") if components else ()))
    schemes = tuple(_scheme(name, node) for name, node in (components.items("securitySchemes") if components else ()))
    return Contract(source.path, files, root, (), operations, webhooks, shapes, schemes)


def _scheme(name: str, node: Node) -> SecurityScheme:
    end = node.followed()
    return SecurityScheme(name, end.text("type"), end.text("scheme").lower(), end.text("in"), end)


def _operations(root: Node, key: str) -> Iterator[Operation]:
    """The operations of `paths` or `webhooks`."""
    for path, written in root.items(key):
        if key == "paths" and not path.startswith("/"):
            continue
        item = written.followed()
        shared = list(item.elements("parameters"))
        methods = [(method, item.get(method)) for method in METHODS]
        methods += [(name, node) for name, node in item.items("additionalOperations")]
        for method, node in methods:
            if node is not None and isinstance(node.value, dict):
                yield _operation(root, method.upper(), path, node, shared, key == "webhooks")


def _operation(root: Node, method: str, path: str, node: Node, shared: list[Node], webhook: bool) -> Operation:
    parameters: dict[tuple[str, str], Parameter] = {}
    for written in [*shared, *node.elements("parameters")]:
        made = _parameter(written)
        parameters[made.where, made.name] = made
    body = node.get("requestBody")
    responses = tuple(_response(status, each) for status, each in node.items("responses") if status[:2] != "x-")
    stated = node.has("security")
    return Operation(
        method=method,
        path=path,
        id=node.text("operationId") or None,
        node=node,
        parameters=tuple(parameters.values()),
        body=_body(body) if body is not None else None,
        responses=responses,
        security=_security(node if stated else root),
        security_stated=stated,
        webhook=webhook,
    )


def _security(node: Node) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(each.value) for each in node.elements("security") if isinstance(each.value, dict))


def _parameter(written: Node) -> Parameter:
    node = written.followed()
    schema = node.get("schema")
    if schema is None:
        schema = next((media.schema for media in _media(node)), None)
    return Parameter(node.text("name"), node.text("in"), node.flag("required"), node, schema)


def _body(written: Node) -> Body:
    node = written.followed()
    return Body(node.flag("required"), node, _media(node))


def _response(status: str, written: Node) -> Response:
    node = written.followed()
    headers = tuple(name.lower() for name, _ in node.items("headers"))
    return Response(status, node, written, _media(node), headers)


def _media(node: Node) -> tuple[Media, ...]:
    found = []
    for name, written in node.items("content"):
        media = written.followed()
        found.append(Media(name, media, media.get("schema") or media.get("itemSchema")))
    return tuple(found)
