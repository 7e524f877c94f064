"""Reading contracts: hostile text, odd text, places."""

import json
import time

import pytest

from evaluators.contract.document import contract_from, contract_of
from evaluators.contract.source import read
from evaluators.draft import Draft, Subject
from evaluators.finding import Location

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9)
)

UNREADABLE = {
    "empty": ("a.yaml", "", "empty"),
    "blank": ("a.yaml", " \n# nothing\n", "empty"),
    "a list": ("a.yaml", "- a\n", "no mapping"),
    "a text": ("a.yaml", "just words", "no mapping"),
    "an unclosed quote": ("a.yaml", 'a: "b\n', "scanning"),
    "two documents": ("a.yaml", "a: 1\n---\nb: 2\n", "second YAML document"),
    "an alias bomb": ("a.yaml", BOMB, "expands"),
    "an alias of itself": ("a.yaml", "a: &a [*a]", "contains itself"),
    "an unknown alias": ("a.yaml", "a: *b", "unknown"),
    "a python object": ("a.yaml", "a: !!python/object/apply:os.system [x]", "tag"),
    "a tag of its own": ("a.yaml", "a: !include x.yaml", "tag"),
    "a deep list": ("a.yaml", "a: " + "[" * 100_000, "nested deeper"),
    "a deep mapping": ("a.yaml", "{a: " * 1_000, "nested deeper"),
    "a list as key": ("a.yaml", "? [a]\n: b\n", "no plain text"),
    "a NUL": ("a.yaml", "a: \x00", "character"),
    "half a surrogate": ("a.yaml", "a: \ud800", "surrogate"),
    "no JSON": ("a.json", '{"a":\n tru}', "no JSON"),
    "JSON of depth": ("a.json", "[" * 100_000, "nested deeper"),
    "deep JSON": ("a.json", '{"a":' * 500 + "1" + "}" * 500, "nested deeper"),
    "JSON's NaN": ("a.json", '{"a": NaN}', "NaN"),
    "JSON beyond doubles": ("a.json", '{"a": 1e999}', "double"),
    "JSON of 5000 digits": ("a.json", '{"a": ' + "1" * 5000 + "}", "digits"),
    "half a surrogate escaped": ("a.json", '{"a": "\\ud83d"}', "surrogate"),
    "JSON list": ("a.json", "[]", "no mapping"),
}


@pytest.mark.parametrize(("path", "text", "why"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_one_problem(path: str, text: str, why: str) -> None:
    source = read(path, text)
    assert source.data is None
    assert [problem.rule for problem in source.problems] == ["unreadable-contract"]
    if why != "scanning":
        assert why in source.problems[0].message
    assert source.locate(("a", "b")) == Location(path)


READABLE = {
    "an unquoted status": ("200: ok", {"200": "ok"}),
    "YAML 1.1 words": ("on: yes\nno: {off: n}", {"on": "yes", "no": {"off": "n"}}),
    "booleans": ("a: true\nb: False", {"a": True, "b": False}),
    "null": ("a: ~\nb:\nc: null", {"a": None, "b": None, "c": None}),
    "numbers": ("a: 12\nb: -1.5\nc: 0x1F\nd: 1e3", {"a": 12, "b": -1.5, "c": 31, "d": 1000.0}),
    "a date": ("a: 2024-05-01", {"a": "2024-05-01"}),
    "infinity": ("a: .inf\nb: 1e999", {"a": ".inf", "b": "1e999"}),
    "quoted": ("a: '12'\nb: \"true\"", {"a": "12", "b": "true"}),
    "a block": ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    "an alias": ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
    "a merge": ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
    "a byte order mark": ("\ufeffa: 1", {"a": 1}),
    "Windows lines": ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    "JSON in YAML": ('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
    "a tagged text": ("a: !!str 12", {"a": "12"}),
}


@pytest.mark.parametrize(("text", "data"), READABLE.values(), ids=READABLE.keys())
def test_yaml_is_read_by_version_1_2(text: str, data: object) -> None:
    assert read("a.yaml", text).data == data


def test_places_in_yaml() -> None:
    source = read("a.yaml", "a:\n  - x\n  - b: y\n    c: [1,\n      2]\nd: &k {e: 1}\nf: *k\ng: {<<: *k}\n")
    places = {pointer: source.locate(pointer) for pointer in [(), ("a",), ("a", "1", "b"), ("a", "1", "c", "1")]}
    assert [(place.line, place.column) for place in places.values()] == [(1, 1), (1, 1), (3, 5), (5, 7)]
    assert source.locate(("f", "e")).line == 6
    assert source.locate(("g", "e")).line == 6
    assert source.locate(("a", "9", "z")) == source.locate(("a",))


def test_places_in_json() -> None:
    source = read("a.json", '{\n  "a": [1, {"b\\"": "}"}],\n  "c": {"d": []}\n}')
    assert source.data == {"a": [1, {'b"': "}"}], "c": {"d": []}}
    assert source.locate(("a", "1", 'b"')) == Location("a.json", 2, 13)
    assert source.locate(("c", "d")) == Location("a.json", 3, 9)


def test_repeated_keys_name_both_lines() -> None:
    for path, text in (("a.yaml", "a: 1\nb: 2\na: 3\n"), ("a.json", '{"a": 1,\n"b": 2,\n"a": 3}')):
        [problem] = read(path, text).problems
        assert (problem.rule, problem.at.line) == ("repeated-key", 3)
        assert "line 1" in problem.message


def test_ten_megabytes_are_read_in_bounded_time() -> None:
    schema = "    S%d: {type: object, properties: {id: {type: integer}, name: {type: string, maxLength: 80}}}\n"
    body = "".join(schema % number for number in range(20_000))
    text = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n" + body
    started = time.monotonic()
    source = read("openapi.yaml", text)
    assert source.data is not None
    assert source.locate(("components", "schemas", "S19999")).line == 20_005
    assert time.monotonic() - started < 30


def test_a_reference_into_another_file_of_the_draft() -> None:
    draft = Draft.of(
        {
            "api/openapi.yaml": "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n"
            "    get:\n      responses:\n        '200': {$ref: '../shared/r.yaml#/responses/Ok'}\n",
            "shared/r.yaml": "responses:\n  Ok:\n    description: Yes.\n    content:\n      application/json:\n"
            "        schema: {$ref: '#/schemas/S'}\nschemas:\n  S: {type: string}\n",
        }
    )
    contract = contract_of(Subject(draft))
    [response] = contract.operations[0].responses
    assert response.node.path == "shared/r.yaml"
    assert response.media[0].schema is not None
    end = response.media[0].schema.followed()
    assert (end.value, end.at.line) == ({"type": "string"}, 8)
    assert contract.locate("shared/r.yaml#/schemas/S").line == 8


def test_a_reference_never_leaves_the_draft() -> None:
    text = "openapi: 3.1.0\npaths:\n  /a: {$ref: '/etc/passwd'}\n  /b: {$ref: '../../etc/passwd'}\n"
    contract = contract_of(Subject(Draft.of({"openapi.yaml": text})))
    assert [node.target() for node in contract.references] == [None, None]


def test_candidates() -> None:
    text = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n"
    assert contract_of(Subject(Draft.of({"api.yaml": text}))).path == "api.yaml"
    assert contract_of(Subject(Draft.of({"docker-compose.yaml": "services: {openapi: {}}\n"}))).path == ""
    assert contract_of(Subject(Draft())).path == ""
    both = {"openapi.yaml": text, "openapi.json": json.dumps(read("a.yaml", text).data)}
    assert contract_of(Subject(Draft.of(both))).problems == ()
    both["openapi.json"] = both["openapi.json"].replace('"x"', '"y"')
    [problem] = contract_of(Subject(Draft.of(both))).problems
    assert problem.rule == "several-contracts"
    assert "openapi.yaml" in problem.message and "openapi.json" in problem.message


def test_a_served_contract_has_places_too() -> None:
    contract = contract_from({"openapi": "3.1.0", "paths": {"/a": {"get": {"operationId": "a", "responses": {}}}}})
    assert (contract.path, contract.operations[0].id) == ("openapi.json", "a")
    assert contract.operations[0].node.at.line == 5
    assert contract_from(float("nan")).problems[0].rule == "unreadable-contract"
    assert contract_from(object()).problems[0].rule == "unreadable-contract"
