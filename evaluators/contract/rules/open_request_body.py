"""The rule open-request-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import flattened
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

HABIT = 3
"""Bodies that forbid further properties, for one that allows them to stand out."""


@rule("open-request-body", family="contract", severity=Severity.WARNING, security=True)
def open_request_body(contract: Contract) -> Iterator[Flaw]:
    """A request body accepts properties that it does not name.

    Why: Whatever a stranger adds (`role`, `owner_id`, `balance`) reaches the code, and a misspelt
    optional property is dropped without a word.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content:
              application/json:
                schema: {type: object, properties: {name: {type: string, maxLength: 50}}}
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
          requestBody:
            required: true
            content:
              application/json:
                schema: {type: object, additionalProperties: false, properties: {name: {type: string, maxLength: 50}}}
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
            content: {application/json: {schema: {type: object, additionalProperties: {type: string, maxLength: 20}}}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: Any word on further properties counts, also one that allows them. Answers may have more than they
    say.

    Source: OWASP API3:2023, Broken Object Property Level Authorization (mass assignment).
    """
    closed = [schema for schema in contract.request_values if schema.raw("additionalProperties") is False]
    for schema in contract.request_values:
        parts, _ = flattened(schema)
        opened = schema.raw("additionalProperties") is True and schema.has("properties")
        if opened and len(closed) >= HABIT:
            message = f"{_called(schema.tokens)} accepts properties that it does not name, unlike the others."
            yield schema.flaw(schema.pointer, message, "Say `additionalProperties: false`.")
            continue
        if not any(part.has("properties") for part in parts):
            continue
        if not any(part.has(key) for part in parts for key in ("additionalProperties", "unevaluatedProperties")):
            yield schema.flaw(
                schema.pointer,
                f"{_called(schema.tokens)} accepts properties that it does not name.",
                "Say `additionalProperties: false` (`unevaluatedProperties: false` beside an allOf).",
            )


def _called(tokens: tuple[str, ...]) -> str:
    return tokens[2] if tokens[:2] == ("components", "schemas") and len(tokens) == 3 else "A request body"
