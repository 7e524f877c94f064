"""The rule value-newly-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("value-newly-answered", family="breaking", severity=Severity.WARNING)
def value_newly_answered(change: Change) -> Iterator[Flaw]:
    """A value is answered that no list had.

    Why: Clients that switch over the values meet one that they do not know. It breaks clients that read.

    Bad:
    ```yaml before/openapi.yaml
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
                application/json: {schema: {type: object, properties: {size: {type: string, enum: [s, m, l]}}}}
    ```

    Good:
    ```yaml before/openapi.yaml
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

    Boundary:
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

    Precision: Only answers. Clients that were told to expect new values are fine, which no contract says.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("value-newly-answered")
