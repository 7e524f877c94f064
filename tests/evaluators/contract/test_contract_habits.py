"""Rules that hold a contract to its own habits: what all neighbours do and one does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

import evaluators.contract.rules as package
from evaluators.contract.document import contract_of
from evaluators.draft import Draft, Subject
from evaluators.rule import REGISTRY, load, run_rules

load(package)

NOUNS = ("orders", "items", "users", "carts", "stores", "notes")
LOCATION = {"Location": {"schema": {"type": "string", "format": "uri"}}}
LIMIT = [{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}}]
KEY = [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 80}}]
ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]


def said(rule: str, paths: dict[str, Any], schemas: dict[str, Any] | None = None) -> list[str]:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "security": [{"jwt": []}],
        "paths": paths,
        "components": {"securitySchemes": {"jwt": {"type": "http", "scheme": "bearer"}}, "schemas": schemas or {}},
    }
    contract = Subject(Draft.of({"openapi.json": json.dumps(document)})).fact(contract_of)
    found, crashed = run_rules([REGISTRY[rule]], contract)
    assert crashed == []
    return [finding.symbol for finding in found]


def created(located: bool) -> dict[str, Any]:
    return {"responses": {"201": {"description": "Made.", **({"headers": LOCATION} if located else {})}}}


@pytest.mark.parametrize(("read", "symbols"), [("/things/{id}", ["POST /stores/{id}/things"]), ("/other/{id}", [])])
def test_a_creation_that_alone_does_not_say_where(read: str, symbols: list[str]) -> None:
    paths: dict[str, Any] = {f"/{noun}": {"post": created(True)} for noun in NOUNS}
    paths["/stores/{id}/things"] = {"parameters": ID, "post": created(False)}
    paths[read] = {"parameters": ID, "get": {"responses": {"204": {"description": "One."}}}}
    assert said("created-without-location", paths) == symbols


@pytest.mark.parametrize(("others", "count"), [("date", 1), (None, 0)])
def test_a_day_beside_days(others: str | None, count: int) -> None:
    day = {"type": "string", "format": others} if others else {"type": "string"}
    schemas = {"A": {"type": "object", "properties": {"due_on": day, "made_on": day, "depends_on": {"type": "string"}}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    paths = {"/a": {"post": {"requestBody": body, "responses": {"204": {"description": "Done."}}}}}
    assert len(said("date-without-format", paths, schemas)) == count


def paying(keyed: list[dict[str, Any]]) -> dict[str, Any]:
    money = {"type": "object", "properties": {"amount_minor": {"type": "integer"}, "reference": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": money}}}
    return {"parameters": keyed, "requestBody": body, "responses": {"204": {"description": "Done."}}}


@pytest.mark.parametrize(("other", "symbols"), [(KEY, ["POST /payments"]), ([], [])])
def test_a_payment_beside_operations_that_take_a_key(other: list[dict[str, Any]], symbols: list[str]) -> None:
    subscribe = {"parameters": other, "responses": {"204": {"description": "Done."}}}
    paths = {"/payments": {"post": paying([])}, "/subscriptions": {"post": subscribe}}
    assert said("payment-without-idempotency-key", paths) == symbols


@pytest.mark.parametrize(("closed", "symbols"), [(4, ["#/components/schemas/Open"]), (1, [])])
def test_an_open_body_among_closed_ones(closed: int, symbols: list[str]) -> None:
    shape = {"type": "object", "properties": {"a": {"type": "string"}}}
    schemas = {f"B{n}": {**shape, "additionalProperties": False} for n in range(closed)}
    schemas["Open"] = {**shape, "additionalProperties": True}
    paths = {
        f"/{name.lower()}": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}},
                "responses": {"204": {"description": "Done."}},
            }
        }
        for name in schemas
    }
    assert said("open-request-body", paths, schemas) == symbols


def listing(parameters: list[dict[str, Any]], schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": "All.", "content": {"application/json": {"schema": schema}}}
    return {"get": {"parameters": parameters, "responses": {"200": answer}}}


ROWS = {"type": "array", "maxItems": 50, "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("schema", "symbols"),
    [
        (ROWS, ["GET /moves"]),
        ({"type": "object", "properties": {"items": ROWS}}, ["GET /moves"]),
        # A summary that holds a bounded list is no list.
        ({"type": "object", "properties": {"total": {"type": "integer"}, "by_month": ROWS}}, []),
    ],
)
def test_a_list_without_paging_among_paged_ones(schema: dict[str, Any], symbols: list[str]) -> None:
    paths = {f"/{noun}": listing(LIMIT, ROWS) for noun in NOUNS} | {"/moves": listing([], schema)}
    assert said("unbounded-list", paths) == symbols


def test_one_thing_that_has_items_is_no_list() -> None:
    cart = listing([], {"type": "object", "properties": {"items": ROWS}})
    assert said("unbounded-list", {f"/{noun}": listing(LIMIT, ROWS) for noun in NOUNS} | {"/cart": cart}) == []


def refusing(*statuses: str) -> dict[str, Any]:
    return {"get": {"responses": {status: {"description": "x"} for status in ("204", *statuses)}}}


@pytest.mark.parametrize(("prefix", "symbols"), [("/admin", ["GET /admin/last 403"]), ("/shop", [])])
def test_who_is_refused_below_one_path_of_privilege(prefix: str, symbols: list[str]) -> None:
    paths = {f"{prefix}/{noun}{n}": refusing("403") for noun in NOUNS for n in range(2)}
    assert said("status-missing-unlike-others", {**paths, f"{prefix}/last": refusing()}) == symbols
