"""Each change of a schema, both ways: what a request may not do an answer may, and the other way round."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evaluators.breaking.facts import Change, change_in
from evaluators.draft import Draft

Json = dict[str, Any]


def contract(schema: Json, way: str) -> Json:
    body = {"content": {"application/json": {"schema": schema}}}
    operation: Json = {"responses": {"204": {"description": "x"}}}
    if way == "request":
        operation["requestBody"] = body
    else:
        operation["responses"] = {"200": {"description": "x", **body}}
    return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"post": operation}}}


def changed(before: Json, after: Json) -> Change:
    files = {"before/openapi.json": json.dumps(before), "after/openapi.json": json.dumps(after)}
    return change_in(Draft.of(files))


def kinds(before: Json, after: Json, way: str) -> list[str]:
    return [each.kind for each in changed(contract(before, way), contract(after, way)).differences]


def thing(required: str = "", **properties: Any) -> Json:
    return {"type": "object", "properties": properties, "required": required.split()}


TEXT, NUMBER, WHOLE = {"type": "string"}, {"type": "number"}, {"type": "integer"}
MAYBE = {"type": ["string", "null"]}

# before, after, what it breaks in a request, what it breaks in an answer; the way back swaps before and after.
TABLE: dict[str, tuple[Json, Json, list[str], list[str], list[str], list[str]]] = {
    "number to whole": (NUMBER, WHOLE, ["value-type-changed"], [], [], ["value-type-changed"]),
    "text to number": (TEXT, NUMBER, *[["value-type-changed"]] * 4),
    "null taken away": (MAYBE, TEXT, ["null-no-longer-taken"], [], [], ["null-newly-answered"]),
    "a value less": (
        {"type": "string", "enum": ["a", "b"]},
        {"type": "string", "enum": ["a"]},
        *(["value-no-longer-taken"], [], [], ["value-newly-answered"]),
    ),
    "a list of values": (
        TEXT,
        {"type": "string", "enum": ["a"]},
        *(["value-no-longer-taken"], [], [], ["value-newly-answered"]),
    ),
    "a lower maxLength": (
        {"type": "string", "maxLength": 9},
        {"type": "string", "maxLength": 5},
        *(["request-bound-tightened"], [], [], ["response-bound-loosened"]),
    ),
    "a higher minimum": (
        {"type": "integer", "minimum": 1},
        {"type": "integer", "minimum": 5},
        *(["request-bound-tightened"], [], [], ["response-bound-loosened"]),
    ),
    "a new maximum": (
        WHOLE,
        {"type": "integer", "maximum": 5},
        *(["request-bound-added"], [], [], ["response-bound-loosened"]),
    ),
    "a format": (
        TEXT,
        {"type": "string", "format": "uuid"},
        *(["value-format-changed"], [], [], ["value-format-changed"]),
    ),
    "int64 to int32": (
        {"type": "integer", "format": "int64"},
        {"type": "integer", "format": "int32"},
        *(["value-format-changed"], [], [], ["value-format-changed"]),
    ),
    "required": (
        thing(a=TEXT),
        thing("a", a=TEXT),
        *(["input-newly-required"], [], [], ["response-property-now-optional"]),
    ),
    "a property more": (
        thing(a=TEXT),
        thing(a=TEXT, b=TEXT),
        *([], [], ["request-property-ignored"], ["optional-response-property-removed"]),
    ),
    "a required property more": (
        thing("a", a=TEXT),
        thing("a b", a=TEXT, b=TEXT),
        *(["input-newly-required"], [], ["request-property-ignored"], ["response-property-removed"]),
    ),
    "a read-only property more": (
        thing(a=TEXT),
        thing("b", a=TEXT, b={**TEXT, "readOnly": True}),
        *([], [], [], ["response-property-removed"]),
    ),
    "a write-only property more": (
        thing(a=TEXT),
        thing("b", a=TEXT, b={**TEXT, "writeOnly": True}),
        *(["input-newly-required"], [], ["request-property-ignored"], []),
    ),
    "in a list": (
        {"type": "array", "items": NUMBER},
        {"type": "array", "items": WHOLE},
        *(["value-type-changed"], [], [], ["value-type-changed"]),
    ),
    "below a property": (
        thing(a=thing(b=NUMBER)),
        thing(a=thing(b=WHOLE)),
        *(["value-type-changed"], [], [], ["value-type-changed"]),
    ),
    "an allOf said in one": ({"allOf": [thing(a=TEXT)]}, thing(a=TEXT), [], [], [], []),
    "the order of properties": (thing(a=TEXT, b=TEXT), thing(b=TEXT, a=TEXT), [], [], [], []),
    "null said by anyOf": ({"anyOf": [TEXT, {"type": "null"}]}, MAYBE, [], [], [], []),
}


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_both_ways_and_back(row: tuple[Json, Json, list[str], list[str], list[str], list[str]]) -> None:
    before, after, request, response, request_back, response_back = row
    assert kinds(before, after, "request") == request
    assert kinds(before, after, "response") == response
    assert kinds(after, before, "request") == request_back
    assert kinds(after, before, "response") == response_back


def test_a_webhook_is_read_by_those_who_were_clients() -> None:
    def hook(schema: Json) -> Json:
        made = contract(schema, "request")
        return {**made, "paths": {}, "webhooks": made["paths"]}

    assert [d.kind for d in changed(hook(thing(a=TEXT)), hook(thing("a", a=TEXT))).differences] == []
    told = changed(hook(thing("a", a=TEXT)), hook(thing(a=TEXT))).differences
    assert [(d.kind, d.breaks) for d in told] == [("response-property-now-optional", "clients that read")]


def test_a_shared_schema_is_told_once_a_way() -> None:
    def shared(schema: Json) -> Json:
        use = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
        answer = {"responses": {"200": {"description": "x", **use}}}
        paths = {f"/p{n}": {"get": answer} for n in range(9)}
        info = {"title": "x", "version": "1"}
        return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {"A": schema}}}

    told = changed(shared(thing("a", a=TEXT)), shared(thing(a=TEXT))).differences
    assert [(d.kind, d.symbol) for d in told] == [("response-property-now-optional", "A.a")]


def test_recursion_ends() -> None:
    loop = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/A"}, "v": NUMBER}}
    narrow = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/A"}, "v": WHOLE}}
    before, after = (
        contract({"$ref": "#/components/schemas/A"}, "request") | {"components": {"schemas": {"A": each}}}
        for each in (loop, narrow)
    )
    assert [d.symbol for d in changed(before, after).differences] == ["A.v"]


def test_every_kind_has_its_rule() -> None:
    import re
    from pathlib import Path

    import evaluators.breaking
    import evaluators.breaking.rules
    from evaluators.rule import load, rules_of

    load(evaluators.breaking.rules)
    folder = Path(evaluators.breaking.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    known = {rule.id for rule in rules_of("breaking")}
    assert known == {name for name in known if f'"{name}"' in text}
    named = set(re.findall(r'(?:_flaw\(pair, |Difference\(|_told\(|_told\(\s*|kind = )"([a-z-]+)"', text))
    assert named <= known
    assert len(named) > 25


def test_the_same_state_twice_breaks_nothing() -> None:
    from pathlib import Path

    for folder in sorted((Path(__file__).parents[2] / "corpus/contracts/good").iterdir()):
        files = {path.name: path.read_text() for path in folder.iterdir()}
        both = {f"{side}/{name}": text for side in ("before", "after") for name, text in files.items()}
        assert change_in(Draft.of(both)).differences == ()
