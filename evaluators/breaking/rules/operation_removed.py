"""The rule operation-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("operation-removed", family="breaking", severity=Severity.ERROR)
def operation_removed(change: Change) -> Iterator[Flaw]:
    """An operation is gone.

    Why: Whoever calls it gets 404 or 405 from one day to the next. It breaks every client.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
      /orders: {get: {responses: {"204": {description: None.}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
      /orders: {get: {responses: {"204": {description: None.}}}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{itemId}:
        get:
          parameters: [{name: itemId, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}}
    ```

    Precision: The name of a path parameter is nobody's business, so renaming it is fine. A path that moved is
    told as gone: nothing says that the new one is the same.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("operation-removed")
