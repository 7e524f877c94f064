"""The rule input-newly-required."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("input-newly-required", family="breaking", severity=Severity.ERROR)
def input_newly_required(change: Change) -> Iterator[Flaw]:
    """Something must now be sent that did not have to be.

    Why: Requests that were fine are refused. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody:
            content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}
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
              application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}
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
            content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}
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
              application/json: {schema: {type: object, properties: {name: {type: string}, color: {type: string}}}}
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
              application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}
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
                  required: [name, id]
                  properties: {name: {type: string}, id: {type: string, readOnly: true}}
          responses: {"204": {description: Made.}}
    ```

    Precision: Properties, parameters and bodies are meant; what is read-only is not sent. Whether the service
    fills in a default is not known.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("input-newly-required")
