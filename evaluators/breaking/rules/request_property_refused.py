"""The rule request-property-refused."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("request-property-refused", family="breaking", severity=Severity.ERROR)
def request_property_refused(change: Change) -> Iterator[Flaw]:
    """A property that was taken is refused.

    Why: The body takes no further properties, so requests with it fail. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string}, color: {type: string}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json:
                schema: {type: object, additionalProperties: false, properties: {name: {type: string}}}
          responses: {"204": {description: Made.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json:
                schema: {type: object, additionalProperties: false, properties: {name: {type: string}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string}, color: {type: string}}
          responses: {"204": {description: Made.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string}, id: {type: string, readOnly: true}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json:
                schema: {type: object, additionalProperties: false, properties: {name: {type: string}}}
          responses: {"204": {description: Made.}}
    ```

    Precision: Read-only properties are not sent. Where the body is open, see request-property-ignored.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("request-property-refused")
