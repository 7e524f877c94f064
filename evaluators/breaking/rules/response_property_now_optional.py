"""The rule response-property-now-optional."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("response-property-now-optional", family="breaking", severity=Severity.ERROR)
def response_property_now_optional(change: Change) -> Iterator[Flaw]:
    """A property that was always answered may be missing.

    Why: Clients read it without asking whether it is there. It breaks clients that read.

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
              content:
                application/json: {schema: {type: object, required: [total], properties: {total: {type: integer}}}}
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
              content: {application/json: {schema: {type: object, properties: {total: {type: integer}}}}}
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
              content: {application/json: {schema: {type: object, properties: {total: {type: integer}}}}}
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
                application/json: {schema: {type: object, required: [total], properties: {total: {type: integer}}}}
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
              application/json: {schema: {type: object, required: [total], properties: {total: {type: integer}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {total: {type: integer}}}}}
          responses: {"204": {description: Made.}}
    ```

    Precision: Only answers; in a request it is a relief.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("response-property-now-optional")
