"""The rule alternative-newly-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("alternative-newly-answered", family="breaking", severity=Severity.WARNING)
def alternative_newly_answered(change: Change) -> Iterator[Flaw]:
    """An alternative is answered that there was not.

    Why: Clients that choose by kind meet one that they do not know. It breaks clients that read.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: x
              content:
                application/json:
                  schema: {oneOf: [{$ref: "#/components/schemas/Book"}, {$ref: "#/components/schemas/Lamp"}]}
    components:
      schemas:
        Book: {type: object, required: [kbook], properties: {kbook: {type: string}}}
        Lamp: {type: object, required: [klamp], properties: {klamp: {type: string}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: x
              content:
                application/json:
                  schema:
                    oneOf:
                      - {$ref: "#/components/schemas/Book"}
                      - {$ref: "#/components/schemas/Lamp"}
                      - {$ref: "#/components/schemas/Car"}
    components:
      schemas:
        Book: {type: object, required: [kbook], properties: {kbook: {type: string}}}
        Lamp: {type: object, required: [klamp], properties: {klamp: {type: string}}}
        Car: {type: object, required: [kcar], properties: {kcar: {type: string}}}
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
              description: x
              content:
                application/json:
                  schema:
                    oneOf:
                      - {$ref: "#/components/schemas/Book"}
                      - {$ref: "#/components/schemas/Lamp"}
                      - {$ref: "#/components/schemas/Car"}
    components:
      schemas:
        Book: {type: object, required: [kbook], properties: {kbook: {type: string}}}
        Lamp: {type: object, required: [klamp], properties: {klamp: {type: string}}}
        Car: {type: object, required: [kcar], properties: {kcar: {type: string}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: x
              content:
                application/json:
                  schema: {oneOf: [{$ref: "#/components/schemas/Book"}, {$ref: "#/components/schemas/Lamp"}]}
    components:
      schemas:
        Book: {type: object, required: [kbook], properties: {kbook: {type: string}}}
        Lamp: {type: object, required: [klamp], properties: {klamp: {type: string}}}
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
                schema: {oneOf: [{$ref: "#/components/schemas/Book"}, {$ref: "#/components/schemas/Lamp"}]}
          responses: {"204": {description: Made.}}
    components:
      schemas:
        Book: {type: object, required: [kbook], properties: {kbook: {type: string}}}
        Lamp: {type: object, required: [klamp], properties: {klamp: {type: string}}}
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
                  oneOf:
                    - {$ref: "#/components/schemas/Book"}
                    - {$ref: "#/components/schemas/Lamp"}
                    - {$ref: "#/components/schemas/Car"}
          responses: {"204": {description: Made.}}
    components:
      schemas:
        Book: {type: object, required: [kbook], properties: {kbook: {type: string}}}
        Lamp: {type: object, required: [klamp], properties: {klamp: {type: string}}}
        Car: {type: object, required: [kcar], properties: {kcar: {type: string}}}
    ```

    Precision: Alternatives are compared by the name of their component; those written in place are not.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("alternative-newly-answered")
