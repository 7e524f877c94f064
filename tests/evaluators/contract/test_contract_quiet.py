"""Good contracts of a hundred operations, in two habits of naming: the preset `recommended` has nothing to say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evaluators.contract.document import contract_of
from evaluators.contract.lint import findings_of
from evaluators.draft import Draft, Subject
from evaluators.rule import REGISTRY

Json = dict[str, Any]
NOUNS = ("invoice", "customer", "shipment", "ticket", "device", "course", "recipe", "vehicle", "booking", "article")
NOUNS += (
    "lesson",
    "patient",
    "reading",
    "sensor",
    "contract",
    "delivery",
    "product",
    "warehouse",
    "employee",
    "project",
)


def plural(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def body(schema: Json, media: str = "application/json") -> Json:
    return {"content": {media: {"schema": schema}}}


def named(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def text(limit: int = 80, **more: Any) -> Json:
    return {"type": "string", "maxLength": limit, **more}


def errors(*statuses: str) -> Json:
    return {status: {"$ref": f"#/components/responses/E{status}"} for status in statuses}


def resource(noun: str, camel: bool) -> tuple[Json, Json]:
    """Paths and schemas of one resource: five operations, two schemas and a list."""
    title, many = noun.title(), plural(noun)
    key = f"{noun}Id" if camel else "id"
    made = "createdAt" if camel else "created_at"
    own = {
        "name": text(),
        "note": {**text(500), "type": ["string", "null"]},
        "state": {"type": "string", "enum": ["open", "closed"]},
    }
    answered = {"id": {"type": "string", "format": "uuid"}, **own, made: {"type": "string", "format": "date-time"}}
    sent: Json = {"type": "object", "additionalProperties": False, "required": ["name"], "properties": own}
    changed = {**sent, "required": []}
    schemas = {
        title: {"type": "object", "required": ["id", "name", made], "properties": answered},
        f"New{title}": sent,
        f"{title}Change": changed,
    }
    one = {"name": key, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}}
    rows = {"type": "array", "maxItems": 100, "items": named(title)}
    if camel:
        more = {"name": "cursor", "in": "query", "schema": text(200)}
        page: Json = {"type": "object", "properties": {"data": rows, "nextCursor": {"type": ["string", "null"]}}}
    else:
        more = {
            "name": "offset",
            "in": "query",
            "schema": {"type": "integer", "minimum": 0, "maximum": 9999, "default": 0},
        }
        page = {"type": "object", "properties": {"items": rows, "total": {"type": "integer"}}}
    place = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
    ok = {"description": "It.", **body(named(title))}

    def operation(name: str, responses: Json, **parts: Any) -> Json:
        known = f"{name}{title}" if camel else f"{name}_{noun}"
        return {"operationId": known, "summary": f"{name} {noun}", "tags": [many], "responses": responses, **parts}

    sending = {"required": True, **body(named(f"New{title}"))}
    changing = {"required": True, **body(named(f"{title}Change"))}
    listed = {"200": {"description": "A page.", **body(page)}, **errors("401", "422", "429")}
    made_now = {
        "201": {"description": "Made.", "headers": place, **body(named(title))},
        **errors("401", "409", "422", "429"),
    }
    paths = {
        f"/{many}": {
            "get": operation("list", listed, parameters=[limit, more]),
            "post": operation("create", made_now, requestBody=sending),
        },
        f"/{many}/{{{key}}}": {
            "parameters": [one],
            "get": operation("get", {"200": ok, **errors("401", "404", "429")}),
            "patch": operation(
                "update", {"200": ok, **errors("401", "404", "409", "422", "429")}, requestBody=changing
            ),
            "delete": operation("delete", {"204": {"description": "Gone."}, **errors("401", "404", "429")}),
        },
    }
    return paths, schemas


def contract(camel: bool, version: str) -> str:
    parts = [resource(noun, camel) for noun in NOUNS]
    media = "application/problem+json" if camel else "application/json"
    wait = {"Retry-After": {"schema": {"type": "integer"}}}
    failed = {
        f"E{status}": {
            "description": "No.",
            **body(named("Problem"), media),
            **({"headers": wait} if status == "429" else {}),
        }
        for status in ("401", "404", "409", "422", "429")
    }
    problem = {
        "type": "object",
        "required": ["title"],
        "properties": {"title": text(200), "status": {"type": "integer"}},
    }
    document = {
        "openapi": version,
        "info": {"title": "Good", "version": "1.4.0", "description": "Works."},
        "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"bearer": []}],
        "tags": [{"name": plural(noun)} for noun in NOUNS],
        "paths": {path: item for paths, _ in parts for path, item in paths.items()},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": {"Problem": problem} | {name: each for _, schemas in parts for name, each in schemas.items()},
            "responses": failed,
        },
    }
    return json.dumps(document, indent=1)


@pytest.mark.parametrize("version", ["3.1.0", "3.2.0"])
@pytest.mark.parametrize("camel", [True, False], ids=["camel", "snake"])
def test_a_good_contract_of_a_hundred_operations(camel: bool, version: str) -> None:
    read = contract_of(Subject(Draft.of({"openapi.json": contract(camel, version)})))
    assert len(read.operations) == 5 * len(NOUNS) == 100
    findings, crashed = findings_of(read)
    assert crashed == []
    assert [f"{each.rule}: {each.message}" for each in findings if not REGISTRY[each.rule].strict] == []
