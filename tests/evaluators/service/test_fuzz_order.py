"""What the fuzzer is told: ids that exist, requests that worked, a row of its own for each DELETE."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from evaluators.contract.document import contract_of
from evaluators.contract.facts import Contract, Operation
from evaluators.draft import Draft, Subject
from evaluators.service.boot import Running
from evaluators.service.crew import Crew
from evaluators.service.engine import Exchange, Failure, Order, configuration
from evaluators.service.failures import Seen, curl, findings_of
from evaluators.service.fuzz_order import Rehearsed, order_of
from evaluators.service.identities import Cast
from evaluators.service.member import Member
from evaluators.service.request import Request
from evaluators.service.seeding import Seeds
from evaluators.service.tables import Column, Table

DRAWN = "6f1c2d3e-1111-4222-8333-444455556666"


def table(name: str) -> Table:
    return Table(name, (Column("id", "integer", False, False, False),), ("id",), (), ())


ROWS: dict[str, dict[str, list[Mapping[str, Any]]]] = {
    "rooms": {"a": [{"id": 1}, {"id": 2}, {"id": 3}], "b": [{"id": 4}]},
    "halls": {"a": [{"id": 8}]},
}
SEEDS = Seeds((table("rooms"), table("halls")), None, cast(Any, ROWS))
MEMBERS = {
    who: Member(who, {"Authorization": f"Bearer eyJ.{who}"}, {"Authorization": f"Bearer $TOKEN_{who.upper()}"}, {})
    for who in ("a", "b", "admin")
}
CREW = Crew(Cast(SEEDS, True), MEMBERS)


def contract() -> Contract:
    number, text = {"type": "integer"}, {"type": "string"}
    room = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 9},
            "open": {"type": "boolean"},
            "beds": {"type": "array", "items": {"type": "object", "properties": {"size": number, "odd name": text}}},
        },
    }
    sent = {"content": {"application/json": {"schema": room, "example": {"name": "Blue"}}}}
    ok = {"200": {"description": "ok"}}
    by_id = [{"name": "room_id", "in": "path", "required": True, "schema": number}]
    sized = {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    paths: dict[str, Any] = {
        "/rooms": {
            "get": {"parameters": [sized], "responses": ok},
            "post": {"requestBody": {"$ref": "#/components/requestBodies/Room"}, "responses": ok},
        },
        "/rooms/{room_id}": {
            "parameters": by_id,
            "get": {"responses": ok},
            "put": {"requestBody": {"$ref": "#/components/requestBodies/Room"}, "responses": ok},
            "delete": {"responses": ok},
        },
        "/halls/{hall_id}": {"delete": {"parameters": [{**by_id[0], "name": "hall_id"}], "responses": ok}},
    }
    whole = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    whole["components"] = {"requestBodies": {"Room": sent}}
    return contract_of(Subject(Draft.of({"openapi.json": json.dumps(whole)})))


CONTRACT = contract()


def operation(symbol: str) -> Operation:
    return next(each for each in CONTRACT.operations if each.symbol == symbol)


def order(*requests: Request, drawn: str = "") -> Order:
    running = cast(Running, SimpleNamespace(contract=CONTRACT, base_url="http://h"))
    return order_of(running, CREW, 3, Rehearsed({each.symbol: each for each in requests}, frozenset({drawn})))


def examples(given: Order, method: str, path: str = "/rooms/{room_id}") -> dict[str, Any]:
    """Parameter -> the first value that is shown for it."""
    item = given.contract["paths"][path]
    found = {}
    for each in item[method].get("parameters", item.get("parameters", [])):
        held = each.get("examples", {"example": {"value": each.get("example")}})
        found[each["name"]] = next(iter(held.values()))["value"]
    return found


def test_a_delete_has_a_row_of_its_own_that_nobody_else_is_given() -> None:
    made = order()
    assert examples(made, "delete") == {"room_id": 3} and examples(made, "get") == {"room_id": 1}
    assert made.dictionaries["DELETE /rooms/{room_id}"] == {"path.room_id": [3, 4]}
    assert made.dictionaries["GET /rooms/{room_id}"] == {"path.room_id": [1, 2, 4]}
    assert made.dictionaries["DELETE /halls/{hall_id}"] == {"path.hall_id": [8]}, "where there is only one"
    assert made.headers == {"Authorization": "Bearer eyJ.a"} and made.headers_of == {}


def test_a_delete_keeps_the_row_that_it_worked_with_unless_others_need_it() -> None:
    delete, get = operation("DELETE /rooms/{room_id}"), operation("GET /rooms/{room_id}")
    alone = order(Request(delete, "a", {"room_id": 2}))
    assert examples(alone, "delete") == {"room_id": 2}
    assert alone.dictionaries[get.symbol] == {"path.room_id": [1, 3, 4]}
    shared = order(Request(delete, "a", {"room_id": 2}), Request(get, "a", {"room_id": 2}))
    assert examples(shared, "delete") == {"room_id": 3} and examples(shared, "get") == {"room_id": 2}
    assert shared.dictionaries[get.symbol] == {"path.room_id": [2, 1, 4]}


def test_a_request_that_worked_is_the_first_example_and_its_parts_are_used() -> None:
    body = {"name": "Red", "open": True, "beds": [{"size": 2, "odd name": "x"}]}
    put = Request(operation("PUT /rooms/{room_id}"), "admin", {"room_id": 2}, body=body)
    made = order(put, Request(operation("GET /rooms"), "a", query={"size": 5}))
    shown = made.contract["paths"]["/rooms/{room_id}"]["put"]
    assert examples(made, "put") == {"room_id": 2}
    assert list(shown["requestBody"]["content"]["application/json"]["examples"].values()) == [
        {"value": body}, {"value": {"name": "Blue"}},
    ]  # fmt: skip
    assert made.contract["paths"]["/rooms"]["post"] == {
        "requestBody": {"$ref": "#/components/requestBodies/Room"}, "responses": {"200": {"description": "ok"}},
    }, "another operation with the same body is left alone"  # fmt: skip
    assert made.dictionaries["PUT /rooms/{room_id}"] == {
        "path.room_id": [2, 1, 4], "body.name": ["Red"], "body.beds.[*].size": [2],
    }  # fmt: skip
    assert made.dictionaries["GET /rooms"] == {"query.size": [5]}
    assert made.headers_of == {"PUT /rooms/{room_id}": {"Authorization": "Bearer eyJ.admin"}}
    assert "headers" in configuration(made)["operations"][0]


def test_what_the_contract_forbids_is_not_used_though_it_worked() -> None:
    body = {"name": "longer than nine"}
    put = Request(operation("PUT /rooms/{room_id}"), "a", {"room_id": "2"}, body=body)
    made = order(put, Request(operation("GET /rooms"), "a", query={"size": 0}))
    assert examples(made, "put") == {"room_id": 2}, "a path is text"
    assert made.contract["paths"]["/rooms/{room_id}"]["put"]["requestBody"] == {
        "$ref": "#/components/requestBodies/Room"
    }
    assert "GET /rooms" not in made.dictionaries
    assert made.dictionaries["PUT /rooms/{room_id}"] == {"path.room_id": [2, 1, 4]}


def test_what_the_service_drew_is_named_and_hidden() -> None:
    post = operation("POST /rooms")
    made = order(Request(post, "a", body={"name": "tok-55"}), drawn="tok-55")
    assert made.drawn == ["tok-55"]
    sent = Exchange("POST", f"/rooms?by={DRAWN}", (), "eyJuYW1lIjogInRvay01NSJ9", 500, (), "")
    failure = Failure("not_a_server_error", "ServerError", post.symbol, "", sent)
    code = cast(Any, SimpleNamespace(routes=()))
    found = findings_of([Seen(failure)], CONTRACT, code, Draft.of({}), drawn=[DRAWN, "tok-55"])
    told = found[0].evidence + found[0].reproduce
    assert DRAWN not in told and "tok-55" not in told and "<uuid>" in told and "<drawn>" in told


def test_a_line_for_a_shell_says_whose_token_it_needs() -> None:
    sent = Exchange("GET", "/rooms", (("authorization", "Bearer $TOKEN_ADMIN"),), "", 500, (), "")
    assert curl(sent) == 'curl -sS -i -X GET "$BASE_URL"/rooms -H "Authorization: Bearer $TOKEN_ADMIN"'
