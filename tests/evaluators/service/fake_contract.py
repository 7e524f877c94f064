"""Contracts for the fake services, from a few words."""

from __future__ import annotations

import json
from typing import Any

BEARER: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}
COOKIE: dict[str, Any] = {"session": {"type": "apiKey", "in": "cookie", "name": "sid"}}
HEADER_KEY: dict[str, Any] = {"key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}
QUERY_KEY: dict[str, Any] = {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}
BASIC: dict[str, Any] = {"basic": {"type": "http", "scheme": "basic"}}


def properties(*names: str) -> dict[str, Any]:
    """An object of strings, all required; a `?` makes one optional."""
    made = {name.rstrip("?"): {"type": "string", "minLength": 1, "maxLength": 100} for name in names}
    required = [name for name in names if not name.endswith("?")]
    return {"type": "object", "properties": made, "required": required}


def contract(schemes: dict[str, Any], **operations: tuple[Any, ...]) -> str:
    """A contract: `post_users=(open or guarded, properties of the body, media type)`; `__` is `/`, `_x_` is `{x}`.

    The first value is True for an operation that any of the schemes guards, or the list of its security.
    """
    paths: dict[str, Any] = {}
    for name, (guard, *rest) in operations.items():
        method, _, path = name.partition("_")
        path = "/" + path.replace("__", "/").replace("ID", "{id}")
        made: dict[str, Any] = {"responses": {"200": {"description": "ok"}}}
        made["security"] = [{each: []} for each in schemes] if guard is True else guard or []
        body = rest[0] if rest else None
        if body is not None:
            media = rest[1] if len(rest) > 1 else "application/json"
            schema = body if isinstance(body, dict) else properties(*body)
            made["requestBody"] = {"required": True, "content": {media: {"schema": schema}}}
        if "{id}" in path:
            made["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        paths.setdefault(path, {})[method] = made
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths,
             "components": {"securitySchemes": schemes}}  # fmt: skip
    return json.dumps(whole)
