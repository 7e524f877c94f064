"""A contract in several files is one contract: found, read, judged and bundled, and nothing outside is touched."""

from __future__ import annotations

from pathlib import Path

from evaluators.contract.document import contract_of
from evaluators.contract.lint import findings_of
from evaluators.draft import Draft, Subject
from evaluators.folder import find

ENTRY = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
security: []
paths:
  /items: {$ref: "./paths/items.yaml"}
  /items/{id}: {$ref: "paths/item.yaml#/one"}
components:
  schemas:
    Item: {$ref: components/Item.yaml}
"""
ITEMS = """\
get:
  operationId: listItems
  responses:
    "200":
      description: The items.
      content:
        application/json:
          schema: {type: array, maxItems: 50, items: {$ref: ../components/Item.yaml}}
"""
ONE = """\
one:
  parameters: [{$ref: "../components/shared.json#/parameters/Id"}]
  get:
    operationId: getItem
    responses:
      "200":
        description: The item.
        content: {application/json: {schema: {$ref: ../openapi.yaml#/components/schemas/Item}}}
      "404": {description: None.}
"""
ITEM = """\
type: object
required: [nmae]
properties:
  name: {type: string, maxLength: 80, default: 7}
  parent: {$ref: "#"}
  size: {$ref: "shared.json#/schemas/Size"}
"""
SHARED = """\
{"parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}},
 "schemas": {"Size": {"type": "integr"}, "Unused": {"$ref": "#/nowhere"}}}
"""
FILES = {
    "openapi/openapi.yaml": ENTRY,
    "openapi/paths/items.yaml": ITEMS,
    "openapi/paths/item.yaml": ONE,
    "openapi/components/Item.yaml": ITEM,
    "openapi/components/shared.json": SHARED,
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def test_what_lies_in_other_files_is_judged_there() -> None:
    contract = contract_of(Subject(Draft.of(FILES)))
    assert (contract.path, contract.problems) == ("openapi/openapi.yaml", ())
    assert [operation.symbol for operation in contract.operations] == ["GET /items", "GET /items/{id}"]
    findings, crashed = findings_of(contract)
    assert crashed == []
    told = {(each.rule, str(each.location)) for each in findings}
    assert ("required-property-undefined", "openapi/components/Item.yaml:2:12") in told
    assert ("default-mismatch", "openapi/components/Item.yaml:4:39") in told
    wrong = [str(each.location) for each in findings if each.rule == "invalid-contract"]
    assert wrong == ["openapi/components/shared.json:2:23"]
    assert not {rule for rule, _ in told} & {"unresolved-reference", "several-contracts"}


def test_the_bundle_is_one_document_that_refers_to_itself_only() -> None:
    contract = contract_of(Subject(Draft.of(FILES)))
    assert contract.bundle is not None
    document = contract.bundle.document
    assert document["paths"]["/items"]["get"]["operationId"] == "listItems"
    schemas = document["components"]["schemas"]
    assert schemas["Item"]["properties"]["parent"] == {"$ref": "#/components/schemas/Item"}
    assert schemas["Size"] == {"type": "integr"}
    assert document["components"]["parameters"]["Id"]["in"] == "path"
    assert ".yaml" not in str(document) and ".json" not in str(document)
    node = contract.bundle.node(("paths", "/items/{id}", "get", "responses"))
    assert (node.path, node.at.line) == ("openapi/paths/item.yaml", 5)


def test_a_bundled_copy_beside_its_sources_is_no_second_contract() -> None:
    import json

    contract = contract_of(Subject(Draft.of(FILES)))
    assert contract.bundle is not None
    files = {**FILES, "openapi.json": json.dumps(contract.bundle.document)}
    assert contract_of(Subject(Draft.of(files))).path == "openapi/openapi.yaml"


def test_a_referenced_document_of_its_own_is_no_second_contract() -> None:
    files = {
        "openapi.yaml": 'openapi: 3.1.0\npaths: {/a: {$ref: "sub/openapi.yaml#/paths/~1a"}}\n',
        "sub/openapi.yaml": "openapi: 3.1.0\npaths: {/a: {get: {operationId: a, responses: {}}}}\n",
    }
    contract = contract_of(Subject(Draft.of(files)))
    assert contract.path == "openapi.yaml"
    assert [operation.id for operation in contract.operations] == ["a"]


def test_files_that_refer_to_each_other_end() -> None:
    files = {
        "openapi.yaml": "openapi: 3.1.0\npaths: {/a: {$ref: b.yaml}}\ncomponents: {schemas: {A: {$ref: c.yaml}}}\n",
        "b.yaml": "$ref: d.yaml\n",
        "c.yaml": "$ref: e.yaml\n",
        "d.yaml": "$ref: b.yaml\n",
        "e.yaml": "allOf: [{$ref: c.yaml}, {$ref: openapi.yaml}]\n",
    }
    contract = contract_of(Subject(Draft.of(files)))
    findings, crashed = findings_of(contract)
    assert crashed == []
    assert "unresolved-reference" in {each.rule for each in findings}
    assert contract.bundle is not None


def test_a_single_file_brings_what_it_refers_to(tmp_path: Path) -> None:
    written(tmp_path, FILES)
    found = find(tmp_path / "openapi/openapi.yaml")
    assert {artifact.path for artifact in found.subject.draft} == {path.partition("/")[2] for path in FILES}
    assert len(contract_of(found.subject).operations) == 2


def test_a_folder_brings_what_it_passes_over(tmp_path: Path) -> None:
    files = {
        "openapi.yaml": "openapi: 3.1.0\npaths: {/a: {$ref: vendor/a.yaml}, /b: {$ref: big.json}}\n",
        "vendor/a.yaml": "get: {operationId: a, responses: {}}\n",
        "vendor/other.yaml": "get: {}\n",
        "big.json": '{"get": {"operationId": "b", "responses": {}, "description": "' + "x" * 1_000_001 + '"}}',
    }
    found = find(written(tmp_path, files))
    assert "vendor/other.yaml" not in found.subject.draft.paths
    assert found.left_out == ()
    assert [operation.id for operation in contract_of(found.subject).operations] == ["a", "b"]


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    outside = written(tmp_path / "outside", {"secret.yaml": "get: {operationId: secret}\n"})
    inside = tmp_path / "inside"
    references = ("../outside/secret.yaml", f"{outside}/secret.yaml", "link.yaml", "linked/secret.yaml")
    references += ("file://../outside/secret.yaml", "http://127.0.0.1:1/secret.yaml", "a/../../outside/secret.yaml")
    paths = ", ".join(f"/p{index}: {{$ref: '{each}'}}" for index, each in enumerate(references))
    written(inside, {"openapi.yaml": f"openapi: 3.1.0\npaths: {{{paths}}}\n"})
    (inside / "link.yaml").symlink_to(outside / "secret.yaml")
    (inside / "linked").symlink_to(outside)
    for path in (inside, inside / "openapi.yaml"):
        found = find(path)
        assert found.subject.draft.paths == ("openapi.yaml",)
        assert contract_of(found.subject).operations == ()
