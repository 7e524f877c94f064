"""The rule value-no-longer-taken."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("value-no-longer-taken", family="breaking", severity=Severity.ERROR)
def value_no_longer_taken(change: Change) -> Iterator[Flaw]:
    """A value of a list is no longer taken.

    Why: Clients that send it are refused. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m, l]}}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m]}}}}}
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
            content: {application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m]}}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m, l]}}}}}
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
                application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m, l]}}}}
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
              content: {application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m]}}}}}
    ```

    Precision: Only requests; an answer may have fewer values.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("value-no-longer-taken")
