"""Whatever the text, reading and judging a contract gives findings and never an exception."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.contract.document import contract_from, contract_of
from evaluators.contract.lint import findings_of
from evaluators.contract.source import read
from evaluators.draft import Draft, Subject

WORDS = [
    *("openapi", "3.1.0", "3.0.3", "3.2.0", "info", "title", "version", "paths", "/a", "/a/{id}", "get", "post", "put"),
    *("responses", "200", "204", "4XX", "default", "description", "content", "application/json", "schema", "$ref"),
    *("#/components/schemas/A", "#/components/schemas/B", "#", "#/paths", "components", "schemas", "A", "B", "type"),
    *("object", "string", "integer", "array", "null", "properties", "required", "items", "allOf", "oneOf", "anyOf"),
    *("enum", "const", "nullable", "minLength", "maxLength", "minimum", "maximum", "example", "examples", "default"),
    *("parameters", "name", "in", "path", "query", "requestBody", "security", "securitySchemes", "discriminator"),
    *("propertyName", "mapping", "additionalProperties", "pattern", "x-table", "x-column", "password", "tags", "not"),
    *(
        "servers",
        "url",
        "http://x",
        "callbacks",
        "webhooks",
        "links",
        "headers",
        "format",
        "multipleOf",
        "$id",
        "$self",
    ),
]
word = st.sampled_from(WORDS)
leaf = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | word | st.text()
tree = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(word | st.text(), inner, max_size=5),
    max_leaves=40,
)
quick = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def judged(draft: Draft) -> None:
    findings, crashed = findings_of(contract_of(Subject(draft)))
    assert crashed == []
    assert all(finding.location.path for finding in findings)


@quick
@given(st.text() | st.text(alphabet="{}[]:,-&*!|>'\"#%@ \n\tab01?<~").map(lambda text: text))
def test_any_text(text: str) -> None:
    for path in ("openapi.yaml", "openapi.json"):
        source = read(path, text)
        assert (source.data is None) == any(p.rule == "unreadable-contract" for p in source.problems)


@quick
@given(tree)
def test_any_tree_as_a_contract(data: Any) -> None:
    judged(Draft.of({"openapi.json": json.dumps(data)}))


@quick
@given(st.dictionaries(word, tree, max_size=4), st.sampled_from(["3.0.3", "3.1.0", "3.2.0"]), tree)
def test_any_operation_and_schema(operation: dict[str, Any], version: str, schema: Any) -> None:
    document = {
        "openapi": version,
        "info": {"title": "x", "version": "1"},
        "paths": {
            "/a/{id}": {"post": {**operation, "requestBody": {"content": {"application/json": {"schema": schema}}}}}
        },
        "components": {"schemas": {"A": schema, "B": {"$ref": "#/components/schemas/A"}}},
    }
    findings, crashed = findings_of(contract_from(document))
    assert crashed == []
    assert findings_of(contract_from(document)) == (findings, crashed)


LOOPS: dict[str, Any] = {
    "itself": {"A": {"$ref": "#/components/schemas/A"}},
    "a pair": {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
    "an allOf": {"A": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}},
    "a tree": {
        "A": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}}}
    },
    "a chain": {f"S{n}": {"$ref": f"#/components/schemas/S{n + 1}"} for n in range(60)},
    "a map": {"A": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/A"}}},
    "oneOf": {"A": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}},
}


@pytest.mark.parametrize("schemas", LOOPS.values(), ids=LOOPS.keys())
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_recursion_ends(schemas: dict[str, Any], version: str) -> None:
    first = f"#/components/schemas/{next(iter(schemas))}"
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": first}, "example": {"kids": [1]}}}}
    document = {
        "openapi": version,
        "info": {"title": "x", "version": "1"},
        "paths": {
            "/a": {"post": {"operationId": "a", "requestBody": body, "responses": {"204": {"description": "x"}}}}
        },
        "components": {"schemas": schemas},
    }
    _, crashed = findings_of(contract_from(document))
    assert crashed == []
