"""The rule unbounded-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets, values
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_FREE = frozenset((None, "password", "byte", "binary", "email", "uri", "url", "decimal"))


@rule("unbounded-text", family="contract", severity=Severity.WARNING, security=True)
def unbounded_text(contract: Contract) -> Iterator[Flaw]:
    """A text that is sent has no bound.

    Why: Ten megabytes are a valid name; a column or the memory ends first.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {type: string}}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody: {required: true, content: {application/json: {schema: {type: string, maxLength: 200}}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: oneItem
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {id: {type: string, format: uuid}, code: {type: string, pattern: "^[a-z]{2}$"}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: A pattern or a format with a length of its own is a bound, though a pattern may have none.

    Source: OWASP API4:2023. Spectral owasp:api4:2023-string-limit.
    """
    queries = [(p.name, p.schema) for op in contract.operations for p in op.parameters if p.where != "path"]
    named = {each: name for name, schema in queries if schema for each in values([schema])}
    for schema in dict.fromkeys((*contract.request_values, *named)):
        said = facets(schema)
        free = said.max_length is None and said.enum is None and said.pattern is None and said.format in _FREE
        if said.types == {"string"} and free and said.format != "binary" and not said.read_only:
            yield schema.flaw(
                schema.pointer, f"The text {named.get(schema) or _called(schema.tokens)} has no maxLength."
            )


def _called(tokens: tuple[str, ...]) -> str:
    return tokens[-1] if tokens[-1] not in ("schema", "items") else tokens[-2]
