"""The rule open-request-body."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened, speaks_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

FORM = "application/x-www-form-urlencoded"
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
      /token:
        post:
          operationId: issueToken
          requestBody:
            required: true
            content:
              application/x-www-form-urlencoded:
                schema:
                  type: object
                  required: [grant_type]
                  properties: {grant_type: {type: string, enum: [client_credentials]}}
          responses: {"200": {description: A token.}, "400": {description: No such grant.}}
    ```

    Precision: Any word on further properties counts, also one that allows them. Answers may have more than they
    say. The form of an OAuth token endpoint (it requires `grant_type`) has to ignore what it does not know.

    Source: OWASP API3:2023, Broken Object Property Level Authorization (mass assignment); RFC 6749, section 3.2.
    """
    grants = set(_grants(contract))
    closed = [schema for schema in contract.request_values if schema.raw("additionalProperties") is False]
    for schema in contract.request_values:
        if not speaks_of(schema, "properties") or schema in grants:
            continue
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


def _grants(contract: Contract) -> Iterator[Node]:
    """The forms by which clients ask for an OAuth token: they require `grant_type`."""
    for media in (each for operation in contract.operations if operation.body for each in operation.body.media):
        if media.schema is not None and media.type.split(";")[0].strip().lower() == FORM:
            parts, _ = flattened(media.schema)
            if any("grant_type" in part.texts("required") for part in parts):
                yield from parts


def _called(tokens: tuple[str, ...]) -> str:
    return tokens[2] if tokens[:2] == ("components", "schemas") and len(tokens) == 3 else "A request body"
