"""Bodies that a contract allows, as JSON, in parts and as XML."""

from __future__ import annotations

import datetime
import json
import re
import struct
import zlib
from email import message_from_bytes
from typing import Any
from xml.etree import ElementTree

from evaluators.contract.document import contract_of
from evaluators.contract.facts import Operation
from evaluators.draft import Draft as Files
from evaluators.draft import Subject
from evaluators.probes.forms import PNG, media_of, raws
from evaluators.service.bodies import Draft, Offer, Rows, drafted
from evaluators.service.encodings import MULTIPART, Upload, in_xml
from evaluators.service.request import Request
from evaluators.service.scalars import Clock


def operation(schema: dict[str, Any], media: str = "application/json", **more: Any) -> Operation:
    content = {media: {"schema": schema, **more}}
    paths = {"/things": {"post": {"requestBody": {"content": content}, "responses": {"200": {"description": "ok"}}}}}
    text = json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths})
    return contract_of(Subject(Files.of({"openapi.json": text}))).operations[0]


def draft(schema: dict[str, Any], rows: Rows = lambda name, given: [], **more: Any) -> Draft:
    media = media_of(operation(schema))
    assert media is not None and media.schema is not None
    return drafted(media.schema, rows, **more)


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def test_a_body_is_whole_and_of_its_own() -> None:
    schema = thing(title={"type": "string"}, count={"type": "integer", "minimum": 3})
    schema["properties"]["note"] = {"type": "string", "maxLength": 12}
    one, other = (draft(schema, unique=unique).body({}) for unique in ("a01", "b02"))
    assert one == {"title": "Example a01", "count": 3, "note": "Example a01"}
    assert one["title"] != other["title"]


def test_what_may_be_left_out_can_be() -> None:
    schema = {"type": "object", "properties": {"note": {"type": "string"}}}
    made = draft(schema)
    assert made.body({("note",): len(made.slots[0].choices) - 1}) == {}


def test_a_pattern_is_kept_and_two_texts_differ() -> None:
    for pattern in (r"^[A-Z0-9]{2,12}$", r"^[a-z0-9-]+$", r"^\d{10}$", r"^[A-Z]{2}\d{4}$"):
        texts = {
            draft(thing(code={"type": "string", "pattern": pattern}), unique=u).body({})["code"] for u in ("a01", "b02")
        }
        assert len(texts) == 2 and all(re.search(pattern, text) for text in texts)


def test_a_place_that_names_a_row_gets_nothing_else() -> None:
    schema = thing(room_id={"type": "integer"}, sku={"type": "string"})

    def rows(name: str, given: object) -> Offer:
        return Offer((7, 8), points="rooms", only=True) if name == "room_id" else Offer(also=("A-1",))

    room, sku = draft(schema, rows).slots
    assert room.choices == [7, 8] and room.points == "rooms"
    assert "A-1" in sku.choices and sku.choices[0] != "A-1"


def test_arrays_have_as_many_elements_as_they_must() -> None:
    items = {"type": "array", "minItems": 2, "items": thing(quantity={"type": "integer"})}
    tags = {"type": "array", "minItems": 2, "items": {"type": "string"}}
    made = draft(thing(items=items, tags=tags)).body({})
    assert len(made["items"]) == 2 and all(each["quantity"] == 1 for each in made["items"])
    assert len(made["tags"]) == len(set(made["tags"])) == 2


def test_each_alternative_has_its_turn() -> None:
    schema = {"oneOf": [thing(card={"type": "string"}), thing(iban={"type": "string"})]}
    assert draft(schema).turns == 2
    assert [list(draft(schema, turn=turn).body({})) for turn in (0, 1)] == [["card"], ["iban"]]


def test_an_end_comes_after_its_start_and_one_time_is_soon() -> None:
    time = {"type": "string", "format": "date-time"}
    first, last = draft(thing(starts_at=time, ends_at=time), clock=Clock(datetime.date(2031, 5, 1))).slots
    assert all(one < other for one, other in zip(first.choices, last.choices, strict=True))
    assert first.choices[1].startswith("2031-05-08")


def test_a_form_of_several_parts_is_read_by_others() -> None:
    schema = thing(title={"type": "string"}, file={"type": "string", "format": "binary"})
    made = operation(schema, MULTIPART)
    media = media_of(made)
    assert media is not None and media.schema is not None
    body = drafted(media.schema, lambda name, given: []).body({})
    assert isinstance(body["file"], Upload)
    request = Request(made, body=body, media=MULTIPART)
    head = f"Content-Type: {request.own_headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + (request.content or b"")).get_payload()
    assert isinstance(parts, list)
    found = {part.get_param("name", header="content-disposition"): part for part in parts}  # type: ignore[union-attr]
    assert found["file"].get_filename() == "example-a1.txt"  # type: ignore[union-attr]
    assert found["title"].get_payload() == "Example a1"  # type: ignore[union-attr]


def test_xml_has_attributes_and_elements_as_the_contract_says() -> None:
    price = thing(sku={"type": "string", "xml": {"attribute": True}}, note={"type": "string"})
    schema = {"xml": {"name": "prices"}, **thing(price={"type": "array", "items": price})}
    media = media_of(operation(schema, "application/xml"))
    assert media is not None and media.schema is not None
    text = in_xml(media.schema, {"price": [{"sku": 'A"<1', "note": "a & b"}, {"sku": "B", "note": ""}]})
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert root.tag == "prices" and [each.get("sku") for each in root] == ['A"<1', "B"]
    assert root[0].findtext("note") == "a & b"


def test_a_body_of_a_type_of_its_own_begins_with_the_contracts_example() -> None:
    media = media_of(operation({"type": "string"}, "text/csv", example="name\nInvoices\n"))
    assert media is not None
    assert raws(media, "a01")[:2] == ["name\nInvoices\n", "name\nExample a01\n"]


def test_the_picture_is_one() -> None:
    assert PNG.startswith(b"\x89PNG\r\n\x1a\n")
    place, found = 8, {}
    while place < len(PNG):
        length, kind = struct.unpack(">I4s", PNG[place : place + 8])
        data = PNG[place + 8 : place + 8 + length]
        assert struct.unpack(">I", PNG[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + data)
        found[kind] = data
        place += 12 + length
    assert zlib.decompress(found[b"IDAT"]) == bytes(4)
