"""The rule request-pattern-changed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("request-pattern-changed", family="breaking", severity=Severity.WARNING)
def request_pattern_changed(change: Change) -> Iterator[Flaw]:
    """What is sent must match another pattern.

    Why: Values that matched before may not match now. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content:
              application/json: {schema: {type: object, properties: {code: {type: string, pattern: "^[a-z]+$"}}}}
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
              application/json: {schema: {type: object, properties: {code: {type: string, pattern: "^[a-z]{3}$"}}}}
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
              application/json: {schema: {type: object, properties: {code: {type: string, pattern: "^[a-z]{3}$"}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}
          responses: {"204": {description: Made.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: The item.
              content:
                application/json: {schema: {type: object, properties: {code: {type: string, pattern: "^[a-z]+$"}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: The item.
              content:
                application/json: {schema: {type: object, properties: {code: {type: string, pattern: "^[a-z]{3}$"}}}}
    ```

    Precision: Patterns are compared as texts: one that takes more is told too.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("request-pattern-changed")
