"""Bodies that are no JSON: multipart forms with files, and XML as a contract describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened, shape_of

BOUNDARY = "backwright-5c1f0a"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Upload:
    """A file of a multipart form."""

    name: str
    content: bytes
    type: str = "text/plain"


def in_parts(values: Mapping[str, Any]) -> bytes:
    """A multipart form: files, texts, and JSON for objects; a list is sent once for each element (RFC 7578)."""
    lines: list[bytes] = []
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            head = f'Content-Disposition: form-data; name="{_quoted(str(name))}"'
            content = _text(each)
            if isinstance(each, Upload):
                head += f'; filename="{_quoted(each.name)}"\r\nContent-Type: {each.type}'
            lines.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode("utf-8", "surrogatepass") + content + b"\r\n")
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _text(value: Any) -> bytes:
    if isinstance(value, Upload):
        return value.content
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict | bool) or value is None:
        return json.dumps(value).encode()
    return str(value).encode("utf-8", "surrogatepass")


def is_xml(media: str) -> bool:
    """Whether a media type is XML."""
    bare = media.split(";")[0].strip().lower()
    return bare in ("application/xml", "text/xml") or bare.endswith("+xml")


def in_xml(schema: Node, value: Any, name: str = "") -> str:
    """A value as XML, by the schema's `xml` (name, attribute, wrapped) as OpenAPI says it."""
    said = _said(schema)
    root = str(said.get("name") or name or _component(schema) or "root")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(schema, value, root)}'


def _element(schema: Node | None, value: Any, name: str) -> str:
    if schema is None or not isinstance(value, Mapping):
        return f"<{name}>{escape(_plain(value))}</{name}>"
    attributes, inner = "", ""
    known = {each.name: each.node for each in shape_of(schema).properties}
    for key, each in value.items():
        node = known.get(key)
        said = _said(node) if node is not None else {}
        called = str(said.get("name") or key)
        if said.get("attribute") and not isinstance(each, list | dict):
            attributes += f" {called}={quoteattr(_plain(each))}"
        elif isinstance(each, list):
            inner += _listed(node, each, called, bool(said.get("wrapped")))
        else:
            inner += (
                _element(node, each, called) if node is not None else f"<{called}>{escape(_plain(each))}</{called}>"
            )
    return f"<{name}{attributes}>{inner}</{name}>"


def _listed(node: Node | None, values: list[Any], name: str, wrapped: bool) -> str:
    items = next((item for part in (flattened(node)[0] if node else ()) if (item := part.get("items"))), None)
    called = str((_said(items) if items is not None else {}).get("name") or name)
    inner = "".join(_element(items, each, called) for each in values)
    return f"<{name}>{inner}</{name}>" if wrapped else inner


def _said(node: Node) -> Mapping[str, Any]:
    """The `xml` of a schema."""
    for part in flattened(node)[0]:
        found = part.raw("xml") if part.has("xml") else None
        if isinstance(found, dict):
            return found
    return {}


def _component(node: Node) -> str:
    name = shape_of(node).name
    return name if name.isidentifier() else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
