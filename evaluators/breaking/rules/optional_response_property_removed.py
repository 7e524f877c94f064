"""The rule optional-response-property-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("optional-response-property-removed", family="breaking", severity=Severity.WARNING)
def optional_response_property_removed(change: Change) -> Iterator[Flaw]:
    """A property that was sometimes answered is gone.

    Why: Most contracts do not say what is always there: clients may well count on it. It breaks clients that
    read.

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
                application/json: {schema: {type: object, properties: {id: {type: integer}, total: {type: integer}}}}
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
              content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}
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
                application/json: {schema: {type: object, properties: {id: {type: integer}, total: {type: integer}}}}
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
                  schema: {type: object, properties: {id: {type: integer}, pin: {type: string, writeOnly: true}}}
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

    Precision: Clients had to expect that it is missing; so it is a warning.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("optional-response-property-removed")
