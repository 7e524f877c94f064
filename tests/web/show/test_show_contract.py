"""The contract's view: references followed, circles named, examples made up, bounded."""

from __future__ import annotations

import json
from typing import Any

from evaluators.contract.document import contract_of
from evaluators.draft import Draft, Subject
from tests.web.stories import CONTRACT
from web.show.contract import AT_ONCE, ContractView, contract_view


def view(text: str, tag: str = "", **files: str) -> ContractView:
    """The view of a document."""
    return contract_view(contract_of(Subject(Draft.of({"openapi.yaml": text, **files}))), tag)


def document(**parts: Any) -> str:
    """A document in JSON, which is YAML."""
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}} | parts)


def test_operations_are_grouped_and_lead_to_their_lines() -> None:
    made = view(CONTRACT)
    (tag,) = made.tags
    (operation,) = tag.operations
    assert (tag.name, operation.method, operation.path, operation.file) == ("notes", "GET", "/notes", "openapi.yaml")
    assert CONTRACT.splitlines()[operation.line - 1].strip() in ("get:", "operationId: listNotes")
    assert operation.access == "anybody" and made.schemas[0].name == "Note"


def test_a_schema_in_a_circle_is_named_and_ends() -> None:
    (body,) = view(CONTRACT).tags[0].operations[0].answers[0].bodies
    assert body.shape is not None and body.shape.type == "list of Note"
    fields = view(CONTRACT).schemas[0].shape.fields
    assert [(f.name, f.type, f.required, f.bounds) for f in fields] == [
        ("id", "string (uuid)", True, ()),
        ("replies", "list of Note", False, ("the same again",)),
    ]
    assert body.made_up and "3fa85f64" in body.example


def test_a_chain_of_references_that_bites_itself_ends() -> None:
    schemas = {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
        "C": {"allOf": [{"$ref": "#/components/schemas/C"}, {"properties": {"x": {"type": "string"}}}]},
        "D": {
            "oneOf": [{"$ref": "#/components/schemas/D"}, {"type": "null"}],
            "items": {"$ref": "#/components/schemas/D"},
        },
    }
    made = view(document(components={"schemas": schemas}))
    assert [each.name for each in made.schemas] == ["A", "B", "C", "D"]


def test_wide_and_deep_schemas_are_cut_and_say_so() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(12):
        deep = {"type": "object", "properties": {"in": deep}}
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(400)}}
    made = view(document(components={"schemas": {"Deep": deep, "Wide": wide}}))
    assert [each.shape.cut for each in made.schemas] == [True, True]
    assert max(f.depth for f in made.schemas[0].shape.fields) == 5 and len(made.schemas[1].shape.fields) == 300


def test_a_large_contract_shows_one_tag_at_a_time() -> None:
    paths = {f"/t{n}": {"get": {"tags": [f"tag {n % 3}"], "responses": {}}} for n in range(AT_ONCE + 3)}
    made = view(document(paths=paths), tag="tag-1")
    assert made.shown == "tag-1" and [bool(tag.operations) for tag in made.tags] == [False, True, False]
    assert sum(tag.count for tag in made.tags) == AT_ONCE + 3
    assert view(document(paths=paths), tag="no such").shown == "tag-0"


def test_given_examples_come_before_made_up_ones_and_bounds_are_said() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3}}}
    body = {"content": {"application/json": {"schema": schema, "example": {"n": "<b>"}}}, "required": True}
    made = view(document(paths={"/x": {"post": {"requestBody": body, "responses": {}}}})).tags[0].operations[0]
    assert not made.bodies[0].made_up and "&lt;b&gt;" in made.bodies[0].example and made.body_required
    assert made.bodies[0].shape is not None
    assert made.bodies[0].shape.fields[0].bounds == ("≥ 1", "≤ 9", "default 3")


def test_hostile_words_are_text_and_what_is_broken_is_said() -> None:
    info = {"title": "<script>", "version": "\u202e", "description": "<img onerror=x> [a](javascript:x)"}
    made = view(document(info=info, paths={"/<b>": {"get": {"summary": "a\nb", "responses": {"200": 7}}}}))
    assert "<img" not in made.description and "javascript" not in made.description.replace("(javascript", "")
    assert made.tags[0].operations[0].summary == "a b" and "U+202E" in made.version
    assert view("openapi: [").problems
