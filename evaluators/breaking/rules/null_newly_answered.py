"""The rule null-newly-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("null-newly-answered", family="breaking", severity=Severity.ERROR)
def null_newly_answered(change: Change) -> Iterator[Flaw]:
    """A value that was never null may be null now.

    Why: Clients without a check for null fail on it. It breaks clients that read.

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
              content: {application/json: {schema: {type: object, properties: {color: {type: string}}}}}
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
              content: {application/json: {schema: {type: object, properties: {color: {type: [string, "null"]}}}}}
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
              content: {application/json: {schema: {type: object, properties: {color: {type: [string, "null"]}}}}}
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
              content: {application/json: {schema: {type: object, properties: {color: {type: string}}}}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {color: {type: string}}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {color: {type: [string, "null"]}}}}}
          responses: {"204": {description: Made.}}
    ```

    Precision: Only answers; a request may take null anew.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("null-newly-answered")
