"""The rule response-property-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("response-property-removed", family="breaking", severity=Severity.ERROR)
def response_property_removed(change: Change) -> Iterator[Flaw]:
    """A property that was always answered is gone.

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
                application/json:
                  schema: {type: object, required: [total], properties: {id: {type: integer}, total: {type: integer}}}
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
              content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}
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
              content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}
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
                application/json:
                  schema: {type: object, required: [id], properties: {id: {type: integer}, total: {type: integer}}}
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
                application/json:
                  schema:
                    type: object
                    required: [id]
                    properties: {id: {type: integer}, pin: {type: string, writeOnly: true}}
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
              content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}
    ```

    Precision: Only properties that were required; others are told by optional-response-property-removed. A
    renamed one is told as gone.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("response-property-removed")
