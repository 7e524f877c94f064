"""Whatever the two states, comparing them ends without an exception, and a state breaks nothing of itself."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import evaluators.breaking.rules
from evaluators.breaking.facts import change_in
from evaluators.draft import Draft
from evaluators.rule import load, rules_of, run_rules

load(evaluators.breaking.rules)

WORDS = [
    *("type", "string", "integer", "object", "array", "null", "properties", "required", "items", "enum", "allOf"),
    *("oneOf", "anyOf", "$ref", "#/components/schemas/A", "#/components/schemas/B", "nullable", "format", "pattern"),
    *("minimum", "maximum", "maxLength", "multipleOf", "default", "readOnly", "writeOnly", "additionalProperties"),
    *("parameters", "name", "in", "query", "path", "requestBody", "content", "application/json", "schema", "responses"),
    *("200", "404", "default", "headers", "security", "deprecated", "x-sunset", "operationId", "style", "explode", "a"),
]
word = st.sampled_from(WORDS)
leaf = st.none() | st.booleans() | st.integers(-9, 99) | word | st.text(max_size=5)
tree = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(word, inner, max_size=5))
quick = settings(max_examples=120, deadline=None, derandomize=True, database=None)


def document(operation: Any, schema: Any) -> str:
    body = {"content": {"application/json": {"schema": schema}}}
    whole = operation if isinstance(operation, dict) else {}
    answers = {"200": {"description": "x", **body}}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "x", "version": "1"},
            "paths": {
                "/a/{id}": {"post": {"requestBody": body, "responses": answers, **whole}},
                "/b": {"get": operation},
            },
            "components": {"schemas": {"A": schema, "B": {"$ref": "#/components/schemas/A"}}},
        }
    )


@quick
@given(tree, tree, tree, tree)
def test_any_two_contracts(before: Any, schema: Any, after: Any, other: Any) -> None:
    files = {"before/openapi.json": document(before, schema), "after/openapi.json": document(after, other)}
    found, crashed = run_rules(rules_of("breaking"), change_in(Draft.of(files)))
    assert crashed == []
    assert all(finding.message and finding.location.path for finding in found)


@quick
@given(tree, tree)
def test_a_contract_breaks_nothing_of_itself(operation: Any, schema: Any) -> None:
    text = document(operation, schema)
    assert change_in(Draft.of({"before/openapi.json": text, "after/openapi.json": text})).differences == ()


@quick
@given(
    st.lists(st.sampled_from(["a int", "a bigint NOT NULL", "b text", "c varchar(9)", "PRIMARY KEY (a)", "UNIQUE (b)"]))
)
def test_any_two_tables(parts: list[str]) -> None:
    sql = f"CREATE TABLE t ({', '.join(parts) or 'a int'});"
    files = {"before/schema.sql": "CREATE TABLE t (a int, b text);", "after/schema.sql": sql}
    _, crashed = run_rules(rules_of("breaking"), change_in(Draft.of(files)))
    assert crashed == []
