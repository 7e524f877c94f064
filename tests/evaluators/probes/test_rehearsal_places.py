"""Which place of a request names which rows, what earlier answers bring, and what a play says of its places."""

from __future__ import annotations

import json
from typing import Any

from evaluators.contract.document import contract_of
from evaluators.contract.facts import Contract
from evaluators.draft import Draft, Subject
from evaluators.probes.atlas import Atlas, Source, bare, snake
from evaluators.probes.forms import Forms, in_path
from evaluators.probes.tracing import keyed, same_value, subject_of, traced
from evaluators.service.client import Answer
from evaluators.service.oracle import Changes, State, Update
from evaluators.service.request import Request
from evaluators.service.seeding import Seeds
from evaluators.service.step import Step
from evaluators.service.tables import Column, ForeignKey, Table

UUIDS = [f"a000000{n}-0000-4000-8000-000000000001" for n in range(3)]


def column(name: str, type_: str = "integer") -> Column:
    return Column(name, type_, False, False, False)


USERS = Table("users", (column("id"), column("email", "text")), ("id",), (), (), ("id", "email"))
STOCK = Table(
    "stock", (column("shop_id"), column("good_id"), column("on_hand")), ("shop_id", "good_id"),
    (ForeignKey(("shop_id",), "shops", ("id",)), ForeignKey(("good_id",), "goods", ("id",))), (),
)  # fmt: skip
SHOPS = Table("shops", (column("id"), column("code", "text")), ("id",), (), (), ("id", "code"))
GOODS = Table("goods", (column("id"), column("sku", "text")), ("id",), (), (), ("id", "sku"))
HOLDS = Table(
    "holds",
    (column("id"), column("user_id"), column("from_shop_id"), column("good_id"), column("amount"), column("version")),
    ("id",),
    (ForeignKey(("user_id",), "users", ("id",)),
     ForeignKey(("from_shop_id", "good_id"), "stock", ("shop_id", "good_id"))), (), ("id",),
)  # fmt: skip
ROWS = {
    "users": {"a": [{"id": 1, "email": "a@example.com"}], "b": [{"id": 2, "email": "b@example.com"}]},
    "shops": {"a": [{"id": 11, "code": "S1"}, {"id": 12, "code": "S2"}], "b": [{"id": 13, "code": "S3"}]},
    "goods": {"a": [{"id": 21, "sku": "G1"}, {"id": 22, "sku": "G2"}], "b": [{"id": 23, "sku": "G3"}]},
    "stock": {"a": [{"shop_id": 12, "good_id": 21, "on_hand": 9}]},
    "holds": {"a": [{"id": 31, "user_id": 1, "from_shop_id": 12, "good_id": 21, "amount": 4, "version": 7}]},
}
STATE: State = {
    name: [dict(row) for rows in held.values() for row in rows]
    for name, held in ROWS.items()
}  # fmt: skip


def atlas() -> Atlas:
    rows = {name: {who: [dict(row) for row in held] for who, held in each.items()} for name, each in ROWS.items()}
    return Atlas(Seeds((GOODS, HOLDS, SHOPS, STOCK, USERS), "users", rows))


def contract() -> Contract:
    integer, text = {"type": "integer"}, {"type": "string"}
    names = ("fromShopId", "goodId", "amount", "version")
    hold = {"type": "object", "required": list(names[:3]), "properties": dict.fromkeys(names, integer)}
    by_id = [{"name": "holdId", "in": "path", "required": True, "schema": integer}]
    match = {"name": "If-Match", "in": "header", "required": True, "schema": text}
    csrf = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": text}
    key = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "format": "uuid"}}
    ok = {"200": {"description": "ok"}}

    def body(schema: dict[str, Any]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    theme = {"type": "string", "pattern": "^[a-z]+$", "examples": ["dark"]}
    by_name = [{"name": "theme", "in": "path", "required": True, "schema": theme}]
    login = {"type": "object", "properties": {"username": text, "password": text}}
    paths = {
        "/holds": {"post": {"parameters": [key, csrf], "requestBody": body(hold), "responses": ok}},
        "/holds/{holdId}": {
            "get": {"parameters": by_id, "responses": ok},
            "put": {"parameters": [*by_id, match], "requestBody": body(hold), "responses": ok},
        },
        "/login": {"post": {"requestBody": body(login), "responses": ok}},
        "/themes/{theme}": {"get": {"parameters": by_name, "responses": ok}},
    }
    text_of = json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths})
    return contract_of(Subject(Draft.of({"openapi.json": text_of})))


def operation(symbol: str) -> Any:
    return contract().by_symbol[symbol]


def step(request: Request, answer: Any, changes: Changes, status: int = 201) -> Step:
    return Step(request, Answer(status, (), json.dumps(answer).encode()), changes)


def test_names_are_compared_without_case_and_marks() -> None:
    assert snake("fromShopId") == "from_shop_id" and bare("refreshToken") == bare("refresh_token")


def test_a_column_of_a_key_of_several_leads_on_to_its_table() -> None:
    assert atlas().body_table("fromShopId", None, None) == "shops"
    assert atlas().body_table("goodId", None, None) == "goods"


def test_a_row_connects_what_belongs_together() -> None:
    found = next(iter(atlas().joined(["shops", "goods"], "a")))
    assert [pick.value for pick in found] == [12, 21]


def test_only_what_is_unique_is_a_name_for_a_row_and_strangers_come_first() -> None:
    assert [pick.value for pick in atlas().named_values("email", "a")] == ["b@example.com", "a@example.com"]
    assert atlas().named_values("amount", "a") == [] and atlas().named_values("id", "a") == []


def test_what_lies_in_no_table_is_named_by_the_contracts_example() -> None:
    found = operation("GET /themes/{theme}")
    assert [pick.value for pick in atlas().picks(found, in_path(found)[0], "a")][:1] == ["dark"]
    found = operation("GET /holds/{holdId}")
    assert [pick.value for pick in atlas().picks(found, in_path(found)[0], "a")] == [31]


def test_a_source_brings_the_names_that_a_login_uses() -> None:
    member = Source({"email": ("a@example.com",), "password": ("p",)})
    assert member.of("username") == ("a@example.com",) and member.of("client_secret") == ("p",)
    made = Source({"refreshtoken": ("r",)}, ("drawn-code",))
    assert made.of("refresh_token") == ("r",) and made.of("token") == ("drawn-code",)
    assert made.of("Idempotency-Key") == (), "a fresh one each time"


def test_rows_of_the_body_and_headers_that_an_identity_carries() -> None:
    form = Forms(atlas(), operation("POST /holds"), "a00", frozenset({"x-csrf-token"})).form("a", {})
    request = form.request({})
    assert request.body["fromShopId"] == 11 and request.body["goodId"] == 21
    assert set(request.headers) == {"Idempotency-Key"}
    other = Forms(atlas(), operation("POST /holds"), "a07", frozenset({"x-csrf-token"})).form("a", {}).request({})
    assert request.headers != other.headers


def test_the_version_of_the_row_goes_where_it_is_asked_for() -> None:
    op = operation("PUT /holds/{holdId}")
    world = atlas()
    pick = world.picks(op, in_path(op)[0], "a")[0]
    form = Forms(world, op, "a00").form("a", {"holdId": pick}, tag='"read"')
    assert form.request({}).body["version"] == 7
    assert form.slots[0].choices[:2] == ['"read"', '"7"']


def test_a_login_is_led_by_what_an_identity_logs_in_with() -> None:
    form = Forms(atlas(), operation("POST /login"), "n00").form(None, {})
    taken = form.led(Source({"email": ("a@example.com",), "password": ("secret",)}))
    assert form.request(taken).body == {"username": "a@example.com", "password": "secret"}
    assert form.led(Source({})) == {}


def test_a_play_says_which_value_went_where_and_what_is_shown() -> None:
    body = {"fromShopId": 12, "goodId": 21, "amount": 5}
    row = {"id": 32, "user_id": 1, "from_shop_id": 12, "good_id": 21, "amount": 5, "version": 1}
    made = step(
        Request(operation("POST /holds"), "a", body=body), {"data": {**body, "holdNo": 32}}, Changes((("holds", row),))
    )
    play = traced(atlas(), made, STATE)
    assert play.subject == ("holds", 32)
    assert play.columns == {
        ("fromShopId",): ("holds", "from_shop_id"), ("goodId",): ("holds", "good_id"), ("amount",): ("holds", "amount"),
    }  # fmt: skip
    assert play.shown[("data", "holdNo")] == ("holds", "id")
    assert play.shown[("data", "amount")] == ("holds", "amount")


def test_what_was_sent_as_it_was_is_told_by_its_name() -> None:
    after = {"id": 31, "user_id": 1, "from_shop_id": 12, "good_id": 21, "amount": 6, "version": 8}
    before = dict(ROWS["holds"]["a"][0])
    request = Request(operation("PUT /holds/{holdId}"), "a", {"holdId": 31}, body={"amount": 6, "goodId": 21})
    play = traced(atlas(), step(request, {}, Changes(updated=(Update("holds", before, after),)), 200), STATE)
    assert play.subject == ("holds", 31)
    assert play.columns == {("amount",): ("holds", "amount"), ("goodId",): ("holds", "good_id")}


def test_a_list_shows_its_rows() -> None:
    answer = {"items": [{"id": 31, "goodId": 21}, {"id": 99}]}
    found = step(Request(operation("GET /holds/{holdId}"), "a", {"holdId": 31}), answer, Changes(), 200)
    shown = traced(atlas(), found, STATE).shown
    assert shown == {("items", 0, "id"): ("holds", "id"), ("items", 0, "goodId"): ("holds", "good_id")}
    assert subject_of(atlas(), found, STATE) == ("holds", 31)


def test_a_key_of_several_columns_is_a_tuple() -> None:
    assert keyed(atlas(), "stock", ROWS["stock"]["a"][0]) == (12, 21)


def test_equal_values_in_other_forms() -> None:
    assert same_value("2030-01-02T10:00:00Z", "2030-01-02 12:00:00+02:00")
    assert same_value("1.50", 1.5) and same_value(" Ann@Example.com", "ann@example.com")
    assert not same_value(True, 1.5) and not same_value(None, 0) and not same_value("2030-01-02T10:00:00Z", "later")
